package org

import "orgit.dk/orgit/schema/plain"

// Payroll is how a payroll system knows an engagement. The number is unique only within
// system and institution, and may come later than the engagement.
type Payroll struct {
	System      string `json:"system"`
	Institution string `json:"institution"`
	Number      string `json:"number"`
}

// Covers says for whom a temp (vikar) works.
type Covers struct {
	Person     string `json:"person"`
	Engagement string `json:"engagement"`
}

// Engagement is a paid job in a unit (ansættelse).
type Engagement struct {
	Key          string   `json:"-"`
	Person       *Person  `json:"-"`
	StatedUUID   UUID     `json:"uuid"` // empty when derived; use UUID
	Unit         string   `json:"unit"`
	Title        string   `json:"title"` // key in Classes.Titles
	DisplayTitle string   `json:"displayTitle"`
	Type         string   `json:"type"`     // key in Classes.EngagementTypes
	Fraction     float64  `json:"fraction"` // of full time; 0 when not stated
	Primary      bool     `json:"primary"`
	Annulled     Day      `json:"annulled"` // set: the engagement never happened
	Payroll      *Payroll `json:"payroll"`
	Covers       *Covers  `json:"covers"`
	Period

	Leaves   Keyed[*Leave]         `json:"leaves"`
	Versions []Version[Engagement] `json:"-"`
}

// UnmarshalPlain reads an engagement as the schema's #Engagement states it.
func (e *Engagement) UnmarshalPlain(d *plain.Decoder, v plain.Value) (err error) {
	type own Engagement
	versions, err := decodeDated(d, v, (*own)(e))
	for _, v := range versions {
		e.Versions = append(e.Versions, Version[Engagement]{v.From, (*Engagement)(v.State)})
	}
	return err
}

func (e *Engagement) setKey(key string) {
	e.Key = key
	for _, v := range e.Versions {
		v.State.setKey(key)
	}
}

func (e *Engagement) bind(p *Person) {
	e.Person = p
	for _, v := range e.Versions {
		v.State.Person = p
	}
}

// At returns what is stated of the engagement on the day, whether or not it holds then.
func (e *Engagement) At(day Day) *Engagement { return versionAt(e, e.Versions, day) }

// ActiveOn reports whether the engagement holds on the day. An annulled one never does.
func (e *Engagement) ActiveOn(day Day) bool { return e.Annulled == "" && e.Contains(day) }

// UUID is the identity of the engagement: its own when stated, else derived from the
// person's. It stays the same when the engagement moves to another unit or title.
func (e *Engagement) UUID() UUID {
	if e.StatedUUID != "" {
		return e.StatedUUID
	}
	return DeriveUUID(e.Person.UUID, "engagements", e.Key)
}

// Path is where the engagement stands in the files.
func (e *Engagement) Path(fields ...string) Path {
	return e.Person.Path(append([]string{"engagements", e.Key}, fields...)...)
}

// Leave is a time away from an engagement (orlov). The reason is never stated.
type Leave struct {
	Key            string `json:"-"`
	ClosesAccounts bool   `json:"closesAccounts"`
	Period
}

func (l *Leave) setKey(key string) { l.Key = key }

// Association is an unpaid tie to a unit (tilknytning): a volunteer, a politician, an
// external consultant.
type Association struct {
	Key        string  `json:"-"`
	Person     *Person `json:"-"`
	StatedUUID UUID    `json:"uuid"` // empty when derived; use UUID
	Unit       string  `json:"unit"`
	Type       string  `json:"type"`    // key in Classes.AssociationTypes
	Title      string  `json:"title"`   // shown as it stands
	Sponsor    string  `json:"sponsor"` // key of the person who answers for an external
	Company    string  `json:"company"`
	Annulled   Day     `json:"annulled"`
	Period

	Versions []Version[Association] `json:"-"`
}

// UnmarshalPlain reads an association as the schema's #Association states it.
func (a *Association) UnmarshalPlain(d *plain.Decoder, v plain.Value) (err error) {
	type own Association
	versions, err := decodeDated(d, v, (*own)(a))
	for _, v := range versions {
		a.Versions = append(a.Versions, Version[Association]{v.From, (*Association)(v.State)})
	}
	return err
}

func (a *Association) setKey(key string) {
	a.Key = key
	for _, v := range a.Versions {
		v.State.setKey(key)
	}
}

func (a *Association) bind(p *Person) {
	a.Person = p
	for _, v := range a.Versions {
		v.State.Person = p
	}
}

// At returns what is stated of the association on the day, whether or not it holds then.
func (a *Association) At(day Day) *Association { return versionAt(a, a.Versions, day) }

// ActiveOn reports whether the association holds on the day.
func (a *Association) ActiveOn(day Day) bool { return a.Annulled == "" && a.Contains(day) }

// UUID is the identity of the association: its own when stated, else derived.
func (a *Association) UUID() UUID {
	if a.StatedUUID != "" {
		return a.StatedUUID
	}
	return DeriveUUID(a.Person.UUID, "associations", a.Key)
}

// Path is where the association stands in the files.
func (a *Association) Path(fields ...string) Path {
	return a.Person.Path(append([]string{"associations", a.Key}, fields...)...)
}

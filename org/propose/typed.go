package propose

import (
	"errors"

	"orgit.dk/orgit/org"
)

// Kind is what a typed change does, as commands and trailers call it.
type Kind string

// The kinds of typed changes.
const (
	DoHire        Kind = "hire"
	DoLeave       Kind = "leave"
	DoExtend      Kind = "extend"
	DoAnnul       Kind = "annul"
	DoMove        Kind = "move"
	DoTitle       Kind = "title"
	DoFraction    Kind = "fraction"
	DoType        Kind = "type"
	DoNumber      Kind = "number" // how payroll knows an engagement
	DoAbsence     Kind = "absence"
	DoReturn      Kind = "return"
	DoName        Kind = "name"
	DoContact     Kind = "contact"
	DoShield      Kind = "shield" // an address becomes protected
	DoCreateUnit  Kind = "create-unit"
	DoRenameUnit  Kind = "rename-unit"
	DoMoveUnit    Kind = "move-unit"
	DoCloseUnit   Kind = "close-unit"
	DoMergeUnits  Kind = "merge-units"
	DoSplitUnit   Kind = "split-unit"
	DoUnitContact Kind = "unit-contact"
	DoAppoint     Kind = "appoint"
	DoActing      Kind = "acting"
	DoVacate      Kind = "vacate"
)

// Change is one proposed change as data: what an Editor method is called with. Its JSON form holds keys, UUIDs and days alone,
// so that it can stand in a commit's trailer; texts that may name somebody (Texts) are no part of it, and are read back from
// the files of the commit with WithTexts.
type Change struct {
	V  int  `json:"v"` // 1; 0 of a change that was not carried out yet
	Do Kind `json:"do"`

	Person     string   `json:"person,omitempty"`
	Engagement string   `json:"engagement,omitempty"` // that of a hire is made
	New        org.UUID `json:"new,omitempty"`        // of the person or unit that is made
	Unit       string   `json:"unit,omitempty"`
	Units      []string `json:"units,omitempty"` // those that are merged
	Key        string   `json:"key,omitempty"`   // of the unit that is made
	Parent     string   `json:"parent,omitempty"`
	Successor  string   `json:"successor,omitempty"`
	People     []Of     `json:"people,omitempty"` // those who go along when a unit is split

	Title          string   `json:"title,omitempty"`
	Type           string   `json:"type,omitempty"`
	Role           string   `json:"role,omitempty"`
	Fraction       float64  `json:"fraction,omitempty"`
	Primary        bool     `json:"primary,omitempty"`
	ClosesAccounts bool     `json:"closesAccounts,omitempty"`
	LoginByRule    bool     `json:"loginByRule,omitempty"` // the rules made the login name, and may make another one
	Roles          []string `json:"roles,omitempty"`       // of the addresses that change

	From    org.Day `json:"from,omitempty"`
	Until   org.Day `json:"until,omitempty"`
	Last    org.Day `json:"last,omitempty"` // the last day of an engagement or unit that ends
	Open    bool    `json:"open,omitempty"` // an engagement that is extended has no end any more
	Correct bool    `json:"correct,omitempty"`

	Texts `json:"-"`
}

// Texts are what a change says that is no key.
type Texts struct {
	Name      org.Name
	Login     string
	System    string // of the account that has the login name; empty: ad
	NoAccount bool   // whoever is hired gets none
	Shielded  bool   // somebody new has a protected address
	Payroll   org.Payroll
	UnitName  string
	Codes     map[string]string // what payroll systems call a unit that is made
	Addresses map[string]string // by role; empty: taken away
}

func (c Change) of() Of     { return Of{c.Person, c.Engagement} }
func (c Change) when() When { return When{From: c.From, Correct: c.Correct} }

// Do carries a change out. It gives the change with all that was decided on the way: the engagement that was meant, keys and
// UUIDs of what is new, the day where none was given. Given again to the same files it makes the same edits.
func (e *Editor) Do(c Change) (Change, error) {
	if err := e.ask(c); err != nil {
		return c, err
	}
	c.V = 1
	if err := e.decide(&c); err != nil {
		return c, err
	}
	var err error
	switch c.Do {
	case DoHire:
		c.Person, err = e.Hire(c.hire())
	case DoName:
		err = e.Name(c.Person, c.Name, c.when())
	case DoContact:
		err = e.Contact(c.Person, c.Addresses, c.when())
	case DoShield:
		err = e.Shield(c.Person)
	case DoLeave, DoExtend, DoAnnul, DoMove, DoTitle, DoFraction, DoType, DoNumber, DoAbsence, DoReturn:
		err = e.onEngagement(c)
	case DoAppoint, DoActing, DoVacate:
		err = e.onLeader(c)
	default:
		err = e.onUnit(c)
	}
	return c, err
}

func (c Change) hire() Hire {
	h := Hire{Person: c.Person, Name: c.Name, Login: c.Login, System: c.System, Shielded: c.Shielded, Job: Job{
		Key: c.Engagement, Unit: c.Unit, Title: c.Title, Type: c.Type, Fraction: c.Fraction, From: c.From, To: c.Until, Primary: c.Primary,
		Payroll: c.Payroll,
	}}
	if c.New != "" {
		h.Person, h.New = "", Identity{Key: c.Person, UUID: c.New}
	}
	return h
}

func (e *Editor) onEngagement(c Change) error {
	switch c.Do {
	case DoLeave:
		return e.Leave(c.of(), c.Last)
	case DoExtend:
		if c.Until == "" && !c.Open {
			return refuse("say until which day (--until), or that there is no end any more (--open)")
		}
		return e.Extend(c.of(), c.Until)
	case DoAnnul:
		return e.Annul(c.of(), c.From)
	case DoMove:
		return e.Move(c.of(), c.Unit, c.when())
	case DoTitle:
		return e.Title(c.of(), c.Title, c.when())
	case DoFraction:
		return e.Fraction(c.of(), c.Fraction, c.when())
	case DoType:
		return e.Type(c.of(), c.Type, c.when())
	case DoNumber:
		return e.Number(c.of(), c.Payroll)
	case DoAbsence:
		return e.Absence(c.of(), Absence{From: c.From, To: c.Until, ClosesAccounts: c.ClosesAccounts})
	}
	return e.Return(c.of(), c.From)
}

func (e *Editor) onLeader(c Change) error {
	l := Leader{Unit: c.Unit, Person: c.Person, Role: c.Role, From: c.From, To: c.Until}
	switch c.Do {
	case DoAppoint:
		return e.Appoint(l)
	case DoActing:
		return e.Acting(l)
	}
	return e.Vacate(c.Unit, c.From)
}

func (e *Editor) onUnit(c Change) error {
	made := NewUnit{Key: c.Key, UUID: c.New, Name: c.UnitName, Parent: c.Parent, Type: c.Type, From: c.From, Codes: c.Codes}
	switch c.Do {
	case DoCreateUnit:
		return e.CreateUnit(made)
	case DoRenameUnit:
		return e.RenameUnit(c.Unit, c.UnitName, c.when())
	case DoMoveUnit:
		return e.MoveUnit(c.Unit, c.Parent, c.when())
	case DoCloseUnit:
		return e.CloseUnit(c.Unit, c.Last, c.Successor)
	case DoMergeUnits:
		return e.MergeUnits(c.Units, c.Unit, c.From)
	case DoSplitUnit:
		return e.SplitUnit(c.Unit, made, c.People)
	case DoUnitContact:
		return e.UnitContact(c.Unit, c.Addresses, c.when())
	}
	return errors.New("there is no change of the kind " + string(c.Do))
}

package org

import "orgit.dk/orgit/schema/plain"

// Unit is a unit of the organisation (enhed): a department, an institution, a team.
type Unit struct {
	Key       string            `json:"-"`
	UUID      UUID              `json:"uuid"`
	Name      string            `json:"name"`
	ShortName string            `json:"shortName"`
	Parent    string            `json:"parent"`  // key of the unit above in the main hierarchy; empty at its root
	Parents   map[string]string `json:"parents"` // key of the unit above, by the key of a further hierarchy
	Type      string            `json:"type"`    // key in Classes.UnitTypes
	LegalForm string            `json:"legalForm"`
	Successor string            `json:"successor"` // where those who work here on the last day work the day after
	Period

	Sources      map[string][]string `json:"sources"`   // the codes that payroll systems have for the unit, by system
	Numbers      Values              `json:"numbers"`   // p, ean, se, cvr, losShortName, losID, dtrID, foa, sor
	Addresses    Values              `json:"addresses"` // by role: phone, email, post, visit …
	Internal     []string            `json:"internal"`  // roles of addresses that are not shown to the public
	KLE          Tasks               `json:"kle"`       // KLE numbers by aspect
	PayoutUnit   Ref                 `json:"payoutUnit"`
	ContactUnits Keys                `json:"contactUnits"` // where citizens turn to about the unit
	ContactTasks Keys                `json:"contactTasks"` // KLE numbers about which citizens turn to the unit
	Systems      Keys                `json:"systems"`      // the IT systems that it uses
	Related      []string            `json:"related"`
	Managers     Keyed[*Manager]     `json:"managers"`

	Versions []Version[Unit] `json:"-"` // what the amendments make of the unit; Managers are those of the unit itself
}

// UnmarshalPlain reads a unit as the schema's #Unit states it.
func (u *Unit) UnmarshalPlain(d *plain.Decoder, v plain.Value) (err error) {
	type own Unit
	versions, err := decodeDated(d, v, (*own)(u))
	for _, v := range versions {
		u.Versions = append(u.Versions, Version[Unit]{v.From, (*Unit)(v.State)})
	}
	return err
}

func (u *Unit) setKey(key string) {
	u.Key = key
	for _, v := range u.Versions {
		v.State.setKey(key)
	}
	for _, m := range u.Managers {
		m.bind(u)
	}
}

// At returns what the unit states on the day, whether or not it exists then.
func (u *Unit) At(day Day) *Unit { return versionAt(u, u.Versions, day) }

// Path is where the unit stands in the files.
func (u *Unit) Path(fields ...string) Path { return PathOf("units", u.Key, fields...) }

// Manager is somebody's leadership of a unit (leder), or the statement that the post is
// vacant.
type Manager struct {
	Key              string   `json:"-"`
	Unit             *Unit    `json:"-"`
	Person           string   `json:"person"` // key; empty when Vacant
	Vacant           bool     `json:"vacant"`
	Role             string   `json:"role"` // key in Classes.ManagerRoles
	Responsibilities []string `json:"responsibilities"`
	Period

	Versions []Version[Manager] `json:"-"`
}

// UnmarshalPlain reads a manager as the schema's #Manager states it.
func (m *Manager) UnmarshalPlain(d *plain.Decoder, v plain.Value) (err error) {
	type own Manager
	versions, err := decodeDated(d, v, (*own)(m))
	for _, v := range versions {
		m.Versions = append(m.Versions, Version[Manager]{v.From, (*Manager)(v.State)})
	}
	return err
}

func (m *Manager) setKey(key string) {
	m.Key = key
	for _, v := range m.Versions {
		v.State.setKey(key)
	}
}

func (m *Manager) bind(u *Unit) {
	m.Unit = u
	for _, v := range m.Versions {
		v.State.Unit = u
	}
}

// At returns what is stated of the leadership on the day, whether or not it holds then.
func (m *Manager) At(day Day) *Manager { return versionAt(m, m.Versions, day) }

// UUID is the identity of the leadership, derived from its unit's.
func (m *Manager) UUID() UUID { return DeriveUUID(m.Unit.UUID, "managers", m.Key) }

// Path is where the leadership stands in the files.
func (m *Manager) Path(fields ...string) Path {
	return PathOf("units", m.Unit.Key, append([]string{"managers", m.Key}, fields...)...)
}

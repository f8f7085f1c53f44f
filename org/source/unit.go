package source

import "orgit.dk/orgit/org"

// Unit is a unit as a register knows it.
type Unit struct {
	ID     string   // the register's own identifier, unique among its units
	UUID   org.UUID // the identity that the register, or a system behind it, has for it; empty when none
	Origin Origin
	// Successor is the ID of the unit in which those work the day after who worked here on the last day; empty where
	// the register does not say.
	Successor string
	States    []UnitState // in order of From, without overlap; gaps are times in which it does not exist
}

// UnitState is what a register says of a unit in a period.
type UnitState struct {
	org.Period
	Origin    Origin // where it differs from the unit's
	Name      string
	ShortName string
	Code      string            // what people know it by: department code, cost centre's number
	Parent    string            // ID of the unit above; empty at a root, and where the register does not say
	Type      string            // ID of a class of kind unitType, or the text as it stands
	Level     string            // the register's own name of its level, such as "NY3-niveau"
	Numbers   map[string]string // by what the schema calls them: p, ean, se, cvr, sor …
	Addresses map[string]string // by role, as in the schema: phone, email, post, visit …
	Tasks     map[string][]string
	Related   []string // IDs of units that the register ties to it
	Hidden    []string // roles of addresses that are not shown to the public
}

// Leadership is somebody's leadership of a unit, or a vacancy.
type Leadership struct {
	ID     string
	UUID   org.UUID
	Origin Origin
	States []LeadershipState
}

// LeadershipState is what a register says of a leadership in a period.
type LeadershipState struct {
	org.Period
	Origin           Origin
	Unit             string
	Person           string // ID of the person; empty when vacant
	Engagement       string // ID of the engagement by which they lead; empty where it is not said
	Role             string // ID of a class of kind managerRole, or the text as it stands
	Level            string
	Responsibilities []string
}

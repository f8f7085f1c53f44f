package org

// Assignment gives a job-function role or a role group to a person or to a unit
// (tildeling), or takes it away whatever else gives it (Deny).
//
// To a unit, it reaches everybody who has an engagement there, and with Below in the units
// below. Titles narrow that to engagements with one of these titles; Functions to
// associations of one of these types, which it would not reach else; both to either.
// Leaders narrows it to those who lead a unit that it reaches, wherever they work.
//
// An assignment to a unit that has closed reaches nobody: it does not go over to the
// successor, where it would reach others too.
type Assignment struct {
	Key       string              `json:"-"`
	Job       JobRef              `json:"job"`    // empty where Group is stated
	Group     string              `json:"group"`  // key of a role group
	Person    string              `json:"person"` // key; empty where Unit is stated
	Post      string              `json:"post"`   // key of the person's engagement or association that it is tied to
	Unit      string              `json:"unit"`
	Below     bool                `json:"below"`
	Titles    []string            `json:"titles"`    // keys in Classes.Titles
	Functions []string            `json:"functions"` // keys in Classes.AssociationTypes
	Leaders   bool                `json:"leaders"`
	Except    AssignmentExcept    `json:"except"`
	Deny      bool                `json:"deny"`
	Values    map[string][]string `json:"values"` // of postponed constraints, by system/constraint
	Case      string              `json:"case"`   // number of the case (sagsnummer)
	Reason    string              `json:"reason"`
	Period
}

// AssignmentExcept is whom an assignment to a unit does not reach. What it leaves out may
// still be given by another assignment.
type AssignmentExcept struct {
	People []string `json:"people"`
	Titles []string `json:"titles"`
	Units  []string `json:"units"` // with everything below them
}

func (a *Assignment) setKey(key string) { a.Key = key }

// Path is where the assignment stands in the files.
func (a *Assignment) Path(fields ...string) Path { return PathOf("assignments", a.Key, fields...) }

// Conflict is two sets of jobs that nobody may hold together (funktionsadskillelse,
// segregation of duties).
type Conflict struct {
	Key        string                    `json:"-"`
	Name       string                    `json:"name"`
	One        []JobRef                  `json:"one"`
	Other      []JobRef                  `json:"other"`
	Reason     string                    `json:"reason"`
	Exceptions Keyed[*ConflictException] `json:"exceptions"`
	Period
}

func (c *Conflict) setKey(key string) {
	c.Key = key
	for _, e := range c.Exceptions {
		e.Conflict = c
	}
}

// Path is where the conflict stands in the files.
func (c *Conflict) Path(fields ...string) Path { return PathOf("conflicts", c.Key, fields...) }

// ExceptionFor returns an exception of the conflict for the person on the day, or nil.
func (c *Conflict) ExceptionFor(person string, day Day) *ConflictException {
	for _, e := range c.Exceptions {
		if e.Person == person && e.Contains(day) {
			return e
		}
	}
	return nil
}

// ConflictException lets one person hold both sides of a conflict for a time.
type ConflictException struct {
	Key        string    `json:"-"`
	Conflict   *Conflict `json:"-"`
	Person     string    `json:"person"`
	Reason     string    `json:"reason"`
	ApprovedBy string    `json:"approvedBy"` // key of the person who approved it
	Period
}

func (e *ConflictException) setKey(key string) { e.Key = key }

// Path is where the exception stands in the files.
func (e *ConflictException) Path(fields ...string) Path {
	return e.Conflict.Path(append([]string{"exceptions", e.Key}, fields...)...)
}

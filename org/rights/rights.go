package rights

import (
	"orgit.dk/orgit/org"
)

// Rights are everybody's rights on one day.
type Rights struct {
	Day org.Day
	// Holders are those whom an assignment names or reaches, in key order, also where it
	// excepts them or all of it is taken away again.
	Holders []*Holder

	of map[string]*Holder
}

// Of returns the rights of a person, or nil when no assignment reaches them.
func (r *Rights) Of(person string) *Holder { return r.of[person] }

// Holder is somebody with what they hold.
type Holder struct {
	Person   *org.StaffView
	Jobs     []*Held    // in order of system and key
	Denied   []*Denial  // the same
	Excepted []Exempted // in order of assignment
}

// Job returns what the person holds of a job, or nil.
func (h *Holder) Job(ref org.JobRef) *Held {
	for _, held := range h.Jobs {
		if held.Job.Ref() == ref {
			return held
		}
	}
	return nil
}

// Held is a job that somebody holds.
type Held struct {
	Job     *org.Job // as it is stated on the day
	Roles   []Role   // in key order
	Reasons []Reason // at least one, in order of assignment, unit and post
}

// Role is a system role that a job gives.
type Role struct {
	*org.SystemRole
	Outweighed  bool         // not effective: another job gives a heavier one in the same system
	Constraints []Constraint // in key order; none: it is not narrowed
}

// Constraint is what a role is narrowed to.
type Constraint struct {
	*org.Constraint
	Values []string // sorted, not to be changed; empty: no data at all
}

// Reason is why somebody holds a job, or does not: an assignment with the way in which it
// reaches them. Each part has a path in the files.
type Reason struct {
	Assignment *org.Assignment
	Group      *org.RoleGroup // nil when the assignment names the job itself
	Unit       *org.UnitView  // in which it reaches them; nil when it names the person
	Post       *org.Post      // nil when it is their leadership that it reaches
	Leadership *org.Manager   // nil when it is a post
}

// Denial is a job that somebody would hold if it were not taken away.
type Denial struct {
	Job     *org.Job
	Reasons []Reason // why they would hold it
	By      []Reason // what takes it away
}

// Exempted is an assignment that would reach somebody and excepts them.
type Exempted struct {
	Reason
	Path org.Path // of what excepts them
}

// inheritsFrom is the unit whose values a constraint takes over; nil when there is none.
func (r Reason) inheritsFrom() *org.UnitView {
	if r.Unit == nil && r.Post != nil {
		return r.Post.Unit
	}
	return r.Unit
}

package rights

import "orgit.dk/orgit/org"

// job is a job as it is stated on the day, with what it refers to.
type job struct {
	*org.Job
	place       int // in the order of systems and keys
	roles       []jobRole
	constraints int // of all roles together
}

type jobRole struct {
	of     *org.SystemRole
	narrow []narrowing
}

// narrowing is a constraint with what it is narrowed to.
type narrowing struct {
	of    *org.Constraint
	value *org.ConstraintValue
}

// jobsOf gives the jobs by what they state on the day. What they name and their system does
// not have is left out: the check refuses it.
func jobsOf(o *org.Organisation, day org.Day) map[*org.Job]*job {
	known := map[*org.Job]*job{}
	for _, s := range o.Systems {
		for _, stated := range s.Jobs {
			j := &job{Job: stated.At(day), place: len(known)}
			for _, r := range j.Roles {
				if of := s.Role(r.Key); of != nil {
					role := jobRole{of, narrowings(s, r)}
					j.roles = append(j.roles, role)
					j.constraints += len(role.narrow)
				}
			}
			known[j.Job] = j
		}
	}
	return known
}

func narrowings(s *org.System, r *org.JobRole) []narrowing {
	var list []narrowing
	for _, v := range r.Constraints {
		if c := s.Constraint(v.Key); c != nil {
			list = append(list, narrowing{c, v})
		}
	}
	return list
}

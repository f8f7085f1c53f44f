package synthetic

import "slices"

// Clone is a copy of the town in which anything may be changed without a change of the first one.
func (t *Town) Clone() *Town {
	other := &Town{Day: t.Day, Units: slices.Clone(t.Units), People: slices.Clone(t.People)}
	for i := range other.People {
		p := &other.People[i]
		p.Jobs = slices.Clone(p.Jobs)
		if p.Account != nil {
			account := *p.Account
			p.Account = &account
		}
	}
	return other
}

// Manager is the nearest leader above a person who has an account, by index; -1 where there is none. It is
// whom a directory calls somebody's manager.
func (t *Town) Manager(i int) int {
	for at := t.People[i].Jobs[0].Unit; at >= 0; at = t.Units[at].Parent {
		if leader := t.Units[at].Leader; leader >= 0 && leader != i && t.People[leader].Account != nil {
			return leader
		}
	}
	return -1
}

package intake

import (
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/org/source"
)

// leaders are the units that the register names another leader of than the files.
func (n *night) leaders() {
	if !n.owns["manager"] || !n.x.Says.Leaders {
		return
	}
	for _, l := range n.x.Leaders {
		s, ok := source.On(l.States, n.opts.Today)
		if !ok || s.Person == "" {
			continue
		}
		key := n.unit(s.Unit, n.opts.Today)
		if key == "" {
			continue // its unit is a question already where somebody works there
		}
		person := n.personOf[s.Person]
		if person == "" {
			n.ask(AskLeader, [2]string{"units", key}, l.Origin, n.unitWords(s.Unit), "")
			continue
		}
		u := n.view.Unit(key)
		if m := n.view.Manager(u); m != nil && m.Person == person || u == nil {
			continue
		}
		if n.leads(u, person) {
			continue // beside another one
		}
		from := s.From
		if from == "" || n.clashes(n.org.Unit(key), from) {
			from = n.opts.Today
		}
		n.out.Proposals = append(n.out.Proposals, Proposal{Origin: l.Origin, Changes: []propose.Change{{Do: propose.DoAppoint, Unit: key, Person: person, From: from}}})
	}
}

func (n *night) leads(u *org.UnitView, person string) bool {
	for _, m := range u.Managers {
		if m.Person == person {
			return true
		}
	}
	return false
}

// clashes reports whether somebody was appointed on the day or after it: what the files say of
// that time stays.
func (n *night) clashes(u *org.Unit, from org.Day) bool {
	for _, m := range u.Managers {
		if m.From >= from {
			return true
		}
	}
	return false
}

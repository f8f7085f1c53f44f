package intake

import (
	"maps"
	"slices"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/schema"
)

// somebody says what the register says otherwise of one person.
func (n *night) somebody(i int) error {
	p, who := n.x.People[i], n.persons[i]
	if who == nil {
		return n.newcomer(p)
	}
	var changes []propose.Change
	s, _ := source.Near(p.States, n.opts.Today)
	for _, part := range []func(source.Person, source.PersonState, *org.Person) ([]propose.Change, error){n.named, n.shielding, n.contact, n.jobs} {
		more, err := part(p, s, who)
		if err != nil {
			return err
		}
		changes = append(changes, more...)
	}
	if len(changes) > 0 {
		n.out.Proposals = append(n.out.Proposals, Proposal{Changes: changes, Origin: p.Origin})
	}
	return nil
}

// newcomer hires somebody whom the files do not know. Where somebody of that name is there
// without an engagement from this register, people have to say whether it is the same person:
// HR may have been quicker than payroll.
func (n *night) newcomer(p source.Person) error {
	s, ok := source.Near(p.States, n.opts.Today)
	var jobs []source.Engagement
	for _, e := range p.Engagements {
		if whole := source.Whole(e.States); !e.Annulled && !e.EndsOnly() && len(e.States) > 0 && !whole.Ended(n.opts.Today) {
			jobs = append(jobs, e)
		}
	}
	if !ok || len(jobs) == 0 || !n.owns["hire"] {
		return nil
	}
	if schema.IsMasked(s.Given + " " + s.Surname) {
		n.ask(AskMasked, [2]string{}, p.Origin, jobs[0].Number, "")
		return nil
	}
	if same := n.sameName(s); len(same) > 0 {
		for _, q := range same {
			n.ask(AskSame, [2]string{"people", q.Key}, p.Origin, jobs[0].Number, q.Key)
		}
		return nil
	}
	key, uuid := n.newIdentity(p)
	var changes []propose.Change
	for _, e := range jobs {
		c, ok := n.hire(e, key)
		if !ok {
			continue
		}
		if len(changes) == 0 {
			c.New, c.Name, c.Shielded = uuid, org.Name{Given: oneLine(s.Given), Surname: oneLine(s.Surname)}, s.Shielded
		}
		changes = append(changes, c)
	}
	if len(changes) == 0 {
		return nil
	}
	if p.CPR != (cpr.Number{}) {
		n.out.Numbers[uuid] = p.CPR
	}
	n.personOf[p.ID] = key
	n.out.Proposals = append(n.out.Proposals, Proposal{Changes: changes, Origin: p.Origin})
	return nil
}

// named is the change of somebody's name, where the register owns it.
func (n *night) named(p source.Person, s source.PersonState, who *org.Person) ([]propose.Change, error) {
	at := who.At(n.opts.Today).Name
	name := org.Name{Given: oneLine(s.Given), Surname: oneLine(s.Surname), Called: at.Called}
	if !n.owns["name"] || name.Given == "" || name.Surname == "" || name == at {
		return nil, nil
	}
	if schema.IsMasked(name.Given + " " + name.Surname) {
		n.ask(AskMasked, [2]string{"people", who.Key}, p.Origin, "", "")
		return nil, nil
	}
	from := s.From
	if from == "" {
		from = n.opts.Today
	}
	c := propose.Change{Do: propose.DoName, Person: who.Key, From: from, Texts: propose.Texts{Name: name}}
	byHand, err := n.byHand("people", who.Key, "name")
	if err != nil {
		return nil, err
	}
	if byHand {
		n.ask(AskByHand, [2]string{"people", who.Key}, p.Origin, name.Given+" "+name.Surname, at.Given+" "+at.Surname, c)
		return nil, nil
	}
	return []propose.Change{c}, nil
}

// shielding protects an address as soon as any register says so. That it is protected no
// longer is for people to say.
func (n *night) shielding(p source.Person, s source.PersonState, who *org.Person) ([]propose.Change, error) {
	switch at := who.At(n.opts.Today); {
	case s.Shielded && !at.Shielded:
		return []propose.Change{{Do: propose.DoShield, Person: who.Key}}, nil
	case !s.Shielded && at.Shielded && n.owns["shielded"]:
		n.ask(AskShielded, [2]string{"people", who.Key}, p.Origin, "", "")
	}
	return nil, nil
}

// contact is the change of somebody's addresses at work. What the register does not say stays.
func (n *night) contact(p source.Person, s source.PersonState, who *org.Person) ([]propose.Change, error) {
	at, changed := who.At(n.opts.Today), map[string]string{}
	if !n.owns["contact"] || s.Shielded || at.Shielded {
		return nil, nil
	}
	for _, role := range slices.Sorted(maps.Keys(s.Addresses)) {
		if value := s.Addresses[role]; value != "" && value != at.Addresses[role] {
			byHand, err := n.byHand("people", who.Key, "addresses", role)
			if err != nil {
				return nil, err
			}
			if byHand {
				n.ask(AskByHand, [2]string{"people", who.Key}, p.Origin, value, at.Addresses[role],
					propose.Change{Do: propose.DoContact, Person: who.Key, From: n.opts.Today, Texts: propose.Texts{Addresses: map[string]string{role: value}}})
				continue
			}
			changed[role] = value
		}
	}
	if len(changed) == 0 {
		return nil, nil
	}
	return []propose.Change{{Do: propose.DoContact, Person: who.Key, From: n.opts.Today, Texts: propose.Texts{Addresses: changed}}}, nil
}

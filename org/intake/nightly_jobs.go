package intake

import (
	"cmp"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/org/source"
)

// near is how many days payroll's first day may differ from the one that HR stated, for an
// engagement without a number to be the one that payroll has got now.
const near = 31

// jobs is what the register says otherwise of somebody's engagements.
func (n *night) jobs(p source.Person, _ source.PersonState, who *org.Person) ([]propose.Change, error) {
	var changes []propose.Change
	for _, e := range p.Engagements {
		if len(e.States) == 0 && !e.Annulled {
			continue
		}
		known := n.byNumber[[2]string{e.Institution, e.Number}]
		if known == nil {
			more := n.unknownJob(e, who)
			changes = append(changes, more...)
			continue
		}
		n.seen[known] = true
		more, err := n.job(e, known)
		if err != nil {
			return nil, err
		}
		changes = append(changes, more...)
	}
	return changes, nil
}

// unknownJob is an engagement that the files do not know by its number: one that HR has stated
// before payroll knew it, or a new one.
func (n *night) unknownJob(e source.Engagement, who *org.Person) []propose.Change {
	whole := source.Whole(e.States)
	if e.Annulled || e.EndsOnly() || whole.Ended(n.opts.Today) {
		return nil
	}
	first := e.States[0]
	for _, x := range who.Engagements {
		days := x.From.DaysUntil(first.From)
		if x.Payroll == nil && x.Annulled == "" && !n.seen[x] && days <= near && days >= -near && n.unit(first.Unit, first.From) == x.At(first.From).Unit {
			n.seen[x] = true
			return []propose.Change{{Do: propose.DoNumber, Person: who.Key, Engagement: x.Key, Texts: propose.Texts{Payroll: n.payroll(e)}}}
		}
	}
	if !n.owns["hire"] {
		return nil
	}
	if c, ok := n.hire(e, who.Key); ok {
		return []propose.Change{c}
	}
	return nil
}

func (n *night) payroll(e source.Engagement) org.Payroll {
	return org.Payroll{System: n.x.Source, Institution: e.Institution, Number: e.Number}
}

// hire gives somebody an engagement as the register has it now, or as it will begin. ok is
// false when a part of it is a question.
func (n *night) hire(e source.Engagement, person string) (c propose.Change, ok bool) {
	s, _ := source.Near(e.States, n.opts.Today)
	whole := source.Whole(e.States)
	c = propose.Change{Do: propose.DoHire, Person: person, From: whole.From, Until: whole.To, Fraction: fraction(s.Fraction), Primary: s.Primary, Texts: propose.Texts{Payroll: n.payroll(e)}}
	if c.From == "" {
		c.From = n.opts.Today
	}
	entry := [2]string{"people", person}
	if n.org.Person(person) == nil {
		entry = [2]string{}
	}
	if c.Unit = n.unit(s.Unit, max(c.From, s.From)); c.Unit == "" {
		n.ask(AskUnit, entry, e.Origin, n.unitWords(s.Unit), "")
		return c, false
	}
	if c.Title = n.class(titleList(), s.TitleCode, s.Title); c.Title == "" {
		n.askClass(AskTitle, entry, e.Origin, cmp.Or(s.Title, s.TitleCode), "", s)
		return c, false
	}
	if c.Type = n.class(engagementList(), s.Type, className(n.x, source.ClassEngagementType, s.Type)); c.Type == "" {
		n.askClass(AskType, entry, e.Origin, cmp.Or(className(n.x, source.ClassEngagementType, s.Type), s.Type), "", s)
		return c, false
	}
	return c, true
}

// unitWords names a unit of the register as people there know it.
func (n *night) unitWords(id string) string {
	for _, u := range n.x.Units {
		if u.ID == id {
			s, _ := source.Near(u.States, n.opts.Today)
			return s.Name + " (" + cmp.Or(s.Code, id) + ")"
		}
	}
	return id
}

// job is what the register says otherwise of an engagement that both know.
func (n *night) job(e source.Engagement, known *org.Engagement) ([]propose.Change, error) {
	about := propose.Change{Person: known.Person.Key, Engagement: known.Key}
	if e.Annulled {
		about.Do, about.From = propose.DoAnnul, n.opts.Today
		return []propose.Change{about}, nil
	}
	changes, err := n.ending(e, known, about)
	if err != nil {
		return nil, err
	}
	if e.EndsOnly() || source.Whole(e.States).Ended(n.opts.Today) {
		return changes, nil
	}
	values, err := n.values(e, known, about)
	if err != nil {
		return nil, err
	}
	return append(append(changes, values...), n.absences(e, known, about)...), nil
}

// ending is the change of an engagement's last day.
func (n *night) ending(e source.Engagement, known *org.Engagement, about propose.Change) ([]propose.Change, error) {
	to := source.Whole(e.States).To
	if to == known.To || !n.owns["leave"] || e.EndsOnly() && known.To != "" && known.To < to {
		return nil, nil // a row that says again and again that it is over, with the day of each night
	}
	if known.Ended(n.opts.Today) && (to == "" || to > known.To) {
		n.ask(AskFormer, [2]string{"people", known.Person.Key}, e.Origin, string(to), string(known.To))
		return nil, nil
	}
	var changes []propose.Change
	switch {
	case to == "":
		about.Do, about.Open = propose.DoExtend, true
	case known.To == "" || to < known.To:
		about.Do, about.Last = propose.DoLeave, to
		changes = n.vacated(known, to)
	default:
		about.Do, about.Until = propose.DoExtend, to
	}
	changes = append([]propose.Change{about}, changes...)
	byHand, err := n.byHand("people", known.Person.Key, "engagements", known.Key, "to")
	if err != nil {
		return nil, err
	}
	if byHand {
		n.ask(AskByHand, [2]string{"people", known.Person.Key}, e.Origin, string(to), string(known.To), changes...)
		return nil, nil
	}
	return changes, nil
}

// vacated are the posts as a leader that somebody leaves with their last engagement, unless the
// register names who comes after.
func (n *night) vacated(known *org.Engagement, last org.Day) []propose.Change {
	for _, other := range known.Person.Engagements {
		if other != known && other.Annulled == "" && (other.To == "" || other.To > last) {
			return nil
		}
	}
	var changes []propose.Change
	for _, u := range n.org.Units {
		for _, m := range u.Managers {
			if m.At(last).Person == known.Person.Key && (m.To == "" || m.To > last) && m.From <= last && !n.follows(u, last.Add(1)) {
				changes = append(changes, propose.Change{Do: propose.DoVacate, Unit: u.Key, From: last.Add(1)})
			}
		}
	}
	return changes
}

// follows reports whether somebody is to lead a unit from a day on, by the files.
func (n *night) follows(u *org.Unit, day org.Day) bool {
	for _, m := range u.Managers {
		if m.From == day {
			return true
		}
	}
	return false
}

// absences are leaves that begin, and leaves that are over.
func (n *night) absences(e source.Engagement, known *org.Engagement, about propose.Change) []propose.Change {
	if !n.owns["absence"] {
		return nil
	}
	var changes []propose.Change
	for _, leave := range e.Leaves {
		if leave.Ended(n.opts.Today) {
			continue
		}
		stands := overlapping(known, leave.Period)
		switch {
		case stands == nil:
			c := about
			c.Do, c.From, c.Until = propose.DoAbsence, max(leave.From, known.From), leave.To
			changes = append(changes, c)
		case stands.From != leave.From && stands.From > n.opts.Today || stands.To != leave.To && stands.To != "":
			n.ask(AskLeave, [2]string{"people", known.Person.Key}, e.Origin, string(leave.From)+"–"+string(leave.To), string(stands.From)+"–"+string(stands.To))
		case stands.To == "" && leave.To != "":
			c := about
			c.Do, c.From = propose.DoReturn, leave.To.Add(1)
			changes = append(changes, c)
		}
	}
	for _, stands := range known.Leaves {
		if stands.Contains(n.opts.Today) && stands.From < n.opts.Today && stands.To == "" && !onLeave(e, n.opts.Today) {
			c := about
			c.Do, c.From = propose.DoReturn, n.opts.Today
			changes = append(changes, c)
		}
	}
	return changes
}

func overlapping(known *org.Engagement, p org.Period) *org.Leave {
	for _, l := range known.Leaves {
		if _, both := l.Period.Overlap(p); both {
			return l
		}
	}
	return nil
}

func onLeave(e source.Engagement, day org.Day) bool {
	for _, l := range e.Leaves {
		if l.Contains(day) {
			return true
		}
	}
	return false
}

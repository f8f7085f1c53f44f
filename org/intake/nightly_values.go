package intake

import (
	"cmp"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/org/source"
)

// value is a field of an engagement that a register may own.
type value struct {
	owned string // what the settings call it
	field string // what the files call it
	do    propose.Kind
	says  func(n *night, s source.EngagementState, day org.Day) (text string, question string)
	holds func(n *night, e *org.Engagement, day org.Day) string
	put   func(c *propose.Change, text string, s source.EngagementState)
}

// values are what the register says otherwise of an engagement's unit, title, type and fraction:
// today, and on each later day on which the register changes it.
func (n *night) values(e source.Engagement, known *org.Engagement, about propose.Change) ([]propose.Change, error) {
	var changes []propose.Change
	for _, v := range fields() {
		if !n.owns[v.owned] {
			continue
		}
		more, err := n.changed(v, e, known, about)
		if err != nil {
			return nil, err
		}
		changes = append(changes, more...)
	}
	return changes, nil
}

func (n *night) changed(v value, e source.Engagement, known *org.Engagement, about propose.Change) ([]propose.Change, error) {
	var changes []propose.Change
	before, since := "", org.Day("")
	for _, s := range e.States {
		day := max(s.From, n.opts.Today, known.From)
		text, question := v.says(n, s, day)
		if text != before {
			since = s.From
		}
		same := text == before && len(changes) == 0
		before = text
		switch {
		case s.Ended(n.opts.Today), known.Ended(day), !s.Contains(day), same && day > n.opts.Today:
			continue
		case question != "":
			n.askClass(question, [2]string{"people", known.Person.Key}, e.Origin, n.words(v, s), v.holds(n, known, day), s)
			continue
		case text == "" || text == v.holds(n, known, day):
			continue
		}
		c := about
		c.Do, c.From = v.do, max(n.since(since), known.From)
		c.Correct = c.From == known.From // it never was otherwise
		v.put(&c, text, s)
		byHand, err := n.byHand("people", known.Person.Key, "engagements", known.Key, v.field)
		if err != nil {
			return nil, err
		}
		if byHand {
			n.ask(AskByHand, [2]string{"people", known.Person.Key}, e.Origin, n.words(v, s), v.holds(n, known, day), c)
			continue
		}
		changes = append(changes, c)
	}
	return changes, nil
}

// since is the day from which a register means what it says. One without a history says what is so on its day, and not how
// long it has been so.
func (n *night) since(from org.Day) org.Day {
	if !n.x.Says.History && from < n.x.Day {
		return n.x.Day
	}
	return from
}

// words says what the register has, as people there know it.
func (n *night) words(v value, s source.EngagementState) string {
	switch v.do {
	case propose.DoMove:
		return n.unitWords(s.Unit)
	case propose.DoTitle:
		return cmp.Or(s.Title, s.TitleCode)
	case propose.DoType:
		return cmp.Or(className(n.x, source.ClassEngagementType, s.Type), s.Type)
	}
	text, _ := v.says(n, s, n.opts.Today)
	return text
}

func fields() []value {
	return []value{
		{"unit", "unit", propose.DoMove,
			func(n *night, s source.EngagementState, day org.Day) (string, string) {
				return known(n.unit(s.Unit, day), AskUnit)
			},
			func(n *night, e *org.Engagement, day org.Day) string {
				if u := n.org.StandingOn(e.At(day).Unit, day); u != nil {
					return u.Key
				}
				return ""
			},
			func(c *propose.Change, text string, _ source.EngagementState) { c.Unit = text },
		},
		{"title", "title", propose.DoTitle,
			func(n *night, s source.EngagementState, _ org.Day) (string, string) {
				return n.said(titleList(), s.TitleCode, s.Title, AskTitle)
			},
			func(_ *night, e *org.Engagement, day org.Day) string { return e.At(day).Title },
			func(c *propose.Change, text string, _ source.EngagementState) { c.Title = text },
		},
		{"type", "type", propose.DoType,
			func(n *night, s source.EngagementState, _ org.Day) (string, string) {
				return n.said(engagementList(), s.Type, cmp.Or(className(n.x, source.ClassEngagementType, s.Type), s.Type), AskType)
			},
			func(_ *night, e *org.Engagement, day org.Day) string { return e.At(day).Type },
			func(c *propose.Change, text string, _ source.EngagementState) { c.Type = text },
		},
		{"fraction", "fraction", propose.DoFraction,
			func(_ *night, s source.EngagementState, _ org.Day) (string, string) { return part(s.Fraction), "" },
			func(_ *night, e *org.Engagement, day org.Day) string { return part(e.At(day).Fraction) },
			func(c *propose.Change, _ string, s source.EngagementState) { c.Fraction = fraction(s.Fraction) },
		},
	}
}

// said gives the class that a register means, or the question that it raises. A code that the register has no name for, and
// the settings none, says nothing.
func (n *night) said(l list, code, text, question string) (string, string) {
	key := n.class(l, code, text)
	if key == "" && cmp.Or(text, className(n.x, l.kind, code)) == "" {
		return "", ""
	}
	return known(key, question)
}

// known gives a text, or the question that it raises when it is empty.
func known(text, question string) (string, string) {
	if text == "" {
		return "", question
	}
	return text, ""
}

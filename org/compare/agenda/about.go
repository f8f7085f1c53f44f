package agenda

import (
	"fmt"
	"slices"

	"orgit.dk/orgit/org/source"
)

// post is where somebody works, paid or not.
type post struct{ unit, title, number string }

// posts are somebody's on the extract's day; where there are none, the next or the last ones.
func (b *builder) posts(side int, p *source.Person) []post {
	day := b.extracts[side].Day
	var now, near []post
	for _, e := range p.Engagements {
		state, ok := source.Near(e.States, day)
		switch {
		case !ok || e.Annulled:
		case state.Contains(day):
			now = append(now, post{state.Unit, state.Title, e.Number})
		default:
			near = append(near, post{state.Unit, state.Title, e.Number})
		}
	}
	for _, a := range p.Associations {
		if state, ok := source.Near(a.States, day); ok {
			now = append(now, post{state.Unit, state.Title, ""})
		}
	}
	if len(now) > 0 {
		return now
	}
	return near
}

// aboutPerson is what tells somebody from others of the same name: title, number, login, whether they have left.
func (b *builder) aboutPerson(side int, id string) []string {
	p := b.person[side][id]
	if p == nil {
		return nil
	}
	var list []string
	for _, at := range b.posts(side, p) {
		list = append(list, at.title)
		if at.number != "" {
			list = append(list, phrase{"nr. %s", "no. %s"}.format(b.lang, at.number))
		}
	}
	for _, a := range p.Accounts {
		list = append(list, phrase{"konto %s", "account %s"}.format(b.lang, a.Name))
	}
	return given(list)
}

// unitNames are the names of the units in which somebody works.
func (b *builder) unitNames(side int, id string) []string {
	p := b.person[side][id]
	if p == nil {
		return nil
	}
	var names []string
	for _, at := range b.posts(side, p) {
		names = append(names, b.unitName(side, at.unit))
	}
	return given(names)
}

func (b *builder) unitName(side int, id string) string {
	u := b.unit[side][id]
	if u == nil {
		return ""
	}
	state, _ := source.Near(u.States, b.extracts[side].Day)
	return state.Name
}

// aboutUnit is what tells a unit from others of its name: its code, and the unit above.
func (b *builder) aboutUnit(side int, id string) []string {
	u := b.unit[side][id]
	if u == nil {
		return nil
	}
	var list []string
	state, _ := source.Near(u.States, b.extracts[side].Day)
	if state.Code != "" {
		list = append(list, phrase{"kode %s", "code %s"}.format(b.lang, state.Code))
	}
	if above := b.unitName(side, state.Parent); above != "" {
		list = append(list, phrase{"under %s", "below %s"}.format(b.lang, above))
	}
	return list
}

// shielded reports whether somebody has a protected address in any of the registers.
func (b *builder) shielded(side int, id string) bool {
	ids := [2]string{}
	ids[side] = id
	if side == 0 {
		ids[1] = b.other[id]
	} else {
		ids[0] = b.lead[id]
	}
	for at, id := range ids {
		if p := b.person[at][id]; p != nil && slices.ContainsFunc(p.States, func(s source.PersonState) bool { return s.Shielded }) {
			return true
		}
	}
	return false
}

// phrase is something in both languages.
type phrase struct{ da, en string }

func (p phrase) in(lang string) string {
	if lang == "en" {
		return p.en
	}
	return p.da
}

func (p phrase) format(lang string, args ...any) string { return fmt.Sprintf(p.in(lang), args...) }

package view

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
)

// GitLab draws the diagrams of a note by itself up to 2,000 characters of source, all of them together; longer ones wait
// for a click (MAX_CHAR_LIMIT of its render_sandboxed_mermaid.js). It counts the character & too, which no label has here.
const mostChart = 1900

// mostLabel is how many characters of a name a chart shows.
const mostLabel = 60

// chart draws the units that the proposal makes, closes, moves or renames, with those above them: as it is without the
// proposal and as it is with it, both on the day on which all of it has taken effect. It shows units and numbers, and no
// person. What is new, moved or closed is said in words; how a box is drawn only repeats it.
func (c *composer) chart(before, after *org.Organisation) section {
	if before == nil || after == nil || isFirstLoad(c.plan.Changes) {
		return section{}
	}
	day := c.chartDay()
	if day == "" {
		return section{}
	}
	d := drawing{lang: c.lang, before: before.On(day), after: after.On(day)}
	d.fates()
	if len(d.fate) == 0 {
		return section{}
	}
	s := section{title: phrase{"Før og efter", "Before and after"}.in(c.lang)}
	s.intro = phrase{
		"Kun de enheder, forslaget ændrer, og dem over dem; som det er den %s.",
		"Only the units that the proposal changes, and those above them; as it is on %s.",
	}.format(c.lang, change.Day(day, c.lang))
	for _, trunk := range []int{trunkWhole, trunkParent} {
		was, is := d.draw(d.before, trunk), d.draw(d.after, trunk)
		if utf8.RuneCountInString(was+is) <= mostChart {
			s.diagrams = []diagram{
				{phrase{"Uden forslaget", "Without the proposal"}.in(c.lang), was},
				{phrase{"Med forslaget", "With the proposal"}.in(c.lang), is},
			}
			return s
		}
	}
	s.intro = phrase{
		"Der er for mange enheder til en tegning her. Ændringerne står ovenfor, enhed for enhed.",
		"There are too many units for a drawing here. The changes stand above, unit by unit.",
	}.in(c.lang)
	s.groups = []group{{lines: []line{{text: counted{
		phrase{"enhed ændres.", "unit changes."}, phrase{"enheder ændres.", "units change."},
	}.of(len(d.fate), c.lang)}}}}
	return s
}

// chartDay is the day on which all changes of units have taken effect; empty when there are none.
func (c *composer) chartDay() org.Day {
	var day org.Day
	for _, ch := range c.plan.Changes {
		switch ch.Kind {
		case change.UnitCreate, change.UnitMerge, change.UnitMove, change.UnitRename, change.Unit:
			day = max(day, c.plan.Day, ch.Effect)
		case change.UnitClose, change.UnitRemoved:
			day = max(day, c.plan.Day)
			if ch.Effect != "" {
				day = max(day, ch.Effect.Add(1)) // the day after the last one
			}
		}
	}
	return day
}

// fate is what becomes of a unit; several may be true at once.
type fate struct{ made, closed, moved, renamed bool }

// drawing is what both pictures have in common.
type drawing struct {
	lang          string
	before, after *org.View
	fate          map[string]fate // by key, of units that change
	shown         map[string]bool // units that are drawn although they do not change: where others come from or go to
}

// fates compares the two views, unit by unit.
func (d *drawing) fates() {
	d.fate, d.shown = map[string]fate{}, map[string]bool{}
	for _, was := range d.before.Units() {
		is := d.after.Unit(was.Key)
		if is == nil {
			d.fate[was.Key] = fate{closed: true}
			if next := d.after.Standing(was.Key); next != nil {
				d.shown[next.Key] = true // those who worked there go on here
			}
			d.show(was.Above)
			continue
		}
		f := fate{moved: aboveOf(was) != aboveOf(is), renamed: was.Name != is.Name}
		if f != (fate{}) {
			d.fate[was.Key] = f
			d.show(was.Above)
			d.show(is.Above)
		}
	}
	for _, is := range d.after.Units() {
		if d.before.Unit(is.Key) == nil {
			d.fate[is.Key] = fate{made: true}
			d.show(is.Above)
		}
	}
}

func (d *drawing) show(u *org.UnitView) {
	if u != nil {
		d.shown[u.Key] = true
	}
}

func aboveOf(u *org.UnitView) string {
	if u.Above == nil {
		return ""
	}
	return u.Above.Key
}

// How much of the tree above the units that change is drawn.
const (
	trunkWhole  = iota // up to the root
	trunkParent        // the unit above
)

// draw gives one picture's source, from the roots down, each unit's children in the order of their names.
func (d *drawing) draw(v *org.View, trunk int) string {
	p := picture{drawing: d, past: v == d.before, drawn: map[string]bool{}, ids: map[string]int{}}
	for _, u := range v.Units() {
		if _, changes := d.fate[u.Key]; !changes && !d.shown[u.Key] {
			continue
		}
		p.drawn[u.Key] = true
		for above, steps := u.Above, 0; trunk == trunkWhole && above != nil && steps < len(v.Units()); above, steps = above.Above, steps+1 {
			p.drawn[above.Key] = true
		}
	}
	p.out.WriteString("flowchart LR\n")
	for _, root := range v.Roots() {
		p.descend(root, -1)
	}
	p.out.WriteString("classDef ny stroke-width:4px\nclassDef luk stroke-dasharray:6 4\n")
	return p.out.String()
}

// picture is the source of a diagram that is being written.
type picture struct {
	*drawing
	past  bool // it shows the organisation without the proposal
	drawn map[string]bool
	ids   map[string]int
	out   strings.Builder
}

// descend writes the unit, if it is drawn, and everything below it. The view has no circles: its units hang on roots.
func (p *picture) descend(u *org.UnitView, above int) {
	if p.drawn[u.Key] {
		id := len(p.ids)
		p.ids[u.Key] = id
		if above >= 0 {
			fmt.Fprintf(&p.out, "n%d-->", above)
		}
		fmt.Fprintf(&p.out, "n%d[\"%s\"]%s\n", id, p.label(u), p.class(u))
		above = id
	}
	for _, below := range u.Below() {
		p.descend(below, above)
	}
}

// class draws new units with a thick line and closed ones with a broken line; no colour says anything.
func (p *picture) class(u *org.UnitView) string {
	switch f := p.fate[u.Key]; {
	case f.made:
		return ":::ny"
	case f.closed:
		return ":::luk"
	}
	return ""
}

// label is the unit's name with what becomes of it, how many work there where it changes, and how many units below it are
// not drawn.
func (p *picture) label(u *org.UnitView) string {
	var words []string
	f, changes := p.fate[u.Key]
	for _, w := range []struct {
		is   bool
		word phrase
	}{
		{f.made, phrase{"NY", "NEW"}},
		{f.closed, phrase{"LUKKER", "CLOSES"}},
		{f.moved && p.past, phrase{"FLYTTER HERFRA", "MOVES AWAY"}},
		{f.moved && !p.past, phrase{"FLYTTET HERTIL", "MOVED HERE"}},
		{f.renamed && p.past, phrase{"SKIFTER NAVN", "CHANGES NAME"}},
		{f.renamed && !p.past, phrase{"NYT NAVN", "NEW NAME"}},
	} {
		if w.is {
			words = append(words, w.word.in(p.lang))
		}
	}
	text := clip(u.Name)
	if len(words) > 0 {
		text = strings.Join(words, ", ") + ": " + text
	}
	if n := working(u); changes && n > 0 {
		text += ", " + counted{phrase{"medarbejder", "employee"}, phrase{"medarbejdere", "employees"}}.of(n, p.lang)
	}
	others := 0
	for _, below := range u.Below() {
		if !p.drawn[below.Key] {
			others++
		}
	}
	if !changes && others > 0 {
		text += " (" + counted{phrase{"anden enhed herunder", "other unit below"}, phrase{"andre enheder herunder", "other units below"}}.of(others, p.lang) + ")"
	}
	return mermaidText(text)
}

// working counts the people with a job in the unit.
func working(u *org.UnitView) int {
	people := map[string]bool{}
	for _, post := range u.Posts() {
		if post.Engagement != nil {
			people[post.Person.Key] = true
		}
	}
	return len(people)
}

// clip shortens a name that would fill a chart.
func clip(name string) string {
	runes := []rune(name)
	if len(runes) <= mostLabel {
		return name
	}
	return strings.TrimSpace(string(runes[:mostLabel-1])) + "…"
}

// mermaidText writes text as a label in double quotes. Whatever is neither letter, digit nor harmless becomes a number of
// Mermaid's own, so that no name can end the label, give a directive or close the block that the diagram stands in.
func mermaidText(s string) string {
	var b strings.Builder
	for _, r := range clean(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune(" .,-/():…", r) {
			b.WriteRune(r)
			continue
		}
		fmt.Fprintf(&b, "#%d;", r)
	}
	return b.String()
}

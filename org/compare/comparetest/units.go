package comparetest

import (
	"slices"
	"strings"

	"orgit.dk/orgit/org/source"
)

// units plants what is wrong with the directory's tree. What stood in a unit that it lacks
// stands in the one above.
func (g *gardener) units() {
	g.gone = map[string]bool{}
	above := map[string]string{}
	inner := map[string]bool{}
	for _, u := range g.Directory.Units {
		above[u.ID] = u.States[0].Parent
		inner[u.States[0].Parent] = true
	}
	kept := map[string]bool{}
	for i := range g.Directory.Units {
		u := &g.Directory.Units[i]
		state := &u.States[0]
		switch {
		case state.Parent == "":
		case !inner[u.ID] && g.chance(g.rates.UnitGone):
			g.gone[u.ID] = true
			continue
		case g.chance(g.rates.UnitName):
			state.Name = g.otherName(state.Name)
		}
		if !inner[u.ID] && state.Parent != "" && g.chance(g.rates.UnitPlace) {
			state.Parent = g.Directory.Units[g.r.IntN(len(g.Directory.Units))].ID
		}
		kept[u.ID] = true
	}
	for i := range g.Directory.Units {
		if state := &g.Directory.Units[i].States[0]; g.gone[state.Parent] || state.Parent == g.Directory.Units[i].ID {
			state.Parent = above[state.Parent]
		}
	}
	g.Directory.Units = slices.DeleteFunc(g.Directory.Units, func(u source.Unit) bool { return g.gone[u.ID] })
	g.Directory.Leaders = slices.DeleteFunc(g.Directory.Leaders, func(l source.Leadership) bool { return g.gone[l.States[0].Unit] })
	for i := range g.Directory.People {
		if job := &g.Directory.People[i].Engagements[0].States[0]; g.gone[job.Unit] {
			job.Unit = above[job.Unit]
		}
	}
	for code, id := range g.Units {
		if !kept[id] {
			delete(g.Units, code)
		}
	}
}

func (g *gardener) otherName(name string) string {
	switch g.r.IntN(4) {
	case 0:
		return g.slip(name)
	case 1:
		return strings.NewReplacer("ø", "oe", "å", "aa", "æ", "ae", "Plejecenter", "Plejecentret", "Børnehuset", "Børnehus").Replace(name)
	case 2:
		return name + " (" + pick(g.r, "ny", "øst", "drift", "midlertidig") + ")"
	}
	return pick(g.r, "Hejmdal", "Udviklingshuset", "Center for Trivsel", "Fællesfunktioner", "Kvarterhuset")
}

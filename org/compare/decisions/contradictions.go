package decisions

import (
	"slices"

	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/agenda"
)

// contradictions takes out decisions that cannot both stand, all of them: nobody knows which was meant.
func (r *reader) contradictions() {
	out := map[int]bool{}
	note := func(i, j int, text string) {
		for _, pair := range [2][2]int{{i, j}, {j, i}} {
			if !out[pair[0]] {
				out[pair[0]] = true
				r.fault(r.found.List[pair[0]].Cell, Contradicts, "%s Se også %s.", text, r.found.List[pair[1]].Cell)
			}
		}
	}
	r.twice(note)
	r.oneToOne(note)
	r.leftOut(note)
	r.bothWays(note)
	var kept []Decision
	seen := map[string]bool{}
	for i, d := range r.found.List {
		if !out[i] && !seen[d.Item.ID] { // a row that was copied is one decision
			seen[d.Item.ID] = true
			kept = append(kept, d)
		}
	}
	r.found.List = kept
}

// twice finds rows about one item that say different things.
func (r *reader) twice(note func(i, j int, text string)) {
	first := map[string]int{}
	for i, d := range r.found.List {
		at, ok := first[d.Item.ID]
		if !ok {
			first[d.Item.ID] = i
			continue
		}
		if one := r.found.List[at]; one.Word != d.Word || one.Source != d.Source || one.With.ID != d.With.ID {
			note(at, i, "Der er to rækker med samme ID og forskellig beslutning.")
		}
	}
}

// oneToOne finds records that are said to be the same as two of one register.
func (r *reader) oneToOne(note func(i, j int, text string)) {
	type side struct {
		unit bool
		key  agenda.Key
		in   string
	}
	type said struct {
		is agenda.Key
		at int
	}
	same := map[side]said{}
	for i, d := range r.found.List {
		if d.Word != Same || d.Item.Kind == compare.Doubled {
			continue
		}
		lead, other := d.pair()
		for _, pair := range [2][2]agenda.Key{{lead, other}, {other, lead}} {
			at := side{agenda.OfUnits(d.Item.Kind), pair[0], pair[1].Source}
			before, ok := same[at]
			if ok && before.is != pair[1] {
				note(before.at, i, "Den samme er sat til at være to forskellige i "+registerOf(r.agenda, pair[1].Source)+".")
			} else if !ok {
				same[at] = said{pair[1], i}
			}
		}
	}
}

// leftOut finds what is both left out and said to be the same as something.
func (r *reader) leftOut(note func(i, j int, text string)) {
	gone := map[string]int{}
	for i, d := range r.found.List {
		if d.Word == LeaveOut || d.Word == Include {
			gone[d.Item.ID] = i
		}
	}
	for i, d := range r.found.List {
		if at, ok := gone[d.With.ID]; ok && d.With.ID != "" {
			note(at, i, "Den ene række siger \""+string(r.found.List[at].Word)+"\", den anden, at den er den samme som en anden.")
		}
	}
}

// bothWays finds two records that are said to be the same in one row and different in another.
func (r *reader) bothWays(note func(i, j int, text string)) {
	type pair struct{ lead, other agenda.Key }
	said := map[pair]int{}
	for i, d := range r.found.List {
		if d.Word != Same && d.Word != Different {
			continue
		}
		lead, other := d.pair()
		before, ok := said[pair{lead, other}]
		if !ok {
			said[pair{lead, other}] = i
		} else if r.found.List[before].Word != d.Word {
			note(before, i, "De to er sat til både at være den samme og forskellige.")
		}
	}
}

func registerOf(a *agenda.Agenda, source string) string {
	i := slices.IndexFunc(a.Registers, func(r agenda.Register) bool { return r.Source == source })
	if i < 0 {
		return source
	}
	return a.Registers[i].Name
}

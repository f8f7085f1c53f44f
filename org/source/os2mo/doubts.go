package os2mo

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
)

// doubts says where OS2mo's rules are weaker than orgit's: what may stand there and does so
// on the day. Whoever imports has to decide about it.
func (a *assembly) doubts(x *source.Extract) {
	a.doubtTree(x)
	a.doubtLeaders(x)
	a.doubtPeople(x)
	a.doubtAccounts(x)
}

// cases groups records that have a key in common.
type cases map[[2]string][]source.Origin

func (c cases) add(at source.Origin, kind, key string) {
	c[[2]string{kind, key}] = append(c[[2]string{kind, key}], at)
}

// several gives the keys that more than one record has, in order.
func (c cases) several() [][2]string {
	keys := slices.SortedFunc(maps.Keys(c), func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	return slices.DeleteFunc(keys, func(k [2]string) bool { return len(c[k]) < 2 })
}

// records lists which records share a key.
func (c cases) records(key [2]string) string {
	var list []string
	for _, at := range c[key] {
		list = append(list, at.Record)
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

func (a *assembly) doubtTree(x *source.Extract) {
	names, codes := cases{}, cases{}
	parents := map[string]string{}
	var roots []string
	for _, u := range x.Units {
		s, ok := source.On(u.States, a.day)
		if !ok {
			continue
		}
		parents[u.ID] = s.Parent
		if s.Parent == "" {
			roots = append(roots, "„"+s.Name+"“")
		}
		if s.Name != "" {
			names.add(u.Origin, s.Parent, s.Name)
		}
		if s.Code != "" {
			codes.add(u.Origin, "", s.Code)
		}
	}
	if slices.Sort(roots); len(roots) > 1 {
		a.notes.add(source.Origin{Document: "org_units"}, doubtRoots, "Der er %d øverste enheder: %s. I orgit har et hierarki én.", len(roots), strings.Join(roots[:min(len(roots), 20)], ", "))
	}
	for _, k := range names.several() {
		a.notes.add(names[k][0], doubtUnitName, "%d enheder under samme overenhed hedder „%s“: %s.", len(names[k]), k[1], names.records(k))
	}
	for _, k := range codes.several() {
		a.notes.add(codes[k][0], doubtUnitKey, "%d enheder har samme enhedsnummer, „%s“: %s.", len(codes[k]), k[1], codes.records(k))
	}
	a.doubtCycles(parents)
}

// doubtCycles finds units that are below themselves.
func (a *assembly) doubtCycles(parents map[string]string) {
	clear := map[string]bool{}
	for _, start := range slices.Sorted(maps.Keys(parents)) {
		path := map[string]bool{}
		at := start
		for at != "" && !clear[at] && !path[at] {
			path[at] = true
			at = parents[at]
		}
		if at != "" && path[at] {
			a.notes.add(origin("org_units", "unit", id(at)), doubtCycle, "Enheden er sin egen overenhed, direkte eller gennem andre.")
		}
		for p := range path {
			clear[p] = true
		}
	}
}

func (a *assembly) doubtLeaders(x *source.Extract) {
	same := cases{}
	names := map[[2]string]string{}
	for _, l := range x.Leaders {
		s, ok := source.On(l.States, a.day)
		if !ok {
			continue
		}
		for _, r := range s.Responsibilities {
			same.add(l.Origin, s.Unit, r)
			names[[2]string{s.Unit, r}] = r
		}
	}
	for _, k := range same.several() {
		a.notes.add(origin("org_units", "unit", id(k[0])), doubtManagers, "Enheden har %d lederposter med samme ansvar, „%s“: %s.", len(same[k]), names[k], same.records(k))
	}
}

func (a *assembly) doubtPeople(x *source.Extract) {
	numbers := map[source.Number]source.Person{}
	for _, p := range x.People {
		if p.CPR != (source.Number{}) {
			if other, twice := numbers[p.CPR]; twice {
				a.notes.add(p.Origin, doubtCPRTwice, "Personen har samme CPR-nummer som %s.", other.Origin.Record)
			}
			numbers[p.CPR] = p
		}
		primary := 0
		for _, e := range p.Engagements {
			if s, ok := source.On(e.States, a.day); ok && s.Primary {
				primary++
			}
		}
		if primary > 1 {
			a.notes.add(p.Origin, doubtPrimaries, "Personen har %d primære ansættelser. I orgit er der én.", primary)
		}
		ties := cases{}
		for _, t := range p.Associations {
			if s, ok := source.On(t.States, a.day); ok {
				ties.add(t.Origin, s.Unit, s.Type)
			}
		}
		for _, k := range ties.several() {
			a.notes.add(p.Origin, doubtAssociation, "Personen har samme tilknytning til samme enhed %d gange: %s.", len(ties[k]), ties.records(k))
		}
	}
}

// doubtAccounts finds names that two accounts of a system have at the same time, today or later.
func (a *assembly) doubtAccounts(x *source.Extract) {
	type held struct {
		org.Period
		at source.Origin
	}
	names, uuids := map[[2]string][]held{}, map[[2]string][]held{}
	check := func(all map[[2]string][]held, key [2]string, h held, code, form, said string) {
		for _, other := range all[key] {
			if _, both := other.Overlap(h.Period); both {
				a.notes.add(h.at, code, form, said, key[0], other.at.Record)
			}
		}
		all[key] = append(all[key], h)
	}
	for _, p := range x.People {
		for _, account := range p.Accounts {
			if account.Ended(a.day) {
				continue
			}
			h := held{account.Period, account.Origin}
			check(names, [2]string{account.System, strings.ToLower(account.Name)}, h, doubtAccountTwice, "Brugernavnet „%s“ findes to gange i %s: også som %s.", account.Name)
			if account.UUID != "" {
				check(uuids, [2]string{account.System, string(account.UUID)}, h, doubtAccountUUID, "Det eksterne ID %s findes to gange i %s: også på %s.", string(account.UUID))
			}
		}
	}
}

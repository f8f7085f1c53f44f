package decisions

import (
	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/agenda"
	"orgit.dk/orgit/org/intake"
	"orgit.dk/orgit/org/source"
)

// joinDoubled makes one record of two of one extract that are the same person: the first of the two has all jobs,
// ties and accounts, and whatever is said of the second is said of the first.
func (t *townMaker) joinDoubled(d *Decisions) {
	heads := map[agenda.Key]string{}
	head := func(k agenda.Key) agenda.Key {
		for heads[k] != "" {
			k.ID = heads[k]
		}
		return k
	}
	for _, one := range d.List {
		if one.Item.Kind != compare.Doubled || one.Word != Same {
			continue
		}
		a, b := head(one.Item.Lead.Key), head(one.Item.Other.Key)
		i, okA := t.people.at[a]
		j, okB := t.people.at[b]
		if a == b || !okA || !okB {
			continue
		}
		first, second := t.people.records[i], t.people.records[j]
		x := t.extracts[first.Extract]
		join(&x.People[first.Index], x.People[second.Index])
		heads[b] = a.ID
		t.people.out[j] = true
	}
	if len(heads) == 0 {
		return
	}
	// Comparisons know the second by its own identifier: it is another name of the first.
	for k := range heads {
		t.people.at[k] = t.people.at[head(k)]
	}
	for _, x := range t.extracts {
		renamed(x, func(id string) string { return head(agenda.Key{Source: x.Source, ID: id}).ID })
	}
}

// join gives a person what another record of the same person has.
func join(to *source.Person, from source.Person) {
	to.Engagements = append(to.Engagements, from.Engagements...)
	to.Associations = append(to.Associations, from.Associations...)
	to.Accounts = append(to.Accounts, from.Accounts...)
	if to.CPR == (source.Number{}) {
		to.CPR = from.CPR
	}
	if to.UUID == "" {
		to.UUID = from.UUID
	}
	for i := range from.States {
		for k := range to.States {
			to.States[k].Shielded = to.States[k].Shielded || from.States[i].Shielded
		}
	}
}

// renamed changes what refers to people.
func renamed(x *source.Extract, name func(string) string) {
	for i := range x.Leaders {
		for k := range x.Leaders[i].States {
			if s := &x.Leaders[i].States[k]; s.Person != "" {
				s.Person = name(s.Person)
			}
		}
	}
	for i := range x.People {
		for k := range x.People[i].States {
			if s := &x.People[i].States[k]; s.Manager != "" {
				s.Manager = name(s.Manager)
			}
		}
	}
}

// leaveOut takes out what is not wanted.
func (t *townMaker) leaveOut(d *Decisions) {
	for _, one := range d.List {
		if one.Word != LeaveOut {
			continue
		}
		for _, key := range []agenda.Key{one.Item.Lead.Key, one.Item.Other.Key} {
			if agenda.OfUnits(one.Item.Kind) {
				t.units.drop(key)
			} else {
				t.people.drop(key)
			}
		}
	}
	for e, x := range t.extracts {
		gone := map[string]bool{}
		for i, u := range x.Units {
			if n := t.units.at[agenda.Key{Source: t.given[e].Source, ID: u.ID}]; t.units.out[n] && t.units.records[n].Index == i {
				gone[u.ID] = true
			}
		}
		if len(gone) > 0 {
			lift(x, gone)
		}
	}
}

// include says which records people want, whatever register has them.
func (t *townMaker) include(d *Decisions) {
	town := &t.result.Town
	town.WantedUnits, town.WantedPeople = map[intake.Record]bool{}, map[intake.Record]bool{}
	for _, one := range d.List {
		if one.Word != Include {
			continue
		}
		records, wanted := t.people, town.WantedPeople
		if agenda.OfUnits(one.Item.Kind) {
			records, wanted = t.units, town.WantedUnits
		}
		for _, key := range []agenda.Key{one.Item.Lead.Key, one.Item.Other.Key} {
			if n, ok := records.at[key]; ok {
				wanted[records.records[n]] = true
			}
		}
	}
}

// lift puts what is in units that are gone into the nearest unit above that is not. Where none is, it stays
// where it was, and the import says so.
func lift(x *source.Extract, gone map[string]bool) {
	parent := map[string]string{}
	for _, u := range x.Units {
		if s, ok := source.Near(u.States, x.Day); ok {
			parent[u.ID] = s.Parent
		}
	}
	above := func(id string) string {
		at := id
		for range len(parent) + 1 {
			if !gone[at] {
				return at
			}
			at = parent[at]
		}
		return id
	}
	to := func(id string) string {
		if at := above(id); at != "" {
			return at
		}
		return id
	}
	for i := range x.Units {
		for k := range x.Units[i].States {
			s := &x.Units[i].States[k]
			s.Parent = above(s.Parent)
		}
	}
	for i := range x.People {
		for _, e := range x.People[i].Engagements {
			for k := range e.States {
				e.States[k].Unit = to(e.States[k].Unit)
			}
		}
		for _, a := range x.People[i].Associations {
			for k := range a.States {
				a.States[k].Unit = to(a.States[k].Unit)
			}
		}
	}
	var leaders []source.Leadership
	for _, l := range x.Leaders {
		if s, ok := source.Near(l.States, x.Day); !ok || !gone[s.Unit] {
			leaders = append(leaders, l)
		}
	}
	x.Leaders = leaders
}

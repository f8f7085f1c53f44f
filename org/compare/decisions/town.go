package decisions

import (
	"cmp"
	"slices"

	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/agenda"
	"orgit.dk/orgit/org/intake"
	"orgit.dk/orgit/org/source"
)

// Result is what comparisons and decisions make together.
type Result struct {
	Town       intake.Town
	NotApplied []NotApplied // in the order of the decisions, then of the extracts
}

// NotApplied is something that was decided, or found, and that a town has no place for.
type NotApplied struct {
	Cell string // where it was decided; empty of what the comparisons found
	Name string // of the unit or person
	Text string // one Danish sentence
}

// Town makes the town of extracts, the leading one first, that were compared with what [Decisions.Pairs] gives: any pairs of
// them, each once. Records that are the same are one cluster. What is left out is in no cluster; what is in a unit that is left
// out is in the one above. Where it was decided whose value goes, the other record has it in the town's extracts, which
// are copies: those that were given stay as they were read.
func (d *Decisions) Town(extracts []*source.Extract, comparisons []*compare.Comparison) *Result {
	t := &townMaker{given: extracts, result: &Result{}}
	for _, x := range extracts {
		t.extracts = append(t.extracts, copied(x))
	}
	t.units = newClusters(t.extracts, func(x *source.Extract) []string { return ids(x.Units, func(u source.Unit) string { return u.ID }) })
	t.people = newClusters(t.extracts, func(x *source.Extract) []string { return ids(x.People, func(p source.Person) string { return p.ID }) })
	t.joinDoubled(d)
	t.match(comparisons)
	t.amend(d)
	t.leaveOut(d)
	t.result.Town = intake.Town{Extracts: t.extracts, Units: t.units.list(), People: t.people.list()}
	t.include(d)
	return t.result
}

type townMaker struct {
	given, extracts []*source.Extract
	units, people   *clusters
	result          *Result
}

func (t *townMaker) note(cell, name, text string) {
	t.result.NotApplied = append(t.result.NotApplied, NotApplied{cell, name, text})
}

// copied is an extract whose records can be changed without changing it.
func copied(x *source.Extract) *source.Extract {
	c := *x
	c.Units, c.People, c.Leaders = slices.Clone(x.Units), slices.Clone(x.People), slices.Clone(x.Leaders)
	for i := range c.Units {
		c.Units[i].States = slices.Clone(c.Units[i].States)
	}
	for i := range c.People {
		p := &c.People[i]
		p.States, p.Engagements, p.Associations, p.Accounts = slices.Clone(p.States), slices.Clone(p.Engagements), slices.Clone(p.Associations), slices.Clone(p.Accounts)
		for k := range p.Engagements {
			p.Engagements[k].States = slices.Clone(p.Engagements[k].States)
		}
		for k := range p.Associations {
			p.Associations[k].States = slices.Clone(p.Associations[k].States)
		}
	}
	for i := range c.Leaders {
		c.Leaders[i].States = slices.Clone(c.Leaders[i].States)
	}
	return &c
}

func ids[T any](list []T, id func(T) string) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = id(v)
	}
	return out
}

// match puts together what the comparisons found to be the same.
func (t *townMaker) match(comparisons []*compare.Comparison) {
	for _, c := range comparisons {
		a, b := slices.Index(t.given, c.Lead), slices.Index(t.given, c.Other)
		if a < 0 || b < 0 {
			continue
		}
		for _, m := range c.Units {
			if m.Answer == compare.Same && !t.units.unite(agenda.Key{Source: c.Lead.Source, ID: m.Lead}, agenda.Key{Source: c.Other.Source, ID: m.Other}) {
				t.note("", m.Lead, "Sammenholdene passer ikke sammen: enheden ville være to enheder i det samme register. Den er holdt adskilt.")
			}
		}
		for _, m := range c.People {
			if m.Answer == compare.Same && !t.people.unite(agenda.Key{Source: c.Lead.Source, ID: m.Lead}, agenda.Key{Source: c.Other.Source, ID: m.Other}) {
				t.note("", m.Lead, "Sammenholdene passer ikke sammen: personen ville være to personer i det samme register. De er holdt adskilt.")
			}
		}
	}
}

// clusters are records put together: never two of one extract.
type clusters struct {
	at      map[agenda.Key]int // records by number, extract by extract
	records []intake.Record
	parent  []int
	members [][]int // at a root
	out     map[int]bool
}

func newClusters(extracts []*source.Extract, ids func(*source.Extract) []string) *clusters {
	c := &clusters{at: map[agenda.Key]int{}, out: map[int]bool{}}
	for e, x := range extracts {
		for i, id := range ids(x) {
			n := len(c.records)
			c.at[agenda.Key{Source: x.Source, ID: id}] = n
			c.records = append(c.records, intake.Record{Extract: e, Index: i})
			c.parent, c.members = append(c.parent, n), append(c.members, []int{n})
		}
	}
	return c
}

func (c *clusters) root(n int) int {
	for c.parent[n] != n {
		c.parent[n] = c.parent[c.parent[n]]
		n = c.parent[n]
	}
	return n
}

// unite puts two records into one cluster. It is false where that would have two records of one extract.
func (c *clusters) unite(a, b agenda.Key) bool {
	i, okA := c.at[a]
	j, okB := c.at[b]
	if !okA || !okB {
		return true // an extract that has changed; there is nothing to put together
	}
	if i, j = c.root(i), c.root(j); i == j {
		return true
	}
	for _, m := range c.members[i] {
		for _, n := range c.members[j] {
			if c.records[m].Extract == c.records[n].Extract {
				return false
			}
		}
	}
	c.parent[j] = i
	c.members[i] = append(c.members[i], c.members[j]...)
	c.members[j] = nil
	return true
}

// in is the record of an extract that is the same as a record.
func (c *clusters) in(key agenda.Key, extract int) (intake.Record, bool) {
	n, ok := c.at[key]
	if !ok {
		return intake.Record{}, false
	}
	for _, m := range c.members[c.root(n)] {
		if c.records[m].Extract == extract {
			return c.records[m], true
		}
	}
	return intake.Record{}, false
}

// drop leaves a record out, with all that is the same.
func (c *clusters) drop(key agenda.Key) {
	if n, ok := c.at[key]; ok {
		for _, m := range c.members[c.root(n)] {
			c.out[m] = true
		}
	}
}

// list gives the clusters in the order of their first records.
func (c *clusters) list() []intake.Cluster {
	var list []intake.Cluster
	for _, members := range c.members {
		var one intake.Cluster
		for _, m := range members {
			if !c.out[m] {
				one = append(one, c.records[m])
			}
		}
		if len(one) > 0 {
			slices.SortFunc(one, inOrder)
			list = append(list, one)
		}
	}
	slices.SortFunc(list, func(a, b intake.Cluster) int { return inOrder(a[0], b[0]) })
	return list
}

func inOrder(a, b intake.Record) int {
	return cmp.Or(cmp.Compare(a.Extract, b.Extract), cmp.Compare(a.Index, b.Index))
}

package plan

import (
	"slices"
	"strings"
)

// taken says of every operation that would give an object what a foreign one holds, such
// as a login name, that a person has to decide. On the first load beside accounts that
// people made by hand these are the accounts to be marked as orgit's.
func (c *comparison) taken() {
	holders := map[string]*Foreign{}
	var sets [][]string // the names of attributes that are unique together
	for i := range c.in.Actual.Foreign {
		f := &c.in.Actual.Foreign[i]
		for _, hold := range f.Holds {
			names := sortedKeys(hold)
			if !slices.ContainsFunc(sets, func(s []string) bool { return slices.Equal(s, names) }) {
				sets = append(sets, names)
			}
			holders[c.holdKey(names, func(name string) string { return hold[name] })] = f
		}
	}
	for i := range c.plan.Operations {
		if op := &c.plan.Operations[i]; op.Target == c.in.Desired.Target {
			c.takenBy(op, sets, holders)
		}
	}
}

// takenBy says it of one operation, once for each foreign object in its way.
func (c *comparison) takenBy(op *Operation, sets [][]string, holders map[string]*Foreign) {
	want := c.in.Desired.Object(op.Object)
	if want == nil {
		return
	}
	var said []*Foreign
	for _, names := range sets {
		if !slices.ContainsFunc(names, func(name string) bool { return op.Attr(name) != nil }) {
			continue
		}
		f := holders[c.holdKey(names, func(name string) string {
			if a := want.Attr(name); a != nil && len(a.Value) == 1 {
				return a.Value[0]
			}
			return ""
		})]
		if f == nil || slices.Contains(said, f) || c.matches.adopted[f] != nil {
			continue // what is adopted is in nobody's way: names are unique among what is asked for
		}
		said = append(said, f)
		a := Attention{Code: AttentionTaken, Target: op.Target, Object: op.Object, Name: op.Name, Detail: f.Ref, Path: op.Entry}
		if c.in.Actual.Mark != nil {
			attribute, value := c.in.Actual.Mark(op.Object)
			a.Hint = attribute + " = " + value
		}
		c.plan.Attention = append(c.plan.Attention, a)
	}
}

// holdKey is a set of attributes with their values, as the target compares names: at
// least without regard to case.
func (c *comparison) holdKey(names []string, value func(string) string) string {
	fold := c.in.Actual.Fold
	if fold == nil {
		fold = strings.ToLower
	}
	var key strings.Builder
	for _, name := range names {
		key.WriteString(name + "\x00" + fold(value(name)) + "\x00")
	}
	return key.String()
}

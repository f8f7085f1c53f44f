package plan

import (
	"slices"
	"strings"

	"orgit.dk/orgit/org"
)

// FieldInput is something that a value of a target is made of.
type FieldInput struct {
	Field  string     `json:"field"` // as the settings name it: Person.Name
	Value  string     `json:"value"`
	Stated bool       `json:"stated"` // the files say something about it, be it that there is none
	Why    []org.Fact `json:"why,omitempty"`
}

// Source is how a target makes an attribute of an object, beyond the facts behind a value
// that it asks for.
type Source struct {
	Attribute string
	Rule      Rule // as the settings have it: also "ignore"
	Setting   org.Path
	Templates []string
	Inputs    []FieldInput
	// Unmanaged is why nothing is asked for, in the organisation's language; empty when
	// something is.
	Unmanaged string
}

// Fate is what becomes of an attribute.
type Fate string

// The fates.
const (
	FateSame      Fate = "same"      // it is as it is asked for
	FateWritten   Fate = "written"   // an operation of the plan writes it
	FateKept      Fate = "kept"      // somebody else's value stays, by the rule keep
	FateDrift     Fate = "drift"     // somebody else's value stays until repair names it
	FateHeld      Fate = "held"      // somebody outside orgit has decided about it
	FateCreate    Fate = "create"    // it differs, and is written only when the object is made
	FateUnmanaged Fate = "unmanaged" // nothing is asked for
	FateWaiting   Fate = "waiting"   // it differs, and the plan does nothing about the object
	FateUnread    Fate = "unread"    // the snapshot that the plan was made from does not hold it
)

// Explained is why a plan does what it does with one attribute of an object.
type Explained struct {
	Attribute string       `json:"attribute"`
	Rule      Rule         `json:"rule,omitempty"`
	Fate      Fate         `json:"fate"`
	Origin    Origin       `json:"origin,omitempty"` // of what is written
	Have      []string     `json:"have,omitempty"`   // what the target holds
	Asked     []string     `json:"asked,omitempty"`  // what the organisation asks for; none clears
	Result    []string     `json:"result,omitempty"` // what the target holds when the plan is carried out
	ShowHave  string       `json:"showHave,omitempty"`
	ShowAsked string       `json:"showAsked,omitempty"`
	Templates []string     `json:"templates,omitempty"`
	Setting   org.Path     `json:"setting,omitempty"`
	Inputs    []FieldInput `json:"inputs,omitempty"`
	Why       []org.Fact   `json:"why,omitempty"`
	Unmanaged string       `json:"unmanaged,omitempty"`
}

// Explanation is why a plan does what it does with one object.
type Explanation struct {
	Target string      `json:"target"`
	Object ID          `json:"object"`
	Name   string      `json:"name"`
	Ref    string      `json:"ref,omitempty"` // the target's handle; empty: it is not there
	Entry  org.Path    `json:"entry"`
	Gone   bool        `json:"gone,omitempty"` // the organisation does not use it
	Attrs  []Explained `json:"attributes"`
}

// Within reports whether a path is an entry's or lies in it.
func Within(path, entry org.Path) bool {
	return path == entry || strings.HasPrefix(string(path), string(entry)+".")
}

// Explain says of every object of an entry in a target why the plan does what it does with
// each of its attributes. sources are those of the target, by object; they may be missing.
func (t *TargetInput) Explain(p *Plan, entry org.Path, sources map[ID][]Source) []Explanation {
	var list []Explanation
	for i := range t.Desired.Objects {
		want := &t.Desired.Objects[i]
		if !Within(want.Entry, entry) {
			continue
		}
		have := t.Actual.Object(want.ID)
		if have == nil && want.Gone != nil {
			continue // it is not there, and nobody asks for it
		}
		list = append(list, t.explain(p, want, have, sources[want.ID]))
	}
	return list
}

func (t *TargetInput) explain(p *Plan, want *Object, have *Found, sources []Source) Explanation {
	e := Explanation{Target: t.Desired.Target, Object: want.ID, Name: want.Name, Entry: want.Entry, Gone: want.Gone != nil}
	if have != nil {
		e.Ref = have.Ref
	}
	c := comparison{plan: p, in: t, day: p.Day}
	for i := range want.Attrs {
		e.Attrs = append(e.Attrs, c.explained(want, &want.Attrs[i], have))
	}
	for _, s := range sources {
		at := slices.IndexFunc(e.Attrs, func(x Explained) bool { return x.Attribute == s.Attribute })
		if at < 0 {
			x := Explained{Attribute: s.Attribute, Rule: s.Rule, Fate: FateUnmanaged, Unmanaged: s.Unmanaged}
			if have != nil {
				x.Have, x.ShowHave = have.Attrs[s.Attribute], have.Shows[s.Attribute]
			}
			x.Result = x.Have
			e.Attrs, at = append(e.Attrs, x), len(e.Attrs)
		}
		e.Attrs[at].Templates, e.Attrs[at].Setting, e.Attrs[at].Inputs = s.Templates, s.Setting, s.Inputs
	}
	slices.SortFunc(e.Attrs, func(a, b Explained) int { return compareNames(a.Attribute, b.Attribute) })
	return e
}

// explained follows one attribute into the plan.
func (c *comparison) explained(want *Object, a *Attr, have *Found) Explained {
	x := Explained{Attribute: a.Name, Rule: a.Rule, Asked: a.Value, ShowAsked: a.Show, Why: a.Why, Fate: FateWaiting}
	asked := a.Value
	if have != nil {
		x.Have, x.ShowHave = have.Attrs[a.Name], have.Shows[a.Name]
		asked = c.asked(want.ID, a, have)
	}
	x.Result = x.Have
	change := c.operationOf(want.ID, a.Name)
	switch {
	case change != nil:
		x.Fate, x.Origin, x.Result = FateWritten, change.Origin, change.New
	case have != nil && c.unread(a.Name):
		x.Fate = FateUnread
	case slices.Equal(asked, x.Have):
		x.Fate = FateSame
	case have == nil:
	case have.Held[a.Name] != "":
		x.Fate = FateHeld
	case a.Rule == Create:
		x.Fate = FateCreate
	case c.keeps(want.ID, a, have):
		x.Fate = FateKept
	case c.drifted(want.ID, a.Name):
		x.Fate = FateDrift
	}
	return x
}

// operationOf finds what the plan writes to an attribute; nil when it leaves it.
func (c *comparison) operationOf(id ID, name string) *AttrChange {
	for i := range c.plan.Operations {
		op := &c.plan.Operations[i]
		if op.Target == c.in.Desired.Target && op.Object == id {
			if a := op.Attr(name); a != nil {
				return a
			}
		}
	}
	return nil
}

func (c *comparison) drifted(id ID, name string) bool {
	return slices.ContainsFunc(c.plan.Drift, func(d Drift) bool {
		return d.Target == c.in.Desired.Target && d.Object == id &&
			slices.ContainsFunc(d.Attrs, func(a AttrChange) bool { return a.Name == name })
	})
}

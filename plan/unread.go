package plan

import (
	"slices"
	"strconv"
)

// Unread is what the planned organisation asks about and a read did not see, because it
// was made for another one, as the one of a snapshot was. What it names is never compared:
// a value that nobody has read is not one that is not there.
type Unread struct {
	Attributes map[string]bool // not read of any object
	// Objects are known in part, or not at all: whether they are there, and how, is open.
	Objects map[ID]bool
	// Signs, by Sign.Name, were not read of foreign objects, so nothing can be recognised of
	// which they would tell.
	Signs map[string]bool
	// Unseen counts objects that only the planned organisation states, that nobody has
	// looked for, and that are taken not to be there.
	Unseen int
}

// Seen gives what a target held as a read would have given it that looks for the given
// attributes (see Reading.Attributes): without those that it would not look for, and with
// word of those that were not read.
func (r *Reading) Seen(attributes map[string]string) Actual {
	a, drop, unread := r.Actual, map[string]bool{}, map[string]bool{}
	for name := range r.Attributes {
		if _, asked := attributes[name]; !asked {
			drop[name] = true
		}
	}
	for name, how := range attributes {
		if was, read := r.Attributes[name]; !read || was != how {
			drop[name], unread[name] = true, true
		}
	}
	if len(unread) > 0 {
		a.Unread = &Unread{Attributes: unread}
	}
	if len(drop) == 0 {
		return a
	}
	for i := range a.Objects {
		a.Objects[i].without(drop)
	}
	for i := range a.Foreign {
		if c := a.Foreign[i].Candidate; c != nil && c.Found != nil {
			c.Found.without(drop)
		}
	}
	return a
}

func (f *Found) without(names map[string]bool) {
	for name := range names {
		delete(f.Attrs, name)
		delete(f.Shows, name)
	}
}

// unread reports whether an attribute of what is there was not read.
func (c *comparison) unread(attribute string) bool {
	return c.in.Actual.Unread != nil && c.in.Actual.Unread.Attributes[attribute]
}

// open reports whether it is not known how an object is there, or whether it is.
func (c *comparison) open(id ID) bool {
	return c.in.Actual.Unread != nil && c.in.Actual.Unread.Objects[id]
}

// waitToRead leaves an object as it is, whatever that is, until it is read.
func (c *comparison) waitToRead(want *Object) {
	c.wait(want, "planen er lavet af et øjebliksbillede, som er læst, før filerne nævnte den; hvordan den er, ses først, når systemet læses",
		"the plan was made from a snapshot that was read before the files named it; how it is shows when the system is read")
}

// sayUnread says, for each attribute that was not read, of how many objects it is asked
// for that are there already: what becomes of them is not known.
func (c *comparison) sayUnread() {
	if c.in.Actual.Unread == nil {
		return
	}
	for _, name := range sortedKeys(c.in.Actual.Unread.Attributes) {
		n := 0
		for i := range c.in.Desired.Objects {
			if want := &c.in.Desired.Objects[i]; want.Attr(name) != nil && c.foundObject(want.ID) != nil {
				n++
			}
		}
		if n > 0 {
			c.plan.Attention = append(c.plan.Attention, Attention{
				Code: AttentionUnread, Target: c.in.Desired.Target, Name: name, Detail: strconv.Itoa(n),
			})
		}
	}
}

// unreadSign reports whether a sign of an object that is missing was not read of foreign
// objects of its kind, so that one of them may be it, or may not.
func (m *matching) unreadSign(want *Object) bool {
	u := m.in.Actual.Unread
	if u == nil || !slices.ContainsFunc(m.signs[want.ID], func(s Sign) bool { return u.Signs[s.Name] && len(s.Values) > 0 }) {
		return false
	}
	return slices.ContainsFunc(m.foreign, func(f *Foreign) bool { return f.Candidate.Found != nil && f.Candidate.Found.Kind == want.Kind })
}

package plan

import (
	"maps"
	"slices"
)

// verdict is what becomes of an object that is asked for and that orgit does not own yet.
type verdict int

const (
	verdictNone   verdict = iota // nothing there is it: it is made
	verdictSure                  // one object is it: it is adopted
	verdictAsk                   // a person has to decide
	verdictWrong                 // what the organisation says about it cannot be
	verdictHidden                // the sign that would tell could not be read here
	verdictUnread                // what would tell was not read, for nobody asked for it then
)

type decision struct {
	verdict  verdict
	foreign  *Foreign // for verdictSure
	signs    []SignMatch
	possible []Possible      // for verdictAsk
	wrong    ExistingProblem // for verdictWrong
}

// matching looks, for every object that is asked for and not there, among the foreign
// objects for the same one. Its result depends on nothing but what is asked for and what
// is there.
type matching struct {
	in      *TargetInput
	missing map[ID]*Object
	foreign []*Foreign
	signs   map[ID][]Sign // of what is missing
	decided map[ID]*decision
	adopted map[*Foreign]*Object
	index   map[string][]*Foreign // by name and value of a sign
	hides   map[string][]*Foreign // by the name of the sign that could not be read
	// became gives, for an adopted object, what referred to it as a foreign one, and the
	// other way round.
	became, was map[string]string
}

// match decides about every object that is asked for and not there.
func (c *comparison) match() *matching {
	m := &matching{
		in: c.in, missing: map[ID]*Object{}, signs: map[ID][]Sign{}, decided: map[ID]*decision{}, adopted: map[*Foreign]*Object{},
		index: map[string][]*Foreign{}, hides: map[string][]*Foreign{}, became: map[string]string{}, was: map[string]string{},
	}
	for i := range c.in.Desired.Objects {
		if want := &c.in.Desired.Objects[i]; want.Signs != nil && c.foundObject(want.ID) == nil {
			m.missing[want.ID], m.signs[want.ID] = want, want.Signs()
		}
	}
	if len(m.missing) == 0 {
		return m
	}
	m.addForeign()
	m.decideNamed()
	for _, kind := range c.in.Desired.Kinds {
		m.decideKind(kind.Kind)
	}
	return m
}

// addForeign makes what is there findable by the signs that are looked for.
func (m *matching) addForeign() {
	finds, placed := map[string]bool{}, map[string]bool{}
	for _, signs := range m.signs {
		for _, s := range signs {
			finds[s.Name] = finds[s.Name] || s.Finds
			placed[s.Name] = placed[s.Name] || s.In != ""
		}
	}
	for i := range m.in.Actual.Foreign {
		f := &m.in.Actual.Foreign[i]
		if f.Candidate == nil {
			continue
		}
		m.foreign = append(m.foreign, f)
		if f.Candidate.Hides != "" {
			m.hides[f.Candidate.Hides] = append(m.hides[f.Candidate.Hides], f)
		}
		for name, values := range f.Candidate.Signs {
			in := ""
			if placed[name] {
				in = f.Candidate.In
			}
			for _, v := range values {
				if key := signKey(name, in, v); finds[name] {
					m.index[key] = append(m.index[key], f)
				}
			}
		}
	}
}

func signKey(name, in, value string) string { return name + "\x00" + in + "\x00" + value }

// decideKind decides about the objects of a kind, those that hold others first: what
// stands in an OU that is adopted can only be recognised when it is.
func (m *matching) decideKind(kind Kind) {
	var left []*Object
	for _, id := range slices.SortedFunc(maps.Keys(m.missing), ID.Compare) {
		if id.Kind == kind && m.decided[id] == nil {
			left = append(left, m.missing[id])
		}
	}
	for len(left) > 0 {
		var now, later []*Object
		undecided := make(map[string]bool, len(left))
		for _, want := range left {
			undecided[want.ID.String()] = true
		}
		for _, want := range left {
			if slices.ContainsFunc(m.signs[want.ID], func(s Sign) bool { return undecided[s.In] }) {
				later = append(later, want)
			} else {
				now = append(now, want)
			}
		}
		if len(now) == 0 { // they stand in each other, which the order of operations reports
			now, later = left, nil
		}
		m.decideTogether(now)
		left = later
	}
}

// evidence is what an object that is asked for and one that is there have in common: the
// signs by which it was found, as a set of bits in their order.
type evidence map[*Foreign]uint64

// decideTogether decides about objects that may want the same one.
func (m *matching) decideTogether(wants []*Object) {
	found := make(map[*Object]evidence, len(wants))
	rivals := map[*Foreign][]*Object{}
	for _, want := range wants {
		if want.Existing != "" && want.Gone == nil {
			if m.decided[want.ID] == nil {
				m.decided[want.ID] = &decision{} // none of those there is it
			}
			continue
		}
		if want.Gone == nil && m.unreadSign(want) {
			m.decided[want.ID] = &decision{verdict: verdictUnread}
			continue
		}
		found[want] = m.find(want)
		for f := range found[want] {
			rivals[f] = append(rivals[f], want)
		}
	}
	for _, want := range wants {
		if m.decided[want.ID] != nil {
			continue
		}
		if want.Gone != nil { // it is never adopted; it only keeps its own from others
			m.decided[want.ID] = &decision{}
			continue
		}
		m.decided[want.ID] = m.judge(want, found, rivals)
	}
	for _, want := range wants {
		if d := m.decided[want.ID]; d.verdict == verdictSure {
			m.take(want, d.foreign)
		}
	}
	for _, want := range wants {
		if d := m.decided[want.ID]; d.verdict == verdictNone && want.Gone == nil && want.Existing == "" && m.hidden(want) {
			d.verdict = verdictHidden
		}
	}
}

// hidden reports whether something there that nobody has been recognised in has a sign that
// could not be read, by which it might be the object.
func (m *matching) hidden(want *Object) bool {
	for _, s := range m.signs[want.ID] {
		if s.Finds && slices.ContainsFunc(m.hides[s.Name], func(f *Foreign) bool { return m.adopted[f] == nil }) {
			return true
		}
	}
	return false
}

func (m *matching) take(want *Object, f *Foreign) {
	m.adopted[f] = want
	m.became[f.Candidate.Value] = want.ID.String()
	m.was[want.ID.String()] = f.Candidate.Value
}

// recognised gives what each foreign object is that was taken for one that is asked for, by its handle; nil when none is.
func (m *matching) recognised() map[string]ID {
	if len(m.adopted) == 0 {
		return nil
	}
	all := make(map[string]ID, len(m.adopted))
	for f, want := range m.adopted {
		all[f.Candidate.Handle] = want.ID
	}
	return all
}

// find gives what is there by each sign that finds.
func (m *matching) find(want *Object) evidence {
	e := evidence{}
	for i, s := range m.signs[want.ID] {
		if !s.Finds {
			continue
		}
		places := []string{s.In}
		if was, ok := m.was[s.In]; ok {
			places = append(places, was)
		}
		for _, in := range places {
			for _, v := range s.Values {
				for _, f := range m.index[signKey(s.Name, in, v)] {
					if m.adopted[f] == nil {
						e[f] |= 1 << i
					}
				}
			}
		}
	}
	return e
}

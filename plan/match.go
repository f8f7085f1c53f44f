package plan

import (
	"cmp"
	"maps"
	"slices"
)

// Sign is something by which an object that is in a target already can be recognised as
// one that is asked for. Which signs there are, and what each is worth, the target says.
type Sign struct {
	Name string
	// Values are in a form in which equal values are equal; any of them counts.
	Values []string
	// In is the container in which the values mean something, as the container attribute
	// has it; empty for a sign that means the same everywhere.
	In       string
	Finds    bool   // objects are looked for by it
	Strong   bool   // whoever has it needs no sign that confirms
	Confirms bool   // what was found by signs that are not strong must have it too
	Against  bool   // another value than the ones asked for speaks against an object
	Unsure   bool   // the organisation itself has the value for several: it proves nothing alone
	Show     string // the values as people read them; empty where they are not shown
}

// SignExisting is the sign by which an object is adopted that the organisation names.
const SignExisting = "existing"

// Candidate is what is known of a foreign object by which it may turn out to be one that
// is asked for. It stays in memory: no plan and no output holds more of it than the
// signs that matched or spoke against it.
type Candidate struct {
	Handle string // names the object in the target for ever
	Value  string // how the values of other objects refer to it
	// Found is the object as it would be found if it were orgit's, without an identity;
	// nil for an object of a kind that orgit does not keep.
	Found *Found
	Kind  string              // what it is, for one without Found: "group"
	Signs map[string][]string // by Sign.Name, in the form of Sign.Values
	In    string              // the container that it stands in, in the form of Sign.In
	Shows map[string]string   // the values of signs as people read them
	// Hides names a sign that the object has and that could not be read here; whether it is
	// one that is asked for is then not known. Empty when everything could be.
	Hides string
	// Protected is why orgit may not touch the object; empty when it may.
	Protected Protection
	// Owner is what stands where orgit would write that it owns the object.
	Owner string
}

// SignMatch is a sign by which an object was recognised.
type SignMatch struct {
	Name  string `json:"name"`
	Value string `json:"value,omitempty"` // empty where it is not shown
}

// ObjectionCode is what speaks against taking an object for the one that is asked for.
type ObjectionCode string

// The objections.
const (
	ObjectionDiffers   ObjectionCode = "differs"   // the sign Name has another value
	ObjectionLacks     ObjectionCode = "lacks"     // the sign Name, which would confirm it, is not there
	ObjectionUnsure    ObjectionCode = "unsure"    // the organisation has the sign Name for several
	ObjectionClaimed   ObjectionCode = "claimed"   // it may be Ours just as well: another object that is asked for
	ObjectionProtected ObjectionCode = "protected" // orgit may not touch it; Name is the Protection
	ObjectionKind      ObjectionCode = "kind"      // it is something else: Theirs
	ObjectionOwner     ObjectionCode = "owner"     // Theirs stands where orgit would write that it owns it
)

// Objection is one thing that speaks against an object.
type Objection struct {
	Code   ObjectionCode `json:"code"`
	Name   string        `json:"name,omitempty"`
	Theirs string        `json:"theirs,omitempty"`
	Ours   string        `json:"ours,omitempty"`
}

// Possible is an object in a target that may be the one that is asked for.
type Possible struct {
	Ref     string      `json:"ref"`
	Handle  string      `json:"handle"`
	Signs   []SignMatch `json:"signs"`
	Against []Objection `json:"against,omitempty"`
}

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

// stronger reports whether a set of signs holds all of another and more.
func stronger(a, b uint64) bool { return a != b && a&b == b }

// judge decides about one object: sure when one object is found by more than every other
// is, nothing speaks against it, and nobody else has as good a claim to it.
func (m *matching) judge(want *Object, found map[*Object]evidence, rivals map[*Foreign][]*Object) *decision {
	mine := found[want]
	if len(mine) == 0 {
		return &decision{}
	}
	there := slices.SortedFunc(maps.Keys(mine), func(a, b *Foreign) int {
		return cmp.Or(cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Candidate.Handle, b.Candidate.Handle))
	})
	var best *Foreign
	for _, f := range there {
		if !slices.ContainsFunc(there, func(g *Foreign) bool { return g != f && !stronger(mine[f], mine[g]) }) {
			best = f
		}
	}
	against := map[*Foreign][]Objection{}
	for _, f := range there {
		against[f] = objections(want.Kind, m.signs[want.ID], f.Candidate, mine[f])
		for _, other := range rivals[f] {
			if other != want && !stronger(mine[f], found[other][f]) {
				against[f] = append(against[f], Objection{Code: ObjectionClaimed, Ours: other.Name})
			}
		}
	}
	if best != nil && len(against[best]) == 0 {
		return &decision{verdict: verdictSure, foreign: best, signs: matchedSigns(m.signs[want.ID], best.Candidate, mine[best])}
	}
	d := &decision{verdict: verdictAsk}
	for _, f := range there {
		d.possible = append(d.possible, Possible{
			Ref: f.Ref, Handle: f.Candidate.Handle, Signs: matchedSigns(m.signs[want.ID], f.Candidate, mine[f]), Against: against[f],
		})
	}
	return d
}

func matchedSigns(signs []Sign, c *Candidate, found uint64) []SignMatch {
	var matched []SignMatch
	for i, s := range signs {
		if found&(1<<i) != 0 {
			matched = append(matched, SignMatch{Name: s.Name, Value: c.Shows[s.Name]})
		}
	}
	return matched
}

// objections are what speaks against taking an object that was found for the one that is
// asked for.
func objections(kind Kind, signs []Sign, c *Candidate, found uint64) []Objection {
	list := unusable(kind, c)
	strong, sure := false, false
	for i, s := range signs {
		if found&(1<<i) != 0 && !s.Unsure {
			strong, sure = strong || s.Strong, true
		}
	}
	for i, s := range signs {
		theirs := c.Signs[s.Name]
		switch {
		case found&(1<<i) != 0:
			if s.Unsure && !sure {
				list = append(list, Objection{Code: ObjectionUnsure, Name: s.Name})
			}
		case len(s.Values) == 0 || slices.ContainsFunc(theirs, func(v string) bool { return slices.Contains(s.Values, v) }):
		case s.Against && len(theirs) > 0, s.Confirms && !strong && len(theirs) > 0:
			list = append(list, Objection{Code: ObjectionDiffers, Name: s.Name, Theirs: c.Shows[s.Name], Ours: s.Show})
		case s.Confirms && !strong && c.Found != nil:
			list = append(list, Objection{Code: ObjectionLacks, Name: s.Name})
		}
	}
	return list
}

// unusable is why an object cannot be adopted, whichever it is.
func unusable(kind Kind, c *Candidate) []Objection {
	var list []Objection
	if c.Found == nil || c.Found.Kind != kind {
		list = append(list, Objection{Code: ObjectionKind, Theirs: c.Kind})
	}
	if c.Protected != "" {
		list = append(list, Objection{Code: ObjectionProtected, Name: string(c.Protected)})
	}
	if c.Owner != "" {
		list = append(list, Objection{Code: ObjectionOwner, Theirs: c.Owner})
	}
	return list
}

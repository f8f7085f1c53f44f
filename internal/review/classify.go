package review

import (
	"cmp"
	"maps"
	"reflect"
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
)

// Proposal is what is classified.
type Proposal struct {
	// Approved is what main states before the merge: its rules judge. Proposed is what main would state after it.
	Approved, Proposed *org.Organisation
	// Plan is what the proposal does in the systems; nil: that is not known, and the working group decides. Only what comes
	// from the proposal (plan.FromChange) is looked at.
	Plan *plan.Plan
	// Files are the names of all files that differ, from the organisation's folder, with slashes.
	Files []string
	// Source is the source that the proposal is known to come from (see [Signed]); empty: people made it.
	Source string
	Day    org.Day // from which leaders are seen, and how long ago an effect day is
}

// Classification is what is in a proposal and who has to approve it.
type Classification struct {
	// Class is the key of the class that decides; empty: no class does, so the working group.
	Class     string `json:"class,omitempty"`
	Approvers string `json:"approvers"` // org.ByRule, org.ByLeader or org.ByGroup
	// Approvals is how many of the working group have to approve. It is given whatever the class: the group may decide what
	// a leader may.
	Approvals int    `json:"approvals"`
	Items     []Item `json:"items"` // in the order of the changes, then of the consequences
	// Areas are the parts of the organisation that each have a leader who has to approve, for org.ByLeader.
	Areas []Area `json:"areas,omitempty"`
	// Group is the working group and Substitutes those who stand in for somebody, as main has them.
	Group       []string         `json:"group"`
	Substitutes []org.Substitute `json:"substitutes,omitempty"`
	HoldLabel   string           `json:"holdLabel"`

	people *logins
	about  map[string]bool // keys of everybody whom the proposal is about
}

// AsksTheSame reports whether another classification of the same proposal asks the same people for approval: then the same
// approvals give the same verdict.
func (c Classification) AsksTheSame(d Classification) bool {
	return c.Class == d.Class && c.Approvers == d.Approvers && c.Approvals == d.Approvals && reflect.DeepEqual(c.Areas, d.Areas) &&
		maps.Equal(c.about, d.about)
}

// Item is one thing in a proposal: a change, or a consequence that no change says.
type Item struct {
	Kind  string   `json:"kind"` // by the names of org.ReviewKinds
	Marks []string `json:"marks,omitempty"`
	// Change is what is said of it; its values are not repeated here. Nil for consequences and files.
	Change *change.Change `json:"-"`
	Name   string         `json:"name"`
	Path   org.Path       `json:"path,omitempty"` // of the entry, or the name of a file
	Effect org.Day        `json:"effect,omitempty"`
	// Class and Approvers are what decides about it; Class is empty where no class does.
	Class     string `json:"class,omitempty"`
	Approvers string `json:"approvers"`
	Approvals int    `json:"approvals,omitempty"` // of the group
	// Passed are the classes that name the kind and do not decide, with the reason.
	Passed []Passed `json:"passed,omitempty"`

	people []string // keys of those whom it is about: they never approve it
	units  []string // keys of the units that it concerns
}

// Passed is why a class that names a kind does not decide about an item.
type Passed struct {
	Class  string `json:"class"`
	Reason Reason `json:"reason"`
}

// Reason says why something does not count. [Reason.Text] writes it for people.
type Reason string

// Why a class does not decide.
const (
	PassedSource   Reason = "source"   // the proposal does not come from the class's source
	PassedNever    Reason = "never"    // the class says never
	PassedShielded Reason = "shielded" // it is about somebody who is shielded, or safeguarded
	PassedBackdate Reason = "backdate" // it holds from too long ago
	PassedPerRun   Reason = "perRun"   // there are too many of them
	PassedLogin    Reason = "login"    // leaders cannot be recognised: review.login is not stated
	PassedGroup    Reason = "group"    // only the working group decides about the kind
	PassedBroken   Reason = "broken"   // the class lacks what it needs, or has approvers that are not known
)

// classifier sorts what is in one proposal.
type classifier struct {
	Proposal
	rules   org.Review
	view    *org.View // of the approved organisation
	people  *logins
	leaders map[string]bool     // keys of those who lead something, before or after
	hired   map[string]bool     // keys of people who are hired in the proposal
	said    map[string][]string // kinds of the changes of an entry, by its path
	items   []Item
}

// Classify says what is in a proposal and who has to approve it, by the rules of the approved organisation.
func Classify(p Proposal) Classification {
	if p.Approved == nil { // nothing is approved yet, so there is nobody who could approve
		p.Approved = org.New(org.Organisation{}, nil)
	}
	c := &classifier{
		Proposal: p, rules: p.Approved.Settings.Review, view: p.Approved.On(p.Day), people: loginsOf(p.Approved, p.Day),
		leaders: leadersOf(p.Day, p.Approved, p.Proposed), hired: map[string]bool{}, said: map[string][]string{},
	}
	c.changes()
	c.files()
	c.consequences()
	if len(c.items) == 0 {
		c.add(Item{Kind: org.KindUnknown})
	}
	c.sort(nil)
	return c.result()
}

func (c *classifier) add(item Item) {
	c.items = append(c.items, item)
	entry := entryOf(item.Path)
	c.said[entry] = append(c.said[entry], item.Kind)
}

func (c *classifier) changes() {
	changes := change.Compare(c.Approved, c.Proposed)
	for _, ch := range changes {
		if ch.Kind == change.Hire || ch.Kind == change.Rehire {
			c.hired[ch.Subject.Key] = true
		}
	}
	for i := range changes {
		ch := &changes[i]
		item := Item{Kind: c.kindOf(*ch), Change: ch, Name: ch.Subject.Name, Path: ch.Path, Effect: effectOf(*ch)}
		c.mark(&item)
		c.add(item)
	}
}

// effectOf is the day from which a change holds, as far back as it may be meant; empty: it always was so.
func effectOf(ch change.Change) org.Day {
	if ch.Effect == "" && !ch.Correction {
		return ch.Was // what ended on a day and no longer does
	}
	return ch.Effect
}

// files looks at what no change can say: files that hold no entries, and texts in which nothing but a comment is new.
func (c *classifier) files() {
	for _, name := range c.Files {
		if !org.IsDataFile(name) {
			c.add(Item{Kind: org.KindFiles, Name: name, Path: org.Path(name)})
		}
	}
	switch {
	case len(c.items) > 0 && len(c.Files) == 0: // something changed in no file: what was compared is not what is proposed
		c.add(Item{Kind: org.KindUnknown})
	case len(c.items) == 0 && len(c.Files) > 0:
		c.add(Item{Kind: org.KindText, Name: c.Files[0], Path: org.Path(c.Files[0])})
	}
}

// sort finds the class of each item. spent are classes that no longer approve by rule, because there were too many.
func (c *classifier) sort(spent map[string]bool) {
	count := map[string]int{}
	for i := range c.items {
		item := &c.items[i]
		c.decide(item, spent)
		if item.Approvers == org.ByRule {
			count[item.Class]++
		}
	}
	over := map[string]bool{}
	for name, n := range count {
		if n > c.rules.Classes[name].PerRun {
			over[name] = true
		}
	}
	if len(over) > 0 {
		for name := range spent {
			over[name] = true
		}
		c.sort(over)
	}
}

// decide finds the class of one item: a rule that believes its source before a class for people, and of those the
// stricter one.
func (c *classifier) decide(item *Item, spent map[string]bool) {
	item.Class, item.Approvers, item.Approvals, item.Passed = "", org.ByGroup, c.groupApprovals(), nil
	kind, known := org.ReviewKindNamed(item.Kind)
	rank := 0 // of what was chosen: rule 3, group 2, leader 1
	for _, name := range sortedKeys(c.rules.Classes) {
		class := c.rules.Classes[name]
		if !slices.Contains(class.Kinds, item.Kind) {
			continue
		}
		if reason := c.passes(class, item, kind.GroupOnly || !known, spent[name]); reason != "" {
			item.Passed = append(item.Passed, Passed{name, reason})
			continue
		}
		if r := map[string]int{org.ByRule: 3, org.ByGroup: 2, org.ByLeader: 1}[class.Approvers]; r > rank {
			rank, item.Class, item.Approvers = r, name, class.Approvers
			item.Approvals = cmp.Or(class.Approvals, c.groupApprovals())
			if kind.GroupOnly {
				item.Approvals = max(item.Approvals, c.groupApprovals())
			}
		}
	}
	if item.Approvers != org.ByGroup {
		item.Approvals = c.groupApprovals() // the group may decide in the leader's place
	}
}

func (c *classifier) groupApprovals() int { return max(c.rules.Approvals, 1) }

// passes says why a class that names the item's kind does not decide about it; empty when it does.
func (c *classifier) passes(class org.ReviewClass, item *Item, groupOnly, spent bool) Reason {
	never := slices.Contains(class.Never, item.Kind) ||
		slices.ContainsFunc(item.Marks, func(mark string) bool { return slices.Contains(class.Never, mark) })
	switch {
	case never:
		return PassedNever
	case class.Approvers == org.ByGroup:
		return ""
	case groupOnly:
		return PassedGroup
	case class.Approvers == org.ByLeader && class.Approvals > 1:
		return PassedBroken
	case class.Approvers == org.ByLeader && c.rules.Login == "":
		return PassedLogin
	case class.Approvers == org.ByLeader:
		return ""
	case class.Approvers != org.ByRule || class.Source == "" || class.PerRun < 1:
		return PassedBroken
	case class.Source != c.Source:
		return PassedSource
	case slices.Contains(item.Marks, org.KindShielded) || slices.Contains(item.Marks, org.KindSafeguarded):
		return PassedShielded
	case item.Effect == "" || item.Effect < c.Day.Add(-class.MaxBackdateDays) || c.Day == "":
		return PassedBackdate
	case spent:
		return PassedPerRun
	}
	return ""
}

// result gathers what the items ask for: the strictest of it, and for leaders every area.
func (c *classifier) result() Classification {
	r := Classification{
		Approvers: org.ByRule, Approvals: c.groupApprovals(), Items: c.items, Group: c.rules.Group, Substitutes: c.rules.Substitutes,
		HoldLabel: cmp.Or(c.rules.HoldLabel, "orgit::hold"), people: c.people, about: map[string]bool{},
	}
	strictness := map[string]int{org.ByRule: 0, org.ByLeader: 1, org.ByGroup: 2}
	most, class := 0, 0 // approvals that anything asks for, and that the deciding class does
	for i, item := range c.items {
		for _, key := range item.people {
			r.about[key] = true
		}
		// A class may ask the group for less than a leader's approval is worth, so the most that anything asks for holds.
		if item.Approvers != org.ByRule {
			most = max(most, item.Approvals)
		}
		s, now := strictness[item.Approvers], strictness[r.Approvers]
		if i == 0 || s > now || s == now && stricter(item, class, r.Class) {
			r.Approvers, r.Class, class = item.Approvers, item.Class, item.Approvals
		}
	}
	if most > 0 {
		r.Approvals = most
	}
	if r.Approvers == org.ByLeader {
		r.Areas = c.areas()
	}
	return r
}

// stricter reports whether an item asks for more than the class that was found before, or for as much without a class that
// names it.
func stricter(item Item, approvals int, class string) bool {
	return item.Approvals > approvals || item.Approvals == approvals && item.Class == "" && class != ""
}

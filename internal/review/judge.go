package review

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/org"
)

// Facts are what the server says about a merge request, and what the caller holds it against.
type Facts struct {
	Request   gitlab.MergeRequest
	Approvals []gitlab.Approval
	Versions  []gitlab.Version
	Commits   []gitlab.Commit // all of them
	// Head is the commit that is judged: the one that is to be merged, or the merge's second parent.
	Head string
	// Target is the name of the approved branch.
	Target string
	// Forks says that proposals from forks are taken. It comes from the environment, never from files.
	Forks bool
	// Proposers are those whom signed commits name as proposers (see [Signed]), beside the author.
	Proposers []string
}

// Verdict is whether a merge request is approved, and why.
type Verdict struct {
	Satisfied bool `json:"satisfied"`
	// By is what satisfied it: org.ByRule, org.ByLeader or org.ByGroup; empty when nothing did.
	By        string `json:"by,omitempty"`
	Class     string `json:"class,omitempty"`
	Approvers string `json:"approvers"` // what the class asks for
	Needed    int    `json:"needed"`    // of the working group, where it decides

	Counted    []Counted    `json:"counted"`    // in order of time
	NotCounted []NotCounted `json:"notCounted"` // in order of username
	// Blocks stand against it whoever approved.
	Blocks []Block `json:"blocks,omitempty"`
	// Missing is how many of the working group still have to approve, where it decides or could; MayApprove are the members
	// who can.
	Missing    int      `json:"missing,omitempty"`
	MayApprove []string `json:"mayApprove,omitempty"`
	// Areas are those whose leader has not approved.
	Areas []MissingArea `json:"areas,omitempty"`
}

// Counted is an approval that counts.
type Counted struct {
	Username string    `json:"username"`
	As       string    `json:"as"` // the member or leader in whose place: themselves, or whom they stand in for
	Units    []string  `json:"units,omitempty"`
	At       time.Time `json:"at"`
}

// NotCounted is an approval that does not count.
type NotCounted struct {
	Username string `json:"username"`
	Reason   Reason `json:"reason"`
}

// Block is what stands against a merge request whoever approved it.
type Block struct {
	Reason Reason `json:"reason"`
	Detail string `json:"detail,omitempty"`
}

// MissingArea is an area whose leader has not approved.
type MissingArea struct {
	Unit      string   `json:"unit"`
	Name      string   `json:"name"`
	Usernames []string `json:"usernames"` // who can approve; none: no leader can be recognised
}

// Why an approval does not count.
const (
	NotUser       Reason = "user"       // the server does not say whose it is
	NotBot        Reason = "bot"        // it is a program's
	NotOwn        Reason = "own"        // they propose it
	NotCommitter  Reason = "committer"  // they wrote one of its commits, or may be the one who did
	NotTime       Reason = "time"       // the server does not say when it was given
	NotAfterPush  Reason = "push"       // it was given before the last push
	NotAbout      Reason = "about"      // the proposal is about them
	NotNamed      Reason = "named"      // they are neither in the working group nor the leader who is asked
	NotSubstitute Reason = "substitute" // they stand in for somebody at another time
	NotTwice      Reason = "twice"      // the same person, or whom they stand in for, counts already
)

// What stands against a merge request.
const (
	BlockState    Reason = "state"    // neither open nor merged
	BlockTarget   Reason = "target"   // it is for another branch
	BlockFork     Reason = "fork"     // it comes from another project
	BlockDraft    Reason = "draft"    //
	BlockThreads  Reason = "threads"  // a thread is open, or it is not known that none is
	BlockLabel    Reason = "label"    // the label that holds it
	BlockHead     Reason = "head"     // it points to another commit than the one that is judged
	BlockAuthor   Reason = "author"   // nobody knows whose it is
	BlockVersions Reason = "versions" // it is not known when the head was pushed
	BlockCommits  Reason = "commits"  // it is not known who wrote the commits
)

// Judge says whether a merge request has the approvals that its classification asks for.
func Judge(c Classification, f Facts) Verdict {
	v := Verdict{Class: c.Class, Approvers: c.Approvers, Needed: c.Approvals, Counted: []Counted{}, NotCounted: []NotCounted{}}
	v.Blocks = blocks(c, f)
	j := &judging{Classification: c, Facts: f, verdict: &v}
	j.pushed = pushed(f)
	j.take()
	group, areas := j.group(), j.areasApproved()
	switch {
	case c.Approvers == org.ByRule:
		v.By = org.ByRule
	case c.Approvers == org.ByLeader && areas:
		v.By = org.ByLeader
	case group:
		v.By = org.ByGroup
	}
	j.conclude()
	v.Satisfied = v.By != "" && len(v.Blocks) == 0
	return v
}

func blocks(c Classification, f Facts) []Block {
	var list []Block
	r := f.Request
	add := func(is bool, reason Reason, detail string) {
		if is {
			list = append(list, Block{reason, detail})
		}
	}
	add(r.State != gitlab.Opened && r.State != gitlab.Merged, BlockState, r.State)
	add(f.Target == "" || r.Target != f.Target, BlockTarget, r.Target)
	add(r.TargetProject == 0 || r.SourceProject == 0 || r.SourceProject != r.TargetProject && !f.Forks, BlockFork, "")
	// What is merged is past these two: a thread that somebody begins the day after must not stop everything else.
	add(r.State != gitlab.Merged && r.Draft, BlockDraft, "")
	add(r.State != gitlab.Merged && !r.ThreadsResolved, BlockThreads, "")
	add(slices.ContainsFunc(r.Labels, func(label string) bool { return strings.EqualFold(label, c.HoldLabel) }), BlockLabel, c.HoldLabel)
	add(f.Head == "" || r.Head != f.Head, BlockHead, r.Head)
	add(r.Author.Username == "", BlockAuthor, "")
	add(pushed(f).IsZero(), BlockVersions, "")
	add(!slices.ContainsFunc(f.Commits, func(commit gitlab.Commit) bool { return commit.ID == f.Head }), BlockCommits, "")
	return list
}

// pushed is when the head that is judged was last pushed; zero where that is not known, or where something else was pushed
// after it.
func pushed(f Facts) time.Time {
	var last gitlab.Version
	for _, version := range f.Versions {
		if version.Created.IsZero() {
			return time.Time{}
		}
		if version.Created.After(last.Created) {
			last = version
		}
	}
	if f.Head == "" || last.Head != f.Head {
		return time.Time{}
	}
	return last.Created
}

// judging is the work of one Judge.
type judging struct {
	Classification
	Facts
	verdict *Verdict
	pushed  time.Time
	valid   []gitlab.Approval // in order of time, one for each person
	seated  map[string]string // by username in small letters, the member in whose place they count
}

// take sorts the approvals into those that can count, and the rest with the reason.
func (j *judging) take() {
	list := slices.Clone(j.Facts.Approvals)
	slices.SortStableFunc(list, func(a, b gitlab.Approval) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.User.Username, b.User.Username))
	})
	seen := map[string]bool{}
	for _, a := range list {
		reason := j.invalid(a)
		if who := j.people.who(a.User.Username); reason == "" && seen[who] {
			reason = NotTwice
		} else if reason == "" {
			seen[who] = true
		}
		if reason != "" {
			j.refuse(a, reason)
			continue
		}
		j.valid = append(j.valid, a)
	}
}

func (j *judging) refuse(a gitlab.Approval, reason Reason) {
	j.verdict.NotCounted = append(j.verdict.NotCounted, NotCounted{a.User.Username, reason})
}

// invalid says why an approval cannot count, whoever is asked to approve.
func (j *judging) invalid(a gitlab.Approval) Reason {
	switch {
	case a.User.Username == "":
		return NotUser
	case a.User.Bot:
		return NotBot
	case a.At.IsZero() || j.pushed.IsZero():
		return NotTime
	}
	if reason := j.excluded(a.User); reason != "" {
		return reason
	}
	if !a.At.After(j.pushed) {
		return NotAfterPush
	}
	return ""
}

// excluded says why nobody counts an approval of this user, at whatever time: they propose it, wrote it, or it is about
// them.
func (j *judging) excluded(u gitlab.User) Reason {
	who := j.people.who(u.Username)
	for _, proposer := range append([]string{j.Request.Author.Username}, j.Proposers...) {
		if proposer != "" && j.people.who(proposer) == who {
			return NotOwn
		}
	}
	if wroteOne(u, j.people.person(u.Username), j.Commits) {
		return NotCommitter
	}
	if p := j.people.person(u.Username); p != nil && j.about[p.Key] {
		return NotAbout
	}
	return ""
}

// conclude sorts the approvals that could count into those that do, and says what is missing.
func (j *judging) conclude() {
	v := j.verdict
	for _, a := range j.valid {
		counted, ok := j.counts(a)
		if !ok {
			j.refuse(a, j.unseated(a))
			continue
		}
		v.Counted = append(v.Counted, counted)
	}
	slices.SortStableFunc(v.NotCounted, func(a, b NotCounted) int { return strings.Compare(a.Username, b.Username) })
	if v.By != "" {
		v.Areas = nil
		return
	}
	v.Missing = max(j.Classification.Approvals-len(j.seated), 0)
	for _, member := range j.Group {
		if !j.taken(member) && j.excluded(gitlab.User{Username: member}) == "" {
			v.MayApprove = append(v.MayApprove, member)
		}
	}
}

func (j *judging) taken(member string) bool {
	for _, seat := range j.seated {
		if seat == strings.ToLower(member) {
			return true
		}
	}
	return false
}

// counts gives an approval as it counts for what was asked.
func (j *judging) counts(a gitlab.Approval) (Counted, bool) {
	counted := Counted{Username: a.User.Username, As: a.User.Username, At: a.At}
	if seat, ok := j.seated[strings.ToLower(a.User.Username)]; ok && j.verdict.By != org.ByLeader {
		counted.As = seat
		return counted, true
	}
	for _, area := range j.Areas {
		if leader, ok := j.leaderFor(area, a); ok {
			counted.As = leader
			counted.Units = append(counted.Units, area.Unit)
		}
	}
	return counted, len(counted.Units) > 0
}

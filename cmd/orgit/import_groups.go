package main

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/org/intake"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/plan/view"
	"orgit.dk/orgit/schema"
)

// importGroup is what goes into one merge request.
type importGroup struct {
	branch    string // behind import/SOURCE
	proposals []intake.Proposal
	questions []intake.Question // what it asks; none of what is sure
	*proposal                   // on its way to a branch
	outcome   *proposeOutcome
	nameless  []namelessHire
	says      string // what became of it on the server
}

// importBranches begins the names of branches that an import makes. They are the same every night, so that what is proposed
// again finds its merge request; and rules believe a source on these branches alone.
const importBranches = review.ImportBranches

// everyoneElse is the end of the name of the branch with all that is sure. No key looks like it.
const everyoneElse = "-samlet"

// refusedChange is a change of the register that cannot be carried out as it is.
type refusedChange struct {
	Entry [2]string `json:"entry"`
	Why   string    `json:"why"` // in the language of the settings
}

// group sorts what the register says into merge requests, and carries each out in memory: what is sure together, each
// person and unit that a rule does not approve, or about whom there is a question, alone. What cannot be carried out is taken
// out and told.
func (i *importing) group() error {
	sure := &importGroup{branch: importBranches + i.x.Source + everyoneElse, proposals: i.proposed.Proposals}
	if err := i.carryOut(sure); err != nil {
		return err
	}
	var alone []*importGroup
	if i.opts.propose {
		var err error
		if alone, err = i.takeOut(sure); err != nil {
			return err
		}
	}
	for _, q := range i.proposed.Questions {
		if len(q.Would) > 0 && i.opts.propose {
			alone = i.addAlone(alone, q.Entry[1], intake.Proposal{Changes: q.Would, Origin: q.Origin}, q)
		}
	}
	for _, g := range alone {
		if err := i.carryOut(g); err != nil {
			return err
		}
	}
	for _, g := range append([]*importGroup{sure}, alone...) {
		if g.outcome != nil {
			i.groups = append(i.groups, g)
		}
	}
	return nil
}

// takeOut takes those proposals out of what is sure that no rule of the review approves, where rules approve others of this
// register. Too many at a time stay together: that is for people to look at as a whole.
func (i *importing) takeOut(sure *importGroup) ([]*importGroup, error) {
	if sure.outcome == nil || !i.hasRule() {
		return nil, nil
	}
	c := review.Classify(review.Proposal{
		Approved: i.approved, Proposed: sure.planned, Files: slices.Sorted(maps.Keys(sure.edited)), Source: i.x.Source, Day: i.day,
	})
	odd := map[string]bool{}
	for _, item := range c.Items {
		many := slices.ContainsFunc(item.Passed, func(p review.Passed) bool { return p.Reason == review.PassedPerRun })
		if names := schema.SplitPath(string(item.Path)); item.Approvers != org.ByRule && !many && len(names) > 1 {
			odd[names[0]+" "+names[1]] = true
		}
	}
	var alone []*importGroup
	var kept []intake.Proposal
	for _, p := range sure.proposals {
		if !slices.ContainsFunc(p.Changes, func(c propose.Change) bool {
			return slices.ContainsFunc(c.Entries(), func(at [2]string) bool { return odd[at[0]+" "+at[1]] })
		}) {
			kept = append(kept, p)
			continue
		}
		alone = i.addAlone(alone, entryKey(p), p)
	}
	if len(alone) == 0 {
		return nil, nil
	}
	sure.proposals, sure.outcome = kept, nil
	return alone, i.carryOut(sure)
}

// hasRule reports whether a rule approves anything that comes from this register.
func (i *importing) hasRule() bool {
	for _, class := range i.approved.Settings.Review.Classes {
		if class.Approvers == org.ByRule && class.Source == i.x.Source {
			return true
		}
	}
	return false
}

// entryKey is the key of the person or unit that a proposal is about.
func entryKey(p intake.Proposal) string {
	if c := p.Changes[0]; c.Person != "" && c.Do != propose.DoAppoint {
		return c.Person
	}
	return p.Changes[0].Unit
}

// addAlone adds to the group of one person or unit, and makes it where there is none.
func (i *importing) addAlone(groups []*importGroup, key string, p intake.Proposal, asks ...intake.Question) []*importGroup {
	branch := importBranches + i.x.Source + "/" + key
	n := slices.IndexFunc(groups, func(g *importGroup) bool { return g.branch == branch })
	if n < 0 {
		groups = append(groups, &importGroup{branch: branch})
		n = len(groups) - 1
	}
	groups[n].proposals = append(groups[n].proposals, p)
	groups[n].questions = append(groups[n].questions, asks...)
	return groups
}

// carryOut edits the files for a group. Where changes do not fit, or the files would have errors because of them, the group is
// made again without what they belong to.
func (i *importing) carryOut(g *importGroup) error {
	try := func(list []intake.Proposal) (map[int]string, error) {
		g.proposals, g.outcome = list, nil
		return i.tryOut(g)
	}
	var err error
	g.proposals, err = fitting(g.proposals, try, i.refuse)
	if len(g.proposals) == 0 {
		g.outcome = nil
	}
	return err
}

func (i *importing) refuse(p intake.Proposal, why string) {
	c := p.Changes[0]
	entry := [2]string{"people", c.Person}
	if c.Person == "" {
		entry = [2]string{"units", c.Unit}
	}
	i.refused = append(i.refused, refusedChange{entry, why})
}

// tryOut carries a group out once. bad says of each proposal that does not fit why not; errSomewhere that something is wrong
// that none of them can be blamed for.
func (i *importing) tryOut(g *importGroup) (bad map[int]string, err error) {
	if i.names != nil {
		delete(i.names.given, g.branch) // what an earlier try gave
	}
	p := *i.proposal
	p.parent, p.before, p.warnings, p.edited, p.planned = i.provenance.Base, i.approved, nil, nil, nil
	if p.session, err = propose.NewSession(i.approve, i.approved, i.day, i.env.ids()); err != nil {
		return nil, err
	}
	logins := i.loginsFor(g)
	if bad = i.edit(&p, g, logins); len(bad) > 0 {
		return bad, nil
	}
	faults, err := p.faults()
	if errors.Is(err, errUnchanged) {
		return everyOne(g, i.say("ændrer ikke noget", "changes nothing")), nil
	}
	if err != nil {
		return nil, err
	}
	if len(faults) > 0 {
		if bad = blamed(g, faults, i.approved.Settings.Language); len(bad) == 0 {
			return nil, &somewhereError{view.FindingWords(faults[0], i.approved.Settings.Language)}
		}
		return bad, nil
	}
	o := &proposeOutcome{Base: p.provenance.Base}
	if err := p.describe(o); errors.Is(err, errUnchanged) {
		return everyOne(g, i.say("ændrer ikke noget", "changes nothing")), nil
	} else if err != nil {
		return nil, err
	}
	g.proposal, g.outcome, g.nameless = &p, o, logins.nameless
	i.keepGiven(g)
	return nil, nil
}

// edit carries the changes of a group out. What comes after one that does not fit is tried all the same: proposals are about
// different people and units.
func (i *importing) edit(p *proposal, g *importGroup, logins *groupLogins) map[int]string {
	bad := map[int]string{}
	for n, part := range g.proposals {
		for _, c := range part.Changes {
			c, err := logins.give(c)
			if err == nil {
				_, err = p.session.Do(c)
			}
			var refusal *propose.Refusal
			if errors.As(err, &refusal) {
				bad[n] = refusal.In(i.approved.Settings.Language)
				break
			}
			if err != nil {
				bad[n] = err.Error()
				break
			}
		}
	}
	return bad
}

// blamed are the proposals about the entries that findings are about, with the first finding of each.
func blamed(g *importGroup, faults []schema.Diagnostic, language string) map[int]string {
	bad := map[int]string{}
	for n, part := range g.proposals {
		for _, d := range faults {
			if _, is := bad[n]; !is && slices.ContainsFunc(part.Changes, func(c propose.Change) bool { return concerns(c, d) }) {
				bad[n] = view.FindingWords(d, language)
				if names := schema.SplitPath(d.Path); len(names) > 2 {
					bad[n] += " (" + strings.Join(names[2:], ".") + ")"
				}
			}
		}
	}
	return bad
}

func everyOne(g *importGroup, why string) map[int]string {
	all := map[int]string{}
	for n := range g.proposals {
		all[n] = why
	}
	return all
}

// concerns reports whether a finding is about an entry that a change edits.
func concerns(c propose.Change, d schema.Diagnostic) bool {
	names := schema.SplitPath(d.Path)
	return len(names) > 1 && slices.ContainsFunc(c.Entries(), func(at [2]string) bool { return at[0] == names[0] && at[1] == names[1] })
}

func (i *importing) say(da, en string) string {
	if i.approved.Settings.Language == change.English {
		return en
	}
	return da
}

// about names an entry for a reader.
func (i *importing) about(entry [2]string) string {
	o := i.approved
	switch {
	case entry[0] == "units" && o.Unit(entry[1]) != nil:
		return o.Unit(entry[1]).At(i.day).Name
	case entry[0] == "people" && o.Person(entry[1]) != nil:
		p := o.Person(entry[1])
		name := p.At(i.day).Name.Full()
		for _, e := range p.Engagements {
			if at := e.At(i.day); e.ActiveOn(i.day) {
				return name + " (" + o.Settings.Classes.Titles[at.Title].Name + ", " + i.unitName(at) + ")"
			}
		}
		return name
	}
	return entry[1]
}

func (i *importing) unitName(e *org.Engagement) string {
	if u := i.approved.StandingOn(e.Unit, i.day); u != nil {
		return u.At(i.day).Name
	}
	return e.Unit
}

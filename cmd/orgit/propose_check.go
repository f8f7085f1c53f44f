package main

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/schema"
)

// checkResult holds what the proposal would come to, merged with what is approved now, against the rules of `orgit check`.
// What was wrong before does not stop it.
func (p *proposal) checkResult() error {
	faults, err := p.faults()
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		printDiagnostics(p.env.stderr, faults)
		fmt.Fprintln(p.env.stderr, "orgit: the files would have these errors, so nothing was proposed")
		return errFaults
	}
	return nil
}

// faults are the errors that the proposal would bring; without any it is known what would be planned.
func (p *proposal) faults() ([]schema.Diagnostic, error) {
	p.edited = p.session.Changed()
	if len(p.edited) == 0 {
		return nil, invalidInput(errUnchanged, "")
	}
	files, err := p.mergedResult()
	if err != nil {
		return nil, err
	}
	o, findings, err := checkedFiles(files, p.day)
	if err != nil {
		return nil, err
	}
	if findings, err = withTargets(p.env.stages, o, p.day, findings); err != nil {
		return nil, err
	}
	var faults []schema.Diagnostic
	for _, d := range findings {
		switch {
		case slices.ContainsFunc(p.known, func(k schema.Diagnostic) bool { return sameFinding(k, d) }):
		case d.Severity == schema.Error:
			faults = append(faults, d)
		default:
			p.warnings = append(p.warnings, d)
		}
	}
	if len(faults) == 0 {
		p.planned = o
	}
	return faults, nil
}

// sameFinding reports whether two findings are about the same thing, wherever it has come to stand.
func sameFinding(a, b schema.Diagnostic) bool {
	return a.Code == b.Code && a.Path == b.Path && a.Message == b.Message
}

// mergedResult gives the files as they will be when the branch is merged.
func (p *proposal) mergedResult() (fs.FS, error) {
	result := p.session.Texts()
	if p.opts.branch == "" {
		return result, nil
	}
	parted, err := p.repo.MergeBase(p.parent, p.provenance.Base)
	if err != nil || parted == p.provenance.Base {
		return result, err
	}
	base, err := p.textsAt(parted)
	if err != nil {
		return nil, err
	}
	merged, conflicts, err := org.Merge(base, p.approve, result)
	if err != nil {
		return nil, fmt.Errorf("merge with what is approved: %w", err)
	}
	if len(conflicts) > 0 {
		printDiagnostics(p.env.stderr, conflicts)
		return nil, withHint(fmt.Errorf("%w: the branch %s", errStands, p.opts.branch), "bring it up to date first: orgit propose --again "+p.opts.branch)
	}
	return merged, nil
}

// errUnchanged: what is proposed would be written in the files, and nothing would come of it.
var errUnchanged = errors.New("nothing would change: the files say so already")

// describe says what is proposed.
func (p *proposal) describe(o *proposeOutcome) error {
	o.Changes = change.Compare(p.approved, p.planned)
	if !slices.ContainsFunc(o.Changes, func(c change.Change) bool { return c.Field != change.FieldOn }) {
		return invalidInput(errUnchanged, "`orgit show` says how it is, with --on DATE on a later day")
	}
	for _, c := range o.Changes {
		o.Says = append(o.Says, change.Sentence(c, p.approved.Settings.Language))
	}
	for _, d := range p.session.Done() {
		o.Typed = append(o.Typed, d.Change)
	}
	o.Warnings = p.warnings
	p.namesakes(o)
	return p.describeFiles(o)
}

// namesakes tells of people who are there already and are called as somebody who is hired as new: to hire one twice would
// give them two accounts.
func (p *proposal) namesakes(o *proposeOutcome) {
	for _, c := range o.Typed {
		if c.Do != propose.DoHire || c.New == "" {
			continue
		}
		for _, other := range p.before.People {
			if strings.EqualFold(other.At(p.day).Name.Full(), c.Name.Full()) {
				fmt.Fprintf(p.env.stderr, "orgit: %s (%s) is there already. If it is the same person, propose it again as: orgit propose hire %s\n",
					other.Name.Full(), other.Key, other.Key)
			}
		}
	}
}

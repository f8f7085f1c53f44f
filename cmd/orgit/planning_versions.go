package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

// readVersions reads what is planned and what is approved.
func (p *planning) readVersions(dir, commit string) error {
	files, head, err := p.proposed(dir, commit)
	if err != nil {
		return err
	}
	main, err := p.repo.Approved(approvedBranch(p.env))
	if errors.Is(err, git.ErrNoRevision) || err != nil && p.env.getenv("ORGIT_BRANCH") != "" {
		// Without it the proposal's own settings would say where passwords are sent.
		return invalidInput(fmt.Errorf("find what is approved: %w", err),
			"fetch the branch main (GIT_DEPTH: 0 in GitLab CI), or name the approved branch with ORGIT_BRANCH")
	}
	if err != nil {
		return err
	}
	p.provenance.Base, p.provenance.Commit = main, head
	if head == main && !p.provenance.Uncommitted {
		p.planned, err = p.check(files)
		p.approved = p.planned
		return err
	}
	if p.approved, err = p.load(main); err != nil {
		return err
	}
	if files, err = p.merged(files, head, main); err != nil {
		return err
	}
	p.planned, err = p.check(files)
	return err
}

// proposed gives the files that are planned, and the commit that they follow.
func (p *planning) proposed(dir, commit string) (files fs.FS, head string, err error) {
	if commit != "" {
		files, err = p.tree(commit)
		return files, commit, err
	}
	if head, err = p.repo.Resolve("HEAD"); err != nil {
		return nil, "", err
	}
	defer p.env.stages.Stage("look for what is not committed")()
	changed, err := p.repo.Changed()
	p.provenance.Uncommitted = len(changed) > 0
	return os.DirFS(dir), head, err
}

// tree gives the organisation's files at a commit: those of the opened folder.
func (p *planning) tree(commit string) (fs.FS, error) {
	files, _, err := p.repo.Tree(commit)
	if err != nil || p.repo.Folder() == "." {
		return files, err
	}
	return fs.Sub(files, p.repo.Folder())
}

// approvedBranch is the name of the branch that holds what is approved. It never comes
// from the files that are planned: a proposal must not choose who judges it.
func approvedBranch(env environment) string {
	if name := env.getenv("ORGIT_BRANCH"); name != "" {
		return name
	}
	return "main"
}

// merged gives the proposal as it would be after its merge: what it changes, entry by
// entry, on what is approved now.
func (p *planning) merged(files fs.FS, head, main string) (fs.FS, error) {
	if head == main {
		return files, nil
	}
	baseCommit, err := p.repo.MergeBase(head, main)
	if err != nil {
		return nil, err
	}
	if baseCommit == main {
		return files, nil
	}
	base, err := p.tree(baseCommit)
	if err != nil {
		return nil, err
	}
	approved, err := p.tree(main)
	if err != nil {
		return nil, err
	}
	end := p.env.stages.Stage("merge with what is approved")
	result, conflicts, err := org.Merge(base, approved, files)
	end()
	if err != nil {
		return nil, fmt.Errorf("merge with what is approved: %w", err)
	}
	if len(conflicts) > 0 {
		printDiagnostics(p.env.stderr, conflicts)
		return nil, &faultsError{findings: conflicts, commit: head, organisations: []*org.Organisation{p.approved}}
	}
	return result, nil
}

func (p *planning) load(commit string) (*org.Organisation, error) {
	files, err := p.tree(commit)
	if err != nil {
		return nil, err
	}
	o, findings, err := p.loader.Load(files)
	if err != nil {
		return nil, fmt.Errorf("read the organisation at %s: %w", commit, err)
	}
	if schema.HasErrors(findings) {
		printDiagnostics(p.env.stderr, errorsIn(findings))
		fmt.Fprintf(p.env.stderr, "orgit: the commit %s has errors\n", commit)
		return nil, &faultsError{findings: findings, approved: true, commit: p.provenance.Commit, organisations: []*org.Organisation{o}}
	}
	return o, nil
}

func (p *planning) check(files fs.FS) (*org.Organisation, error) {
	o, findings, err := checkedFilesOf(&p.loader, files, p.day)
	if err != nil {
		return nil, err
	}
	// A setting that is not understood would silently do nothing; what a value cannot be
	// is said in the plan itself.
	p.findings = findings
	all := slices.Concat(findings, ad.CheckSettings(o))
	faults, lapsed := p.faults(all)
	if len(faults) > 0 {
		printDiagnostics(p.env.stderr, faults)
		fmt.Fprintln(p.env.stderr, "orgit: the files have errors, so nothing can be planned; `orgit check` says more")
		return nil, &faultsError{findings: all, commit: p.provenance.Commit, organisations: []*org.Organisation{o, p.approved}}
	}
	if len(lapsed) > 0 {
		printDiagnostics(p.env.stderr, lapsed)
		fmt.Fprintf(p.env.stderr, "orgit: %s in what is approved came about by the passing of time; correct it, the plan goes on without\n", count(len(lapsed), "error", "errors"))
	}
	return o, nil
}

// faults are the errors that stop a plan. What time alone has made of approved files, such
// as a leader whose last job has ended, does not: one forgotten date must not keep
// everybody else's changes from the systems. A proposal that brings such a fault is
// stopped.
func (p *planning) faults(findings []schema.Diagnostic) (faults, lapsed []schema.Diagnostic) {
	wrong := errorsIn(findings)
	if len(wrong) == 0 {
		return nil, nil
	}
	var approved []schema.Diagnostic
	if p.approved != nil {
		approved = checkedAgain(p.approved, p.day)
	}
	for _, d := range wrong {
		known := p.approved == nil || slices.ContainsFunc(approved, func(a schema.Diagnostic) bool {
			return a.Code == d.Code && a.Path == d.Path && a.Message == d.Message
		})
		if known && org.ByTime(d) {
			lapsed = append(lapsed, d)
		} else {
			faults = append(faults, d)
		}
	}
	return faults, lapsed
}

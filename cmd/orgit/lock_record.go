package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/edit"
	"orgit.dk/orgit/schema"
)

// What became of the record of a lock.
const (
	recordMade    = "made"
	recordAlready = "already" // the branch was there
	recordStated  = "stated"  // the approved files say so
	recordFailed  = "failed"
)

// record puts the lock on a branch of its own: one commit on what is approved, that says
// that the person is suspended from today. What fails does not undo the lock.
func (e *emergency) record() *lockRecord {
	if e.person.At(e.day).Suspended {
		return &lockRecord{State: recordStated, Ends: suspensionEnds(e.person, e.day)}
	}
	r := &lockRecord{Branch: e.branch(), State: recordMade}
	if commit, err := e.repo.Resolve("refs/heads/" + r.Branch); err == nil {
		r.Commit, r.State = commit, recordAlready
		return r
	}
	commit, err := e.recordCommit()
	if err == nil {
		err = e.repo.CreateBranch(r.Branch, commit)
	}
	if err != nil {
		return &lockRecord{State: recordFailed, Error: schema.MaskCPR(err.Error())}
	}
	r.Commit = commit
	return r
}

// suspensionEnds is the next day on which the files say that a suspension is over; empty when they do not.
func suspensionEnds(p *org.Person, day org.Day) org.Day {
	for _, v := range p.Versions {
		if v.From > day && !v.State.Suspended {
			return v.From
		}
	}
	return ""
}

// lockBranches begins the names of branches that record a lock.
const lockBranches = "lock/"

// branch is a name that says nothing: the same for one person on one day, so that locking
// again makes no second one.
func (e *emergency) branch() string {
	return lockBranches + string(org.DeriveUUID(e.person.UUID, "lock", string(e.day)))[:8]
}

// recordCommit makes the commit, and makes sure that it says what it is to say.
func (e *emergency) recordCommit() (string, error) {
	name := e.approved.Position(e.person.Path()).File
	if name == "" {
		return "", errors.New("it is not known in which file the person stands")
	}
	files, err := e.tree(e.provenance.Base)
	if err != nil {
		return "", err
	}
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	edited, err := edit.Open(org.NewTexts(map[string][]byte{name: text}))
	if err != nil {
		return "", err
	}
	if err := edited.Set(true, "people", e.person.Key, "on", string(e.day), "suspended"); err != nil {
		return "", err
	}
	c := git.Commit{Message: "Ændring for " + e.person.Key + "\n", Author: author(e.env), When: e.env.now()}
	by, err := newProposer(e.env)
	if err != nil { // a record that names nobody is better than none
		fmt.Fprintf(e.env.stderr, "orgit: the record does not say who locked: %v\n", err)
	}
	by.sign(&c)
	commit, err := e.repo.CommitFiles(e.provenance.Base, map[string][]byte{path.Join(e.repo.Folder(), name): edited.Changed()[name]}, c)
	if err != nil {
		return "", err
	}
	proposed, err := e.load(commit)
	if err != nil {
		return "", fmt.Errorf("read what was recorded: %w", err)
	}
	if person := proposed.Person(e.person.Key); person == nil || !person.At(e.day).Suspended {
		return "", fmt.Errorf("%s does not come to say that the person is suspended, and has to be edited by hand", name)
	}
	return commit, nil
}

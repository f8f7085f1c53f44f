package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org/edit"
)

// handwriting finds out in the history of what is approved whether somebody has edited a field since the register that owns
// it last said what it is. Whoever made the entry edited nothing: HR is often quicker than payroll, and payroll knows better.
type handwriting struct {
	repo   *git.Repository
	commit string // what is approved
	source string
	files  *edit.Files // of the commit
}

// newHandwriting looks at the history of what is approved.
func newHandwriting(p *proposal, source string) (*handwriting, error) {
	files, err := edit.Open(p.approve)
	if err != nil {
		return nil, err
	}
	return &handwriting{repo: p.repo, commit: p.provenance.Base, source: source, files: files}, nil
}

// ByHand reports whether the newest change of a field came from elsewhere than the register. A history that ends before
// the change says nothing, which counts as by hand: what is not known is not overwritten.
func (h *handwriting) ByHand(field ...string) (bool, error) {
	file := h.files.File(field[0], field[1])
	if file == "" {
		return false, nil
	}
	name := path.Join(h.repo.Folder(), file)
	history, at := h.repo.FileHistory(name), h.commit
	now, err := h.value(at, name, field)
	if err != nil {
		return false, err
	}
	for {
		past, err := history.Last(at)
		if errors.Is(err, git.ErrNoRevision) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		if len(past.Parents) == 0 {
			return false, nil // the entry has been as it is from the beginning
		}
		at = past.Parents[0]
		before, err := h.value(at, name, field)
		if err != nil {
			return false, err
		}
		switch {
		case !before.entry:
			return false, nil
		case before.text != now.text:
			fromRegister, err := h.isFromRegister(past)
			return !fromRegister, err
		}
	}
}

// stated is what a file has of a field: everything that is written of it, on any day.
type stated struct {
	entry bool
	text  string
}

func (h *handwriting) value(commit, name string, field []string) (stated, error) {
	tree, _, err := h.repo.Tree(commit)
	if err != nil {
		return stated{}, err
	}
	text, err := fs.ReadFile(tree, name)
	if errors.Is(err, fs.ErrNotExist) {
		return stated{}, nil
	}
	if err != nil {
		return stated{}, fmt.Errorf("read %s at %s: %w", name, short(commit), err)
	}
	values, entry := edit.Stated(name, text, field)
	return stated{entry, strings.Join(values, "\n")}, nil
}

// isFromRegister reports whether everything that a commit brought to the branch says that it comes from the register. Anybody
// can write that; whoever does so by hand has the register's word taken for theirs, and what it says is proposed and approved as
// everything else.
func (h *handwriting) isFromRegister(past git.Past) (bool, error) {
	commits, err := h.repo.Merged(past)
	if err != nil {
		return false, err
	}
	if len(commits) == 0 {
		commits = []git.Past{past}
	}
	return !slices.ContainsFunc(commits, func(c git.Past) bool {
		return !slices.Contains(strings.Split(strings.ReplaceAll(c.Message, "\r\n", "\n"), "\n"), review.TrailerSource+": "+h.source)
	}), nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org/change"
)

// revert opens the merge request that takes back what nobody approved. It is judged as any other: the working group may let
// it in, or close it and have the commits approved in another way.
func (j *judging) revert(ctx context.Context, p *planning, unapproved []review.Covered) error {
	login, err := serverLogin(p.env)
	if err != nil {
		return err
	}
	branch := "tilbagefoer/" + short(unapproved[len(unapproved)-1].Commit)
	refs, err := j.repo.ServerRefs(ctx, login)
	if err != nil {
		return fmt.Errorf("look whether the revert is proposed already: %w", err)
	}
	if refs["refs/heads/"+branch] == "" {
		commit, err := j.revertCommit(p, unapproved)
		if err != nil {
			return withHint(fmt.Errorf("propose to take it back: %w", err), "take it back by hand, in a merge request")
		}
		if err := j.repo.Push(ctx, login, git.Update{Ref: "refs/heads/" + branch, New: commit}); err != nil {
			return fmt.Errorf("propose to take it back: %w", err)
		}
	}
	mr, created, err := j.server.Propose(ctx, j.revertProposal(p, branch, unapproved))
	if err != nil {
		return fmt.Errorf("propose to take it back: %w", err)
	}
	says := "is open"
	if created {
		says = "was opened"
	}
	fmt.Fprintf(p.env.stderr, "orgit: merge request !%d, which takes it back, %s: %s\n", mr.IID, says, mr.URL)
	return nil
}

// revertCommit follows main and gives the files that the commits changed the text from before. A file that somebody has
// changed again since cannot be given back.
func (j *judging) revertCommit(p *planning, unapproved []review.Covered) (string, error) {
	files, later := map[string][]byte{}, []string{}
	for i := len(unapproved) - 1; i >= 0; i-- {
		commit := unapproved[i].Commit
		parents, err := j.repo.Parents(commit)
		if err != nil {
			return "", err
		}
		if len(parents) == 0 {
			return "", fmt.Errorf("%s is the first commit of the repository", short(commit))
		}
		changed, err := j.repo.Differing(parents[0], commit)
		if err != nil {
			return "", err
		}
		for _, name := range changed {
			before, after, err := j.texts(name, parents[0], commit)
			if err != nil {
				return "", err
			}
			now, given := files[name]
			if !given {
				if now, err = j.text(p.provenance.Base, name); err != nil {
					return "", err
				}
			}
			if string(now) != string(after) || (now == nil) != (after == nil) {
				later = append(later, name)
				continue
			}
			files[name] = before
		}
	}
	if len(later) > 0 {
		return "", fmt.Errorf("what came later has changed the same files: %s", strings.Join(later, ", "))
	}
	return j.repo.CommitFiles(p.provenance.Base, files, git.Commit{
		Message: "Tilbageførsel af " + short(unapproved[0].Commit) + "\n", Author: author(p.env), When: p.env.now(),
	})
}

func (j *judging) texts(name, before, after string) (was, is []byte, err error) {
	if was, err = j.text(before, name); err != nil {
		return nil, nil, err
	}
	is, err = j.text(after, name)
	return was, is, err
}

// text is what a commit has in a file; nil where it has none.
func (j *judging) text(commit, name string) ([]byte, error) {
	files, _, err := j.repo.Tree(commit)
	if err != nil {
		return nil, err
	}
	text, err := fs.ReadFile(files, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil && text == nil {
		text = []byte{}
	}
	return text, err
}

func (j *judging) revertProposal(p *planning, branch string, unapproved []review.Covered) gitlab.Proposal {
	language := p.approved.Settings.Language
	title, says := "Tilbageførsel: noget på "+j.terms.Target+" er ikke godkendt",
		"Disse ændringer er kommet på "+j.terms.Target+" uden den godkendelse, der kræves. Indtil de er ført tilbage eller godkendt, udfører orgit ingenting.\n"
	if language == change.English {
		title, says = "Revert: something on "+j.terms.Target+" is not approved",
			"These changes came to "+j.terms.Target+" without the approval that they need. Until they are taken back or approved, orgit carries nothing out.\n"
	}
	var b strings.Builder
	b.WriteString(says + "\n")
	for _, c := range unapproved {
		fmt.Fprintf(&b, "- %s\n", c.Sentence(language))
	}
	return gitlab.Proposal{Source: branch, Target: j.terms.Target, Title: title, Description: b.String(), Reviewers: p.approved.Settings.Review.Group}
}

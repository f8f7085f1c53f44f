package main

import (
	"context"
	"fmt"
	"slices"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan/view"
	"orgit.dk/orgit/schema"
)

// revertBranches begins the names of branches that take something back.
const revertBranches = "tilbagefoer/"

// revert sees to it that there is a merge request that takes back what nobody approved: it gives the approved branch the
// very files again that it had before. What came on top of that goes with it, because it was approved on what was not. When
// the branch has moved on since, the merge request follows it.
func (j *judging) revert(ctx context.Context, covered *review.Coverage) error {
	back := approvedUpTo(covered)
	before, err := review.NewCommits(j.repo, nil).Organisation(ctx, back)
	if err != nil {
		return err
	}
	branch := revertBranches + short(back)
	if err := j.pushRevert(ctx, branch, covered.To, back); err != nil {
		return withHint(fmt.Errorf("propose to take it back: %w", err), "take it back by hand, in a merge request that gives the files of "+short(back)+" again")
	}
	mr, created, err := j.server.Propose(ctx, j.revertProposal(before.Settings, branch, covered))
	if err != nil {
		return fmt.Errorf("propose to take it back: %w", err)
	}
	says := "is open"
	if created {
		says = "was opened"
	}
	fmt.Fprintf(j.env.stderr, "orgit: merge request !%d, which takes it back, %s: %s\n", mr.IID, says, mr.URL)
	return nil
}

// pushRevert lets a branch of the server follow the approved branch with the files of an earlier commit. The commit has no
// clock of its own, so that it is the same one whoever makes it: where it is there already nothing is pushed, for approvals
// would not survive that. Any other commit makes way, also one with the same files: anybody can work out the name of the
// branch, and whoever else's commit it were, their names on it would take approvers away.
func (j *judging) pushRevert(ctx context.Context, branch, main, back string) error {
	login, err := serverLogin(j.env)
	if err != nil {
		return err
	}
	refs, err := j.repo.ServerRefs(ctx, login)
	if err != nil {
		return err
	}
	commit, err := j.repo.CommitState(main, back, git.Commit{
		Message: "Tilbageførsel til " + short(back) + "\n", Author: git.Author{Name: "orgit", Email: "orgit@localhost"},
	})
	if err != nil {
		return err
	}
	ref := "refs/heads/" + branch
	if refs[ref] == commit {
		return nil
	}
	return j.repo.Push(ctx, login, git.Update{Ref: ref, Old: refs[ref], New: commit})
}

// revertProposal is the merge request's text, in the words of the rules that held before: the working group reads it.
func (j *judging) revertProposal(before org.Settings, branch string, covered *review.Coverage) gitlab.Proposal {
	language := before.Language
	words := struct{ title, says, unapproved, after string }{
		"Tilbageførsel: noget på " + j.terms.Target + " er ikke godkendt",
		"Indtil dette er ført tilbage, udfører og fletter orgit ingenting. Skal noget af det beholdes, så stil det som et nyt forslag bagefter.",
		"Det er kommet på " + j.terms.Target + " uden den godkendelse, der kræves:",
		"Det er kommet oven på, og føres også tilbage:",
	}
	if language == change.English {
		words.title = "Revert: something on " + j.terms.Target + " is not approved"
		words.says = "Until this is taken back, orgit carries out and merges nothing. What shall be kept of it can be proposed again afterwards."
		words.unapproved = "This came to " + j.terms.Target + " without the approval that it needs:"
		words.after = "This came on top of it, and is taken back too:"
	}
	text := words.says + "\n\n" + words.unapproved + "\n\n"
	at := slices.IndexFunc(covered.Commits, func(c review.Covered) bool { return !c.Approved })
	text += "- " + view.Escape(covered.Commits[at].Sentence(language)) + "\n" // names of files are anybody's words
	for i, c := range covered.Commits[at+1:] {
		if i == 0 {
			text += "\n" + words.after + "\n\n"
		}
		// Whether it is approved was judged by rules that may have come with the first, so that is not said.
		text += "- " + short(c.Commit)
		if c.Request != 0 {
			text += fmt.Sprintf(" (!%d)", c.Request)
		}
		text += "\n"
	}
	return gitlab.Proposal{Source: branch, Target: j.terms.Target, Title: words.title, Description: schema.MaskCPR(text), Reviewers: before.Review.Group}
}

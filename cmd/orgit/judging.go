package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/internal/sshsig"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// judging is how merge requests are judged: by the rules of the approved branch, and by what the server knows about who
// proposed and approved them.
type judging struct {
	env    environment
	repo   *git.Repository
	server *gitlab.Client
	terms  review.Terms
	known  string // a commit up to which everything was found to be approved; empty while nothing was
}

// newJudging is nil where no GitLab is configured.
func newJudging(env environment, repo *git.Repository) (*judging, error) {
	server, err := openGitLab(env)
	if err != nil || server == nil {
		return nil, err
	}
	keys, err := trustedKeys(env, repo)
	if err != nil {
		return nil, err
	}
	return &judging{env: env, repo: repo, server: server, terms: review.Terms{Target: approvedBranch(env), Keys: keys}}, nil
}

// proposed is an open merge request with everything that it is judged by.
type proposed struct {
	proposal review.Proposal
	facts    review.Facts
}

// gather asks for what an open merge request is judged by, at a commit that is here. p holds what main would state after its
// merge.
func (j *judging) gather(ctx context.Context, mr gitlab.MergeRequest, head string, p *planning) (*proposed, error) {
	facts, source, err := j.terms.Gather(ctx, j.server, mr, head)
	if err != nil {
		return nil, err
	}
	base, err := j.repo.MergeBase(p.provenance.Base, head)
	if err != nil {
		return nil, err
	}
	files, err := j.repo.ChangedFiles(base, head)
	if err != nil {
		return nil, err
	}
	return &proposed{facts: facts, proposal: review.Proposal{
		Approved: p.approved, Proposed: p.planned, Files: files, Source: source, Day: facts.Day(p.approved),
	}}, nil
}

// byFiles judges it as apply will after the merge: by what the files alone do.
func (j *judging) byFiles(ctx context.Context, m *proposed) (review.Classification, review.Verdict, error) {
	made, err := effects(j.env)(ctx, m.proposal.Approved, m.proposal.Proposed, m.proposal.Day)
	if err != nil {
		return review.Classification{}, review.Verdict{}, err
	}
	c, v := m.byPlan(made)
	return c, v, nil
}

// byPlan judges it by what a plan does in the systems as they are.
func (m *proposed) byPlan(made *plan.Plan) (review.Classification, review.Verdict) {
	p := m.proposal
	p.Plan = made
	c := review.Classify(p)
	return c, review.Judge(c, m.facts)
}

// takingBack judges a merge request that gives the approved branch the very files of a commit again, by the rules of that
// commit: those that stand on the branch meanwhile are not approved. The working group decides, because it is for them to
// know of what happened.
func (j *judging) takingBack(ctx context.Context, mr gitlab.MergeRequest, head, approved string) (review.Classification, review.Verdict, error) {
	facts, _, err := j.terms.Gather(ctx, j.server, mr, head)
	if err != nil {
		return review.Classification{}, review.Verdict{}, err
	}
	o, err := review.NewCommits(j.repo, nil).Organisation(ctx, approved)
	if err != nil {
		return review.Classification{}, review.Verdict{}, err
	}
	c := review.Classify(review.Proposal{Approved: o, Proposed: o, Day: facts.Day(o)})
	return c, review.Judge(c, facts), nil
}

// takesBack reports whether merging a commit into main gives it the very files of another one.
func (j *judging) takesBack(head, main, approved string) (bool, error) {
	differing, err := j.repo.Differing(head, approved)
	if err != nil || len(differing) > 0 {
		return false, err
	}
	return j.repo.IsAncestor(main, head)
}

// effects works out what a change does in the systems, from the files alone: no system is asked, and what is judged is the
// same whenever it is.
func effects(env environment) review.Effects {
	return func(_ context.Context, before, after *org.Organisation, day org.Day) (*plan.Plan, error) {
		if day == "" { // nobody knows when it was proposed
			return nil, nil
		}
		p := &planning{env: env, day: day, planned: after, approved: before}
		var targets []plan.Effect
		for _, t := range statedTargets(before) {
			was, err := p.asked(t, before, day)
			if err != nil {
				return nil, err
			}
			is, err := p.asked(t, after, day)
			if err != nil {
				return nil, err
			}
			coming, err := plan.Forecast(*is, was, p.later(t))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", t.name, err)
			}
			targets = append(targets, plan.Effect{Before: *was, After: *is, Coming: coming})
		}
		return plan.Effects(day, before, after, targets)
	}
}

// sourcePrefix begins the principals of a key that may speak for a source: source:opus.
const sourcePrefix = "source:"

// trustedSigners are keys whose commits say truly who proposed them, or from which source they were made.
type trustedSigners struct {
	repo *git.Repository
	list *sshsig.AllowedSigners
}

// trustedKeys reads the keys of the web page and of imports. They come from the environment, never from a branch; nil where
// none are named: then no commit's word counts, and nothing is approved by rule.
func trustedKeys(env environment, repo *git.Repository) (review.Signatures, error) {
	const name = "ORGIT_TRUSTED_SIGNERS_FILE"
	file := env.getenv(name)
	if file == "" {
		return nil, nil
	}
	list, err := signersIn(name, file)
	if err != nil {
		return nil, err
	}
	return &trustedSigners{repo, list}, nil
}

// Signer says whether a trusted key has signed a commit, and for which sources it may speak: the principals of its line that
// begin with source: name them.
func (k *trustedSigners) Signer(_ context.Context, commit string) (review.Signer, error) {
	signed, err := k.repo.SignedCommit(commit)
	if errors.Is(err, git.ErrOddCommit) {
		return review.Signer{}, nil // whoever wrote it chose its form, which git does not give
	}
	if err != nil {
		return review.Signer{}, err
	}
	if signed.Signature == "" {
		return review.Signer{}, nil
	}
	principals, err := k.list.Verify(signed.Text, signed.Signature, sshsig.Git, signed.When)
	if err != nil {
		return review.Signer{}, nil // signed by somebody, but by nobody whose word counts
	}
	signer := review.Signer{Trusted: true}
	for _, principal := range strings.Split(principals, ",") {
		if source, ok := strings.CutPrefix(principal, sourcePrefix); ok {
			signer.Sources = append(signer.Sources, source)
		}
	}
	return signer, nil
}

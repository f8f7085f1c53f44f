package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org"
)

// errNoGitLab: approval is asked for, and there is nobody to ask.
var errNoGitLab = errors.New("no GitLab is configured, so it is not known who approved what is on the approved branch")

// wholeHistory is what helps where the clone does not have what was applied.
const wholeHistory = "fetch the whole history (GIT_DEPTH: 0 in GitLab CI)"

// judgesApproval reports whether what is on the approved branch counts only where a merge request brought it that was
// approved. The environment decides, never the files: a proposal must not choose that nobody judges it.
func judgesApproval(env environment) (bool, error) {
	switch by := env.getenv("ORGIT_APPROVAL"); by {
	case "branch":
		return false, nil
	case "gitlab":
		return true, nil
	case "":
		onServer, err := keepsOnServer(env)
		if err != nil {
			return false, err
		}
		server, err := openGitLab(env)
		return onServer || server != nil, err
	default:
		return false, invalidInput(fmt.Errorf("ORGIT_APPROVAL is %q", by),
			"gitlab judges who approved each merge request; branch takes for approved whatever is on the approved branch")
	}
}

// cover makes sure that somebody approved whatever has come to the approved branch since the last run, and notes who, for the
// evidence.
func (p *planning) cover(ctx context.Context) (err error) {
	p.covered, err = coverRun(ctx, p.env, p.repo, p.provenance.Base, func(context.Context) (apply.Mark, error) { return p.mark, nil })
	return err
}

// coverFaulty looks whether somebody approved what cannot be read. The error is that of reading where it is approved all the
// same.
func coverFaulty(ctx context.Context, env environment, dir string, faults error) error {
	repo, err := openRepository(dir)
	if err != nil {
		return faults
	}
	base, err := repo.Approved(approvedBranch(env))
	if err != nil {
		return faults
	}
	if _, err := coverRun(ctx, env, repo, base, markReader(env, repo, dir)); errors.Is(err, review.ErrUnapproved) {
		return err
	}
	return faults
}

// coverRun gives who approved what a run carries out, up to a commit of the approved branch; nil where nobody is asked. Where
// somebody did not, it opens the merge request that takes it back.
func coverRun(ctx context.Context, env environment, repo *git.Repository, base string, mark func(context.Context) (apply.Mark, error)) (*review.Coverage, error) {
	judges, err := judgesApproval(env)
	if err != nil || !judges {
		return nil, err
	}
	j, err := newJudging(env, repo)
	if err != nil {
		return nil, err
	}
	if j == nil {
		return nil, invalidInput(errNoGitLab, "set ORGIT_GITLAB_URL, ORGIT_GITLAB_PROJECT and ORGIT_GITLAB_TOKEN_FILE, or ORGIT_APPROVAL=branch where the approved branch is guarded in another way")
	}
	covered, err := j.covered(ctx, base, mark)
	if err != nil {
		return nil, err
	}
	if err := covered.Err(); err != nil {
		err = withHint(err, "nothing was written; the merge request that takes it back has to be approved and merged")
		return nil, errors.Join(err, j.revert(ctx, covered))
	}
	return covered, nil
}

// markReader reads what was applied last.
func markReader(env environment, repo *git.Repository, dir string) func(context.Context) (apply.Mark, error) {
	return func(ctx context.Context) (apply.Mark, error) {
		m, err := marksFor(env, repo, dir)
		if err != nil {
			return apply.Mark{}, err
		}
		data, err := m.read(ctx)
		if err != nil {
			return apply.Mark{}, err
		}
		return apply.ParseMark(data)
	}
}

// covered judges what has come to the approved branch since the last run, up to a commit of it.
func (j *judging) covered(ctx context.Context, base string, mark func(context.Context) (apply.Mark, error)) (*review.Coverage, error) {
	if j.known == "" {
		applied, err := mark(ctx)
		if err != nil {
			return nil, err
		}
		if j.known, err = j.coveredSince(applied); err != nil {
			return nil, err
		}
	}
	covered, err := j.coverage(ctx, j.known, base)
	if errors.Is(err, git.ErrCut) || errors.Is(err, git.ErrNoRevision) {
		return nil, invalidInput(err, wholeHistory)
	}
	if err != nil {
		return nil, fmt.Errorf("find out who approved what is on %s: %w", j.terms.Target, err)
	}
	j.known = approvedUpTo(covered)
	return covered, nil
}

// approvedUpTo is the last commit up to which everything is approved.
func approvedUpTo(c *review.Coverage) string {
	if unapproved := c.Unapproved(); len(unapproved) > 0 {
		return unapproved[0].Rules
	}
	return c.To
}

// coverage judges what has come to the approved branch. What nobody approved and what was taken back since counts as if it
// had never been there: the files are again, byte for byte, those that were approved before it, whatever rules stood in
// between.
func (j *judging) coverage(ctx context.Context, since, to string) (*review.Coverage, error) {
	all := &review.Coverage{Since: since, To: to}
	for {
		next, err := review.Cover(ctx, review.Covering{
			History: j.repo, Contents: review.NewCommits(j.repo, effects(j.env)), Requests: j.server, Terms: j.terms,
		}, since, to)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(next.Commits, func(c review.Covered) bool { return !c.Approved })
		back := -1
		if i >= 0 {
			if back, err = j.takenBack(next.Commits, i); err != nil {
				return nil, err
			}
		}
		if back < 0 {
			all.Commits = append(all.Commits, next.Commits...)
			return all, nil
		}
		all.Commits = append(all.Commits, next.Commits[:i]...)
		took, err := j.tookBack(ctx, next.Commits[back], next.Commits[i].Rules)
		if err != nil {
			return nil, err
		}
		all.Commits = append(all.Commits, took...)
		since = next.Commits[back].Commit
		if since == to {
			return all, nil
		}
	}
}

// tookBack says who approved that it was taken back, by the rules that held before, for the evidence. Nobody has to: none
// where somebody pushed it.
func (j *judging) tookBack(ctx context.Context, step review.Covered, approved string) ([]review.Covered, error) {
	if step.Request == 0 {
		return nil, nil
	}
	mr, err := j.server.MergeRequest(ctx, step.Request)
	if err != nil {
		return nil, fmt.Errorf("read merge request !%d: %w", step.Request, err)
	}
	_, v, err := j.takingBack(ctx, mr, step.Head, approved)
	if err != nil || !v.Satisfied {
		return nil, err
	}
	step.Rules, step.Verdict, step.Problem, step.Details, step.Approved = approved, &v, "", nil, true
	return []review.Covered{step}, nil
}

// takenBack finds the last commit that has the very files of the one before the unapproved one; -1 when none has. It may be
// the unapproved one itself, when it changes nothing.
func (j *judging) takenBack(commits []review.Covered, unapproved int) (int, error) {
	for k := len(commits) - 1; k >= unapproved; k-- {
		differing, err := j.repo.Differing(commits[unapproved].Rules, commits[k].Commit)
		if err != nil {
			return -1, err
		}
		if len(differing) == 0 {
			return k, nil
		}
	}
	return -1, nil
}

// coveredSince is the commit of the approved branch up to which all is known to be approved: the newest that a system was
// written from, which signed evidence tells, or the one that the environment names.
func (j *judging) coveredSince(mark apply.Mark) (string, error) {
	onServer, err := keepsOnServer(j.env)
	if err != nil {
		return "", err
	}
	var applied []string
	for _, t := range mark.Targets {
		// The mark of a clone may come from anywhere, so without evidence it starts nothing.
		if onServer && t.Commit != "" {
			applied = append(applied, t.Commit)
		}
	}
	slices.Sort(applied)
	newest, err := review.Newest(j.repo, slices.Compact(applied)...)
	if errors.Is(err, git.ErrCut) || errors.Is(err, git.ErrNoRevision) {
		return "", invalidInput(err, wholeHistory)
	}
	if err != nil {
		return "", err
	}
	trusted := j.env.getenv("ORGIT_TRUSTED_COMMIT")
	if trusted != "" {
		if trusted, err = j.repo.Resolve(trusted); err != nil {
			return "", invalidInput(fmt.Errorf("ORGIT_TRUSTED_COMMIT: %w", err), wholeHistory)
		}
	}
	if newest != "" && trusted != "" {
		// Somebody may name a later one: what came before it was looked through by hand.
		later, err := j.repo.IsAncestor(newest, trusted)
		if err != nil || later {
			return trusted, err
		}
	}
	start, err := review.Start(newest, trusted)
	if errors.Is(err, review.ErrNoStart) {
		err = withHint(err, "set ORGIT_TRUSTED_COMMIT, a protected variable, to the commit of the approved branch that somebody has looked through and from which on merge requests count")
	}
	return start, err
}

// approvalsOf is what the evidence says of each commit.
func approvalsOf(coverage *review.Coverage) []apply.Approval {
	if coverage == nil {
		return nil
	}
	var list []apply.Approval
	for _, c := range coverage.Commits {
		list = append(list, approvalOf(c.Commit, c.Request, c.Rules, c.Verdict))
	}
	return list
}

// approvalOf is why one commit counts as approved, by the rules of another.
func approvalOf(commit string, request int, rules string, v *review.Verdict) apply.Approval {
	a := apply.Approval{Commit: commit, MergeRequest: request}
	if v == nil {
		return a
	}
	a.Class = v.Class
	if v.By == org.ByRule {
		a.Rule = v.Class + " at " + rules
	}
	for _, counted := range v.Counted {
		a.Approvers = append(a.Approvers, counted.Username)
	}
	slices.Sort(a.Approvers)
	return a
}

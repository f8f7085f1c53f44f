package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org"
)

// errNoGitLab: approval is asked for, and there is nobody to ask.
var errNoGitLab = errors.New("no GitLab is configured, so it is not known who approved what is on the approved branch")

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
func (p *planning) cover(ctx context.Context) error {
	judges, err := judgesApproval(p.env)
	if err != nil || !judges {
		return err
	}
	j, err := newJudging(p.env, p.repo)
	if err != nil {
		return err
	}
	if j == nil {
		return invalidInput(errNoGitLab, "set ORGIT_GITLAB_URL, ORGIT_GITLAB_PROJECT and ORGIT_GITLAB_TOKEN_FILE, or ORGIT_APPROVAL=branch where the approved branch is guarded in another way")
	}
	since, err := p.coveredSince()
	if err != nil {
		return err
	}
	covered, err := j.coverage(ctx, since, p.provenance.Base)
	if err != nil {
		return fmt.Errorf("find out who approved what is on %s: %w", j.terms.Target, err)
	}
	if unapproved := covered.Unapproved(); len(unapproved) > 0 {
		for _, c := range unapproved {
			fmt.Fprintf(p.env.stderr, "orgit: %s\n", c.Sentence("en"))
		}
		return errors.Join(covered.Err(), j.revert(ctx, p, unapproved))
	}
	p.approvals = approvalsOf(covered)
	return nil
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
			if back, err = j.takenBack(next.Commits, i, since); err != nil {
				return nil, err
			}
		}
		if back < 0 {
			all.Commits = append(all.Commits, next.Commits...)
			return all, nil
		}
		all.Commits = append(all.Commits, next.Commits[:i]...)
		since = next.Commits[back].Commit
		if since == to {
			return all, nil
		}
	}
}

// takenBack finds the last commit that has the very files of the one before the unapproved one; -1 when none has.
func (j *judging) takenBack(commits []review.Covered, unapproved int, since string) (int, error) {
	before := since
	if unapproved > 0 {
		before = commits[unapproved-1].Commit
	}
	for k := len(commits) - 1; k > unapproved; k-- {
		differing, err := j.repo.Differing(before, commits[k].Commit)
		if err != nil {
			return -1, err
		}
		if len(differing) == 0 {
			return k, nil
		}
	}
	return -1, nil
}

// coveredSince is the commit of the approved branch up to which all is known to be approved: the oldest that a system was
// written from, which signed evidence tells, or the one that the environment names.
func (p *planning) coveredSince() (string, error) {
	onServer, err := keepsOnServer(p.env)
	if err != nil {
		return "", err
	}
	applied := map[string]bool{}
	for _, t := range p.mark.Targets {
		// The mark of a clone may come from anywhere, so without evidence it starts nothing.
		if onServer && t.Commit != "" {
			applied[t.Commit] = true
		}
	}
	oldest := ""
	if len(applied) > 0 {
		if oldest, err = review.Oldest(p.repo, slices.Sorted(maps.Keys(applied))...); err != nil {
			return "", err
		}
	}
	trusted := p.env.getenv("ORGIT_TRUSTED_COMMIT")
	if trusted != "" {
		if trusted, err = p.repo.Resolve(trusted); err != nil {
			return "", invalidInput(fmt.Errorf("ORGIT_TRUSTED_COMMIT: %w", err), "fetch the whole history (GIT_DEPTH: 0 in GitLab CI)")
		}
	}
	if oldest != "" && trusted != "" {
		// Somebody may name a later one: what came before it was looked through by hand.
		later, err := p.repo.IsAncestor(oldest, trusted)
		if err != nil || later {
			return trusted, err
		}
	}
	start, err := review.Start(oldest, trusted)
	if errors.Is(err, review.ErrNoStart) {
		err = withHint(err, "set ORGIT_TRUSTED_COMMIT, a protected variable, to the commit of the approved branch that somebody has looked through and from which on merge requests count")
	}
	return start, err
}

// approvalsOf is what the evidence says of each commit.
func approvalsOf(coverage *review.Coverage) []apply.Approval {
	var list []apply.Approval
	for _, c := range coverage.Commits {
		a := apply.Approval{Commit: c.Commit, MergeRequest: c.Request}
		if v := c.Verdict; v != nil {
			a.Class = v.Class
			if v.By == org.ByRule {
				a.Rule = v.Class + " at " + c.Rules
			}
			for _, counted := range v.Counted {
				a.Approvers = append(a.Approvers, counted.Username)
			}
			slices.Sort(a.Approvers)
		}
		list = append(list, a)
	}
	return list
}

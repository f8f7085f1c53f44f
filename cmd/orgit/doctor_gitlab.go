package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/org"
)

// gitlabTarget is what the server of the merge requests is called beside the systems.
const gitlabTarget = "gitlab"

// projectServer tells how a project is set up.
type projectServer interface {
	Me(ctx context.Context) (gitlab.User, error)
	Project(ctx context.Context) (gitlab.Project, error)
	Protection(ctx context.Context, branch string) (gitlab.Protection, error)
	Users(ctx context.Context, usernames ...string) (found []gitlab.User, missing []string, err error)
}

// examineGitLab looks whether the project is set up as the review needs it. branches are those that nobody but orgit may write.
func examineGitLab(ctx context.Context, server projectServer, review org.Review, branches ...string) []apply.Check {
	me, err := server.Me(ctx)
	if err != nil {
		return []apply.Check{faultOf("login", err)}
	}
	checks := []apply.Check{goodCheck("login", "orgit is the user "+me.Username)}
	project, err := server.Project(ctx)
	if err != nil {
		return append(checks, faultOf("project", err))
	}
	checks = append(checks, goodCheck("project", project.Path), mergeCheck(project), pipelineCheck(project))
	for _, branch := range branches {
		checks = append(checks, protectionCheck(ctx, server, branch))
	}
	checks = append(checks, ownBranchesCheck(ctx, server, revertBranches), ownBranchesCheck(ctx, server, lockBranches), ownBranchesCheck(ctx, server, importBranches))
	return append(checks, groupCheck(ctx, server, review))
}

func mergeCheck(p gitlab.Project) apply.Check {
	switch {
	case p.MergeMethod != gitlab.MergeCommits:
		return warnCheck("merging", fmt.Sprintf("the merge method is %q", p.MergeMethod),
			"choose merge commits: a rebase voids approvals, and without a merge commit nobody can tell which merge request brought a change")
	case p.Squash == "always" || p.Squash == "default_on":
		return warnCheck("merging", "commits are squashed ("+p.Squash+")", "turn squashing off: a squashed commit is not the one that was approved")
	case !p.ThreadsHold:
		return warnCheck("merging", "merge commits; an open thread does not hold a merge by hand", "turn on that all threads must be resolved")
	}
	return goodCheck("merging", "merge commits, and open threads hold")
}

func pipelineCheck(p gitlab.Project) apply.Check {
	switch {
	case !strings.Contains(p.CIConfig, "@"):
		return warnCheck("pipeline", "the pipeline file lies in the project itself, so a branch can change the jobs that judge it",
			"keep it in a project of its own and name that as CI/CD configuration file: organisation.yml@group/project")
	case !p.PipelineHolds:
		return warnCheck("pipeline", "the file is "+p.CIConfig+"; a pipeline that fails does not hold a merge by hand", "turn on that pipelines must succeed")
	}
	return goodCheck("pipeline", "the file is "+p.CIConfig+", and a pipeline that fails holds")
}

func protectionCheck(ctx context.Context, server projectServer, branch string) apply.Check {
	subject := "branch " + branch
	p, err := server.Protection(ctx, branch)
	switch {
	case errors.Is(err, gitlab.ErrNotAllowed):
		return hiddenProtection(subject)
	case err != nil:
		return faultOf(subject, err)
	case !p.Protected:
		return faultOf(subject, errUnprotected, "protect it, with nobody but orgit's user allowed to push and merge")
	case p.ForcePush:
		return faultOf(subject, errForced, "turn force push off")
	}
	if slices.ContainsFunc(append(slices.Clone(p.Push), p.Merge...), belowMaintainer) {
		return warnCheck(subject, "protected, but everybody from developers up may push or merge", "allow it to the role that only orgit's user has; what others merge by hand is judged all the same, and stops apply where nobody approved it")
	}
	return goodCheck(subject, "protected, without force push")
}

// ownBranchesCheck looks at the branches that orgit makes beside those that are approved: a stranger's commit on one of them
// can take approvers away, or hold orgit's own up.
func ownBranchesCheck(ctx context.Context, server projectServer, prefix string) apply.Check {
	pattern := prefix + "*"
	subject := "branch " + pattern
	p, err := server.Protection(ctx, pattern)
	switch {
	case errors.Is(err, gitlab.ErrNotAllowed):
		return hiddenProtection(subject)
	case err != nil:
		return faultOf(subject, err)
	case !p.Protected || slices.ContainsFunc(p.Push, belowMaintainer):
		return warnCheck(subject, "others than orgit may push there, also in the names of those who are to approve", "protect "+pattern+", with nobody but orgit's user allowed to push")
	case prefix != lockBranches && !p.ForcePush:
		return warnCheck(subject, "protected, but orgit cannot bring a branch there up to date when the approved branch moves on", "turn force push on for "+pattern)
	}
	return goodCheck(subject, "protected; only orgit pushes there")
}

// belowMaintainer reports whether a rule lets a role that more than orgit's user has.
func belowMaintainer(a gitlab.Access) bool {
	return a.User == 0 && a.DeployKey == 0 && a.Level != gitlab.NoOne && a.Level < gitlab.Maintainer
}

func hiddenProtection(subject string) apply.Check {
	return apply.Check{Subject: subject, State: apply.CheckSkipped, Text: "only a maintainer's token may see how it is protected", Hint: "look at Settings > Repository > Protected branches by hand"}
}

var (
	errUnprotected = fmt.Errorf("%w: it is not protected", gitlab.ErrInvalid)
	errForced      = fmt.Errorf("%w: force push is allowed", gitlab.ErrInvalid)
)

// groupCheck: a member who has no account can never approve.
func groupCheck(ctx context.Context, server projectServer, review org.Review) apply.Check {
	if len(review.Group) == 0 {
		return warnCheck("group", "the working group is empty (review.group)", "name its members by their usernames")
	}
	_, missing, err := server.Users(ctx, review.Group...)
	switch {
	case err != nil:
		return faultOf("group", err)
	case len(missing) > 0:
		return warnCheck("group", "no account in GitLab: "+strings.Join(missing, ", "), "review.group names usernames; correct it, or make the accounts")
	}
	return goodCheck("group", fmt.Sprintf("%s, each with an account; %d must approve", count(len(review.Group), "member", "members"), review.Approvals))
}

func goodCheck(subject, text string) apply.Check {
	return apply.Check{Subject: subject, State: apply.CheckGood, Text: text}
}

func warnCheck(subject, text, hint string) apply.Check {
	return apply.Check{Subject: subject, State: apply.CheckWarning, Text: text, Hint: hint}
}

func faultOf(subject string, err error, hint ...string) apply.Check {
	return apply.Check{Subject: subject, State: apply.CheckFault, Text: err.Error(), Hint: strings.Join(hint, ""), Err: err}
}

package main

import (
	"context"
	"strings"
	"testing"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/org"
)

// setUp is a project that is set up in some way.
type setUp struct {
	project    gitlab.Project
	protection gitlab.Protection
	own        map[string]gitlab.Protection // of the branches that orgit makes
	users      []string
	err        error
}

func (s setUp) Me(context.Context) (gitlab.User, error) { return gitlab.User{Username: "orgit"}, nil }
func (s setUp) Project(context.Context) (gitlab.Project, error) {
	return s.project, nil
}
func (s setUp) Protection(_ context.Context, branch string) (gitlab.Protection, error) {
	if p, is := s.own[branch]; is {
		return p, nil
	}
	return s.protection, s.err
}
func (s setUp) Users(_ context.Context, names ...string) (found []gitlab.User, missing []string, err error) {
	for _, name := range names {
		known := false
		for _, u := range s.users {
			known = known || u == name
		}
		if !known {
			missing = append(missing, name)
		}
	}
	return found, missing, nil
}

// TestExamineGitLab: what makes the review worth less is found, each thing by its own.
func TestExamineGitLab(t *testing.T) {
	good := func() setUp {
		return setUp{
			project:    gitlab.Project{Path: "korsbaek/organisation", MergeMethod: gitlab.MergeCommits, Squash: "never", ThreadsHold: true, PipelineHolds: true, CIConfig: "organisation.yml@korsbaek/ci"},
			protection: gitlab.Protection{Protected: true, Push: []gitlab.Access{{Level: gitlab.NoOne}}, Merge: []gitlab.Access{{Level: gitlab.Maintainer}}},
			own: map[string]gitlab.Protection{
				"tilbagefoer/*": {Protected: true, Push: []gitlab.Access{{Level: gitlab.Maintainer}}, ForcePush: true},
				"lock/*":        {Protected: true, Push: []gitlab.Access{{User: 7}}},
				"import/*":      {Protected: true, Push: []gitlab.Access{{User: 7}}, ForcePush: true},
			},
			users: []string{"lone", "per"},
		}
	}
	rules := org.Review{Group: []string{"lone", "per"}, Approvals: 2}
	for name, tt := range map[string]struct {
		spoil   func(*setUp)
		subject string
		state   apply.CheckState
		says    string
	}{
		"good":                  {func(*setUp) {}, "", "", ""},
		"rebase":                {func(s *setUp) { s.project.MergeMethod = gitlab.FastForward }, "merging", apply.CheckWarning, `"ff"`},
		"squash":                {func(s *setUp) { s.project.Squash = "default_on" }, "merging", apply.CheckWarning, "squashed"},
		"threads":               {func(s *setUp) { s.project.ThreadsHold = false }, "merging", apply.CheckWarning, "thread"},
		"own pipeline":          {func(s *setUp) { s.project.CIConfig = "" }, "pipeline", apply.CheckWarning, "branch can change"},
		"failing pipeline":      {func(s *setUp) { s.project.PipelineHolds = false }, "pipeline", apply.CheckWarning, "fails"},
		"not protected":         {func(s *setUp) { s.protection = gitlab.Protection{} }, "branch main", apply.CheckFault, "not protected"},
		"force":                 {func(s *setUp) { s.protection.ForcePush = true }, "branch main", apply.CheckFault, "force"},
		"developers merge":      {func(s *setUp) { s.protection.Merge[0].Level = gitlab.Developer }, "branch main", apply.CheckWarning, "developers"},
		"nobody says":           {func(s *setUp) { s.err = gitlab.ErrNotAllowed }, "branch main", apply.CheckSkipped, "maintainer"},
		"imports are anybody's": {func(s *setUp) { s.own["import/*"] = gitlab.Protection{} }, "branch import/*", apply.CheckWarning, "others than orgit"},
		"reverts are anybody's": {func(s *setUp) { s.own["tilbagefoer/*"] = gitlab.Protection{} }, "branch tilbagefoer/*", apply.CheckWarning, "others than orgit"},
		"reverts stay behind": {func(s *setUp) {
			s.own["tilbagefoer/*"] = gitlab.Protection{Protected: true, Push: []gitlab.Access{{Level: gitlab.Maintainer}}}
		}, "branch tilbagefoer/*", apply.CheckWarning, "up to date"},
		"locks are developers'": {func(s *setUp) { s.own["lock/*"].Push[0] = gitlab.Access{Level: gitlab.Developer} }, "branch lock/*", apply.CheckWarning, "others than orgit"},
		"a member is not there": {func(s *setUp) { s.users = []string{"lone"} }, "group", apply.CheckWarning, "per"},
	} {
		t.Run(name, func(t *testing.T) {
			s := good()
			tt.spoil(&s)
			for _, c := range examineGitLab(context.Background(), s, rules, "main") {
				state := apply.CheckGood
				if c.Subject == tt.subject {
					state = tt.state
				}
				if c.State != state || c.Subject == tt.subject && !strings.Contains(c.Text, tt.says) {
					t.Errorf("%+v, want %s that says %q", c, state, tt.says)
				}
				if (c.State == apply.CheckFault) != (c.Err != nil) {
					t.Errorf("%+v: a fault has an error, and nothing else has", c)
				}
			}
		})
	}
}

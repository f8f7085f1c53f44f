package gitlabtest

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// Rule is a protected branch, or several when its name has *. Push and Merge are the level that may; NoAccess is nobody.
type Rule struct {
	Name        string
	Push, Merge int
	ForcePush   bool
}

// Protect protects a branch. A rule of the same name is replaced.
func (s *Server) Protect(r Rule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = slices.DeleteFunc(s.rules, func(old Rule) bool { return old.Name == r.Name })
	s.rules = append(s.rules, r)
}

// Unprotect takes a rule away.
func (s *Server) Unprotect(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = slices.DeleteFunc(s.rules, func(old Rule) bool { return old.Name == name })
}

func (r Rule) matches(branch string) bool {
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(r.Name), `\*`, ".*") + "$").MatchString(branch)
}

// mayPush says whether somebody may push to a branch.
func (s *Server) mayPush(u *User, branch string) bool {
	return s.may(u, branch, func(r Rule) []int { return []int{r.Push} })
}

// mayMerge says whether somebody may merge into a branch: who may push may do that too.
func (s *Server) mayMerge(u *User, branch string) bool {
	return s.may(u, branch, func(r Rule) []int { return []int{r.Push, r.Merge} })
}

// may says whether a rule about a branch lets somebody, or there is none and they are a developer.
func (s *Server) may(u *User, branch string, levels func(Rule) []int) bool {
	for _, r := range s.rules {
		for _, level := range levels(r) {
			if r.matches(branch) && level != NoAccess && u.Level >= level {
				return true
			}
		}
	}
	return !s.protected(branch) && u.Level >= Developer
}

func (s *Server) listRules(r *request) answer {
	var all []any
	for i, rule := range s.rules {
		all = append(all, object{
			"id": i + 1, "name": rule.Name, "push_access_levels": levels(i, rule.Push), "merge_access_levels": levels(i, rule.Merge),
			"allow_force_push": rule.ForcePush,
		})
	}
	return r.page(all, totals)
}

func levels(rule, level int) []any {
	names := map[int]string{NoAccess: "No one", Developer: "Developers + Maintainers", Maintainer: "Maintainers"}
	o := object{"id": rule + 1, "access_level": level, "access_level_description": names[level], "deploy_key_id": nil}
	return []any{o}
}

func (s *Server) getVersion(*request) answer {
	return answer{body: object{"version": "18.5.0", "revision": "standin"}}
}

func (s *Server) getProject(*request) answer {
	branches, err := s.repo.branches()
	if err != nil {
		return broken(err)
	}
	var branch any
	if len(branches) > 0 {
		branch = s.opts.DefaultBranch
	}
	path := s.opts.Project
	name := path[strings.LastIndex(path, "/")+1:]
	return answer{body: object{
		"id": s.opts.ProjectID, "path": name, "name": name, "path_with_namespace": path, "default_branch": branch, "visibility": "private",
		"merge_method": s.opts.MergeMethod, "squash_option": "default_off", "ci_config_path": s.opts.CIConfig,
		"only_allow_merge_if_all_discussions_are_resolved": s.opts.ThreadsHold, "only_allow_merge_if_pipeline_succeeds": false,
		"web_url": s.url + "/" + path, "http_url_to_repo": s.GitURL(""), "empty_repo": len(branches) == 0,
	}}
}

// listApprovalRules is a route that Free does not have.
func (s *Server) listApprovalRules(r *request) answer {
	if !s.opts.Premium {
		return answer{status: http.StatusNotFound, body: object{"error": "404 Not Found"}}
	}
	return r.page([]any{object{
		"id": 1, "name": "All Members", "rule_type": "any_approver", "approvals_required": s.opts.ApprovalsRequired, "eligible_approvers": []any{},
		"users": []any{}, "groups": []any{}, "contains_hidden_groups": false, "protected_branches": []any{},
	}}, totals)
}

// Status is one that was set on a commit.
type Status struct {
	SHA, State, Name, Ref, Description string
	By                                 string // username
}

// Statuses gives those that were set, in that order.
func (s *Server) Statuses() []Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.statuses)
}

func (s *Server) setStatus(r *request) answer {
	sha := r.PathValue("sha")
	if _, err := s.repo.git("cat-file", "-e", sha+"^{commit}"); err != nil {
		return refuse(http.StatusNotFound, "404 Commit Not Found")
	}
	state, ok := r.text("state")
	if !ok || !slices.Contains([]string{"pending", "running", "success", "failed", "canceled", "skipped"}, state) {
		return answer{status: http.StatusBadRequest, body: object{"error": "state does not have a valid value"}}
	}
	name, _ := r.text("name")
	st := Status{SHA: sha, State: state, Name: cmp.Or(name, "default"), By: r.user.Username}
	st.Ref, _ = r.text("ref")
	st.Description, _ = r.text("description")
	for _, old := range s.statuses {
		if old.SHA == sha && old.Name == st.Name && old.State == state && (state == "running" || state == "pending") {
			return refuse(http.StatusBadRequest, fmt.Sprintf(`Cannot transition status via :%s from :%s`, map[string]string{"running": "run", "pending": "enqueue"}[state], state))
		}
	}
	s.statuses = append(s.statuses, st)
	return answer{body: object{"id": s.nextID(), "sha": sha, "ref": st.Ref, "status": state, "name": st.Name, "description": st.Description, "author": r.user.json(s)}}
}

func broken(error) answer { return refuse(http.StatusInternalServerError, "500 Internal Server Error") }

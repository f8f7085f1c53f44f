package review

import (
	"context"
	"fmt"
	"strings"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/org"
)

// Opinions is what a server knows about one merge request beside itself.
type Opinions interface {
	Approvals(ctx context.Context, iid int) ([]gitlab.Approval, error)
	Versions(ctx context.Context, iid int) ([]gitlab.Version, error)
	Commits(ctx context.Context, iid int) ([]gitlab.Commit, error)
}

// Terms are what proposals are held against, from the environment.
type Terms struct {
	Target string // the name of the approved branch
	Forks  bool   // whether proposals from forks are taken
	Keys   Signatures
}

// Gather asks for what Judge has to know about a merge request whose commit head is judged, and for the source that its
// commits were made from (see [Signed]).
func (t Terms) Gather(ctx context.Context, server Opinions, request gitlab.MergeRequest, head string) (f Facts, source string, err error) {
	f = Facts{Request: request, Head: head, Target: t.Target, Forks: t.Forks}
	if f.Approvals, err = server.Approvals(ctx, request.IID); err != nil {
		return Facts{}, "", fmt.Errorf("read who approved !%d: %w", request.IID, err)
	}
	if f.Versions, err = server.Versions(ctx, request.IID); err != nil {
		return Facts{}, "", fmt.Errorf("read when !%d was pushed: %w", request.IID, err)
	}
	if f.Commits, err = server.Commits(ctx, request.IID); err != nil {
		return Facts{}, "", fmt.Errorf("read the commits of !%d: %w", request.IID, err)
	}
	f.Proposers, source, err = Signed(ctx, t.Keys, f.Commits)
	if !ImportsFrom(request.Source, source) {
		source = ""
	}
	return f, source, err
}

// ImportBranches begins the names of the branches of an import: import/SOURCE-… and import/SOURCE/….
const ImportBranches = "import/"

// ImportsFrom reports whether a branch is one of an import from a source. Only the job that imports may push to those (they
// are protected), so a signed commit that it has withdrawn does not come back on somebody else's branch.
func ImportsFrom(branch, source string) bool {
	rest, ok := strings.CutPrefix(branch, ImportBranches+source)
	return ok && source != "" && (strings.HasPrefix(rest, "-") || strings.HasPrefix(rest, "/"))
}

// Day is the day on which a merge request is judged, the same whenever it is asked: that of the last push, or of the last
// approval by somebody whom main names in any way, whichever is later. It is empty where nothing is known.
func (f Facts) Day(approved *org.Organisation) org.Day {
	last := pushed(f)
	for _, a := range f.Approvals {
		if a.At.After(last) && approved != nil && named(approved, a.User.Username) {
			last = a.At
		}
	}
	if last.IsZero() {
		return ""
	}
	day, err := org.DayOf(last)
	if err != nil {
		return ""
	}
	return day
}

// named reports whether main names a username among those who may ever approve.
func named(o *org.Organisation, username string) bool {
	rules := o.Settings.Review
	for _, member := range rules.Group {
		if strings.EqualFold(member, username) {
			return true
		}
	}
	for _, s := range rules.Substitutes {
		if strings.EqualFold(s.Is, username) {
			return true
		}
	}
	if rules.Login == "" {
		return false
	}
	for h, a := range o.Accounts {
		for _, s := range accountVersions(a) {
			if h.Person != nil && s.System == rules.Login && strings.EqualFold(s.Name, username) {
				return true
			}
		}
	}
	return false
}

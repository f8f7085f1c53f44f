package review_test

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// world is a repository and a server in memory: main, branches that were merged, and merge requests.
type world struct {
	t        testing.TB
	commits  map[string]*node
	main     string
	requests map[int]*request
	signers  map[string]review.Signer
	plan     func(before, after string) *plan.Plan
	listed   map[string][]gitlab.MergeRequest // what the server lists for a commit, where that is not the truth
}

type node struct {
	parents []string
	files   tree
}

type request struct {
	gitlab.MergeRequest
	approvals []gitlab.Approval
	versions  []gitlab.Version
	commits   []gitlab.Commit
}

// newWorld has one commit on main: the town.
func newWorld(t testing.TB) *world {
	w := &world{
		t: t, commits: map[string]*node{}, requests: map[int]*request{}, signers: map[string]review.Signer{},
		plan: func(string, string) *plan.Plan { return &plan.Plan{} },
	}
	w.main = w.commit(town(t))
	return w
}

func (w *world) commit(files tree, parents ...string) string {
	name := fmt.Sprintf("%040d", len(w.commits)+1)
	w.commits[name] = &node{parents, files}
	return name
}

// push commits edits on a branch that begins at main, and opens a merge request for it.
func (w *world) push(edits ...edit) *request {
	return w.pushFiles(w.commits[w.main].files.with(w.t, edits...))
}

func (w *world) pushFiles(files tree) *request {
	head := w.commit(files, w.main)
	f := facts()
	r := &request{MergeRequest: f.Request, commits: f.Commits}
	r.IID = len(w.requests) + 1
	r.Head = head
	r.commits[0].ID = head
	r.versions = []gitlab.Version{{Head: head, Created: at("10:00")}}
	w.requests[r.IID] = r
	return r
}

// more commits further edits on the branch of a merge request, at a time.
func (w *world) more(r *request, clock string, edits ...edit) {
	r.Head = w.commit(w.commits[r.Head].files.with(w.t, edits...), r.Head)
	r.versions = append(r.versions, gitlab.Version{Head: r.Head, Created: at(clock)})
	c := r.commits[0]
	c.ID = r.Head
	r.commits = append(r.commits, c)
}

func (r *request) approve(clock string, names ...string) {
	for _, name := range names {
		r.approvals = append(r.approvals, approval(name, clock))
	}
}

// merge merges a branch as the server does; edits are what the merge commit holds beside that.
func (w *world) merge(r *request, edits ...edit) string {
	base, err := w.MergeBase(w.main, r.Head)
	if err != nil {
		w.t.Fatal(err)
	}
	merged, conflicts, err := org.Merge(w.commits[base].files.fs(), w.commits[w.main].files.fs(), w.commits[r.Head].files.fs())
	if err != nil || len(conflicts) > 0 {
		w.t.Fatal(err, conflicts)
	}
	files := tree{}
	err = fs.WalkDir(merged, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(merged, name)
		files[name] = string(text)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.main = w.commit(files.with(w.t, edits...), w.main, r.Head)
	r.State, r.MergeCommit = gitlab.Merged, w.main
	return w.main
}

// byHand puts a commit on main without a merge request.
func (w *world) byHand(edits ...edit) {
	w.main = w.commit(w.commits[w.main].files.with(w.t, edits...), w.main)
}

func (w *world) cover(since string) (*review.Coverage, error) {
	return review.Cover(context.Background(), review.Covering{History: w, Contents: w, Requests: w, Terms: review.Terms{Target: "main", Keys: w}}, since, w.main)
}

func (w *world) FirstParents(since, to string) (commits []string, reached bool, err error) {
	for to != since {
		commits = append(commits, to)
		n := w.commits[to]
		if len(n.parents) == 0 {
			return nil, false, nil
		}
		to = n.parents[0]
	}
	slices.Reverse(commits)
	return commits, true, nil
}

func (w *world) Parents(commit string) ([]string, error) { return w.commits[commit].parents, nil }

func (w *world) IsAncestor(ancestor, of string) (bool, error) {
	return slices.Contains(w.ancestors(of), ancestor), nil
}

// ancestors are a commit and all before it, the nearest first.
func (w *world) ancestors(commit string) []string {
	list := []string{commit}
	for i := 0; i < len(list); i++ {
		for _, p := range w.commits[list[i]].parents {
			if !slices.Contains(list, p) {
				list = append(list, p)
			}
		}
	}
	slices.SortFunc(list, func(a, b string) int { return strings.Compare(b, a) }) // names count upwards
	return list
}

func (w *world) MergeBase(a, b string) (string, error) {
	others := w.ancestors(b)
	for _, commit := range w.ancestors(a) {
		if slices.Contains(others, commit) {
			return commit, nil
		}
	}
	return "", fmt.Errorf("no base")
}

func (w *world) Tree(commit string) (fs.FS, string, error) {
	return w.commits[commit].files.fs(), commit, nil
}

func (w *world) Organisation(_ context.Context, commit string) (*org.Organisation, error) {
	return w.commits[commit].files.organisation()
}

func (w *world) Changed(_ context.Context, before, after string) ([]string, error) {
	return changed(w.commits[before].files, w.commits[after].files), nil
}

func (w *world) Consequences(_ context.Context, before, after string, _ org.Day) (*plan.Plan, error) {
	return w.plan(before, after), nil
}

func (w *world) Unexpected(_ context.Context, into, head, merge string) (review.Deviation, error) {
	return review.Remerge(w, into, head, merge)
}

func (w *world) Signer(_ context.Context, commit string) (review.Signer, error) {
	return w.signers[commit], nil
}

func (w *world) MergeRequestsOfCommit(_ context.Context, commit string) ([]gitlab.MergeRequest, error) {
	if list, ok := w.listed[commit]; ok {
		return list, nil
	}
	var list []gitlab.MergeRequest
	for iid := range len(w.requests) {
		r := w.requests[iid+1]
		if r.MergeCommit == commit || r.Head == commit {
			list = append(list, gitlab.MergeRequest{IID: r.IID, State: r.State, MergeCommit: r.MergeCommit})
		}
	}
	return list, nil
}

func (w *world) MergeRequest(_ context.Context, iid int) (gitlab.MergeRequest, error) {
	return w.requests[iid].MergeRequest, nil
}

func (w *world) Approvals(_ context.Context, iid int) ([]gitlab.Approval, error) {
	return w.requests[iid].approvals, nil
}

func (w *world) Versions(_ context.Context, iid int) ([]gitlab.Version, error) {
	return w.requests[iid].versions, nil
}

func (w *world) Commits(_ context.Context, iid int) ([]gitlab.Commit, error) {
	return w.requests[iid].commits, nil
}

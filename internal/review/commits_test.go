package review_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	gogit "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// onDisk is a repository in which the organisation lies in the folder org.
type onDisk struct {
	t   *testing.T
	dir string
	git *gogit.Repository
}

func newOnDisk(t *testing.T) *onDisk {
	d := &onDisk{t: t, dir: t.TempDir()}
	if _, err := git.Init(d.dir, "main"); err != nil {
		t.Fatal(err)
	}
	var err error
	if d.git, err = gogit.PlainOpen(d.dir); err != nil {
		t.Fatal(err)
	}
	return d
}

// commit makes a commit of exactly these files, with the parents that are given; links are symbolic ones.
func (d *onDisk) commit(files tree, links map[string]string, parents ...string) string {
	d.t.Helper()
	folder := filepath.Join(d.dir, "org")
	if err := os.RemoveAll(folder); err != nil {
		d.t.Fatal(err)
	}
	for name, text := range files {
		d.write(filepath.Join(folder, filepath.FromSlash(name)), text)
	}
	if err := os.CopyFS(filepath.Join(folder, filepath.FromSlash(schema.VendorDir)), schema.Source()); err != nil && !errors.Is(err, fs.ErrExist) {
		d.t.Fatal(err)
	}
	for name, to := range links {
		if err := os.Symlink(to, filepath.Join(folder, name)); err != nil {
			d.t.Fatal(err)
		}
	}
	work, err := d.git.Worktree()
	if err != nil {
		d.t.Fatal(err)
	}
	if err := work.AddWithOptions(&gogit.AddOptions{All: true}); err != nil {
		d.t.Fatal(err)
	}
	by := &object.Signature{Name: "Hanne Ravn", Email: "hanne@korsbaek.example", When: time.Unix(1_700_000_000, 0)}
	opts := &gogit.CommitOptions{Author: by, Committer: by, AllowEmptyCommits: true}
	for _, p := range parents {
		opts.Parents = append(opts.Parents, plumbing.NewHash(p))
	}
	hash, err := work.Commit("c", opts)
	if err != nil {
		d.t.Fatal(err)
	}
	return hash.String()
}

func (d *onDisk) write(path, text string) {
	d.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		d.t.Fatal(err)
	}
}

// TestCoverOnDisk covers a merge in a repository of git's: as it should be, and with a link that nobody approved.
func TestCoverOnDisk(t *testing.T) {
	for _, tt := range []struct {
		name  string
		links map[string]string
		want  string
	}{
		{"as it should be", nil, "!1 yes, by areaLeader +sanl=SanL"},
		{"with a link", map[string]string{"link": "/etc/passwd"}, "!1 content: org/link"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newOnDisk(t)
			before := town(t)
			after := before.with(t, annaPhone)
			start := d.commit(before, nil)
			head := d.commit(after, nil, start)
			d.commit(before, nil, start) // the work tree of main again
			merge := d.commit(after, tt.links, start, head)

			repo, err := git.Open(filepath.Join(d.dir, "org"))
			if err != nil {
				t.Fatal(err)
			}
			server := newWorld(t)
			r := &request{MergeRequest: facts().Request, versions: []gitlab.Version{{Head: head, Created: at("10:00")}}, commits: facts().Commits}
			r.IID, r.Head, r.State, r.MergeCommit, r.commits[0].ID = 1, head, gitlab.Merged, merge, head
			r.approve("11:00", "sanl")
			server.requests[1] = r
			effects := func(context.Context, *org.Organisation, *org.Organisation, org.Day) (*plan.Plan, error) {
				return &plan.Plan{}, nil
			}
			c, err := review.Cover(context.Background(), review.Covering{
				History: repo, Contents: review.NewCommits(repo, effects), Requests: server, Terms: review.Terms{Target: "main"},
			}, start, merge)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{tt.want}, outcome(c)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

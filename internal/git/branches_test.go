package git

import (
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/google/go-cmp/cmp"
)

func TestBranches(t *testing.T) {
	r := newRepository(t, map[string]string{"people/p1.cue": "one", "people/p2.cue": "two"})
	base := commit(t, r, "first")
	write(t, r, map[string]string{"people/p1.cue": "other", "people/p3.cue": "three"})
	head := commit(t, r, "second")
	for name, at := range map[string]string{
		"refs/heads/forslag/a": base, "refs/remotes/origin/forslag/a": head, "refs/heads/import/b": head, "refs/heads/another": head,
		"refs/tags/forslag/t": head, "refs/heads/forslag/gone": "1111111111111111111111111111111111111111",
	} {
		if err := r.repo.Storer.SetReference(plumbing.NewHashReference(plumbing.ReferenceName(name), plumbing.NewHash(at))); err != nil {
			t.Fatal(err)
		}
	}
	list, err := r.Branches("forslag/", "import/")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range list {
		got = append(got, b.Name+" "+b.Commit)
	}
	if diff := cmp.Diff([]string{"forslag/a " + head, "import/b " + head}, got); diff != "" {
		t.Errorf("branches (-want +got):\n%s", diff)
	}
	blobs, err := r.Brought(base, head)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, b := range blobs {
		text, ok, err := r.Text(b, 5)
		if err != nil || !ok {
			t.Fatalf("%s: %v, %v", b.File, ok, err)
		}
		texts[b.File] = string(text)
	}
	if diff := cmp.Diff(map[string]string{"people/p1.cue": "other", "people/p3.cue": "three"}, texts); diff != "" {
		t.Errorf("what the commit brought (-want +got):\n%s", diff)
	}
	if _, ok, err := r.Text(blobs[0], 4); ok || err != nil {
		t.Errorf("a text of five bytes is read where four are the most: %v", err)
	}
}

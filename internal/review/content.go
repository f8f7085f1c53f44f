package review

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"orgit.dk/orgit/org"
)

// Deviation is in what a merge commit differs from what merging gives.
type Deviation struct {
	// Conflicts are the entries and files that both sides changed in different ways: somebody decided in the merge itself.
	Conflicts []string
	// Names are the files and entries that are not as merging makes them.
	Names []string
}

// Trees are the files of commits.
type Trees interface {
	// Tree gives the files of a commit, and its full name.
	Tree(commit string) (files fs.FS, name string, err error)
	MergeBase(a, b string) (string, error)
}

// Remerge merges head into the commit into once more and says in what a merge commit of the two differs from that. Files
// and entries that only one side has changed have to be as that side has them; what both have changed alike, so. A file
// that is no entries and that both sides have changed differently counts as a deviation whatever became of it, because no
// other program's way of merging lines is repeated here.
func Remerge(t Trees, into, head, merge string) (Deviation, error) {
	base, err := t.MergeBase(into, head)
	if err != nil {
		return Deviation{}, err
	}
	var trees [4]fs.FS
	for i, commit := range []string{base, into, head, merge} {
		if trees[i], _, err = t.Tree(commit); err != nil {
			return Deviation{}, fmt.Errorf("read the files of %s: %w", short(commit), err)
		}
	}
	expected, conflicts, err := org.Merge(trees[0], trees[1], trees[2])
	if err != nil {
		return Deviation{}, fmt.Errorf("merge %s once more: %w", short(head), err)
	}
	var d Deviation
	for _, c := range conflicts {
		d.Conflicts = append(d.Conflicts, cmp.Or(c.Path, c.Position.File))
	}
	if d.Names, err = org.Differences(expected, trees[3]); err != nil {
		return Deviation{}, fmt.Errorf("compare %s with what merging gives: %w", short(merge), err)
	}
	odd, err := oddFiles(trees)
	if err != nil {
		return Deviation{}, err
	}
	d.Names = append(d.Names, odd...)
	slices.Sort(d.Names)
	d.Names = slices.Compact(d.Names)
	return d, nil
}

// oddFiles are the links and other files that are not plain, and that are not as merging makes them. trees are base, the
// two sides, and the merge.
func oddFiles(trees [4]fs.FS) ([]string, error) {
	var odd [4]map[string]string
	names := map[string]bool{}
	for i, tree := range trees {
		odd[i] = map[string]string{}
		err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || d.Type().IsRegular() {
				return err
			}
			names[name] = true
			text, err := fs.ReadFile(tree, name) // where a link leads
			if err != nil {
				text = fmt.Appendf(nil, "unreadable %d", i) // a repository within: never the same as another
			}
			odd[i][name] = d.Type().String() + " " + string(text)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("look for links: %w", err)
		}
	}
	var different []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		base, into, head, merge := odd[0][name], odd[1][name], odd[2][name], odd[3][name]
		expected := into
		if into == base {
			expected = head
		}
		if merge != expected || into != base && head != base && into != head {
			different = append(different, name)
		}
	}
	return different, nil
}

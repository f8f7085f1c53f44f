package org

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// IsDataFile reports whether a file is one that can hold nothing but entries (units, people, systems …), by its name from
// the repository's root, with slashes. Everything that such a file states is said by package change; of any other file it
// is not known from the organisation what a change of it does.
func IsDataFile(name string) bool {
	base := path.Base(name)
	if !strings.Contains(name, "/") || path.Ext(base) != ".cue" || strings.HasSuffix(base, "_tool.cue") || strings.HasSuffix(base, "_test.cue") {
		return false
	}
	return !slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool {
		return hidden(part) || part == "testdata" || part == "cue.mod"
	})
}

// Differences gives what stands differently in two trees of files: the names of files, and the paths of entries. Files that
// hold nothing but entries are compared entry by entry, text by text, wherever the entries stand, so that two ways of
// merging the same changes into a file come to the same; every other file is compared byte by byte. Only plain files are
// looked at.
func Differences(a, b fs.FS) ([]string, error) {
	known := map[string][]byte{}
	one, err := readTexts(a, known)
	if err != nil {
		return nil, err
	}
	other, err := readTexts(b, known)
	if err != nil {
		return nil, err
	}
	different := map[string]bool{}
	sides := [2]*side{differing(one, other), differing(other, one)}
	for i, s := range sides {
		beside := sides[1-i]
		for name, text := range s.whole {
			if there, ok := beside.whole[name]; !ok || string(there) != string(text) {
				different[name] = true
			}
		}
		for id, st := range s.entries {
			if there := beside.entries[id]; there == nil || there.Text != st.Text {
				different[id.path()] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(different)), nil
}

// differing takes the files apart that are not the same on the other side.
func differing(texts, other map[string][]byte) *side {
	s := &side{whole: map[string][]byte{}, pages: map[string]*page{}, entries: map[entryID]*statement{}}
	for _, name := range sortedKeys(texts) {
		there, ok := other[name]
		switch {
		case ok && string(there) == string(texts[name]):
		case !IsDataFile(name):
			s.whole[name] = texts[name]
		default:
			s.add(name, texts[name])
		}
	}
	return s
}

package propose

import (
	"slices"

	"orgit.dk/orgit/org/edit"
	"orgit.dk/orgit/schema"
)

// Clash is a field that a change sets, and that main has set to something else since the two parted; or what the field
// stands in, where main has made, replaced or removed that.
type Clash struct {
	Change Change
	Path   []string // kind, key, field …
}

// Field is the field as a path of CUE.
func (c Clash) Field() string { return schema.JoinPath(c.Path...) }

// Clashes holds what was done against what main has changed since before, which is a session that carried out the same
// changes on the files from which the two parted: a change must not take back, unseen, what somebody else has had approved
// meanwhile. What a change overwrote or took away there counts too, where it comes to stand elsewhere now.
func (s *Session) Clashes(before *Session) []Clash {
	var list []Clash
	for i, d := range s.done {
		told := map[string]bool{}
		for _, path := range append(slices.Clone(d.Edits), s.elsewhere(before, i)...) {
			at := apart(before.first, s.first, path)
			if clash := (Clash{d.Change, at}); at != nil && !told[clash.Field()] {
				told[clash.Field()] = true
				list = append(list, clash)
			}
		}
	}
	return list
}

// elsewhere gives the fields that a change overwrote or took away in the session before, and that have another value after
// this one.
func (s *Session) elsewhere(before *Session, change int) (paths [][]string) {
	if change >= len(before.done) {
		return nil
	}
	for _, path := range before.done[change].Edits {
		if before.first.Was(path...) != "" && before.editor.files.Value(path...) != s.editor.files.Value(path...) {
			paths = append(paths, path)
		}
	}
	return paths
}

// apart is where main differs from the base for somebody who edits a field: in the field, or, before that, in the thing
// that it is a field of. It is nil where it does not.
func apart(base, main *edit.Files, path []string) []string {
	for n := 2; n < len(path); n++ {
		if at := path[:n]; isThing(at) && !sameThing(base, main, at) {
			return at
		}
	}
	if len(path) > 2 && base.Was(path...) != main.Was(path...) {
		return path
	}
	return nil
}

// isThing reports whether a path leads to an entry, or to what has a key of its own in one. What only holds such things, as
// engagements or addresses do, is none: two may well add to it.
func isThing(path []string) bool {
	return len(path) == 2 || len(path) > 2 &&
		slices.Contains([]string{"engagements", "associations", "accounts", "managers", "leaves", amendments}, path[len(path)-2])
}

// amendments is the field under which a thing states, by day, what is different from then on.
const amendments = "on"

// sameThing reports whether what main has at a path is the thing that the base had there: with the same UUID and the same
// first day where those are stated. An amendment of a day is the same whoever states it first.
func sameThing(base, main *edit.Files, path []string) bool {
	was, is := base.Was(path...), main.Was(path...)
	switch {
	case was == "" && is == "": // the change made it
		return true
	case is == "":
		return false
	case path[len(path)-2] == amendments:
		return true
	case was == "":
		return false
	}
	for _, field := range []string{"uuid", "from"} {
		at := append(slices.Clone(path), field)
		if base.Was(at...) != main.Was(at...) {
			return false
		}
	}
	return true
}

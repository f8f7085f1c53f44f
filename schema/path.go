package schema

import (
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
)

// holdsKeys reports whether the names below a field of an entry are keys that people
// choose, or days.
func holdsKeys(kind, field string) bool {
	switch field {
	case "managers", "engagements", "associations", "accounts", "leaves", "on", "parents", "sources":
		return true
	case "roles", "jobs", "constraints", "choices":
		return kind == "systems" // the jobs of a role group are a list
	case "values":
		return kind == "assignments"
	case "exceptions":
		return kind == "conflicts"
	}
	return false
}

func isEntryKind(name string) bool {
	switch name {
	case "units", "people", "robots", "systems", "roleGroups", "assignments", "conflicts", "allowances":
		return true
	}
	return false
}

// JoinPath writes the names that lead to a place in the files as a CUE path in which
// every key is quoted and no field is, such as people."p7k3f9q".engagements."a".unit.
// The first name is the top-level one; a number below a field that holds no keys is the
// index of a list.
func JoinPath(names ...string) string {
	var b strings.Builder
	length := 0
	for _, name := range names {
		length += len(name) + len(`."".`)
	}
	b.Grow(length) // there are some hundred thousand paths in a plan
	entry := len(names) > 0 && isEntryKind(names[0])
	key := false
	for i, name := range names {
		switch {
		case entry && i == 1, key:
			key = false
			b.WriteString(`."`)
			b.WriteString(name)
			b.WriteByte('"')
		case i > 0 && isIndex(name) && names[0] != "classes": // a class may be called 27
			b.WriteString("[" + name + "]")
		default:
			if i > 0 {
				b.WriteByte('.')
			}
			if !ast.IsValidIdent(name) {
				name = strconv.Quote(name)
			}
			b.WriteString(name)
			key = entry && holdsKeys(names[0], name)
		}
	}
	return b.String()
}

// SplitPath gives the names of a path that JoinPath wrote.
func SplitPath(path string) []string {
	var names []string
	for path != "" {
		var name string
		switch path[0] {
		case '.':
			path = path[1:]
			continue
		case '"':
			name, path, _ = strings.Cut(path[1:], `"`)
		case '[':
			name, path, _ = strings.Cut(path[1:], "]")
		default:
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			name, path = path[:end], path[end:]
		}
		names = append(names, name)
	}
	return names
}

func isIndex(name string) bool {
	if name == "" || name[0] > '9' { // nearly every name: an error would have to be made only to be thrown away
		return false
	}
	_, err := strconv.ParseUint(name, 10, 31)
	return err == nil
}

package org

import "strings"

// Path names a place in the organisation's files as CUE does, with every key quoted:
// people."p7k3f9q".engagements."a".unit
type Path string

// PathOf builds the path of an entry and of what lies below it. Keys of maps are quoted,
// field names are not.
func PathOf(kind, key string, below ...string) Path {
	var b strings.Builder
	b.WriteString(kind)
	b.WriteString(`."` + key + `"`)
	quote := false
	for _, name := range below {
		b.WriteByte('.')
		if quote {
			b.WriteString(`"` + name + `"`)
		} else {
			b.WriteString(name)
		}
		quote = !quote && holdsKeys(name)
	}
	return Path(b.String())
}

// holdsKeys reports whether the names below a field are keys that people choose.
func holdsKeys(field string) bool {
	switch field {
	case "managers", "engagements", "associations", "accounts", "leaves", "on", "parents", "sources":
		return true
	}
	return false
}

// Fact is something the organisation's files state, given as the reason for a difference.
type Fact struct {
	Path  Path   `json:"path"`
	Value string `json:"value,omitempty"` // as stated, for a reader
	Day   Day    `json:"day,omitempty"`   // the day from which it holds; empty when it always has
}

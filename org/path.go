package org

import "orgit.dk/orgit/schema"

// Path names a place in the organisation's files as CUE does, with every key quoted:
// people."p7k3f9q".engagements."a".unit
type Path string

// PathOf builds the path of an entry and of what lies below it. Keys of maps are quoted,
// field names are not.
func PathOf(kind, key string, below ...string) Path {
	return Path(schema.JoinPath(append([]string{kind, key}, below...)...))
}

// Fact is something the organisation's files state, given as the reason for a difference.
type Fact struct {
	Path  Path   `json:"path"`
	Value string `json:"value,omitempty"` // as stated, for a reader
	Day   Day    `json:"day,omitempty"`   // the day from which it holds; empty when it always has
}

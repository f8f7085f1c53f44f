package edit

import (
	"bytes"
	"fmt"

	"orgit.dk/orgit/schema"
)

// Entry writes an entry as the one of a file of its own, and gives the file's name: units/KEY.cue, people/XX/KEY.cue with
// the first two characters of the key.
func Entry(kind, key string, value Struct) (name string, text []byte, err error) {
	name = kind + "/" + key + ".cue"
	if kind == "people" {
		name = kind + "/" + key[:min(len(key), 2)] + "/" + key + ".cue"
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "package org\n\n%s: {%s: {\n", kind, label(kind, key))
	for _, field := range value {
		text, err := spell(field.Name, field.Value)
		if err != nil {
			return name, nil, fmt.Errorf("make %s: field %s: %w", schema.JoinPath(kind, key), field.Name, err)
		}
		fmt.Fprintf(&b, "\t%s: %s\n", label("", field.Name), text)
	}
	b.WriteString("}}\n")
	return name, b.Bytes(), nil
}

// Spell writes a value on one line; parent is the name of the field that it is the value of.
func Spell(parent string, value any) (string, error) { return spell(parent, value) }

// Label spells the name of a field inside another one, whose name is parent.
func Label(parent, name string) string { return label(parent, name) }

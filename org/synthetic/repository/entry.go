package repository

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"orgit.dk/orgit/org/edit"
)

// entry is a unit or a person, and how its file is written.
type entry struct {
	kind, key string
	fields    edit.Struct
	lets      []string // lines of let before the fields
	base      string   // the template that the entry builds on; empty: none
}

// style is how the file of an entry is written.
type style int

const (
	plain     style = iota
	commented       // plain, with a comment
	chained         // a: b: c
	featured        // with more of CUE than plain data
)

// Shares of a hundred entries that are not featured.
const (
	chainedShare   = 5
	commentedShare = 4
)

// style chooses how the i-th entry is written.
func (r *Repository) style(i int) (style, *rand.Rand) {
	random := r.random(forStyle, i)
	if random.IntN(100) < r.opts.CUE {
		return featured, random
	}
	switch x := random.IntN(100); {
	case x < chainedShare:
		return chained, random
	case x < chainedShare+commentedShare:
		return commented, random
	}
	return plain, random
}

// file writes the entry's file.
func (e entry) file(s style, random *rand.Rand) (name string, text []byte, err error) {
	name, text, err = edit.Entry(e.kind, e.key, e.fields)
	if err != nil {
		return name, nil, err
	}
	switch s {
	case commented:
		text = comment(text, random)
	case chained:
		text, err = e.chain()
	case featured:
		if err = e.feature(random); err == nil {
			text, err = e.write()
		}
	}
	return name, text, err
}

// comment puts a comment above the entry, or behind one of its lines.
func comment(text []byte, random *rand.Rand) []byte {
	remarks := []string{"Ændret efter aftale med HR.", "Se sagen i ESDH.", "Oprettet ved indlæsningen.", "TODO: tjek med lønkontoret", "Navnet er godkendt af direktionen."}
	remark := []byte("// " + remarks[random.IntN(len(remarks))])
	lines := bytes.SplitAfter(text, []byte("\n"))
	if random.IntN(2) == 0 { // above the entry, which begins on the third line
		return bytes.Join(slices.Insert(lines, 2, append(remark, '\n')), nil)
	}
	at := 3 + random.IntN(len(lines)-5) // a field's line; the last two are the end of the entry and nothing
	lines[at] = bytes.Join([][]byte{bytes.TrimSuffix(lines[at], []byte("\n")), []byte(" "), remark, []byte("\n")}, nil)
	return bytes.Join(lines, nil)
}

// write writes an entry that uses more of CUE.
func (e entry) write() ([]byte, error) {
	var b bytes.Buffer
	base := ""
	if e.base != "" {
		base = e.base + " & "
	}
	fmt.Fprintf(&b, "package org\n\n%s: {%s: %s{\n", e.kind, edit.Label(e.kind, e.key), base)
	for _, line := range e.lets {
		fmt.Fprintf(&b, "\t%s\n", line)
	}
	for _, f := range e.fields {
		text, err := edit.Spell(f.Name, f.Value)
		if err != nil {
			return nil, fmt.Errorf("write %s %s: field %s: %w", e.kind, e.key, f.Name, err)
		}
		fmt.Fprintf(&b, "\t%s: %s\n", edit.Label("", f.Name), text)
	}
	b.WriteString("}}\n")
	return b.Bytes(), nil
}

// chain writes an entry in the chained style: no braces around the only field of a struct, and each field of the others on
// a line of its own.
func (e entry) chain() ([]byte, error) {
	var b strings.Builder
	b.WriteString("package org\n\n")
	err := chainField(&b, "", "", edit.Field{Name: e.kind, Value: edit.Struct{{Name: e.key, Value: e.fields}}})
	return []byte(b.String()), err
}

// chainField writes one field; parent is the name of the field that it stands in.
func chainField(b *strings.Builder, indent, parent string, f edit.Field) error {
	b.WriteString(indent + edit.Label(parent, f.Name) + ": ")
	s, is := f.Value.(edit.Struct)
	for ; is && len(s) == 1; s, is = f.Value.(edit.Struct) {
		b.WriteString(edit.Label(f.Name, s[0].Name) + ": ")
		f = s[0]
	}
	if !is {
		text, err := edit.Spell(f.Name, f.Value)
		b.WriteString(text + "\n")
		return err
	}
	b.WriteString("{\n")
	for _, field := range s {
		if err := chainField(b, indent+"\t", f.Name, field); err != nil {
			return err
		}
	}
	b.WriteString(indent + "}\n")
	return nil
}

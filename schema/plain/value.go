// Package plain is data as it is when nothing is left to work out: texts, numbers, truth
// values, lists and fields, with every template, reference and default filled in. It is
// what the entries of a repository come to, however they were written.
//
// A [Value] says nothing of where it stood and nothing of what it may be. [Decoder] fills
// Go values with it.
package plain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// Kind says what a value is.
type Kind uint8

// The kinds of values. The zero Value is Null.
const (
	Null Kind = iota
	Bool
	Number
	Text
	List
	Struct
)

// String names the kind for messages.
func (k Kind) String() string {
	return [...]string{"null", "a truth value", "a number", "a text", "a list", "fields"}[k]
}

// Value is one value.
type Value struct {
	Kind  Kind
	Text  string // of a Text; of a Number as it is written; "true" or "false" of a Bool
	Parts []Part // the elements of a List, whose names are empty, or the fields of a Struct
}

// Part is an element of a list or a field of a struct. Names occur once in a struct.
type Part struct {
	Name  string
	Value Value
}

// Field returns the field of that name; ok is false where there is none.
func (v Value) Field(name string) (field Value, ok bool) {
	for i := range v.Parts {
		if v.Parts[i].Name == name {
			return v.Parts[i].Value, true
		}
	}
	return Value{}, false
}

// FromJSON reads a value from JSON. Of fields with the same name the last one counts.
func FromJSON(text []byte) (Value, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := read(d)
	if err != nil {
		return Value{}, err
	}
	if _, err := d.Token(); err != io.EOF {
		return Value{}, fmt.Errorf("there is more than one value")
	}
	return v, nil
}

func read(d *json.Decoder) (Value, error) {
	token, err := d.Token()
	if err != nil {
		return Value{}, err
	}
	switch t := token.(type) {
	case nil:
		return Value{}, nil
	case bool:
		return Value{Kind: Bool, Text: fmt.Sprint(t)}, nil
	case json.Number:
		return Value{Kind: Number, Text: t.String()}, nil
	case string:
		return Value{Kind: Text, Text: t}, nil
	case json.Delim:
		if t == '[' {
			return readParts(d, Value{Kind: List})
		}
	}
	return readParts(d, Value{Kind: Struct})
}

// readParts reads what stands in brackets or braces, and the one that closes them.
func readParts(d *json.Decoder, v Value) (Value, error) {
	places := map[string]int{}
	for d.More() {
		var part Part
		if v.Kind == Struct {
			name, err := d.Token()
			if err != nil {
				return Value{}, err
			}
			part.Name = fmt.Sprint(name)
		}
		var err error
		if part.Value, err = read(d); err != nil {
			return Value{}, err
		}
		if i, again := places[part.Name]; again && v.Kind == Struct {
			v.Parts[i] = part
			continue
		}
		places[part.Name] = len(v.Parts)
		v.Parts = append(v.Parts, part)
	}
	_, err := d.Token()
	return v, err
}

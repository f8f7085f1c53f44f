package edit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
)

// Struct is a struct to be written, in this order.
type Struct []Field

// Field is a field of a struct to be written. Its value is a string, bool, int, float64, []string, Struct, an Expression, or
// nil for null.
type Field struct {
	Name  string
	Value any
}

// Expression is a value that is written as it stands, such as a reference. Whoever makes one answers for it being CUE.
type Expression string

// keyed reports whether a field holds a map whose keys are chosen by people: they are written in quotes.
func keyed(field string) bool {
	return slices.Contains([]string{
		"units", "people", "robots", "systems", "roleGroups", "assignments", "conflicts", "allowances",
		"engagements", "associations", "accounts", "managers", "leaves", "on",
		"roles", "jobs", "constraints", "choices", "exceptions",
	}, field)
}

// label spells the name of a field inside another one.
func label(parent, name string) string {
	if !keyed(parent) && ast.IsValidIdent(name) && !strings.HasPrefix(name, "_") && !strings.HasPrefix(name, "#") {
		return name
	}
	return literal.Label.Quote(name)
}

// spell writes a value on one line; parent is the name of the field that it is the value of.
func spell(parent string, value any) (string, error) {
	switch v := value.(type) {
	case nil:
		return "null", nil
	case string:
		return quote(v)
	case Expression:
		return string(v), nil
	case bool:
		return strconv.FormatBool(v), nil
	case int:
		return strconv.Itoa(v), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case []string:
		parts := make([]string, len(v))
		for i, s := range v {
			var err error
			if parts[i], err = quote(s); err != nil {
				return "", err
			}
		}
		return "[" + strings.Join(parts, ", ") + "]", nil
	case Struct:
		parts := make([]string, len(v))
		for i, f := range v {
			text, err := spell(f.Name, f.Value)
			if err != nil {
				return "", err
			}
			parts[i] = label(parent, f.Name) + ": " + text
		}
		return "{" + strings.Join(parts, ", ") + "}", nil
	}
	return "", fmt.Errorf("a value of type %T cannot be written", value)
}

func quote(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", fmt.Errorf("%q is no text in UTF-8", s)
	}
	return literal.String.Quote(s), nil
}

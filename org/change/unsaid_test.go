package change_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
)

// TestNoEditGoesUnsaid edits every single value of an organisation in which every field
// is stated, and takes every value away: each time Compare has something to say.
func TestNoEditGoesUnsaid(t *testing.T) {
	base := everything(t).organisation(t)
	said := 0
	for _, at := range everything(t).places() {
		for _, how := range []string{"edited", "removed"} {
			t.Run(how+" "+strings.Join(at, "."), func(t *testing.T) {
				doc := everything(t)
				edit := other
				if how == "removed" {
					edit = nil
				}
				doc.edit(at, edit)
				head := doc.organisation(t)
				if reflect.DeepEqual(base, head) {
					return // the value was the one that an absent field has
				}
				said++
				for _, way := range [][2]*org.Organisation{{base, head}, {head, base}} {
					changes := change.Compare(way[0], way[1])
					if len(changes) == 0 {
						t.Fatal("nothing was said")
					}
					for _, c := range changes {
						if c.Path == "" {
							t.Errorf("no path: %+v", c)
						}
						if how == "edited" {
							checkSentence(t, change.Sentence(c, change.Danish))
							checkSentence(t, change.Sentence(c, change.English))
						}
					}
				}
			})
		}
	}
	if said < 300 {
		t.Errorf("only %d edits made a difference", said)
	}
}

func checkSentence(t *testing.T, s string) {
	t.Helper()
	if s == "" || strings.ContainsAny(s, "{}") && !strings.Contains(s, `{"`) || strings.Contains(s, "  ") {
		t.Errorf("not a sentence: %q", s)
	}
}

// TestEveryFieldIsInTheFixture fails when a field is added to the model that the test
// above does not edit.
func TestEveryFieldIsInTheFixture(t *testing.T) {
	stated := map[string]bool{}
	addNames(stated, map[string]any(everything(t)))
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] {
			return
		}
		seen[typ] = true
		for f := range fieldsOf(typ) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name != "" && name != "-" && !stated[name] {
				t.Errorf("%s.%s (%s) is not in testdata/everything.cue", typ.Name(), f.Name, name)
			}
			if name != "-" && f.IsExported() {
				walk(f.Type)
			}
		}
	}
	walk(reflect.TypeFor[org.Organisation]())
	if len(seen) < 15 {
		t.Errorf("only %d kinds of things were looked at", len(seen))
	}
}

func fieldsOf(typ reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range typ.NumField() {
			if !yield(typ.Field(i)) {
				return
			}
		}
	}
}

func addNames(names map[string]bool, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, below := range v {
			names[name] = true
			addNames(names, below)
		}
	case []any:
		for _, below := range v {
			addNames(names, below)
		}
	}
}

// places gives the way to every value and to everything that holds values.
func (d document) places() [][]string {
	var all [][]string
	var walk func(at []string, v any)
	walk = func(at []string, v any) {
		if len(at) > 0 {
			all = append(all, slices.Clone(at))
		}
		if m, ok := v.(map[string]any); ok {
			for k, below := range m {
				walk(append(at, k), below)
			}
		}
	}
	walk(nil, map[string]any(d))
	slices.SortFunc(all, func(a, b []string) int { return strings.Compare(strings.Join(a, "."), strings.Join(b, ".")) })
	return all
}

// edit puts what change makes of the value at the place, or removes it.
func (d document) edit(at []string, change func(any) any) {
	m := map[string]any(d)
	for _, name := range at[:len(at)-1] {
		m = m[name].(map[string]any)
	}
	last := at[len(at)-1]
	if change == nil {
		delete(m, last)
		return
	}
	m[last] = change(m[last])
}

// other gives another value of the same type.
func other(v any) any {
	switch v := v.(type) {
	case string:
		if day, err := org.ParseDay(v); err == nil {
			return string(day.Add(1))
		}
		return v + "x"
	case bool:
		return !v
	case float64:
		return v * 2
	case []any:
		if _, texts := v[0].(string); !texts {
			return v[1:]
		}
		return append(slices.Clone(v), "more")
	case nil:
		return "stated"
	case map[string]any:
		return v // what it holds is edited by itself
	}
	panic(fmt.Sprintf("a value of type %T", v))
}

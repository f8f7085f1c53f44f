package edit_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/format"
	"cuelang.org/go/cue/parser"
	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org/edit"
	"orgit.dk/orgit/org/korsbaek"
)

const file = "people/p1.cue"

func open(t testing.TB, text string) *edit.Files {
	t.Helper()
	f, err := edit.Open(fstest.MapFS{file: {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestSetAndRemove(t *testing.T) {
	set := func(value any, path string) func(*edit.Files) error {
		return func(f *edit.Files) error { return f.Set(value, strings.Split("people/p1/"+path, "/")...) }
	}
	remove := func(path string) func(*edit.Files) error {
		return func(f *edit.Files) error { return f.Remove(strings.Split("people/p1/"+path, "/")...) }
	}
	for name, test := range map[string]struct {
		do           func(*edit.Files) error
		before, want string
	}{
		"a value is replaced, and nothing else": {
			set("Holm", "name/surname"),
			"people: {\"p1\": {\n\t// gift\n\tname: {given:   \"Anna\", surname: \"Jensen\"} // se sag\n}}\n",
			"people: {\"p1\": {\n\t// gift\n\tname: {given:   \"Anna\", surname: \"Holm\"} // se sag\n}}\n",
		},
		"on the line of its neighbours": {
			set("2026-11-30", "engagements/a/to"),
			"people: {\"p1\": {\n\tengagements: {\"a\": {unit: \"x\", from: \"2020-01-01\"}}\n}}\n",
			"people: {\"p1\": {\n\tengagements: {\"a\": {unit: \"x\", from: \"2020-01-01\", to: \"2026-11-30\"}}\n}}\n",
		},
		"on a line of its own": {
			set("2026-11-30", "engagements/a/to"),
			"people: {\"p1\": {\n\tengagements: {\"a\": {unit: \"x\", from: \"2020-01-01\"\n\t\tpayroll: {number: \"1\"}}}\n}}\n",
			"people: {\"p1\": {\n\tengagements: {\"a\": {unit: \"x\", from: \"2020-01-01\"\n\t\tpayroll: {number: \"1\"}\n\t\tto: \"2026-11-30\"}}\n}}\n",
		},
		"in the column of its neighbours": {
			set(true, "shielded"),
			"people: {\"p1\": {\n\tuuid:      \"u\"\n\tsuspended: false // nej\n}}\n",
			"people: {\"p1\": {\n\tuuid:      \"u\"\n\tsuspended: false // nej\n\tshielded:  true\n}}\n",
		},
		"what is missing above is made": {
			set("vest", "engagements/a/on/2027-01-01/unit"),
			"people: {\"p1\": {engagements: {\"a\": {unit: \"øst\"}}}}\n",
			"people: {\"p1\": {engagements: {\"a\": {unit: \"øst\", on: {\"2027-01-01\": {unit: \"vest\"}}}}}}\n",
		},
		"days are in order": {
			set(0.5, "engagements/a/on/2026-06-01/fraction"),
			"people: \"p1\": engagements: a: on: {\"2026-01-01\": {fraction: 0.7}, \"2027-01-01\": {fraction: 1}}\n",
			"people: \"p1\": engagements: a: on: {\"2026-01-01\": {fraction: 0.7}, \"2026-06-01\": {fraction: 0.5}, \"2027-01-01\": {fraction: 1}}\n",
		},
		"the first day": {
			set(0.5, "engagements/a/on/2025-06-01/fraction"),
			"people: \"p1\": engagements: a: on: {\n\t\"2026-01-01\": fraction: 0.7\n}\n",
			"people: \"p1\": engagements: a: on: {\n\t\"2025-06-01\": {fraction: 0.5}\n\t\"2026-01-01\": fraction: 0.7\n}\n",
		},
		"a struct without braces gets them": {
			set("+4511111111", "addresses/phone"),
			"people: \"p1\": {\n\taddresses: email: \"a@x.dk\" // privat?\n}\n",
			"people: \"p1\": {\n\taddresses: {email: \"a@x.dk\", phone: \"+4511111111\"} // privat?\n}\n",
		},
		"what a template gives is added to": {
			set("leder", "engagements/a/title"),
			"people: {\"p1\": {engagements: {\"a\": _raad}}}\n",
			"people: {\"p1\": {engagements: {\"a\": _raad & {title: \"leder\"}}}}\n",
		},
		"beside a template": {
			set("2026-01-01", "engagements/a/to"),
			"people: {\"p1\": {engagements: {\"a\": _raad & {unit: \"x\"}}}}\n",
			"people: {\"p1\": {engagements: {\"a\": _raad & {unit: \"x\", to: \"2026-01-01\"}}}}\n",
		},
		"an empty struct": {
			set("x", "engagements/a/unit"),
			"people: {\"p1\": {engagements: {\"a\": {}}}}\n",
			"people: {\"p1\": {engagements: {\"a\": {unit: \"x\"}}}}\n",
		},
		"a list, a struct, null": {
			func(f *edit.Files) error {
				return errors.Join(f.Set([]string{"b", "c"}, "people", "p1", "accounts", "ad", "for"),
					f.Set(edit.Struct{{Name: "given", Value: "Eva \"Ø\""}, {Name: "surname", Value: "Ås"}}, "people", "p1", "name"),
					f.Set(nil, "people", "p1", "title"))
			},
			"people: {\"p1\": {name: {given: \"x\"}, accounts: {\"ad\": {for: [\"a\"]}}}}\n",
			"people: {\"p1\": {name: {given: \"Eva \\\"Ø\\\"\", surname: \"Ås\"}, accounts: {\"ad\": {for: [\"b\", \"c\"]}}, title: null}}\n",
		},
		"windows line ends": {
			set("x", "title"),
			"people: {\"p1\": {\r\n\tuuid: \"u\" // 1\r\n}}\r\n",
			"people: {\"p1\": {\r\n\tuuid: \"u\" // 1\n\ttitle: \"x\"\r\n}}\r\n",
		},
		"a struct is replaced around its comments": {
			set(edit.Struct{{Name: "given", Value: "Eva"}, {Name: "surname", Value: "Holm"}, {Name: "called", Value: "Eva H"}}, "name"),
			"people: {\"p1\": {\n\tname: { // som på kortet\n\t\t// til daglig\n\t\tgiven: \"Anna\" // a\n\t\tsurname: \"Jensen\" // b\n\t\t// slut\n\t} // c\n}}\n",
			"people: {\"p1\": {\n\tname: { // som på kortet\n\t\t// til daglig\n\t\tgiven: \"Eva\" // a\n\t\tsurname: \"Holm\" // b\n\t\tcalled: \"Eva H\"\n\t\t// slut\n\t} // c\n}}\n",
		},
		"what the new struct lacks goes": {
			set(edit.Struct{{Name: "given", Value: "Eva"}, {Name: "surname", Value: "Holm"}}, "name"),
			"people: {\"p1\": {\n\tname: {given: \"Anna\", called: \"A\"\n\t\t// gift\n\t\tsurname: \"Jensen\"}\n}}\n",
			"people: {\"p1\": {\n\tname: {given: \"Eva\"\n\t\t// gift\n\t\tsurname: \"Holm\"}\n}}\n",
		},
		"a struct without comments is replaced as one": {
			set(edit.Struct{{Name: "given", Value: "Eva"}}, "name"),
			"people: {\"p1\": {name: {given:   \"Anna\", surname: \"Jensen\"} // c\n}}\n",
			"people: {\"p1\": {name: {given: \"Eva\"} // c\n}}\n",
		},
		"the first field of a struct with a comment": {
			set("vest", "engagements/a/unit"),
			"people: {\"p1\": {\n\tengagements: {\"a\": {\n\t\t// ikke på plads endnu\n\t}}\n}}\n",
			"people: {\"p1\": {\n\tengagements: {\"a\": {\n\t\t// ikke på plads endnu\n\t\tunit: \"vest\"\n\t}}\n}}\n",
		},
		"the first field behind a comment at the brace": {
			set("vest", "engagements/a/unit"),
			"people: {\"p1\": {\n\tengagements: {\"a\": { // ikke på plads endnu\n\t}}\n}}\n",
			"people: {\"p1\": {\n\tengagements: {\"a\": { // ikke på plads endnu\n\t\tunit: \"vest\"\n\t}}\n}}\n",
		},
		"the first day behind a comment at the brace": {
			set("x", "on/2026-01-01/title"),
			"people: {\"p1\": {\n\ton: { // aftalt\n\t\t// om et år\n\t\t\"2027-01-01\": {title: \"y\"} // ja\n\t}\n}}\n",
			"people: {\"p1\": {\n\ton: { // aftalt\n\t\t\"2026-01-01\": {title: \"x\"}\n\t\t// om et år\n\t\t\"2027-01-01\": {title: \"y\"} // ja\n\t}\n}}\n",
		},
		"a line is removed with its comment": {
			remove("title"),
			"people: {\"p1\": {\n\tuuid: \"u\"\n\n\t// til visning\n\ttitle: \"x\"\n\tname: {}\n}}\n",
			"people: {\"p1\": {\n\tuuid: \"u\"\n\n\tname: {}\n}}\n",
		},
		"a line before the end of what it stands in": {
			remove("on/2027-02-01"),
			"people: {\"p1\": {on: {\"2026-01-01\": {a: 1}\n\t\t\"2027-02-01\": {b: 1}}}} // x\n",
			"people: {\"p1\": {on: {\"2026-01-01\": {a: 1}}}} // x\n",
		},
		"the last on a line": {
			remove("engagements/a/to"),
			"people: {\"p1\": {engagements: {\"a\": {from: \"1\", to: \"2\"}}}}\n",
			"people: {\"p1\": {engagements: {\"a\": {from: \"1\"}}}}\n",
		},
		"the first on a line": {
			remove("engagements/a/from"),
			"people: {\"p1\": {engagements: {\"a\": {from: \"1\", to: \"2\"}}}}\n",
			"people: {\"p1\": {engagements: {\"a\": {to: \"2\"}}}}\n",
		},
		"the one thing behind several names": {
			remove("engagements/a/on/2027-01-01"),
			"people: {\"p1\": {\n\tengagements: \"a\": {\n\t\tunit: \"x\"\n\t\t// aftalt\n\t\ton: \"2027-01-01\": unit: \"y\" // flytter\n\t}\n}}\n",
			"people: {\"p1\": {\n\tengagements: \"a\": {\n\t\tunit: \"x\"\n\t}\n}}\n",
		},
		"what is not there": {
			remove("engagements/a/to"),
			"people: {\"p1\": {engagements: {\"a\": {from: \"1\"}}}}\n",
			"people: {\"p1\": {engagements: {\"a\": {from: \"1\"}}}}\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := open(t, test.before)
			if err := test.do(f); err != nil {
				t.Fatal(err)
			}
			got := test.before
			if text, ok := f.Changed()[file]; ok {
				got = string(text)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	for name, test := range map[string]struct {
		before string
		path   []string
		want   error
	}{
		"another entry":     {"people: {\"p2\": {}}\n", []string{"people", "p1", "title"}, edit.ErrNoEntry},
		"not a field":       {"people: {\"p1\": {}}\n", []string{"people", "p1"}, nil},
		"a comprehension":   {"people: {\"p1\": {name: [for x in [1] {x}]}}\n", []string{"people", "p1", "name", "given"}, edit.ErrNotPlain},
		"a value of a text": {"people: {\"p1\": {name: \"x\"}}\n", []string{"people", "p1", "name", "given"}, edit.ErrNotPlain},
		"a syntax error":    {"people: {\"p1\": {\n", []string{"people", "p1", "title"}, edit.ErrNoEntry},
	} {
		t.Run(name, func(t *testing.T) {
			f := open(t, test.before)
			err := f.Set("x", test.path...)
			if err == nil || test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if len(f.Changed()) > 0 {
				t.Errorf("something was changed: %q", f.Changed())
			}
		})
	}
	withComment := "people: {\"p1\": {accounts: {\"ad\": {for: [\n\t\"a\", // til skolen\n]}}}}\n"
	for value, path := range map[any]string{"x": "accounts", nil: "accounts", "y": "accounts/ad/for"} {
		f := open(t, withComment)
		if err := f.Set(value, strings.Split("people/p1/"+path, "/")...); !errors.Is(err, edit.ErrNotPlain) || !strings.Contains(err.Error(), "comment") || len(f.Changed()) > 0 {
			t.Errorf("a comment in the %s was lost: %v", path, err)
		}
	}
	f := open(t, "people: {\"p1\": {}}\n")
	if err := f.Add("people", "p1", nil); !errors.Is(err, edit.ErrExists) {
		t.Errorf("an entry was made twice: %v", err)
	}
	if err := f.Set(struct{}{}, "people", "p1", "title"); err == nil {
		t.Error("a value that cannot be written was written")
	}
}

func TestAdd(t *testing.T) {
	f := open(t, "")
	err := f.Add("people", "p7k3f9q", edit.Struct{
		{Name: "uuid", Value: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33"},
		{Name: "name", Value: edit.Struct{{Name: "given", Value: "Anna"}, {Name: "surname", Value: "Jensen"}}},
		{Name: "engagements", Value: edit.Struct{{Name: "a", Value: edit.Struct{
			{Name: "unit", Value: "oestre-skole"}, {Name: "fraction", Value: 0.6}, {Name: "primary", Value: true}, {Name: "from", Value: "2024-08-01"}}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	text := f.Changed()["people/p7/p7k3f9q.cue"]
	want := `package org

people: {"p7k3f9q": {
	uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33"
	name: {given: "Anna", surname: "Jensen"}
	engagements: {"a": {unit: "oestre-skole", fraction: 0.6, primary: true, from: "2024-08-01"}}
}}
`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if err := f.Set("Holm", "people", "p7k3f9q", "name", "surname"); err != nil {
		t.Error(err)
	}
}

// TestKorsbaek changes every entry of the sample municipality: each change is one insertion into one file, stays formatted
// where the file was, and CUE reads it as what was there and the new value.
func TestKorsbaek(t *testing.T) {
	fsys := korsbaek.Files()
	f, err := edit.Open(fsys)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries(t, fsys) {
		if err := f.Set("Ny", entry[0], entry[1], "on", "2099-01-01", "name"); err != nil {
			t.Errorf("%v: %v", entry, err)
		}
	}
	changed := f.Changed()
	if len(changed) < 300 {
		t.Errorf("only %d files were changed", len(changed))
	}
	for name, text := range changed {
		old := readFile(t, fsys, name)
		checkInsertion(t, name, old, string(text))
		checkFormat(t, name, old, string(text))
	}
}

func checkInsertion(t *testing.T, name, before, after string) {
	t.Helper()
	k := 0
	for k < len(before) && before[k] == after[k] {
		k++
	}
	if n := len(after) - len(before); n <= 0 || after[k+n:] != before[k:] {
		t.Errorf("%s: more than an insertion\n%s", name, cmp.Diff(before, after))
	}
}

func checkFormat(t *testing.T, name, before, after string) {
	t.Helper()
	formatted, err := format.Source([]byte(before))
	if err != nil || string(formatted) != before {
		return
	}
	if formatted, err = format.Source([]byte(after)); err != nil || string(formatted) != after {
		t.Errorf("%s is not formatted any more: %v\n%s", name, err, cmp.Diff(string(formatted), after))
	}
}

// FuzzSet holds what an edit makes of a file against CUE: the value is what was set, and all else is as it was.
func FuzzSet(f *testing.F) {
	f.Add("people: {\"p1\": {name: {given: \"A\"} // x\n\ttitle: \"t\"\n}}\n", "name", "surname", "Ø\"\n")
	f.Add("people: \"p1\": name: {\n\tgiven: \"A\",\n\n\t// x\n}\n", "on", "2027-01-01", "x")
	f.Add("people: {\"p1\": {on: {\"2026-01-01\": {}, \"2028-01-01\": {}}, name: null}}", "on", "2027-01-01", "")
	f.Add("people:{\"p1\":{}}", "\xd2", "\xa2", "0") // half a letter each
	f.Add("people: {\"p1\": {on: { // a\n\t// b\n\t\"2028-01-01\": {} // c\n\t// d\n}}}", "on", "2027-01-01", "x")
	f.Add("people: {\"p1\": {name: { // a\n\t// b\n}}}", "name", "given", "x")
	f.Fuzz(func(t *testing.T, text, parent, name, value string) {
		files := open(t, text)
		if !files.Has("people", "p1") {
			return
		}
		if err := files.Set(value, "people", "p1", parent, name); err != nil {
			return
		}
		changed, ok := files.Changed()[file]
		if !ok {
			return
		}
		ctx := cuecontext.New()
		was, is := ctx.CompileString(text), ctx.CompileBytes(changed)
		if was.Err() != nil || is.Err() != nil {
			return // of two values for one field, CUE says so
		}
		if diff := cmp.Diff(comments(t, []byte(text)), comments(t, changed)); diff != "" {
			t.Fatalf("comments have changed (-was +is)\n%s\n%s", diff, changed)
		}
		path := cue.MakePath(cue.Str("people"), cue.Str("p1"), cue.Str(parent), cue.Str(name))
		if got, err := is.LookupPath(path).String(); err != nil || got != value {
			t.Fatalf("%s is %q (%v), not %q\n%s", path, got, err, value, changed)
		}
		if diff := cmp.Diff(others(was, parent, name), others(is, parent, name)); diff != "" {
			t.Fatalf("more has changed (-was +is)\n%s\n%s", diff, changed)
		}
		again := open(t, string(changed))
		if err := again.Remove("people", "p1", parent, name); err != nil {
			return
		}
		if err := again.Set(value, "people", "p1", parent, name); err != nil {
			t.Fatalf("what was removed cannot be set: %v", err)
		}
	})
}

// FuzzSetStruct replaces a struct by another one: it is then what was set, all else is as it was, and no comment is lost but
// with a field that is no more.
func FuzzSetStruct(f *testing.F) {
	f.Add("people: {\"p1\": {name: { // a\n\t// b\n\tgiven: \"A\" // c\n\n\t// d\n\tsurname: \"B\"\n\t// e\n} // f\n}}\n", "Eva", "Holm")
	f.Add("people: {\"p1\": {name: {given: \"A\", called: \"B\" // c\n}}}\n", "", "")
	f.Add("people: \"p1\": name: {surname: {// x\n}, given: [// y\n]}\n", "a", "b")
	f.Add("people: \"p1\": name: {_x, // x\n}\n", "a", "b")
	f.Fuzz(func(t *testing.T, text, given, surname string) {
		files := open(t, text)
		if !files.Has("people", "p1") {
			return
		}
		if err := files.Set(edit.Struct{{Name: "given", Value: given}, {Name: "surname", Value: surname}}, "people", "p1", "name"); err != nil {
			return
		}
		changed, ok := files.Changed()[file]
		if !ok {
			return
		}
		ctx := cuecontext.New()
		was, is := ctx.CompileString(text), ctx.CompileBytes(changed)
		if was.Err() != nil || is.Err() != nil {
			return // of two values for one field, CUE says so
		}
		var got map[string]string
		want := map[string]string{"given": given, "surname": surname}
		if err := is.LookupPath(cue.MakePath(cue.Str("people"), cue.Str("p1"), cue.Str("name"))).Decode(&got); err != nil || !cmp.Equal(got, want) {
			t.Fatalf("the name is %v (%v), not %v\n%s", got, err, want, changed)
		}
		name := was.LookupPath(cue.MakePath(cue.Str("people"), cue.Str("p1"), cue.Str("name")))
		for fields, err := name.Fields(cue.All()); err == nil && fields.Next(); {
			if label := fields.Selector().String(); label != "given" && label != "surname" {
				return // its comments go with it
			}
		}
		if diff := cmp.Diff(comments(t, []byte(text)), comments(t, changed)); diff != "" {
			t.Fatalf("comments have changed (-was +is)\n%s\n%s", diff, changed)
		}
	})
}

// comments are the texts of all comments of a file, in order of their letters: a field may be written before others.
func comments(t *testing.T, text []byte) (list []string) {
	t.Helper()
	tree, err := parser.ParseFile("", text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]bool{}
	see := func(g *ast.CommentGroup) {
		for _, c := range g.List {
			if at := c.Pos().Offset(); !seen[at] {
				seen[at] = true
				list = append(list, strings.TrimSpace(c.Text))
			}
		}
	}
	ast.Walk(tree, func(n ast.Node) bool {
		if g, ok := n.(*ast.CommentGroup); ok {
			see(g)
		}
		for _, g := range ast.Comments(n) {
			see(g)
		}
		return true
	}, nil)
	slices.Sort(list)
	return list
}

// others gives everything but one field of the entry, and the struct around it where that is empty without; nil where CUE
// cannot say.
func others(v cue.Value, parent, name string) any {
	data, err := v.MarshalJSON()
	var all struct{ People map[string]map[string]any }
	if err != nil || json.Unmarshal(data, &all) != nil {
		return nil
	}
	if around, ok := all.People["p1"][parent].(map[string]any); ok {
		delete(around, name)
		if len(around) == 0 {
			delete(all.People["p1"], parent)
		}
	}
	return all.People
}

// entries lists units and people by the names of their files.
func entries(t *testing.T, fsys fs.FS) (list [][2]string) {
	t.Helper()
	for _, pattern := range []string{"units/*.cue", "people/*/*.cue"} {
		names, err := fs.Glob(fsys, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			kind, _, _ := strings.Cut(name, "/")
			list = append(list, [2]string{kind, strings.TrimSuffix(path.Base(name), ".cue")})
		}
	}
	return list
}

func readFile(t *testing.T, fsys fs.FS, name string) string {
	t.Helper()
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

package ad_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/korsbaek"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// sample loads the sample municipality from a folder. Limits are lifted: they are not
// what is tested here.
func sample(t *testing.T, dir string) *org.Organisation {
	t.Helper()
	o, found, err := org.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found {
		if d.Severity == schema.Error {
			t.Fatalf("%s: %s: %s", d.Position, d.Path, d.Message)
		}
	}
	o.Settings.Limits = map[string]map[string]org.Limit{"ad": {"*": {Percent: 100, Floor: 1000}}}
	return o
}

// TestKorsbaek takes the whole sample municipality through its first load, the change of
// the demonstration, and the days on which its leavers are closed.
func TestKorsbaek(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole municipality takes some seconds")
	}
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s).on(string(korsbaek.Today))
		dir := t.TempDir()
		if err := korsbaek.Write(dir); err != nil {
			t.Fatal(err)
		}
		before := sample(t, dir)
		want := desired(t, before, l.day())
		if len(want.Problems) > 0 {
			t.Fatalf("problems: %+v", want.Problems)
		}
		l.apply(before)
		checkHeld(t, l, before)
		if err := korsbaek.DemoChange(dir); err != nil {
			t.Fatal(err)
		}
		after := sample(t, dir)
		checkDemo(t, summary(l.apply(after)))
		// On the next day the hours of grace are over.
		closed := []string{}
		for _, op := range l.on("2026-12-02").apply(after).Operations {
			if op.Action == plan.ActionRetire {
				closed = append(closed, string(op.Entry))
			}
		}
		for _, key := range []string{korsbaek.OldLeader, korsbaek.Leaver} {
			if !slices.ContainsFunc(closed, func(entry string) bool { return strings.HasPrefix(entry, `people."`+key+`"`) }) {
				t.Errorf("%s is not closed on 2 December: %v", key, closed)
			}
		}
	})
}

// checkHeld: everything that is asked for is there, and nothing else of orgit's.
func checkHeld(t *testing.T, l *line, o *org.Organisation) {
	t.Helper()
	asked, held := map[plan.Kind]int{}, map[plan.Kind]int{}
	for _, object := range desired(t, o, l.day()).Objects {
		if object.Gone == nil {
			asked[object.Kind]++
		}
	}
	for _, f := range l.actual(o).Objects {
		held[f.Kind]++
	}
	if diff := cmp.Diff(asked, held); diff != "" {
		t.Errorf("objects by kind (-asked +held):\n%s", diff)
	}
	if asked[ad.KindOU] < 60 || asked[ad.KindUser] < 400 {
		t.Errorf("the sample is small: %v", asked)
	}
}

// checkDemo: the change implies these kinds of operation and no others.
func checkDemo(t *testing.T, operations []string) {
	t.Helper()
	got := map[string]int{}
	for _, text := range operations {
		head, attributes, _ := strings.Cut(text, ", ")
		verb, _, _ := strings.Cut(head, " ")
		var names []string
		for _, a := range strings.Split(attributes, ", ") {
			if name, _, ok := strings.Cut(a, "="); ok {
				names = append(names, name)
			}
		}
		got[fmt.Sprintf("%s %s", verb, strings.Join(names, " "))]++
	}
	want := map[string]int{
		"create ":               2, // two are hired
		"update container":      1, // a unit moves
		"update accountExpires": 2, // two leave
	}
	for kind, n := range want {
		if got[kind] != n {
			t.Errorf("%d of %q, want %d", got[kind], kind, n)
		}
		delete(got, kind)
	}
	for kind := range got {
		if kind != "update manager" && kind != "update manager title" {
			t.Errorf("an operation that the change does not imply: %q; all: %v", kind, operations)
		}
	}
}

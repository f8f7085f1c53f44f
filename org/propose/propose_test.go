package propose_test

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/diff"
	"github.com/rogpeppe/go-internal/txtar"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/schema"
)

var update = flag.Bool("update", false, "write the golden files anew")

const today = org.Day("2026-12-01")

// town is a small repository: the one that org's own tests begin with, and what testdata/town.txtar lays over it.
func town(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range []string{filepath.Join("..", "testdata", "base.txtar"), filepath.Join("testdata", "town.txtar")} {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			files[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	names, err := fs.Glob(schema.Source(), "*.cue")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(schema.Source(), name)
		if err != nil {
			t.Fatal(err)
		}
		files[schema.VendorDir+"/"+name] = &fstest.MapFile{Data: text}
	}
	return files
}

func load(t *testing.T, files fs.FS) *org.Organisation {
	t.Helper()
	o, findings, err := org.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range append(findings, o.Check(today)...) {
		if d.Severity == schema.Error {
			t.Errorf("%s", d)
		}
	}
	return o
}

// ids counts.
type ids struct{ n int }

func (i *ids) Key() string {
	i.n++
	return fmt.Sprintf("p%06d", i.n)
}

func (i *ids) UUID() org.UUID {
	i.n++
	return org.UUID(fmt.Sprintf("00000000-0000-4000-8000-%012d", i.n))
}

// proposals are one of each kind, in the order of the golden file.
var proposals = []struct {
	name string
	do   func(*propose.Editor) error
}{
	{"somebody new", func(e *propose.Editor) error {
		_, err := e.Hire(propose.Hire{Name: org.Name{Given: "Åse", Surname: "Ør"}, Login: "aasor",
			Job: propose.Job{Unit: "skolen", Title: "laerer", Type: "maanedsloen", Fraction: 0.8, From: "2027-01-01"}})
		return err
	}},
	{"a further job", func(e *propose.Editor) error {
		_, err := e.Hire(propose.Hire{Person: "p2m8xw1",
			Job: propose.Job{Unit: "raadhuset", Title: "laerer", Type: "maanedsloen", From: "2027-01-01", To: "2027-06-30", Primary: true}})
		return err
	}},
	{"leaves", func(e *propose.Editor) error { return e.Leave(propose.Of{Person: "p2m8xw1"}, "2026-12-31") }},
	{"leaves before a change", func(e *propose.Editor) error {
		return e.Leave(propose.Of{Person: "pdated1"}, "2026-12-31")
	}},
	{"is extended", func(e *propose.Editor) error { return e.Extend(propose.Of{Person: "ptemp11"}, "2027-06-30") }},
	{"stays for good", func(e *propose.Editor) error { return e.Extend(propose.Of{Person: "ptemp11"}, "") }},
	{"never began", func(e *propose.Editor) error { return e.Annul(propose.Of{Person: "ptemp11", Engagement: "a"}, "") }},
	{"moves", func(e *propose.Editor) error {
		return e.Move(propose.Of{Person: "p2m8xw1"}, "raadhuset", propose.When{From: "2027-01-01"})
	}},
	{"has always been elsewhere", func(e *propose.Editor) error {
		return e.Move(propose.Of{Person: "p2m8xw1"}, "raadhuset", propose.When{Correct: true})
	}},
	{"an amendment is corrected", func(e *propose.Editor) error {
		return e.Title(propose.Of{Person: "pdated1"}, "direktoer", propose.When{From: "2027-02-01", Correct: true})
	}},
	{"somebody new from payroll", func(e *propose.Editor) error {
		_, err := e.Hire(propose.Hire{Name: org.Name{Given: "Åse", Surname: "Ør"}, Shielded: true,
			Job: propose.Job{Unit: "skolen", Title: "laerer", Type: "maanedsloen", From: "2027-01-01", Payroll: org.Payroll{System: "sd", Institution: "KB", Number: "12345"}}})
		return err
	}},
	{"payroll has got a number", func(e *propose.Editor) error {
		return e.Number(propose.Of{Person: "p2m8xw1"}, org.Payroll{System: "opus", Number: "1003"})
	}},
	{"another type", func(e *propose.Editor) error {
		return e.Type(propose.Of{Person: "p2m8xw1"}, "timeloen", propose.When{From: "2027-01-01"})
	}},
	{"an address is protected", func(e *propose.Editor) error { return e.Shield("p2m8xw1") }},
	{"another title", func(e *propose.Editor) error {
		return e.Title(propose.Of{Person: "p2m8xw1"}, "direktoer", propose.When{From: "2027-01-01"})
	}},
	{"marries", func(e *propose.Editor) error {
		return e.Name("p2m8xw1", org.Name{Given: "Bo", Surname: "Holm"}, propose.When{From: "2026-12-05"})
	}},
	{"another phone", func(e *propose.Editor) error {
		return e.Contact("p2m8xw1", map[string]string{"phone": "+4544332299", "room": ""}, propose.When{})
	}},
	{"goes on leave", func(e *propose.Editor) error {
		return e.Absence(propose.Of{Person: "p2m8xw1"}, propose.Absence{From: "2027-01-01", To: "2027-09-30", ClosesAccounts: true})
	}},
	{"comes back", func(e *propose.Editor) error { return e.Return(propose.Of{Person: "paway11"}, "2027-01-01") }},
	{"a unit is made", func(e *propose.Editor) error {
		return e.CreateUnit(propose.NewUnit{Key: "sfo", Name: "SFO Øst", Parent: "skolen", Type: "afdeling", From: "2027-01-01"})
	}},
	{"a unit is renamed", func(e *propose.Editor) error {
		return e.RenameUnit("skolen", "Søndre Skole", propose.When{From: "2027-01-01"})
	}},
	{"a unit moves", func(e *propose.Editor) error {
		return e.MoveUnit("vestre", "skolen", propose.When{From: "2027-01-01"})
	}},
	{"a unit's phone", func(e *propose.Editor) error {
		return e.UnitContact("skolen", map[string]string{"phone": "+4544332200"}, propose.When{Correct: true})
	}},
	{"a unit closes", func(e *propose.Editor) error { return e.CloseUnit("vestre", "2026-12-31", "skolen") }},
	{"units become one", func(e *propose.Editor) error {
		return e.MergeUnits([]string{"skolen", "vestre"}, "raadhuset", "2027-01-01")
	}},
	{"a unit is split", func(e *propose.Editor) error {
		return e.SplitUnit("skolen", propose.NewUnit{Key: "sfo", Name: "SFO Øst", Type: "afdeling", From: "2027-01-01"},
			[]propose.Of{{Person: "p2m8xw1"}})
	}},
	{"a leader", func(e *propose.Editor) error {
		return e.Appoint(propose.Leader{Unit: "raadhuset", Person: "p2m8xw1", From: "2027-01-01"})
	}},
	{"an acting leader", func(e *propose.Editor) error {
		return e.Acting(propose.Leader{Unit: "skolen", Person: "p2m8xw1", From: "2027-01-01", To: "2027-03-31"})
	}},
	{"no leader", func(e *propose.Editor) error { return e.Vacate("raadhuset", "2027-01-01") }},
}

// TestProposals holds what each proposal makes of the files, and what is then said of it, against the golden file.
func TestProposals(t *testing.T) {
	files := town(t)
	base := load(t, files)
	var b strings.Builder
	for _, p := range proposals {
		e, err := propose.New(base, files, today, &ids{})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "== %s\n", p.name)
		if err := p.do(e); err != nil {
			t.Errorf("%s: %v", p.name, err)
			continue
		}
		after := fstest.MapFS{}
		for name, f := range files {
			after[name] = f
		}
		for name, text := range e.Changed() {
			after[name] = &fstest.MapFile{Data: text}
		}
		for _, c := range change.Compare(base, load(t, after)) {
			fmt.Fprintf(&b, "%s: %s\n", c.Kind, change.Sentence(c, change.Danish))
		}
		b.WriteString(differences(files, e.Changed()))
	}
	golden := filepath.Join("testdata", "proposals.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), b.String()); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// differences gives the lines that differ, without the lines around them.
func differences(files fstest.MapFS, changed map[string][]byte) string {
	var b strings.Builder
	names := make([]string, 0, len(changed))
	for name := range changed {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		var old []byte
		if f := files[name]; f != nil {
			old = f.Data
		}
		fmt.Fprintf(&b, "%s\n", name)
		for line := range strings.Lines(string(diff.Diff("a", old, "b", changed[name]))) {
			if (line[0] == '+' || line[0] == '-') && !strings.HasPrefix(line, "+++") && !strings.HasPrefix(line, "---") {
				b.WriteString(line)
			}
		}
	}
	return b.String()
}

func TestRefusals(t *testing.T) {
	files := town(t)
	base := load(t, files)
	bo := propose.Of{Person: "p2m8xw1"}
	for name, test := range map[string]struct {
		do   func(*propose.Editor) error
		says string
	}{
		"nobody":           {func(e *propose.Editor) error { return e.Leave(propose.Of{Person: "p0"}, today) }, `no person with the key "p0"`},
		"no day":           {func(e *propose.Editor) error { return e.Move(bo, "raadhuset", propose.When{}) }, "from which day"},
		"no such unit":     {func(e *propose.Editor) error { return e.Move(bo, "x", propose.When{From: "2027-01-01"}) }, `no unit with the key "x"`},
		"before it begins": {func(e *propose.Editor) error { return e.Title(bo, "direktoer", propose.When{From: "2019-01-01"}) }, "begins on 2020-08-01"},
		"after it ends": {func(e *propose.Editor) error {
			return e.Move(propose.Of{Person: "ptemp11", Engagement: "a"}, "raadhuset", propose.When{From: "2028-01-01"})
		}, "ends on 2027-03-31"},
		"which engagement": {func(e *propose.Editor) error { return e.Leave(propose.Of{Person: "ptwo111"}, "2026-12-31") }, "there are a: Lærer, Østre Skole, from 2020-01-01; b: Lærer, Vestre Skole, from 2021-01-01"},
		"no such engagement": {func(e *propose.Editor) error {
			return e.Leave(propose.Of{Person: "ptwo111", Engagement: "c"}, "2026-12-31")
		}, `has no engagement "c"`},
		"a last day too early": {func(e *propose.Editor) error { return e.Leave(bo, "2019-01-01") }, "annul it"},
		"a later last day": {func(e *propose.Editor) error {
			return e.Leave(propose.Of{Person: "ptemp11", Engagement: "a"}, "2027-12-31")
		}, "is an extension"},
		"nothing to extend": {func(e *propose.Editor) error { return e.Extend(bo, "2027-12-31") }, "no end"},
		"not on leave":      {func(e *propose.Editor) error { return e.Return(bo, "2027-01-01") }, "on no leave"},
		"a unit twice":      {func(e *propose.Editor) error { return e.CreateUnit(propose.NewUnit{Key: "skolen", From: today}) }, "already"},
		"its own successor": {func(e *propose.Editor) error { return e.CloseUnit("skolen", "2026-12-31", "skolen") }, "follow itself"},
		"not in the unit": {func(e *propose.Editor) error {
			return e.SplitUnit("vestre", propose.NewUnit{Key: "n", Parent: "raadhuset", From: "2027-01-01"}, []propose.Of{bo})
		}, "is not in Vestre Skole"},
		"a leader is to come": {func(e *propose.Editor) error { return e.Vacate("vestre", "2026-12-15") }, "has a leader from 2027-01-01 on already"},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := propose.New(base, files, today, &ids{})
			if err != nil {
				t.Fatal(err)
			}
			if err := test.do(e); !errors.Is(err, propose.ErrProposal) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want one with %q", err, test.says)
			}
		})
	}
}

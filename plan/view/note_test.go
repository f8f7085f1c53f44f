package view_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/plan/view"
	"orgit.dk/orgit/schema"
	"orgit.dk/orgit/schema/plain"
)

func note(t *testing.T, p *plan.Plan, opts view.NoteOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := view.Note(&b, p, lookup{}, opts); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func faultsNote(t *testing.T, f view.Faults) string {
	t.Helper()
	var b bytes.Buffer
	if err := view.FaultsNote(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// organisation reads one from JSON.
func organisation(t *testing.T, text string) *org.Organisation {
	t.Helper()
	var parts org.Organisation
	if err := plain.DecodeJSON([]byte(text), &parts); err != nil {
		t.Fatal(err)
	}
	return org.New(parts, nil)
}

const townBefore = `{
	"units": {
		"kommune": {"uuid": "1", "name": "Korsbæk Kommune"},
		"teknik": {"uuid": "2", "name": "Teknik og Miljø", "parent": "kommune"},
		"drift": {"uuid": "3", "name": "Drift og Service", "parent": "kommune"},
		"vejafdelingen": {"uuid": "4", "name": "Vejafdelingen", "parent": "teknik"},
		"park": {"uuid": "5", "name": "Park & \"Natur\" #1", "parent": "teknik"},
		"gis": {"uuid": "6", "name": "GIS", "parent": "teknik"},
		"oestre-skole": {"uuid": "7", "name": "Østre Skole", "parent": "kommune"}},
	"people": {
		"p-ib": {"uuid": "8", "name": {"given": "Ib", "surname": "Sørensen"}, "shielded": true, "engagements": {
			"a": {"unit": "park", "title": "pedel", "type": "maanedsloen", "from": "2020-01-01", "payroll": {"system": "sd", "institution": "KB", "number": "1001"}}}},
		"p-ib2": {"uuid": "9", "name": {"given": "Ib", "surname": "Sørensen"}, "engagements": {
			"a": {"unit": "gis", "title": "pedel", "type": "maanedsloen", "from": "2020-01-01", "payroll": {"system": "sd", "institution": "KB", "number": "1002"}}}}}}`

// town is an organisation before and after it was reorganised: Vejafdelingen moves, Park closes into a new unit, GIS gets
// another name.
func town(t *testing.T) (before, after *org.Organisation) {
	t.Helper()
	after = organisation(t, strings.NewReplacer(
		`"name": "Vejafdelingen", "parent": "teknik"`, `"name": "Vejafdelingen", "parent": "teknik", "on": {"2026-12-01": {"parent": "drift"}}`,
		`#1", "parent": "teknik"`, `#1", "parent": "teknik", "to": "2026-12-31", "successor": "by"`,
		`"name": "GIS", "parent": "teknik"}`, `"name": "GIS", "parent": "teknik", "on": {"2027-01-01": {"name": "Kort"}}},
			"by": {"uuid": "a", "name": "By og Park", "parent": "teknik", "from": "2027-01-01"}`,
	).Replace(townBefore))
	return organisation(t, townBefore), after
}

// reorganised is a plan about that: Ib Sørensen, of whom there are two, leaves.
func reorganised(t *testing.T) (*plan.Plan, view.NoteOptions) {
	t.Helper()
	p := mixed()
	p.Changes = slices.Concat(p.Changes, []change.Change{
		{Kind: change.UnitMerge, Effect: "2027-01-01", Subject: unit("by", "By og Park"), Unit: "teknik", Others: []change.Subject{unit("park", "Park")}},
		{Kind: change.UnitRename, Effect: "2027-01-01", Subject: unit("gis", "Kort"), Unit: "teknik", From: "GIS", To: "Kort"},
	})
	for i := range p.Operations {
		if p.Operations[i].Name == "Ib Sørensen" {
			p.Operations[i].Entry = `people."p-ib".accounts."ad"`
		}
	}
	p.Coming = slices.Concat(p.Coming, []plan.Coming{
		{Day: "2027-01-02", Target: "ad", Object: plan.ID{Kind: "ou", UUID: "u-park"}, Name: "Park", Action: plan.ActionDelete, Origin: plan.FromChange},
		{Day: "2027-01-02", Target: "ad", Object: plan.ID{Kind: "user", UUID: "a-ib2"}, Name: "Ib Sørensen", Action: plan.ActionUpdate, Origin: plan.FromChange,
			Entry: `people."p-ib2"`, Attrs: []plan.AttrChange{attr("title", "pedel", ""), losing(attr("mail", "a", "b"), plan.LossRename)}},
	})
	before, after := town(t)
	return p, view.NoteOptions{
		Standing: &view.Standing{
			Class:     "Klasse: organisationsændring.",
			Approvers: "Skal godkendes af 2 af arbejdsgruppen: ida, lone og per.",
			Given:     "Har godkendt: lone.",
			Missing:   "Mangler: 1 godkendelse.",
		},
		Rights: view.Rights{
			Lost:   []string{"Ib Sørensen (pedel, Østre Skole) kan ikke længere godkende fakturaer i Prisme."},
			Gained: []string{"Åse Ny-Bæk (lærer, Østre Skole) kan læse elevplaner i Aula."},
		},
		Approved: before, Planned: after,
		Warnings: []schema.Diagnostic{{Severity: schema.Warning, Code: "no-leader", Position: schema.Position{File: "units/by.cue", Line: 3, Column: 9},
			Path: `units."by"`, Message: "By og Park (by) has no leader", Hint: "name one in managers", From: "2027-01-01"}},
		Whole: "https://gitlab.korsbaek.example/org/-/jobs/7/artifacts/file/plan.txt",
		Now:   now.Add(3 * time.Hour),
	}
}

func brokenFiles() []schema.Diagnostic {
	return []schema.Diagnostic{
		{Severity: schema.Error, Code: "unknown-unit", Position: schema.Position{File: "people/p-/p-ib.cue", Line: 7, Column: 15}, Path: `people."p-ib".engagements."a".unit`,
			Message: `the engagement "a" of Ib Sørensen (p-ib) refers to the unit "skole", which does not exist`, Hint: "write an entry for it, or name another unit"},
		{Severity: schema.Error, Code: "cpr-number", Position: schema.Position{File: "units/x.cue", Line: 3}, Message: "this looks like a CPR number: 010203-1234"},
		{Severity: schema.Error, Code: "of-tomorrow", Position: schema.Position{File: "units/x.cue", Line: 4}, Message: "a rule that has no Danish words"},
		{Severity: schema.Warning, Code: "no-leader", Position: schema.Position{File: "units/k.cue", Line: 3}, Path: `units."k"`, Message: "it has no leader"},
	}
}

func notes(t *testing.T) map[string]string {
	t.Helper()
	p, opts := reorganised(t)
	english := *p
	english.Language = "en"
	englishOpts := opts
	englishOpts.Standing, englishOpts.Rights = nil, view.Rights{}
	before, _ := town(t)
	named := []*org.Organisation{nil, before}
	return map[string]string{
		"note.md":                note(t, p, opts),
		"note.english.md":        note(t, &english, englishOpts),
		"note.refused.md":        note(t, refused(), view.NoteOptions{Standing: &view.Standing{Held: "Holdes tilbage af lone: etiketten vent."}}),
		"note.empty.md":          note(t, empty(), view.NoteOptions{}),
		"note.shielded.md":       note(t, shielded(), view.NoteOptions{}),
		"note.faults.md":         faultsNote(t, view.Faults{Commit: "4d1f0c2b9a8e7d6c", Findings: brokenFiles(), Organisations: named, Job: opts.Whole}),
		"note.faults.english.md": faultsNote(t, view.Faults{Language: "en", Findings: brokenFiles(), Organisations: named}),
		"note.faults.main.md":    faultsNote(t, view.Faults{Commit: "4d1f0c2b9a8e7d6c", Findings: brokenFiles()[:1], Approved: true}),
		"note.unread.md":         faultsNote(t, view.Faults{Commit: "4d1f0c2b9a8e7d6c", System: "fkOrganisation", Job: opts.Whole}),
		"note.unknown.md":        faultsNote(t, view.Faults{Commit: "4d1f0c2b9a8e7d6c"}),
	}
}

func TestNoteGolden(t *testing.T) {
	for name, text := range notes(t) {
		golden(t, name, text)
	}
}

// TestNoteOrder: what decides comes first, what only those need who run the systems comes last.
func TestNoteOrder(t *testing.T) {
	p, opts := reorganised(t)
	p.Refusals = refused().Refusals
	text, last := note(t, p, opts), 0
	for _, want := range []string{
		"<!-- orgit:plan v1 digest=9f86", "**AFVIST", "Klasse:", "Mangler:", "ændringer i organisationens filer", "#### Derfor er planen afvist",
		"#### Kan ikke uden videre fortrydes", "Senere, som følge", "#### Kræver et menneske", "#### Værd at se på", "#### Ændringer i organisationen",
		"#### Rettigheder", "#### Før og efter", "<details><summary>De kommende dage", "<details><summary>Handlinger i AD", "#### Ændret uden om orgit",
		"Grundlag:", "<!-- orgit:read -->", "Systemerne blev læst", "Det var 3 timer, før",
	} {
		at := strings.Index(text, want)
		if at < last {
			t.Errorf("%q stands at %d, after what stands at %d\n%s", want, at, last, text)
		}
		last = at
	}
	if !strings.HasPrefix(text, "<!-- orgit:plan v1 ") {
		t.Error("the marker is not the first line")
	}
}

// TestVerdictWithStanding: the first line says how it stands with approval.
func TestVerdictWithStanding(t *testing.T) {
	for _, tt := range []struct {
		plan     *plan.Plan
		standing view.Standing
		want     string
	}{
		{mixed(), view.Standing{Missing: "Mangler: 1."}, "**Planen kan udføres, når den er godkendt.**"},
		{mixed(), view.Standing{}, "**Planen kan udføres. Forslaget er godkendt.**"},
		{mixed(), view.Standing{Held: "x"}, "**Planen kan ikke udføres endnu: Forslaget holdes tilbage.**"},
		{mixed(), view.Standing{Held: "x", Missing: "y"}, "**Planen kan ikke udføres endnu: Forslaget holdes tilbage.**"},
		{refused(), view.Standing{}, "se nedenfor. Forslaget er godkendt.**"},
		{refused(), view.Standing{Missing: "x"}, "se nedenfor. Forslaget mangler godkendelse.**"},
		{later(), view.Standing{Missing: "x"}, "får virkning senere. Forslaget mangler godkendelse.**"},
		{later(), view.Standing{Held: "x"}, "får virkning senere. Forslaget holdes tilbage.**"},
	} {
		if text := note(t, tt.plan, view.NoteOptions{Standing: &tt.standing}); !strings.Contains(text, tt.want) {
			t.Errorf("with %+v want %q in\n%s", tt.standing, tt.want, strings.SplitN(text, "\n- ", 2)[0])
		}
	}
}

// TestSameNote: a note is the same however old the read is, and another one when anything else differs.
func TestSameNote(t *testing.T) {
	p, opts := reorganised(t)
	first := note(t, p, opts)
	older := opts
	older.Now = opts.Now.Add(48 * time.Hour)
	again := *p
	again.Provenance.Read = "2026-12-01T05:00:00Z"
	if other := note(t, &again, older); other == first || !view.SameNote(first, other) {
		t.Error("the time of the read makes it another note")
	}
	if !view.SameNote(first, strings.TrimSpace(strings.ReplaceAll(first, "\n", "\r\n"))) {
		t.Error("as GitLab may keep it, it is another note")
	}
	again.Digest = "abcdef"
	if view.SameNote(first, note(t, &again, opts)) {
		t.Error("another plan has the same note")
	}
	if !view.IsNote(first) || view.IsNote("hej\n"+first) || view.IsNote("") {
		t.Error("the marker is not what makes a note")
	}
}

// quick is what GitLab takes for a command.
var quick = regexp.MustCompile(`(?m)^\s*/`)

// outsideCode is a note without its diagrams: in code nothing is a reference.
func outsideCode(text string) string {
	return regexp.MustCompile("(?ms)^```mermaid$.*?^```$").ReplaceAllString(text, "")
}

// TestNotesCommandNothing: no name makes GitLab carry out a command, call somebody, or refer to anything.
func TestNotesCommandNothing(t *testing.T) {
	const evil = "/close @all #1 !2 ~bug $3 &4 %5 ^6 </summary><img src=x> <!-- orgit:read --> [a](http://x) `b`\n/merge\n```\n/assign @me | \x1b[31m"
	p, opts := reorganised(t)
	p.Municipality, p.Digest = evil, "--> "+evil
	p.Changes = append(p.Changes, change.Change{Kind: change.Hire, Subject: person("p", evil, evil), Unit: evil})
	op := operation("ad", "user", "u", evil, plan.ActionDelete)
	op.Loss, op.Why, op.Note, op.LastResort = []plan.Loss{plan.LossDelete}, []org.Fact{{Path: org.Path(evil), Value: evil}}, evil, evil
	op.Attrs = []plan.AttrChange{attr(evil, evil, evil)}
	p.Operations = append(p.Operations, op)
	p.Drift = append(p.Drift, plan.Drift{Target: evil, Name: evil, Reason: evil, Ref: evil, Unmarked: true})
	p.Attention = append(p.Attention, plan.Attention{Code: "x", Name: evil, Detail: evil, Hint: evil})
	p.Refusals = []plan.Refusal{{Code: plan.RefusedVanished, Name: evil, Path: org.Path(evil)}}
	p.Targets[0].Foreign = []plan.Foreign{{Ref: evil, Name: evil, Note: evil}}
	p.Provenance.Tool, p.Provenance.Commit = evil, evil
	opts.Standing = &view.Standing{Class: evil, Approvers: evil, Given: evil, Missing: evil, Held: evil}
	opts.Rights = view.Rights{Gained: []string{evil}, Lost: []string{evil}}
	opts.Warnings = []schema.Diagnostic{{Severity: schema.Warning, Code: "x", Message: evil, Hint: evil, Path: evil, Position: schema.Position{File: evil}}}
	opts.Whole = "javascript:alert(1)"
	before, after := town(t)
	for _, o := range []*org.Organisation{before, after} {
		o.Unit("gis").Name = evil
		o.Unit("kommune").Name = "%%{init: {\"securityLevel\": \"loose\"}}%%"
	}
	opts.Approved, opts.Planned = before, after

	texts := notes(t)
	texts["evil"] = note(t, p, opts)
	f := view.Faults{Commit: evil, Job: "http://x/)](", System: evil, Findings: []schema.Diagnostic{
		{Severity: schema.Error, Code: evil, Message: evil, Hint: evil, Path: evil, Position: schema.Position{File: evil, Line: 1}}}}
	texts["evil faults"] = faultsNote(t, f)
	for name, text := range texts {
		if bad := quick.FindAllString(text, -1); bad != nil {
			t.Errorf("%s: lines begin with a slash: %q", name, bad)
		}
		plainText := outsideCode(text)
		for _, bad := range []string{" @", " #1", " !2", " ~bug", " $3", " &4", " %5", " ^6", "<img", "</summary><", "[a]", " `b`", "javascript:", "\x1b"} {
			if strings.Contains(plainText, bad) {
				t.Errorf("%s: %q is not escaped in\n%s", name, bad, plainText)
			}
		}
		if strings.Count(text, "<!-- orgit:read -->") > 1 || strings.Count(text, "<!--") > 2 {
			t.Errorf("%s: a name made a comment", name)
		}
		for _, source := range diagrams(text) {
			if strings.ContainsAny(source, "%`&@\\{}|;\x1b") && !harmlessDiagram(source) || strings.Contains(source, "%%") {
				t.Errorf("%s: a name is more than a label in\n%s", name, source)
			}
		}
	}
}

var diagramLine = regexp.MustCompile(`^(flowchart LR|(n\d+-->)?n\d+\["([\pL\pN\pM .,\-/():…]|#\d+;)*"\](:::(ny|luk))?|classDef (ny|luk) [a-z0-9: -]+)$`)

// harmlessDiagram reports whether every line of a diagram is one of those that are meant.
func harmlessDiagram(source string) bool {
	for _, line := range strings.Split(strings.TrimSuffix(source, "\n"), "\n") {
		if !diagramLine.MatchString(line) {
			return false
		}
	}
	return true
}

// diagrams are the sources of a note's diagrams.
func diagrams(text string) []string {
	var sources []string
	for _, m := range regexp.MustCompile("(?ms)^```mermaid\n(.*?)^```$").FindAllStringSubmatch(text, -1) {
		sources = append(sources, m[1])
	}
	return sources
}

// TestChart holds the diagrams against what GitLab draws by itself, and against what may be shown.
func TestChart(t *testing.T) {
	p, opts := reorganised(t)
	got := diagrams(note(t, p, opts))
	want := []string{`flowchart LR
n0["Korsbæk Kommune (1 anden enhed herunder)"]
n0-->n1["Drift og Service"]
n0-->n2["Teknik og Miljø"]
n2-->n3["SKIFTER NAVN: GIS, 1 medarbejder"]
n2-->n4["LUKKER: Park #38; #34;Natur#34; #35;1, 1 medarbejder"]:::luk
n2-->n5["FLYTTER HERFRA: Vejafdelingen"]
classDef ny stroke-width:4px
classDef luk stroke-dasharray:6 4
`, `flowchart LR
n0["Korsbæk Kommune (1 anden enhed herunder)"]
n0-->n1["Drift og Service"]
n1-->n2["FLYTTET HERTIL: Vejafdelingen"]
n0-->n3["Teknik og Miljø"]
n3-->n4["NY: By og Park, 1 medarbejder"]:::ny
n3-->n5["NYT NAVN: Kort, 1 medarbejder"]
classDef ny stroke-width:4px
classDef luk stroke-dasharray:6 4
`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("diagrams (-want +got)\n%s", diff)
	}
	if strings.Contains(strings.Join(got, ""), "Ib") {
		t.Error("a person is drawn")
	}
	p.Changes = p.Changes[4:7] // people alone
	if got := diagrams(note(t, p, opts)); got != nil {
		t.Errorf("no unit changes, and this is drawn: %q", got)
	}
}

// TestChartIsLeftOutWhenLarge: GitLab draws 2,000 characters by itself; first the trunk of the tree is left out, then all.
func TestChartIsLeftOutWhenLarge(t *testing.T) {
	for units, drawn := range map[int]bool{3: true, 14: true, 400: false} {
		var before, after strings.Builder
		p, opts := reorganised(t)
		for i := range units {
			for b, name := range map[*strings.Builder]string{&before: "Team", &after: "Gruppe"} {
				fmt.Fprintf(b, `, "t%03d": {"uuid": "t%d", "name": "%s %d", "parent": "gis"}`, i, i, name, i)
			}
		}
		at := `"parent": "teknik"},
		"oestre-skole"`
		wide := func(more string) *org.Organisation {
			return organisation(t, strings.Replace(townBefore, at, `"parent": "teknik"}`+more+`, "oestre-skole"`, 1))
		}
		opts.Approved, opts.Planned = wide(before.String()), wide(after.String())
		text := note(t, p, opts)
		got := diagrams(text)
		if (got != nil) != drawn {
			t.Errorf("%d units: drawn: %v\n%s", units, got != nil, text)
		}
		if n := utf8.RuneCountInString(strings.Join(got, "")); n >= 2000 {
			t.Errorf("%d units: the diagrams have %d characters", units, n)
		}
		if !drawn && !strings.Contains(text, "Der er for mange enheder til en tegning her") {
			t.Errorf("%d units: nothing says that there is no drawing", units)
		}
	}
}

// TestNamesakesAreToldApart: of two Ib Sørensens it must be clear which one is closed.
func TestNamesakesAreToldApart(t *testing.T) {
	p, opts := reorganised(t)
	text := note(t, p, opts)
	for _, want := range []string{
		"AD-bruger Ib Sørensen (pedel, Park \\& \"Natur\" \\#1, nr. 1001) lukkes",
		"AD-bruger Ib Sørensen (pedel, GIS, nr. 1002) mister titel",
	} {
		if !strings.Contains(strings.ReplaceAll(text, "Kort, nr.", "GIS, nr."), want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "AD-bruger Anna Jensen (") {
		t.Error("somebody whose name is her own is told apart")
	}
}

// TestNoteHasBounds: a plan of any size has a note that GitLab takes and people can open, which says where the rest is.
func TestNoteHasBounds(t *testing.T) {
	p, opts := reorganised(t)
	long := strings.Repeat("Navn ", 40)
	for i := range 600 {
		op := operation("ad", "user", fmt.Sprint(i), long, plan.ActionUpdate)
		for range 20 {
			op.Attrs = append(op.Attrs, losing(attr("title", long, "", annaMoves), plan.LossClear))
		}
		op.Loss = []plan.Loss{plan.LossClear}
		p.Operations = append(p.Operations, op)
		p.Changes = append(p.Changes, change.Change{Kind: change.Hire, Subject: person("p", long, "lærer"), Unit: fmt.Sprint("u", i%9)})
		p.Drift = append(p.Drift, plan.Drift{Target: "ad", Object: op.Object, Name: op.Name, Attrs: op.Attrs})
	}
	text := note(t, p, opts)
	if n := utf8.RuneCountInString(text); n > 150_000 {
		t.Errorf("the note has %d characters", n)
	}
	if !strings.Contains(text, "flere: [se hele planen](<https://gitlab.korsbaek.example/org/-/jobs/7/artifacts/file/plan.txt>)") {
		t.Error("the note does not say how much is left out and where it is")
	}
	p.Operations[len(p.Operations)-1].Loss = []plan.Loss{plan.LossDelete}
	p.Operations[len(p.Operations)-1].Name = strings.Repeat(long, 2000)
	if text := note(t, p, opts); utf8.RuneCountInString(text) > 150_000 || !strings.Contains(text, "for lang til en note") || !strings.Contains(text, "se hele planen") {
		t.Errorf("one endless name: %d characters", utf8.RuneCountInString(text))
	}
}

func TestNoteShowsNoNumber(t *testing.T) {
	for name, text := range notes(t) {
		if strings.Contains(text, "010203") || strings.Contains(text, "+4533") {
			t.Errorf("%s shows a number:\n%s", name, text)
		}
	}
}

func TestErrorsOfTheNotesWriterAreReported(t *testing.T) {
	full := errors.New("the disk is full")
	w := writerFunc(func([]byte) (int, error) { return 0, full })
	if err := view.Note(w, mixed(), lookup{}, view.NoteOptions{}); !errors.Is(err, full) {
		t.Errorf("Note: %v", err)
	}
	if err := view.FaultsNote(w, view.Faults{}); !errors.Is(err, full) {
		t.Errorf("FaultsNote: %v", err)
	}
}

// TestCountsOf: an operation that only does the rest of another one is no object of its own.
func TestCountsOf(t *testing.T) {
	for target, want := range map[string]view.Counts{"ad": {Create: 1, Update: 3, Delete: 2}, "fkOrganisation": {Update: 1, Delete: 1}, "x": {}} {
		if got := view.CountsOf(mixed(), target); got != want {
			t.Errorf("%s: %+v, want %+v", target, got, want)
		}
	}
}

// TestEveryRuleHasDanishWords looks for the codes of findings in the packages that make them.
func TestEveryRuleHasDanishWords(t *testing.T) {
	code := regexp.MustCompile(`(?:Code: |Code = |Code[A-Z][A-Za-z]+ += |c\.fault\(|c\.warn\(|Code, d\.Message = |missing\.Code, missing\.Message = |finding\(schema\.(?:Error|Warning), |r\.find\(schema\.(?:Error|Warning), |p\.find\([^"\n]*?, |c\.find\("[^\n]*?, |c\.add\(|c\.add\(schema\.(?:Error|Warning), )"([a-z][a-z0-9-]*)"`)
	found := map[string]bool{}
	for _, pattern := range []string{"../../org/*.go", "../../org/rights/*.go", "../../org/username/*.go", "../../schema/*.go", "../../apply/ad/check.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range code.FindAllStringSubmatch(string(text), -1) {
				found[m[1]] = true
			}
		}
	}
	if len(found) < 45 {
		t.Errorf("only %d codes were found: the pattern does not fit the sources any more", len(found))
	}
	for c := range found {
		text := faultsNote(t, view.Faults{Findings: []schema.Diagnostic{{Severity: schema.Error, Code: c, Message: "in English"}}})
		if strings.Contains(text, "`!` in English") {
			t.Errorf("%s has no Danish words", c)
		}
	}
}

// FuzzNoteNames gives a unit and a person any name.
func FuzzNoteNames(f *testing.F) {
	for _, name := range []string{"Vej & Park", "/close", "\n/merge\n", "```\n/x", "%%{init: {}}%%", "\"]:::ny\nclick n0 href", "<!-- orgit:read -->", "\u2028/x", "#35;", "end"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		p, opts := reorganised(t)
		p.Municipality, p.Operations[3].Name = name, name
		p.Changes = append(p.Changes, change.Change{Kind: change.Hire, Subject: person("p", name, name), Unit: "x"})
		before, after := town(t)
		before.Unit("gis").Name = name
		opts.Approved, opts.Planned = before, after
		text := note(t, p, opts)
		if bad := quick.FindString(text); bad != "" {
			t.Errorf("a line begins with a slash:\n%s", text)
		}
		if strings.Count(text, "<!--") != 2 {
			t.Errorf("a name made a comment:\n%s", text)
		}
		for _, source := range diagrams(text) {
			if !harmlessDiagram(source) {
				t.Errorf("a name is more than a label in\n%s", source)
			}
		}
	})
}

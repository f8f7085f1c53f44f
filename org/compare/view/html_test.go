package view_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/agenda"
	"orgit.dk/orgit/org/compare/view"
)

var update = flag.Bool("update", false, "write the golden files")

// small is an agenda of one item of a unit, one of a person, and one doubled person.
func small() *agenda.Agenda {
	side := func(register, name, text string) agenda.Side {
		return agenda.Side{Source: strings.ToLower(register), Register: register, Name: name, Text: text, Origin: register + ".xml:7"}
	}
	return &agenda.Agenda{
		Language: "da", Registers: []agenda.Register{{Source: "opus", Name: "OPUS", Day: "2026-12-01", Units: 2, People: 3}, {Source: "ad", Name: "AD", Day: "2026-12-02", Units: 2, People: 4, Notes: []agenda.Note{{Origin: "ad.ldif, user 7", Text: "Telefonnummeret kan ikke læses."}}}},
		Found: []agenda.Found{{Source: "ad", Units: 1, People: 2}},
		Items: []agenda.Item{
			{ID: "P1", Kind: agenda.AskPerson, Name: `Åse "Ås" <b>Kjær</b>`, Units: []string{"Vej & Park", "Skolen"}, Lead: side("OPUS", "Åse", "Åse, nr. 7"), Other: side("AD", "Aase", "Aase, konto aase"),
				Why: []string{"For: samme enhed Skolen", "Tvivl: der er for lidt, der taler for det"}},
			{ID: "P2", Kind: compare.Doubled, Name: "Bo Lund", Units: []string{"Skolen"}, Lead: side("AD", "Bo Lund", "Bo Lund"), Other: side("AD", "Bo Lund", "Bo Lund"), Why: []string{"står to gange i AD"}},
			{ID: "E1", Kind: compare.UnitOnly, Name: "</script><script>alert(1)</script>", Lead: agenda.Side{Register: "OPUS", Text: "findes ikke"}, Other: side("AD", "x", "x")},
		},
	}
}

func page(t *testing.T, a *agenda.Agenda) string {
	t.Helper()
	var b bytes.Buffer
	if err := view.HTML(&b, a); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestHTML: what the page says, without its style and its script.
func TestHTML(t *testing.T) {
	text := page(t, small())
	begin, end := strings.Index(text, "<body>"), strings.LastIndex(text, "<script>")
	golden := filepath.Join("testdata", "page.html")
	if *update {
		if err := os.WriteFile(golden, []byte(text[begin:end]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text[begin:end]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if strings.Contains(text, "alert(1)</script>") || strings.Contains(text, "<b>Kjær") {
		t.Error("what a register says is markup in the page")
	}
}

// TestHTMLAlone: the page asks nothing of anybody, and says so to the browser.
func TestHTMLAlone(t *testing.T) {
	text := page(t, small())
	for _, pattern := range []string{`https?://`, `\bsrc\s*=`, `@import`, `url\(`, `<link`, `<img`, `fetch\(`, `XMLHttpRequest`, `localStorage`, `innerHTML`} {
		if found := regexp.MustCompile(pattern).FindString(text); found != "" {
			t.Errorf("the page has %q", found)
		}
	}
	if !strings.Contains(text, `content="default-src 'none'; `) {
		t.Error("the page does not forbid the browser to ask others")
	}
}

// TestHTMLAccess: what a screen reader and a keyboard need is in the page before any script runs.
func TestHTMLAccess(t *testing.T) {
	text := page(t, small())
	for _, want := range []string{`<html lang="da">`, `<title>Sammenhold af OPUS (førende) og AD</title>`, `class="skip"`, `<label for="search">`, `<label for="unit">`, `role="status"`, `<th scope="col">`, `<th scope="row">`, `<main>`, `@media print`} {
		if !strings.Contains(text, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	ids := map[string]int{}
	for _, found := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(text, -1) {
		if ids[found[1]]++; ids[found[1]] > 1 {
			t.Errorf("two elements have the id %s", found[1])
		}
	}
	for _, found := range regexp.MustCompile(` (?:aria-labelledby|for)="([^"]+)"`).FindAllStringSubmatch(text, -1) {
		if ids[found[1]] == 0 {
			t.Errorf("nothing has the id %s", found[1])
		}
	}
}

func TestNothing(t *testing.T) {
	a := small()
	a.Items = nil
	if text := page(t, a); !strings.Contains(text, "Der er ikke noget at afklare.") || strings.Contains(text, "<table") {
		t.Error("a page of nothing has a table, or does not say that it is empty")
	}
	var b bytes.Buffer
	if err := view.Text(&b, a, view.TextOptions{}); err != nil || !strings.Contains(b.String(), "Der er ikke noget at afklare.") {
		t.Errorf("%v: %s", err, b.String())
	}
	b.Reset()
	if err := view.JSON(&b, a); err != nil || !strings.Contains(b.String(), `"items": []`) {
		t.Errorf("%v: %s", err, b.String())
	}
}

// TestTextMost: the terminal shows the first of each kind, and how many more there are.
func TestTextMost(t *testing.T) {
	a := small()
	for range 3 {
		a.Items = append(a.Items, a.Items[0])
	}
	var b bytes.Buffer
	if err := view.Text(&b, a, view.TextOptions{Most: 2}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"     4  Er det samme person?", "  … og 2 til (-v viser alle)", "AD, 2. december 2026: 2 enheder, 4 personer; 1 enhed og 2 personer er fundet i OPUS; 1 bemærkning fra læsningen"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

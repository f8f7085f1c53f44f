package sheet_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/spreadsheet"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/korsbaek"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/org/propose/sheet"
)

const today = org.Day("2026-12-01")

func sample(t testing.TB) *org.Organisation {
	t.Helper()
	o, _, err := org.Load(korsbaek.Files())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// read reads lines of cells with ; between them.
func read(t testing.TB, o *org.Organisation, text string) ([]sheet.Item, []string) {
	t.Helper()
	rows, cells, err := spreadsheet.Read("x.csv", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	items, faults := sheet.Read(rows, cells, o, today)
	var texts []string
	for _, f := range faults {
		texts = append(texts, f.String())
	}
	return items, texts
}

func TestRead(t *testing.T) {
	items, faults := read(t, sample(t), strings.Join([]string{
		"ændring;Person;Fra dato;Til og med;Enhed;Titel;Ansættelsesform;Beskæftigelsesgrad;Fornavn;Efternavn;Telefon;Enhedens navn;Overordnet enhed;Enhedstype;Rettelse",
		"Flytning;lisfr;1-1-2027;;Aften-SFO;;;;;;;;;;",
		"fratrædelse;Ella Clausen;;31. december 2026;;;;;;;;;;;",
		"Ny enhed;;01/01/2027;;;;;;;;;Aften-SFO;Østre Skole;afdeling;",
		"Ansættelse;;2027-02-01;;oestre-skole;Lærer;Månedslønnet;80 %;Åse;Ør;;;;;",
		"Ny beskæftigelsesgrad;lisfr;;;;;;67,6 %;;;;;;;ja",
		"Kontaktoplysninger;petma;;;;;;;;;10 55 20 08;;;;",
	}, "\n"))
	if faults != nil {
		t.Fatalf("faults: %q", faults)
	}
	want := []sheet.Item{
		{4, propose.Change{Do: propose.DoCreateUnit, Key: "aften-sfo", Parent: "oestre-skole", Type: "afdeling", From: "2027-01-01", Texts: propose.Texts{UnitName: "Aften-SFO"}}},
		{2, propose.Change{Do: propose.DoMove, Person: "p28z79v", Unit: "aften-sfo", From: "2027-01-01"}},
		{3, propose.Change{Do: propose.DoLeave, Person: "p2dneca", Last: "2026-12-31"}},
		{5, propose.Change{Do: propose.DoHire, Unit: "oestre-skole", Title: "laerer", Type: "maanedsloen", Fraction: 0.8, From: "2027-02-01", Texts: propose.Texts{Name: org.Name{Given: "Åse", Surname: "Ør"}}}},
		{6, propose.Change{Do: propose.DoFraction, Person: "p28z79v", Fraction: 0.676, Correct: true}},
		{7, propose.Change{Do: propose.DoContact, Person: "p2bjygm", Texts: propose.Texts{Addresses: map[string]string{"phone": "+4510552008"}}}},
	}
	for i := range items {
		if len(items[i].Change.Addresses) == 0 {
			items[i].Change.Addresses = nil
		}
	}
	if diff := cmp.Diff(want, items); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestFaults: everything that is wrong is found at once, in Danish, with its cell.
func TestFaults(t *testing.T) {
	o := sample(t)
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"headings": {"Ænring;Person;Person\n", []string{
			`Celle A1: overskriften "Ænring" kendes ikke; mente du Ændring?`, `Celle C1: overskriften "Person" står der to gange`}},
		"no headings": {"Person\nlisfr\n", []string{"Række 1: den første række skal være overskrifterne, og \"Ændring\" mangler; `orgit propose template FIL` laver et ark med dem"}},
		"no rows":     {"Ændring;Person\n", []string{"Række 2: der er ingen rækker under overskrifterne"}},
		"empty":       {"", []string{"Række 1: arket er tomt"}},
		"cells": {"Ændring;Person;Fra dato;Enhed;Titel\nFlytning;Peter Madsen;31-2-2027;Vejafdelingenn;Lærer;x\n;lisfr;;;\nFlytning;nobody;;=1+1;\n", []string{
			"Celle F2: står i en kolonne uden overskrift",
			"Celle E2 (Titel): bruges ikke ved Flytning; slet den, eller vælg en anden ændring",
			`Celle D2 (Enhed): der er ingen enhed, der hedder "Vejafdelingenn"; brug nøglen`,
			`Celle C2 (Fra dato): "31-2-2027" er ingen dato; skriv dag-måned-år, for eksempel 31-12-2026`,
			"Celle A3 (Ændring): skriv, hvilken ændring det er: Ansættelse",
			"Celle D4: er en formel",
			"Celle C4 (Fra dato): Fra dato mangler; Flytning skal have den",
			`Celle B4 (Person): der er ingen person, der hedder "nobody"; brug nøglen`,
		}},
		"whole rows": {"Ændring;Person;Fornavn;Efternavn;Fra dato;Til og med;Enhed;Titel;Ansættelsesform\nAnsættelse;;Åse;;1-2-2027;1-1-2027;oestre-skole;Lærer;Månedslønnet\nAnsættelse;lisfr;Lise;;1-2-2027;;oestre-skole;Lærer;Månedslønnet\n", []string{
			"Celle F2 (Til og med): ligger før \"Fra dato\"",
			"Celle C2 (Fornavn): skriv fornavn og efternavn på en ny medarbejder",
			"Celle B3 (Person): er en, der er ansat i forvejen, så navn og brugernavn skal ikke udfyldes",
		}},
		"CPR numbers alone": {"Ændring;Person;Fra dato\nFlytning;0102031234;x\nFlytning;102031234;x\nFlytning;010203-1234;\n", []string{
			"Celle B2: ligner et CPR-nummer", "Celle B3: ligner et CPR-nummer", "Celle B4: ligner et CPR-nummer"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, got := read(t, o, c.text)
			if len(got) != len(c.want) {
				t.Errorf("got %d faults: %s", len(got), strings.Join(got, "\n"))
			}
			for _, want := range c.want {
				if !strings.Contains(strings.Join(got, "\n"), want) {
					t.Errorf("%q is not among\n%s", want, strings.Join(got, "\n"))
				}
			}
			if strings.Contains(strings.Join(got, ""), "1234") {
				t.Errorf("a number is repeated: %q", got)
			}
		})
	}
}

func TestParseDay(t *testing.T) {
	for text, want := range map[string]org.Day{
		"2027-01-31": "2027-01-31", "31-1-2027": "2027-01-31", "31.01.2027": "2027-01-31", "31/1/2027": "2027-01-31", "31. januar 2027": "2027-01-31",
		"1. MAJ 2027": "2027-05-01", "46388": "", "1. okt 2027": "2027-10-01",
		"31-2-2027": "", "1-1-27": "", "2027": "", "i morgen": "", "1-13-2027": "", "": "", "46388.5": "",
	} {
		if got, ok := sheet.ParseDay(text); got != want && ok || ok != (want != "") {
			t.Errorf("%q is %q, %v; want %q", text, got, ok, want)
		}
	}
}

// TestTemplate: the spreadsheet that is written can be read, and has nothing to propose.
func TestTemplate(t *testing.T) {
	o := sample(t)
	data, err := sheet.Template(o)
	if err != nil {
		t.Fatal(err)
	}
	rows, cells, err := spreadsheet.Read("x.xlsx", data)
	if err != nil {
		t.Fatal(err)
	}
	items, faults := sheet.Read(rows, cells, o, today)
	if len(items) != 0 || len(faults) != 1 || faults[0].Text != "der er ingen rækker under overskrifterne" {
		t.Errorf("%v, %v", items, faults)
	}
	if diff := cmp.Diff(sheet.Headings(), rows[0].Cells); diff != "" {
		t.Error(diff)
	}
}

// FuzzRow: whatever stands in the cells, nothing that looks like a CPR number comes out in a fault, and a row is a change or
// has a fault.
func FuzzRow(f *testing.F) {
	o := sample(f)
	f.Add("Flytning", "lisfr", "1-1-2027", "Vejafdelingen", "80 %", "1055 2008")
	f.Add("Ny enhed", "0102031234", "46388", "=1", "ja", "")
	f.Fuzz(func(t *testing.T, do, person, day, unit, part, phone string) {
		rows := []spreadsheet.Row{{Number: 1, Cells: []string{"Ændring", "Person", "Fra dato", "Enhed", "Beskæftigelsesgrad", "Telefon"}}, {Number: 2, Cells: []string{do, person, day, unit, part, phone}}}
		items, faults := sheet.Read(rows, nil, o, today)
		if len(items) == 0 && len(faults) == 0 {
			t.Fatal("the row says nothing")
		}
		for _, fault := range faults {
			if sheet.LooksLikeCPR(fault.Text) {
				t.Fatalf("%q", fault.Text)
			}
		}
		for _, item := range items {
			if strings.Contains(string(item.Change.From), "/") {
				t.Fatalf("%+v", item)
			}
		}
	})
}

// TestLoginOfTwo: a login name is unique in one system only, so it may be two people's; then nobody is taken.
func TestLoginOfTwo(t *testing.T) {
	o := sample(t)
	var with []*org.Person
	for _, p := range o.People {
		if len(p.Accounts) > 0 {
			with = append(with, p)
		}
	}
	with[0].Accounts[0].Name, with[1].Accounts[0].Name = "fælles", "fælles"
	_, got := read(t, o, "Ændring;Person;Til og med\nFratrædelse;fælles;31-12-2026\n")
	if !strings.Contains(strings.Join(got, "\n"), "passer på 2; brug nøglen") {
		t.Errorf("it says %q", got)
	}
}

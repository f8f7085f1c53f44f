package sheet_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"orgit.dk/orgit/internal/spreadsheet"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/org/propose/sheet"
)

// TestDays: a day that can be read in two ways is asked about; one that cannot is taken.
func TestDays(t *testing.T) {
	o := sample(t)
	for text, want := range map[string]string{
		"3/2/2027":   `Celle C2 (Til og med): "3/2/2027" kan være både 3. februar 2027 og 2. marts 2027; skriv 3-2-2027 eller 2-3-2027`,
		"10/11/2027": `Celle C2 (Til og med): "10/11/2027" kan være både 10. november 2027 og 11. oktober 2027; skriv 10-11-2027 eller 11-10-2027`,
		"2/13/2027":  `Celle C2 (Til og med): "2/13/2027" er ingen dato; skriv dag-måned-år, for eksempel 31-12-2026`,
		"13/2/2027":  "2027-02-13", "2/2/2027": "2027-02-02", "3-2-2027": "2027-02-03", "3.2.2027": "2027-02-03", "46388": "2027-01-01",
	} {
		items, faults := read(t, o, "Ændring;Person;Til og med\nFratrædelse;lisfr;"+text+"\n")
		got := strings.Join(faults, "\n")
		if len(items) == 1 {
			got += string(items[0].Change.Last)
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// TestDaysFrom1904: in a workbook that counts its days from 1904 a cell is the day that its author sees.
func TestDaysFrom1904(t *testing.T) {
	f := excelize.NewFile()
	since1904 := true
	var b bytes.Buffer
	if err := errors.Join(f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &since1904}),
		f.SetSheetRow("Sheet1", "A1", &[]any{"Ændring", "Person", "Til og med"}),
		f.SetSheetRow("Sheet1", "A2", &[]any{"Fratrædelse", "lisfr", 44926}), f.Write(&b)); err != nil {
		t.Fatal(err)
	}
	rows, cells, err := spreadsheet.Read("x.xlsx", b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	items, faults := sheet.Read(rows, cells, sample(t), today)
	if len(faults) > 0 || len(items) != 1 || items[0].Change.Last != "2027-01-01" {
		t.Errorf("%+v, %v", items, faults)
	}
}

// TestFractions: a part of full time is told in hundredths of a per cent, and what rounds to nothing is no part.
func TestFractions(t *testing.T) {
	o := sample(t)
	for text, want := range map[string]float64{
		"67,6 %": 0.676, "0,676": 0.676, "33,333333 %": 0.3333, "0.891891891891892": 0.8919, "100%": 1, "7 %": 0.07,
		"0,00001": 0, "100,001 %": 0, "1,00001": 0, "-5 %": 0, "NaN": 0, "80": 0,
	} {
		items, faults := read(t, o, "Ændring;Person;Fra dato;Beskæftigelsesgrad\nNy beskæftigelsesgrad;lisfr;1-1-2027;"+text+"\n")
		got := 0.0
		if len(items) == 1 {
			got = items[0].Change.Fraction
		}
		if got != want || (want == 0) != (len(faults) == 1) {
			t.Errorf("%s is %v (%q), want %v", text, got, faults, want)
		}
	}
}

// TestCalled: the name to show stays when somebody gets another name, unless the cell says something else.
func TestCalled(t *testing.T) {
	o := sample(t)
	p := o.Person("p28z79v")
	p.Name.Called = "Lise Friis"
	for cell, want := range map[string]string{"": "Lise Friis", "fjern": "", "Fjern": "", "Lise F. Holm": "Lise F. Holm"} {
		for _, day := range []string{"1-1-2027;", ";ja"} {
			items, faults := read(t, o, "Ændring;Person;Fornavn;Efternavn;Kaldenavn;Fra dato;Rettelse\nNyt navn;lisfr;Lise;Holm;"+cell+";"+day+"\n")
			if len(items) != 1 {
				t.Fatal(faults)
			}
			if diff := cmp.Diff(org.Name{Given: "Lise", Surname: "Holm", Called: want}, items[0].Change.Name); diff != "" {
				t.Errorf("%q, %q (-want +got)\n%s", cell, day, diff)
			}
		}
	}
}

// TestFormerEmployee: a bare name gives no job to somebody who has left; the key does, and "ny person" says that it is somebody else.
func TestFormerEmployee(t *testing.T) {
	o := sample(t)
	p := o.Person("p28z79v")
	for _, x := range p.Engagements {
		x.To, x.Payroll = "2025-12-31", &org.Payroll{System: "sd", Number: "11003"}
	}
	hire := func(person, given, surname string) ([]sheet.Item, []string) {
		return read(t, o, "Ændring;Person;Fornavn;Efternavn;Enhed;Titel;Ansættelsesform;Fra dato\nAnsættelse;"+person+";"+given+";"+surname+";oestre-skole;Lærer;Månedslønnet;1-2-2027\n")
	}
	_, faults := hire(p.Name.Full(), "", "")
	want := []string{`Celle B2 (Person): den eneste, der hedder "Lise Vinther Friis", er ikke ansat mere: p28z79v (Lise Vinther Friis; ` +
		`Sagsbehandler, Ydelseskontoret, medarbejdernummer 11003, sidste dag 31. december 2025). Skriv nøglen p28z79v, hvis det er samme person; ` +
		`ellers skriv "ny person", og udfyld fornavn og efternavn`}
	if diff := cmp.Diff(want, faults); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if items, faults := hire(p.Key, "", ""); len(items) != 1 || items[0].Change.Person != p.Key {
		t.Errorf("by key: %v, %q", items, faults)
	}
	items, faults := hire("Ny person", "Lise Vinther", "Friis")
	if len(items) != 1 || items[0].Change.Person != "" || items[0].Change.Name.Surname != "Friis" {
		t.Errorf("somebody new: %v, %q", items, faults)
	}
	if _, faults := hire("ny person", "", ""); len(faults) != 1 || !strings.Contains(faults[0], "skriv fornavn og efternavn") {
		t.Errorf("somebody new without a name: %q", faults)
	}
	if _, faults := read(t, o, "Ændring;Person;Til og med\nFratrædelse;ny person;1-1-2027\n"); len(faults) != 1 {
		t.Errorf("somebody new leaves: %q", faults)
	}
}

// TestCorrectionNeedsNoDay: what always was so has no first day; one that is given goes on, and is held against the files.
func TestCorrectionNeedsNoDay(t *testing.T) {
	items, faults := read(t, sample(t), "Ændring;Person;Enhed;Fra dato;Rettelse\nFlytning;lisfr;oestre-skole;;ja\nFlytning;lisfr;oestre-skole;;nej\n")
	if len(items) != 1 || items[0].Change.Do != propose.DoMove || !items[0].Change.Correct || len(faults) != 1 || !strings.HasPrefix(faults[0], "Celle D3 (Fra dato): Fra dato mangler") {
		t.Errorf("%v, %q", items, faults)
	}
}

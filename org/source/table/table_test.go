package table_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/internal/cpr/cprtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/table"
)

const day = org.Day("2026-11-25")

// filled is the template with rows in its sheets, each a column's heading and what stands below it.
func filled(t *testing.T, columns map[string]string, people, units []map[string]any) []byte {
	t.Helper()
	data, err := table.Template(columns)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	fill(t, f, "Medarbejdere", people)
	fill(t, f, "Enheder", units)
	var b bytes.Buffer
	if err := errors.Join(f.Write(&b), f.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func fill(t *testing.T, f *excelize.File, sheet string, list []map[string]any) {
	t.Helper()
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range list {
		for heading, value := range row {
			at := -1
			for column, text := range rows[0] {
				if text == heading {
					at = column + 1
				}
			}
			cell, err := excelize.CoordinatesToCellName(at, i+2)
			if err != nil {
				t.Fatalf("no column %s: %v", heading, err)
			}
			if formula, ok := value.(formula); ok {
				err = f.SetCellFormula(sheet, cell, string(formula))
			} else {
				err = f.SetCellValue(sheet, cell, value)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

type formula string

func number(t *testing.T, i int) cpr.Number {
	t.Helper()
	n, err := cpr.Parse(cprtest.Invented(i))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestTemplate: what HR fills in comes back as an extract.
func TestTemplate(t *testing.T) {
	people := []map[string]any{
		{"Medarbejdernummer": 11003, "CPR-nummer": cprtest.Hyphened(1), "Fornavn": "Anna  Marie", "Efternavn": "Jensen", "Enhed": "22", "Titel": "Lærer",
			"Ansættelsesform": "Månedslønnet", "Beskæftigelsesgrad": "60 %", "Hovedansættelse": "ja", "Fra dato": 45505, "Til og med": "31-12-2026",
			"Brugernavn": "annj", "E-mail": "annj@korsbaek.example", "Telefon": "99 98 00 21", "Lokale": "4", "Nærmeste leder": "998", "Adressebeskyttet": "Nej"},
		{"Medarbejdernummer": "998", "Fornavn": "Bo", "Efternavn": "Bæk", "Enhed": "østre skole", "Titel": "Skoleleder", "Kaldenavn": "Bob Bæk"},
		{"Medarbejdernummer": "11004", "CPR-nummer": cprtest.Invented(1), "Fornavn": "Anna Marie", "Efternavn": "Jensen", "Enhed": "20", "Beskæftigelsesgrad": 0.4,
			"Brugernavn": "ANNJ", "E-mail": "annj@korsbaek.example", "Telefon": "+4599980021", "Lokale": "4", "Adressebeskyttet": "ja"},
		{"Brugernavn": "ekst1", "Fornavn": "Eva", "Efternavn": "Dam", "Telefon": "4711"},
	}
	units := []map[string]any{
		{"Enhedskode": "20", "Enhedsnavn": "Korsbæk Kommune"},
		{"Enhedskode": "22", "Enhedsnavn": "Østre Skole", "Overordnet enhed": "20", "Enhedstype": "Skole", "Leder": "998", "Oprettet": "2010-01-01",
			"Enhedens telefon": "99980000", "Enhedens e-mail": "skole@korsbaek.example", "P-nummer": "1012345678", "EAN-nummer": "5798001234561"},
	}
	x, err := table.Read("hr.xlsx", filled(t, nil, people, units), table.Options{Day: day})
	if err != nil {
		t.Fatal(err)
	}
	at := func(sheet string, line int) source.Origin {
		return source.Origin{Document: "hr.xlsx", Line: line, Record: "sheet " + sheet}
	}
	anna, bo, eva := at("Medarbejdere", 2), at("Medarbejdere", 3), at("Medarbejdere", 5)
	want := &source.Extract{Source: "table", Name: "hr.xlsx", Day: day,
		Says: source.Says{Tree: true, Leaders: true, Engagements: true, Accounts: true, Future: true, Numbers: true, CPR: true},
		Units: []source.Unit{
			{ID: "20", Origin: at("Enheder", 2), States: []source.UnitState{{Name: "Korsbæk Kommune", Code: "20", Numbers: map[string]string{}, Addresses: map[string]string{}}}},
			{ID: "22", Origin: at("Enheder", 3), States: []source.UnitState{{Period: org.Period{From: "2010-01-01"}, Name: "Østre Skole", Code: "22", Parent: "20", Type: "Skole",
				Numbers: map[string]string{"p": "1012345678", "ean": "5798001234561"}, Addresses: map[string]string{"phone": "+4599980000", "email": "skole@korsbaek.example"}}}},
		},
		People: []source.Person{
			{ID: "11003", CPR: number(t, 1), Origin: anna, States: []source.PersonState{{Given: "Anna Marie", Surname: "Jensen", Shielded: true, Manager: "998",
				Addresses: map[string]string{"phone": "+4599980021", "email": "annj@korsbaek.example", "room": "4"}}},
				Engagements: []source.Engagement{
					{ID: "11003", Number: "11003", Origin: anna, States: []source.EngagementState{{Period: org.Period{From: "2024-08-01", To: "2026-12-31"}, Unit: "22", Title: "Lærer",
						Type: "Månedslønnet", Fraction: 0.6, Primary: true}}},
					{ID: "11004", Number: "11004", Origin: at("Medarbejdere", 4), States: []source.EngagementState{{Unit: "20", Fraction: 0.4}}},
				},
				Accounts: []source.Account{{ID: "ad/annj", System: "ad", Name: "annj", Origin: anna, Mail: "annj@korsbaek.example", Number: "11003",
					Kind: org.AccountPersonal, Engagements: []string{"11003", "11004"}}}},
			{ID: "998", Origin: bo, States: []source.PersonState{{Given: "Bo", Surname: "Bæk", Called: "Bob Bæk", Addresses: map[string]string{}}},
				Engagements: []source.Engagement{{ID: "998", Number: "998", Origin: bo, States: []source.EngagementState{{Unit: "22", Title: "Skoleleder"}}}}},
			{ID: "ekst1", Origin: eva, States: []source.PersonState{{Given: "Eva", Surname: "Dam", Addresses: map[string]string{}}},
				Accounts: []source.Account{{ID: "ad/ekst1", System: "ad", Name: "ekst1", Origin: eva, Kind: org.AccountPersonal}}},
		},
		Leaders: []source.Leadership{{ID: "leader 22", Origin: at("Enheder", 3), States: []source.LeadershipState{{Period: org.Period{From: "2010-01-01"}, Unit: "22", Person: "998"}}}},
		Notes: []source.Note{{Origin: eva, Code: "phone",
			Text: "Telefonnummeret kan ikke ringes op udefra (det er ikke otte cifre eller et nummer med landekode) og er ikke taget med."}},
	}
	if diff := cmp.Diff(want, x, cmp.Comparer(func(a, b cpr.Number) bool { return a == b })); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestFaults: each is told with its cell, and no extract comes of it.
func TestFaults(t *testing.T) {
	anna := func(more map[string]any) map[string]any {
		row := map[string]any{"Fornavn": "Anna", "Efternavn": "Jensen", "Medarbejdernummer": "7", "Enhed": "20"}
		for k, v := range more {
			row[k] = v
		}
		return row
	}
	town := []map[string]any{{"Enhedskode": "20", "Enhedsnavn": "Korsbæk"}, {"Enhedskode": "21", "Enhedsnavn": "Vej"}, {"Enhedskode": "22", "Enhedsnavn": "Vej"}}
	tests := []struct {
		name   string
		people []map[string]any
		units  []map[string]any
		want   []string
	}{
		{"days", []map[string]any{anna(map[string]any{"Fra dato": "1/2/2026", "Til og med": "31/02/2026"})}, nil, []string{
			`Arket Medarbejdere, celle N2 (Fra dato): "1/2/2026" kan læses på to måder (dag/måned eller måned/dag); skriv dag-måned-år, for eksempel 31-12-2026`,
			`Arket Medarbejdere, celle O2 (Til og med): "31/02/2026" er ingen dato; skriv dag-måned-år, for eksempel 31-12-2026`}},
		{"days in the wrong order", []map[string]any{anna(map[string]any{"Fra dato": "13/2/2026", "Til og med": "12.2.2026"})}, nil,
			[]string{"Arket Medarbejdere, celle O2 (Til og med): ligger før den første dag, 2026-02-13"}},
		{"a part of full time, yes or no", []map[string]any{anna(map[string]any{"Beskæftigelsesgrad": "37", "Hovedansættelse": "måske"})}, nil, []string{
			`Arket Medarbejdere, celle L2 (Beskæftigelsesgrad): "37" er ingen beskæftigelsesgrad; skriv for eksempel 80 % eller 0,8`,
			"Arket Medarbejdere, celle M2 (Hovedansættelse): skal være ja eller nej"}},
		{"an unknown unit", []map[string]any{anna(map[string]any{"Enhed": "Korsbek"})}, nil,
			[]string{`Arket Medarbejdere, celle I2 (Enhed): enheden "Korsbek" findes ikke i arket med enheder; mente du Korsbæk?`}},
		{"a name of two", []map[string]any{anna(map[string]any{"Enhed": "Vej"})}, nil,
			[]string{`Arket Medarbejdere, celle I2 (Enhed): "Vej" er navnet på flere enheder; skriv koden: 21, 22`}},
		{"a number twice", []map[string]any{anna(nil), anna(map[string]any{"Fornavn": "Bo"})}, nil,
			[]string{`Arket Medarbejdere, celle B3 (Medarbejdernummer): "7" står også i række 2`}},
		{"a login twice", []map[string]any{anna(map[string]any{"Brugernavn": "annj"}), anna(map[string]any{"Medarbejdernummer": "8", "Brugernavn": "AnnJ"})}, nil,
			[]string{`Arket Medarbejdere, celle P3 (Brugernavn): "AnnJ" er også en anden persons (række 2)`}},
		{"nobody", []map[string]any{{"Enhed": "20"}}, nil, []string{"Arket Medarbejdere, celle E2 (Fornavn): navnet mangler",
			"Arket Medarbejdere, celle B2 (Medarbejdernummer): medarbejdernummer, personnøgle eller brugernavn mangler"}},
		{"a formula", []map[string]any{anna(map[string]any{"Titel": formula("1+1")})}, nil,
			[]string{"Arket Medarbejdere, celle J2 (Titel): er en formel; skriv værdien selv (kopiér, og indsæt værdier)"}},
		{"no CPR number", []map[string]any{anna(map[string]any{"CPR-nummer": cprtest.Invented(0)[:9]})}, nil,
			[]string{"Arket Medarbejdere, celle D2 (CPR-nummer): er ikke et CPR-nummer (ti cifre). Har regnearket taget nullet foran?"}},
		{"two CPR numbers", []map[string]any{anna(map[string]any{"Personnøgle": "a", "CPR-nummer": cprtest.Invented(0)}),
			anna(map[string]any{"Personnøgle": "a", "Medarbejdernummer": "8", "CPR-nummer": cprtest.Invented(1)})}, nil,
			[]string{"Arket Medarbejdere, celle D3 (CPR-nummer): er et andet end i personens anden række (række 2)"}},
		{"a CPR number out of place, and nothing else", []map[string]any{anna(map[string]any{"Titel": "Anna " + cprtest.Hyphened(0), "Enhed": "x"})}, nil,
			[]string{"Arket Medarbejdere, celle J2 (Titel): ligner et CPR-nummer. CPR-numre må kun stå i kolonnen CPR-nummer"}},
		{"units", []map[string]any{anna(nil)}, []map[string]any{{"Enhedskode": "20", "Enhedsnavn": "Korsbæk", "Overordnet enhed": "20", "P-nummer": "12", "Leder": "9"},
			{"Enhedskode": "20", "Enhedsnavn": "Vej"}, {"Enhedsnavn": "Park"}}, []string{
			"Arket Enheder, celle J2 (P-nummer): har ikke den rigtige form", `Arket Enheder, celle A3 (Enhedskode): "20" står også i række 2`,
			"Arket Enheder, celle A4 (Enhedskode): mangler", "Arket Enheder, celle C2 (Overordnet enhed): er enheden selv",
			`Arket Enheder, celle E2 (Leder): "9" er ikke en medarbejders nummer, personnøgle eller brugernavn`}},
	}
	for _, test := range tests {
		units := test.units
		if units == nil {
			units = town
		}
		x, err := table.Read("hr.xlsx", filled(t, nil, test.people, units), table.Options{Day: day})
		found, ok := errors.AsType[*table.FaultError](err)
		if !ok || x != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		var got []string
		for _, f := range found.Faults {
			got = append(got, f.String())
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.name, diff)
		}
		if strings.Contains(err.Error(), cprtest.Invented(0)) || strings.Contains(err.Error(), cprtest.Hyphened(0)) {
			t.Errorf("%s: a CPR number in %v", test.name, err)
		}
	}
}

// TestMapped: a .csv file of another system, with its own headings, and units that are known by name alone.
func TestMapped(t *testing.T) {
	text := "Lønnr.;Fornavn;Efternavn;Afdeling;Private ting;Chef\n7;Anna;Jensen;Vej og  Park;hemmeligt;8\n8;Bo;Bæk;Vej og Park;;9\n"
	x, err := table.Read("udtræk.csv", []byte(text), table.Options{Source: "vagtplan", Name: "Vagtplanen", Day: day,
		Columns: map[string]string{"number": "Lønnr.", "unit": "Afdeling", "manager": "Chef"}})
	if err != nil {
		t.Fatal(err)
	}
	if x.Source != "vagtplan" || x.Says.Tree || x.Says.CPR || len(x.Units) != 1 || x.Units[0].ID != "Vej og Park" || len(x.People) != 2 {
		t.Errorf("%+v", x)
	}
	if got := x.People[0].States[0].Manager; got != "8" {
		t.Errorf("manager %q", got)
	}
	var got []string
	for _, n := range x.Notes {
		got = append(got, n.Text)
	}
	want := []string{"Kolonnen Private ting kendes ikke og er ikke læst.", "Den nærmeste leder har ikke en række i arket."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestRefused: what is no such table, and settings that cannot be followed.
func TestRefused(t *testing.T) {
	tests := []struct {
		name, text string
		columns    map[string]string
		want       string
	}{
		{"other headings", "Navn;By\nAnna;Korsbæk\n", nil, `no sheet has the headings "Fornavn" and "Efternavn"`},
		{"headings alone", "Fornavn;Efternavn\n", nil, "no rows below the headings"},
		{"a heading twice", "Fornavn;fornavn\nAnna;B\n", nil, "stands twice"},
		{"an unknown column", "Fornavn\nAnna\n", map[string]string{"numer": "Nr."}, "did you mean number?"},
		{"one heading for two columns", "Fornavn\nAnna\n", map[string]string{"number": "fornavn"}, "have the same heading"},
	}
	for _, test := range tests {
		if _, err := table.Read("x.csv", []byte(test.text), table.Options{Day: day, Columns: test.columns}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// TestUnfilled: the template as it is has nobody in it, and that is said.
func TestUnfilled(t *testing.T) {
	if _, err := table.Read("hr.xlsx", filled(t, map[string]string{"number": "Lønnr."}, nil, nil), table.Options{Day: day, Columns: map[string]string{"number": "Lønnr."}}); err == nil ||
		!strings.Contains(err.Error(), "no rows below the headings") {
		t.Errorf("%v", err)
	}
}

// FuzzRead: any file is an extract that passes its check, or an error that shows no CPR number.
func FuzzRead(f *testing.F) {
	f.Add([]byte("Medarbejdernummer;Fornavn;Enhed;CPR-nummer;Fra dato;Til og med;Brugernavn;Nærmeste leder\n7;Anna;Vej;0101010000;1-1-2026;31/12/2026;a;8\n"))
	f.Add([]byte("Personnøgle,Fornavn,Efternavn,Medarbejdernummer,Institution,Beskæftigelsesgrad\na,A,B,0,x,80%\nA,A,,00,,\n"))
	f.Add([]byte("\xff\xfeF\x00o\x00r\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := table.Read("x.csv", data, table.Options{Day: day})
		if err != nil {
			return
		}
		if err := x.Check(); err != nil {
			t.Fatal(err)
		}
	})
}

package decisions_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"orgit.dk/orgit/internal/cpr/cprtest"
	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/agenda"
	"orgit.dk/orgit/org/compare/comparetest"
	"orgit.dk/orgit/org/compare/decisions"
	"orgit.dk/orgit/org/compare/view"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/synthetic"
)

// TestNothingLeaks: no output has a CPR number, also where a register has one in a text, and of people with a
// protected address there is name and unit alone.
func TestNothingLeaks(t *testing.T) {
	town := synthetic.Generate(synthetic.Options{People: 600, Units: 60, Seed: 11, Day: "2026-12-01"})
	p := comparetest.Plant(town, comparetest.Usual(), 11)
	shielded := 0
	for i := range p.Payroll.People {
		// Every fourth is shielded, and every seventh has a number in the title, as people do type.
		if one := &p.Payroll.People[i]; i%4 == 0 {
			one.States[0].Shielded = true
			shielded++
		} else if i%7 == 0 {
			one.Engagements[0].States[0].Title = "Vikar for " + cprtest.Hyphened(i)
		}
	}
	comparisons := compare.All(p.Payroll, p.Directory)
	for _, lang := range []string{"da", "en"} {
		for name, text := range outputs(t, agenda.New(comparisons, lang)) {
			if i := strings.Index(text, "XXXXXX-XXXX"); i < 0 {
				t.Errorf("%s, %s: the number in a title is not there as a mask, so the test sees nothing", name, lang)
			}
			for i := range town.People {
				digits := cprtest.Invented(i)
				if strings.Contains(text, digits) || strings.Contains(text, digits[:6]+"-"+digits[6:]) {
					t.Errorf("%s, %s: a CPR number is in it", name, lang)
				}
			}
			for _, secret := range secrets(p) {
				if strings.Contains(text, secret) {
					t.Errorf("%s, %s: %q of somebody with a protected address is in it", name, lang, secret)
				}
			}
		}
	}
	if shielded < 100 {
		t.Errorf("only %d are shielded", shielded)
	}
}

// secrets are what the two registers know of people who are shielded, and of nobody else: phones, logins, mail addresses.
func secrets(p *comparetest.Planted) []string {
	mine, others := map[string]bool{}, map[string]bool{}
	note := func(to map[string]bool, one source.Person) {
		for _, a := range one.States[0].Addresses {
			to[strings.TrimPrefix(a, "+45")] = true // the page writes a plus in another way
		}
		for _, a := range one.Accounts {
			to["konto "+a.Name+","], to["account "+a.Name+","] = true, true
		}
		for _, e := range one.Engagements {
			to["nr. "+e.Number], to["no. "+e.Number], to["employee "+e.Number+"\""] = true, true, true
		}
	}
	protected := map[string]bool{}
	for _, one := range p.Payroll.People {
		if one.States[0].Shielded {
			protected[p.Pairs[one.ID]] = true
			note(mine, one)
		} else {
			note(others, one)
		}
	}
	for _, one := range p.Directory.People {
		if protected[one.ID] {
			note(mine, one)
		} else {
			note(others, one)
		}
	}
	var list []string
	for text := range mine {
		if text != "" && !others[text] {
			list = append(list, text)
		}
	}
	slices.Sort(list)
	return list
}

// outputs are all that is written of an agenda, as text.
func outputs(t *testing.T, a *agenda.Agenda) map[string]string {
	t.Helper()
	var text, data, page, book bytes.Buffer
	for _, err := range []error{view.Text(&text, a, view.TextOptions{}), view.JSON(&data, a), view.HTML(&page, a), decisions.Write(&book, a, nil)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	f, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	var cells strings.Builder
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			fmt.Fprintln(&cells, strings.Join(row, ", "))
		}
	}
	return map[string]string{"text": text.String(), "JSON": data.String(), "page": page.String(), "spreadsheet": cells.String()}
}

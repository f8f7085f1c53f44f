package fkorg

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/soap/xmltree"
)

// kald counts the calls so far by operation.
func (m *maal) kald() map[string]int {
	out := map[string]int{}
	for _, operation := range []string{"importer", "ret", "passiver", "laes", "list", "soeg", "fremsoegobjekthierarki"} {
		if n := m.srv.Calls(fkorgtest.Call{Operation: operation}); n > 0 {
			out[operation] = n
		}
	}
	return out
}

// koster carries changes of a text's organisation out and compares the calls that apply makes for them with those that
// are wanted, and their number with OS2sync's.
func koster(t *testing.T, text string, changes []string, want map[string]int, os2sync int) {
	t.Helper()
	m := nytMaal(t, dagen)
	before := organisation(t, text)
	m.anvend(before, nil)
	after := organisation(t, med(t, text, changes...))
	p := m.plan(after, before)
	was := m.kald()
	if err := m.udfoer(context.Background(), after, p); err != nil {
		t.Fatal(err)
	}
	got, total := map[string]int{}, 0
	for operation, n := range m.kald() {
		if n -= was[operation]; n > 0 {
			got[operation], total = n, total+n
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls (-want +got)\n%s", diff)
	}
	if total > os2sync {
		t.Errorf("%d calls, OS2sync needs %d", total, os2sync)
	}
}

// TestCallsPerChange counts what apply calls for one change, beside OS2sync's number for the same change. That one is
// counted from the order of its calls as it is described: it reads an object before it writes it, its addresses one by
// one, and a user's positions by a search and a list. Where the description leaves a choice, the smaller number stands
// here. A change that costs more than it needs to is seen here first.
func TestCallsPerChange(t *testing.T) {
	const (
		job  = `"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01"}`
		left = `"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01", "to": "2026-11-22"}`
	)
	tests := []struct {
		name    string
		changes []string
		want    map[string]int
		os2sync int
	}{
		{"nothing", []string{`"given": "Bo"`, `"given": "Bo"`}, map[string]int{}, 0},
		{"a unit with two addresses is made", []string{`"skole2": {`, `"ny": {"uuid": "aaaaaaaa-0000-4000-8000-00000000000a", "name": "Ny", "parent": "rod", "type": "team", "from": "2020-01-01",
			"addresses": {"phone": "+4510000009", "email": "ny@korsbaek.example"}}, "skole2": {`}, map[string]int{"importer": 3}, 1 + 2 + 1},
		{"a unit with two addresses gets another name", []string{`"name": "Østre Skole"`, `"name": "Ny Skole"`}, map[string]int{"laes": 1, "list": 1, "ret": 1}, 1 + 2 + 1},
		{"a unit without addresses moves", []string{`"name": "Vestre Skole", "parent": "rod"`, `"name": "Vestre Skole", "parent": "skole"`}, map[string]int{"laes": 1, "ret": 1}, 1 + 1},
		{"a unit's phone changes", []string{`"phone": "+4510000001"`, `"phone": "+4510000002"`}, map[string]int{"laes": 1, "list": 1, "ret": 1}, 1 + 2 + 1},
		{"a unit gets a further address", []string{`"phone": "+4510000001"`, `"phone": "+4510000001", "email": "skole@korsbaek.example"`},
			map[string]int{"laes": 1, "list": 1, "importer": 1, "ret": 1}, 1 + 2 + 1 + 1},
		{"a person is hired", []string{`"bo": {`, `"ny": {"uuid": "bbbbbbbb-0000-4000-8000-00000000000a", "name": {"given": "Ny", "surname": "Nørby"}, "addresses": {"email": "ny@korsbaek.example"},
			"engagements": {"a": {"unit": "skole", "title": "laerer", "from": "2026-11-01"}},
			"accounts": {"ad": {"uuid": "cccccccc-0000-4000-8000-00000000000a", "system": "ad", "name": "ny", "kind": "personal", "fk": true}}}, "bo": {`},
			map[string]int{"importer": 4}, 1 + 1 + 1 + 1 + 1},
		{"a person marries", []string{`"surname": "Åkær"`, `"surname": "Holm"`}, map[string]int{"list": 1, "laes": 1, "ret": 1}, 1 + 2 + 2 + 1 + 1},
		{"a job ends later", []string{job, `"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01", "to": "2026-12-31"}`}, map[string]int{"laes": 1, "ret": 1}, 1 + 2 + 2 + 1},
		{"a job moves to another unit", []string{job, `"b": {"unit": "skole2", "title": "laerer", "from": "2024-08-01"}`}, map[string]int{"laes": 1, "ret": 1}, 1 + 2 + 2 + 1 + 1},
		{"a job has ended", []string{job, left}, map[string]int{"laes": 1, "ret": 1}, 1 + 2 + 2 + 1},
		{"a person with one job leaves", []string{`"a": {"unit": "skole", "title": "leder", "from": "2022-08-01"}`, `"a": {"unit": "skole", "title": "leder", "from": "2022-08-01", "to": "2026-11-22"}`,
			`{"a": {"person": "bo", "role": "leder", "from": "2022-08-01"}}`, `{"a": {"person": "bo", "role": "leder", "from": "2022-08-01", "to": "2026-11-22"}}`},
			map[string]int{"laes": 3, "ret": 3}, 2 + 2 + 1 + 1 + 1 + 1 + 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			koster(t, lille, tt.changes, tt.want, tt.os2sync)
		})
	}
}

// TestWholeHistory: where the settings say so, a change sends what has ended back too, so that nothing is left to what
// the service does with entries that a ret leaves out.
func TestWholeHistory(t *testing.T) {
	for _, tt := range []struct {
		historik Historik
		want     []string
	}{
		{HistorikGaeldende, []string{"Tredje Skole 2026-11-25"}},
		{HistorikHel, []string{"Østre Skole 2026-11-23", "Ny Skole 2026-11-24", "Tredje Skole 2026-11-25"}},
	} {
		t.Run(fmt.Sprint(tt.historik), func(t *testing.T) {
			m := nytMaal(t, dagen)
			m.omfang.Historik = tt.historik
			first := organisation(t, lille)
			m.anvend(first, nil)
			second := organisation(t, med(t, lille, `"name": "Østre Skole"`, `"name": "Ny Skole"`, `"visit": "Skolevej 1, 4298 Korsbæk"`, `"visit": null`))
			m.day = m.day.Add(1)
			m.anvend(second, first)
			m.day = m.day.Add(1)
			m.anvend(organisation(t, med(t, lille, `"name": "Østre Skole"`, `"name": "Tredje Skole"`, `"visit": "Skolevej 1, 4298 Korsbæk"`, `"visit": null`)), second)
			lists, _, _ := m.srv.Object("organisationenhed", skoleUUID)
			var names []string
			for _, e := range lists.Attributes.Elements() {
				names = append(names, e.Child(nsSagDok, "EnhedNavn").Content()+" "+fraDag(t, e))
			}
			if diff := cmp.Diff(tt.want, names); diff != "" {
				t.Errorf("names (-want +got)\n%s", diff)
			}
			// The address that was taken out stands there as long as history goes along.
			if n, want := len(lists.Relations.All(nsSagDok, "Adresser")), 1+int(tt.historik); n != want {
				t.Errorf("%d address relations, want %d", n, want)
			}
			p := m.plan(second, second)
			if len(p.Operations) != 0 || len(p.Drift) != 1 {
				t.Errorf("the plan sees something else:\n%s", opsText(p))
			}
		})
	}
}

func fraDag(t *testing.T, entry *xmltree.Node) string {
	t.Helper()
	v, err := laesVirkning(entry.Child(nsSagDok, "Virkning"))
	if err != nil {
		t.Fatal(err)
	}
	return string(v.Fra.Dag())
}

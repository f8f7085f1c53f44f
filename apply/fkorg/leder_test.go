package fkorg

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
)

const (
	skoleLeder = `"managers": {"a": {"person": "bo", "role": "leder", "from": "2022-08-01"}}`
	skoleLives = `"name": "Østre Skole", "parent": "rod", "type": "afdeling", "from": "2020-01-01"`
)

func lederUUID(unit org.UUID, key string) string {
	return string(org.DeriveUUID(unit, "managers", key))
}

// TestVacancy: while the post of leader is vacant there is no manager function, whether the vacancy is a statement of its
// own or the old one was changed into it. What others have tied to the function is still there when somebody leads again.
func TestVacancy(t *testing.T) {
	uuid := lederUUID(skoleUUID, "a")
	for _, tt := range []struct{ name, vacant string }{
		{"a vacancy after the leader", `"managers": {"a": {"person": "bo", "role": "leder", "from": "2022-08-01", "to": "2026-11-22"}, "b": {"vacant": true, "role": "leder", "from": "2026-11-23"}}`},
		{"the leadership was a vacancy", `"managers": {"a": {"vacant": true, "role": "leder", "from": "2022-08-01"}}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := nytMaal(t, dagen)
			led := organisation(t, lille)
			m.anvend(led, nil)
			m.fremmed(Funktion, uuid, Relation{Navn: "TilknyttedeOpgaver", Ref: Til(fremmedUUID)})
			vacant := organisation(t, med(t, lille, skoleLeder, tt.vacant))
			p := m.anvend(vacant, led)
			if diff := cmp.Diff("retire leder Bo Bæk, Leder, Østre Skole | gyldighed: Aktiv > Inaktiv\n", strings.Replace(opsText(p), "leder Leder,", "leder Bo Bæk, Leder,", 1)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			m.day = m.day.Add(1)
			if p := m.anvend(led, vacant); len(p.Operations) != 1 {
				t.Errorf("led again:\n%s", opsText(p))
			}
			got := m.relationer("organisationfunktion", uuid, "TilknyttedeOpgaver")
			if !slices.Equal(got, []string{fremmedUUID + " 2024-01-01T00:00:00+01:00–…"}) {
				t.Errorf("the task is %q", got)
			}
		})
	}
}

// TestResponsibilitiesAreNotWritten: FK Organisation has no place for a leader's responsibilities. That they change is no
// change there, and no reason to touch what others have put in their place.
func TestResponsibilitiesAreNotWritten(t *testing.T) {
	m := nytMaal(t, dagen)
	before := organisation(t, lille)
	m.anvend(before, nil)
	after := organisation(t, med(t, lille, skoleLeder, `"managers": {"a": {"person": "bo", "role": "leder", "responsibilities": ["økonomi"], "from": "2022-08-01"}}`))
	if p := m.anvend(after, before); len(p.Operations) > 0 {
		t.Errorf("the plan:\n%s", opsText(p))
	}
}

// TestLeaderChangesOnADate: the new leader of a statement of their own is written in advance with the dates of both; one
// that an amendment names takes over on the day, on the same function.
func TestLeaderChangesOnADate(t *testing.T) {
	m := nytMaal(t, dagen)
	before := organisation(t, lille)
	m.anvend(before, nil)
	after := organisation(t, med(t, lille, skoleLeder, `"managers": {"a": {"person": "bo", "role": "leder", "from": "2022-08-01", "on": {"2026-11-24": {"person": "anna"}}}}`))
	if p := m.anvend(after, before); len(p.Operations) > 0 {
		t.Errorf("today:\n%s", opsText(p))
	}
	if got := m.kommer(after); got != "update leder "+lederUUID(skoleUUID, "a")+" | bruger > "+annaKonto+" | fra > 2026-11-24" {
		t.Errorf("the forecast: %s", got)
	}
	m.day = "2026-11-24"
	want := "update leder Anna Åkær, Leder, Østre Skole | bruger: " + boKonto + " > " + annaKonto + " | fra: 2022-08-01 > 2026-11-24\n"
	if diff := cmp.Diff(want, opsText(m.anvend(after, after))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	want = boKonto + " 2022-08-01T00:00:00+02:00–2026-11-24T00:00:00+01:00\n" + annaKonto + " 2026-11-24T00:00:00+01:00–…"
	if diff := cmp.Diff(want, strings.Join(m.relationer("organisationfunktion", lederUUID(skoleUUID, "a"), "TilknyttedeBrugere"), "\n")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestUnitCloses: with the unit go its manager function and, where nobody takes over, the positions in it. OS2sync leaves
// them active and pointing to a unit that is not. The leader's last day is told in advance.
func TestUnitCloses(t *testing.T) {
	m := nytMaal(t, dagen)
	text := med(t, moenstre, `"a": {"unit": "skole", "title": "laerer"`, `"a": {"unit": "rod", "title": "laerer"`)
	before := organisation(t, text)
	m.anvend(before, nil)
	closes := organisation(t, med(t, text, skoleLives, skoleLives+`, "to": "2026-11-24"`))
	want := "update leder Bo Bæk, Leder, Østre Skole | til: uendelig > 2026-11-24\n"
	if diff := cmp.Diff(want, opsText(m.anvend(closes, before))); diff != "" {
		t.Errorf("in advance (-want +got)\n%s", diff)
	}
	m.day = "2026-11-26" // a night was missed
	p := m.anvend(closes, closes)
	want = `retire leder Bo Bæk, Leder, Østre Skole | gyldighed: Aktiv > Inaktiv
retire position Anna Åkær, Lærer | gyldighed: Aktiv > Inaktiv
retire position Bo Bæk, Skoleleder | gyldighed: Aktiv > Inaktiv
retire position Carl Dam, Konsulent | gyldighed: Aktiv > Inaktiv
retire henvendelse Henvendelsessted, Vestre Skole | gyldighed: Aktiv > Inaktiv
retire udbetaling Udbetalingsenhed, Korsbæk Kommune | gyldighed: Aktiv > Inaktiv
retire enhed Østre Skole | gyldighed: Aktiv > Inaktiv
`
	if diff := cmp.Diff(want, opsText(p)); diff != "" {
		t.Errorf("on the day (-want +got)\n%s", diff)
	}
	for _, op := range p.Operations {
		if op.Effect != "2026-11-25" {
			t.Errorf("%s takes effect on %s", op.Name, op.Effect)
		}
	}
	ends := map[string]string{ // the positions end with the unit, on the day itself
		positionUUID(annaUUID, "b"): "TilknyttedeEnheder", positionUUID(boUUID, "a"): "TilknyttedeBrugere", lederUUID(skoleUUID, "a"): "TilknyttedeEnheder"}
	for uuid, relation := range ends {
		for _, line := range m.relationer("organisationfunktion", uuid, relation) {
			if !strings.HasSuffix(line, "–2026-11-25T00:00:00+01:00") {
				t.Errorf("%s of %s: %s", relation, uuid, line)
			}
		}
	}
	for _, relation := range []string{"Overordnet", "Tilhoerer", "Opgaver", "TilknyttedeFunktioner", "TilknyttedeItSystemer"} {
		lines := m.relationer("organisationenhed", skoleUUID, relation)
		for _, line := range lines {
			if strings.HasSuffix(line, "–…") {
				t.Errorf("the closed unit's %s goes on: %s", relation, line)
			}
		}
		if len(lines) == 0 {
			t.Errorf("the closed unit's %s is gone without trace", relation)
		}
	}
	opened := m.anvend(before, closes)
	if got := opsText(opened); !strings.Contains(got, "itsystemer:  > "+esdhUUID+","+omsorgUUID) || !strings.Contains(got, "udbetalingsenhed:  > "+rodFunktion(KindUdbetaling)) {
		t.Errorf("opened again:\n%s", got)
	}
}

package fkorg

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// kommer is what the next day brings by the forecast, in the words of opsText without the old values.
func (m *maal) kommer(o *org.Organisation) string {
	m.t.Helper()
	today, err := Desired(o, m.day)
	if err != nil {
		m.t.Fatal(err)
	}
	coming, err := plan.Forecast(today, nil, func(yield func(plan.Later, error) bool) {
		s, err := Desired(o, m.day.Add(1))
		yield(plan.Later{Day: m.day.Add(1), Desired: s}, err)
	})
	if err != nil {
		m.t.Fatal(err)
	}
	var lines []string
	for _, c := range coming {
		line := fmt.Sprintf("%s %s %s", c.Action, c.Object.Kind, c.Object.UUID)
		for _, a := range c.Attrs {
			line += " | " + a.Name + " > " + strings.Join(a.New, ",")
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// TestDatedPatterns: what has a date in the future is no change today, stands in the forecast, and is written by the run
// of the day. Entries that it replaces are ended on that day, and stay.
func TestDatedPatterns(t *testing.T) {
	const skole = `"parent": "rod", "type": "afdeling", "from": "2020-01-01",`
	on := func(amendment string) []string {
		return []string{skole, skole + ` "on": {"2026-11-24": {` + amendment + `}},`}
	}
	ended := "2026-11-24T00:00:00+01:00"
	tests := []struct {
		name              string
		changes           []string
		coming            string
		want              string
		service, uuid     string // where an entry is ended
		relation, endedAt string
	}{
		{"payout unit", on(`"payoutUnit": null`),
			"retire udbetaling " + rodFunktion(KindUdbetaling) + "\nupdate enhed " + skoleUUID + " | udbetalingsenhed > ",
			"update enhed Østre Skole | udbetalingsenhed: " + rodFunktion(KindUdbetaling) + " > \nretire udbetaling Udbetalingsenhed, Korsbæk Kommune | gyldighed: Aktiv > Inaktiv\n",
			"organisationenhed", skoleUUID, "TilknyttedeFunktioner", rodFunktion(KindUdbetaling)},
		{"contact places", on(`"contactUnits": ["rod"]`),
			"retire henvendelse " + skole2Funktion(KindHenvendelse) + "\nupdate enhed " + skoleUUID + " | henvendelsessteder > " + rodFunktion(KindHenvendelse),
			"update enhed Østre Skole | henvendelsessteder: " + sorteret(rodFunktion(KindHenvendelse), skole2Funktion(KindHenvendelse)) + " > " + rodFunktion(KindHenvendelse) +
				"\nretire henvendelse Henvendelsessted, Vestre Skole | gyldighed: Aktiv > Inaktiv\n",
			"organisationenhed", skoleUUID, "TilknyttedeFunktioner", skole2Funktion(KindHenvendelse)},
		{"a new contact place", on(`"contactUnits": ["rod", "skole2", "skole"]`),
			"create henvendelse " + string(funktionUUID(skoleUUID, KindHenvendelse)) + "\nupdate enhed " + skoleUUID + " | henvendelsessteder > " +
				sorteret(rodFunktion(KindHenvendelse), skole2Funktion(KindHenvendelse), string(funktionUUID(skoleUUID, KindHenvendelse))),
			"update enhed Østre Skole | henvendelsessteder: " + sorteret(rodFunktion(KindHenvendelse), skole2Funktion(KindHenvendelse)) + " > " +
				sorteret(rodFunktion(KindHenvendelse), skole2Funktion(KindHenvendelse), string(funktionUUID(skoleUUID, KindHenvendelse))) +
				"\ncreate henvendelse Henvendelsessted, Østre Skole\n", "", "", "", ""},
		{"contact tasks", []string{`"contactTasks": ["17.02"],`, `"contactTasks": ["17.02"], "on": {"2026-11-24": {"contactTasks": ["17"]}},`},
			"update henvendelse " + rodFunktion(KindHenvendelse) + " | opgaver > " + kle17,
			"update henvendelse Henvendelsessted, Korsbæk Kommune | opgaver: " + kle1702 + " > " + kle17 + "\n",
			"organisationfunktion", rodFunktion(KindHenvendelse), "TilknyttedeOpgaver", kle1702},
		{"tasks", on(`"kle": {"responsible": ["17"]}`),
			"update enhed " + skoleUUID + " | opgaver.responsible > " + kle17,
			"update enhed Østre Skole | opgaver.responsible: " + kle17 + "," + kle1701 + " > " + kle17 + "\n",
			"organisationenhed", skoleUUID, "Opgaver", kle1701},
		{"no tasks", on(`"kle": null`),
			"update enhed " + skoleUUID + " | opgaver.responsible > ",
			"update enhed Østre Skole | opgaver.responsible: " + kle17 + "," + kle1701 + " > \n",
			"organisationenhed", skoleUUID, "Opgaver", kle17},
		{"systems", on(`"systems": ["omsorg"]`),
			"update enhed " + skoleUUID + " | itsystemer > " + omsorgUUID,
			"update enhed Østre Skole | itsystemer: " + esdhUUID + "," + omsorgUUID + " > " + omsorgUUID + "\n",
			"organisationenhed", skoleUUID, "TilknyttedeItSystemer", esdhUUID},
		{"numbers and addresses", on(`"numbers": {"losID": "5"}, "addresses": {"postSecondary": null}`),
			"update enhed " + skoleUUID + " | adresse.losID > 5 | adresse.postSecondary > ",
			"update enhed Østre Skole | adresse.losID:  > 5 | adresse.postSecondary: Boks 7 > \n",
			"organisationenhed", skoleUUID, "Adresser", adresseUUID(skoleUUID, "postSecondary")},
		{"the root", []string{`"name": "Korsbæk Kommune", "type"`, `"name": "Korsbæk Kommune", "on": {"2026-11-24": {"parent": "ny"}}, "type"`,
			`"units": {`, `"units": {"ny": {"uuid": "aaaaaaaa-0000-4000-8000-000000000009", "name": "Storkommunen", "type": "afdeling", "from": "2026-11-24"},`},
			"create enhed aaaaaaaa-0000-4000-8000-000000000009\nupdate enhed " + rodUUID + " | overordnet > aaaaaaaa-0000-4000-8000-000000000009\nupdate organisation " + testOrg + " | rod > aaaaaaaa-0000-4000-8000-000000000009",
			"create enhed Storkommunen\nupdate enhed Korsbæk Kommune | overordnet:  > aaaaaaaa-0000-4000-8000-000000000009\nupdate organisation Korsbæk Kommune | rod: " + rodUUID + " > aaaaaaaa-0000-4000-8000-000000000009\n",
			"", "", "", ""},
		{"external user", []string{`{"a": {"unit": "skole", "type": "konsulent", "from": "2026-01-01"}}`, `{"a": {"unit": "skole", "type": "konsulent", "from": "2026-01-01", "on": {"2026-11-24": {"type": "frivillig"}}}}`},
			"update bruger " + carlKonto + " | brugertype > \nupdate position " + string(org.DeriveUUID("bbbbbbbb-0000-4000-8000-000000000003", "associations", "a")) + " | navn > Frivillig",
			"update bruger Carl Dam (carl) | brugertype: " + brugertypeEkstern + " > \nupdate position Carl Dam, Frivillig | navn: Konsulent > Frivillig\n",
			"bruger", carlKonto, "BrugerTyper", brugertypeEkstern},
		{"ids of a user", []string{`"ids": {"racf": "X1", "fmk": "F1"}`, `"ids": {"racf": "X1", "fmk": "F1"}, "on": {"2026-11-24": {"ids": {"racf": null}}}`},
			"update bruger " + carlKonto + " | adresse.racf > ", "update bruger Carl Dam (carl) | adresse.racf: X1 > \n",
			"bruger", carlKonto, "Adresser", adresseUUID(carlKonto, "racf")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, historik := range []Historik{HistorikGaeldende, HistorikHel} {
				m := nytMaal(t, dagen)
				m.omfang.Historik = historik
				before := organisation(t, moenstre)
				m.anvend(before, nil)
				after := organisation(t, med(t, moenstre, tt.changes...))
				if p := m.anvend(after, before); len(p.Operations)+len(p.Drift) > 0 {
					t.Errorf("today:\n%s", opsText(p))
				}
				if diff := cmp.Diff(tt.coming, m.kommer(after)); diff != "" {
					t.Errorf("the forecast (-want +got)\n%s", diff)
				}
				m.day = "2026-11-24"
				if diff := cmp.Diff(tt.want, opsText(m.anvend(after, after))); diff != "" {
					t.Errorf("on the day (-want +got)\n%s", diff)
				}
				if tt.service == "" {
					continue
				}
				m.slutter(tt.service, tt.uuid, tt.relation, tt.endedAt, ended)
				m.day = "2026-11-25" // a change of something else keeps what has ended, where it was read
				m.anvend(organisation(t, med(t, moenstre, append(tt.changes, `"visit": "Skolevej 1, 4298 Korsbæk"`, `"visit": "Skolevej 2"`, `"name": "carl"`, `"name": "carld"`)...)), after)
				if historik == HistorikHel {
					m.slutter(tt.service, tt.uuid, tt.relation, tt.endedAt, ended)
				}
			}
		})
	}
}

// slutter checks that an entry is there, ended at an instant.
func (m *maal) slutter(service, uuid, relation, ref, ended string) {
	m.t.Helper()
	if got := m.relationer(service, uuid, relation); !slices.ContainsFunc(got, func(line string) bool {
		return strings.HasPrefix(line, ref) && strings.HasSuffix(line, "–"+ended)
	}) {
		m.t.Errorf("%s: %s is not there, ended at %s: %q", relation, ref, ended, got)
	}
}

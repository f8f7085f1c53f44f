package fkorg

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

func desired(t *testing.T, text string, day org.Day) plan.State {
	t.Helper()
	s, err := Desired(organisation(t, text), day)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// shown is an object's attributes, in order.
func shown(o *plan.Object) []string {
	var out []string
	if o == nil {
		return []string{"not asked for"}
	}
	if o.Gone != nil {
		out = append(out, "gone since "+string(o.Gone.Since))
	}
	for _, a := range o.Attrs {
		out = append(out, a.Name+"="+strings.Join(a.Value, ","))
	}
	return out
}

func TestDesiredObjects(t *testing.T) {
	tests := []struct {
		name    string
		changes []string
		kind    plan.Kind
		uuid    org.UUID
		want    []string
	}{
		{"unit", nil, KindEnhed, skoleUUID, []string{"adresse.phone=+4510000001", "adresse.visit=Skolevej 1, 4298 Korsbæk", "brugervendtnoegle=skole",
			"enhedstype=" + enhedstypeAfdeling, "gyldighed=Aktiv", "navn=Østre Skole", "overordnet=" + rodUUID}},
		{"root", nil, KindEnhed, rodUUID, []string{"adresse.ean=5798001234561", "adresse.email=post@korsbaek.example", "adresse.phone=+4510000000",
			"brugervendtnoegle=rod", "enhedstype=" + enhedstypeAfdeling, "gyldighed=Aktiv", "navn=Korsbæk Kommune", "overordnet="}},
		{"team", nil, KindEnhed, skole2UUID, []string{"brugervendtnoegle=skole2", "enhedstype=" + enhedstypeTeam, "gyldighed=Aktiv", "navn=Vestre Skole", "overordnet=" + rodUUID}},
		{"unit that has closed", []string{`"name": "Vestre Skole",`, `"name": "Vestre Skole", "to": "2026-10-31",`}, KindEnhed, skole2UUID, []string{"gone since 2026-11-01", "gyldighed=Inaktiv"}},
		{"unit that will open", []string{`"type": "team", "from": "2020-01-01"`, `"type": "team", "from": "2027-01-01"`}, KindEnhed, skole2UUID, []string{"not asked for"}},
		{"unit below one that has closed", []string{`"name": "Vestre Skole", "parent": "rod"`, `"name": "Vestre Skole", "parent": "skole"`,
			`"parent": "rod", "type": "afdeling", "from": "2020-01-01",`, `"parent": "rod", "type": "afdeling", "from": "2020-01-01", "to": "2026-10-31", "successor": "rod",`},
			KindEnhed, skole2UUID, []string{"brugervendtnoegle=skole2", "enhedstype=" + enhedstypeTeam, "gyldighed=Aktiv", "navn=Vestre Skole", "overordnet=" + rodUUID}},
		{"person", nil, KindPerson, annaUUID, []string{"brugervendtnoegle=anna", "navn=Anna Åkær"}},
		{"person without user", []string{`"personal", "fk": true}}},`, `"personal", "fk": false}}},`}, KindPerson, annaUUID, []string{"not asked for"}},
		{"person who has left", []string{`"engagements": {"a": {"unit": "skole", "title": "leder", "from": "2022-08-01"}}`, `"engagements": {"a": {"unit": "skole", "title": "leder", "from": "2022-08-01", "to": "2026-10-31"}}`},
			KindPerson, boUUID, []string{"gone since 2026-11-01"}},
		{"user", nil, KindBruger, annaKonto, []string{"adresse.email=anna@korsbaek.example", "adresse.phone=+4510000011", "brugernavn=anna", "brugervendtnoegle=anna", "gyldighed=Aktiv", "person=" + annaUUID}},
		{"user with a mobile only", []string{`"phone": "+4510000011"`, `"mobile": "+4510000012", "room": "2.14"`}, KindBruger, annaKonto,
			[]string{"adresse.email=anna@korsbaek.example", "adresse.location=2.14", "adresse.phone=+4510000012", "brugernavn=anna", "brugervendtnoegle=anna", "gyldighed=Aktiv", "person=" + annaUUID}},
		{"user who is shielded", []string{`"surname": "Åkær"}`, `"surname": "Åkær"}, "shielded": true`}, KindBruger, annaKonto,
			[]string{"adresse.email=", "adresse.landline=", "adresse.location=", "adresse.phone=", "brugernavn=anna", "brugervendtnoegle=anna", "gyldighed=Aktiv", "person=" + annaUUID}},
		{"user of a robot", nil, KindBruger, robotKonto, []string{"brugernavn=rpa", "brugertype=" + brugertypeRobot, "brugervendtnoegle=rpa", "gyldighed=Aktiv"}},
		{"user who was never one", []string{`"personal", "fk": true}}},`, `"personal", "fk": false}}},`}, KindBruger, annaKonto, []string{"not asked for"}},
		{"user who will begin", []string{`"engagements": {"a": {"unit": "skole", "title": "leder", "from": "2022-08-01"}}`, `"engagements": {"a": {"unit": "skole", "title": "leder", "from": "2026-12-01"}}`},
			KindBruger, boKonto, []string{"not asked for"}},
		{"position of somebody who will begin", []string{`"engagements": {"a": {"unit": "skole", "title": "leder", "from": "2022-08-01"}}`, `"engagements": {"a": {"unit": "skole", "title": "leder", "from": "2026-12-01"}}`},
			KindPosition, org.DeriveUUID(boUUID, "engagements", "a"), []string{"not asked for"}},
		{"leader who will begin", []string{`"engagements": {"a": {"unit": "skole", "title": "leder", "from": "2022-08-01"}}`, `"engagements": {"a": {"unit": "skole", "title": "leder", "from": "2026-12-01"}}`},
			KindLeder, org.DeriveUUID(skoleUUID, "managers", "a"), []string{"gone since 2026-11-23", "gyldighed=Inaktiv"}},
		{"vacancy", []string{`"a": {"person": "bo", "role": "leder",`, `"a": {"vacant": true, "role": "leder",`}, KindLeder, org.DeriveUUID(skoleUUID, "managers", "a"), []string{"gone since 2022-08-01", "gyldighed=Inaktiv"}},
		{"association", []string{`"engagements": {"a": {"unit": "skole", "title": "leder", "from": "2022-08-01"}}`, `"associations": {"f": {"unit": "skole", "type": "frivillig", "from": "2025-01-01"}}`},
			KindPosition, org.DeriveUUID(boUUID, "associations", "f"), []string{"bruger=" + boKonto, "brugervendtnoegle=" + string(org.DeriveUUID(boUUID, "associations", "f")),
				"enhed=" + skoleUUID, "fra=2025-01-01", "gyldighed=Aktiv", "navn=Frivillig", "til=uendelig"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := desired(t, med(t, lille, tt.changes...), dagen)
			if diff := cmp.Diff(tt.want, shown(s.Object(plan.ID{Kind: tt.kind, UUID: tt.uuid}))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestEveryAttributeHasAReason: the plan shows where each value comes from.
func TestEveryAttributeHasAReason(t *testing.T) {
	s := desired(t, med(t, lille, `"name": "Østre Skole",`, `"name": "Østre Skole", "on": {"2026-06-01": {"name": "Nyskolen"}, "2027-01-01": {"name": "Senere"}},`), dagen)
	for _, o := range s.Objects {
		for _, a := range o.Attrs {
			if len(a.Why) == 0 || a.Why[0].Path == "" {
				t.Errorf("%s %s has no reason", o.ID, a.Name)
			}
		}
	}
	name := s.Object(plan.ID{Kind: KindEnhed, UUID: skoleUUID}).Attr(attrNavn)
	want := []org.Fact{{Path: `units."skole".on."2026-06-01".name`, Value: "Nyskolen", Day: "2026-06-01"}}
	if diff := cmp.Diff(want, name.Why); diff != "" {
		t.Error(diff)
	}
}

func TestTextsThatDoNotFit(t *testing.T) {
	long := strings.Repeat("ø", 120)
	s := desired(t, med(t, lille, `"surname": "Åkær"`, `"surname": "`+long+`"`, "Skolevej 1, 4298 Korsbæk", strings.Repeat(long, 2)), dagen)
	var got []string
	for _, p := range s.Problems {
		got = append(got, string(p.Path)+": "+p.Message)
	}
	want := []string{
		`people."anna".name: the text is 25 characters too long for FK Organisation, which has room for 100`,
		`units."skole".addresses.visit: the text is 40 characters too long for FK Organisation, which has room for 200`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestWaitsForObjectGUID: the user's UUID is the one that the municipality's login sends. Where AD gives it, users wait.
func TestWaitsForObjectGUID(t *testing.T) {
	text := med(t, lille, `"accounts": {"ad": {"uuid": "`+annaKonto+`", "system"`, `"accounts": {"ad": {"system"`)
	text = `{"settings": {"targets": {"ad": {"accountUUID": "objectGUID"}}},` + strings.TrimPrefix(text, "{")
	s := desired(t, text, dagen)
	if len(s.Waiting) != 1 || s.Waiting[0].Reason != "UUID gives af AD" || s.Waiting[0].Path != `people."anna".accounts."ad"` {
		t.Errorf("waiting: %+v", s.Waiting)
	}
	for _, o := range s.Objects {
		if o.Gone == nil && strings.Contains(o.Name, "Åkær") {
			t.Errorf("%s %s is asked for", o.ID, o.Name)
		}
	}
}

// TestMainAccountKeepsThePosition: which account's position has the engagement's own identity does not depend on which
// accounts are open.
func TestMainAccountKeepsThePosition(t *testing.T) {
	two := med(t, lille, `"kind": "personal", "fk": true}}},`, `"kind": "personal", "fk": true}, "a-adm": {"uuid": "cccccccc-0000-4000-8000-000000000003", "name": "adm", "kind": "admin", "system": "ad", "fk": true}}},`)
	closed := med(t, two, `"name": "anna", "kind": "personal", "fk": true`, `"name": "anna", "kind": "personal", "fk": true, "to": "2026-10-31"`)
	main := plan.ID{Kind: KindPosition, UUID: org.DeriveUUID(annaUUID, "engagements", "a")}
	second := plan.ID{Kind: KindPosition, UUID: org.DeriveUUID(main.UUID, "accounts", "a-adm")}
	for text, wantGone := range map[string]bool{two: false, closed: true} {
		s := desired(t, text, dagen)
		if o := s.Object(main); o == nil || (o.Gone != nil) != wantGone {
			t.Errorf("main: %v", shown(o))
		}
		if o := s.Object(second); o == nil || o.Gone != nil || o.Attr(attrBruger).Value[0] != "cccccccc-0000-4000-8000-000000000003" {
			t.Errorf("second: %v", shown(o))
		}
	}
}

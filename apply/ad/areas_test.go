package ad_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// deepTown has a tree of four levels with a person in each unit of the schools.
const deepTown = `{
	"units": {
		"by": {"uuid": "00000000-0000-4000-8000-000000000001", "name": "Byen", "type": "x", "from": "2010-01-01"},
		"skoler": {"uuid": "00000000-0000-4000-8000-000000000002", "name": "Skoler", "parent": "by", "type": "x", "from": "2010-01-01"},
		"skole": {"uuid": "00000000-0000-4000-8000-000000000003", "name": "Østre Skole", "parent": "skoler", "type": "x", "from": "2010-01-01"},
		"sfo": {"uuid": "00000000-0000-4000-8000-000000000004", "name": "SFO", "parent": "skole", "type": "x", "from": "2010-01-01"},
		"klub": {"uuid": "00000000-0000-4000-8000-000000000005", "name": "Klub", "parent": "sfo", "type": "x", "from": "2010-01-01"},
		"vej": {"uuid": "00000000-0000-4000-8000-000000000006", "name": "Vej", "parent": "by", "type": "x", "from": "2010-01-01"}
	},
	"people": {PEOPLE}
}`

func deepOrganisation(t *testing.T, login func(string) string, set func(*org.ADSettings)) *org.Organisation {
	t.Helper()
	var people []string
	for i, unit := range []string{"by", "skoler", "skole", "sfo", "klub", "vej"} {
		people = append(people, fmt.Sprintf(`"p-%s": {"uuid": "00000000-0000-4000-8000-00000000001%d", "name": {"given": "P", "surname": %q},
			"engagements": {"a": {"unit": %q, "title": "laerer", "type": "m", "from": "2021-01-01"}},
			"accounts": {"ad": {"system": "ad", "name": %q, "kind": "personal"}}}`, unit, i, unit, unit, login(unit)))
	}
	return organisation(t, strings.ReplaceAll(deepTown, "PEOPLE", strings.Join(people, ",")), set)
}

// layouts are settings and where each account then stands, from the base DN down.
var layouts = []struct {
	name string
	set  func(*org.ADSettings)
	want map[string]string
}{
	{"mirror", func(*org.ADSettings) {}, map[string]string{
		"by": "Byen", "skoler": "Byen/Skoler", "skole": "Byen/Skoler/Østre Skole", "sfo": "Byen/Skoler/Østre Skole/SFO",
		"klub": "Byen/Skoler/Østre Skole/SFO/Klub", "vej": "Byen/Vej"}},
	{"a flat area", func(s *org.ADSettings) {
		s.Areas = map[string]org.ADArea{"skoler": {Layout: "flat", OU: "Alle skoler"}}
	}, map[string]string{
		"by": "Byen", "skoler": "Byen/Alle skoler", "skole": "Byen/Alle skoler", "sfo": "Byen/Alle skoler", "klub": "Byen/Alle skoler", "vej": "Byen/Vej"}},
	{"a mirrored area in a flat one", func(s *org.ADSettings) {
		s.Areas = map[string]org.ADArea{"skoler": {Layout: "flat"}, "sfo": {Layout: "mirror"}}
	}, map[string]string{
		"by": "Byen", "skoler": "Byen/Skoler", "skole": "Byen/Skoler", "sfo": "Byen/Skoler/SFO", "klub": "Byen/Skoler/SFO/Klub", "vej": "Byen/Vej"}},
	{"flat with a mirrored area", func(s *org.ADSettings) {
		s.Layout, s.Areas = "flat", map[string]org.ADArea{"skole": {Layout: "mirror"}}
	}, map[string]string{
		"by": "Brugere", "skoler": "Brugere", "skole": "Østre Skole", "sfo": "Østre Skole/SFO", "klub": "Østre Skole/SFO/Klub", "vej": "Brugere"}},
	{"flat", func(s *org.ADSettings) { s.Layout = "flat" }, map[string]string{
		"by": "Brugere", "skoler": "Brugere", "skole": "Brugere", "sfo": "Brugere", "klub": "Brugere", "vej": "Brugere"}},
}

// TestLayouts goes through the layouts one after the other in one directory: each change
// moves the accounts, loses none of them, and takes only empty OUs of orgit's away. What
// somebody put into one of them by hand keeps that one.
func TestLayouts(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		guids := map[string]string{}
		for i, layout := range append(layouts, layouts[0], layouts[4]) {
			o := deepOrganisation(t, s.login, layout.set)
			l.apply(o)
			got := map[string]string{}
			for unit := range layout.want {
				e := s.byLogin(unit, "objectGUID", "distinguishedName")
				if guid := string(e.GetRawAttributeValue("objectGUID")); i == 0 {
					guids[unit] = guid
				} else if guids[unit] != guid {
					t.Errorf("%s: the account of %s is another one", layout.name, unit)
				}
				got[unit] = s.below(t, e.DN)
			}
			if diff := cmp.Diff(layout.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", layout.name, diff)
			}
			ous := s.names(ldap.ScopeWholeSubtree, "(objectClass=organizationalUnit)")
			if i == 5 { // mirrored again: somebody puts a group into the club's OU
				s.must(s.addUser("CN=Printer,"+dnOf(t, s.byLogin("klub").DN), "sAMAccountName", s.id+"pr"))
			}
			if i == 6 && len(ous) != 1+2+5 { // base, Karantæne, Brugere, and Klub with those above it
				t.Errorf("%s: the OU with a foreign object is gone, or one without is there: %v", layout.name, ous)
			}
			if i == 4 && len(ous) != 1+2+1 { // the root's stays
				t.Errorf("%s: %v", layout.name, ous)
			}
		}
	})
}

// below is the place of an object as the names of its OUs from the base DN down.
func (s *sandbox) below(t *testing.T, dn string) string {
	t.Helper()
	var names []string
	rdns := mustDN(t, dn).RDNs
	for _, rdn := range rdns[1 : len(rdns)-len(mustDN(t, s.ou).RDNs)] {
		names = append([]string{rdn.Attributes[0].Value}, names...)
	}
	return strings.Join(names, "/")
}

// dnOf is the DN of the OU that an object stands in.
func dnOf(t *testing.T, dn string) string {
	t.Helper()
	_, parent, ok := strings.Cut(dn, ",")
	if !ok {
		t.Fatalf("%s stands in nothing", dn)
	}
	return parent
}

// TestGroupPolicies: an OU with group policies is not deleted with them.
func TestGroupPolicies(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		l.apply(deepOrganisation(t, s.login, func(*org.ADSettings) {}))
		s.must(s.modify(dnOf(t, s.byLogin("klub").DN), "replace", "gPLink", "[LDAP://cn={1},cn=policies,cn=system,DC=x;0]"))
		o := deepOrganisation(t, s.login, layouts[4].set)
		p := l.apply(o)
		if len(p.Attention) != 4 || p.Attention[0].Code != plan.AttentionPinned || !strings.Contains(fmt.Sprint(p.Attention), "gPLink") {
			t.Errorf("attention %+v", p.Attention)
		}
	})
}

// TestMoveOfManySaysItsCost: an OU with many accounts below it moves in one request, and
// the plan says what that takes.
func TestMoveOfManySaysItsCost(t *testing.T) {
	var people []string
	for i := range 60 {
		people = append(people, fmt.Sprintf(`"q%d": {"uuid": "00000000-0000-4000-8000-0000000002%02d", "name": {"given": "Q", "surname": "%d"},
			"engagements": {"a": {"unit": "klub", "title": "laerer", "type": "m", "from": "2021-01-01"}},
			"accounts": {"ad": {"system": "ad", "name": "q%d", "kind": "personal"}}}`, i, i, i, i))
	}
	text := strings.ReplaceAll(deepTown, "PEOPLE", strings.Join(people, ","))
	before := desired(t, organisation(t, text), "2026-11-23")
	notes := map[string]string{}
	for _, o := range before.Objects {
		if n := o.Notes[plan.ActionUpdate]; n != "" {
			notes[o.Name] = n
		}
	}
	want := map[string]string{
		"Byen":   "med 60 konti og 5 underliggende OU'er (ét kald, omkring 1 s)",
		"Skoler": "med 60 konti og 3 underliggende OU'er (ét kald, omkring 1 s)",
		"SFO":    "med 60 konti og 1 underliggende OU'er (ét kald, omkring 1 s)", "Klub": "med 60 konti og 0 underliggende OU'er (ét kald, omkring 1 s)",
		"Østre Skole": "med 60 konti og 2 underliggende OU'er (ét kald, omkring 1 s)",
	}
	if diff := cmp.Diff(want, notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
	after := desired(t, organisation(t, edited(t, text, `"name": "SFO", "parent": "skole"`, `"name": "SFO", "parent": "vej"`)), "2026-11-23")
	var moved []string
	for i := range after.Objects {
		o, was := &after.Objects[i], before.Object(after.Objects[i].ID)
		for _, a := range o.Attrs {
			if a.Name == "container" && a.Value[0] != was.Attr("container").Value[0] {
				moved = append(moved, o.Name)
			}
		}
	}
	if diff := cmp.Diff([]string{"SFO"}, moved); diff != "" {
		t.Errorf("moved (-want +got):\n%s", diff)
	}
}

func TestAreaOfNoUnit(t *testing.T) {
	o := deepOrganisation(t, strings.Clone, func(s *org.ADSettings) {
		s.Areas = map[string]org.ADArea{"skolr": {Layout: "flat"}}
	})
	found := ad.CheckSettings(o)
	if len(found) != 1 || found[0].Path != "targets.ad.areas.skolr" || !strings.Contains(found[0].Hint, "skole") {
		t.Errorf("%+v", found)
	}
}

package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/cpr/cprtest"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/sealed"
	"orgit.dk/orgit/internal/soap/xmltree"
	"orgit.dk/orgit/org/korsbaek"
	"orgit.dk/orgit/plan"
)

// The units and the system of the sample that the test is about.
const (
	library       = "d08d389a-bea6-4fc0-bb0f-a9ac56d6e314"
	libraryEntry  = "units/biblioteket.cue"
	sigrid        = "people/pk/pk2d7vz.cue"
	sigridPerson  = "6b6d8a4b-36ac-47fa-9a1e-ceb9edee514a"
	homeCareEntry = "units/hjemmesygeplejen.cue"
)

// TestPlanFromSnapshotIsTheSame: the sample municipality after its first load, with what
// people and other systems have done by hand, and proposals of every kind. The plan from a
// snapshot is the one from the systems but for what it says it was made of. No CPR number
// that stands in the systems is in the snapshot.
func TestPlanFromSnapshotIsTheSame(t *testing.T) {
	r := newCPRRun(t)
	d := &demo{env: r.env, work: filepath.Join(r.dir, "tmp"), dir: r.repo, keep: true}
	if err := d.startStandIns(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	keyFile, snapshot := filepath.Join(r.safe, "snapshot.key"), filepath.Join(r.dir, "s.age")
	if err := os.WriteFile(keyFile, []byte(key.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	outer := d.env.getenv
	d.env.getenv = func(name string) string {
		if name == snapshotRecipients {
			return key.Recipient().String()
		}
		return outer(name)
	}
	r.env = d.env
	r.orgit(exitDone, "init", r.repo, "--sample")
	const organisation = `"b4f2d843-ad1b-481d-9da6-f5f19baf37fe"`
	r.edit("organisation.cue", organisation, organisation+`, cpr: "join"`)
	r.commit()
	r.orgit(exitDone, "cpr", "init")
	r.orgit(exitDone, "cpr", "import", r.csv("pk2d7vz;"+cprtest.Hyphened(1)+"\n"), "-C", r.repo)
	r.orgit(exitDone, "apply", "-C", r.repo, "--yes")
	if r.registered(d.fk)[sigridPerson] == "" {
		t.Fatal("FK Organisation holds no CPR number: the test shows nothing")
	}
	search := newNumberSearch()
	for i := range 4 {
		search.add(cprtest.Invented(i))
	}
	byHand(t, d)
	r.orgit(exitDone, "snapshot", "-C", r.repo, "--out", snapshot)

	// Where a plan is made from it there is nothing but the key.
	offline := r.env
	offline.getenv = func(name string) string {
		if name == snapshotIdentityFile {
			return keyFile
		}
		return ""
	}
	if s := opened(t, key, snapshot); search.in(s) || !strings.Contains(s, "Højgaard") || !strings.Contains(s, "XXXXXX-XXXX") {
		t.Error("the snapshot holds a CPR number, or nothing")
	}
	const hired = "\n}, \"px%d\": {uuid: \"6b6d8a4b-36ac-47fa-9a1e-ceb9edee519%d\", name: {given: \"%s\", surname: \"%s\"}, " +
		"engagements: \"a\": {unit: \"direktionen\", title: \"laerer\", type: \"maanedsloen\", from: \"2026-12-01\"}, accounts: \"ad\": name: \"%s\"}}\n"
	for name, propose := range map[string]func(){
		"a day's work": func() {
			check(t, korsbaek.DemoChange(r.repo))
			r.edit(libraryEntry, `type:   "institution"`, "type:   \"institution\"\n\tsystems: [\"omsorg\"]") // which it has already
			r.edit(homeCareEntry, `systems: ["omsorg"]`, "systems: null")
			r.edit(sigrid, "+4510552644", "+4510552699")
			r.edit(libraryEntry, `visit:      "Torvegade 6`, `visit:      "Torvegade 8`)
			// One is recognised, and of one somebody has to decide.
			r.edit(sigrid, "\n}}\n", fmt.Sprintf(hired, 1, 1, "Bo", "Håndlavet", "bohand"))
			r.edit("people/pt/pt6w2ne.cue", "\n}}\n", fmt.Sprintf(hired, 2, 2, "Ida", "Ny", "idahand"))
		},
		"other settings": func() {
			r.edit("organisation.cue", `upnSuffix: `, "attributes: {title: rule: \"ignore\", mail: rule: \"ignore\"}\n\t\tprotected: [\"sigho\", \"bohand\"]\n\t\trepair: [\"mobile\"]\n\t\tupnSuffix: ")
		},
	} {
		repo, err := git.Open(r.repo)
		check(t, err)
		branch := strings.ReplaceAll(strings.ReplaceAll(name, " ", "-"), "'", "")
		check(t, repo.Checkout("main"))
		check(t, repo.CreateBranch(branch, "main"))
		check(t, repo.Checkout(branch))
		propose()
		r.commit()
		live, err := preparePlanning(r.env, r.repo)
		check(t, err)
		asleep, err := preparePlanningFrom(offline, r.repo, snapshot)
		check(t, err)
		want, got := computed(t, live), computed(t, asleep)
		if name == "a day's work" && (!strings.Contains(want, `"action": "adopt"`) || !strings.Contains(want, `"code": "match"`)) {
			t.Errorf("%s: nothing is recognised: the test shows nothing", name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: the plan from the snapshot is another one (-systems +snapshot):\n%s", name, diff)
		}
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// computed is a plan without what it was made of.
func computed(t *testing.T, p *planning) string {
	t.Helper()
	made, err := p.compute(t.Context())
	check(t, err)
	if made.Provenance.Snapshot == nil == (p.snapshot != nil) {
		t.Error("the plan does not say what it was made of")
	}
	made.Provenance, made.Digest = plan.Provenance{}, ""
	var text strings.Builder
	check(t, plan.WriteFile(&text, made))
	return text.String()
}

// opened is the very text of a snapshot, as whoever has the key sees it.
func opened(t *testing.T, key age.Identity, file string) string {
	t.Helper()
	f, err := os.Open(file)
	check(t, err)
	defer f.Close()
	r, err := sealed.NewReader(f, []age.Identity{key})
	check(t, err)
	text, err := io.ReadAll(r)
	check(t, err)
	return string(text)
}

// byHand is what others have done to the systems: drift, accounts and OUs of their own,
// CPR numbers in every place where people write them.
func byHand(t *testing.T, d *demo) {
	t.Helper()
	base := "OU=Organisation," + d.ad.BaseDN()
	account := func(dn, login string, more map[string][]string) {
		attributes := map[string][]string{
			"objectClass": {"top", "person", "organizationalPerson", "user"}, "sAMAccountName": {login}, "userAccountControl": {"512"},
		}
		for name, values := range more {
			attributes[name] = values
		}
		check(t, d.ad.Put(dn, attributes))
	}
	ou := "OU=Arkiv " + cprtest.Hyphened(0) + "," + base
	check(t, d.ad.Put(ou, map[string][]string{"objectClass": {"top", "organizationalUnit"}, "ou": {"Arkiv " + cprtest.Hyphened(0)}}))
	account("CN=Kurt Hansen,"+ou, "idahand", map[string][]string{"displayName": {"Kurt Hansen"}})
	account("CN=Bo Håndlavet,"+ou, "bohand", map[string][]string{"displayName": {"Bo Håndlavet"}, "mail": {"bohand@korsbaek.example"}})
	account("CN="+cprtest.Invented(2)+","+base, cprtest.Invented(2), map[string][]string{
		"displayName": {"Test " + cprtest.Hyphened(2)}, "employeeNumber": {cprtest.Invented(2)}, "mail": {cprtest.Invented(2) + "@korsbaek.example"},
		"givenName": {"Test"}, "sn": {cprtest.Hyphened(2)}, "adminDescription": {"cpr " + cprtest.Hyphened(3)},
	})
	for _, e := range d.ad.Entries() {
		if strings.Contains(e.DN, "Sigrid Højgaard") {
			check(t, d.ad.Set(e.DN, "mobile", "+4519999999"))
			check(t, d.ad.Set(e.DN, "title", "Direktør "+cprtest.Hyphened(3)))
		}
	}
	// Another system uses the library's users too, as it uses those of the nurses.
	var system *xmltree.Node
	for _, uuid := range d.fk.UUIDs("organisationenhed") {
		lists, _, _ := d.fk.Object("organisationenhed", uuid)
		for _, e := range lists.Relations.Elements() {
			if e.Name.Local == "TilknyttedeItSystemer" {
				system = e
			}
		}
	}
	if system == nil {
		t.Fatal("no unit has an IT system: the test shows nothing")
	}
	check(t, d.fk.Edit("organisationenhed", library, func(l *fkorgtest.Lists) {
		l.Relations.Children = append(l.Relations.Children, system)
		for _, e := range l.Attributes.Elements() {
			for _, c := range e.Elements() {
				if c.Name == (xml.Name{Space: c.Name.Space, Local: "EnhedNavn"}) {
					c.Children = xmltree.Leaf(c.Name.Space, c.Name.Local, "Bibliotek "+cprtest.Hyphened(3)).Children
				}
			}
		}
	}))
}

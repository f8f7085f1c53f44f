package fkorg

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/soap/xmltree"
	"orgit.dk/orgit/internal/testshared"
	"orgit.dk/orgit/org"
)

const (
	testOrg   = "11111111-2222-4333-8444-555555555555"
	testUUID  = "0c7a4f52-9f5d-4f0b-9a3e-2d7c51b8e6a1"
	otherUUID = "c4d8f1a7-5e22-4d39-a6b0-1f3e9d8c7b55"
)

func fra(t *testing.T, day string) Virkning {
	t.Helper()
	m, err := Midnat(org.Day(day))
	if err != nil {
		t.Fatal(err)
	}
	return Virkning{Fra: m, Aktoer: Til(testOrg), AktoerType: "Organisation"}
}

// fuldt is an object with everything that orgit writes on its type.
func fuldt(t *testing.T, s *Slags) *Objekt {
	t.Helper()
	v := fra(t, "2025-03-03")
	o := &Objekt{Slags: s, UUID: testUUID, Egenskaber: []Egenskab{{Virkning: v, BrugervendtNoegle: "æøå", Navn: "Børn & <Unge>"}}}
	if s == Adresse || s == Person {
		return o
	}
	o.Tilstande = []Gyldighed{{Virkning: v, Status: Aktiv}}
	for _, navn := range s.relationer {
		r := Relation{Navn: navn, Virkning: v, Ref: Til(otherUUID)}
		if dynamisk(navn) {
			r.Rolle, r.Type, r.Indeks = Til(otherUUID), Reference{Vaerdi: testUUID, URN: true, Label: "En type"}, "1"
		}
		o.Relationer = append([]Relation{r}, o.Relationer...) // the writer puts them in the schema's order
	}
	return o
}

func TestEveryMessageValidates(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, s := range []*Slags{Enhed, Bruger, Funktion, Adresse, Person, Organisation} {
		t.Run(s.String(), func(t *testing.T) {
			o := fuldt(t, s)
			messages := []*xmltree.Node{
				importInput(o, testOrg, now), retInput(o),
				uuidInput(s, "PassiverInput", testUUID), uuidInput(s, "SletInput", testUUID),
				laesInput(s, "LaesInput", []string{testUUID}, nil),
				laesInput(s, "ListInput", []string{testUUID, otherUUID}, FraNu(now)),
				soegInput(s, Soegning{}, Side{0, 500}),
				soegInput(s, Soegning{Status: statusUnless(s, Aktiv), Navn: "A*", Relationer: o.Relationer}, Side{500, 500}),
			}
			var written [][]byte
			for _, m := range messages {
				written = append(written, xmltree.Write(m, s.praefikser()))
			}
			validate(t, s.tjeneste, written...)
		})
	}
	t.Run("hierarchy", func(t *testing.T) {
		validate(t, hierarkiTjeneste, xmltree.Write(hierarkiInput(Side{0, 500}), hierarkiPraefikser()))
	})
}

// statusUnless leaves the condition out where the type has no states.
func statusUnless(s *Slags, status string) string {
	if s == Adresse || s == Person {
		return ""
	}
	return status
}

// normal is a message as canonical XML, so that prefixes, comments and indentation do not matter.
func normal(t *testing.T, data []byte) string {
	t.Helper()
	n, err := xmltree.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(xmltree.Write(n, nil)), "><", ">\n<")
}

// TestSamplesSurviveReading reads the objects of the sample messages as Go values and writes them again: nothing may be
// lost, since this is what happens to what others have written when orgit changes an object.
func TestSamplesSurviveReading(t *testing.T) {
	dir := filepath.Join(testshared.Dir(t), "samples", "fk-organisation")
	tests := []struct {
		file    string
		slags   *Slags
		element string // the element that holds the lists
	}{
		{"01-adresse-importer-input.xml", Adresse, "Registrering"},
		{"02-organisationenhed-importer-input.xml", Enhed, "Registrering"},
		{"04-organisationenhed-ret-input.xml", Enhed, ""},
		{"11-organisationenhed-list-output.xml", Enhed, "Registrering"},
		{"12-person-importer-input.xml", Person, "Registrering"},
		{"13-bruger-importer-input.xml", Bruger, "Registrering"},
		{"14-organisationfunktion-position-importer-input.xml", Funktion, "Registrering"},
		{"15-organisationfunktion-manager-importer-input.xml", Funktion, "Registrering"},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(dir, tt.file))
			if err != nil {
				t.Fatal(err)
			}
			root, err := xmltree.Parse(data)
			if err != nil {
				t.Fatal(err)
			}
			holders := find(root, tt.slags.Namespace(), tt.element)
			if len(holders) == 0 {
				t.Fatal("the sample holds no registration")
			}
			for _, h := range holders {
				checkSurvives(t, tt.slags, h)
			}
		})
	}
}

func checkSurvives(t *testing.T, s *Slags, h *xmltree.Node) {
	t.Helper()
	o := &Objekt{Slags: s, UUID: testUUID}
	if err := o.laesRegistrering(h); err != nil {
		t.Fatal(err)
	}
	want := xmltree.Element("", "lists").Add(h.Child(s.Namespace(), "AttributListe"), h.Child(s.Namespace(), "TilstandListe"), h.Child(s.Namespace(), "RelationListe"))
	got := xmltree.Element("", "lists", o.lister()...)
	if diff := cmp.Diff(normal(t, xmltree.Write(want, nil)), normal(t, xmltree.Write(got, nil))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// find gives every element with the name; with no name the root itself.
func find(n *xmltree.Node, space, local string) []*xmltree.Node {
	if local == "" || n.Is(space, local) {
		return []*xmltree.Node{n}
	}
	var out []*xmltree.Node
	for _, c := range n.Elements() {
		out = append(out, find(c, space, local)...)
	}
	return out
}

// TestImporterEqualsSample writes what sample 02 says and compares the whole message.
func TestImporterEqualsSample(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(testshared.Dir(t), "samples", "fk-organisation", "02-organisationenhed-importer-input.xml"))
	if err != nil {
		t.Fatal(err)
	}
	v := fra(t, "2025-03-03")
	o := &Objekt{
		Slags: Enhed, UUID: testUUID,
		Egenskaber: []Egenskab{{Virkning: v, BrugervendtNoegle: "borgerservice", Navn: "Borgerservice"}},
		Tilstande:  []Gyldighed{{Virkning: v, Status: Aktiv}},
		Relationer: []Relation{
			{Navn: "Tilhoerer", Virkning: v, Ref: Til(testOrg)},
			{Navn: "Overordnet", Virkning: v, Ref: Til("7f1e0b36-3c0d-4b7e-8f55-9e0a4f1d2c33")},
			{Navn: "Enhedstype", Virkning: v, Ref: Til(enhedstypeAfdeling)},
			{Navn: "Adresser", Virkning: v, Ref: Til("5b6c1d5e-0a55-4c0e-8a0c-6f2b1c7d9e01"), Rolle: Til("8dcfa714-5ed3-4000-b551-2ba520e7d8ad"),
				Type: Til(typeEnhedsadresse), Indeks: "3f9d2c71-8b0e-4a6d-9c15-e07a4d62b8f3"},
		},
	}
	at := time.Date(2025, 3, 3, 8, 55, 0, 0, time.UTC)
	got := xmltree.Write(importInput(o, testOrg, at), Enhed.praefikser())
	if diff := cmp.Diff(normal(t, data), normal(t, got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestUnknownContentSurvives(t *testing.T) {
	const in = `<o:Registrering xmlns:o="http://stoettesystemerne.dk/organisation/organisationenhed/6/" xmlns:sd="urn:oio:sagdok:3.0.0" xmlns:x="urn:x">` +
		`<o:AttributListe><sd:LokalUdvidelse><x:a b="c">d</x:a></sd:LokalUdvidelse></o:AttributListe>` +
		`<o:TilstandListe><sd:LokalUdvidelse><x:t/></sd:LokalUdvidelse></o:TilstandListe>` +
		`<o:RelationListe><sd:Overordnet/><sd:NyRelation><x:e/></sd:NyRelation><sd:LokalUdvidelse><x:r> mellem <x:s/></x:r></sd:LokalUdvidelse></o:RelationListe>` +
		`</o:Registrering>`
	n, err := xmltree.Parse([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	checkSurvives(t, Enhed, n)
}

// TestCPRGoesBackUnread: changing a person's name keeps the number that is there.
func TestCPRGoesBackUnread(t *testing.T) {
	const in = `<p:Registrering xmlns:p="http://stoettesystemerne.dk/organisation/person/6/" xmlns:sd="urn:oio:sagdok:3.0.0" xmlns:sts="urn:oio:sts:6"><p:AttributListe>` +
		`<p:Egenskab><sd:BrugervendtNoegleTekst>k</sd:BrugervendtNoegleTekst><sts:CPR-NummerTekst>0101010000</sts:CPR-NummerTekst><p:NavnTekst>A</p:NavnTekst></p:Egenskab>` +
		`</p:AttributListe><p:TilstandListe/><p:RelationListe/></p:Registrering>`
	n, err := xmltree.Parse([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	o := &Objekt{Slags: Person, UUID: testUUID}
	if err := o.laesRegistrering(n); err != nil {
		t.Fatal(err)
	}
	o.Egenskaber[0].Navn = "B"
	got := string(xmltree.Write(retInput(o), Person.praefikser()))
	if !strings.Contains(got, "<sts:CPR-NummerTekst xmlns:sts=\"urn:oio:sts:6\">0101010000</sts:CPR-NummerTekst><o:NavnTekst>B</o:NavnTekst>") {
		t.Errorf("got %s", got)
	}
}

func TestNewestRegistrationCounts(t *testing.T) {
	const in = `<o:FiltreretOejebliksbillede xmlns:o="http://stoettesystemerne.dk/organisation/adresse/6/" xmlns:sd="urn:oio:sagdok:3.0.0">` +
		`<o:ObjektType><sd:UUIDIdentifikator>0C7A4F52-9F5D-4F0B-9A3E-2D7C51B8E6A1</sd:UUIDIdentifikator></o:ObjektType>` +
		`<o:Registrering><sd:Tidspunkt>2026-03-03T10:00:00.5Z</sd:Tidspunkt><sd:LivscyklusKode>Slettet</sd:LivscyklusKode></o:Registrering>` +
		`<o:Registrering><sd:Tidspunkt>2026-03-03T10:00:00+01:00</sd:Tidspunkt><sd:LivscyklusKode>Importeret</sd:LivscyklusKode></o:Registrering>` +
		`</o:FiltreretOejebliksbillede>`
	n, err := xmltree.Parse([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	o, err := laesOejebliksbillede(Adresse, n)
	if err != nil {
		t.Fatal(err)
	}
	if o.UUID != testUUID || o.Livscyklus != Slettet || o.Levende() {
		t.Errorf("got %s %s", o.UUID, o.Livscyklus)
	}
}

// FuzzLaesSvar: no answer may bring the reader down, and what it accepts it can send back unchanged.
func FuzzLaesSvar(f *testing.F) {
	f.Add([]byte(`<o:ListOutput xmlns:o="http://stoettesystemerne.dk/organisation/organisationenhed/6/" xmlns:sd="urn:oio:sagdok:3.0.0"><sd:StandardRetur><sd:StatusKode>20</sd:StatusKode></sd:StandardRetur>` +
		`<o:FiltreretOejebliksbillede><o:ObjektType><sd:UUIDIdentifikator>` + testUUID + `</sd:UUIDIdentifikator></o:ObjektType><o:Registrering><sd:Tidspunkt>2025-06-16T09:30:11.482+02:00</sd:Tidspunkt>` +
		`<o:AttributListe><o:Egenskab><sd:Virkning><sd:FraTidspunkt><sd:TidsstempelDatoTid>2025-06-16T00:00:00</sd:TidsstempelDatoTid></sd:FraTidspunkt><sd:TilTidspunkt><sd:GraenseIndikator>true</sd:GraenseIndikator></sd:TilTidspunkt></sd:Virkning>` +
		`<sd:EnhedNavn>Æ</sd:EnhedNavn></o:Egenskab></o:AttributListe><o:RelationListe><sd:Adresser><sd:ReferenceID><sd:URNIdentifikator>x</sd:URNIdentifikator></sd:ReferenceID><sd:Indeks>1</sd:Indeks></sd:Adresser></o:RelationListe>` +
		`</o:Registrering></o:FiltreretOejebliksbillede></o:ListOutput>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		body, err := xmltree.Parse(data)
		if err != nil {
			return
		}
		s, err := laesSvar(body, Enhed.Namespace(), "ListOutput")
		if err != nil {
			return
		}
		objekter, err := oejebliksbilleder(Enhed, Enhed.Namespace(), s.body)
		if err != nil {
			return
		}
		for _, o := range objekter {
			once := xmltree.Write(retInput(o), Enhed.praefikser())
			n, err := xmltree.Parse(once)
			if err != nil {
				t.Skip() // names with colons, which encoding/xml reads and does not read back
			}
			again := &Objekt{Slags: Enhed, UUID: o.UUID}
			if err := again.laesLister(n); err != nil {
				t.Fatalf("what was accepted is refused when it is sent back: %v", err)
			}
			if twice := xmltree.Write(retInput(again), Enhed.praefikser()); !bytes.Equal(once, twice) {
				t.Errorf("changed on the way:\n%s\n%s", once, twice)
			}
		}
	})
}

package fkorg

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/korsbaek"
)

// TestKorsbaek loads the sample municipality, all of it, and makes the demonstration's change: a unit moves, a leader
// leaves and is replaced, two are hired, one leaves.
func TestKorsbaek(t *testing.T) {
	dir := t.TempDir()
	if err := korsbaek.Write(dir); err != nil {
		t.Fatal(err)
	}
	before := indlaes(t, dir)
	m := nytMaal(t, korsbaek.Today)
	m.srv.Seed(fkorgtest.Owned{Name: "Korsbæk Kommune", CVR: korsbaek.CVR, Organisation: korsbaek.FKOrganisation})
	first := m.anvend(before, nil)
	if n := len(first.Operations); n != len(m.srv.UUIDs("organisationenhed"))+len(m.srv.UUIDs("person"))+len(m.srv.UUIDs("bruger"))+len(m.srv.UUIDs("organisationfunktion"))+1 {
		t.Errorf("%d operations made another number of objects, with the pointer to the root", n)
	}
	if err := korsbaek.DemoChange(dir); err != nil {
		t.Fatal(err)
	}
	p := m.anvend(indlaes(t, dir), before)
	want := `update enhed Korsbæk Ungdomsskole | overordnet: 5297e2b5-761c-4921-a772-5b70a965eb5b > f0875ab8-f980-4b77-ace0-ffb991a1b9cf
create person Signe Østergaard Lund
create person Özlem Kjærgaard
create bruger Signe Østergaard Lund (siglu)
create bruger Özlem Kjærgaard (ozlkj)
update position Esben Nørgaard, Biblioteksleder | navn: Bibliotekar > Biblioteksleder
create position Signe Østergaard Lund, Lærer
create position Özlem Kjærgaard, Sygeplejerske
create leder Esben Nørgaard, Leder, Korsbæk Bibliotek
retire leder Jytte Overgaard, Leder, Korsbæk Bibliotek | gyldighed: Aktiv > Inaktiv
retire position Jytte Overgaard, Biblioteksleder | gyldighed: Aktiv > Inaktiv
retire position Winnie Holm-Petersen, Sagsbehandler | gyldighed: Aktiv > Inaktiv
retire bruger Jytte Overgaard (jytov) | gyldighed: Aktiv > Inaktiv
retire bruger Winnie Holm-Petersen (winpe) | gyldighed: Aktiv > Inaktiv
`
	if diff := cmp.Diff(want, opsText(p)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func indlaes(t *testing.T, dir string) *org.Organisation {
	t.Helper()
	o, findings, err := org.Load(os.DirFS(dir))
	if err != nil || len(findings) > 0 {
		t.Fatalf("%v: %v", err, findings)
	}
	return o
}

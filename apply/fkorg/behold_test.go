package fkorg

import (
	"reflect"
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// texts finds where the bytes of every text below a value are.
func texts(v reflect.Value, found map[*byte]string) {
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); s != "" {
			found[unsafe.StringData(s)] = s
		}
	case reflect.Pointer:
		switch v.Type() {
		case reflect.TypeFor[*Slags](), reflect.TypeFor[*time.Location]():
		default:
			if !v.IsNil() {
				texts(v.Elem(), found)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			texts(v.Index(i), found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			texts(v.Field(i), found)
		}
	}
}

// TestObjectsFreedFromAnswer: an object that was read keeps nothing of the answer in memory, and all of it in meaning.
func TestObjectsFreedFromAnswer(t *testing.T) {
	virkning := `<sd:Virkning><sd:FraTidspunkt><sd:TidsstempelDatoTid>2026-01-01T00:00:00+01:00</sd:TidsstempelDatoTid></sd:FraTidspunkt>` +
		`<sd:TilTidspunkt><sd:TidsstempelDatoTid>2027-01-01T00:00:00+01:00</sd:TidsstempelDatoTid></sd:TilTidspunkt>` +
		`<sd:AktoerRef><sd:UUIDIdentifikator>aktoer</sd:UUIDIdentifikator></sd:AktoerRef><sd:AktoerTypeKode>Bruger</sd:AktoerTypeKode><sd:NoteTekst>note</sd:NoteTekst></sd:Virkning>`
	foreign := `<sd:LokalUdvidelse><x:y xmlns:x="urn:x" z="1">fremmed</x:y></sd:LokalUdvidelse>`
	ns := Enhed.Namespace()
	root, err := xmltree.Parse([]byte(`<e:LaesOutput xmlns:e="` + ns + `" xmlns:sd="` + nsSagDok + `" xmlns:org="` + nsFaelles + `"><e:FiltreretOejebliksbillede>` +
		`<e:ObjektType><sd:UUIDIdentifikator>00000000-0000-4000-8000-000000000001</sd:UUIDIdentifikator></e:ObjektType><e:Registrering>` +
		`<sd:Tidspunkt>2026-01-01T00:00:00Z</sd:Tidspunkt><sd:LivscyklusKode>Importeret</sd:LivscyklusKode>` +
		`<e:AttributListe><e:Egenskab>` + virkning + `<sd:BrugervendtNoegleTekst>k</sd:BrugervendtNoegleTekst><sd:EnhedNavn>Enhed</sd:EnhedNavn>` + foreign + `</e:Egenskab>` + foreign + `</e:AttributListe>` +
		`<e:TilstandListe><org:Gyldighed>` + virkning + `<org:GyldighedStatusKode>Aktiv</org:GyldighedStatusKode></org:Gyldighed>` + foreign + `</e:TilstandListe>` +
		`<e:RelationListe><sd:Adresser>` + virkning + `<sd:ReferenceID><sd:UUIDIdentifikator>a</sd:UUIDIdentifikator></sd:ReferenceID>` +
		`<sd:Rolle><sd:UUIDIdentifikator>r</sd:UUIDIdentifikator><sd:Label>Rolle</sd:Label></sd:Rolle><sd:Type><sd:UUIDIdentifikator>t</sd:UUIDIdentifikator></sd:Type><sd:Indeks>1</sd:Indeks></sd:Adresser>` +
		foreign + `</e:RelationListe></e:Registrering></e:FiltreretOejebliksbillede></e:LaesOutput>`))
	if err != nil {
		t.Fatal(err)
	}
	want, err := laesOejebliksbillede(Enhed, root.Elements()[0])
	if err != nil {
		t.Fatal(err)
	}
	got, err := oejebliksbilleder(Enhed, ns, root)
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	if diff := cmp.Diff(want, got[0], cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
		t.Errorf("(-in the answer +freed)\n%s", diff)
	}
	answer, kept := map[*byte]string{}, map[*byte]string{}
	texts(reflect.ValueOf(root), answer)
	texts(reflect.ValueOf(got[0]), kept)
	if len(kept) < 20 {
		t.Errorf("only %d texts were found in the object", len(kept))
	}
	for at, text := range kept {
		if _, shared := answer[at]; shared {
			t.Errorf("%q is a piece of the answer", text)
		}
	}
}

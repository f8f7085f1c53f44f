package fkorg

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/xmltree"
)

// registreringsforskydning is how long ago a registration says that it was made: clocks differ, and one that is ahead
// of the server's is refused (45).
const registreringsforskydning = 5 * time.Minute

// Omfang is how much goes into one call, and how many calls go at a time. The service's own limits are not published, so
// these are settings; the defaults are what clients in production get answers to.
type Omfang struct {
	Samtidige int      // calls at a time, reads and writes together
	Side      int      // hits in a page of a search
	Liste     int      // objects in one list
	Historik  Historik // what a change reads and sends back
}

// Historik is which entries a change reads and sends back. What the service does with ended entries that ret leaves out
// is not documented; in practice clients leave them out and older registrations keep them.
type Historik int

const (
	HistorikGaeldende Historik = iota // what is valid now and later
	HistorikHel                       // what has ended too
)

// sigende fills in what is not stated.
func (o Omfang) sigende() Omfang {
	o.Samtidige, o.Side, o.Liste = cmp.Or(o.Samtidige, 4), cmp.Or(o.Side, 500), cmp.Or(o.Liste, 50)
	return o
}

// Klient calls FK Organisation's services. It is safe for concurrent use.
type Klient struct {
	soap         *soap.Client
	base         string
	organisation string
	nu           func() time.Time
	omfang       Omfang
	vent         func(context.Context, time.Duration) error
}

// NyKlient makes a client of the services below base, such as https://organisation.stoettesystemerne.dk/organisation/.
// organisation is the UUID of the municipality's Organisation object, in whose name everything is written.
func NyKlient(transport *soap.Client, base, organisation string, nu func() time.Time, omfang Omfang) *Klient {
	omfang = omfang.sigende()
	sender := *transport
	sender.Slots, sender.Rooms = make(chan struct{}, omfang.Samtidige), make(chan struct{}, 3*omfang.Samtidige)
	return &Klient{
		soap: &sender, base: strings.TrimSuffix(base, "/"), organisation: Til(organisation).UUID(), nu: nu,
		omfang: omfang, vent: vent,
	}
}

// igang is how many objects may be worked on at a time: some more than calls may be under way, because messages are
// signed before a call and proven after it.
func (o Omfang) igang() int { return o.Samtidige + (o.Samtidige+1)/2 }

// vindue is what a change must see of an object: everything that is sent back must have been read.
func (k *Klient) vindue(nu time.Time) *Afgraensning {
	if k.omfang.Historik == HistorikHel {
		return &Afgraensning{Fra: Ubegraenset(), Til: Ubegraenset()}
	}
	return FraNu(nu)
}

// Importer brings an object in: it must not be there, or be passive or deleted.
func (k *Klient) Importer(ctx context.Context, o *Objekt) error {
	return k.importer(ctx, o, 0)
}

// importer brings an object in with a registration that says that it was made some time ago: at least as long as clocks
// may differ.
func (k *Klient) importer(ctx context.Context, o *Objekt, siden time.Duration) error {
	at := k.nu().Add(-max(siden, registreringsforskydning))
	return k.skriv(ctx, o.Slags, "importer", o.UUID, "Import", importInput(o, k.organisation, at))
}

// Ret replaces the object's three lists. o must be a changed copy of what was just read.
func (k *Klient) Ret(ctx context.Context, o *Objekt) error {
	return k.skriv(ctx, o.Slags, "ret", o.UUID, "Ret", retInput(o))
}

// Passiver takes the object out of the register: only Importer brings it back.
func (k *Klient) Passiver(ctx context.Context, s *Slags, uuid string) error {
	return k.skriv(ctx, s, "passiver", uuid, "Passiver", uuidInput(s, "PassiverInput", uuid))
}

// Slet deletes the object.
func (k *Klient) Slet(ctx context.Context, s *Slags, uuid string) error {
	return k.skriv(ctx, s, "slet", uuid, "Slet", uuidInput(s, "SletInput", uuid))
}

// Laes reads one object; nil when there is none. A passive or deleted one is there: ask Levende.
func (k *Klient) Laes(ctx context.Context, s *Slags, uuid string, a *Afgraensning) (*Objekt, error) {
	out, err := k.spoerg(ctx, s, "laes", uuid, "Laes", laesInput(s, "LaesInput", []string{uuid}, a))
	if harStatus(err, statusFindesIkke) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	fundet, err := oejebliksbilleder(s, s.Namespace(), out)
	if err != nil || len(fundet) == 0 {
		return nil, err
	}
	if len(fundet) > 1 || fundet[0].UUID != Til(uuid).UUID() {
		return nil, fmt.Errorf("laes %s %s: the answer is about another object", s, uuid)
	}
	return fundet[0], nil
}

// List reads several objects in one call. Those that do not exist are missing from the answer, whose order is the
// service's own.
func (k *Klient) List(ctx context.Context, s *Slags, uuids []string, a *Afgraensning) ([]*Objekt, error) {
	out, err := k.spoerg(ctx, s, "list", "", "List", laesInput(s, "ListInput", uuids, a))
	if harStatus(err, statusFindesIkke) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return oejebliksbilleder(s, s.Namespace(), out)
}

// Soeg gives one page of the UUIDs that match; none past the end.
func (k *Klient) Soeg(ctx context.Context, s *Slags, q Soegning, side Side) ([]string, error) {
	out, err := k.spoerg(ctx, s, "soeg", "", "Soeg", soegInput(s, q, side))
	if harStatus(err, statusFindesIkke) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return idListe(out), nil
}

// Hierarki is a page of the whole organisation.
type Hierarki struct{ Enheder, Brugere []*Objekt }

// FremsoegObjekthierarki gives a page of units and users as they are now.
func (k *Klient) FremsoegObjekthierarki(ctx context.Context, side Side) (Hierarki, error) {
	body, err := gentag(ctx, k, func() (*xmltree.Node, error) { return k.hierarki(ctx, side) })
	if harStatus(err, statusFindesIkke) {
		return Hierarki{}, nil
	}
	if err != nil {
		return Hierarki{}, err
	}
	enheder, errE := oejebliksbilleder(Enhed, nsHierarki, body.Child(nsHierarki, "OrganisationEnheder"))
	brugere, errB := oejebliksbilleder(Bruger, nsHierarki, body.Child(nsHierarki, "Brugere"))
	if err := errors.Join(errE, errB); err != nil {
		return Hierarki{}, fmt.Errorf("fremsoegobjekthierarki: %w", err)
	}
	return Hierarki{Enheder: enheder, Brugere: brugere}, nil
}

func (k *Klient) hierarki(ctx context.Context, side Side) (*xmltree.Node, error) {
	url := k.base + "/" + hierarkiTjeneste + "/6/"
	body, err := k.soap.Call(ctx, soap.Request{URL: url, Action: hierarkiAction, Body: xmltree.Write(hierarkiInput(side), hierarkiPraefikser())})
	if err != nil {
		return nil, fmt.Errorf("fremsoegobjekthierarki: %w", err)
	}
	s, err := laesSvar(body, nsHierarki, "FremsoegObjekthierarkiOutput")
	if err != nil {
		return nil, fmt.Errorf("fremsoegobjekthierarki: %w", err)
	}
	if s.kode != statusOK {
		return nil, &StatusError{Operation: "fremsoegobjekthierarki", Slags: &Slags{element: "OrganisationSystem"}, Kode: s.kode, Tekst: s.tekst}
	}
	return s.body, nil
}

func (k *Klient) skriv(ctx context.Context, s *Slags, operation, uuid, element string, input *xmltree.Node) error {
	_, err := k.kald(ctx, s, operation, uuid, element, input)
	return err
}

// spoerg makes a call that changes nothing. It may be repeated, so trouble on the way is met with patience.
func (k *Klient) spoerg(ctx context.Context, s *Slags, operation, uuid, element string, input *xmltree.Node) (*xmltree.Node, error) {
	return gentag(ctx, k, func() (*xmltree.Node, error) { return k.kald(ctx, s, operation, uuid, element, input) })
}

// kald makes one call and returns the answer's body when its status is OK.
func (k *Klient) kald(ctx context.Context, s *Slags, operation, uuid, element string, input *xmltree.Node) (*xmltree.Node, error) {
	url := k.base + "/" + s.tjeneste + "/6/"
	body, err := k.soap.Call(ctx, soap.Request{URL: url, Action: s.action(operation), Body: xmltree.Write(input, s.praefikser())})
	if err != nil {
		return nil, fmt.Errorf("%s %s %s: %w", operation, s, uuid, err)
	}
	out, err := laesSvar(body, s.Namespace(), element+"Output")
	if err != nil {
		return nil, fmt.Errorf("%s %s %s: %w", operation, s, uuid, err)
	}
	if out.kode != statusOK {
		return nil, &StatusError{Operation: operation, Slags: s, UUID: uuid, Kode: out.kode, Tekst: out.tekst}
	}
	return out.body, nil
}

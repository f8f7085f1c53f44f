package fkorg

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/xmltree"
	"orgit.dk/orgit/schema"
)

// Status codes (StandardRetur/StatusKode).
const (
	statusOK           = 20
	statusForkert      = 40 // bad or inconsistent input; permanent for this message
	statusIkkeTilladt  = 41 // no agreement or right
	statusFindesIkke   = 44 // no such object, or an empty result
	statusForTidligt   = 45 // the registration is later than the server's clock
	statusVirkning     = 47 // changes out of the order of time
	statusForkertStand = 49 // importer: it is there already; ret: it is passive or deleted
)

// StatusError is an answer that says no.
type StatusError struct {
	Operation string
	Slags     *Slags
	UUID      string
	Kode      int
	Tekst     string // as the service put it
}

func (e *StatusError) Error() string {
	what := ""
	if e.UUID != "" {
		what = " " + e.UUID
	}
	return strings.TrimSuffix(fmt.Sprintf("%s %s%s: status %d: %s", e.Operation, e.Slags, what, e.Kode, kort(e.Tekst)), ": ")
}

// kort keeps a server's text from filling a log, and from showing a CPR number: the service may quote what it was sent.
func kort(tekst string) string {
	tekst = schema.MaskCPR(tekst)
	if r := []rune(tekst); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return tekst
}

// harStatus reports whether an error is the service's answer with this code.
func harStatus(err error, kode int) bool {
	s, ok := errors.AsType[*StatusError](err)
	return ok && s.Kode == kode
}

// registreringsforskydning is how long ago a registration says that it was made: clocks differ, and one that is ahead
// of the server's is refused (45).
const registreringsforskydning = 5 * time.Minute

// Klient calls FK Organisation's services. It is safe for concurrent use.
type Klient struct {
	soap         *soap.Client
	base         string
	organisation string
	nu           func() time.Time
}

// NyKlient makes a client of the services below base, such as https://organisation.stoettesystemerne.dk/organisation/.
// organisation is the UUID of the municipality's Organisation object, in whose name everything is written.
func NyKlient(transport *soap.Client, base, organisation string, nu func() time.Time) *Klient {
	return &Klient{soap: transport, base: strings.TrimSuffix(base, "/"), organisation: Til(organisation).UUID(), nu: nu}
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
	out, err := k.kald(ctx, s, "laes", uuid, "Laes", laesInput(s, "LaesInput", []string{uuid}, a))
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
	out, err := k.kald(ctx, s, "list", "", "List", laesInput(s, "ListInput", uuids, a))
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
	out, err := k.kald(ctx, s, "soeg", "", "Soeg", soegInput(s, q, side))
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
	url := k.base + "/" + hierarkiTjeneste + "/6/"
	body, err := k.soap.Call(ctx, soap.Request{URL: url, Action: hierarkiAction, Body: xmltree.Write(hierarkiInput(side), hierarkiPraefikser())})
	if err != nil {
		return Hierarki{}, fmt.Errorf("fremsoegobjekthierarki: %w", err)
	}
	s, err := laesSvar(body, nsHierarki, "FremsoegObjekthierarkiOutput")
	switch {
	case err != nil:
		return Hierarki{}, fmt.Errorf("fremsoegobjekthierarki: %w", err)
	case s.kode == statusFindesIkke:
		return Hierarki{}, nil
	case s.kode != statusOK:
		return Hierarki{}, &StatusError{Operation: "fremsoegobjekthierarki", Slags: &Slags{element: "OrganisationSystem"}, Kode: s.kode, Tekst: s.tekst}
	}
	enheder, errE := oejebliksbilleder(Enhed, nsHierarki, s.body.Child(nsHierarki, "OrganisationEnheder"))
	brugere, errB := oejebliksbilleder(Bruger, nsHierarki, s.body.Child(nsHierarki, "Brugere"))
	if err := errors.Join(errE, errB); err != nil {
		return Hierarki{}, fmt.Errorf("fremsoegobjekthierarki: %w", err)
	}
	return Hierarki{Enheder: enheder, Brugere: brugere}, nil
}

func (k *Klient) skriv(ctx context.Context, s *Slags, operation, uuid, element string, input *xmltree.Node) error {
	_, err := k.kald(ctx, s, operation, uuid, element, input)
	return err
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

package fkorg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/xmltree"
	"orgit.dk/orgit/plan"
)

// forsoeg is how often a change is tried when what is there turns out to be other than it was read, or when nobody
// knows whether a call was carried out. Each try reads again first.
const forsoeg = 3

// stortUrskel is how long ago a registration says that it was made when the server's clock has turned out to be behind.
const stortUrskel = time.Hour

// Writer writes to FK Organisation. Two operations on the same object must not be written at the same time: the
// protocol has no way to notice.
type Writer struct {
	*Reader
	nyUUID func() string
	cpr    *CPRJoin // nil: never; see WithCPR
}

var _ apply.Writer = (*Writer)(nil)

// NewWriter makes a writer beside a reader, for a plan that has passed the gate. nyUUID gives random UUIDs, for the
// indexes of new address relations.
func NewWriter(granted apply.Pass, r *Reader, nyUUID func() string) (*Writer, error) {
	if granted == nil {
		return nil, fmt.Errorf("write to FK Organisation: %w", apply.ErrNotApproved)
	}
	return &Writer{Reader: r, nyUUID: nyUUID}, nil
}

// Write carries out one operation: addresses first, then the object that refers to them. It reads the object before it
// changes it, sends back all that it read, and sends nothing when there is nothing to change. It may be repeated after
// having been cut off anywhere.
func (w *Writer) Write(ctx context.Context, op plan.Operation, _ *plan.Found) error {
	if err := w.write(ctx, op); err != nil {
		return fmt.Errorf("write %s %s: %w", op.Object.Kind, op.Object.UUID, aarsag(err))
	}
	return nil
}

func (w *Writer) write(ctx context.Context, op plan.Operation) error {
	slags := slagsAf(op.Object.Kind)
	if slags == nil || op.Action == plan.ActionDelete {
		return fmt.Errorf("FK Organisation has no %s of %s", op.Action, op.Object.Kind)
	}
	if err := w.adresser(ctx, op); err != nil {
		return err
	}
	nu := w.klient.nu()
	midnat, err := Midnat(Instant(nu).Dag())
	if err != nil {
		return err
	}
	t := &tur{
		w: w, slags: slags, uuid: string(op.Object.UUID),
		laes: func(ctx context.Context) (*Objekt, error) { return w.objekt(ctx, op.Object, nu) },
		ny:   nyhed(op.Action == plan.ActionCreate), manglendeLaves: op.Action == plan.ActionCreate, luk: op.Action == plan.ActionRetire,
	}
	t.aendr = func(o *Objekt) error {
		a := &aendring{
			o: o, op: op, idag: midnat, dag: midnat.Dag(), organisation: w.klient.organisation, nyUUID: w.nyUUID,
			nu: laesning{nu: nu, personAf: w.personAf}, cpr: w.cpr,
		}
		return a.udfoer()
	}
	t.uventet = func(o *Objekt) error { return w.uventet(ctx, op, o, nu) }
	return t.koer(ctx)
}

// uventet reports apply.ErrStale when an attribute that the operation changes holds neither the old nor the new value.
func (w *Writer) uventet(ctx context.Context, op plan.Operation, o *Objekt, nu time.Time) error {
	l := &laesning{nu: nu, personAf: w.personAf}
	var err error
	if l.tekster, err = w.tekster(ctx, l.adresserAf(o), nu); err != nil {
		return err
	}
	f := l.fundet(op.Object, o)
	for _, c := range op.Attrs {
		have := f.Attrs[c.Name]
		if c.Name == attrNoegle || slices.Equal(have, c.New) || slices.Equal(have, c.Old) {
			continue
		}
		// A unit or user that was made without what the operation adds is on its way, not changed by others.
		if op.Action == plan.ActionCreate && len(have) == 0 {
			continue
		}
		return fmt.Errorf("%w: %s", apply.ErrStale, c.Name)
	}
	return nil
}

// adresser writes the texts of the addresses that the operation sets.
func (w *Writer) adresser(ctx context.Context, op plan.Operation) error {
	for _, c := range op.Attrs {
		rolle, ok := adresserolle(c.Name)
		if !ok || len(c.New) == 0 || op.Action == plan.ActionRetire {
			continue
		}
		if err := w.adresse(ctx, adresseUUID(op.Object.UUID, rolle), c.New[0], nyhed(op.Action == plan.ActionCreate)); err != nil {
			return fmt.Errorf("address %s: %w", rolle, err)
		}
	}
	return nil
}

// nyhed says whether an object is expected not to be there.
type nyhed bool

// adresse sees to it that the address holds the text.
func (w *Writer) adresse(ctx context.Context, uuid, tekst string, ny nyhed) error {
	nu := w.klient.nu()
	midnat, err := Midnat(Instant(nu).Dag())
	if err != nil {
		return err
	}
	v := Virkning{Fra: midnat, Aktoer: Til(w.klient.organisation), AktoerType: "Organisation"}
	t := &tur{
		w: w, slags: Adresse, uuid: uuid, ny: ny, manglendeLaves: true,
		laes: func(ctx context.Context) (*Objekt, error) { return w.klient.Laes(ctx, Adresse, uuid, FraNu(nu)) },
		aendr: func(o *Objekt) error {
			if o.Navn(nu) == tekst {
				return nil
			}
			e := o.egenskab(nu)
			e.Virkning, e.Navn = v, tekst
			if e.BrugervendtNoegle == "" {
				e.BrugervendtNoegle = uuid[:8]
			}
			o.Egenskaber = []Egenskab{e}
			return nil
		},
		uventet: func(*Objekt) error { return nil },
	}
	return t.koer(ctx)
}

// tur is the change of one object until it is done: read, change, send, and again when the answer says that the picture
// was wrong.
type tur struct {
	w     *Writer
	slags *Slags
	uuid  string
	laes  func(context.Context) (*Objekt, error)
	// aendr changes a copy of what was read; uventet says whether what was read allows it.
	aendr, uventet func(*Objekt) error
	ny             nyhed // the first try makes the object without reading; "it is there already" says otherwise
	manglendeLaves bool  // the object is made when it is not there
	luk            bool  // an object that is not there is as good as closed
	registreret    time.Duration
}

func (t *tur) koer(ctx context.Context) error {
	var last error
	for i := range forsoeg {
		try := t.forsoeg
		if i == 0 && bool(t.ny) {
			try = t.lav
		}
		done, err := try(ctx)
		if done || err != nil && !t.igen(err) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		last = err
	}
	return last
}

// igen reports whether reading again and deciding anew makes sense after an error.
func (t *tur) igen(err error) bool {
	if s, ok := errors.AsType[*StatusError](err); ok {
		switch s.Kode {
		case statusFindesIkke, statusVirkning, statusForkertStand:
			return true
		case statusForTidligt:
			t.registreret = stortUrskel
			return true
		}
		return false
	}
	e, ok := errors.AsType[*soap.Error](err)
	return ok && e.Outcome == soap.Unknown || errors.Is(err, errUforstaaelig)
}

func (t *tur) forsoeg(ctx context.Context) (done bool, err error) {
	before, err := t.laes(ctx)
	if err != nil {
		return false, err
	}
	if before == nil || !before.Levende() {
		return t.lav(ctx)
	}
	if err := t.uventet(before); err != nil {
		return true, err
	}
	after := before.Klon()
	if err := t.aendr(after); err != nil {
		return true, err
	}
	if bytes.Equal(indhold(before), indhold(after)) {
		return true, nil
	}
	err = t.w.klient.Ret(ctx, after)
	if t.luk && t.slags == Funktion && harStatus(err, statusForkert) {
		// What is stored can be so broken that no change is accepted. A function that ends may go this way.
		err = t.w.klient.Passiver(ctx, Funktion, after.UUID)
	}
	return err == nil, err
}

// lav makes an object that is not there.
func (t *tur) lav(ctx context.Context) (done bool, err error) {
	switch {
	case t.luk:
		return true, nil
	case !t.manglendeLaves:
		return true, fmt.Errorf("%w: it is not there any more", apply.ErrStale)
	}
	o := &Objekt{Slags: t.slags, UUID: t.uuid}
	if err := t.aendr(o); err != nil {
		return true, err
	}
	err = t.w.klient.importer(ctx, o, t.registreret)
	return err == nil, err
}

// indhold is what a ret would send, with the relations in one order.
func indhold(o *Objekt) []byte {
	c := o.Klon()
	slices.SortStableFunc(c.Relationer, func(a, b Relation) int { return bytes.Compare([]byte(a.Navn), []byte(b.Navn)) })
	return xmltree.Write(retInput(c), c.Slags.praefikser())
}

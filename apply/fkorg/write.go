package fkorg

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/plan"
)

// stortUrskel is how long ago a registration says that it was made when the server's clock has turned out to be behind.
const stortUrskel = time.Hour

// Writer writes to FK Organisation, several objects at a time. The protocol has no way to notice that two change the
// same object, so no two of its changes are under way on one UUID.
type Writer struct {
	*Reader
	nyUUID func() string
	laase  laase
	cpr    *CPRJoin // nil: never; see WithCPR

	mu    sync.Mutex
	sidst map[plan.ID]*laest // what Reread gave, for the Write that follows it
}

var _ apply.Writer = (*Writer)(nil)

// NewWriter makes a writer beside a reader, for a plan that has passed the gate. nyUUID gives random UUIDs, for the
// indexes of new address relations.
func NewWriter(granted apply.Pass, r *Reader, nyUUID func() string) (*Writer, error) {
	if granted == nil {
		return nil, fmt.Errorf("write to FK Organisation: %w", apply.ErrNotApproved)
	}
	return &Writer{Reader: r, nyUUID: nyUUID, sidst: map[plan.ID]*laest{}}, nil
}

// Workers is how many operations may be under way; fewer calls are.
func (w *Writer) Workers() int { return w.klient.omfang.igang() }

// Reread reads the operation's object again, as Actual gives it; nil when it is not there. Before a creation it does not
// look: importer makes an object only where there is none (status 49), and Write then reads and decides.
func (w *Writer) Reread(ctx context.Context, op plan.Operation) (*plan.Found, error) {
	if op.Action == plan.ActionCreate {
		return nil, nil
	}
	f, l, err := w.reread(ctx, op.Object)
	if err != nil {
		return nil, fmt.Errorf("read %s %s again: %w", op.Object.Kind, op.Object.UUID, aarsag(err))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sidst[op.Object] = l
	return f, nil
}

// husket takes what Reread has just read; nil when it has not.
func (w *Writer) husket(id plan.ID) *laest {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := w.sidst[id]
	delete(w.sidst, id)
	return l
}

// Write carries out one operation: addresses first, then the object that refers to them. It changes a copy of the object
// as it was just read, sends back all that it read, and sends nothing when there is nothing to change. It may be
// repeated after having been cut off anywhere.
func (w *Writer) Write(ctx context.Context, op plan.Operation, _ *plan.Found) error {
	if err := w.write(ctx, op); err != nil {
		return fmt.Errorf("write %s %s: %w", op.Object.Kind, op.Object.UUID, aarsag(err))
	}
	return nil
}

func (w *Writer) write(ctx context.Context, op plan.Operation) error {
	slags := slagsAf(op.Object.Kind)
	if slags == nil || op.Action == plan.ActionDelete || slags == Organisation && op.Action != plan.ActionUpdate {
		return fmt.Errorf("FK Organisation has no %s of %s", op.Action, op.Object.Kind)
	}
	l := w.husket(op.Object)
	if l == nil {
		l = &laest{nu: w.klient.nu()}
	}
	if err := w.skrivAdresser(ctx, op, l); err != nil {
		return err
	}
	midnat, err := Midnat(Instant(l.nu).Dag())
	if err != nil {
		return err
	}
	t := &tur{
		w: w, slags: slags, uuid: string(op.Object.UUID), foerste: l.objekt,
		laes: func(ctx context.Context) (*Objekt, error) { return w.objekt(ctx, op.Object, l.nu) },
		ny:   nyhed(op.Action == plan.ActionCreate), manglendeLaves: op.Action == plan.ActionCreate, luk: op.Action == plan.ActionRetire,
		genskabes: op.LastResort != "",
	}
	t.aendr = func(o *Objekt) error {
		a := &aendring{
			o: o, op: op, idag: midnat, dag: midnat.Dag(), organisation: w.klient.organisation, nyUUID: w.nyUUID,
			nu: *w.laesning(l.nu), historik: w.klient.omfang.Historik, cpr: w.cpr,
		}
		return a.udfoer()
	}
	t.uventet = func(o *Objekt) error { return w.uventet(ctx, op, o, l.nu) }
	return t.koer(ctx)
}

// uventet reports apply.ErrStale when an attribute that the operation changes holds neither the old nor the new value.
func (w *Writer) uventet(ctx context.Context, op plan.Operation, o *Objekt, nu time.Time) error {
	l := w.laesning(nu)
	var err error
	if l.arter, err = w.arter(ctx, o, nu); err != nil {
		return err
	}
	adresser, err := w.adresser(ctx, l.adresserAf(o), nil)
	if err != nil {
		return err
	}
	l.tekster = tekster(adresser, nu)
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

// skrivAdresser writes the texts of the addresses that the operation sets.
func (w *Writer) skrivAdresser(ctx context.Context, op plan.Operation, l *laest) error {
	for _, c := range op.Attrs {
		rolle, ok := adresserolle(c.Name)
		if !ok || len(c.New) == 0 || op.Action == plan.ActionRetire {
			continue
		}
		if err := w.adresse(ctx, adresseUUID(op.Object.UUID, rolle), c.New[0], l); err != nil {
			return fmt.Errorf("address %s: %w", rolle, err)
		}
	}
	return nil
}

// nyhed says whether an object is expected not to be there.
type nyhed bool

// adresse sees to it that the address holds the text. One that its owner does not refer to is expected not to be there.
func (w *Writer) adresse(ctx context.Context, uuid, tekst string, l *laest) error {
	midnat, err := Midnat(Instant(l.nu).Dag())
	if err != nil {
		return err
	}
	t := &tur{
		w: w, slags: Adresse, uuid: uuid, foerste: l.adresser[uuid], ny: l.adresser[uuid] == nil, manglendeLaves: true,
		laes: func(ctx context.Context) (*Objekt, error) {
			return w.klient.Laes(ctx, Adresse, uuid, w.klient.vindue(l.nu))
		},
		aendr: func(o *Objekt) error {
			if gaeldendeTekst(o, l.nu) == tekst {
				return nil
			}
			e := o.egenskab(l.nu)
			e.Navn, e.BrugervendtNoegle = tekst, cmp.Or(e.BrugervendtNoegle, uuid[:8])
			e.Virkning = Virkning{Fra: midnat, Aktoer: Til(w.klient.organisation), AktoerType: "Organisation"}
			o.nyEgenskab(e, w.klient.omfang.Historik)
			return nil
		},
		uventet: func(*Objekt) error { return nil },
	}
	return t.koer(ctx)
}

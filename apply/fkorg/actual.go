package fkorg

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// hoejstSider bounds a search: at 500 to a page it is a million objects. Beyond it the service repeats itself.
const hoejstSider = 2000

// Reader reads what FK Organisation holds. It cannot write.
type Reader struct {
	klient *Klient
	kendte map[plan.ID]bool
	laer   sync.Mutex
	venter Known // what is to be added to kendte; nil: nothing, or not any more
	// personAf is orgit's person behind each user, brugereAf the other way round, in key order.
	personAf  map[string]org.UUID
	brugereAf map[org.UUID][]string
	personer  map[org.UUID]bool // whom the organisation states
	// opgaveroller are the roles of tasks that orgit writes, by aspect; navne what systems and classes are called.
	opgaveroller, navne map[string]string
	raa                 bool
}

// NewReader makes a reader for the organisation. The register has no marks of ownership and no search for what is
// inactive, so the reader must know what to look for: known is State.Known of what is asked for, and of what was asked
// for when the target was last written.
func NewReader(k *Klient, o *org.Organisation, known ...map[plan.ID]bool) *Reader {
	r := &Reader{klient: k, kendte: map[plan.ID]bool{}, personAf: map[string]org.UUID{}, brugereAf: map[org.UUID][]string{}, personer: map[org.UUID]bool{},
		opgaveroller: opgaveroller(&o.Settings), navne: navne(o)}
	for _, m := range known {
		maps.Copy(r.kendte, m)
	}
	for _, p := range o.People {
		r.personer[p.UUID] = true
	}
	for h, a := range o.Accounts {
		if h.Person != nil {
			r.personAf[string(a.UUID())] = h.Person.UUID
			r.brugereAf[h.Person.UUID] = append(r.brugereAf[h.Person.UUID], string(a.UUID()))
		}
	}
	return r
}

// Known tells what orgit states or stated, as State.Known does: of what is asked for, and of what was asked for when the
// target was last written.
type Known func(context.Context) ([]map[plan.ID]bool, error)

// Awaiting has Actual ask for what orgit knows when it comes to need it. Most of a read does not, so that it may be computed
// meanwhile. Such a reader is good for one Actual and for nothing else.
func (r *Reader) Awaiting(known Known) *Reader {
	r.venter = known
	return r
}

// vent asks for what orgit knows, once. Whatever looks at kendte must have waited for it.
func (r *Reader) vent(ctx context.Context) error {
	r.laer.Lock()
	defer r.laer.Unlock()
	if r.venter == nil {
		return nil
	}
	known, err := r.venter(ctx)
	if err != nil {
		return err
	}
	r.venter = nil
	for _, m := range known {
		maps.Copy(r.kendte, m)
	}
	return nil
}

// Actual reads everything that orgit may own: all of it, or an error. Objects that nobody stated are in it too; the
// plan tells them apart by State.Known and reports them as foreign. What belongs to another organisation is left out.
func (r *Reader) Actual(ctx context.Context) (plan.Actual, error) {
	actual, err := r.actual(ctx)
	if err != nil {
		return plan.Actual{}, fmt.Errorf("read FK Organisation: %w", aarsag(err))
	}
	return actual, nil
}

// actual reads in chains, each step of which needs what the one before found. The chains go side by side; the client bounds how
// many calls are under way. Each begins with what can be found without knowing what is orgit's.
func (r *Reader) actual(ctx context.Context) (plan.Actual, error) {
	b := &bestand{reader: r, nu: r.klient.nu(), objekter: map[plan.ID]*Objekt{}, set: map[plan.ID]*plan.Found{}, tekster: map[string]string{}}
	kendte := func(kind plan.Kind) trin {
		return func(ctx context.Context) error { return b.laesKendte(ctx, kind) }
	}
	// Units, users, and what only they lead to.
	alle := []trin{efterHinanden(r.vent, b.laesOrganisation), efterHinanden(b.laesHierarki, r.vent, samtidig(kendte(KindEnhed), kendte(KindBruger)),
		samtidig(b.laesPersoner, func(ctx context.Context) error { return b.laesTekster(ctx, KindEnhed, KindBruger) }))}
	for _, kind := range []plan.Kind{KindPosition, KindLeder, KindUdbetaling, KindHenvendelse} {
		alle = append(alle, func(ctx context.Context) error { return b.laesFunktioner(ctx, kind) })
	}
	if err := sideOmSide(ctx, alle...); err != nil {
		return plan.Actual{}, err
	}
	return b.saml()
}

// aarsag adds to an error what its receiver decides by: whether the service was reached, and let us in.
func aarsag(err error) error {
	err = &maskeret{err}
	if harStatus(err, statusIkkeTilladt) {
		return fmt.Errorf("%w: %w", apply.ErrNotAuthorised, err)
	}
	e, ok := errors.AsType[*soap.Error](err)
	fault, isFault := errors.AsType[*soap.Fault](err)
	switch {
	case errors.Is(err, apply.ErrNotAuthorised): // the token service says so
		return err
	case isFault && fault.Security():
		return fmt.Errorf("%w: %w", apply.ErrNotAuthorised, err)
	case errors.Is(err, errUforstaaelig):
		return fmt.Errorf("%w: %w", apply.ErrUnreachable, err)
	case !ok:
		return err
	case e.Status == 401 || e.Status == 403:
		return fmt.Errorf("%w: %w", apply.ErrNotAuthorised, err)
	case e.Outcome != soap.Refused:
		return fmt.Errorf("%w: %w", apply.ErrUnreachable, err)
	}
	return err
}

// bestand is what has been read so far.
type bestand struct {
	reader   *Reader
	nu       time.Time
	mu       sync.Mutex
	objekter map[plan.ID]*Objekt
	set      map[plan.ID]*plan.Found // of those that were seen already, see straks
	tekster  map[string]string       // of addresses, by UUID
}

// tag keeps an object that is not somebody else's. A passive or deleted one counts as not there: only importer brings
// it back, as it brings in a new one.
func (b *bestand) tag(id plan.ID, o *Objekt) {
	if !o.Levende() || b.reader.fremmed(o, b.nu) {
		return
	}
	f := b.straks(id, o)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.objekter[id] = o
	if f != nil {
		b.set[id] = f
	}
}

// fremmed reports whether the object says that it belongs to another organisation. One that has ended its relation says
// nothing: such are ours when we know them.
func (r *Reader) fremmed(o *Objekt, nu time.Time) bool {
	relation := "Tilhoerer"
	switch o.Slags {
	case Organisation: // it is the municipality's own, or was not read
		return false
	case Funktion:
		relation = "TilknyttedeOrganisationer"
	}
	for _, rel := range o.Gaeldende(relation, nu) {
		if !rel.Ref.ErTil(r.klient.organisation) {
			return true
		}
	}
	return false
}

// laesHierarki reads all units and users. What comes twice counts once.
func (b *bestand) laesHierarki(ctx context.Context) error {
	return b.reader.sider(ctx, func(ctx context.Context, side Side) (int, error) {
		h, err := b.reader.klient.FremsoegObjekthierarki(ctx, side)
		if err != nil {
			return 0, err
		}
		for _, o := range h.Enheder {
			b.tag(plan.ID{Kind: KindEnhed, UUID: org.UUID(o.UUID)}, o)
		}
		for _, o := range h.Brugere {
			b.tag(plan.ID{Kind: KindBruger, UUID: org.UUID(o.UUID)}, o)
		}
		return max(len(h.Enheder), len(h.Brugere)), nil
	})
}

// laesKendte reads the objects of the kind that orgit knows and no search has shown.
func (b *bestand) laesKendte(ctx context.Context, kind plan.Kind) error {
	var missing []string
	for id := range b.reader.kendte {
		if id.Kind == kind && b.objekt(id) == nil {
			missing = append(missing, string(id.UUID))
		}
	}
	return b.list(ctx, kind, missing)
}

func (b *bestand) objekt(id plan.ID) *Objekt {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.objekter[id]
}

// list reads objects in groups, now and to come.
func (b *bestand) list(ctx context.Context, kind plan.Kind, uuids []string) error {
	return b.reader.klient.grupper(ctx, uuids, b.gruppe(kind))
}

// gruppe reads a group of objects of the kind, now and to come.
func (b *bestand) gruppe(kind plan.Kind) func(context.Context, []string) error {
	return func(ctx context.Context, group []string) error {
		objekter, err := b.reader.klient.List(ctx, slagsAf(kind), group, FraNu(b.nu))
		if err != nil {
			return err
		}
		for _, o := range objekter {
			b.tag(plan.ID{Kind: kind, UUID: org.UUID(o.UUID)}, o)
		}
		return nil
	}
}

// adresser reads address objects, by UUID. Those that are passive or deleted are left out.
func (r *Reader) adresser(ctx context.Context, uuids []string, a *Afgraensning) (map[string]*Objekt, error) {
	out := map[string]*Objekt{}
	var mu sync.Mutex
	err := r.klient.grupper(ctx, uuids, func(ctx context.Context, group []string) error {
		objekter, err := r.klient.List(ctx, Adresse, group, a)
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		for _, o := range objekter {
			if o.Levende() {
				out[o.UUID] = o
			}
		}
		return nil
	})
	return out, err
}

// tekster are the texts of addresses that are valid at the instant, by UUID.
func tekster(adresser map[string]*Objekt, nu time.Time) map[string]string {
	out := make(map[string]string, len(adresser))
	for uuid, o := range adresser {
		out[uuid] = gaeldendeTekst(o, nu)
	}
	return out
}

// gaeldendeTekst is the text of an address that is valid at the instant; empty when it has none, or only one to come, which
// not every read shows.
func gaeldendeTekst(o *Objekt, nu time.Time) string {
	if e := o.egenskab(nu); e.Virkning.Gaelder(nu) {
		return e.Navn
	}
	return ""
}

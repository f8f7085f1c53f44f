package fkorg

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// Sizes of reads. The page is the service's own limit; the others are what clients in production get answers to.
const (
	sideAntal     = 500
	listeAntal    = 50
	samtidige     = 4
	hoejstSider   = 2000 // a million objects: beyond it the service repeats itself
	hoejstForsoeg = 3
)

// Reader reads what FK Organisation holds. It cannot write.
type Reader struct {
	klient *Klient
	kendte map[plan.ID]bool
	// personAf is orgit's person behind each user, brugereAf the other way round, in key order.
	personAf  map[string]org.UUID
	brugereAf map[org.UUID][]string
}

// NewReader makes a reader for the organisation. The register has no marks of ownership and no search for what is
// inactive, so the reader must know what to look for: known is State.Known of what is asked for, and of what was asked
// for when the target was last written.
func NewReader(k *Klient, o *org.Organisation, known ...map[plan.ID]bool) *Reader {
	r := &Reader{klient: k, kendte: map[plan.ID]bool{}, personAf: map[string]org.UUID{}, brugereAf: map[org.UUID][]string{}}
	for _, m := range known {
		maps.Copy(r.kendte, m)
	}
	for h, a := range o.Accounts {
		if h.Person != nil {
			r.personAf[string(a.UUID())] = h.Person.UUID
			r.brugereAf[h.Person.UUID] = append(r.brugereAf[h.Person.UUID], string(a.UUID()))
		}
	}
	return r
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

func (r *Reader) actual(ctx context.Context) (plan.Actual, error) {
	b := &bestand{reader: r, nu: r.klient.nu(), objekter: map[plan.ID]*Objekt{}}
	steps := []func(context.Context) error{
		b.laesHierarki,
		func(ctx context.Context) error { return b.laesKendte(ctx, KindEnhed) },
		func(ctx context.Context) error { return b.laesKendte(ctx, KindBruger) },
		func(ctx context.Context) error { return b.laesFunktioner(ctx, KindPosition) },
		func(ctx context.Context) error { return b.laesFunktioner(ctx, KindLeder) },
		b.laesPersoner,
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return plan.Actual{}, err
		}
	}
	return b.saml(ctx)
}

// aarsag adds to an error what its receiver decides by: whether the service was reached, and let us in.
func aarsag(err error) error {
	err = &maskeret{err}
	if harStatus(err, statusIkkeTilladt) {
		return fmt.Errorf("%w: %w", apply.ErrNotAuthorised, err)
	}
	e, ok := errors.AsType[*soap.Error](err)
	switch {
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
}

// tag keeps an object that is not somebody else's. A passive or deleted one counts as not there: only importer brings
// it back, as it brings in a new one.
func (b *bestand) tag(id plan.ID, o *Objekt) {
	if !o.Levende() || b.reader.fremmed(o, b.nu) {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.objekter[id] = o
}

// fremmed reports whether the object says that it belongs to another organisation. One that has ended its relation says
// nothing: such are ours when we know them.
func (r *Reader) fremmed(o *Objekt, nu time.Time) bool {
	relation := "Tilhoerer"
	if o.Slags == Funktion {
		relation = "TilknyttedeOrganisationer"
	}
	for _, rel := range o.Gaeldende(relation, nu) {
		if !rel.Ref.ErTil(r.klient.organisation) {
			return true
		}
	}
	return false
}

// laesHierarki reads all units and users. A page is the last when both sections are empty: the service promises no
// order and no total, so a short page says nothing, and what comes twice counts once.
func (b *bestand) laesHierarki(ctx context.Context) error {
	for page := range hoejstSider {
		h, err := b.reader.klient.FremsoegObjekthierarki(ctx, Side{page * sideAntal, sideAntal})
		if err != nil {
			return err
		}
		if len(h.Enheder)+len(h.Brugere) == 0 {
			return nil
		}
		for _, o := range h.Enheder {
			b.tag(plan.ID{Kind: KindEnhed, UUID: org.UUID(o.UUID)}, o)
		}
		for _, o := range h.Brugere {
			b.tag(plan.ID{Kind: KindBruger, UUID: org.UUID(o.UUID)}, o)
		}
	}
	return fmt.Errorf("fremsoegobjekthierarki: no end after %d pages", hoejstSider)
}

// laesKendte reads the objects of the kind that orgit knows and no search has shown.
func (b *bestand) laesKendte(ctx context.Context, kind plan.Kind) error {
	var missing []string
	for id := range b.reader.kendte {
		if id.Kind == kind && b.objekter[id] == nil {
			missing = append(missing, string(id.UUID))
		}
	}
	return b.list(ctx, kind, missing)
}

// list reads objects in groups, some at a time, now and to come.
func (b *bestand) list(ctx context.Context, kind plan.Kind, uuids []string) error {
	slices.Sort(uuids)
	return grupper(ctx, slices.Compact(uuids), func(ctx context.Context, group []string) error {
		objekter, err := b.reader.klient.List(ctx, slagsAf(kind), group, FraNu(b.nu))
		if err != nil {
			return err
		}
		for _, o := range objekter {
			if !b.reader.ogsaa(kind, o, b.nu) {
				continue
			}
			b.tag(plan.ID{Kind: kind, UUID: org.UUID(o.UUID)}, o)
		}
		return nil
	})
}

// grupper calls f for groups of a few, some at a time.
func grupper(ctx context.Context, all []string, f func(context.Context, []string) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(samtidige)
	for group := range slices.Chunk(all, listeAntal) {
		g.Go(func() error { return f(ctx, group) })
	}
	return g.Wait()
}

// ogsaa filters what a search for functions has found once more, because it also finds what has ended: the type must be
// the kind's, and of those that orgit does not know only such as are in use count.
func (r *Reader) ogsaa(kind plan.Kind, o *Objekt, nu time.Time) bool {
	if kind != KindPosition && kind != KindLeder {
		return true
	}
	types := o.Gaeldende("Funktionstype", nu)
	if !slices.ContainsFunc(types, func(t Relation) bool { return t.Ref.ErTil(funktionstype(kind)) }) {
		return false
	}
	if r.kendte[plan.ID{Kind: kind, UUID: org.UUID(o.UUID)}] {
		return true
	}
	return o.Status(nu) == Aktiv && len(o.Gaeldende("TilknyttedeEnheder", nu)) > 0
}

// laesFunktioner finds the active functions of the kind, and reads them and those that orgit knows.
func (b *bestand) laesFunktioner(ctx context.Context, kind plan.Kind) error {
	q := Soegning{Status: Aktiv, Relationer: []Relation{
		{Navn: "Funktionstype", Ref: Til(funktionstype(kind))},
		{Navn: "TilknyttedeOrganisationer", Ref: Til(b.reader.klient.organisation)},
	}}
	var all []string
	for page := 0; ; page++ {
		if page == hoejstSider {
			return fmt.Errorf("soeg %s: no end after %d pages", Funktion, hoejstSider)
		}
		hits, err := b.reader.klient.Soeg(ctx, Funktion, q, Side{page * sideAntal, sideAntal})
		if err != nil {
			return err
		}
		if len(hits) == 0 {
			break
		}
		all = append(all, hits...)
	}
	for id := range b.reader.kendte {
		if id.Kind == kind {
			all = append(all, string(id.UUID))
		}
	}
	return b.list(ctx, kind, all)
}

// saml reads the addresses' texts and makes the objects what the plan sees.
func (b *bestand) saml(ctx context.Context) (plan.Actual, error) {
	l := &laesning{nu: b.nu, personAf: b.reader.personAf}
	var addresses []string
	for id, o := range b.objekter {
		if b.reader.kendte[id] {
			addresses = append(addresses, l.adresserAf(o)...)
		}
	}
	var err error
	if l.tekster, err = b.reader.tekster(ctx, addresses, b.nu); err != nil {
		return plan.Actual{}, err
	}
	out := plan.Actual{Target: Target}
	for id, o := range b.objekter {
		f := l.fundet(id, o)
		b.vis(&f)
		out.Objects = append(out.Objects, f)
	}
	return out, out.Sort()
}

// tekster reads the texts of addresses.
func (r *Reader) tekster(ctx context.Context, uuids []string, nu time.Time) (map[string]string, error) {
	out := map[string]string{}
	var mu sync.Mutex
	slices.Sort(uuids)
	err := grupper(ctx, slices.Compact(uuids), func(ctx context.Context, group []string) error {
		objekter, err := r.klient.List(ctx, Adresse, group, nil)
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		for _, o := range objekter {
			if o.Levende() {
				out[o.UUID] = o.Navn(nu)
			}
		}
		return nil
	})
	return out, err
}

// vis gives references the names of what they refer to.
func (b *bestand) vis(f *plan.Found) {
	for attr, kind := range map[string]plan.Kind{attrOverordnet: KindEnhed, attrEnhed: KindEnhed, attrBruger: KindBruger, attrPerson: KindPerson} {
		if v := f.Attrs[attr]; len(v) == 1 {
			if o := b.objekter[plan.ID{Kind: kind, UUID: org.UUID(v[0])}]; o != nil {
				f.Shows[attr] = schema.MaskCPR(o.Navn(b.nu))
			}
		}
	}
}

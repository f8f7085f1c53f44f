package fkorg

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
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
	b := &bestand{reader: r, nu: r.klient.nu(), objekter: map[plan.ID]*Objekt{}, tekster: map[string]string{}}
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
	tekster  map[string]string // of addresses, by UUID
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

// laesTekster reads the texts of the addresses of all objects of the kinds that orgit knows.
func (b *bestand) laesTekster(ctx context.Context, kinds ...plan.Kind) error {
	l := b.reader.laesning(b.nu)
	var addresses []string
	for id, o := range b.kopi() {
		if b.reader.kendte[id] && slices.Contains(kinds, id.Kind) {
			addresses = append(addresses, l.adresserAf(o)...)
		}
	}
	found, err := b.reader.adresser(ctx, addresses, nil)
	b.mu.Lock()
	defer b.mu.Unlock()
	maps.Copy(b.tekster, tekster(found, b.nu))
	return err
}

// kopi is what has been read so far; others may be adding to it.
func (b *bestand) kopi() map[plan.ID]*Objekt {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.objekter)
}

// saml makes the objects what the plan sees. Nobody changes what was read any more, so each processor takes a part.
func (b *bestand) saml() (plan.Actual, error) {
	l := b.reader.laesning(b.nu)
	l.tekster, l.arter = b.tekster, b.arter()
	ids := slices.Collect(maps.Keys(b.objekter))
	out := plan.Actual{Target: Target, Objects: make([]plan.Found, len(ids))}
	var dele sync.WaitGroup
	del := len(ids)/runtime.GOMAXPROCS(0) + 1
	for fra := 0; fra < len(ids); fra += del {
		dele.Go(func() {
			for i := fra; i < min(fra+del, len(ids)); i++ {
				f := &out.Objects[i]
				*f = l.fundet(ids[i], b.objekter[ids[i]])
				b.vis(f)
				b.visMaengder(f)
			}
		})
	}
	dele.Wait()
	return out, out.Sort()
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

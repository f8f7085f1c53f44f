package fkorg

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// laest is an object as it was just read, with what is needed to change it.
type laest struct {
	nu       time.Time
	objekt   *Objekt
	adresser map[string]*Objekt // those that it refers to in orgit's roles, by UUID
}

// reread reads one object again, as Actual gives it; nil when it is not there.
func (r *Reader) reread(ctx context.Context, id plan.ID) (*plan.Found, *laest, error) {
	nu := r.klient.nu()
	o, err := r.objekt(ctx, id, nu)
	if err != nil || o == nil || !o.Levende() || r.fremmed(o, nu) || !r.ogsaa(id.Kind, o, nu) {
		return nil, nil, err
	}
	l := r.laesning(nu)
	if l.arter, err = r.arter(ctx, o, nu); err != nil {
		return nil, nil, err
	}
	adresser, err := r.adresser(ctx, l.adresserAf(o), r.klient.vindue(nu))
	if err != nil {
		return nil, nil, err
	}
	l.tekster = tekster(adresser, nu)
	f := l.fundet(id, o)
	return &f, &laest{nu, o, adresser}, nil
}

// objekt reads the object behind an identity, alive or not; nil when there is none.
func (r *Reader) objekt(ctx context.Context, id plan.ID, nu time.Time) (*Objekt, error) {
	uuid := id.UUID
	if id.Kind == KindPerson && len(r.brugereAf[id.UUID]) > 0 {
		brugere, err := r.klient.List(ctx, Bruger, r.brugereAf[id.UUID], nil)
		if err != nil {
			return nil, err
		}
		uuid = r.personRef(id.UUID, func(u string) *Objekt {
			for _, o := range brugere {
				if o.UUID == u {
					return o
				}
			}
			return nil
		}, nu)
	}
	return r.klient.Laes(ctx, slagsAf(id.Kind), string(uuid), r.klient.vindue(nu))
}

// laesPersoner reads the persons behind the users that orgit knows, under the UUIDs that the register has for them, and
// those that orgit would make.
func (b *bestand) laesPersoner(ctx context.Context) error {
	behind := map[string]org.UUID{} // the register's UUID: orgit's
	for id := range b.reader.kendte {
		if id.Kind == KindPerson {
			behind[string(b.reader.personRef(id.UUID, b.bruger, b.nu))] = id.UUID
		}
	}
	var mu sync.Mutex
	return b.reader.klient.grupper(ctx, slices.Collect(maps.Keys(behind)), func(ctx context.Context, group []string) error {
		objekter, err := b.reader.klient.List(ctx, Person, group, nil)
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		for _, o := range objekter {
			b.tag(plan.ID{Kind: KindPerson, UUID: behind[o.UUID]}, o)
		}
		return nil
	})
}

func (b *bestand) bruger(uuid string) *Objekt {
	return b.objekt(plan.ID{Kind: KindBruger, UUID: org.UUID(uuid)})
}

// personRef is the UUID that the register has for a person: the one behind the first of their users that names one, unless
// orgit made it for somebody else, or orgit's own.
func (r *Reader) personRef(person org.UUID, bruger func(string) *Objekt, nu time.Time) org.UUID {
	for _, u := range r.brugereAf[person] {
		if o := bruger(u); o != nil {
			for _, rel := range o.Gaeldende("TilknyttedePersoner", nu) {
				if ref := rel.Ref.UUID(); !andens(r.personer, person, ref) {
					return org.UUID(ref)
				}
			}
		}
	}
	return person
}

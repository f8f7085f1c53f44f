package fkorg

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// How what is read becomes what the plan sees: most of it while the service works on the next calls, so that little is left
// to do when the last one has been answered.

// straks sees an object that was just read, where that can be done at once: nothing that orgit knows, and nothing that is
// read later, changes how it is seen. Otherwise it gives nil.
func (b *bestand) straks(id plan.ID, o *Objekt) *plan.Found {
	switch id.Kind {
	case KindPosition, KindLeder, KindPerson:
		f := b.reader.laesning(b.nu).fundet(id, o)
		return &f
	}
	return nil
}

// ejer is an object whose addresses are being read.
type ejer struct {
	id       plan.ID
	objekt   *Objekt
	adresser []string
	mangler  int // how many of them have not been read yet
}

// ejere are the objects of the kinds that orgit knows.
func (b *bestand) ejere(kinds []plan.Kind) []*ejer {
	l := b.reader.laesning(b.nu)
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []*ejer
	for id, o := range b.objekter {
		if slices.Contains(kinds, id.Kind) && l.kendte[id] {
			out = append(out, &ejer{id: id, objekt: o})
		}
	}
	return out
}

// laesTekster reads the texts of the addresses of all objects of the kinds that orgit knows. A user is seen when the last of
// its texts has come; about the others something else may still be read.
func (b *bestand) laesTekster(ctx context.Context, kinds ...plan.Kind) error {
	l := b.reader.laesning(b.nu)
	ejere := map[string][]*ejer{} // by address
	for _, e := range b.ejere(kinds) {
		e.adresser = l.adresserAf(e.objekt)
		e.mangler = len(e.adresser)
		for _, a := range e.adresser {
			ejere[a] = append(ejere[a], e)
		}
	}
	return b.reader.klient.grupper(ctx, slices.Collect(maps.Keys(ejere)), func(ctx context.Context, group []string) error {
		objekter, err := b.reader.klient.List(ctx, Adresse, group, nil)
		if err != nil {
			return err
		}
		klar, l := b.tagTekster(objekter, group, ejere)
		for _, e := range klar {
			f := l.fundet(e.id, e.objekt)
			b.mu.Lock()
			b.set[e.id] = &f
			b.mu.Unlock()
		}
		return nil
	})
}

// tagTekster keeps the texts of a group of addresses, and gives the users that are complete by now, with how to see them.
func (b *bestand) tagTekster(objekter []*Objekt, group []string, ejere map[string][]*ejer) ([]*ejer, *laesning) {
	l := b.reader.laesning(b.nu)
	l.tekster = map[string]string{}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, o := range objekter {
		if o.Levende() {
			// Copies: these are pieces of an answer, and would keep all of it.
			b.tekster[strings.Clone(o.UUID)] = strings.Clone(gaeldendeTekst(o, b.nu))
		}
	}
	var klar []*ejer
	for _, a := range group {
		for _, e := range ejere[a] {
			if e.mangler--; e.mangler > 0 || e.id.Kind != KindBruger {
				continue
			}
			klar = append(klar, e)
			for _, a := range e.adresser {
				l.tekster[a] = b.tekster[a]
			}
		}
	}
	return klar, l
}

// saml makes the objects what the plan sees. Nobody changes what was read any more, so each processor takes a part.
func (b *bestand) saml() (plan.Actual, error) {
	l := b.reader.laesning(b.nu)
	l.tekster, l.arter = b.tekster, b.arter()
	ids := ordnet(b.objekter)
	out := plan.Actual{Target: Target, Objects: make([]plan.Found, len(ids))}
	var dele sync.WaitGroup
	del := len(ids)/runtime.GOMAXPROCS(0) + 1
	for fra := 0; fra < len(ids); fra += del {
		dele.Go(func() {
			for i := fra; i < min(fra+del, len(ids)); i++ {
				f := &out.Objects[i]
				if set := b.set[ids[i]]; set != nil {
					*f = *set
				} else {
					*f = l.fundet(ids[i], b.objekter[ids[i]])
				}
				b.vis(f)
				b.visMaengder(f)
			}
		})
	}
	dele.Wait()
	return out, out.Sort()
}

// ordnet gives the identities in order, which are cheaper to sort than what was found: those of a kind are, beside those of
// another one.
func ordnet(objekter map[plan.ID]*Objekt) []plan.ID {
	arter := map[plan.Kind][]plan.ID{}
	for id := range objekter {
		arter[id.Kind] = append(arter[id.Kind], id)
	}
	var dele sync.WaitGroup
	for _, ids := range arter {
		dele.Go(func() { slices.SortFunc(ids, plan.ID.Compare) })
	}
	dele.Wait()
	out := make([]plan.ID, 0, len(objekter))
	for _, art := range slices.Sorted(maps.Keys(arter)) {
		out = append(out, arter[art]...)
	}
	return out
}

// peger are the attributes that refer to one object, and of which kind.
var peger = []struct {
	attr string
	kind plan.Kind
}{{attrOverordnet, KindEnhed}, {attrEnhed, KindEnhed}, {attrBruger, KindBruger}, {attrPerson, KindPerson}}

// vis gives references the names of what they refer to.
func (b *bestand) vis(f *plan.Found) {
	for _, p := range peger {
		if v := f.Attrs[p.attr]; len(v) == 1 {
			if o := b.objekter[plan.ID{Kind: p.kind, UUID: org.UUID(v[0])}]; o != nil {
				f.Shows[p.attr] = schema.MaskCPR(o.Navn(b.nu))
			}
		}
	}
}

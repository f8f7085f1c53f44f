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

// ogsaa filters what a search for functions has found once more, because it also finds what has ended: the type must be
// the kind's, and of those that orgit does not know only such as are in use count.
func (r *Reader) ogsaa(kind plan.Kind, o *Objekt, nu time.Time) bool {
	if slagsAf(kind) != Funktion {
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

// soegFunktioner finds the active functions of the kind and tells of them page by page.
func (b *bestand) soegFunktioner(ctx context.Context, kind plan.Kind, fundet func(...string)) error {
	q := Soegning{Status: Aktiv, Relationer: []Relation{
		{Navn: "Funktionstype", Ref: Til(funktionstype(kind))},
		{Navn: "TilknyttedeOrganisationer", Ref: Til(b.reader.klient.organisation)},
	}}
	return b.reader.sider(ctx, func(ctx context.Context, side Side) (int, error) {
		hits, err := b.reader.klient.Soeg(ctx, Funktion, q, side)
		fundet(hits...)
		return len(hits), err
	})
}

// laesFunktioner reads the functions of the kind that are found and those that orgit knows.
func (b *bestand) laesFunktioner(ctx context.Context, kind plan.Kind) error {
	var mu sync.Mutex
	fundne := map[string]bool{}
	err := b.reader.klient.loebende(ctx, func(ctx context.Context, fundet func(...string)) error {
		return b.soegFunktioner(ctx, kind, func(hits ...string) {
			mu.Lock()
			for _, uuid := range hits {
				fundne[uuid] = true
			}
			mu.Unlock()
			fundet(hits...)
		})
	}, b.gruppe(kind))
	if err != nil {
		return err
	}
	if err := b.reader.vent(ctx); err != nil {
		return err
	}
	var flere []string
	for id := range b.reader.kendte {
		if id.Kind == kind && !fundne[string(id.UUID)] {
			flere = append(flere, string(id.UUID))
		}
	}
	if err := b.list(ctx, kind, flere); err != nil {
		return err
	}
	b.frasorter(kind)
	return b.laesTekster(ctx, kind)
}

// frasorter leaves out functions that the search has found and that do not count.
func (b *bestand) frasorter(kind plan.Kind) {
	b.mu.Lock()
	defer b.mu.Unlock()
	maps.DeleteFunc(b.objekter, func(id plan.ID, o *Objekt) bool { return id.Kind == kind && !b.reader.ogsaa(kind, o, b.nu) })
}

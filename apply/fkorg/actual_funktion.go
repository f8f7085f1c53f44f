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

// soegFunktioner finds the active functions of the kind.
func (b *bestand) soegFunktioner(ctx context.Context, kind plan.Kind) ([]string, error) {
	q := Soegning{Status: Aktiv, Relationer: []Relation{
		{Navn: "Funktionstype", Ref: Til(funktionstype(kind))},
		{Navn: "TilknyttedeOrganisationer", Ref: Til(b.reader.klient.organisation)},
	}}
	var mu sync.Mutex
	var all []string
	err := b.reader.sider(ctx, func(ctx context.Context, side Side) (int, error) {
		hits, err := b.reader.klient.Soeg(ctx, Funktion, q, side)
		mu.Lock()
		defer mu.Unlock()
		all = append(all, hits...)
		return len(hits), err
	})
	return all, err
}

// laesFunktioner reads the functions of the kind that are found and those that orgit knows.
func (b *bestand) laesFunktioner(ctx context.Context, kind plan.Kind) error {
	fundne, err := b.soegFunktioner(ctx, kind)
	if err != nil {
		return err
	}
	if err := b.list(ctx, kind, slices.Clone(fundne)); err != nil {
		return err
	}
	if err := b.reader.vent(ctx); err != nil {
		return err
	}
	slices.Sort(fundne)
	var flere []string
	for id := range b.reader.kendte {
		if _, fundet := slices.BinarySearch(fundne, string(id.UUID)); id.Kind == kind && !fundet {
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

package fkorg

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// How many calls make one read: pages of a search, groups of a list, and steps that go side by side.

// trin is a part of a read.
type trin func(context.Context) error

// sideOmSide runs parts of a read at the same time. The first error ends them all.
func sideOmSide(ctx context.Context, alle ...trin) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, f := range alle {
		g.Go(func() error { return f(ctx) })
	}
	return g.Wait()
}

// samtidig is sideOmSide as a part of a larger read.
func samtidig(alle ...trin) trin {
	return func(ctx context.Context) error { return sideOmSide(ctx, alle...) }
}

// efterHinanden runs parts of a read one after the other, until one fails.
func efterHinanden(alle ...trin) trin {
	return func(ctx context.Context) error {
		for _, f := range alle {
			if err := f(ctx); err != nil {
				return err
			}
		}
		return nil
	}
}

// sider calls hent for one page of a search after the other until one is empty: the service promises no order and no
// total, so a short page says nothing. When the first page is full, two are read at a time. More would not be faster, because
// several searches go side by side; and they would all be pages, which are much work for both ends, and then none.
func (r *Reader) sider(ctx context.Context, hent func(context.Context, Side) (hits int, err error)) error {
	antal := r.klient.omfang.Side
	first, err := hent(ctx, Side{0, antal})
	if err != nil || first == 0 {
		return err
	}
	arbejdere, skridt := 2, antal
	if first < antal {
		arbejdere, skridt = 1, first // the end, or the service gives less in a page than it is asked for
	}
	var naeste atomic.Int64
	var slut atomic.Bool
	laes := func(ctx context.Context) error {
		for !slut.Load() {
			page := int(naeste.Add(1))
			if page >= hoejstSider {
				return fmt.Errorf("a search has no end after %d pages", hoejstSider)
			}
			hits, err := hent(ctx, Side{page * skridt, antal})
			if err != nil {
				return err
			}
			if hits == 0 {
				slut.Store(true)
			}
		}
		return nil
	}
	return sideOmSide(ctx, slices.Repeat([]trin{laes}, arbejdere)...)
}

// grupper calls f for groups of a few UUIDs, each UUID once, side by side.
func (k *Klient) grupper(ctx context.Context, uuids []string, f func(context.Context, []string) error) error {
	slices.Sort(uuids)
	return k.loebende(ctx, func(_ context.Context, fundet func(...string)) error {
		fundet(uuids...)
		return nil
	}, f)
}

// loebende (as they come) is grupper for UUIDs that are still being found: find tells of them, from as many goroutines as it
// likes, and a group is called for as soon as it is full. It takes no more calls than if all of them were known before.
func (k *Klient) loebende(ctx context.Context, find func(ctx context.Context, fundet func(...string)) error, f func(context.Context, []string) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(1 + 2*k.omfang.igang()) // and the one that finds
	var s samler
	g.Go(func() error {
		err := find(ctx, func(uuids ...string) {
			for _, group := range s.tag(uuids, k.omfang.Liste) {
				g.Go(func() error { return f(ctx, group) })
			}
		})
		if err == nil && len(s.rest) > 0 {
			g.Go(func() error { return f(ctx, s.rest) })
		}
		return err
	})
	return g.Wait()
}

// samler makes groups of UUIDs, each UUID once.
type samler struct {
	mu   sync.Mutex
	set  map[string]bool
	rest []string // not a whole group yet
}

// tag takes UUIDs and gives the groups that are full.
func (s *samler) tag(uuids []string, antal int) (fulde [][]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.set == nil {
		s.set = map[string]bool{}
	}
	for _, uuid := range uuids {
		if s.set[uuid] {
			continue
		}
		s.set[uuid] = true
		if s.rest = append(s.rest, uuid); len(s.rest) == antal {
			fulde, s.rest = append(fulde, s.rest), nil
		}
	}
	return fulde
}

package fkorgtest

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"
	"time"
)

// shelf keeps the objects of one service and one municipality, with what makes searches fast: their order, who refers
// to what, and the hits of searches whose pages are still being asked for.
type shelf struct {
	service *service
	objects map[string]*object // by UUID in lower case
	order   []*object          // by place, when sorted
	sorted  bool
	holders map[string][]*object // by reference: who holds it in some registration, some of them twice
	changes int                  // registrations so far
	found   map[string]*hits
}

// hits are what a search has found, and for how long that is so.
type hits struct {
	objects  []*object
	changes  int      // of the shelf when they were found
	constant interval // of the clock, in which no period of the store begins or ends
}

// keptSearches is how many searches' hits a shelf keeps.
const keptSearches = 16

func newShelf(s *service) *shelf {
	return &shelf{service: s, objects: map[string]*object{}, holders: map[string][]*object{}, found: map[string]*hits{}}
}

// add appends a registration to an object, which it makes when it is not there.
func (sh *shelf) add(uuid string, r registration) *object {
	o := sh.objects[uuid]
	var before []entry
	if o == nil {
		uuid = strings.Clone(uuid) // not a piece of the request
		o = &object{uuid: uuid, place: scatter(uuid)}
		sh.objects[uuid] = o
		sh.order, sh.sorted = append(sh.order, o), false
	} else {
		before = o.newest().lists[relations]
	}
	for _, e := range r.lists[relations] {
		ref := e.refersTo()
		if ref == "" || slices.ContainsFunc(before, func(b entry) bool { return b.refersTo() == ref }) {
			continue
		}
		if list := sh.holders[ref]; len(list) == 0 || list[len(list)-1] != o {
			sh.holders[ref] = append(list, o)
		}
	}
	o.registrations = append(o.registrations, r)
	sh.changes++
	return o
}

// all gives the objects in an order that stays the same and is none that anybody could rely on.
func (sh *shelf) all() []*object {
	if !sh.sorted {
		sortInPlace(sh.order)
		sh.sorted = true
	}
	return sh.order
}

// among gives the objects that may hold all of the references, in the same order.
func (sh *shelf) among(refs []string) []*object {
	best := sh.order
	for _, ref := range refs {
		if list := sh.holders[ref]; len(list) < len(best) {
			best = list
		}
	}
	if len(best) > len(sh.order)/2 {
		return sh.all()
	}
	best = slices.Clone(best)
	sortInPlace(best)
	return slices.Compact(best)
}

// sortInPlace puts objects where they stand in answers. The places lie side by side while it does: fifty thousand objects lie
// all over the memory.
func sortInPlace(objects []*object) {
	type placed struct {
		place uint64
		*object
	}
	all := make([]placed, len(objects))
	for i, o := range objects {
		all[i] = placed{o.place, o}
	}
	slices.SortFunc(all, func(a, b placed) int {
		if a.place != b.place {
			return cmp.Compare(a.place, b.place)
		}
		return strings.Compare(a.uuid, b.uuid)
	})
	for i, p := range all {
		objects[i] = p.object
	}
}

func scatter(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s)) // never fails
	return h.Sum64()
}

// remembered gives the hits of a search that was made before, when they are still right.
func (sh *shelf) remembered(key string, now time.Time) (*hits, bool) {
	h := sh.found[key]
	if h == nil || h.changes != sh.changes || !h.constant.covers(now) {
		return nil, false
	}
	return h, true
}

func (sh *shelf) remember(key string, objects []*object, constant interval) {
	if len(sh.found) >= keptSearches {
		clear(sh.found)
	}
	sh.found[key] = &hits{objects, sh.changes, constant}
}

// constant is the time around now in which no period begins or ends.
func (p pool) constant(now time.Time) interval {
	var i interval
	for _, period := range p.periods {
		for _, t := range []time.Time{period.from, period.to} {
			switch {
			case t.IsZero():
			case t.After(now):
				if i.to.IsZero() || t.Before(i.to) {
					i.to = t
				}
			case i.from.IsZero() || t.After(i.from):
				i.from = t
			}
		}
	}
	return i
}

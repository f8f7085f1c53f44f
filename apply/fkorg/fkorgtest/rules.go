package fkorgtest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// interval is a period of validity: from belongs to it, to does not. A zero end is unbounded.
type interval struct{ from, to time.Time }

// covers reports whether t lies in the interval.
func (i interval) covers(t time.Time) bool {
	return (i.from.IsZero() || !i.from.After(t)) && (i.to.IsZero() || i.to.After(t))
}

// overlaps reports whether two intervals share any time. An empty one shares none.
func (i interval) overlaps(j interval) bool {
	if i.empty() || j.empty() {
		return false
	}
	return (i.from.IsZero() || j.to.IsZero() || i.from.Before(j.to)) && (j.from.IsZero() || i.to.IsZero() || j.from.Before(i.to))
}

func (i interval) empty() bool { return !i.to.IsZero() && !i.from.IsZero() && !i.from.Before(i.to) }

// instant reads a Tidspunkt; unbounded and absent are both the zero time. The schema has been checked.
func instant(n *xmltree.Node) time.Time {
	t, err := parseTime(n.Child(sd, "TidsstempelDatoTid").Content())
	if err != nil {
		return time.Time{} // GraenseIndikator, or nothing stated
	}
	return t
}

// breaks reports what the guidance forbids and the schema allows. The service answers it with status 40. Entries that
// stand in kept are as they were: only the register that KOMBIT owns has such as nobody may write.
func (s *service) breaks(l, kept lists) error {
	var errs []error
	for i, list := range l {
		for _, e := range list {
			if !e.extension() && !holds(kept[i], e) {
				errs = append(errs, breaksPeriod(e))
			}
		}
	}
	errs = append(errs, s.breaksProperties(l[attributes]), breaksStates(l[states]), breaksAddresses(l[relations]),
		breaksIndexes(l[relations]), s.breaksOwner(l[relations]))
	return errors.Join(errs...)
}

func breaksPeriod(e entry) error {
	switch {
	case !e.period.stated:
		return fmt.Errorf("%s: FraTidspunkt is missing", e.local())
	case e.period.from.IsZero():
		return fmt.Errorf("%s: FraTidspunkt is unbounded", e.local())
	case !e.period.to.IsZero() && e.period.to.Before(e.period.from):
		return fmt.Errorf("%s: TilTidspunkt lies before FraTidspunkt", e.local())
	}
	return nil
}

func (s *service) breaksProperties(list []entry) error {
	count := 0
	for _, p := range list {
		if p.extension() {
			continue
		}
		count++
		if p.text("ns2:BrugervendtNoegleTekst") == "" {
			return errors.New("BrugervendtNoegleTekst is missing")
		}
		if p.text(s.title) == "" {
			return fmt.Errorf("%s is missing", s.title)
		}
	}
	if count == 0 {
		return errors.New("no Egenskab")
	}
	return nil
}

func breaksStates(list []entry) error {
	for i, a := range list {
		for _, b := range list[:i] {
			if !a.extension() && !b.extension() && a.period.overlaps(b.period.interval) {
				return errors.New("two Gyldighed overlap")
			}
		}
	}
	return nil
}

func breaksAddresses(list []entry) error {
	seen := map[string]bool{}
	for _, e := range list {
		if e.tag != "ns2:Adresser" {
			continue
		}
		if seen[e.refersTo()] {
			return fmt.Errorf("the address %s is referred to twice", e.ref)
		}
		seen[e.refersTo()] = true
	}
	return nil
}

func breaksIndexes(list []entry) error {
	seen := map[[2]string]bool{}
	for _, e := range list {
		if e.kind == nil {
			continue
		}
		at := [2]string{e.tag, e.text("ns2:Indeks")}
		if seen[at] {
			return fmt.Errorf("%s: the Indeks %q occurs twice", e.local(), at[1])
		}
		seen[at] = true
	}
	return nil
}

func (s *service) breaksOwner(list []entry) error {
	exactly := func(local string) error {
		k := 0
		for _, e := range list {
			if e.tag == "ns2:"+local {
				k++
			}
		}
		if k != 1 {
			return fmt.Errorf("%d %s, there must be one", k, local)
		}
		return nil
	}
	switch s.name {
	case "organisationenhed", "bruger":
		return exactly("Tilhoerer")
	case "organisationfunktion":
		return errors.Join(exactly("Funktionstype"), exactly("TilknyttedeOrganisationer"))
	}
	return nil
}

// holds reports whether the same entry stands in a list.
func holds(list []entry, e entry) bool {
	return slices.ContainsFunc(list, func(have entry) bool { return same(have, e) })
}

func same(a, b entry) bool {
	return a.tag == b.tag && a.refersTo() == b.refersTo() && a.kind == b.kind && a.body == b.body &&
		a.period.stated == b.period.stated && a.period.from.Equal(b.period.from) && a.period.to.Equal(b.period.to)
}

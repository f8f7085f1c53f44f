package fkorgtest

import (
	"errors"
	"fmt"
	"strings"
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

func validityOf(entry *xmltree.Node) interval {
	v := entry.Child(sd, "Virkning")
	return interval{instant(v.Child(sd, "FraTidspunkt")), instant(v.Child(sd, "TilTidspunkt"))}
}

// breaks reports what the guidance forbids and the schema allows. The service answers it with status 40.
func (s *service) breaks(l Lists) error {
	var errs []error
	for _, list := range l.all() {
		for _, e := range list.Elements() {
			if e.Name.Local != "LokalUdvidelse" && s.name != "organisation" { // KOMBIT's own entries have no bounds
				errs = append(errs, breaksPeriod(e))
			}
		}
	}
	properties := l.Attributes.All(s.ns(), "Egenskab")
	if len(properties) == 0 {
		errs = append(errs, errors.New("no Egenskab"))
	}
	for _, p := range properties {
		errs = append(errs, s.breaksProperty(p))
	}
	errs = append(errs, breaksStates(l.States), breaksAddresses(l.Relations), breaksIndexes(l.Relations), s.breaksOwner(l.Relations))
	return errors.Join(errs...)
}

func breaksPeriod(e *xmltree.Node) error {
	from := e.Child(sd, "Virkning").Child(sd, "FraTidspunkt")
	i := validityOf(e)
	switch {
	case from == nil:
		return fmt.Errorf("%s: FraTidspunkt is missing", e.Name.Local)
	case i.from.IsZero():
		return fmt.Errorf("%s: FraTidspunkt is unbounded", e.Name.Local)
	case !i.to.IsZero() && i.to.Before(i.from):
		return fmt.Errorf("%s: TilTidspunkt lies before FraTidspunkt", e.Name.Local)
	}
	return nil
}

func (s *service) breaksProperty(p *xmltree.Node) error {
	name := ""
	for _, c := range p.Elements() {
		if c.Name.Local == s.nameTag {
			name = c.Content()
		}
	}
	if p.Child(sd, "BrugervendtNoegleTekst").Content() == "" {
		return errors.New("BrugervendtNoegleTekst is missing")
	}
	if name == "" {
		return fmt.Errorf("%s is missing", s.nameTag)
	}
	return nil
}

func breaksStates(states *xmltree.Node) error {
	all := states.All(faelles, "Gyldighed")
	for i, a := range all {
		for _, b := range all[:i] {
			if validityOf(a).overlaps(validityOf(b)) {
				return errors.New("two Gyldighed overlap")
			}
		}
	}
	return nil
}

func breaksAddresses(relations *xmltree.Node) error {
	seen := map[string]bool{}
	for _, a := range relations.All(sd, "Adresser") {
		ref := reference(a.Child(sd, "ReferenceID"))
		if seen[ref] {
			return fmt.Errorf("the address %s is referred to twice", ref)
		}
		seen[ref] = true
	}
	return nil
}

func breaksIndexes(relations *xmltree.Node) error {
	seen := map[string]bool{}
	for _, r := range relations.Elements() {
		index := r.Child(sd, "Indeks")
		if index == nil {
			continue
		}
		id := r.Name.Local + "\x00" + index.RawContent()
		if seen[id] {
			return fmt.Errorf("%s: the Indeks %q occurs twice", r.Name.Local, index.RawContent())
		}
		seen[id] = true
	}
	return nil
}

func (s *service) breaksOwner(relations *xmltree.Node) error {
	exactly := func(local string) error {
		if k := len(relations.All(sd, local)); k != 1 {
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

// reference reads a reference, whether it was wrapped as a UUID or as a URN.
func reference(n *xmltree.Node) string {
	v := n.Child(sd, "UUIDIdentifikator").Content() + n.Child(sd, "URNIdentifikator").Content()
	return strings.TrimPrefix(strings.ToLower(v), "urn:uuid:")
}

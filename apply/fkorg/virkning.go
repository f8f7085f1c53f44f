package fkorg

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"orgit.dk/orgit/internal/soap/xmltree"
	"orgit.dk/orgit/org"
)

// koebenhavn is the zone of all midnights. The database is compiled in, so it is there.
var koebenhavn = sync.OnceValue(func() *time.Location {
	zone, err := org.Copenhagen()
	if err != nil {
		panic(fmt.Sprintf("fkorg: the compiled-in time zones lack Copenhagen: %v", err))
	}
	return zone
})

// Tidspunkt is one end of a period: an instant, or no bound (GraenseIndikator). The zero value means that the message
// did not say.
type Tidspunkt struct {
	Tid         time.Time
	Ubegraenset bool
	tekst       string // as it was read, so that it goes back as it was
}

// Midnat is the beginning of a day in Denmark.
func Midnat(day org.Day) (Tidspunkt, error) {
	t, err := time.ParseInLocation(time.DateOnly, string(day), koebenhavn())
	if err != nil {
		return Tidspunkt{}, fmt.Errorf("day %q: %w", day, err)
	}
	return Tidspunkt{Tid: t}, nil
}

// Instant is an exact point in time.
func Instant(t time.Time) Tidspunkt { return Tidspunkt{Tid: t} }

// Ubegraenset is the end that does not come.
func Ubegraenset() Tidspunkt { return Tidspunkt{Ubegraenset: true} }

// Angivet reports whether there is anything in it.
func (t Tidspunkt) Angivet() bool { return t.Ubegraenset || !t.Tid.IsZero() }

// Dag is the Danish day on which an instant lies; empty for no bound.
func (t Tidspunkt) Dag() org.Day {
	if t.Tid.IsZero() {
		return ""
	}
	return org.Day(t.Tid.In(koebenhavn()).Format(time.DateOnly))
}

// Tekst is the instant as xs:dateTime, with the Danish offset: 2026-12-01T00:00:00+01:00. A reader that looks at the
// text alone must find the right date, so midnights are never written in UTC.
func (t Tidspunkt) Tekst() string {
	if t.tekst != "" {
		return t.tekst
	}
	return t.Tid.In(koebenhavn()).Format("2006-01-02T15:04:05.999999999-07:00")
}

// laesTid reads xs:dateTime with or without fraction and offset; without offset it is Danish time.
func laesTid(tekst string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339Nano, tekst); err == nil {
		return t, nil
	}
	t, err := time.ParseInLocation("2006-01-02T15:04:05.999999999", tekst, koebenhavn())
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no xs:dateTime", tekst)
	}
	return t, nil
}

func laesTidspunkt(n *xmltree.Node) (Tidspunkt, error) {
	if n == nil {
		return Tidspunkt{}, nil
	}
	if g := n.Child(nsSagDok, "GraenseIndikator"); g != nil {
		if v := g.Content(); v != "true" && v != "1" {
			return Tidspunkt{}, fmt.Errorf("%s: GraenseIndikator is %q, only true means something", n.Name.Local, v)
		}
		return Ubegraenset(), nil
	}
	tekst := n.Child(nsSagDok, "TidsstempelDatoTid").Content()
	t, err := laesTid(tekst)
	if err != nil {
		return Tidspunkt{}, fmt.Errorf("%s: %w", n.Name.Local, err)
	}
	return Tidspunkt{Tid: t, tekst: tekst}, nil
}

func (t Tidspunkt) node(navn string) *xmltree.Node {
	switch {
	case t.Ubegraenset:
		return xmltree.Element(nsSagDok, navn, xmltree.Leaf(nsSagDok, "GraenseIndikator", "true"))
	case t.Tid.IsZero():
		return nil
	}
	return xmltree.Element(nsSagDok, navn, xmltree.Leaf(nsSagDok, "TidsstempelDatoTid", t.Tekst()))
}

// Virkning is the period of validity of an entry, and who says so. Fra belongs to it, Til does not.
type Virkning struct {
	Fra, Til   Tidspunkt
	Aktoer     Reference
	AktoerType string
	Note       string
}

// PeriodeVirkning turns a period of days into one of instants: the last day counts in full, so Til is the midnight
// after it. A period without a first day gets no Fra: FK Organisation wants one, so the caller must state it.
func PeriodeVirkning(p org.Period) (Virkning, error) {
	v := Virkning{Til: Ubegraenset()}
	var errFra, errTil error
	if p.From != "" {
		v.Fra, errFra = Midnat(p.From)
	}
	if p.To != "" {
		v.Til, errTil = Midnat(p.To.Add(1))
	}
	return v, errors.Join(errFra, errTil)
}

// Gaelder reports whether the entry is valid at the instant.
func (v Virkning) Gaelder(t time.Time) bool {
	return (v.Fra.Tid.IsZero() || !v.Fra.Tid.After(t)) && v.SlutterEfter(t)
}

// SlutterEfter reports whether the entry is valid at the instant or later, and for any time at all: Til = Fra is how an
// entry is taken back that was never valid.
func (v Virkning) SlutterEfter(t time.Time) bool {
	if v.Til.Tid.IsZero() {
		return true
	}
	return v.Til.Tid.After(t) && v.Til.Tid.After(v.Fra.Tid)
}

// Periode gives the period in days: the first day and the last, empty where unbounded.
func (v Virkning) Periode() org.Period { return org.Period{From: v.Fra.Dag(), To: v.Til.Dag().Add(-1)} }

// Afsluttet is the period ended at the instant, but never before it began: an entry that would have begun later becomes
// empty.
func (v Virkning) Afsluttet(ved Tidspunkt) Virkning {
	if ved.Tid.Before(v.Fra.Tid) {
		ved = v.Fra
	}
	v.Til = ved
	return v
}

func laesVirkning(n *xmltree.Node) (Virkning, error) {
	if n == nil {
		return Virkning{}, nil
	}
	fra, errFra := laesTidspunkt(n.Child(nsSagDok, "FraTidspunkt"))
	til, errTil := laesTidspunkt(n.Child(nsSagDok, "TilTidspunkt"))
	v := Virkning{
		Fra: fra, Til: til,
		Aktoer:     laesReference(n.Child(nsSagDok, "AktoerRef")),
		AktoerType: n.Child(nsSagDok, "AktoerTypeKode").Content(),
		Note:       n.Child(nsSagDok, "NoteTekst").RawContent(),
	}
	return v, errors.Join(errFra, errTil)
}

func (v Virkning) node() *xmltree.Node {
	if v == (Virkning{}) {
		return nil
	}
	n := xmltree.Element(nsSagDok, "Virkning").Add(v.Fra.node("FraTidspunkt"), v.Til.node("TilTidspunkt"), v.Aktoer.node("AktoerRef"))
	return n.Add(valgfri("AktoerTypeKode", v.AktoerType), valgfri("NoteTekst", v.Note))
}

// valgfri is an element that is left out when it has nothing to say.
func valgfri(navn, tekst string) *xmltree.Node {
	if tekst == "" {
		return nil
	}
	return xmltree.Leaf(nsSagDok, navn, tekst)
}

// sammeUUID compares as the register does: without regard to case, and to how the UUID was wrapped.
func sammeUUID(a, b string) bool { return a == b || Til(a).UUID() == Til(b).UUID() }

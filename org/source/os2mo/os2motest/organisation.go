package os2motest

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Organisation is what an OS2mo holds: objects by collection (org_units, persons …).
type Organisation map[string][]Object

// Object is something with a UUID and validities.
type Object struct {
	UUID       string
	Known      time.Time // when it was registered; visible to registration times from then on
	Validities []Validity
}

// Validity is what an object says from From until, but not including, To; times as OS2mo
// writes them, "" for open. Fields are by their GraphQL names: a reference (…_response) is
// a UUID, a list of references a []string.
type Validity struct {
	From, To string
	Fields   Fields
}

// Fields are the fields of a validity.
type Fields map[string]any

// ID makes a UUID of a name; the same name gives the same one.
func ID(name string) string {
	h := sha256.Sum256([]byte("os2motest " + name))
	h[6], h[8] = h[6]&0x0f|0x40, h[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

// Midnight writes the beginning of a day (YYYY-MM-DD) in Denmark as OS2mo does. It panics
// on what is no day: it is for organisations that are written in Go.
func Midnight(day string) string {
	if day == "" {
		return ""
	}
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		panic(err)
	}
	t, err := time.ParseInLocation(time.DateOnly, day, zone)
	if err != nil {
		panic(err)
	}
	return t.Format(time.RFC3339)
}

// Add adds an object.
func (o Organisation) Add(collection, uuid string, validities ...Validity) {
	o[collection] = append(o[collection], Object{UUID: uuid, Validities: validities})
}

// On is a validity from a day until, but not including, another; "" for open.
func On(from, to string, fields Fields) Validity {
	return Validity{Midnight(from), Midnight(to), fields}
}

// CPRNumbers gives every CPR number of the organisation.
func (o Organisation) CPRNumbers() []string {
	seen := map[string]bool{}
	for _, p := range o["persons"] {
		for _, v := range p.Validities {
			if text, ok := v.Fields["cpr_number"].(string); ok {
				seen[text] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func (v Validity) overlaps(w window) bool {
	from, to := instant(v.From), instant(v.To)
	return (to.IsZero() || w.from.IsZero() || to.After(w.from)) && (from.IsZero() || w.to.IsZero() || from.Before(w.to))
}

func instant(text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return t
}

// window is the time that is asked about, [from, to); zero for open.
type window struct{ from, to time.Time }

// at is the window of an instant.
func at(t time.Time) window { return window{t, t.Add(time.Nanosecond)} }

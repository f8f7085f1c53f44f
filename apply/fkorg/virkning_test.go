package fkorg

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/soap/xmltree"
	"orgit.dk/orgit/org"
)

func TestPeriodsOfDays(t *testing.T) {
	tests := []struct {
		name     string
		in       org.Period
		fra, til string // as written
	}{
		{"winter", org.Period{From: "2026-12-01", To: "2026-12-31"}, "2026-12-01T00:00:00+01:00", "2027-01-01T00:00:00+01:00"},
		{"summer", org.Period{From: "2026-07-01", To: "2026-07-31"}, "2026-07-01T00:00:00+02:00", "2026-08-01T00:00:00+02:00"},
		{"last day before the clocks go forward", org.Period{From: "2026-03-28", To: "2026-03-28"}, "2026-03-28T00:00:00+01:00", "2026-03-29T00:00:00+01:00"},
		{"last day is the one with 23 hours", org.Period{From: "2026-03-29", To: "2026-03-29"}, "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"},
		{"leap day", org.Period{From: "2028-02-28", To: "2028-02-29"}, "2028-02-28T00:00:00+01:00", "2028-03-01T00:00:00+01:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v, err := PeriodeVirkning(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{tt.fra, tt.til}, []string{v.Fra.Tekst(), v.Til.Tekst()}); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.in, v.Periode()); diff != "" {
				t.Errorf("back to days: %s", diff)
			}
		})
	}
	open, err := PeriodeVirkning(org.Period{From: "2026-01-01"})
	if err != nil || !open.Til.Ubegraenset || open.Periode().To != "" {
		t.Errorf("open end: %+v, %v", open, err)
	}
	if _, err := PeriodeVirkning(org.Period{From: "2026-02-31"}); err == nil {
		t.Error("2026-02-31 is accepted")
	}
}

func TestReadsEveryDateTime(t *testing.T) {
	want := time.Date(2026, 6, 1, 22, 0, 0, 0, time.UTC)
	for _, in := range []string{"2026-06-02T00:00:00+02:00", "2026-06-01T22:00:00Z", "2026-06-02T00:00:00", "2026-06-02T00:00:00.000", "2026-06-01T22:00:00.000000Z"} {
		n := xmltree.Element(nsSagDok, "FraTidspunkt", xmltree.Leaf(nsSagDok, "TidsstempelDatoTid", in))
		got, err := laesTidspunkt(n)
		if err != nil || !got.Tid.Equal(want) || got.Dag() != "2026-06-02" {
			t.Errorf("%s: %v, %v", in, got.Tid, err)
		}
		if got.Tekst() != in {
			t.Errorf("%s goes back as %s", in, got.Tekst())
		}
	}
	for _, in := range []string{"", "2026-06-02", "i morgen"} {
		if _, err := laesTidspunkt(xmltree.Element(nsSagDok, "FraTidspunkt", xmltree.Leaf(nsSagDok, "TidsstempelDatoTid", in))); err == nil {
			t.Errorf("%q is accepted", in)
		}
	}
	if _, err := laesTidspunkt(xmltree.Element(nsSagDok, "TilTidspunkt", xmltree.Leaf(nsSagDok, "GraenseIndikator", "false"))); err == nil {
		t.Error("GraenseIndikator false is accepted")
	}
}

func TestValidity(t *testing.T) {
	at := func(day int) Tidspunkt { return Instant(time.Date(2026, 1, day, 0, 0, 0, 0, koebenhavn())) }
	tests := []struct {
		name          string
		v             Virkning
		valid, future bool // on the 10th
	}{
		{"nothing stated", Virkning{}, true, true},
		{"began today", Virkning{Fra: at(10)}, true, true},
		{"begins tomorrow", Virkning{Fra: at(11)}, false, true},
		{"ends today", Virkning{Fra: at(1), Til: at(10)}, false, false},
		{"ends tomorrow", Virkning{Fra: at(1), Til: at(11)}, true, true},
		{"unbounded", Virkning{Fra: Ubegraenset(), Til: Ubegraenset()}, true, true},
		{"taken back before it began", Virkning{Fra: at(20), Til: at(20)}, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.v.Gaelder(at(10).Tid); got != tt.valid {
				t.Errorf("Gaelder %v", got)
			}
			if got := tt.v.SlutterEfter(at(10).Tid); got != tt.future {
				t.Errorf("SlutterEfter %v", got)
			}
			if tt.v.Afsluttet(at(10)).SlutterEfter(at(10).Tid) {
				t.Error("ended, and still not over")
			}
		})
	}
}

func TestRens(t *testing.T) {
	tests := []struct{ in, want string }{
		{"Blå", "Blå"},
		{"a\x00b\x0bc\ufffe", "abc"},
		{"linje\r\n\tto", "linje   to"},
		{"  rand ", "rand"},
		{"\xff", ""},
	}
	for _, tt := range tests {
		if got := Rens(tt.in); got != tt.want {
			t.Errorf("Rens(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
	if ForLang("æøå", 3) != 0 || ForLang("æøåx", 3) != 1 {
		t.Error("length is not counted in characters")
	}
}

func TestReferencesCompareByValue(t *testing.T) {
	for _, r := range []Reference{Til("ABCD1234-0000-4000-8000-000000000000"), {Vaerdi: "abcd1234-0000-4000-8000-000000000000", URN: true},
		{Vaerdi: "urn:uuid:abcd1234-0000-4000-8000-000000000000", URN: true}} {
		if !r.ErTil("abcd1234-0000-4000-8000-000000000000") || r.UUID() != "abcd1234-0000-4000-8000-000000000000" {
			t.Errorf("%+v is another", r)
		}
	}
}

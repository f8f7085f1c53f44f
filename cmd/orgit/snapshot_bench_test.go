package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/fkorg"
	"orgit.dk/orgit/internal/sealed"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/korsbaek"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema/plain"
)

// BenchmarkSnapshot writes and reads a snapshot of Active Directory and FK Organisation
// that hold exactly what a municipality asks for. ORGIT_BENCH_UNITS and
// ORGIT_BENCH_PEOPLE set its size; docs/performance.md has 5,000 and 50,000.
func BenchmarkSnapshot(b *testing.B) {
	s := benchSnapshot(b, benchNumber(b, "ORGIT_BENCH_UNITS", 50), benchNumber(b, "ORGIT_BENCH_PEOPLE", 500))
	key, err := age.GenerateX25519Identity()
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "s.age")
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			if err := writeSealed(path, []age.Recipient{key.Recipient()}, func(w io.Writer) error { return plan.WriteSnapshot(w, s) }); err != nil {
				b.Fatal(err)
			}
		}
		file, err := os.Stat(path)
		if err != nil {
			b.Fatal(err)
		}
		var plain counter
		if err := plan.WriteSnapshot(&plain, s); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(file.Size())/1e6, "MB-file")
		b.ReportMetric(float64(plain)/1e6, "MB-plain")
		b.ReportMetric(float64(len(s.Targets[0].Actual.Objects)+len(s.Targets[1].Actual.Objects)), "objects")
	})
	s = nil // what is read is measured alone
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			before := liveHeap()
			read := readBench(b, path, key)
			b.ReportMetric(float64(liveHeap()-before)/1e6, "MB-in-memory")
			runtime.KeepAlive(read)
		}
	})
}

func readBench(b *testing.B, path string, key age.Identity) *plan.Snapshot {
	b.Helper()
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	r, err := sealed.NewReader(f, []age.Identity{key})
	if err != nil {
		b.Fatal(err)
	}
	s, err := plan.ReadSnapshot(r)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// liveHeap is what is in use, in bytes.
func liveHeap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

type counter int64

// Write implements io.Writer.
func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

func benchNumber(b *testing.B, name string, otherwise int) int {
	b.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatalf("%s: %v", name, err)
	}
	return n
}

func benchSnapshot(b *testing.B, units, people int) *plan.Snapshot {
	b.Helper()
	o := benchOrganisation(b, units, people)
	s := &plan.Snapshot{
		Municipality: "Korsbæk Kommune", CVR: korsbaek.CVR, Read: time.Date(2026, 12, 1, 5, 0, 0, 0, time.UTC).Format(time.RFC3339),
		Day: korsbaek.Today, Commit: "c0ffee", Tool: version,
	}
	for _, desired := range []func(*org.Organisation, org.Day) (plan.State, error){ad.Desired, fkorg.Desired} {
		state, err := desired(o, korsbaek.Today)
		if err != nil {
			b.Fatal(err)
		}
		a := plan.Actual{Target: state.Target}
		for i := range state.Objects {
			if want := &state.Objects[i]; want.Gone == nil {
				a.Objects = append(a.Objects, asAsked(want))
			}
		}
		if err := a.Sort(); err != nil {
			b.Fatal(err)
		}
		s.Targets = append(s.Targets, plan.Reading{Settings: "x", Actual: a})
	}
	return s
}

// asAsked is an object as a target holds it that has exactly what is asked for.
func asAsked(want *plan.Object) plan.Found {
	f := plan.Found{
		ID: want.ID, Name: want.Name, Ref: "CN=" + want.Name + ",OU=" + want.Unit + ",OU=Område,OU=Organisation,DC=korsbaek,DC=example",
		Handle: string(want.UUID), Attrs: map[string][]string{}, Shows: map[string]string{},
	}
	for _, a := range want.Attrs {
		if len(a.Value) > 0 {
			f.Attrs[a.Name] = a.Value
		}
		if a.Show != "" {
			f.Shows[a.Name] = a.Show
		}
		f.Uses = append(f.Uses, a.Refs...)
	}
	return f
}

// benchOrganisation is a tree of units, eight below each, every one with a leader, and
// people spread evenly over them.
func benchOrganisation(b *testing.B, units, people int) *org.Organisation {
	b.Helper()
	var u, p []string
	for i := range units {
		parent := ""
		if i > 0 {
			parent = fmt.Sprintf(`"parent": "u%d", `, (i-1)/8)
		}
		u = append(u, fmt.Sprintf(`"u%d": {"uuid": %q, "name": "Enhed %d", %s"type": "afdeling", "from": "2010-01-01",
			"addresses": {"phone": "+4530%06d", "email": "u%d@korsbaek.example", "visit": "Åvej %d, 4298 Korsbæk"},
			"managers": {"a": {"person": "p%d", "role": "leder", "from": "2020-01-01"}}}`, i, org.DeriveUUID("u", fmt.Sprint(i)), i, parent, i, i, i, i))
	}
	for i := range people {
		p = append(p, fmt.Sprintf(`"p%d": {"uuid": %q, "name": {"given": "Anna", "surname": "Jensen %d"},
			"addresses": {"phone": "+4540%06d", "email": "k%d@korsbaek.example"},
			"engagements": {"a": {"unit": "u%d", "title": "laerer", "type": "m", "from": "2020-01-01", "payroll": {"system": "sd", "institution": "XY", "number": "n%d"}}},
			"accounts": {"ad": {"system": "ad", "name": "k%d", "kind": "personal", "fk": true}}}`, i, org.DeriveUUID("p", fmt.Sprint(i)), i, i, i, i%units, i, i))
	}
	var parts org.Organisation
	if err := plain.DecodeJSON([]byte(`{"units": {`+strings.Join(u, ",\n")+`}, "people": {`+strings.Join(p, ",\n")+`}}`), &parts); err != nil {
		b.Fatal(err)
	}
	parts.Settings = org.Settings{
		Name: "Korsbæk Kommune", CVR: korsbaek.CVR, Language: "da",
		Targets: org.Targets{
			AD: &org.ADSettings{Mode: org.ModeFull, BaseDN: "OU=Organisation,DC=korsbaek,DC=example", QuarantineOU: "Karantæne", Layout: "mirror",
				UsersOU: "Brugere", UPNSuffix: "korsbaek.example"},
			FKOrganisation: &org.FKSettings{Mode: org.ModeFull, Organisation: korsbaek.FKOrganisation},
		},
		Classes: org.Classes{
			UnitTypes: map[string]org.Class{"afdeling": {Name: "Afdeling", FK: "department"}}, Titles: map[string]org.Class{"laerer": {Name: "Lærer"}},
			ManagerRoles: map[string]org.Class{"leder": {Name: "Leder"}},
		},
	}
	return org.New(parts, nil)
}

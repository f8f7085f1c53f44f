package ad_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// byChanges is a reader of a sandbox that keeps what it reads, and what it said.
type byChanges struct {
	t      *testing.T
	config ad.Config
	said   []string
}

func newByChanges(t *testing.T, s *sandbox) *byChanges {
	b := &byChanges{t: t, config: newLine(t, s).config(organisation(t, smallTown, func(s *org.ADSettings) { s.Read = "changes" }))}
	b.config.CacheDir = filepath.Join(t.TempDir(), "cache")
	b.config.Warn = func(text string) { b.said = append(b.said, text) }
	return b
}

// read gives what is there by changes, and how often it said that it read everything.
func (b *byChanges) read() plan.Actual {
	b.t.Helper()
	b.said = nil
	return whole(b.t, b.config)
}

func whole(t *testing.T, c ad.Config) plan.Actual {
	t.Helper()
	r, err := ad.OpenReader(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	a, err := r.Actual(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	a.Mark, a.Fold = nil, nil
	return a
}

// full gives what is there, read in full.
func (b *byChanges) full() plan.Actual {
	c := b.config
	c.Changes = false
	return whole(b.t, c)
}

func (b *byChanges) file() string {
	b.t.Helper()
	found, err := filepath.Glob(filepath.Join(b.config.CacheDir, "*"))
	if err != nil || len(found) != 1 {
		b.t.Fatalf("files kept: %v, %v", found, err)
	}
	return found[0]
}

// TestChangesAreTheWhole: whatever happens in the directory, a read by changes gives what a
// full read gives.
func TestChangesAreTheWhole(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		in, out := newSandbox(t, d), newSandbox(t, d)
		b := newByChanges(t, in)
		b.read()
		if len(b.said) != 1 || !strings.Contains(b.said[0], "nothing is kept") {
			t.Errorf("the first read said %q", b.said)
		}
		h := &hands{sandbox: in, random: rand.New(rand.NewPCG(1, 2)), outside: out.ou}
		for range 12 {
			h.work()
		}
		for round := range 25 {
			for range 1 + h.random.IntN(6) {
				h.work()
			}
			got, want := b.read(), b.full()
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("round %d, after\n%s\n(-full +changes):\n%s", round, strings.Join(h.did, "\n"), diff)
			}
			if len(b.said) > 0 {
				t.Errorf("round %d: %q", round, b.said)
			}
		}
		for what, n := range h.well {
			if n == 0 {
				t.Errorf("nothing of kind %d was done", what)
			}
		}
		kept, err := os.ReadFile(b.file())
		in.must(err)
		if bytes.Contains(kept, []byte("010203-1234")) || bytes.Contains(kept, []byte("0102031234")) {
			t.Error("a CPR number is kept")
		}
		if info, err := os.Stat(b.file()); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
	})
}

// hands change a directory as people do.
type hands struct {
	*sandbox
	random  *rand.Rand
	outside string
	made    int
	well    [12]int // how often each kind of work was done
	did     []string
}

// some gives one of the DNs below a base with a class, empty when there is none.
func (h *hands) some(base, class string) string {
	found, err := h.SearchWithPaging(search(base, ldap.ScopeWholeSubtree, "(objectClass="+class+")", "objectGUID"), 500)
	h.must(err)
	if len(found.Entries) == 0 {
		return ""
	}
	return found.Entries[h.random.IntN(len(found.Entries))].DN
}

// work does one thing. What the directory refuses, such as a move below itself, is no harm.
func (h *hands) work() {
	h.made++
	scope, other := h.ou, h.outside
	if h.random.IntN(4) == 0 {
		scope, other = other, scope
	}
	ou, user, name := h.some(scope, "organizationalUnit"), h.some(scope, "user"), fmt.Sprintf("%c%d", 'a'+rune(h.random.IntN(5)), h.made)
	target := h.some(scope, "organizationalUnit")
	if h.random.IntN(3) == 0 {
		target = h.some(other, "organizationalUnit")
	}
	owner := fmt.Sprintf("orgit:00000000-0000-4000-8000-%012d", h.made)
	what, dn, err := h.random.IntN(12), user, error(nil)
	if what > 3 && what < 10 && user == "" || (what == 10 || what == 11) && ou == scope {
		what = 0
	}
	switch what {
	case 0, 1:
		dn = "CN=" + name + "," + ou
		err = h.addUser(dn, "sAMAccountName", h.id+name, "adminDescription", owner, "displayName", name)
	case 2:
		dn = "OU=" + name + "," + ou
		err = h.add(dn, "objectClass", "organizationalUnit", "adminDescription", owner)
	case 3:
		dn = "CN=0102031234 " + name + "," + ou
		err = h.addUser(dn, "sAMAccountName", h.id+name)
	case 4:
		err = h.modify(user, "replace", "title", []string{"Lærer", "leder 010203-1234", "Pædagog"}[h.random.IntN(3)])
	case 5:
		err = h.modify(user, "replace", "manager", h.some([]string{h.ou, h.outside}[h.random.IntN(2)], "user"))
	case 6:
		err = h.Del(ldap.NewDelRequest(user, nil))
	case 7:
		err = h.move(user, "CN="+name, "")
	case 8:
		err = h.move(user, strings.SplitN(user, ",", 2)[0], target)
	case 9:
		err = h.modify(user, "replace", "telephoneNumber")
	case 10:
		dn, err = ou, h.move(ou, "OU="+name, "")
	case 11:
		dn, err = ou, h.move(ou, strings.SplitN(ou, ",", 2)[0], target)
	}
	if err == nil {
		h.well[what]++
	}
	h.did = append(h.did, fmt.Sprint(what, " ", dn, " ", target, " ", err))
}

// TestChangesGoWrong: whatever is odd, everything is read, and it is said why.
func TestChangesGoWrong(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, b *byChanges, d directory)
		says  string
	}{
		{"damaged", func(t *testing.T, b *byChanges, _ directory) {
			data, err := os.ReadFile(b.file())
			if err != nil {
				t.Fatal(err)
			}
			data[len(data)/2] ^= 1
			if err := os.WriteFile(b.file(), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}, "damaged"},
		{"cut", func(t *testing.T, b *byChanges, _ directory) {
			if err := os.Truncate(b.file(), 300); err != nil {
				t.Fatal(err)
			}
		}, "cut"},
		{"empty", func(t *testing.T, b *byChanges, _ directory) {
			if err := os.Truncate(b.file(), 0); err != nil {
				t.Fatal(err)
			}
		}, "cut"},
		{"another version of orgit", func(_ *testing.T, b *byChanges, _ directory) { b.config.Version = "another" }, "nothing is kept"},
		{"another anchor", func(_ *testing.T, b *byChanges, _ directory) { b.config.Anchor = "url" }, "nothing is kept"},
		{"no folder", func(_ *testing.T, b *byChanges, _ directory) { b.config.CacheDir = "" }, "ORGIT_CACHE_DIR"},
		{"no right", func(_ *testing.T, _ *byChanges, d directory) {
			d.server.InjectRead(adtest.ReadFault{DirSync: true, Code: 50})
		}, "Replicating Directory Changes"},
		{"a cookie that is refused", func(_ *testing.T, _ *byChanges, d directory) {
			d.server.InjectRead(adtest.ReadFault{DirSync: true, Code: 12})
		}, "12"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := standIn(t, adtest.Options{})
			s := newSandbox(t, d)
			b := newByChanges(t, s)
			s.user("Anna", "title", "Lærer")
			b.read()
			c.spoil(t, b, d)
			s.user("Bo")
			got, want := b.read(), b.full()
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-full +changes):\n%s", diff)
			}
			if len(b.said) == 0 || !strings.Contains(strings.Join(b.said, " "), c.says) {
				t.Errorf("said %q, want %q", b.said, c.says)
			}
		})
	}
}

// TestPartialRead: a read that is cut anywhere, or limited, is an error or whole, never a part.
func TestPartialRead(t *testing.T) {
	d := standIn(t, adtest.Options{})
	s := newSandbox(t, d)
	for i := range 520 { // two pages
		s.must(s.addOU(fmt.Sprintf("OU=u%d,%s", i, s.ou)))
	}
	l := newLine(t, s)
	config := l.config(organisation(t, smallTown))
	if n := len(whole(t, config).Foreign); n != 520 {
		t.Fatalf("%d objects", n)
	}
	for _, c := range []struct {
		name  string
		fault adtest.ReadFault
		says  string // empty: whole, by a second try
	}{
		{"the connection is lost at the second page", adtest.ReadFault{AtPage: 2}, ""},
		{"the connection is lost twice", adtest.ReadFault{AtPage: 2, Times: 2}, "not reachable"},
		{"the second page is refused", adtest.ReadFault{AtPage: 2, Code: 53}, "53"},
		{"a size limit", adtest.ReadFault{AtPage: 1, Code: 4}, "in full"},
		{"a time limit", adtest.ReadFault{AtPage: 2, Code: 3}, "in full"},
		{"a referral for the whole", adtest.ReadFault{AtPage: 1, Code: 10}, "another server"},
		{"a referral for a part", adtest.ReadFault{AtPage: 1, Referral: "ldap://other.example/DC=child,DC=korsbaek,DC=example"}, "another server"},
		{"a referral to the configuration", adtest.ReadFault{AtPage: 1, Referral: "ldap://k.example/CN=Configuration,DC=korsbaek,DC=example"}, ""},
		{"no word of further pages", adtest.ReadFault{AtPage: 1, NoPaging: true}, "not complete"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d.server.InjectRead(c.fault)
			defer d.server.InjectRead(adtest.ReadFault{})
			r, err := ad.OpenReader(context.Background(), config)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			a, err := r.Actual(context.Background())
			switch {
			case c.says == "" && (err != nil || len(a.Foreign) != 520):
				t.Errorf("%d objects, %v", len(a.Foreign), err)
			case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || len(a.Foreign) > 0):
				t.Errorf("%d objects, %v, want that it says %q", len(a.Foreign), err, c.says)
			}
		})
	}
}

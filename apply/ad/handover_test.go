package ad_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// handedLine is what a hand-over command gets.
type handedLine struct {
	Account, Login, Person, Unit, Leader, FirstDay, Password string
}

// desk takes passwords over, as a command would. fail says which of its calls go wrong, the
// first being 1; it has taken the line then all the same.
type desk struct {
	t     *testing.T
	mu    sync.Mutex // several writers hand over at a time
	calls int
	fail  map[int]bool
	lines map[string][]handedLine // by account
}

func newDesk(t *testing.T) *desk { return &desk{t: t, lines: map[string][]handedLine{}} }

func (d *desk) run(_ context.Context, argv []string, stdin []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls++
	if !slices.Equal(argv, []string{"give", "it"}) || strings.Count(string(stdin), "\n") != 1 {
		d.t.Errorf("%v with %d lines", argv, strings.Count(string(stdin), "\n"))
	}
	var line handedLine
	if err := json.Unmarshal(stdin, &line); err != nil {
		d.t.Error(err)
	}
	d.lines[line.Account] = append(d.lines[line.Account], line)
	if d.fail[d.calls] {
		return errors.New("exit status 1")
	}
	return nil
}

// withPasswords sets the hand-over by command.
func withPasswords(s *org.ADSettings) {
	s.Passwords = &org.ADPasswords{Length: 20, Command: []string{"give", "it"}}
}

// gives carries a plan out with passwords.
func (l *line) gives(o *org.Organisation, p *plan.Plan, run ad.CommandRunner) *apply.Report {
	l.t.Helper()
	passwords, err := ad.Domain{}.NewPasswords(o, l.day(), rand.Reader, run)
	if err != nil {
		l.t.Fatal(err)
	}
	l.passwords = passwords
	return l.run(o, p)
}

// settle plans and carries out until nothing is left to do, and gives the number of runs.
func (l *line) settle(o *org.Organisation, run ad.CommandRunner) int {
	l.t.Helper()
	for runs := 1; runs < 4; runs++ {
		p := l.plan(o)
		if p.Empty() {
			return runs - 1
		}
		l.gives(o, p, run)
	}
	p := l.plan(o)
	if !p.Empty() {
		l.t.Fatalf("after three runs there still is to do: %v", summary(p))
	}
	return 3
}

// TestFirstPassword: a new account gets a password before it opens, one that is prepared
// when it is made; whoever leads gets it, with the first day. Nobody else's is touched.
func TestFirstPassword(t *testing.T) {
	each := func(t *testing.T, run func(*testing.T, directory)) {
		eachDirectory(t, run)
		t.Run("windows", func(t *testing.T) { run(t, standIn(t, adtest.Options{Rules: adtest.Windows})) })
	}
	each(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		text := s.unique(edited(t, smallTown, `"unit": "skole", "title": "laerer", "type": "m", "from": "2026-12-01"`, `"unit": "teknik", "title": "laerer", "type": "m", "from": "2026-12-01"`))
		o := organisation(t, text, withPasswords)
		taken := newDesk(t)
		l.gives(o, l.plan(o), taken.run)
		if again := l.plan(o); !again.Empty() {
			t.Fatalf("the second plan is not empty: %v", summary(again))
		}
		if taken.calls != 4 || s.stateOf("annj") != "Østre Skole 512" {
			t.Fatalf("%d passwords handed over, want 4; Anna is %s", taken.calls, s.stateOf("annj"))
		}
		l.on("2026-11-24")
		p := l.plan(o)
		if len(p.Operations) != 2 || p.Operations[0].Note != "med første adgangskode" || p.Operations[1].Attr("password") == nil ||
			p.Operations[1].Attr("password").ShowNew != "til lederen Dorte Ærø" {
			t.Errorf("plan: %+v", p.Operations)
		}
		l.gives(o, p, taken.run)
		e := s.byLogin("annj2", "adminDescription", "pwdLastSet")
		account := strings.TrimPrefix(e.GetAttributeValue("adminDescription"), "orgit:")
		if taken.calls != 5 || s.stateOf("annj2") != "Teknik, Vej & Miljø 514 orgit:disabled" || e.GetAttributeValue("pwdLastSet") != "0" {
			t.Fatalf("prepared: %d passwords, %s, pwdLastSet %s", taken.calls, s.stateOf("annj2"), e.GetAttributeValue("pwdLastSet"))
		}
		line := taken.lines[account][0]
		password := line.Password
		line.Password = ""
		want := handedLine{Account: account, Login: s.login("annj2"), Person: "anna2", Unit: "teknik", Leader: "direktoer", FirstDay: "2026-12-01"}
		if diff := cmp.Diff(want, line); diff != "" {
			t.Errorf("handed over (-want +got):\n%s", diff)
		}
		l.on("2026-12-01")
		l.gives(o, l.plan(o), taken.run)
		if taken.calls != 5 || s.stateOf("annj2") != "Teknik, Vej & Miljø 512" {
			t.Errorf("on the first day: %d passwords, %s", taken.calls, s.stateOf("annj2"))
		}
		if d.server != nil {
			if !d.server.HasPassword(e.DN, password) {
				t.Error("the password that was handed over is not the one that is set")
			}
			return
		}
		// 773: right, and to be changed first. 52e would be wrong.
		if err := d.dial(t).Bind(e.DN, password); err == nil || !strings.Contains(err.Error(), "data 773") {
			t.Errorf("log in with it: %v", err)
		}
	})
}

// TestPasswordOfOthers: an account that orgit did not make with passwords on, or to which
// somebody else has given one, keeps what it has.
func TestPasswordOfOthers(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s).on("2026-11-24")
		text := s.unique(smallTown)
		l.apply(organisation(t, text))
		taken := newDesk(t)
		o := organisation(t, text, withPasswords)
		if runs := l.settle(o, taken.run); runs != 0 {
			t.Errorf("turning passwords on takes %d runs", runs)
		}
		// The hand-over fails, and the helpdesk helps before the next run.
		fresh := organisation(t, edited(t, text, `"anna": {"uuid"`, `"ny": {"uuid": "00000000-0000-4000-8000-000000000019", "name": {"given": "Ny", "surname": "Mand"},
			"engagements": {"a": {"unit": "skole", "title": "laerer", "type": "m", "from": "2026-11-01"}},
			"accounts": {"ad": {"system": "ad", "name": "`+s.login("ny")+`", "kind": "personal", "fk": true}}},
			"anna": {"uuid"`), withPasswords)
		taken.fail = map[int]bool{1: true}
		report := l.gives(fresh, l.plan(fresh), taken.run)
		if n := report.Count(apply.Failed); n != 1 {
			t.Errorf("%d operations failed, want 1", n)
		}
		if got := s.stateOf("ny"); !strings.HasPrefix(got, "Østre Skole 514 orgit:new;first;attempt=") {
			t.Errorf("after a hand-over that failed it is %s", got)
		}
		s.must(s.modify(s.byLogin("ny").DN, "replace", "unicodePwd", "\"\x00K\x00b\x007\x00-\x00a\x00b\x00c\x00d\x00X\x00\"\x00"))
		if runs := l.settle(fresh, taken.run); runs != 1 || taken.calls != 1 || s.stateOf("ny") != "Østre Skole 512" {
			t.Errorf("%d runs, %d calls, %s", runs, taken.calls, s.stateOf("ny"))
		}
	})
}

// TestPasswordKilled kills a first load with passwords at each of its writes, and lets each
// hand-over fail. In the end the last password that each account's leader got is the one
// that works.
func TestPasswordKilled(t *testing.T) {
	whole := standIn(t, adtest.Options{Rules: adtest.Windows})
	s := newSandbox(t, whole)
	o := organisation(t, s.unique(smallTown), withPasswords)
	before := whole.server.Writes()
	newLine(t, s).on("2026-11-24").settle(o, newDesk(t).run)
	writes := whole.server.Writes() - before
	check := func(name string, f *adtest.Fault, fail map[int]bool) {
		d := standIn(t, adtest.Options{Rules: adtest.Windows})
		k := &sandbox{Conn: d.connect(t), t: t, id: s.id, ou: s.ou, d: d}
		k.must(k.addOU(k.ou))
		l := newLine(t, k).on("2026-11-24")
		taken := newDesk(t)
		taken.fail = fail
		p := l.plan(o)
		if f != nil {
			d.server.Inject(*f)
		}
		l.gives(o, p, taken.run)
		d.server.Mend()
		k.Conn = d.connect(t)
		if left := l.plan(o); (f == nil) && left.Empty() {
			t.Errorf("%s: nothing shows that a hand-over failed", name)
		}
		l.settle(o, taken.run)
		for _, login := range []string{"dorae", "adm-dorae", "larl", "annj", "annj2"} {
			e := k.byLogin(login, "adminDescription", "userAccountControl", "adminDisplayName")
			lines := taken.lines[strings.TrimPrefix(e.GetAttributeValue("adminDescription"), "orgit:")]
			state := e.GetAttributeValue("userAccountControl") + e.GetAttributeValue("adminDisplayName")
			wanted := "512"
			if login == "annj2" {
				wanted = "514orgit:disabled"
			}
			if len(lines) == 0 || !d.server.HasPassword(e.DN, lines[len(lines)-1].Password) || state != wanted {
				t.Fatalf("%s: %s is %s after %d hand-overs, and the last is not the one that works", name, login, state, len(lines))
			}
		}
	}
	for at := 1; at <= writes; at++ {
		for _, kind := range []adtest.FaultKind{adtest.LostRequest, adtest.LostAnswer} {
			check(fmt.Sprintf("%v at write %d", kind, at), &adtest.Fault{AtWrite: at, Kind: kind, Stay: true}, nil)
		}
	}
	for at := 1; at <= 5; at++ {
		check("hand-over", nil, map[int]bool{at: true})
	}
}

// TestPasswordFiles: each leader can read the passwords of their people, and nobody else
// can; a file that is there is replaced, and that is told.
func TestPasswordFiles(t *testing.T) {
	d := standIn(t, adtest.Options{Rules: adtest.Windows})
	s := newSandbox(t, d)
	l := newLine(t, s)
	leader, desk := identity(t), identity(t)
	folder := t.TempDir()
	o := organisation(t, s.unique(smallTown), func(s *org.ADSettings) {
		s.Passwords = &org.ADPasswords{Length: 20, Folder: folder,
			Recipients: map[string]string{"leder": leader.Recipient().String()}, Fallback: desk.Recipient().String()}
	})
	p := l.plan(o)
	e := o.Person("anna").Accounts[0].UUID()
	name := filepath.Join(folder, string(e)+".age")
	if err := os.WriteFile(name, []byte("an older one"), 0o644); err != nil {
		t.Fatal(err)
	}
	l.gives(o, p, nil)
	if again := l.plan(o); !again.Empty() {
		t.Fatalf("the second plan is not empty: %v", summary(again))
	}
	if got := l.passwords.Outcome(e); got != ad.ReplacedFile {
		t.Errorf("outcome %s", got)
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	line := decrypted(t, name, leader)
	if line.Leader != "leder" || !d.server.HasPassword(s.byLogin("annj").DN, line.Password) {
		t.Errorf("Anna's leader got %s's", line.Login)
	}
	if decrypted(t, filepath.Join(folder, string(o.Person("direktoer").Accounts[0].UUID())+".age"), desk).Password == "" {
		t.Error("the director's password is empty")
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 4 {
		t.Errorf("%d files, %v", len(left), err)
	}
}

func identity(t *testing.T) *age.X25519Identity {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func decrypted(t *testing.T, name string, id age.Identity) (line handedLine) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := age.Decrypt(f, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(r).Decode(&line); err != nil {
		t.Fatal(err)
	}
	return line
}

// TestPasswordSettings: what would leave passwords with nobody is refused by the plan.
func TestPasswordSettings(t *testing.T) {
	key := identity(t).Recipient().String()
	for _, c := range []struct {
		name string
		s    org.ADPasswords
		says string
	}{
		{"neither", org.ADPasswords{}, "nobody would get to know"},
		{"both", org.ADPasswords{Command: []string{"x"}, Folder: "/x", Fallback: key}, "not both"},
		{"relative command", org.ADPasswords{Command: []string{"./x"}}, "the whole path"},
		{"relative", org.ADPasswords{Folder: "x", Fallback: key}, "the whole path"},
		{"no key", org.ADPasswords{Folder: "/x"}, "needs recipients"},
		{"bad key", org.ADPasswords{Folder: "/x", Recipients: map[string]string{"leder": "age1x"}}, "no public key"},
		{"bad fallback", org.ADPasswords{Folder: "/x", Fallback: "age1x"}, "no public key"},
	} {
		_, err := ad.Desired(organisation(t, smallTown, func(s *org.ADSettings) { s.Passwords = &c.s }), "2026-11-23")
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
	}
	// A leader without a key is something to look at; the account is made all the same.
	want, err := ad.Desired(organisation(t, smallTown, func(s *org.ADSettings) {
		s.Passwords = &org.ADPasswords{Folder: "/x", Recipients: map[string]string{"leder": key}}
	}), "2026-11-23")
	if err != nil || len(want.Problems) != 3 || !want.Problems[0].Bearable {
		t.Errorf("%+v, %v", want.Problems, err)
	}
}

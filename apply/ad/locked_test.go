package ad_test

import (
	"context"
	"errors"
	"testing"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/org"
)

// locker opens a Locker that is closed with the test.
func (l *line) locker(o *org.Organisation) *ad.Locker {
	l.t.Helper()
	granted, err := apply.Emergency(nil, "", 0)
	if err != nil {
		l.t.Fatal(err)
	}
	k, err := ad.OpenLocker(context.Background(), l.config(o), granted)
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { _ = k.Close() }) // the server may have closed it
	return k
}

// TestLockWhileOpening: a lock that comes between a run's reading and its opening of an
// account holds, although it changes nothing but the mark.
func TestLockWhileOpening(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s).on("2026-11-24")
		o := organisation(t, s.unique(smallTown))
		l.apply(o)
		l.on("2026-12-01")
		p := l.plan(o)
		if len(p.Operations) != 1 {
			t.Fatalf("operations: %v", summary(p))
		}
		w := l.writer(o, p)
		now, err := w.Reread(context.Background(), p.Operations[0])
		s.must(err)
		account := o.Person("anna2").Accounts[0]
		state, err := l.locker(o).Lock(context.Background(), account.UUID(), account.Name)
		if err != nil || state != ad.LockHeld {
			t.Fatalf("lock: %s, %v", state, err)
		}
		if err := w.Write(context.Background(), p.Operations[0], now); !errors.Is(err, apply.ErrStale) {
			t.Errorf("opening it: %v, want %v", err, apply.ErrStale)
		}
		if got := s.stateOf("annj2"); got != "Østre Skole 514 orgit:locked;since=2026-12-01;was=disabled" {
			t.Errorf("it is %s", got)
		}
		// A plan that was made before the lock does not open it either.
		if report := l.run(o, p); report.Count(apply.Stale) != 1 {
			t.Errorf("the plan made before: %+v", report.Results)
		}
	})
}

// TestLockProtected: what the directory protects, and what is not orgit's, is left alone.
func TestLockProtected(t *testing.T) {
	d := standIn(t, adtest.Options{})
	s := newSandbox(t, d)
	l := newLine(t, s)
	o := organisation(t, s.unique(smallTown))
	l.apply(o)
	s.must(d.server.Set(s.byLogin("larl").DN, "adminCount", "1"))
	s.must(s.addUser("CN=fremmed,"+s.ou, "sAMAccountName", s.login("fremmed")))
	for _, c := range []struct {
		account org.UUID
		login   string
		want    ad.LockState
	}{
		{o.Person("leder").Accounts[0].UUID(), s.login("larl"), ad.LockProtected},
		{"00000000-0000-4000-8000-0000000000ff", s.login("fremmed"), ad.LockForeign},
		{"00000000-0000-4000-8000-0000000000ff", s.login("ingen"), ad.LockMissing},
	} {
		if got, err := l.locker(o).Lock(context.Background(), c.account, c.login); got != c.want || err != nil {
			t.Errorf("%s: %s, %v; want %s", c.login, got, err, c.want)
		}
	}
	if got := s.stateOf("larl"); got != "Østre Skole 512" {
		t.Errorf("the protected one is %s", got)
	}
}

// TestLockLosesAnAnswer: the account is closed, and the command says so, when a request or
// its answer is lost.
func TestLockLosesAnAnswer(t *testing.T) {
	for _, kind := range []adtest.FaultKind{adtest.LostRequest, adtest.LostAnswer} {
		d := standIn(t, adtest.Options{})
		s := newSandbox(t, d)
		l := newLine(t, s)
		o := organisation(t, s.unique(smallTown))
		l.apply(o)
		k := l.locker(o)
		account := o.Person("leder").Accounts[0]
		d.server.Inject(adtest.Fault{AtWrite: 1, Kind: kind})
		if state, err := k.Lock(context.Background(), account.UUID(), account.Name); state != ad.LockClosed || err != nil {
			t.Errorf("%v: %s, %v", kind, state, err)
		}
		s.Conn = d.connect(t)
		if got := s.stateOf("larl"); got != "Østre Skole 514 orgit:locked;since=2026-11-23;was=open" {
			t.Errorf("%v: it is %s", kind, got)
		}
	}
}

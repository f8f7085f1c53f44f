package ad_test

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/plan"
)

// TestControllerKilled kills a real domain controller (SIGKILL) in the middle of a run, and
// starts it again: the next run mends what the last request left. It takes a controller of its
// own: ORGIT_AD_KILL names the folder that .ci/samba/start.sh made for the directory in
// ORGIT_AD_URL, and ORGIT_AD_KILL_ADDRESS its address.
func TestControllerKilled(t *testing.T) {
	state := os.Getenv("ORGIT_AD_KILL")
	if state == "" {
		t.Skip("ORGIT_AD_KILL is not set: no domain controller that may be killed")
	}
	d := realDirectory(t)
	s := newSandbox(t, d)
	l := newLine(t, s)
	w := newTown(s.login(""), 1)
	w.people = w.people[:150]
	o := organisation(t, w.files(t))
	p := l.plan(o)
	killer := &killAfter{Linker: l.writer(o, p), state: state, left: 120}
	report, err := apply.Run(context.Background(), l.pass(p), map[string]apply.Writer{ad.Target: killer}, apply.NewJournal(io.Discard, p, time.Now))
	s.must(errors.Join(err, killer.err))
	if len(report.Open(ad.Target)) == 0 {
		t.Error("the run did not notice that the controller was killed")
	}
	start := exec.Command("../../.ci/samba/start.sh", state, os.Getenv("ORGIT_AD_KILL_ADDRESS"))
	if out, err := start.CombinedOutput(); err != nil {
		t.Fatalf("start the controller again: %v\n%s", err, out)
	}
	s.Conn = d.connect(t)
	l.apply(o)
	if n := len(s.names(2, "(&(objectClass=user)(!(adminDisplayName=*))(!(userAccountControl:1.2.840.113556.1.4.803:=2)))")); n != len(w.people) {
		t.Errorf("%d accounts are open, want %d", n, len(w.people))
	}
}

// killAfter kills the domain controller while an operation is under way.
type killAfter struct {
	apply.Linker
	state string
	left  int   // operations until then
	err   error // of the killing
}

// Write carries out an operation, or is what the killing leaves of it.
func (k *killAfter) Write(ctx context.Context, op plan.Operation, now *plan.Found) error {
	return k.during(func() error { return k.Linker.Write(ctx, op, now) })
}

// WriteLinked carries out two, or is what the killing leaves of them.
func (k *killAfter) WriteLinked(ctx context.Context, create, link plan.Operation) error {
	return k.during(func() error { return k.Linker.WriteLinked(ctx, create, link) })
}

func (k *killAfter) during(write func() error) error {
	if k.left--; k.left != 0 {
		return write()
	}
	text, err := os.ReadFile(filepath.Join(k.state, "run", "samba.pid"))
	if err != nil {
		k.err = err
		return err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		k.err = err
		return err
	}
	done := make(chan error)
	go func() { done <- write() }()
	k.err = syscall.Kill(pid, syscall.SIGKILL)
	return <-done
}

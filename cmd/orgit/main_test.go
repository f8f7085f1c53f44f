package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/korsbaek"
)

var update = flag.Bool("update", false, "write what the program prints into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"orgit": runUnderTest})
}

// runUnderTest is the program with a clock that stands at six in the morning of the day
// in TODAY.
func runUnderTest() {
	now, err := demoMorning(org.Day(os.Getenv("TODAY")))
	if err != nil {
		fmt.Fprintln(os.Stderr, "TODAY:", err)
		os.Exit(exitUnexpected)
	}
	os.Exit(execute(context.Background(), environment{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv,
		now: func() time.Time { return now },
	}, os.Args[1:]))
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		UpdateScripts:       *update,
		RequireUniqueNames:  true,
		RequireExplicitExec: false,
		Setup: func(env *testscript.Env) error {
			env.Setenv("TODAY", string(korsbaek.Today))
			env.Setenv("GIT_AUTHOR_NAME", "Test")
			env.Setenv("GIT_AUTHOR_EMAIL", "test@korsbaek.example")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":      cmdExits,
			"standins":   cmdStandIns,
			"demochange": cmdDemoChange,
			"commit":     cmdCommit,
			"merge":      cmdMerge,
			"byhand":     cmdByHand,
			"fault":      cmdFault,
			"replace":    cmdReplace,
			"stdoutwith": cmdStdoutWith,
		},
	})
}

// cmdExits runs orgit and demands an exit code: exits 3 check DIR.
func cmdExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE ARGS…")
	}
	err := ts.Exec("orgit", args[1:]...)
	code := 0
	if err != nil {
		exit, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("run orgit: %v", err)
		}
		code = exit.ExitCode()
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// standIns are the systems of one script.
type standIns struct {
	ad   *adtest.Server
	fk   *fkorgtest.Server
	base string
}

// servers gives the stand-ins of a running script, by its working folder.
var servers = map[string]*standIns{}

// cmdStandIns starts the stand-ins and points the script's environment at them.
func cmdStandIns(ts *testscript.TestScript, _ bool, _ []string) {
	now, err := demoMorning(korsbaek.Today)
	ts.Check(err)
	clock := func() time.Time { return now }
	s := &standIns{}
	s.ad, err = adtest.Start(adtest.Options{Now: clock})
	ts.Check(err)
	s.fk, err = fkorgtest.Start(fkorgtest.Options{Clock: clock})
	ts.Check(err)
	dir := ts.Getenv("WORK")
	servers[dir] = s
	ts.Defer(func() {
		ts.Check(s.ad.Close())
		ts.Check(s.fk.Close())
	})
	s.base = "OU=Organisation," + s.ad.BaseDN()
	ts.Check(s.ad.Put(s.base, map[string][]string{"objectClass": {"top", "organizationalUnit"}, "ou": {"Organisation"}}))
	ca, password := filepath.Join(dir, ".ca.pem"), filepath.Join(dir, ".password")
	ts.Check(os.WriteFile(ca, s.ad.CAPEM(), 0o600))
	ts.Check(os.WriteFile(password, []byte(s.ad.Password()), 0o600))
	ts.Setenv("ORGIT_AD_URL", s.ad.URL())
	ts.Setenv("ORGIT_AD_BASE_DN", s.base)
	ts.Setenv("ORGIT_AD_BIND_DN", s.ad.BindDN())
	ts.Setenv("ORGIT_AD_CA_FILE", ca)
	ts.Setenv("ORGIT_AD_PASSWORD_FILE", password)
	ts.Setenv("ORGIT_FK_URL", s.fk.URL())
}

// cmdDemoChange makes the demonstration's change to the files: demochange DIR.
func cmdDemoChange(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(korsbaek.DemoChange(ts.MkAbs(args[0])))
}

// cmdCommit commits everything on a branch, which is made when it is not there: commit
// DIR BRANCH.
func cmdCommit(ts *testscript.TestScript, _ bool, args []string) {
	repo, err := git.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	if _, err := repo.Resolve(args[1]); err != nil {
		ts.Check(repo.CreateBranch(args[1], "HEAD"))
	}
	at, err := repo.Branch()
	ts.Check(err)
	if at != args[1] {
		// The changed files go along: only HEAD moves.
		ts.Check(os.WriteFile(filepath.Join(ts.MkAbs(args[0]), ".git", "HEAD"), []byte("ref: refs/heads/"+args[1]+"\n"), 0o600))
		repo, err = git.Open(ts.MkAbs(args[0]))
		ts.Check(err)
	}
	_, err = repo.CommitAll(git.Commit{Message: "Ændring", Author: git.Author{Name: "Test", Email: "test@korsbaek.example"},
		When: time.Date(2026, 12, 1, 5, 0, 0, 0, time.UTC)})
	ts.Check(err)
}

// cmdMerge moves main on to a branch and checks it out: merge DIR BRANCH.
func cmdMerge(ts *testscript.TestScript, _ bool, args []string) {
	repo, err := git.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(repo.FastForward("main", args[1]))
	ts.Check(repo.Checkout("main"))
}

// cmdByHand changes the directory as an administrator would: byhand set NAME ATTRIBUTE
// VALUE, byhand add NAME, byhand remove NAME. NAME is an account's login name.
func cmdByHand(ts *testscript.TestScript, _ bool, args []string) {
	s := servers[ts.Getenv("WORK")]
	switch args[0] {
	case "set":
		ts.Check(s.ad.Set(s.dn(ts, args[1]), args[2], args[3:]...))
	case "add":
		ts.Check(s.ad.Put("CN="+args[1]+","+s.base, map[string][]string{
			"objectClass": {"top", "person", "organizationalPerson", "user"}, "sAMAccountName": {args[1]}, "cn": {args[1]}}))
	case "remove":
		ts.Check(s.ad.Remove(s.dn(ts, args[1])))
	default:
		ts.Fatalf("byhand %s is not known", args[0])
	}
}

func (s *standIns) dn(ts *testscript.TestScript, login string) string {
	for _, e := range s.ad.Entries() {
		for name, values := range e.Attributes {
			if strings.EqualFold(name, "sAMAccountName") && len(values) == 1 && values[0] == login {
				return e.DN
			}
		}
	}
	ts.Fatalf("there is no account %s in the directory", login)
	return ""
}

// cmdFault makes the directory fail at its N-th write from now and stay away, or mends
// it: fault N, fault mend.
func cmdFault(ts *testscript.TestScript, _ bool, args []string) {
	s := servers[ts.Getenv("WORK")]
	if args[0] == "mend" {
		s.ad.Mend()
		return
	}
	var n int
	if _, err := fmt.Sscan(args[0], &n); err != nil {
		ts.Fatalf("fault %s: %v", args[0], err)
	}
	s.ad.Inject(adtest.Fault{AtWrite: n, Kind: adtest.LostAnswer, Stay: true})
}

// cmdReplace replaces a text that stands exactly once in a file: replace FILE OLD NEW.
func cmdReplace(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	text, err := os.ReadFile(path)
	ts.Check(err)
	if n := strings.Count(string(text), args[1]); n != 1 {
		ts.Fatalf("%q stands %d times in %s", args[1], n, args[0])
	}
	ts.Check(os.WriteFile(path, []byte(strings.Replace(string(text), args[1], args[2], 1)), 0o644))
}

// cmdStdoutWith demands that the output holds every one of the texts, as they stand.
func cmdStdoutWith(ts *testscript.TestScript, neg bool, args []string) {
	out := ts.ReadFile("stdout")
	for _, text := range args {
		if strings.Contains(out, text) == neg {
			ts.Fatalf("stdout and %q: want it there: %v", text, !neg)
		}
	}
}

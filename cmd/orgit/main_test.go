package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/korsbaek"
	"orgit.dk/orgit/plan"
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
	ctx, stop := interruptible()
	defer stop()
	var cut sync.Once
	env := environment{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv,
		now: func() time.Time { cutHere(&cut); return now },
	}.withGitLab()
	if dir := os.Getenv("TEST_GITLAB"); dir != "" {
		env.gitlab = func(context.Context) (reviewServer, error) { return fakeGitLab{dir}, nil }
	}
	if seed := os.Getenv("SEED"); seed != "" {
		env.random = rand.NewChaCha8(sha256.Sum256([]byte(seed)))
	}
	if dir := os.Getenv("TEST_PROPOSALS"); dir != "" {
		env.proposals = func(context.Context) (proposalServer, error) { return fakeProposals{dir}, nil }
	}
	os.Exit(execute(ctx, env, os.Args[1:]))
}

func TestScripts(t *testing.T) {
	p := scriptParams("testdata")
	p.Cmds["standins"] = func(ts *testscript.TestScript, _ bool, _ []string) {
		startSystems(ts, startDirectory(ts))
	}
	official := officialOS2mo(t)
	p.Cmds["os2mo"] = func(ts *testscript.TestScript, _ bool, _ []string) { startOS2mo(ts, official) }
	p.Cmds["nosecrets"] = cmdNoSecrets
	testscript.Run(t, p)
}

// TestLineOnARealDirectory runs the script of the whole line against the directory that
// the file named by ORGIT_LINE_AD_ENV says how to reach. It must be one that nobody else
// uses at the time: login names are unique in a whole domain.
func TestLineOnARealDirectory(t *testing.T) {
	file := os.Getenv("ORGIT_LINE_AD_ENV")
	if file == "" {
		t.Skip("skipped: ORGIT_LINE_AD_ENV names no directory server (.ci/run starts one)")
	}
	for _, script := range []string{"line.txtar", "kill.txtar", "adopt.txtar", "year.txtar", "odd.txtar", "lock.txtar"} {
		text, err := os.ReadFile(filepath.Join("testdata", script))
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, script), text, 0o600); err != nil {
			t.Fatal(err)
		}
		p := scriptParams(dir)
		p.UpdateScripts = false
		p.Cmds["standins"] = func(ts *testscript.TestScript, _ bool, _ []string) {
			startSystems(ts, realDirectory(ts, file))
		}
		// Scripts of one Run go side by side; in a group of its own each has the
		// directory for itself.
		t.Run(strings.TrimSuffix(script, ".txtar"), func(t *testing.T) { testscript.Run(t, p) })
	}
}

func scriptParams(dir string) testscript.Params {
	p := testscript.Params{
		Dir:                dir,
		UpdateScripts:      *update,
		RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("TODAY", string(korsbaek.Today))
			env.Setenv("ORGIT_CACHE", filepath.Join(env.WorkDir, ".cache"))
			env.Setenv("GIT_AUTHOR_NAME", "Test")
			env.Setenv("GIT_AUTHOR_EMAIL", "test@korsbaek.example")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":       cmdExits,
			"demochange":  cmdDemoChange,
			"commit":      cmdCommit,
			"merge":       cmdMerge,
			"byhand":      cmdByHand,
			"drag":        cmdDrag,
			"busy":        cmdBusy,
			"scope":       cmdScope,
			"today":       cmdToday,
			"domain":      cmdDomain,
			"fault":       cmdFault,
			"replace":     cmdReplace,
			"stdoutwith":  cmdStdoutWith,
			"operations":  cmdOperations,
			"killed":      cmdKilled,
			"stopped":     cmdStopped,
			"dump":        cmdDump,
			"simulator":   cmdSimulator,
			"state":       cmdState,
			"served":      cmdServed,
			"publish":     cmdPublish,
			"clone":       cmdClone,
			"holder":      cmdHolder,
			"ref":         cmdRef,
			"withoutgit":  cmdWithoutGit,
			"town":        cmdTown,
			"firstload":   cmdFirstLoad,
			"nocpr":       cmdNoCPR,
			"comparisons": cmdComparisons,
		},
	}
	maps.Copy(p.Cmds, snapshotCommands())
	maps.Copy(p.Cmds, gitlabCommands())
	maps.Copy(p.Cmds, compareCommands())
	return p
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

// cmdWithoutGit takes the program git, and every other one but orgit, away from what follows.
func cmdWithoutGit(ts *testscript.TestScript, _ bool, _ []string) {
	program, err := exec.LookPath("orgit")
	ts.Check(err)
	ts.Setenv("PATH", filepath.Dir(program))
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

// cmdStdoutWith demands that the output holds every one of the texts, wherever its lines
// are broken.
func cmdStdoutWith(ts *testscript.TestScript, neg bool, args []string) {
	oneLine := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	out := oneLine(ts.ReadFile("stdout"))
	for _, text := range args {
		if strings.Contains(out, oneLine(text)) == neg {
			ts.Fatalf("stdout and %q: want it there: %v", text, !neg)
		}
	}
}

// cmdOperations writes what a plan file does, one operation a line: operations PLAN FILE.
func cmdOperations(ts *testscript.TestScript, _ bool, args []string) {
	p, err := plan.ReadFile(strings.NewReader(ts.ReadFile(args[0])))
	ts.Check(err)
	var out strings.Builder
	for _, op := range p.Operations {
		fmt.Fprintf(&out, "%s %s %s %s (%s)", op.Action, op.Target, op.Object.Kind, op.Name, op.Origin)
		if op.Action != plan.ActionCreate {
			for _, a := range op.Attrs {
				out.WriteString(" " + a.Name)
			}
		}
		out.WriteString("\n")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(out.String()), 0o600))
}

// cmdKilled runs orgit and kills it, as a power cut would, when the journal of a
// repository has grown by a number of lines: killed DIR LINES ARGS….
func cmdKilled(ts *testscript.TestScript, _ bool, args []string) {
	cutRun(ts, os.Kill, args)
}

// cmdStopped is cmdKilled with Ctrl-C. The run must end as an interrupted one; what it
// printed is the script's FILE: stopped FILE DIR LINES ARGS….
func cmdStopped(ts *testscript.TestScript, _ bool, args []string) {
	out, state := cutRun(ts, os.Interrupt, args[1:])
	if state.ExitCode() != exitInterrupted {
		ts.Fatalf("exit code %d, want %d\n%s", state.ExitCode(), exitInterrupted, out)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), out, 0o600))
}

// cutRun runs orgit, and has it sent a signal when the journal has so many lines more: cut JOURNAL LINES. A line is written
// with the time, so the program itself sees to it (cutHere), and the next line is not written.
func cutRun(ts *testscript.TestScript, signal os.Signal, args []string) ([]byte, *os.ProcessState) {
	journal := filepath.Join(ts.MkAbs(args[0]), ".git", "orgit", "journal.jsonl")
	var lines int
	if _, err := fmt.Sscan(args[1], &lines); err != nil {
		ts.Fatalf("cut a run: %v", err)
	}
	program, err := exec.LookPath("orgit")
	ts.Check(err)
	var out bytes.Buffer
	cmd := exec.Command(program, args[2:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = ts.Getenv("WORK"), os.Environ(), &out, &out
	for _, name := range []string{"TODAY", "ORGIT_AD_URL", "ORGIT_AD_BASE_DN", "ORGIT_AD_BIND_DN", "ORGIT_AD_CA_FILE", "ORGIT_AD_PASSWORD_FILE", "ORGIT_FK_URL",
		"ORGIT_EVIDENCE", "ORGIT_APPROVAL", "ORGIT_SIGNING_KEY_FILE", "ORGIT_ALLOWED_SIGNERS_FILE", "ORGIT_EVIDENCE_FOLDER"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	cut := fmt.Sprintf("%d %d %s", signal, countLines(journal)+lines, journal)
	cmd.Env = append(cmd.Env, "TEST_CUT="+cut)
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		ts.Fatalf("cut a run: %v", err)
	}
	if signal == os.Kill && cmd.ProcessState.ExitCode() != -1 {
		ts.Fatalf("it ended before it was cut: %v\n%s", cmd.ProcessState, out.Bytes())
	}
	return out.Bytes(), cmd.ProcessState
}

// cutHere sends the program the signal of TEST_CUT when the journal has as many lines as that says.
func cutHere(once *sync.Once) {
	var signal, lines int
	var journal string
	if n, err := fmt.Sscanf(os.Getenv("TEST_CUT"), "%d %d %s", &signal, &lines, &journal); n != 3 || err != nil || countLines(journal) < lines {
		return
	}
	once.Do(func() {
		if err := syscall.Kill(os.Getpid(), syscall.Signal(signal)); err != nil {
			panic(err)
		}
	})
	if syscall.Signal(signal) == syscall.SIGKILL {
		select {} // until it is dead
	}
}

func countLines(path string) int {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	return strings.Count(string(text), "\n")
}

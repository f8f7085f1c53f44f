package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/plan"
)

// BenchmarkTown runs the program on the municipality in the folder ORGIT_BENCH_TOWN, a git
// repository with nothing changed in it whose branch main is checked out. The program is
// ORGIT_BENCH_PROGRAM. Each figure is one whole process: what it took, and the most memory
// that it had.
func BenchmarkTown(b *testing.B) {
	t := &benchTown{dir: os.Getenv("ORGIT_BENCH_TOWN"), program: os.Getenv("ORGIT_BENCH_PROGRAM")}
	if t.dir == "" || t.program == "" {
		b.Skip("ORGIT_BENCH_TOWN and ORGIT_BENCH_PROGRAM name a municipality and the program; .ci/bench makes both")
	}
	t.work, t.cache = b.TempDir(), "off"
	b.Run("check", func(b *testing.B) { t.bench(b, nothing, "check") })
	t.cache = filepath.Join(t.work, "cache")
	t.run(b, "check")
	b.Run("check/again", func(b *testing.B) { t.bench(b, nothing, "check") })
	b.Run("check/one", func(b *testing.B) {
		t.bench(b, func(b *testing.B) { t.rename(b, 1) }, "check")
	})
	t.cache = "off"
	t.git(b, "checkout", "-q", "--", ".")
	b.Run("plan", func(b *testing.B) {
		full, none := t.snapshots(b)
		b.Run("nothing", func(b *testing.B) { t.bench(b, nothing, "plan", "--snapshot", full) })
		b.Run("everything", func(b *testing.B) { t.bench(b, nothing, "plan", "--snapshot", none) })
		t.git(b, "checkout", "-q", "-b", "forslag")
		t.rename(b, 100)
		t.git(b, "commit", "-q", "-a", "-m", "Hundrede navne")
		b.Run("hundred", func(b *testing.B) { t.bench(b, nothing, "plan", "--snapshot", full) })
		t.git(b, "checkout", "-q", "main")
		t.git(b, "branch", "-q", "-D", "forslag")
	})
	b.Run("cue-vet", t.vet)
}

// benchTown is a municipality that the program runs on.
type benchTown struct {
	dir, program, work, cache string
	renamed                   int
}

func nothing(*testing.B) {}

// bench runs the program again and again, each time after something else.
func (t *benchTown) bench(b *testing.B, before func(*testing.B), args ...string) {
	var most int64
	var busy time.Duration
	for b.Loop() {
		b.StopTimer()
		before(b)
		b.StartTimer()
		used := t.run(b, args...)
		most = max(most, used.Maxrss)
		busy += time.Duration(used.Utime.Nano() + used.Stime.Nano())
	}
	b.ReportMetric(float64(most)/1024, "MiB-peak")
	b.ReportMetric(float64(busy.Nanoseconds())/float64(b.N), "cpu-ns/op")
}

// run runs the program, which has to find nothing wrong.
func (t *benchTown) run(b *testing.B, args ...string) *syscall.Rusage {
	b.Helper()
	cmd := exec.Command(t.program, append(args, "-C", t.dir)...)
	cmd.Env = append(os.Environ(), snapshotIdentityFile+"="+filepath.Join(t.work, "key"), "ORGIT_TARGETS=", "ORGIT_CACHE="+t.cache)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		b.Fatalf("orgit %s: %v\n%s", strings.Join(args, " "), err, stderr.String()[:min(stderr.Len(), 2000)])
	}
	return cmd.ProcessState.SysUsage().(*syscall.Rusage)
}

// vet has a stock cue do what check does with entries alone. It gives up after three minutes.
func (t *benchTown) vet(b *testing.B) {
	program := os.Getenv("ORGIT_BENCH_CUE")
	if program == "" {
		b.Skip("ORGIT_BENCH_CUE names cue")
	}
	var most int64
	for b.Loop() {
		ctx, stop := context.WithTimeout(b.Context(), 3*time.Minute)
		cmd := exec.CommandContext(ctx, program, "vet", "-c", "./...")
		cmd.Dir, cmd.Env = t.dir, append(os.Environ(), "CUE_REGISTRY=none")
		out, err := cmd.CombinedOutput()
		late := ctx.Err() != nil
		stop()
		if late {
			b.Skip("cue vet takes more than three minutes")
		}
		if err != nil {
			b.Fatalf("cue vet: %v\n%s", err, out[:min(len(out), 2000)])
		}
		most = max(most, cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
	}
	b.ReportMetric(float64(most)/1024, "MiB-peak")
}

func (t *benchTown) git(b *testing.B, args ...string) {
	b.Helper()
	args = append([]string{"-C", t.dir, "-c", "user.name=Bench", "-c", "user.email=bench@korsbaek.example"}, args...)
	if out, err := exec.Command("git", args...).CombinedOutput(); err != nil {
		b.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// rename gives n people another surname.
func (t *benchTown) rename(b *testing.B, n int) {
	b.Helper()
	names, err := filepath.Glob(filepath.Join(t.dir, "people", "*", "*.cue"))
	if err != nil || len(names) < n {
		b.Fatalf("%d people below %s, %v", len(names), t.dir, err)
	}
	step := len(names) / n
	for i := 0; n > 0 && i < len(names); i++ {
		if i%step != 0 {
			continue
		}
		text, err := os.ReadFile(names[i])
		if err != nil {
			b.Fatal(err)
		}
		t.renamed++
		changed := bytes.Replace(text, []byte(`surname: "`), []byte(`surname: "`+[]string{"Ny ", "Gammel "}[t.renamed%2]), 1)
		if bytes.Equal(changed, text) {
			continue
		}
		if err := os.WriteFile(names[i], changed, 0o600); err != nil {
			b.Fatal(err)
		}
		n--
	}
}

// snapshots writes what the targets hold: exactly what is asked for, and nothing at all.
func (t *benchTown) snapshots(b *testing.B) (full, none string) {
	b.Helper()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(t.work, "key"), []byte(key.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	env := environment{stdout: io.Discard, stderr: os.Stderr, getenv: func(string) string { return "" }, now: time.Now}
	p, err := readPlanning(env, t.dir)
	if err != nil {
		b.Fatal(err)
	}
	p.targets = statedTargets(p.approved)
	write := func(name string, s *plan.Snapshot) string {
		path := filepath.Join(t.work, name)
		if err := writeSealed(path, []age.Recipient{key.Recipient()}, func(w io.Writer) error { return plan.WriteSnapshot(w, s) }); err != nil {
			b.Fatal(err)
		}
		return path
	}
	applied := apply.Mark{Targets: map[string]apply.TargetMark{}}
	for _, target := range p.targets {
		applied.Targets[target.name] = apply.TargetMark{Commit: p.provenance.Base, Day: p.day}
	}
	full = write("full.age", benchReading(b, p, applied, func(asked *plan.State) (found []plan.Found) {
		for i := range asked.Objects {
			if want := &asked.Objects[i]; want.Gone == nil {
				found = append(found, asAsked(want))
			}
		}
		return found
	}))
	none = write("none.age", benchReading(b, p, apply.Mark{}, func(*plan.State) []plan.Found { return nil }))
	return full, none
}

// benchReading is a snapshot of what the targets hold.
func benchReading(b *testing.B, p *planning, mark apply.Mark, found func(asked *plan.State) []plan.Found) *plan.Snapshot {
	b.Helper()
	text, err := mark.Bytes()
	if err != nil {
		b.Fatal(err)
	}
	s := &plan.Snapshot{
		Municipality: p.approved.Settings.Name, CVR: p.approved.Settings.CVR, Day: p.day, Commit: p.provenance.Base, Mark: string(text),
		Read: time.Now().UTC().Format(time.RFC3339), Tool: p.provenance.Tool, Schema: p.provenance.Schema,
	}
	for _, target := range p.targets {
		settings, err := settingsDigest(target)
		if err != nil {
			b.Fatal(err)
		}
		asked, err := p.asked(target, p.approved, p.day)
		if err != nil {
			b.Fatal(err)
		}
		a := plan.Actual{Target: asked.Target, Objects: found(asked)}
		if err := a.Sort(); err != nil {
			b.Fatal(err)
		}
		s.Targets = append(s.Targets, plan.Reading{Settings: settings, Attributes: target.attributes(p.approved), Actual: a})
	}
	return s
}

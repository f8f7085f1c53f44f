package main

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/schema"
)

// town is a municipality of a few people on a server of its own, as many proposals at once meet it.
type town struct {
	t    *testing.T
	bare string
	dirs chan string // clones, of which each is used by one at a time
}

const (
	townPeople = 60
	townUnits  = 8
)

func newTown(t *testing.T, clones int) *town {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("a server on a disk needs the git program")
	}
	w := &town{t: t, bare: filepath.Join(t.TempDir(), "server.git"), dirs: make(chan string, clones)}
	first := filepath.Join(t.TempDir(), "first")
	if code, out := w.orgit(1, "init", first, "--name", "Holmby Kommune", "--cvr", "99189703", "--approver", "lone"); code != 0 {
		t.Fatal(out)
	}
	w.fill(first)
	w.git(first, "add", "-A")
	w.git(first, "commit", "-qm", "Personer og enheder")
	w.git(first, "clone", "-q", "--bare", first, w.bare)
	for range clones {
		dir := filepath.Join(t.TempDir(), "clone")
		w.git(first, "clone", "-q", "file://"+w.bare, dir)
		w.dirs <- dir
	}
	return w
}

// fill writes people and units as orgit lays them out.
func (w *town) fill(dir string) {
	write := func(name, text string) {
		w.t.Helper()
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			w.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("package org\n\n"+text), 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
	for i := range townUnits {
		write(fmt.Sprintf("units/u%d.cue", i), fmt.Sprintf("units: {\"u%d\": {\n\tuuid: \"3f1c0a52-6d0e-4c55-9d7e-%012d\"\n\tname: \"Enhed %d\"\n\tparent: \"holmby-kommune\"\n\ttype: \"afdeling\"\n\tfrom: \"2019-01-01\"\n\tmanagers: {\"a\": {person: \"p%d\", from: \"2019-01-01\"}}\n}}\n", i, i, i, i+10))
	}
	for i := range townPeople {
		write(fmt.Sprintf("people/p%d.cue", i+10), fmt.Sprintf("people: {\"p%d\": {\n\tuuid: \"9d0c5a3e-2f0b-4d7e-8a51-%012d\"\n\tname: {given: \"Person\", surname: \"Nr. %d\"} // se sagen\n\tengagements: {\"a\": {unit: \"u%d\", title: \"sagsbehandler\", type: \"maanedsloen\", from: \"2019-01-01\"}}\n}}\n", i+10, i, i+10, i%townUnits))
	}
}

func (w *town) git(dir string, args ...string) string {
	w.t.Helper()
	out, err := w.tryGit(dir, args...)
	if err != nil {
		w.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func (w *town) tryGit(dir string, args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_AUTHOR_NAME=Test", "GIT_AUTHOR_EMAIL=test@holmby.example", "GIT_COMMITTER_NAME=Test",
		"GIT_COMMITTER_EMAIL=test@holmby.example", "GIT_CONFIG_GLOBAL=/dev/null")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// orgit runs the program within the test. Randomness comes from a seed.
func (w *town) orgit(seed uint64, args ...string) (int, string) {
	var out, diagnostics bytes.Buffer
	names := map[string]string{"GIT_AUTHOR_NAME": fmt.Sprintf("HR-medarbejder %d", seed), "GIT_AUTHOR_EMAIL": "hr@holmby.example"}
	code := execute(context.Background(), environment{
		stdin: strings.NewReader(""), stdout: &out, stderr: &diagnostics, getenv: func(name string) string { return names[name] },
		now:    func() time.Time { return time.Date(2026, 12, 1, 5, 0, 0, 0, time.UTC) },
		random: rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)}),
	}, args)
	if out.Len() == 0 || code != 0 && !strings.HasPrefix(out.String(), "{") {
		return code, diagnostics.String()
	}
	return code, out.String()
}

// at runs orgit in a clone that nobody else uses meanwhile.
func (w *town) at(seed uint64, args ...string) (int, string) {
	dir := <-w.dirs
	defer func() { w.dirs <- dir }()
	return w.orgit(seed, append(args, "-C", dir, "--json", "--no-plan")...)
}

// wanted are the arguments of a proposal, about one of few people and units and one of few days, so that many meet.
func wanted(n int) []string {
	r := rand.New(rand.NewPCG(7, uint64(n)))
	i := r.IntN(townPeople)
	person := fmt.Sprintf("p%d", 10+i)
	unit := fmt.Sprintf("u%d", r.IntN(townUnits))
	from := fmt.Sprintf("2027-%02d-01", 1+r.IntN(4))
	switch n % 8 {
	case 0, 1:
		if unit == fmt.Sprintf("u%d", i%townUnits) { // where they are already, which is no proposal
			unit = fmt.Sprintf("u%d", (i+1)%townUnits)
		}
		return []string{"move", person, "--unit", unit, "--from", from}
	case 2:
		return []string{"name", person, "--surname", fmt.Sprintf("Ny %d", n), "--from", from}
	case 3:
		return []string{"contact", person, "--phone", fmt.Sprintf("1055%04d", n), "--from", from}
	case 4:
		return []string{"appoint", unit, person, "--from", from}
	case 5:
		return []string{"fraction", person, "--fraction", fmt.Sprintf("0.%d", 1+r.IntN(9)), "--from", from}
	case 6:
		return []string{"absence", person, "--from", from, "--until", "2027-12-31"}
	}
	return []string{"leave", person, "--last", fmt.Sprintf("2027-%02d-28", 5+r.IntN(3))}
}

// TestConcurrentProposals: two hundred proposals of the same main, made at the same time against one server. Each is then
// merged as git merges, or carried out again where git cannot or the result would not be sound. In the end main says what
// each of them says, but for those of which it was told what they stand against.
func TestConcurrentProposals(t *testing.T) {
	n := 200
	if testing.Short() {
		n = 40
	}
	w := newTown(t, 8)
	outcomes := make([]proposeOutcome, n)
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			code, out := w.at(uint64(i), append([]string{"propose"}, wanted(i)...)...)
			if code != 0 {
				t.Errorf("%v: exit code %d\n%s", wanted(i), code, out)
				return
			}
			if err := json.Unmarshal([]byte(out), &outcomes[i]); err != nil {
				t.Errorf("%v: %v", wanted(i), err)
			}
		})
	}
	group.Wait()
	if t.Failed() {
		return
	}
	var count struct{ merged, again, told, apart int }
	var merged []proposeOutcome
	for i, o := range outcomes {
		done := w.merge(o.Branch)
		if !done {
			code, out := w.at(uint64(1000+i), "propose", "--again", o.Branch)
			var told proposeOutcome
			if err := json.Unmarshal([]byte(out), &told); code != 0 && code != exitInvalid && err != nil {
				t.Fatalf("%v: exit code %d, %v\n%s", wanted(i), code, err, out)
			}
			switch {
			case code == 0 && told.Again == againApproved:
				count.again++
			case code == 0:
				count.again++
				if done = w.merge(o.Branch); !done {
					t.Errorf("%v: what was carried out again cannot be merged", wanted(i))
				}
			default:
				count.told++
				checkTold(t, wanted(i), code, told, out)
			}
		} else {
			count.merged++
		}
		if done {
			merged = append(merged, o)
		}
	}
	t.Logf("merged as they were: %d, carried out again: %d, told: %d", count.merged, count.again, count.told)
	if count.merged == 0 || count.again == 0 || count.told == 0 {
		t.Error("one of the three ways was not taken, so the test does not show it")
	}
	w.holds(merged)
}

// checkTold: whoever cannot have what they proposed is told what stands against it, and who said so.
func checkTold(t *testing.T, args []string, code int, told proposeOutcome, out string) {
	t.Helper()
	if code == exitInvalid {
		if !strings.Contains(out, "error:") {
			t.Errorf("%v: told nothing\n%s", args, out)
		}
		return
	}
	if code != exitStale || len(told.Stands) == 0 {
		t.Errorf("%v: exit code %d\n%s", args, code, out)
		return
	}
	for _, s := range told.Stands {
		if s.Why == "" || len(s.Mine) == 0 || len(s.Mine[0].Says) == 0 || len(s.Theirs) == 0 {
			t.Errorf("%v: told only %+v", args, s)
			continue
		}
		last := s.Theirs[len(s.Theirs)-1]
		if !strings.HasPrefix(last.By, "HR-medarbejder ") || last.When == "" || len(last.Says) == 0 {
			t.Errorf("%v: stands against %+v", args, last)
		}
	}
}

// merge merges a branch into main on the server, if git can and the result is sound.
func (w *town) merge(branch string) bool {
	out, err := w.tryGit(w.bare, "merge-tree", "--write-tree", "main", branch)
	if err != nil {
		return false
	}
	tree := strings.TrimSpace(out)
	before := strings.TrimSpace(w.git(w.bare, "rev-parse", "main"))
	commit := w.git(w.bare, "commit-tree", tree, "-p", before, "-p", branch, "-m", "Merge")
	commit = strings.TrimSpace(commit)
	if !w.sound(commit) {
		return false
	}
	w.git(w.bare, "update-ref", "refs/heads/main", commit, before)
	return true
}

// load reads the organisation at a commit of the server.
func (w *town) load(commit string) (*org.Organisation, []schema.Diagnostic) {
	w.t.Helper()
	files := map[string][]byte{}
	for archive := tar.NewReader(strings.NewReader(w.git(w.bare, "archive", "--format=tar", commit))); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			w.t.Fatal(err)
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		if files[header.Name], err = io.ReadAll(archive); err != nil {
			w.t.Fatal(err)
		}
	}
	o, findings, err := org.LoadAndCheck(org.NewTexts(files), "2026-12-01")
	if err != nil {
		w.t.Fatal(err)
	}
	return o, findings
}

func (w *town) sound(commit string) bool {
	_, findings := w.load(commit)
	return !schema.HasErrors(findings)
}

// holds makes sure that main says what each merged proposal says.
func (w *town) holds(merged []proposeOutcome) {
	o, _ := w.load("main")
	for _, m := range merged {
		c := m.Typed[0]
		if !says(o, c) {
			w.t.Errorf("main does not say %+v (%s)", c, strings.Join(m.Says, " "))
		}
	}
}

// says reports whether an organisation says what a typed change says, on its day.
func says(o *org.Organisation, c propose.Change) bool {
	if c.Do == propose.DoAppoint {
		for _, m := range o.Unit(c.Unit).Managers {
			if m.Person == c.Person && m.From == c.From {
				return true
			}
		}
		return false
	}
	p := o.Person(c.Person)
	switch c.Do {
	case propose.DoName:
		return strings.HasPrefix(p.At(c.From).Name.Surname, "Ny ")
	case propose.DoContact:
		return p.At(c.From).Addresses["phone"] != ""
	}
	x := p.Engagement(c.Engagement)
	switch c.Do {
	case propose.DoMove:
		return x.At(c.From).Unit == c.Unit
	case propose.DoFraction:
		return x.At(c.From).Fraction == c.Fraction
	case propose.DoLeave:
		return x.To == c.Last
	case propose.DoAbsence:
		for _, l := range x.Leaves {
			if l.From == c.From && l.To == c.Until {
				return true
			}
		}
	}
	return false
}

package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gogit "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"

	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/cpr/cprtest"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/soap/xmltree"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/korsbaek"
)

// cprRun is orgit in a folder of its own, with all that it says.
type cprRun struct {
	t    *testing.T
	dir  string // with everything that orgit may write
	repo string // the organisation repository in it
	safe string // beside it: the store, its key and the CSV file
	env  environment
	said bytes.Buffer
}

func newCPRRun(t *testing.T) *cprRun {
	t.Helper()
	work := t.TempDir()
	r := &cprRun{t: t, dir: filepath.Join(work, "open"), safe: filepath.Join(work, "safe")}
	r.repo = filepath.Join(r.dir, "k")
	for _, dir := range []string{r.dir, r.safe, filepath.Join(r.dir, "tmp")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("HOME", r.dir)
	t.Setenv("XDG_CACHE_HOME", filepath.Join(r.dir, "cache"))
	t.Setenv("TMPDIR", filepath.Join(r.dir, "tmp"))
	morning, err := demoMorning(korsbaek.Today)
	if err != nil {
		t.Fatal(err)
	}
	variables := map[string]string{
		"ORGIT_CPR_STORE": filepath.Join(r.safe, "cpr.age"), "ORGIT_CPR_IDENTITY_FILE": filepath.Join(r.safe, "cpr.key"),
		"GIT_AUTHOR_NAME": "Test", "GIT_AUTHOR_EMAIL": "test@korsbaek.example",
	}
	r.env = environment{
		stdin: strings.NewReader(""), stdout: &r.said, stderr: &r.said,
		getenv: func(name string) string { return variables[name] }, now: func() time.Time { return morning },
	}
	return r
}

// orgit runs a command and demands its exit code.
func (r *cprRun) orgit(want int, args ...string) {
	r.t.Helper()
	if got := execute(r.t.Context(), r.env, args); got != want {
		r.t.Fatalf("orgit %s: exit code %d, want %d\n%s", args[0], got, want, tail(r.said.String()))
	}
}

func tail(text string) string { return text[max(0, len(text)-2000):] }

// edit replaces what stands once in a file of the repository.
func (r *cprRun) edit(name, old, fresh string) {
	r.t.Helper()
	path := filepath.Join(r.repo, name)
	text, err := os.ReadFile(path)
	if err != nil {
		r.t.Fatal(err)
	}
	if n := strings.Count(string(text), old); n != 1 {
		r.t.Fatalf("%q stands %d times in %s", old, n, name)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), old, fresh, 1)), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

func (r *cprRun) commit() {
	r.t.Helper()
	repo, err := git.Open(r.repo)
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := repo.CommitAll(git.Commit{Message: "Ændring", Author: author(r.env), When: r.env.now()}); err != nil {
		r.t.Fatal(err)
	}
}

// csv writes a CSV file in the safe.
func (r *cprRun) csv(text string) string {
	r.t.Helper()
	path := filepath.Join(r.safe, "numbers.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
	return path
}

// everything is what orgit said and wrote, the content of git's objects included, by where
// it was found.
func (r *cprRun) everything() map[string]string {
	r.t.Helper()
	all := map[string]string{"output": r.said.String()}
	err := filepath.WalkDir(r.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all[path] = path + "\n" + string(text)
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	repo, err := gogit.PlainOpen(r.repo)
	if err != nil {
		r.t.Fatal(err)
	}
	objects, err := repo.Storer.IterEncodedObjects(plumbing.AnyObject)
	if err != nil {
		r.t.Fatal(err)
	}
	err = objects.ForEach(func(o plumbing.EncodedObject) error {
		reader, err := o.Reader()
		if err != nil {
			return err
		}
		text, err := io.ReadAll(reader)
		all["git object "+o.Hash().String()] = string(text)
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return all
}

// TestNoCPRNumberLeaves: the sample municipality with a number for everybody, from an empty
// register to a change, with a register that quotes numbers and one that has others. The
// numbers are in FK Organisation, and in nothing that orgit says or writes.
func TestNoCPRNumberLeaves(t *testing.T) {
	r := newCPRRun(t)
	d := &demo{env: r.env, work: filepath.Join(r.dir, "tmp"), dir: r.repo, keep: true}
	if err := d.startStandIns(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	r.env = d.env
	r.orgit(exitDone, "init", r.repo, "--sample")
	const organisation = `"b4f2d843-ad1b-481d-9da6-f5f19baf37fe"`
	r.edit("organisation.cue", organisation, organisation+`, cpr: "join"`)
	r.commit()
	o, _, err := org.Load(os.DirFS(r.repo))
	if err != nil {
		t.Fatal(err)
	}
	search, numbers := newNumberSearch(), map[org.UUID]string{}
	var csv strings.Builder
	for i, p := range o.People {
		numbers[p.UUID] = cprtest.Invented(i)
		search.add(cprtest.Invented(i))
		fmt.Fprintf(&csv, "%s;%s\n", p.Key, cprtest.Hyphened(i))
	}
	others := cprtest.Invented(len(o.People) + 1) // what another system writes
	search.add(others)

	r.orgit(exitDone, "cpr", "init")
	r.orgit(exitDone, "cpr", "import", r.csv(csv.String()), "-C", r.repo)
	r.orgit(exitDone, "cpr", "status", "-C", r.repo)
	r.orgit(exitDone, "cpr", "status", "-C", r.repo, "--json")
	planFile := filepath.Join(r.dir, "plan.json")
	r.orgit(exitDone, "plan", "-C", r.repo, "-v", "--out", planFile)
	r.orgit(exitDone, "plan", "-C", r.repo, "--format", "markdown")
	// The first run meets a service that quotes the number it is sent.
	d.fk.SetTrouble(func(c fkorgtest.Call) fkorgtest.Trouble {
		if digits := numbers[org.UUID(c.UUID)]; c.Service == "person" && c.Operation == "importer" && digits < "06" {
			return fkorgtest.Trouble{Status: 40, Message: "CPR-nummer " + digits + " findes allerede (" + digits[:6] + "-" + digits[6:] + ")"}
		}
		return fkorgtest.Trouble{}
	})
	r.orgit(exitPartly, "apply", "-C", r.repo, "--yes")
	d.fk.SetTrouble(nil)
	r.orgit(exitDone, "apply", "-C", r.repo, "--yes")
	registered := r.registered(d.fk)
	if len(registered) < 100 {
		t.Fatalf("%d persons have a number in the register: the test shows nothing", len(registered))
	}
	for person, digits := range registered {
		if digits != numbers[person] {
			t.Errorf("the register has another number of %s than the store", person)
		}
	}

	// A change, while one has another number in the register and one is erased in the store.
	person := o.Person("pk2d7vz")
	r.otherNumber(d.fk, person.UUID, others)
	r.edit("people/pk/pk2d7vz.cue", `surname: "`, `surname: "Ny`)
	if err := korsbaek.DemoChange(r.repo); err != nil {
		t.Fatal(err)
	}
	r.commit()
	r.orgit(exitDone, "cpr", "erase", "pk8r4ub", "-C", r.repo)
	r.orgit(exitDone, "plan", "-C", r.repo, "--format", "json", "--out", planFile)
	r.orgit(exitDone, "apply", "-C", r.repo, "--yes")
	for _, want := range []string{
		"FK Organisation than in the CPR store, and keeps it: pk2d7vz",
		"CPR-nummer XXXXXX-XXXX findes allerede (XXXXXX-XXXX)", // else the service quoted nothing, and the test shows nothing
	} {
		if !strings.Contains(r.said.String(), want) {
			t.Errorf("the runs do not say %q", want)
		}
	}
	if r.registered(d.fk)[person.UUID] != others {
		t.Error("the number that another system wrote is not there any more")
	}
	r.orgit(exitDone, "show", "pk2d7vz", "-C", r.repo)

	all := r.everything()
	named := map[bool]bool{} // in git's objects, elsewhere
	for where, text := range all {
		if search.in(text) {
			t.Errorf("a CPR number stands in: %s", where)
		}
		if strings.Contains(text, person.Name.Surname) {
			named[strings.HasPrefix(where, "git object")] = true
		}
	}
	if !named[true] || !named[false] {
		t.Error("what is searched does not even hold a name: the test shows nothing")
	}
	store, err := os.ReadFile(filepath.Join(r.safe, "cpr.age"))
	if err != nil || search.in(string(store)) {
		t.Errorf("the store holds a number as it is (%v)", err)
	}
	sent, err := os.ReadFile(filepath.Join(r.safe, "numbers.csv"))
	if err != nil || !search.in(string(sent)) {
		t.Errorf("the search does not even find the numbers in the CSV file (%v)", err)
	}
}

const elementCPR = "CPR-NummerTekst"

// registered are the numbers that the register has.
func (r *cprRun) registered(fk *fkorgtest.Server) map[org.UUID]string {
	found := map[org.UUID]string{}
	for _, uuid := range fk.UUIDs("person") {
		lists, _, _ := fk.Object("person", uuid)
		for _, e := range lists.Attributes.Elements() {
			if digits := e.Child("urn:oio:sts:6", elementCPR).Content(); digits != "" {
				found[org.UUID(uuid)] = digits
			}
		}
	}
	return found
}

// otherNumber gives a person another number in the register, as another system would.
func (r *cprRun) otherNumber(fk *fkorgtest.Server, person org.UUID, digits string) {
	r.t.Helper()
	err := fk.Edit("person", string(person), func(l *fkorgtest.Lists) {
		for _, e := range l.Attributes.Elements() {
			for _, c := range e.Elements() {
				if c.Name.Local == elementCPR {
					c.Children = xmltree.Leaf(c.Name.Space, c.Name.Local, digits).Children
				}
			}
		}
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

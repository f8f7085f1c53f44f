package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/sealed"
	"orgit.dk/orgit/plan"
)

// snapshotCommands are what the scripts of snapshots need.
func snapshotCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"agekey":    cmdAgeKey,
		"sameplan":  cmdSamePlan,
		"unsealed":  cmdUnsealed,
		"resealed":  cmdResealed,
		"offline":   cmdOffline,
		"online":    cmdOnline,
		"altered":   cmdAltered,
		"shortened": cmdShortened,
		"checkout":  cmdCheckout,
		"duplicate": cmdDuplicate,
	}
}

// cmdAgeKey makes keys, each with its public part beside it: agekey FILE….
func cmdAgeKey(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		key, err := age.GenerateX25519Identity()
		ts.Check(err)
		ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(name)), 0o700))
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(key.String()+"\n"), 0o600))
		ts.Check(os.WriteFile(ts.MkAbs(name)+".pub", []byte("# "+name+"\n"+key.Recipient().String()+"\n"), 0o600))
	}
}

// cmdUnsealed writes what is in a snapshot: unsealed FROM KEY TO.
func cmdUnsealed(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), unsealed(ts, args[0], args[1]), 0o600))
}

func unsealed(ts *testscript.TestScript, file, key string) []byte {
	identities, err := sealed.Identities(ts.ReadFile(key))
	ts.Check(err)
	r, err := sealed.NewReader(strings.NewReader(ts.ReadFile(file)), identities)
	ts.Check(err)
	text, err := io.ReadAll(r)
	ts.Check(err)
	return text
}

// cmdResealed makes another snapshot of one, as somebody could who has the recipients and
// the format, with a text replaced in it: resealed FROM TO OLD NEW.
func cmdResealed(ts *testscript.TestScript, _ bool, args []string) {
	text := unsealed(ts, args[0], "safe/key")
	if !bytes.Contains(text, []byte(args[2])) {
		ts.Fatalf("%q does not stand in %s", args[2], args[0])
	}
	lines := bytes.SplitAfter(bytes.Replace(text, []byte(args[2]), []byte(args[3]), 1), []byte("\n"))
	body := bytes.Join(lines[:len(lines)-2], nil)
	sum := sha256.Sum256(body)
	recipients, err := sealed.Recipients(ts.ReadFile("safe/key.pub"))
	ts.Check(err)
	f, err := os.Create(ts.MkAbs(args[1]))
	ts.Check(err)
	defer f.Close()
	ts.Check(sealed.Write(f, recipients, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%s{\"sha256\":\"%x\"}\n", body, sum)
		return err
	}))
}

// cmdSamePlan demands that two plan files are the same but for what they were made of:
// sameplan A B.
func cmdSamePlan(ts *testscript.TestScript, _ bool, args []string) {
	var plans [2]*plan.Plan
	for i, name := range args {
		p, err := plan.ReadFile(strings.NewReader(ts.ReadFile(name)))
		ts.Check(err)
		p.Provenance, p.Digest = plan.Provenance{}, ""
		plans[i] = p
	}
	if diff := cmp.Diff(plans[0], plans[1]); diff != "" {
		ts.Fatalf("%s and %s differ (-first +second):\n%s", args[0], args[1], diff)
	}
}

// cmdOffline takes everything away that reaches a system; cmdOnline gives it back.
func cmdOffline(ts *testscript.TestScript, _ bool, _ []string) {
	d := directoryOf(ts)
	for name := range d.environment {
		ts.Setenv(name, "")
	}
	ts.Setenv("ORGIT_FK_URL", "")
}

func cmdOnline(ts *testscript.TestScript, _ bool, _ []string) {
	d := directoryOf(ts)
	for name, value := range d.environment {
		ts.Setenv(name, value)
	}
	ts.Setenv("ORGIT_AD_BASE_DN", d.base)
	ts.Setenv("ORGIT_FK_URL", d.fk.URL())
}

// cmdAltered copies a file with one bit of its last block changed: altered FROM TO.
func cmdAltered(ts *testscript.TestScript, _ bool, args []string) {
	text := []byte(ts.ReadFile(args[0]))
	text[len(text)-20] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), text, 0o600))
}

// cmdShortened copies a file without its end: shortened FROM TO.
func cmdShortened(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text[:len(text)-1]), 0o600))
}

// cmdCheckout checks a branch out: checkout DIR BRANCH.
func cmdCheckout(ts *testscript.TestScript, _ bool, args []string) {
	repo, err := git.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(repo.Checkout(args[1]))
}

// cmdDuplicate copies a repository as it is now: duplicate FROM TO.
func cmdDuplicate(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.CopyFS(ts.MkAbs(args[1]), os.DirFS(ts.MkAbs(args[0]))))
}

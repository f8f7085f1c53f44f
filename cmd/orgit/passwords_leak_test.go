package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"orgit.dk/orgit/org/korsbaek"
)

// TestNoPasswordLeaves: first passwords, with a hand-over
// command that prints what it gets and fails now and then. The passwords are in nothing
// that orgit says or writes.
func TestNoPasswordLeaves(t *testing.T) {
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
	r.orgit(exitDone, "init", r.repo, "--name", "Holmby Kommune", "--cvr", korsbaek.CVR, "--approver", "lone")
	r.edit("organisation.cue", "targets: {", `targets: {ad: {mode: "full", upnSuffix: "holmby.example", writers: 1, /*here*/}, `)
	r.hire(0, 12)
	taken := filepath.Join(r.safe, "taken")
	// It stands in the files, where the digits in the name of a temporary folder may look like a CPR number.
	folder := filepath.Dir(t.TempDir())
	safe := filepath.Join(filepath.Dir(folder), strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return 'a' + c - '0'
		}
		return c
	}, "orgit-"+filepath.Base(folder)))
	if err := os.MkdirAll(safe, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(safe) })
	program := filepath.Join(safe, "take")
	script := "#!/bin/sh\nline=$(cat)\necho \"$line\" >>" + taken + "\necho \"$line\"\necho \"$line\" >&2\n" +
		"env | grep ORGIT_ >>" + taken + ".environment\nn=$(wc -l <" + taken + ")\nif [ $n = 5 ]; then exit 9; fi\n"
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	r.edit("organisation.cue", "/*here*/", `passwords: command: ["`+program+`", "now"]`)
	r.commit()
	r.orgit(exitDone, "doctor", "-C", r.repo, "--target", "ad")
	r.orgit(exitDone, "plan", "-C", r.repo, "-v", "--out", filepath.Join(r.dir, "plan.json"))
	r.orgit(exitPartly, "apply", "-C", r.repo, "--yes")
	r.hire(12, 15)
	r.commit()
	r.orgit(exitDone, "plan", "-C", r.repo, "-v")
	r.orgit(exitDone, "apply", "-C", r.repo, "--yes")
	r.orgit(exitDone, "plan", "-C", r.repo, "--detailed-exitcode")
	text, err := os.ReadFile(taken)
	if err != nil {
		t.Fatal(err)
	}
	all := r.everything()
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != 16 {
		t.Fatalf("%d passwords were handed over: the test shows nothing", len(lines))
	}
	for _, line := range lines {
		var handed struct{ Login, Person, Leader, FirstDay, Password string }
		if err := json.Unmarshal([]byte(line), &handed); err != nil || len(handed.Password) != 20 || handed.Person == "" || handed.FirstDay == "" {
			t.Fatalf("what is handed over of %s: %v", handed.Login, err)
		}
		for where, text := range all {
			if strings.Contains(text, handed.Password) {
				t.Errorf("a password stands in: %s", where)
			}
		}
	}
	if environment, err := os.ReadFile(taken + ".environment"); err != nil || len(environment) > 0 {
		t.Errorf("the command is told orgit's own settings: %s, %v", environment, err)
	}
	for _, want := range []string{"it ended with exit code 9; what it prints is not shown", "the next run sets another one",
		"med første adgangskode", "første adgangskode (password): (tom) → til den, der tager imod", "handed over to " + program} {
		if !strings.Contains(strings.Join(strings.Fields(r.said.String()), " "), want) {
			t.Errorf("the runs do not say %q", want)
		}
	}
}

// hire writes people with the numbers from first up to last into the files.
func (r *cprRun) hire(first, last int) {
	r.t.Helper()
	var text strings.Builder
	text.WriteString("package org\n\npeople: {\n")
	for i := first; i < last; i++ {
		fmt.Fprintf(&text, "\t\"p%02d\": {uuid: \"9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c%02d\", name: {given: \"Bo\", surname: \"Dam%02d\"}, accounts: \"ad\": name: \"bodam%02d\"\n"+
			"\t\tengagements: \"a\": {unit: \"holmby-kommune\", title: \"sagsbehandler\", type: \"maanedsloen\", from: \"2020-01-01\"}}\n", i, i, i, i)
	}
	text.WriteString("}\n")
	folder := filepath.Join(r.repo, "people")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("from%02d.cue", first)), []byte(text.String()), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"orgit.dk/orgit/org/korsbaek"
)

// TestNoPasswordLeaves: the sample municipality with first passwords, with a hand-over
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
	r.orgit(exitDone, "init", r.repo, "--sample")
	taken := filepath.Join(r.safe, "taken")
	program := filepath.Join(r.safe, "take")
	script := "#!/bin/sh\nline=$(cat)\necho \"$line\" >>" + taken + "\necho \"$line\"\necho \"$line\" >&2\n" +
		"env | grep ORGIT_ >>" + taken + ".environment\nn=$(wc -l <" + taken + ")\nif [ $((n % 40)) = 1 ]; then exit 9; fi\n"
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	r.edit("organisation.cue", "deleteAfterDays: 180", `deleteAfterDays: 180, passwords: command: ["`+program+`", "now"]`)
	r.commit()
	r.orgit(exitDone, "doctor", "-C", r.repo, "--target", "ad")
	r.orgit(exitDone, "plan", "-C", r.repo, "-v", "--out", filepath.Join(r.dir, "plan.json"))
	r.orgit(exitPartly, "apply", "-C", r.repo, "--yes")
	if err := korsbaek.DemoChange(r.repo); err != nil {
		t.Fatal(err)
	}
	r.commit()
	for range 10 { // the failing ones are given another password until all is well
		if execute(t.Context(), r.env, []string{"apply", "-C", r.repo, "--yes"}) == exitDone {
			break
		}
	}
	r.orgit(exitDone, "plan", "-C", r.repo, "--detailed-exitcode")
	if os.Getenv("SAY") != "" {
		t.Log(r.said.String())
	}
	text, err := os.ReadFile(taken)
	if err != nil {
		t.Fatal(err)
	}
	all := r.everything()
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) < 100 {
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
		"med første adgangskode", "første adgangskode (password): til lederen", "handed over to " + program} {
		if !strings.Contains(r.said.String(), want) {
			t.Errorf("the runs do not say %q", want)
		}
	}
}

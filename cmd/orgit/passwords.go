package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/org"
)

// handOverTimeout bounds a hand-over command: it stands between two writes of a run.
const handOverTimeout = time.Minute

// openPasswords prepares the first passwords that the approved settings ask for, by target;
// a domain that asks for none is not among them.
func openPasswords(p *planning) (map[string]*ad.Passwords, error) {
	all := map[string]*ad.Passwords{}
	for _, domain := range ad.Domains(&p.approved.Settings) {
		passwords, err := domain.NewPasswords(p.approved, p.day, rand.Reader, runHandOver)
		if err != nil {
			return nil, configured(fmt.Errorf("nothing was written: %w", err))
		}
		if passwords != nil {
			all[domain.Target()] = passwords
		}
	}
	return all, nil
}

// runHandOver runs the hand-over command. What it prints goes nowhere, for it may repeat
// the password; and it is told none of orgit's own secrets.
func runHandOver(ctx context.Context, argv []string, stdin []byte) error {
	ctx, cancel := context.WithTimeout(ctx, handOverTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stdin = bytes.NewReader(stdin)
	cmd.WaitDelay = time.Second
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "ORGIT_") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("it did not end within %s", handOverTimeout)
	case errors.As(err, &exit):
		return fmt.Errorf("it ended with exit code %d; what it prints is not shown", exit.ExitCode())
	}
	return fmt.Errorf("it could not be run: %w", err)
}

// printPasswords says how many passwords were handed over, and which files were replaced.
func printPasswords(w io.Writer, p *planning, r *apply.Report) {
	for _, domain := range ad.Domains(&p.approved.Settings) {
		if passwords := p.passwords[domain.Target()]; passwords != nil {
			printPasswordsOf(w, domain, domain.Settings(p.approved).Passwords, passwords, r)
		}
	}
}

func printPasswordsOf(w io.Writer, domain ad.Domain, s *org.ADPasswords, passwords *ad.Passwords, r *apply.Report) {
	count := map[ad.HandOver]int{}
	var replaced []string
	said := map[string]bool{}
	for _, res := range r.Results {
		op := res.Operation
		how := passwords.Outcome(op.Object.UUID)
		if op.Target != domain.Target() || op.Object.Kind != ad.KindUser || how == "" || said[string(op.Object.UUID)] {
			continue
		}
		said[string(op.Object.UUID)] = true
		count[how]++
		if how == ad.ReplacedFile {
			replaced = append(replaced, string(op.Object.UUID))
		}
	}
	if n := count[ad.HandedToCommand]; n > 0 {
		fmt.Fprintf(w, "First passwords: %d handed over to %s.\n", n, s.Command[0])
	}
	if n := count[ad.HandedToFile] + count[ad.ReplacedFile]; n > 0 {
		fmt.Fprintf(w, "First passwords: %d written to %s, encrypted.\n", n, s.Folder)
	}
	if len(replaced) > 0 {
		fmt.Fprintf(w, "  replaced, because the password in them does not work: %s\n", strings.Join(replaced, ", "))
	}
}

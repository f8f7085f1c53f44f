package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

// environment is what a command has of the world around it, so that tests can give it
// another one.
type environment struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	now            func() time.Time
	// gitlab connects to the server that the environment names; nil, and a nil server, where it names none.
	gitlab func(context.Context) (reviewServer, error)
	// random is where new keys, UUIDs and names of branches come from; nil: the machine's own source.
	random io.Reader
	// proposals connects to the server where merge requests are opened; nil, and a nil server, where none is configured.
	proposals func(context.Context) (proposalServer, error)
	// cacheDir is the user's folder for what may be deleted at any time; nil: there is none.
	cacheDir func() (string, error)
	// memory is what CUE made of entries in earlier runs (see openCache); nil: nothing is kept.
	memory schema.Memory
	// stages follows what a command does (see staged); nil: nobody asks.
	stages         *stages
	stdinTerminal  bool
	stdoutTerminal bool
	stderrTerminal bool
}

// colour reports whether output may be coloured: on a terminal, and not where the user
// asked for none (https://no-color.org).
func (e environment) colour() bool { return e.stdoutTerminal && e.getenv("NO_COLOR") == "" }

// today is the day in Copenhagen.
func (e environment) today() (org.Day, error) { return org.DayOf(e.now()) }

// dayFlag reads the value of a --on flag; empty means today.
func (e environment) dayFlag(value string) (org.Day, error) {
	if value == "" {
		return e.today()
	}
	day, err := org.ParseDay(value)
	if err != nil {
		return "", invalidInput(fmt.Errorf("--on: %w", err), "")
	}
	return day, nil
}

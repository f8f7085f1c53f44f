package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/fkorg"
	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// The exit codes. Scripts and pipelines rely on them; `orgit help exit-codes` lists them.
const (
	exitDone         = 0
	exitUnexpected   = 1
	exitChanges      = 2 // only with plan --detailed-exitcode
	exitInvalid      = 3
	exitUnauthorised = 4
	exitRefused      = 5
	exitStale        = 6
	exitUnreachable  = 7
	exitPartly       = 8
	exitInterrupted  = 130
)

// Errors that only say how a command ends; what there is to say has been printed.
var (
	errChanges = errors.New("there are changes")
	errFaults  = errors.New("the organisation's files have faults")
	errPartly  = errors.New("the plan was carried out in part")
	// errRefusedShown: the plan that was printed says why it may not be applied.
	errRefusedShown = fmt.Errorf("%w: see above", apply.ErrRefused)
)

// errInvalid is the class of everything that the user has to correct in files, flags or
// arguments.
var errInvalid = errors.New("invalid input")

// shownError is an error of which everything has been printed; it only says how the
// command ends.
type shownError struct{ err error }

// Error is the text of the error.
func (e *shownError) Error() string { return e.err.Error() }

// Unwrap gives the error.
func (e *shownError) Unwrap() error { return e.err }

// hintedError is an error with advice for the user.
type hintedError struct {
	err  error
	hint string
}

// Error is the text of the error without its hint.
func (e *hintedError) Error() string { return e.err.Error() }

// Unwrap gives the error that the hint is about.
func (e *hintedError) Unwrap() error { return e.err }

func withHint(err error, hint string) error { return &hintedError{err, hint} }

// invalidError marks an error as the user's to correct, without changing its text.
type invalidError struct{ err error }

// Error is the text of the error.
func (e *invalidError) Error() string { return e.err.Error() }

// Unwrap gives the error and its class.
func (e *invalidError) Unwrap() []error { return []error{e.err, errInvalid} }

func invalidInput(err error, hint string) error {
	if hint == "" {
		return &invalidError{err}
	}
	return withHint(&invalidError{err}, hint)
}

// exitCode is the one place where errors become exit codes.
func exitCode(err error) int {
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.Is(err, errChanges):
		return exitChanges
	case errors.Is(err, errPartly):
		return exitPartly
	case errors.Is(err, apply.ErrPlanStale), errors.Is(err, apply.ErrStale), errors.Is(err, apply.ErrLocked), errors.Is(err, cpr.ErrBusy),
		errors.Is(err, errStands), errors.Is(err, git.ErrMoved):
		return exitStale
	case errors.Is(err, apply.ErrRefused), errors.Is(err, apply.ErrTooMany), errors.Is(err, errSafeguarded), errors.Is(err, ad.ErrProtected), errors.Is(err, git.ErrRejected):
		return exitRefused
	case errors.Is(err, apply.ErrNotApproved), errors.Is(err, apply.ErrNotAuthorised), errors.Is(err, apply.ErrNotNamed), errors.Is(err, git.ErrNotAuthorised):
		return exitUnauthorised
	case errors.Is(err, apply.ErrUnreachable), errors.Is(err, git.ErrUnreachable):
		return exitUnreachable
	case errors.Is(err, errFaults), errors.Is(err, errInvalid), errors.Is(err, propose.ErrProposal), errors.Is(err, propose.ErrTrailer), errors.Is(err, ad.ErrNotConfigured), errors.Is(err, fkorg.ErrNotConfigured),
		errors.Is(err, plan.ErrDamaged), errors.Is(err, plan.ErrVersion):
		return exitInvalid
	}
	return exitUnexpected
}

// printError tells the user what went wrong and, where there is advice, what to do.
func printError(w io.Writer, err error) {
	switch {
	case err == nil, errors.Is(err, errChanges), errors.Is(err, errFaults), errors.Is(err, errPartly), errors.Is(err, errRefusedShown):
		return
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(w, "orgit: interrupted")
		return
	}
	var shown *shownError
	if errors.As(err, &shown) {
		return
	}
	fmt.Fprintf(w, "orgit: %s\n", schema.MaskCPR(err.Error()))
	var hinted *hintedError
	if errors.As(err, &hinted) {
		fmt.Fprintf(w, "hint: %s\n", hinted.hint)
	}
}

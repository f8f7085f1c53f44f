package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/fkorg"
	"orgit.dk/orgit/apply/ledger"
	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/intake"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/org/source/os2mo"
	"orgit.dk/orgit/org/source/sd"
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

// faultsError is errFaults with the findings, which have been printed.
type faultsError struct {
	findings      []schema.Diagnostic // warnings too
	approved      bool                // they are about the approved files, not about what is proposed
	commit        string              // what was to be planned
	organisations []*org.Organisation // in which to look for names, as far as they were read; some may be nil
}

// Error is the text of errFaults.
func (e *faultsError) Error() string { return errFaults.Error() }

// Unwrap gives errFaults.
func (e *faultsError) Unwrap() error { return errFaults }

// systemError is an error of reading one of the connected systems.
type systemError struct {
	target string
	err    error
}

// Error is the text of the error, which names the system.
func (e *systemError) Error() string { return e.err.Error() }

// Unwrap gives the error.
func (e *systemError) Unwrap() error { return e.err }

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

// exitCode maps an error to the exit code. The first class that fits decides: an error of a run that was done in part may
// wrap why the rest was not.
func exitCode(err error) int {
	is := func(classes ...error) bool {
		return slices.ContainsFunc(classes, func(class error) bool { return errors.Is(err, class) })
	}
	switch {
	case err == nil:
		return exitDone
	case is(context.Canceled):
		return exitInterrupted
	case is(errChanges):
		return exitChanges
	case is(errPartly, ledger.ErrNotKept):
		return exitPartly
	case is(review.ErrUnapproved): // whatever came of proposing to take it back
		return exitUnauthorised
	case is(errStaleSnapshot, apply.ErrPlanStale, apply.ErrStale, apply.ErrMore, apply.ErrLocked, cpr.ErrBusy, errStands, git.ErrMoved, gitlab.ErrMoved):
		return exitStale
	case is(apply.ErrRefused, apply.ErrTooMany, errSafeguarded, ad.ErrProtected, intake.ErrPartial, errOld):
		return exitRefused
	case is(apply.ErrNotApproved, apply.ErrNotRecorded, review.ErrNoStart, review.ErrNotOnMain, apply.ErrNotAuthorised, apply.ErrNotNamed,
		ledger.ErrForged, ledger.ErrNotStarted, git.ErrNotAuthorised, git.ErrRejected, gitlab.ErrUnauthorised, gitlab.ErrNotAllowed, os2mo.ErrDenied, sd.ErrDenied):
		return exitUnauthorised
	case is(apply.ErrUnreachable, git.ErrUnreachable, gitlab.ErrUnreachable, os2mo.ErrUnreachable, sd.ErrUnreachable):
		return exitUnreachable
	case is(errFaults, errInvalid, propose.ErrProposal, propose.ErrTrailer, ad.ErrNotConfigured, fkorg.ErrNotConfigured, plan.ErrDamaged, plan.ErrVersion,
		plan.ErrSnapshotDamaged, plan.ErrSnapshotVersion, git.ErrNoServer, git.ErrCut, git.ErrCrossed, ledger.ErrNoKey, gitlab.ErrNotConfigured, gitlab.ErrNotFound, gitlab.ErrInvalid):
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

package apply

import (
	"context"
	"errors"

	"orgit.dk/orgit/plan"
)

// Writer changes one target. An implementation must be repeatable: after a kill or a
// timeout between any two of its requests, writing the same operation again ends in
// the same state.
type Writer interface {
	// Reread returns the operation's object as it is now, in the form that the target's
	// reader gives it, or nil when it does not exist. A target that makes objects
	// only where there is none, whatever was read, need not look before a creation.
	Reread(ctx context.Context, op plan.Operation) (*plan.Found, error)
	// Write carries out one operation. now is the object as Reread just gave it.
	Write(ctx context.Context, op plan.Operation, now *plan.Found) error
	// Workers is how many operations, on different objects, may be under way at a time.
	Workers() int
}

// Linker is a Writer that can make an object with its references at once, which the plan sets in an operation
// of its own, because they may be to objects that are made after it.
type Linker interface {
	Writer
	// WriteLinked carries out the creation of an object that Reread has not found and the operation that sets
	// its references, as one. All that they refer to is there. After an error that is not ErrUnreachable both
	// are written by themselves, and what becomes of each is told from that.
	WriteLinked(ctx context.Context, create, link plan.Operation) error
}

// Errors of a Writer that decide what happens next. Anything else fails the operation and
// what depends on it.
var (
	// ErrUnreachable: the target does not answer, or its answer was cut. The outcome of
	// the request is not known; no further operation is sent to the target.
	ErrUnreachable = errors.New("the system is not reachable")
	// ErrNotAuthorised: the target refuses orgit's credentials or rights. No further
	// operation is sent to the target.
	ErrNotAuthorised = errors.New("not authorised")
	// ErrStale: the object changed between Reread and Write; nothing was written.
	ErrStale = errors.New("the object has changed since it was read")
)

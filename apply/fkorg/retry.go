package fkorg

import (
	"context"
	"errors"
	"time"

	"orgit.dk/orgit/apply/fkorg/sts"
	"orgit.dk/orgit/internal/soap"
)

// Patience (tålmodighed): how often a call is made when it is not known what became of it, and how long to wait before
// the next time. The service's own figures are not published; clients in production wait longer, but a pipeline has an
// hour at most.
const (
	forsoeg     = 4
	foersteVent = time.Second
)

// pause is how long to wait after the given number of vain tries, counted from 0.
func pause(efter int) time.Duration { return foersteVent << efter }

// vent waits, or until ctx ends.
func vent(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// gentag repeats a read until it gets an answer, whatever the answer says.
func gentag[T any](ctx context.Context, k *Klient, laes func() (T, error)) (T, error) {
	for i := 0; ; i++ {
		out, err := laes()
		if err == nil || i+1 == forsoeg || !forbigaaende(err) {
			return out, err
		}
		if stop := k.vent(ctx, pause(i)); stop != nil {
			return out, err
		}
	}
}

// forbigaaende reports whether an error may go away by itself: there was no answer, none that could be believed, or
// none that could be understood. An answer that says no is an answer.
func forbigaaende(err error) bool {
	if errors.Is(err, context.Canceled) {
		return false
	}
	// Where there is no token, the token service's client has been patient already.
	if _, ok := errors.AsType[*sts.Error](err); ok {
		return false
	}
	e, ok := errors.AsType[*soap.Error](err)
	return ok && e.Outcome != soap.Refused || errors.Is(err, errUforstaaelig)
}

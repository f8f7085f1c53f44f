package ad

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/plan"
)

// Writer carries out operations in the directory, one after the other. It is one
// connection: a second one gains little, and a directory answers in order only on one.
type Writer struct {
	k     *connection
	guids map[plan.ID]string // handles of what orgit owns; nil before the first use
	last  *object            // what Reread gave last, for the Write that follows it
	// claims are the objects that the plan adopts, by objectGUID.
	claims map[string]plan.ID
}

// OpenWriter connects for writing, which takes a plan that has passed the gate.
func OpenWriter(ctx context.Context, c Config, granted apply.Pass) (*Writer, error) {
	if granted == nil {
		return nil, apply.ErrNotApproved
	}
	k, err := connect(ctx, c)
	if err != nil {
		return nil, err
	}
	return &Writer{k: k, claims: claimsOf(granted)}, nil
}

// Close ends the connection.
func (w *Writer) Close() error { return w.k.Close() }

// Workers is one: there is one connection.
func (w *Writer) Workers() int { return 1 }

// Reread returns the operation's object as it is now, nil when it does not exist.
func (w *Writer) Reread(ctx context.Context, op plan.Operation) (*plan.Found, error) {
	o, err := w.seek(ctx, op)
	if err != nil || o == nil {
		return nil, explain(err)
	}
	f, err := w.foundFor(ctx, op, o)
	if err != nil {
		return nil, explain(err)
	}
	w.last = o
	return f, nil
}

func (w *Writer) foundNow(ctx context.Context, o *object) (*plan.Found, error) {
	f, err := o.found(func(dn *ldap.DN) (reference, error) { return w.refer(ctx, dn) })
	if err != nil {
		return nil, err
	}
	return &f, nil
}

// Write carries out one operation. When an answer is lost, it looks at what became of
// the request before it does the rest.
func (w *Writer) Write(ctx context.Context, op plan.Operation, now *plan.Found) error {
	o := w.last
	w.last = nil
	if now == nil {
		o = nil
	} else if o == nil || !o.isOf(op) {
		var err error
		if o, err = w.seek(ctx, op); err != nil {
			return w.failed(op, err)
		}
	}
	err := w.attempt(ctx, op, o)
	if isLost(err) && ctx.Err() == nil {
		err = w.again(ctx, op, now)
	}
	return w.failed(op, err)
}

// again finishes an operation of which a request was lost.
func (w *Writer) again(ctx context.Context, op plan.Operation, before *plan.Found) error {
	if _, err := w.search(ctx, op.Object); err != nil { // a claim may have reached the directory
		return err
	}
	o, err := w.seek(ctx, op)
	if err != nil {
		return err
	}
	if o != nil {
		f, err := w.foundFor(ctx, op, o)
		if err != nil {
			return err
		}
		for _, a := range op.Attrs {
			var was []string
			if before != nil {
				was = before.Attrs[a.Name]
			}
			if now := f.Attrs[a.Name]; !slices.Equal(now, was) && !slices.Equal(now, a.New) {
				return fmt.Errorf("%w: %s", apply.ErrStale, a.Name)
			}
		}
	}
	return w.attempt(ctx, op, o)
}

func (w *Writer) failed(op plan.Operation, err error) error {
	if err == nil {
		return nil
	}
	if !errors.Is(err, apply.ErrStale) {
		err = explainWrite(err)
	}
	return fmt.Errorf("%s %s %s: %w", op.Action, op.Object.Kind, op.Name, err)
}

// attempt does what is missing for the operation, seen from the object as it is.
func (w *Writer) attempt(ctx context.Context, op plan.Operation, o *object) error {
	if err := w.k.refuseProtected(o); err != nil {
		return err
	}
	switch {
	case op.Action == plan.ActionDelete:
		return w.remove(ctx, op, o)
	case op.Action == plan.ActionCreate && o == nil:
		return w.create(ctx, op)
	case o == nil:
		return fmt.Errorf("%w: it is no longer there", apply.ErrStale)
	case op.Action == plan.ActionAdopt:
		return w.adopt(ctx, op, o)
	default:
		return w.update(ctx, op, o)
	}
}

func (w *Writer) remove(ctx context.Context, op plan.Operation, o *object) error {
	if o == nil {
		return nil
	}
	err := w.k.request(ctx, func(c *ldap.Conn) error { return c.Del(ldap.NewDelRequest(o.handle(), nil)) })
	switch {
	case hasCode(err, ldap.LDAPResultNoSuchObject):
		err = nil
	case hasCode(err, ldap.LDAPResultNotAllowedOnNonLeaf):
		return fmt.Errorf("something still stands in %s; it is deleted when it is empty: %w", o.DN, err)
	}
	if err == nil {
		delete(w.guids, op.Object)
	}
	return err
}

package ad

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/plan"
)

// Writer carries out operations in the directory, on a few objects at a time, over as many
// connections. No two operations on one object are under way together: package apply sees
// to that.
type Writer struct {
	k         *connection
	passwords *Passwords // nil: orgit gives none
	// claims are the foreign objects that the plan takes for one of orgit's to be, by objectGUID.
	claims map[string]plan.ID
	// naming is held for reading by whoever reads or puts together names, and for writing by
	// whoever changes one: between reading a leader's name and looking it up it must not change.
	naming sync.RWMutex
	// refusesOpen: the directory makes no account that is enabled and has no password.
	refusesOpen atomic.Bool

	mu    sync.Mutex
	guids map[plan.ID]string  // how what orgit owns is found: handles, and names of what was just made; nil before the first use
	last  map[plan.ID]*object // what Reread gave, for the Write that follows it
	seen  map[plan.ID]place   // where others stand that were read or made in this run
	refs  map[string]plan.ID  // the same by dnKey
}

var _ apply.Linker = (*Writer)(nil)

// OpenWriter connects for writing, which takes a plan that has passed the gate.
func OpenWriter(ctx context.Context, c Config, granted apply.Pass) (*Writer, error) {
	if granted == nil {
		return nil, apply.ErrNotApproved
	}
	writers := c.Writers
	if writers == 0 {
		writers = defaultWriters
	}
	k, err := connect(ctx, c, writers)
	if err != nil {
		return nil, err
	}
	w := newWriter(k)
	w.claims = apply.Recognised(granted, c.Domain.Target())
	return w, nil
}

func newWriter(k *connection) *Writer {
	return &Writer{k: k, last: map[plan.ID]*object{}, seen: map[plan.ID]place{}, refs: map[string]plan.ID{}}
}

// WithPasswords makes the writer give new accounts their first password; nil: it gives
// none.
func (w *Writer) WithPasswords(p *Passwords) *Writer {
	w.passwords = p
	return w
}

// defaultWriters is how many connections write; more than four gain nothing, since a
// directory writes one thing at a time.
const defaultWriters = 2

// Close ends the connection.
func (w *Writer) Close() error { return w.k.Close() }

// Workers is how many connections there are.
func (w *Writer) Workers() int { return cap(w.k.free) }

// Reread returns the operation's object as it is now, nil when it does not exist.
func (w *Writer) Reread(ctx context.Context, op plan.Operation) (*plan.Found, error) {
	w.naming.RLock()
	defer w.naming.RUnlock()
	o, err := w.seek(ctx, op)
	if err != nil || o == nil {
		return nil, w.k.config.Domain.explain(err)
	}
	f, err := w.foundFor(ctx, op, o)
	if err != nil {
		return nil, w.k.config.Domain.explain(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last[op.Object] = o
	return f, nil
}

// takeLast gives what Reread has just read of an object; nil when it has not, or when names
// have changed since, among them perhaps that of the object's leader.
func (w *Writer) takeLast(id plan.ID) *object {
	w.mu.Lock()
	defer w.mu.Unlock()
	o := w.last[id]
	delete(w.last, id)
	return o
}

// renames reports whether an operation changes or takes away a name that other objects
// have in theirs, or as their leader's.
func renames(op *plan.Operation) bool {
	return op.Action == plan.ActionDelete ||
		op.Action != plan.ActionCreate && (op.Attr(nameAttribute(op.Object.Kind)) != nil || op.Attr(attrContainer) != nil)
}

func (w *Writer) foundNow(ctx context.Context, o *object) (*plan.Found, error) {
	f, err := o.found(func(dn *ldap.DN) (reference, error) { return w.refer(ctx, dn) })
	if err != nil {
		return nil, err
	}
	return &f, nil
}

// Write carries out one operation. When an answer is lost, or an object is there already
// that it was to make, it looks at what became of the request before it does the rest.
func (w *Writer) Write(ctx context.Context, op plan.Operation, now *plan.Found) error {
	if renames(&op) {
		w.naming.Lock()
		defer w.naming.Unlock()
	} else {
		w.naming.RLock()
		defer w.naming.RUnlock()
	}
	o := w.takeLast(op.Object)
	if now == nil {
		o = nil
	} else if o == nil || !o.isOf(op) {
		var err error
		if o, err = w.seek(ctx, op); err == nil {
			err = w.unchanged(ctx, op, now, o)
		}
		if err != nil {
			return w.failed(op, err)
		}
	}
	err := w.attempt(ctx, op, o)
	// A name that was read a while ago may be wrong by now.
	outdated := hasCode(err, ldap.LDAPResultNoSuchObject, ldap.LDAPResultConstraintViolation, ldap.LDAPResultOther) && w.forgetAll()
	if (isLost(err) || outdated || errors.Is(err, errMadeMeanwhile)) && ctx.Err() == nil {
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
	if err := w.unchanged(ctx, op, before, o); err != nil {
		return err
	}
	return w.attempt(ctx, op, o)
}

// unchanged refuses an object in which somebody else has changed what the operation
// changes: what is there is what was read before, or what the operation writes.
func (w *Writer) unchanged(ctx context.Context, op plan.Operation, before *plan.Found, o *object) error {
	if o == nil {
		return nil
	}
	f, err := w.foundFor(ctx, op, o)
	if err != nil {
		return err
	}
	if op.Action == plan.ActionDelete && before != nil && f.Digest() != before.Digest() {
		return fmt.Errorf("%w: it is to be deleted, and has changed", apply.ErrStale)
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
	return nil
}

func (w *Writer) failed(op plan.Operation, err error) error {
	if err == nil {
		return nil
	}
	if !errors.Is(err, apply.ErrStale) {
		err = w.k.config.Domain.explainWrite(err)
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
	if o.hasPolicies() {
		return fmt.Errorf("%w: group policies are linked to it since the plan was made (gPLink)", apply.ErrStale)
	}
	err := w.k.request(ctx, func(c *session) error { return c.Del(ldap.NewDelRequest(o.handle(), nil)) })
	switch {
	case hasCode(err, ldap.LDAPResultNoSuchObject):
		err = nil
	case hasCode(err, ldap.LDAPResultNotAllowedOnNonLeaf):
		return fmt.Errorf("something still stands in %s; it is deleted when it is empty: %w", o.DN, err)
	}
	err = protectedOU(o, err)
	if err == nil {
		w.forget(op.Object)
		w.moved(o) // it is nobody's leader any more
	}
	return err
}

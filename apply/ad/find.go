package ad

import (
	"context"
	"fmt"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/plan"
)

// find reads the object with an identity, nil when there is none. Identities are not
// indexed in the directory, so their handles are kept: those that the run's reader saw, or
// else read once. What this writer makes and deletes is followed, and what others move is
// found under the same handle.
func (w *Writer) find(ctx context.Context, id plan.ID) (*object, error) {
	handle, err := w.handle(ctx, id)
	if err != nil || handle == "" {
		return nil, err
	}
	entry, err := w.k.readOne(ctx, handle, w.k.attributes())
	if err != nil {
		return nil, err
	}
	if entry != nil {
		o, err := w.k.parse(entry)
		if err != nil {
			return nil, err
		}
		if o.owned && o.id() == id && w.k.base.AncestorOfFold(o.dn) {
			w.see(o)
			return o, nil
		}
	}
	return w.search(ctx, id)
}

// handle is how an object is asked for, empty when there is none.
func (w *Writer) handle(ctx context.Context, id plan.ID) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.guids == nil {
		w.guids = w.k.config.run.handles()
	}
	if w.guids == nil {
		var err error
		if w.guids, err = w.k.loadHandles(ctx); err != nil {
			return "", err
		}
	}
	return w.guids[id], nil
}

// loadHandles reads the handles of all that is orgit's.
func (k *connection) loadHandles(ctx context.Context) (map[plan.ID]string, error) {
	anchor := k.config.Anchor
	entries, err := k.subtree(ctx, "("+anchor+"="+ownPrefix+"*)", []string{"objectClass", "objectGUID", anchor})
	if err != nil {
		return nil, err
	}
	handles := make(map[plan.ID]string, len(entries))
	for _, e := range entries {
		o, err := k.parse(e)
		if err != nil {
			return nil, err
		}
		if !o.owned {
			continue
		}
		if other, twice := handles[o.id()]; twice && other != o.handle() {
			return nil, fmt.Errorf("two objects claim the identity %s, one of them is %s", o.id(), o.DN)
		}
		handles[o.id()] = o.handle()
	}
	return handles, nil
}

// search looks through the whole of orgit's part for an identity. It is slow where there
// are many accounts, and needed only when a handle fails or an answer was lost.
func (w *Writer) search(ctx context.Context, id plan.ID) (*object, error) {
	w.forget(id)
	filter := "(" + w.k.config.Anchor + "=" + ldap.EscapeFilter(ownerMark(id.UUID)) + ")"
	entries, err := w.k.subtree(ctx, filter, w.k.attributes())
	if err != nil {
		return nil, err
	}
	var found *object
	for _, e := range entries {
		o, err := w.k.parse(e)
		if err != nil {
			return nil, err
		}
		if !o.owned || o.id() != id {
			continue
		}
		if found != nil {
			return nil, fmt.Errorf("two objects claim the identity %s: %s and %s", id, found.DN, o.DN)
		}
		found = o
	}
	if found != nil {
		w.see(found)
	}
	return found, nil
}

// refer says what a DN is in the plan, just as the reader does.
func (w *Writer) refer(ctx context.Context, dn *ldap.DN) (reference, error) {
	if dn.EqualFold(w.k.base) {
		return reference{atBase, w.k.config.BaseDN}, nil
	}
	if known, ok := w.referenceAt(dn); ok {
		return known, nil
	}
	foreign := reference{foreignDN + dnKey(dn), firstValue(dn)}
	if !w.k.base.AncestorOfFold(dn) {
		return foreign, nil
	}
	entry, err := w.k.readOne(ctx, spell(dn), []string{"objectClass", "objectGUID", "displayName", w.k.config.Anchor})
	if err != nil || entry == nil {
		return foreign, err
	}
	o, err := w.k.parse(entry)
	if err != nil {
		return foreign, err
	}
	if id, ok := w.claims[o.guid()]; ok && !o.owned {
		return reference{id.String(), o.reference().show}, nil
	}
	if !o.owned {
		return foreign, nil
	}
	w.see(o)
	return o.reference(), nil
}

// containerDN is the DN that a container in a plan stands for.
func (w *Writer) containerDN(ctx context.Context, value []string) (*ldap.DN, error) {
	if len(value) == 1 && value[0] == atBase {
		return w.k.base, nil
	}
	return w.target(ctx, value)
}

// dnsOf gives the DNs of what a reference in a plan stands for; none for no value.
func (w *Writer) dnsOf(ctx context.Context, value []string) ([]string, error) {
	if len(value) == 0 {
		return nil, nil
	}
	dn, err := w.target(ctx, value)
	if err != nil {
		return nil, err
	}
	return []string{spell(dn)}, nil
}

// target gives the DN of what a reference stands for: the one that was read or made in
// this run, which Write looks up again when the directory does not know it any more.
func (w *Writer) target(ctx context.Context, value []string) (*ldap.DN, error) {
	if len(value) != 1 {
		return nil, fmt.Errorf("a reference has %d values", len(value))
	}
	id, ok := parseID(value[0])
	if !ok {
		return nil, fmt.Errorf("%q is no reference to an object of orgit's", value[0])
	}
	if dn := w.placeOf(id); dn != nil {
		return dn, nil
	}
	o, err := w.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if o == nil {
		return nil, fmt.Errorf("it refers to %s, which is not there", id)
	}
	return o.dn, nil
}

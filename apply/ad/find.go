package ad

import (
	"context"
	"fmt"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/plan"
)

// find reads the object with an identity, nil when there is none. Identities are not
// indexed in the directory, so their handles are read once and kept; what this writer
// makes and deletes is followed, and what others move is found under the same handle.
func (w *Writer) find(ctx context.Context, id plan.ID) (*object, error) {
	if w.guids == nil {
		if err := w.loadHandles(ctx); err != nil {
			return nil, err
		}
	}
	handle, ok := w.guids[id]
	if !ok {
		return nil, nil
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
			return o, nil
		}
	}
	return w.search(ctx, id)
}

func (w *Writer) loadHandles(ctx context.Context) error {
	anchor := w.k.config.Anchor
	entries, err := w.k.subtree(ctx, "("+anchor+"="+ownPrefix+"*)", []string{"objectClass", "objectGUID", anchor})
	if err != nil {
		return err
	}
	w.guids = make(map[plan.ID]string, len(entries))
	for _, e := range entries {
		o, err := w.k.parse(e)
		if err != nil {
			return err
		}
		if !o.owned {
			continue
		}
		if other, twice := w.guids[o.id()]; twice && other != o.handle() {
			return fmt.Errorf("two objects claim the identity %s, one of them is %s", o.id(), o.DN)
		}
		w.guids[o.id()] = o.handle()
	}
	return nil
}

// search looks through the whole of orgit's part for an identity. It is slow where there
// are many accounts, and needed only when a handle fails or an answer was lost.
func (w *Writer) search(ctx context.Context, id plan.ID) (*object, error) {
	delete(w.guids, id)
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
		if w.guids != nil {
			w.guids[id] = o.handle()
		}
	}
	return found, nil
}

// remember keeps the handle of an object that was just made.
func (w *Writer) remember(e *ldap.Entry) (*object, error) {
	o, err := w.k.parse(e)
	if err != nil {
		return nil, err
	}
	if w.guids != nil && o.owned {
		w.guids[o.id()] = o.handle()
	}
	return o, nil
}

// refer says what a DN is in the plan, just as the reader does.
func (w *Writer) refer(ctx context.Context, dn *ldap.DN) (reference, error) {
	if dn.EqualFold(w.k.base) {
		return reference{atBase, w.k.config.BaseDN}, nil
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
	return o.reference(), nil
}

// containerDN is the DN that a container in a plan stands for.
func (w *Writer) containerDN(ctx context.Context, value []string) (*ldap.DN, error) {
	if len(value) == 1 && value[0] == atBase {
		return w.k.base, nil
	}
	o, err := w.target(ctx, value)
	if err != nil {
		return nil, err
	}
	return o.dn, nil
}

// dnsOf gives the DNs of what a reference in a plan stands for; none for no value.
func (w *Writer) dnsOf(ctx context.Context, value []string) ([]string, error) {
	if len(value) == 0 {
		return nil, nil
	}
	o, err := w.target(ctx, value)
	if err != nil {
		return nil, err
	}
	return []string{o.DN}, nil
}

func (w *Writer) target(ctx context.Context, value []string) (*object, error) {
	if len(value) != 1 {
		return nil, fmt.Errorf("a reference has %d values", len(value))
	}
	id, ok := parseID(value[0])
	if !ok {
		return nil, fmt.Errorf("%q is no reference to an object of orgit's", value[0])
	}
	o, err := w.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if o == nil {
		return nil, fmt.Errorf("it refers to %s, which is not there", id)
	}
	return o, nil
}

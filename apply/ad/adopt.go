package ad

import (
	"context"
	"fmt"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/plan"
)

// seek reads the object of an operation. What is to be adopted is found by its objectGUID
// until it is orgit's.
func (w *Writer) seek(ctx context.Context, op plan.Operation) (*object, error) {
	o, err := w.find(ctx, op.Object)
	if err != nil || op.Action != plan.ActionAdopt {
		return o, err
	}
	if o != nil {
		if o.guid() != op.Handle {
			return nil, fmt.Errorf("%w: orgit has another object as this one now: %s", apply.ErrStale, o.DN)
		}
		return o, nil
	}
	entry, err := w.k.readOne(ctx, byGUID(op.Handle), w.k.attributes())
	if err != nil || entry == nil {
		return nil, err
	}
	if o, err = w.k.parse(entry); err != nil {
		return nil, err
	}
	switch {
	case !w.k.base.AncestorOfFold(o.dn):
		return nil, fmt.Errorf("%w: it was moved out of orgit's part: %s", apply.ErrStale, o.DN)
	case o.owned:
		return nil, fmt.Errorf("%w: it has become orgit's as another object: %s", apply.ErrStale, o.DN)
	case o.kind != op.Object.Kind:
		return nil, fmt.Errorf("%w: %s is a %s", apply.ErrStale, o.DN, o.class())
	}
	return o, nil
}

// isOf reports whether an object that was read is an operation's.
func (o *object) isOf(op plan.Operation) bool {
	if o.owned {
		return o.id() == op.Object
	}
	return op.Action == plan.ActionAdopt && o.guid() == op.Handle
}

// foundFor gives an object as the plan of an operation knows it: for an adoption with its
// identity to be, and with what says whose it is.
func (w *Writer) foundFor(ctx context.Context, op plan.Operation, o *object) (*plan.Found, error) {
	f, err := w.foundNow(ctx, o)
	if err != nil || op.Action != plan.ActionAdopt {
		return f, err
	}
	f.ID = op.Object
	if v := o.values(w.k.config.Anchor); v != nil {
		f.Attrs[op.Claim] = v
	}
	return f, nil
}

// adopt makes an object orgit's and changes what the operation asks, in one request: the
// mark goes only where nothing stands, and each value only while it is the one that was
// read. Its name and place come after that, when it is orgit's already, so that what is
// killed in between is finished as a change of an object of orgit's.
func (w *Writer) adopt(ctx context.Context, op plan.Operation, o *object) error {
	change, err := w.attributeChanges(ctx, op, o)
	if err != nil {
		return err
	}
	if !o.owned {
		claim := ldap.NewModifyRequest(change.DN, nil)
		claim.Add(w.k.config.Anchor, []string{ownerMark(op.Object.UUID)})
		claim.Changes = append(claim.Changes, change.Changes...)
		change = claim
	}
	if err := w.modify(ctx, change); err != nil {
		return err
	}
	o.owner, o.owned = op.Object.UUID, true
	w.see(o)
	return w.move(ctx, op, o)
}

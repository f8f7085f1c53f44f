package ad

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// update brings an object that exists to what the operation asks: first what closes it
// and its plain attributes, then its name and place, and last what opens it.
func (w *Writer) update(ctx context.Context, op plan.Operation, o *object) error {
	change, err := w.attributeChanges(ctx, op, o)
	if err == nil {
		err = w.modify(ctx, change)
	}
	if err != nil {
		return w.closeAtLeast(ctx, op, o, err)
	}
	if err := w.move(ctx, op, o); err != nil {
		return err
	}
	return w.open(ctx, op, o)
}

// closeAtLeast disables the account that the operation closes where something else of it
// is refused: a value that the directory does not take, or a leader who is not found, must
// keep nobody in. The operation
// has failed all the same, and the next run does the rest.
func (w *Writer) closeAtLeast(ctx context.Context, op plan.Operation, o *object, refused error) error {
	if o.kind != KindUser || isLost(refused) || errors.Is(refused, apply.ErrStale) {
		return refused
	}
	now, err := w.find(ctx, op.Object) // the marks of the refused request were not written
	if err != nil || now == nil {
		return errors.Join(refused, err)
	}
	if _, shut, err := w.closes(ctx, op, now); err != nil || !shut {
		return errors.Join(refused, err)
	}
	change := ldap.NewModifyRequest(now.handle(), nil)
	if err = w.close(ctx, change, op, now); err == nil {
		err = w.modify(ctx, change)
	}
	if err != nil {
		return errors.Join(refused, fmt.Errorf("close it at least: %w", err))
	}
	return fmt.Errorf("the account is closed, and the rest was refused: %w", refused)
}

// open gives the account its first password, where it needs one, and enables it.
func (w *Writer) open(ctx context.Context, op plan.Operation, o *object) error {
	if err := w.givePassword(ctx, op, o); err != nil {
		return err
	}
	return w.enable(ctx, op, o)
}

// modify sends a compare-and-set: every value goes only while it is the one that was
// read. The directory does all of it or nothing.
func (w *Writer) modify(ctx context.Context, change *ldap.ModifyRequest) error {
	if len(change.Changes) == 0 {
		return nil
	}
	err := w.k.request(ctx, func(c *session) error { return c.Modify(change) })
	if hasCode(err, ldap.LDAPResultNoSuchAttribute, ldap.LDAPResultAttributeOrValueExists, ldap.LDAPResultNoSuchObject) {
		return fmt.Errorf("%w: %w", apply.ErrStale, err)
	}
	return err
}

// swap changes an attribute from the values that were read to new ones. Of several values
// only those that differ are named. A new value that is an old one without its CPR number
// stands for that one: it is kept as it is.
func swap(change *ldap.ModifyRequest, name string, old, new []string) {
	gone := slices.DeleteFunc(slices.Clone(old), func(v string) bool {
		return slices.Contains(new, v) || slices.Contains(new, schema.MaskCPR(v))
	})
	come := slices.DeleteFunc(slices.Clone(new), func(v string) bool {
		return slices.ContainsFunc(old, func(was string) bool { return was == v || schema.MaskCPR(was) == v })
	})
	if len(gone) > 0 {
		change.Delete(name, gone)
	}
	if len(come) > 0 {
		change.Add(name, come)
	}
}

// attributeChanges collects everything but the name, the place and the opening.
func (w *Writer) attributeChanges(ctx context.Context, op plan.Operation, o *object) (*ldap.ModifyRequest, error) {
	change := ldap.NewModifyRequest(o.handle(), nil)
	for _, a := range op.Attrs {
		if _, plain := plainNamed(a.Name); plain {
			swap(change, a.Name, o.values(a.Name), a.New)
			continue
		}
		switch a.Name {
		case attrExpires:
			raw, err := rawExpires(a.New[0])
			if err != nil {
				return nil, err
			}
			swap(change, attrExpires, o.values(attrExpires), []string{raw})
		case attrManager:
			dn, err := w.dnsOf(ctx, a.New)
			if err != nil {
				return nil, err
			}
			swap(change, attrManager, o.values(attrManager), dn)
		}
	}
	if o.kind == KindUser {
		if err := w.close(ctx, change, op, o); err != nil {
			return nil, err
		}
	}
	return change, nil
}

// close adds what disables the account, and the mark that says so.
func (w *Writer) close(ctx context.Context, change *ldap.ModifyRequest, op plan.Operation, o *object) error {
	closing, shut, err := w.closes(ctx, op, o)
	if err != nil {
		return err
	}
	today, err := org.DayOf(w.k.config.Now())
	if err != nil {
		return err
	}
	o.setMark(change, markAttribute(w.k.config.Anchor), nextMark(op, o, closing, today))
	if shut {
		swap(change, "userAccountControl", o.values("userAccountControl"), []string{strconv.FormatInt(o.uac()|uacDisabled, 10)})
	}
	return nil
}

// closes reports whether the operation takes the account out of use for good, and whether it
// has to be disabled for that or another reason.
func (w *Writer) closes(ctx context.Context, op plan.Operation, o *object) (forGood, shut bool, err error) {
	if forGood, err = w.endsInQuarantine(ctx, op, o); err != nil {
		return false, false, err
	}
	goal := op.Attr(attrEnabled)
	return forGood, !o.disabled() && (forGood || goal != nil && slices.Equal(goal.New, []string{"false"})), nil
}

// endsInQuarantine reports whether the operation takes the account out of use for good:
// it moves into quarantine, now or in an operation that follows, or is there and stays. A
// start that was put off only disables.
func (w *Writer) endsInQuarantine(ctx context.Context, op plan.Operation, o *object) (bool, error) {
	if op.Action != plan.ActionRetire {
		return false, nil
	}
	if at := op.Attr(attrContainer); at != nil {
		return slices.Equal(at.New, []string{ownOU(quarantineRole).String()}), nil
	}
	if slices.Contains(op.Loss, plan.LossQuarantine) {
		return true, nil
	}
	quarantine, err := w.find(ctx, ownOU(quarantineRole))
	if err != nil || quarantine == nil {
		return false, err
	}
	return quarantine.dn.EqualFold(parentOf(o.dn)), nil
}

// move renames and moves the object in one request.
func (w *Writer) move(ctx context.Context, op plan.Operation, o *object) error {
	name, superior := firstValue(o.dn), ""
	attribute := rdnAttribute(o.kind)
	if a := op.Attr(nameAttribute(o.kind)); a != nil && len(a.New) > 0 {
		name = a.New[0]
	}
	if a := op.Attr(attrContainer); a != nil {
		dn, err := w.containerDN(ctx, a.New)
		if err != nil {
			return err
		}
		if !dn.EqualFold(parentOf(o.dn)) {
			superior = spell(dn)
		}
	}
	if name == firstValue(o.dn) && superior == "" {
		return nil
	}
	// The name is read again: a container above may have moved since.
	now, err := w.k.readOne(ctx, o.handle(), []string{"1.1"})
	if err != nil {
		return err
	}
	if now == nil {
		return fmt.Errorf("%w: it is no longer there", apply.ErrStale)
	}
	defer w.moved(o)
	err = w.k.request(ctx, func(c *session) error {
		return c.ModifyDN(ldap.NewModifyDNRequest(now.DN, rdnOf(attribute, name), true, superior))
	})
	err = protectedOU(o, err)
	if hasCode(err, ldap.LDAPResultNoSuchObject) {
		return fmt.Errorf("%w: it has another name or place since a moment: %w", apply.ErrStale, err)
	}
	if hasCode(err, ldap.LDAPResultEntryAlreadyExists) {
		return fmt.Errorf("%w: the name %q is in use in its OU by an object that is not the same: %w", ErrRefused, name, err)
	}
	return err
}

// enable opens the account and takes the mark away in one request, so that no account
// is ever open with a mark that says that orgit closed it.
func (w *Writer) enable(ctx context.Context, op plan.Operation, o *object) error {
	goal := op.Attr(attrEnabled)
	if o.kind != KindUser || goal == nil || !slices.Equal(goal.New, []string{"true"}) || !o.disabled() {
		return nil
	}
	if reason, _ := o.held(); reason != goal.Despite {
		return fmt.Errorf("%w: %s", apply.ErrStale, orOpenable(reason))
	}
	change := ldap.NewModifyRequest(o.handle(), nil)
	swap(change, "userAccountControl", o.values("userAccountControl"), []string{strconv.FormatInt(o.uac()&^uacDisabled, 10)})
	// The mark goes only while it is the one that was read or written above: somebody may
	// have locked the account meanwhile, which changes the mark alone.
	o.setMark(change, markAttribute(w.k.config.Anchor), mark{})
	err := w.modify(ctx, change)
	if hasCode(err, ldap.LDAPResultUnwillingToPerform, ldap.LDAPResultConstraintViolation) {
		return fmt.Errorf("%w: it cannot be enabled. Windows does not enable an account without a password: "+
			"set one, and run orgit apply again: %w", ErrRefused, err)
	}
	return err
}

func rdnAttribute(kind plan.Kind) string {
	if kind == KindOU {
		return "OU"
	}
	return "CN"
}

func nameAttribute(kind plan.Kind) string {
	if kind == KindOU {
		return attrOU
	}
	return attrCN
}

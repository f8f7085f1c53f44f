package ad

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/plan"
)

// create adds the object with all that it is to have, in one request where the directory
// lets an account begin enabled. Windows does not without a password: there it is made
// disabled and enabled in a second request, and what dies between the two leaves an account
// that says why it is disabled.
func (w *Writer) create(ctx context.Context, op plan.Operation) error {
	dn, err := w.newDN(ctx, op)
	if err != nil {
		return err
	}
	opens := op.Object.Kind == KindUser && wantsOpen(&op)
	made := opens && w.passwords == nil && !w.refusesOpen.Load() // a password is set while the account is closed
	err = w.add(ctx, op, dn, made)
	if made && hasCode(err, ldap.LDAPResultUnwillingToPerform, ldap.LDAPResultConstraintViolation) {
		made = false
		if err = w.add(ctx, op, dn, made); err == nil {
			w.refusesOpen.Store(true)
		}
	}
	if hasCode(err, ldap.LDAPResultEntryAlreadyExists, ldap.LDAPResultConstraintViolation) {
		return w.explainTaken(ctx, op, spell(dn), err)
	}
	if err != nil {
		return err
	}
	w.made(op.Object, op.Name, dn)
	if made || op.Object.Kind != KindUser || !opens && w.passwords == nil {
		return nil
	}
	o, err := w.find(ctx, op.Object)
	if err != nil {
		return err
	}
	if o == nil {
		return fmt.Errorf("%w: it vanished as soon as it was made", apply.ErrStale)
	}
	return w.open(ctx, op, o)
}

// WriteLinked makes an account with its leader, in the request that makes it. It is the same
// as Write of both: what is refused is refused whole.
func (w *Writer) WriteLinked(ctx context.Context, op, link plan.Operation) error {
	op.Attrs = append(slices.Clone(op.Attrs), link.Attrs...)
	return w.Write(ctx, op, nil)
}

// wantsOpen reports whether the operation leaves its account enabled.
func wantsOpen(op *plan.Operation) bool {
	goal := op.Attr(attrEnabled)
	return goal != nil && slices.Equal(goal.New, []string{"true"})
}

// add sends the request that makes the object, an account enabled or not.
func (w *Writer) add(ctx context.Context, op plan.Operation, dn *ldap.DN, open bool) error {
	add := ldap.NewAddRequest(spell(dn), nil)
	add.Attribute("objectClass", []string{objectClass(op.Object.Kind)})
	add.Attribute(w.k.config.Anchor, []string{ownerMark(op.Object.UUID)})
	if op.Object.Kind == KindUser {
		if err := w.addUserAttributes(ctx, add, op); err != nil {
			return err
		}
		w.addState(add, &op, open)
	}
	return w.k.request(ctx, func(c *session) error { return c.Add(add) })
}

// addState says whether an account is disabled at first, and if so, why.
func (w *Writer) addState(add *ldap.AddRequest, op *plan.Operation, open bool) {
	if open {
		add.Attribute("userAccountControl", []string{strconv.Itoa(uacNew &^ uacDisabled)})
		return
	}
	why := mark{state: markDisabled, first: w.passwords != nil}
	if wantsOpen(op) || op.Attr(attrEnabled) == nil {
		why.state = markNew // without the attribute it is opened in a pass of its own
	}
	if a := op.Attr(attrSuspended); a != nil && len(a.New) > 0 {
		why.suspended = true
	}
	add.Attribute("userAccountControl", []string{strconv.Itoa(uacNew)})
	add.Attribute(markAttribute(w.k.config.Anchor), []string{why.String()})
}

func objectClass(kind plan.Kind) string {
	if kind == KindOU {
		return "organizationalUnit"
	}
	return "user"
}

// newDN is the name that a new object gets.
func (w *Writer) newDN(ctx context.Context, op plan.Operation) (*ldap.DN, error) {
	name, at := op.Attr(nameAttribute(op.Object.Kind)), op.Attr(attrContainer)
	if name == nil || at == nil || len(name.New) != 1 {
		return nil, fmt.Errorf("the operation does not say the name and place of the new object")
	}
	container, err := w.containerDN(ctx, at.New)
	if err != nil {
		return nil, err
	}
	rdn := &ldap.RelativeDN{Attributes: []*ldap.AttributeTypeAndValue{{Type: rdnAttribute(op.Object.Kind), Value: name.New[0]}}}
	return &ldap.DN{RDNs: append([]*ldap.RelativeDN{rdn}, container.RDNs...)}, nil
}

// addUserAttributes fills in the add request of an account.
func (w *Writer) addUserAttributes(ctx context.Context, add *ldap.AddRequest, op plan.Operation) error {
	for _, a := range op.Attrs {
		if _, plain := plainNamed(a.Name); plain && len(a.New) > 0 {
			add.Attribute(a.Name, a.New)
			continue
		}
		switch {
		case a.Name == attrExpires:
			raw, err := rawExpires(a.New[0])
			if err != nil {
				return err
			}
			add.Attribute(attrExpires, []string{raw})
		case a.Name == attrManager && len(a.New) > 0:
			dn, err := w.dnsOf(ctx, a.New)
			if err != nil {
				return err
			}
			add.Attribute(attrManager, dn)
		}
	}
	return nil
}

// errMadeMeanwhile: a new object, with orgit's mark for it, came between the last look and
// the request. It may be a request of an earlier run, whose answer was lost with its
// connection and which the server has carried out only now.
var errMadeMeanwhile = fmt.Errorf("%w: somebody has made it meanwhile", apply.ErrStale)

// explainTaken finds out what stands in the way of a new object, and says it. The class of
// the error is that of its cause.
func (w *Writer) explainTaken(ctx context.Context, op plan.Operation, dn string, cause error) error {
	if same, err := w.search(ctx, op.Object); err == nil && same != nil {
		return fmt.Errorf("%w: %s", errMadeMeanwhile, same.DN)
	}
	there, err := w.k.readOne(ctx, dn, []string{w.k.config.Anchor})
	if err != nil {
		return cause // what was refused says more than that the reason could not be found
	}
	if there != nil {
		return fmt.Errorf("%s is there already and is not this object; "+
			"rename or remove it, or give it the mark %s in %s if it is the same: %w",
			there.DN, ownerMark(op.Object.UUID), w.k.config.Anchor, cause)
	}
	for _, name := range []string{attrLogin, attrUPN} {
		a := op.Attr(name)
		if a == nil || len(a.New) == 0 {
			continue
		}
		if owner := w.holderOf(ctx, name, a.New[0]); owner != "" {
			return fmt.Errorf("%s %s belongs to %s; rename one of them, or, if it is the same and stands below the base DN, give it the mark %s in %s: %w",
				name, a.New[0], owner, ownerMark(op.Object.UUID), w.k.config.Anchor, cause)
		}
	}
	return cause
}

// holderOf finds who has a login name anywhere in the domain; empty when nobody is seen.
func (w *Writer) holderOf(ctx context.Context, attribute, value string) string {
	root, err := w.k.readOne(ctx, "", []string{"defaultNamingContext"})
	if err != nil || root == nil {
		return "" // it is only for the message
	}
	found, err := w.k.search(ctx, ldap.NewSearchRequest(root.GetEqualFoldAttributeValue("defaultNamingContext"),
		ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false,
		"("+attribute+"="+ldap.EscapeFilter(value)+")", []string{"1.1"}, nil))
	if err != nil || len(found) == 0 {
		return ""
	}
	return found[0].DN
}

package ad

import (
	"context"
	"fmt"
	"strconv"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/plan"
)

// create adds the object with all that it is to have, and enables an account in a second
// request: what dies between the two leaves an account that is disabled and says why.
func (w *Writer) create(ctx context.Context, op plan.Operation) error {
	dn, err := w.newDN(ctx, op)
	if err != nil {
		return err
	}
	add := ldap.NewAddRequest(dn, nil)
	add.Attribute("objectClass", []string{objectClass(op.Object.Kind)})
	add.Attribute(w.k.config.Anchor, []string{ownerMark(op.Object.UUID)})
	if op.Object.Kind == KindUser {
		if err := w.addUserAttributes(ctx, add, op); err != nil {
			return err
		}
	}
	err = w.k.request(ctx, func(c *ldap.Conn) error { return c.Add(add) })
	if hasCode(err, ldap.LDAPResultEntryAlreadyExists, ldap.LDAPResultConstraintViolation) {
		return w.explainTaken(ctx, op, dn, err)
	}
	if err != nil {
		return err
	}
	entry, err := w.k.readOne(ctx, dn, w.k.attributes())
	if err != nil {
		return err
	}
	if entry == nil {
		return fmt.Errorf("%w: it vanished as soon as it was made", apply.ErrStale)
	}
	o, err := w.remember(entry)
	if err != nil {
		return err
	}
	return w.open(ctx, op, o)
}

func objectClass(kind plan.Kind) string {
	if kind == KindOU {
		return "organizationalUnit"
	}
	return "user"
}

// newDN is the name that a new object gets.
func (w *Writer) newDN(ctx context.Context, op plan.Operation) (string, error) {
	name, at := op.Attr(nameAttribute(op.Object.Kind)), op.Attr(attrContainer)
	if name == nil || at == nil || len(name.New) != 1 {
		return "", fmt.Errorf("the operation does not say the name and place of the new object")
	}
	container, err := w.containerDN(ctx, at.New)
	if err != nil {
		return "", err
	}
	return rdnOf(rdnAttribute(op.Object.Kind), name.New[0]) + "," + spell(container), nil
}

// addUserAttributes fills in the add request of an account, which begins disabled.
func (w *Writer) addUserAttributes(ctx context.Context, add *ldap.AddRequest, op plan.Operation) error {
	why := mark{state: markDisabled, first: w.passwords != nil}
	if op.Attr(attrEnabled) == nil {
		why.state = markNew // it is opened in a pass of its own
	}
	for _, a := range op.Attrs {
		if _, plain := plainNamed(a.Name); plain && len(a.New) > 0 {
			add.Attribute(a.Name, a.New)
			continue
		}
		switch {
		case a.Name == attrEnabled && a.New[0] == "true":
			why.state = markNew
		case a.Name == attrSuspended && len(a.New) > 0:
			why.suspended = true
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
	add.Attribute("userAccountControl", []string{strconv.Itoa(uacNew)})
	add.Attribute(markAttribute(w.k.config.Anchor), []string{why.String()})
	return nil
}

// explainTaken finds out what stands in the way of a new object, and says it. The class of
// the error is that of its cause.
func (w *Writer) explainTaken(ctx context.Context, op plan.Operation, dn string, cause error) error {
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

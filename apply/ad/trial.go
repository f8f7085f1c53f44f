package ad

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/apply"
)

// The objects of a trial. What holds trialMark in the anchor was left by a trial that was
// killed, and is removed by the next one. A plan takes it for what is not orgit's.
const (
	trialName = "orgit-doctor-trial"
	trialMark = "orgit-doctor: a trial of orgit's rights, may be removed"
)

// examineRights tries what orgit needs to be able to do: it makes an OU and a disabled
// account in it, changes, renames, moves and deletes them.
func (k *connection) examineRights(ctx context.Context) apply.Check {
	const subject = "rights"
	const hint = "delegate on the base DN: create and delete OUs and users, write their attributes, rename and move; see docs/active-directory.md"
	if k.config.ReadOnly {
		return skipped(subject, "not tried, since nothing is to be written")
	}
	if err := k.clearTrial(ctx); err != nil {
		return faultCheck(subject, hint, fmt.Errorf("remove what an earlier trial left: %w", k.config.Domain.explain(err)))
	}
	err := k.try(ctx)
	// What was made is removed however the trial ends, also when somebody has had enough of it.
	clearing := k.clearTrial(context.WithoutCancel(ctx))
	switch {
	case err != nil:
		return faultCheck(subject, hint, errors.Join(k.config.Domain.explain(err), k.config.Domain.explain(clearing)))
	case clearing != nil:
		return faultCheck(subject, hint, fmt.Errorf("remove the trial's objects below %s: %w", k.config.BaseDN, k.config.Domain.explain(clearing)))
	}
	return good(subject, "an OU and a disabled account were made, changed, renamed, moved and deleted again below %s", k.config.BaseDN)
}

// try does it step by step, and says which step went wrong.
func (k *connection) try(ctx context.Context) error {
	base := spell(k.base)
	ou, renamed := rdnOf("OU", trialName)+","+base, rdnOf("OU", trialName+"-2")+","+base
	user, moved := rdnOf("CN", trialName)+","+renamed, rdnOf("CN", trialName+"-2")+","+base
	for _, step := range []struct {
		what string
		do   func(*session) error
	}{
		{"make an OU", func(c *session) error { return c.Add(k.trialObject(ou, "organizationalUnit")) }},
		{"rename an OU", func(c *session) error {
			return c.ModifyDN(ldap.NewModifyDNRequest(ou, rdnOf("OU", trialName+"-2"), true, ""))
		}},
		{"make an account", func(c *session) error { return c.Add(k.trialObject(user, "user")) }},
		{"change the mark of an account", func(c *session) error { return c.Modify(k.trialMarks(user)) }},
		{"see that the anchor holds one value", func(c *session) error { return k.tryTwoAnchors(c, user) }},
		{"write the attributes of an account", func(c *session) error { return k.tryAttributes(c, user) }},
		{"move and rename an account", func(c *session) error {
			return c.ModifyDN(ldap.NewModifyDNRequest(user, rdnOf("CN", trialName+"-2"), true, base))
		}},
		{"delete an account", func(c *session) error { return c.Del(ldap.NewDelRequest(moved, nil)) }},
		{"delete an OU", func(c *session) error { return c.Del(ldap.NewDelRequest(renamed, nil)) }},
	} {
		if err := k.request(ctx, step.do); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
	}
	return nil
}

// trialObject makes an object that says what it is.
func (k *connection) trialObject(dn, class string) *ldap.AddRequest {
	add := ldap.NewAddRequest(dn, nil)
	add.Attribute("objectClass", []string{class})
	add.Attribute(k.config.Anchor, []string{trialMark})
	if class == "user" {
		add.Attribute(attrLogin, []string{trialName})
		add.Attribute("userAccountControl", []string{strconv.Itoa(uacNew)})
		add.Attribute(markAttribute(k.config.Anchor), []string{mark{state: markNew}.String()})
	}
	return add
}

// trialMarks changes the mark as a run does, by compare-and-set.
func (k *connection) trialMarks(dn string) *ldap.ModifyRequest {
	change := ldap.NewModifyRequest(dn, nil)
	swap(change, markAttribute(k.config.Anchor), []string{mark{state: markNew}.String()}, []string{longestMark().String()})
	return change
}

// tryTwoAnchors makes sure that the directory refuses a second value in the anchor.
func (k *connection) tryTwoAnchors(c *session, dn string) error {
	change := ldap.NewModifyRequest(dn, nil)
	change.Add(k.config.Anchor, []string{trialMark + " (again)"})
	err := c.Modify(change)
	if err == nil {
		return fmt.Errorf("%w: %s takes several values; choose another attribute as %s.anchor", ErrNotConfigured, k.config.Anchor, k.config.Domain.setting())
	}
	if hasCode(err, ldap.LDAPResultAttributeOrValueExists, ldap.LDAPResultConstraintViolation) {
		return nil
	}
	return err
}

// tryAttributes asks the directory which attributes orgit may write of the account, where it
// says so.
func (k *connection) tryAttributes(c *session, dn string) error {
	found, err := c.Search(ldap.NewSearchRequest(dn, ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false,
		"(objectClass=*)", []string{"allowedAttributesEffective"}, nil))
	if err != nil {
		return err
	}
	if len(found.Entries) != 1 {
		return fmt.Errorf("%w: orgit may not see what it has made", apply.ErrNotAuthorised)
	}
	allowed := found.Entries[0].GetEqualFoldAttributeValues("allowedAttributesEffective")
	if len(allowed) == 0 {
		return nil
	}
	wanted := []string{"userAccountControl", attrExpires, attrManager}
	for _, a := range k.plain {
		wanted = append(wanted, a.name)
	}
	missing := slices.DeleteFunc(wanted, func(name string) bool {
		return slices.ContainsFunc(allowed, func(a string) bool { return strings.EqualFold(a, name) })
	})
	if len(missing) > 0 {
		return fmt.Errorf("%w: orgit may not write %s", apply.ErrNotAuthorised, strings.Join(missing, ", "))
	}
	return nil
}

// clearTrial removes what trials have made: accounts first.
func (k *connection) clearTrial(ctx context.Context) error {
	found, err := k.search(ctx, k.below("("+k.config.Anchor+"="+ldap.EscapeFilter(trialMark)+")", []string{"objectClass", "objectGUID"}))
	if err != nil {
		return err
	}
	var objects []*object
	for _, e := range found {
		o, err := k.parse(e)
		if err != nil {
			return err
		}
		objects = append(objects, o)
	}
	slices.SortFunc(objects, func(a, b *object) int { return len(b.dn.RDNs) - len(a.dn.RDNs) })
	for _, o := range objects {
		err := k.request(ctx, func(c *session) error { return c.Del(ldap.NewDelRequest(o.handle(), nil)) })
		if err != nil && !hasCode(err, ldap.LDAPResultNoSuchObject) {
			return err
		}
	}
	return nil
}

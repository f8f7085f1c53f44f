package ad

import (
	"fmt"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// Target is the name of targets.ad in settings, plans and operations. Further domains have names of their own, see Domain.
const Target = "ad"

// The kinds of object.
const (
	KindOU   plan.Kind = "ou"
	KindUser plan.Kind = "user"
)

// The attributes of a plan that are no attributes of the directory, or are kept in
// another form there.
const (
	// attrContainer is where an object stands: the identity of the OU as kind:uuid,
	// atBase directly below the base DN, or a DN after "dn:" for what is not orgit's. A
	// reference and not a DN, so that a unit that moves changes nothing below it.
	attrContainer = "container"
	// attrEnabled is true or false: the bit of userAccountControl. It has no value while
	// orgit is about to enable an account that it has just made.
	attrEnabled = "enabled"
	// attrSuspended is orgit's own note that the files say that the account is suspended.
	attrSuspended = "suspended"
	// attrPassword says whether the account has the password that orgit gives a new one.
	attrPassword = "password"
	// attrExpires is the instant from which an account does not work, RFC 3339 in UTC,
	// or neverExpires.
	attrExpires = "accountExpires"
	// attrManager is the leader's account, in the form of attrContainer.
	attrManager = "manager"
	attrCN      = "cn"
	attrOU      = "ou"
	attrLogin   = "sAMAccountName"
	attrUPN     = "userPrincipalName"

	attrDepartment  = "department"
	attrDisplayName = "displayName"
	attrPhone       = "telephoneNumber"
	attrMobile      = "mobile"
	attrRoom        = "physicalDeliveryOfficeName"
)

const (
	atBase       = "base"
	neverExpires = "never"
	foreignDN    = "dn:"
)

// Greatest lengths in characters. Those of the login name and cn are Windows'; Samba
// does not check them.
const (
	maxLogin      = 20
	maxCN         = 64
	maxDepartment = 64
)

// ruleIgnore in the settings leaves an attribute to others.
const ruleIgnore plan.Rule = "ignore"

// checkSettings finds what in the settings orgit cannot follow at all.
func (x Domain) checkSettings(s *org.ADSettings, set *attributeSet) *fault {
	if m := set.named(s.Anchor); m != nil {
		return &fault{x.path("anchor"), fmt.Sprintf("orgit writes %s from the organisation, so it cannot be the mark", m.name), "use adminDescription"}
	}
	if s.Passwords != nil {
		if err := x.checkPasswords(s.Passwords); err != nil {
			return &fault{x.path("passwords"), err.Error(), "see docs/active-directory.md, First passwords"}
		}
	}
	if s.AccountUUID == accountUUIDFromAD {
		return &fault{x.path("accountUUID"), "this version of orgit does not take UUIDs from objectGUID", `use "anchor"`}
	}
	return nil
}

// accountUUIDFromAD is the setting by which the directory gives accounts their UUIDs.
const accountUUIDFromAD = "objectGUID"

// kinds describe the target's kinds to a reader, in the order in which they are made.
func kinds() []plan.KindInfo {
	return []plan.KindInfo{
		{Kind: KindOU, Singular: "AD-enhed", Plural: "AD-enheder", English: "AD unit", Englishs: "AD units"},
		{Kind: KindUser, Singular: "AD-bruger", Plural: "AD-brugere", English: "AD user", Englishs: "AD users"},
	}
}

package ad

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// Target is the target's name in settings, plans and operations.
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

	attrDepartment = "department"
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

// plainAttribute is one that is written as it is stated.
type plainAttribute struct {
	name string
	max  int       // the schema's greatest length
	rule plan.Rule // the one that holds where the settings name none
}

// plainAttributes are the attributes of an account that are kept as they are.
func plainAttributes() []plainAttribute {
	return []plainAttribute{
		{attrLogin, maxLogin, plan.Force},
		{attrUPN, 1024, plan.Force},
		{"givenName", 64, plan.Force},
		{"sn", 64, plan.Force},
		{"displayName", 256, plan.Force},
		{"title", 128, plan.Force},
		{attrDepartment, maxDepartment, plan.Force},
		{"company", 64, plan.Force},
		{"employeeNumber", 512, plan.Force},
		{"mail", 256, plan.Keep},
		{"telephoneNumber", 64, plan.Keep},
		{"mobile", 64, plan.Keep},
		{"physicalDeliveryOfficeName", 128, plan.Keep},
	}
}

// plainNamed finds a plain attribute by its name.
func plainNamed(name string) (plainAttribute, bool) {
	list := plainAttributes()
	i := slices.IndexFunc(list, func(a plainAttribute) bool { return a.name == name })
	if i < 0 {
		return plainAttribute{}, false
	}
	return list[i], true
}

// ruleIgnore in the settings leaves an attribute to others.
const ruleIgnore plan.Rule = "ignore"

// rulesOf joins the settings' rules with those that hold without them.
func rulesOf(s *org.ADSettings) (map[string]plan.Rule, error) {
	rules := map[string]plan.Rule{attrCN: plan.Force, attrContainer: plan.Force, attrManager: plan.Force, attrExpires: plan.Force}
	for _, a := range plainAttributes() {
		rules[a.name] = a.rule
	}
	for _, name := range slices.Sorted(maps.Keys(s.Attributes)) {
		known, ok := nameIn(name, rules)
		if !ok {
			return nil, fmt.Errorf("targets.ad.attributes: orgit does not write %q; it writes %s",
				name, strings.Join(slices.Sorted(maps.Keys(rules)), ", "))
		}
		rules[known] = plan.Rule(s.Attributes[name].Rule)
	}
	return rules, nil
}

func nameIn(name string, rules map[string]plan.Rule) (string, bool) {
	for known := range rules {
		if strings.EqualFold(known, name) {
			return known, true
		}
	}
	return "", false
}

// checkSettings finds what in the settings orgit cannot follow.
func checkSettings(s *org.ADSettings, rules map[string]plan.Rule) error {
	if name, taken := nameIn(s.Anchor, rules); taken {
		return fmt.Errorf("targets.ad.anchor: orgit writes %s from the organisation, so it cannot be the mark; use adminDescription", name)
	}
	if s.Passwords != nil {
		if err := checkPasswords(s.Passwords); err != nil {
			return err
		}
	}
	if s.AccountUUID == accountUUIDFromAD {
		return fmt.Errorf("targets.ad.accountUUID: this version of orgit does not take UUIDs from objectGUID; use \"anchor\"")
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

package ad

import (
	"maps"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// Bare gives the configuration of a reader for a snapshot: it protects no login names of
// the settings and files and has no CPR numbers, so that what it reads does not depend on
// what a proposal may change; Seen adds that.
func (c Config) Bare() Config {
	c.protected, c.CPR = nil, nil
	return c
}

// Attributes are those that are read only where the settings ask for them.
func (x Domain) Attributes(o *org.Organisation) map[string]string {
	read := map[string]string{}
	if s := x.Settings(o); s != nil {
		for _, name := range PlainAttributes(s) {
			read[name] = ""
		}
	}
	return read
}

// Seen gives what a bare reader found as a read would have given it for the organisation
// that is planned, with the settings that are approved.
func (x Domain) Seen(a plan.Actual, planned, approved *org.Organisation) plan.Actual {
	anchor := Config{Anchor: x.Settings(approved).Anchor}.withDefaults().Anchor
	a.Mark = func(id plan.ID) (string, string) { return anchor, ownerMark(id.UUID) }
	a.Fold = fold
	protected := protectedLogins(x, approved)
	maps.Copy(protected, protectedLogins(x, planned))
	for i := range a.Objects {
		f := &a.Objects[i]
		f.Protected = seenProtection(f.Protected, firstOf(f.Attrs[attrLogin]), protected)
	}
	signs := x.seenSigns(&a, planned)
	for i := range a.Foreign {
		c := a.Foreign[i].Candidate
		if c == nil {
			continue
		}
		c.Protected = seenProtection(c.Protected, firstOf(c.Signs[signLogin]), protected)
		for _, sign := range signs {
			delete(c.Signs, sign)
			delete(c.Shows, sign)
		}
	}
	return a
}

// seenProtection adds the protection of login names, in the order of connection.protection.
func seenProtection(read plan.Protection, login string, protected map[string]plan.Protection) plan.Protection {
	switch read {
	case plan.ProtectedSystem, plan.ProtectedName, plan.ProtectedSelf:
		return read
	}
	if why := protected[fold(login)]; login != "" && why != "" {
		return why
	}
	return read
}

// seenSigns are the signs that a read for the organisation would not have of foreign
// accounts. Those that it would have and that were not read are noted.
func (x Domain) seenSigns(a *plan.Actual, o *org.Organisation) []string {
	var without []string
	asked := x.Attributes(o)
	for sign, attribute := range map[string]string{signNumber: "employeeNumber", signMail: "mail"} {
		if _, read := asked[attribute]; !read {
			without = append(without, sign)
		}
		if a.Unread != nil && a.Unread.Attributes[attribute] {
			if a.Unread.Signs == nil {
				a.Unread.Signs = map[string]bool{}
			}
			a.Unread.Signs[sign] = true
		}
	}
	return without
}

func firstOf(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

package change

import "orgit.dk/orgit/org"

// The functions here name every field of every entity once; a test holds them against the
// fields of the Go values, so that a field that is added to the model cannot go unsaid.
// What a thing holds by key and with periods of its own (engagements, leaders …) is
// compared thing by thing instead.

func unitFields(u *org.Unit) fields {
	f := fields{}
	f.text("uuid", string(u.UUID))
	f.text("name", u.Name)
	f.text("shortName", u.ShortName)
	f.text("parent", u.Parent)
	for hierarchy, parent := range u.Parents {
		f["parents."+hierarchy] = value{parent}
	}
	f.text("type", u.Type)
	f.text("legalForm", u.LegalForm)
	f.text("successor", u.Successor)
	f.period(u.Period)
	f.lists("sources", u.Sources)
	f.values("numbers", u.Numbers)
	f.values("addresses", u.Addresses)
	f.list("internal", u.Internal)
	for aspect, numbers := range u.KLE {
		f.keys("kle."+aspect, numbers)
	}
	f.ref("payoutUnit", u.PayoutUnit)
	f.keys("contactUnits", u.ContactUnits)
	f.keys("contactTasks", u.ContactTasks)
	f.keys("systems", u.Systems)
	f.list("related", u.Related)
	return f
}

func managerFields(m *org.Manager) fields {
	f := fields{}
	f.text("person", m.Person)
	f.flag("vacant", m.Vacant)
	f.text("role", m.Role)
	f.list("responsibilities", m.Responsibilities)
	f.period(m.Period)
	return f
}

func personFields(p *org.Person) fields {
	f := fields{}
	f.text("uuid", string(p.UUID))
	f.list("name", []string{p.Name.Given, p.Name.Surname, p.Name.Called})
	f.text("title", p.Title)
	f.values("addresses", p.Addresses)
	f.flag("shielded", p.Shielded)
	f.flag("suspended", p.Suspended)
	return f
}

func engagementFields(e *org.Engagement) fields {
	f := fields{}
	f.text("uuid", string(e.StatedUUID))
	f.text("unit", e.Unit)
	f.text("title", e.Title)
	f.text("displayTitle", e.DisplayTitle)
	f.text("type", e.Type)
	f.number("fraction", e.Fraction)
	f.flag("primary", e.Primary)
	f.day("annulled", e.Annulled)
	if e.Payroll != nil {
		f.text("payroll.system", e.Payroll.System)
		f.text("payroll.institution", e.Payroll.Institution)
		f.text("payroll.number", e.Payroll.Number)
	}
	if e.Covers != nil {
		f.text("covers.person", e.Covers.Person)
		f.text("covers.engagement", e.Covers.Engagement)
	}
	f.period(e.Period)
	return f
}

func leaveFields(l *org.Leave) fields {
	f := fields{}
	f.flag("closesAccounts", l.ClosesAccounts)
	f.period(l.Period)
	return f
}

func associationFields(a *org.Association) fields {
	f := fields{}
	f.text("uuid", string(a.StatedUUID))
	f.text("unit", a.Unit)
	f.text("type", a.Type)
	f.text("title", a.Title)
	f.text("sponsor", a.Sponsor)
	f.text("company", a.Company)
	f.day("annulled", a.Annulled)
	f.period(a.Period)
	return f
}

func accountFields(a *org.Account) fields {
	f := fields{}
	f.text("uuid", string(a.StatedUUID))
	f.text("system", a.System)
	f.text("name", a.Name)
	f.text("kind", a.Kind)
	f.list("for", a.For)
	f.flag("fk", a.FK)
	f.flag("suspended", a.Suspended)
	f.values("ids", a.IDs)
	f.text("existing", a.Existing)
	f.period(a.Period)
	return f
}

func robotFields(r *org.Robot) fields {
	f := fields{}
	f.text("uuid", string(r.UUID))
	f.text("name", r.Name)
	f.text("owner", r.Owner)
	f.text("unit", r.Unit)
	f.period(r.Period)
	return f
}

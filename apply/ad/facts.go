package ad

import "orgit.dk/orgit/org"

// stated gives the fact behind a value that a thing states on a day: where it stands, in
// the base or in the amendment that brought it, and since when. get reads the value;
// from is the day from which the thing itself is valid.
func stated[T any](base *T, versions []org.Version[T], from, day org.Day, path func(...string) org.Path,
	field string, get func(*T) string) org.Fact {
	fact := org.Fact{Path: path(field), Value: get(base), Day: from}
	for _, v := range versions {
		if v.From > day {
			break
		}
		if now := get(v.State); now != fact.Value {
			fact = org.Fact{Path: path("on", string(v.From), field), Value: now, Day: v.From}
		}
	}
	return fact
}

// unitFact is the fact behind a field of a unit.
func unitFact(u *org.Unit, day org.Day, field string, get func(*org.Unit) string) org.Fact {
	path := func(fields ...string) org.Path { return org.PathOf("units", u.Key, fields...) }
	return stated(u, u.Versions, u.From, day, path, field, get)
}

// personFact is the fact behind a field of a person.
func personFact(p *org.Person, day org.Day, field string, get func(*org.Person) string) org.Fact {
	return stated(p, p.Versions, "", day, p.Path, field, get)
}

// accountFact is the fact behind a field of an account.
func accountFact(a *org.Account, day org.Day, field string, get func(*org.Account) string) org.Fact {
	return stated(a, a.Versions, a.From, day, a.Path, field, get)
}

// postFact is the fact behind a field that engagements and associations have both, such
// as the unit. p is the post on the day, of the person.
func postFact(person *org.Person, p org.Post, day org.Day, field string,
	engagement func(*org.Engagement) string, association func(*org.Association) string) org.Fact {
	if p.Engagement != nil {
		e := person.Engagement(p.Key())
		return stated(e, e.Versions, e.From, day, e.Path, field, engagement)
	}
	a := person.Association(p.Key())
	return stated(a, a.Versions, a.From, day, a.Path, field, association)
}

// managerFact is the fact behind a leadership on a day.
func managerFact(o *org.Organisation, m *org.Manager, day org.Day) org.Fact {
	for _, base := range o.Unit(m.Unit.Key).Managers {
		if base.Key == m.Key {
			return stated(base, base.Versions, base.From, day, base.Path, "person",
				func(m *org.Manager) string { return m.Person })
		}
	}
	return org.Fact{Path: m.Path("person"), Value: m.Person, Day: m.From}
}

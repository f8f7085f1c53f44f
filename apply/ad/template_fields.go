package ad

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"orgit.dk/orgit/org"
)

// input is what a field of a template is for one account.
type input struct {
	value string
	// stated says that the files say something about it, be it that there is none: a
	// phone that is null, the unit above the root. What is not stated manages nothing.
	stated bool
	// guarded fields are hidden for a person whose address is protected.
	guarded bool
	why     []org.Fact
}

// field gives one field of the template data for an account.
type field func(u *userAttributes) input

// fieldNames are the names of all fields, in order.
func fieldNames() []string { return slices.Sorted(maps.Keys(fields())) }

// fields is everything that a template may read. Nothing is among them that must not go to
// a directory: no CPR number (the organisation has none), no leave, no fraction, nobody's
// private address; the phones and the room of a person whose address is protected are
// empty. It is read only.
var fields = sync.OnceValue(func() map[string]field {
	all := map[string]field{}
	for _, part := range []map[string]field{personFields(), accountFields(), postFields(), leaderFields()} {
		maps.Copy(all, part)
	}
	for prefix, unit := range map[string]func(*userAttributes) (*org.UnitView, bool){
		"Unit.":  func(u *userAttributes) (*org.UnitView, bool) { return u.a.post.Unit, u.a.post.Unit != nil },
		"Above.": (*userAttributes).above,
		"Area.":  (*userAttributes).area,
	} {
		for name, of := range unitFields() {
			all[prefix+name] = func(u *userAttributes) input {
				v, ok := unit(u)
				if !ok {
					return input{}
				}
				if v == nil {
					return input{stated: true, why: u.unitFacts(u.a.post.Unit)}
				}
				in := of(u, v)
				in.why = append(u.unitFacts(u.a.post.Unit), in.why...)
				return in
			}
		}
	}
	all["Municipality.Name"] = func(u *userAttributes) input {
		name := u.d.o.Settings.Name
		return input{value: name, stated: true, why: []org.Fact{{Path: "name", Value: name}}}
	}
	all["Municipality.CVR"] = func(u *userAttributes) input {
		cvr := u.d.o.Settings.CVR
		return input{value: cvr, stated: cvr != "", why: []org.Fact{{Path: "cvr", Value: cvr}}}
	}
	return all
})

func personFields() map[string]field {
	own := func(name string, get func(*org.Person) string) field {
		return func(u *userAttributes) input {
			value := get(u.a.person)
			return input{value: value, stated: value != "", why: []org.Fact{personFact(u.a.holder.Person, u.a.ref, name, get)}}
		}
	}
	address := func(role string, guarded bool) field {
		return func(u *userAttributes) input { return u.address(role, guarded) }
	}
	return map[string]field{
		"Person.Name":     own("name", func(p *org.Person) string { return p.Name.Full() }),
		"Person.Given":    own("name", func(p *org.Person) string { return p.Name.Given }),
		"Person.Surname":  own("name", func(p *org.Person) string { return p.Name.Surname }),
		"Person.Title":    own("title", func(p *org.Person) string { return p.Title }),
		"Person.Key":      func(u *userAttributes) input { return keyOf(u.a.person.Path(), u.a.person.Key) },
		"Person.UUID":     own("uuid", func(p *org.Person) string { return string(p.UUID) }),
		"Person.Mail":     address("email", false),
		"Person.Phone":    address("phone", true),
		"Person.Mobile":   address("mobile", true),
		"Person.Landline": address("landline", true),
		"Person.Room":     address("room", true),
	}
}

// address is an address of the person. A protected one is empty, and that is stated.
func (u *userAttributes) address(role string, guarded bool) input {
	if guarded && u.a.person.Shielded {
		return input{stated: true, guarded: true, why: []org.Fact{u.shieldedFact()}}
	}
	value, ok := u.a.person.Addresses[role]
	in := input{value: value, stated: ok, guarded: guarded, why: []org.Fact{u.addressFact(role)}}
	if guarded && u.shieldedEver() {
		// The plan hides the values of what has this fact, also the one that is there now.
		in.why = append(in.why, u.shieldedFact())
	}
	return in
}

// keyOf is a value that identifies the entry which stands at the path.
func keyOf(path org.Path, value string) input {
	return input{value: value, stated: true, why: []org.Fact{{Path: path, Value: value}}}
}

func accountFields() map[string]field {
	own := func(name string, get func(*org.Account) string) field {
		return func(u *userAttributes) input {
			return input{value: get(u.a.at), stated: true, why: []org.Fact{accountFact(u.a.base, u.a.ref, name, get)}}
		}
	}
	return map[string]field{
		"Account.Name": own("name", func(a *org.Account) string { return a.Name }),
		"Account.Kind": own("kind", func(a *org.Account) string { return a.Kind }),
		"Account.Key":  func(u *userAttributes) input { return keyOf(u.a.base.Path(), u.a.base.Key) },
		"Account.UUID": func(u *userAttributes) input { return keyOf(u.a.base.Path(), string(u.a.id.UUID)) },
	}
}

// postFields are those of what the account is for: the post that decides the title and
// unit. Of an association the engagement's fields are empty, and that is stated; and the
// other way round.
func postFields() map[string]field {
	return map[string]field{
		"Post.Key":  func(u *userAttributes) input { return keyOf(u.a.post.Path(), u.a.post.Key()) },
		"Post.UUID": func(u *userAttributes) input { return keyOf(u.a.post.Path(), string(u.a.post.UUID())) },
		"Post.Title": func(u *userAttributes) input {
			title, why := u.titleOf()
			return input{value: title, stated: title != "", why: why}
		},
		"Post.From": func(u *userAttributes) input { return u.postDay("from", u.a.post.Period().From) },
		"Post.To":   func(u *userAttributes) input { return u.postDay("to", u.a.post.Period().To) },

		"Engagement.Title": engagementField("title", func(u *userAttributes, e *org.Engagement) string {
			return u.d.o.Settings.Classes.Titles[e.Title].Name
		}),
		"Engagement.DisplayTitle": engagementField("displayTitle", func(_ *userAttributes, e *org.Engagement) string { return e.DisplayTitle }),
		"Engagement.Type": engagementField("type", func(u *userAttributes, e *org.Engagement) string {
			return u.d.o.Settings.Classes.EngagementTypes[e.Type].Name
		}),
		"Engagement.Payroll.System":      payrollField("system", func(p *org.Payroll) string { return p.System }),
		"Engagement.Payroll.Institution": payrollField("institution", func(p *org.Payroll) string { return p.Institution }),
		"Engagement.Payroll.Number":      payrollField("number", func(p *org.Payroll) string { return p.Number }),

		"Association.Title": associationField("title", func(_ *userAttributes, a *org.Association) string { return a.Title }),
		"Association.Type": associationField("type", func(u *userAttributes, a *org.Association) string {
			return u.d.o.Settings.Classes.AssociationTypes[a.Type].Name
		}),
		"Association.Company": associationField("company", func(_ *userAttributes, a *org.Association) string { return a.Company }),
	}
}

// postDay is a day of the post. That it has no last day is stated too: there is none.
func (u *userAttributes) postDay(name string, day org.Day) input {
	return input{value: string(day), stated: true, why: []org.Fact{{Path: u.a.post.Path(name), Value: string(day), Day: u.a.post.Period().From}}}
}

func engagementField(name string, get func(*userAttributes, *org.Engagement) string) field {
	return func(u *userAttributes) input {
		e := u.a.post.Engagement
		if e == nil {
			return input{stated: true, why: []org.Fact{{Path: u.a.post.Path()}}}
		}
		why := postFact(u.a.holder.Person, u.a.post, u.a.ref, name, func(e *org.Engagement) string { return get(u, e) }, nil)
		value := get(u, e)
		return input{value: value, stated: value != "", why: []org.Fact{why}}
	}
}

func payrollField(name string, get func(*org.Payroll) string) field {
	of := engagementField("payroll", func(_ *userAttributes, e *org.Engagement) string {
		if e.Payroll == nil {
			return ""
		}
		return get(e.Payroll)
	})
	return func(u *userAttributes) input {
		in := of(u)
		if u.a.post.Engagement != nil {
			in.why[0].Path += org.Path("." + name)
		}
		return in
	}
}

func associationField(name string, get func(*userAttributes, *org.Association) string) field {
	return func(u *userAttributes) input {
		a := u.a.post.Association
		if a == nil {
			return input{stated: true, why: []org.Fact{{Path: u.a.post.Path()}}}
		}
		why := postFact(u.a.holder.Person, u.a.post, u.a.ref, name, nil, func(a *org.Association) string { return get(u, a) })
		value := get(u, a)
		return input{value: value, stated: value != "", why: []org.Fact{why}}
	}
}

// unitFields are the fields of a unit: that of the post, the one above it, and its area.
func unitFields() map[string]func(*userAttributes, *org.UnitView) input {
	own := func(name string, get func(*org.Unit) string) func(*userAttributes, *org.UnitView) input {
		return func(u *userAttributes, v *org.UnitView) input {
			value := get(v.Unit)
			return input{value: value, stated: value != "", why: []org.Fact{unitFact(u.d.o.Unit(v.Key), u.a.ref, name, get)}}
		}
	}
	keyed := func(in, name string, values func(*org.Unit) org.Values) func(*userAttributes, *org.UnitView) input {
		return func(u *userAttributes, v *org.UnitView) input {
			value, ok := values(v.Unit)[name]
			why := unitFact(u.d.o.Unit(v.Key), u.a.ref, in, func(x *org.Unit) string { return values(x)[name] })
			why.Path += org.Path("." + name)
			return input{value: value, stated: ok, why: []org.Fact{why}}
		}
	}
	addresses := func(x *org.Unit) org.Values { return x.Addresses }
	numbers := func(x *org.Unit) org.Values { return x.Numbers }
	list := map[string]func(*userAttributes, *org.UnitView) input{
		"Name": own("name", func(x *org.Unit) string { return x.Name }),
		"ShortName": func(u *userAttributes, v *org.UnitView) input {
			if v.ShortName == "" {
				return own("name", func(x *org.Unit) string { return x.Name })(u, v)
			}
			return own("shortName", func(x *org.Unit) string { return x.ShortName })(u, v)
		},
		"Key": func(_ *userAttributes, v *org.UnitView) input { return keyOf(v.Path(), v.Key) },
	}
	for role, name := range map[string]string{"phone": "Phone", "email": "Mail", "web": "Web", "visit": "Visit", "post": "Post"} {
		list[name] = keyed("addresses", role, addresses)
	}
	// A P-number may look like a CPR number, as which it could not be read back.
	list["EAN"] = keyed("numbers", "ean", numbers)
	list["Type"] = func(u *userAttributes, v *org.UnitView) input {
		name := func(x *org.Unit) string { return u.d.o.Settings.Classes.UnitTypes[x.Type].Name }
		return own("type", name)(u, v)
	}
	return list
}

// above is the unit above the post's. The root has none, and that is stated.
func (u *userAttributes) above() (*org.UnitView, bool) {
	if u.a.post.Unit == nil {
		return nil, false
	}
	return u.a.post.Unit.Above, true
}

// area is the unit directly below the root that the post's unit is or lies in.
func (u *userAttributes) area() (*org.UnitView, bool) {
	at := u.a.post.Unit
	if at == nil {
		return nil, false
	}
	if at.Above == nil {
		return nil, true
	}
	for at.Above.Above != nil {
		at = at.Above
	}
	return at, true
}

// leaderFields are those of the leader whom the person answers to; who has none, has empty
// ones, and that is stated.
func leaderFields() map[string]field {
	of := func(get func(*userAttributes, *org.Person, org.Day) (string, bool)) field {
		return func(u *userAttributes) input {
			unit := u.a.post.Unit
			if unit == nil {
				return input{}
			}
			m := u.d.view(u.a.ref).LeaderOf(unit, u.a.holder.Person.Key)
			if m == nil {
				return input{stated: true, why: u.unitFacts(unit)}
			}
			value, ok := get(u, u.d.o.Person(m.Person).At(u.a.ref), u.a.ref)
			return input{value: value, stated: ok, why: []org.Fact{managerFact(u.d.o, m, u.a.ref)}}
		}
	}
	return map[string]field{
		"Leader.Name": of(func(_ *userAttributes, p *org.Person, _ org.Day) (string, bool) { return p.Name.Full(), true }),
		"Leader.Mail": of(func(_ *userAttributes, p *org.Person, _ org.Day) (string, bool) {
			mail, ok := p.Addresses["email"]
			return mail, ok
		}),
		"Leader.Account": of(func(u *userAttributes, p *org.Person, _ org.Day) (string, bool) {
			if a := u.d.leader(p.Key); a != nil {
				return a.at.Name, true
			}
			return "", true
		}),
		"Leader.Title": of(func(u *userAttributes, p *org.Person, day org.Day) (string, bool) {
			if p.Title != "" {
				return p.Title, true
			}
			view := u.d.view(day)
			if staff := view.Person(p.Key); staff != nil {
				if post, ok := staff.PrimaryPost(); ok {
					return strings.TrimSpace(view.Title(post)), true
				}
			}
			return "", false
		}),
	}
}

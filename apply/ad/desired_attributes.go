package ad

import (
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// userAttributes makes the attributes of one account that is prepared or in use.
type userAttributes struct {
	d       *desired
	a       *account
	leaders map[string]*account
	attrs   []plan.Attr
}

func (u *userAttributes) all() []plan.Attr {
	u.names()
	u.state()
	u.contact()
	u.place()
	return u.attrs
}

// add states an attribute, by its rule. No value clears it.
func (u *userAttributes) add(a plan.Attr) {
	rule, ok := u.d.rules[a.Name]
	if rule == ruleIgnore {
		return
	}
	if a.Rule == "" && ok {
		a.Rule = rule
	}
	u.attrs = append(u.attrs, a)
}

// text states a plain attribute; the empty text clears it.
func (u *userAttributes) text(name, value string, why ...org.Fact) {
	a := plan.Attr{Name: name, Why: why}
	if value != "" {
		a.Value = []string{value}
	}
	if name == attrLogin || name == attrUPN {
		a.Loss = plan.LossRename
	}
	var path org.Path
	if len(why) > 0 {
		path = why[0].Path
	}
	if plain, ok := plainNamed(name); ok {
		u.d.checkLength(u.a.id, path, name, value, plain.max, "shorten it, or leave the attribute out with targets.ad.attributes")
	}
	u.add(a)
}

func (u *userAttributes) names() {
	base := u.a.base
	login := accountFact(base, u.a.ref, "name", func(a *org.Account) string { return a.Name })
	u.text(attrLogin, u.a.at.Name, login)
	u.text(attrUPN, u.a.at.Name+"@"+u.d.s.UPNSuffix, login)
	name := u.a.person.Name
	why := personFact(u.a.holder.Person, u.a.ref, "name", func(p *org.Person) string {
		return p.Name.Given + " " + p.Name.Surname + "/" + p.Name.Called
	})
	why.Value = name.Full()
	u.text("givenName", name.Given, why)
	u.text("sn", name.Surname, why)
	u.text("displayName", name.Full(), why)
	u.add(plan.Attr{Name: attrCN, Value: []string{u.a.cn}, Why: []org.Fact{why}})
}

// state says whether the account is enabled, and until when it works.
func (u *userAttributes) state() {
	enabled, why := u.enabled()
	a := plan.Attr{Name: attrEnabled, Value: []string{"true"}, Rule: plan.Force, NoRepair: true, Why: []org.Fact{why}}
	if !enabled {
		a.Value, a.Loss, a.NoRepair = []string{"false"}, plan.LossDisable, false
		a.Stays = u.a.stage == prepared
	}
	u.attrs = append(u.attrs, a)
	value, show := u.d.expiry(u.a.tenure.To)
	u.add(plan.Attr{Name: attrExpires, Value: []string{value}, Show: show, Why: []org.Fact{u.a.tenure.Closes}})
}

// enabled says whether the account is to be open, with the fact that decides.
func (u *userAttributes) enabled() (bool, org.Fact) {
	if u.a.stage == prepared {
		return false, u.a.tenure.Opens
	}
	// Closing does not wait for the day whose values count: it is about today.
	today := u.d.day
	person := u.a.holder.Person
	if person.At(today).Suspended {
		return false, personFact(person, today, "suspended", func(p *org.Person) string { return yes(p.Suspended) })
	}
	if u.a.base.At(today).Suspended {
		return false, accountFact(u.a.base, today, "suspended", func(a *org.Account) string { return yes(a.Suspended) })
	}
	// In the hours of grace after the last day, that day's leave still counts: who was away
	// to the end must not get in once more.
	if u.a.tenure.Ended(today) {
		today = u.a.tenure.To
	}
	if leave, closed := u.a.holder.ClosedByLeave(u.a.at, today); closed {
		return false, leave
	}
	return true, u.a.tenure.Opens
}

func yes(b bool) string {
	if b {
		return "true"
	}
	return ""
}

// contact states phones, mail and room as far as the files say something about them. An
// admin account has none: it reads no mail and answers no phone.
func (u *userAttributes) contact() {
	if u.a.at.Kind == org.AccountAdmin {
		return
	}
	for _, c := range []struct {
		role, attribute string
		shielded        bool // hidden for a person whose address is protected
	}{
		{"email", "mail", false},
		{"phone", "telephoneNumber", true},
		{"mobile", "mobile", true},
		{"room", "physicalDeliveryOfficeName", true},
	} {
		if c.shielded && u.a.person.Shielded {
			u.shield(c.attribute)
			continue
		}
		value, ok := u.a.person.Addresses[c.role]
		if !ok {
			continue
		}
		why := personFact(u.a.holder.Person, u.a.ref, "addresses", func(p *org.Person) string { return p.Addresses[c.role] })
		why.Path += org.Path("." + c.role)
		u.text(c.attribute, value, why)
	}
}

// shield clears what nobody may see about a person whose address is protected
// (adressebeskyttelse), whatever the attribute's rule is.
func (u *userAttributes) shield(attribute string) {
	why := personFact(u.a.holder.Person, u.a.ref, "shielded", func(p *org.Person) string { return yes(p.Shielded) })
	u.attrs = append(u.attrs, plan.Attr{Name: attribute, Rule: plan.Force, Why: []org.Fact{why}})
}

// place states what follows from the post: title, unit, leader and where it stands.
func (u *userAttributes) place() {
	if !u.a.hasPost {
		return
	}
	u.title()
	u.employer()
	if u.a.post.Unit != nil {
		u.unit(u.a.post.Unit)
	}
	if u.d.s.Layout == layoutFlat {
		u.add(container(ownOU(usersRole), u.d.s.UsersOU))
	}
}

func (u *userAttributes) title() {
	if u.a.person.Title != "" {
		u.text("title", u.a.person.Title,
			personFact(u.a.holder.Person, u.a.ref, "title", func(p *org.Person) string { return p.Title }))
		return
	}
	title := u.d.view(u.a.ref).Title(u.a.post)
	if title == "" {
		return
	}
	why := u.titleFact()
	why.Value = title
	u.text("title", title, why)
}

// titleFact is where the post's title stands: the one to show goes before the payroll's.
func (u *userAttributes) titleFact() org.Fact {
	field, of := "title", func(e *org.Engagement) string { return e.Title }
	ofAssociation := func(a *org.Association) string { return a.Title }
	switch e, a := u.a.post.Engagement, u.a.post.Association; {
	case e != nil && e.DisplayTitle != "":
		field, of = "displayTitle", func(e *org.Engagement) string { return e.DisplayTitle }
	case a != nil && a.Title == "":
		field, ofAssociation = "type", func(a *org.Association) string { return a.Type }
	}
	return postFact(u.a.holder.Person, u.a.post, u.a.ref, field, of, ofAssociation)
}

// employer states the company and the employee number.
func (u *userAttributes) employer() {
	company, why := u.d.o.Settings.Name, org.Fact{Path: "name", Value: u.d.o.Settings.Name}
	if a := u.a.post.Association; a != nil && a.Company != "" {
		company = a.Company
		why = org.Fact{Path: a.Path("company"), Value: a.Company, Day: a.From}
	}
	u.text("company", company, why)
	if e := u.a.post.Engagement; e != nil && e.Payroll != nil && u.a.at.Kind == org.AccountPersonal {
		number := postFact(u.a.holder.Person, u.a.post, u.a.ref, "payroll", func(e *org.Engagement) string {
			if e.Payroll == nil {
				return ""
			}
			return e.Payroll.Number
		}, nil)
		number.Path += ".number"
		u.text("employeeNumber", e.Payroll.Number, number)
	}
}

func (u *userAttributes) unit(unit *org.UnitView) {
	why := u.unitFacts(unit)
	name, named := unit.Name, "name"
	if len([]rune(name)) > maxDepartment && unit.ShortName != "" {
		name, named = unit.ShortName, "shortName"
	}
	u.text(attrDepartment, name, append(why, unitFact(u.d.o.Unit(unit.Key), u.a.ref, named, func(x *org.Unit) string {
		if named == "shortName" {
			return x.ShortName
		}
		return x.Name
	}))...)
	if u.d.s.Layout != layoutFlat && u.d.hasOU[unit.Key] {
		u.add(container(ouID(unit.Unit), unit.Name, why...))
	}
	u.manager(unit, why)
}

// unitFacts say why the post is in the unit: where it was stated, and the end of a unit
// whose people went to its successor.
func (u *userAttributes) unitFacts(unit *org.UnitView) []org.Fact {
	fact := postFact(u.a.holder.Person, u.a.post, u.a.ref, "unit",
		func(e *org.Engagement) string { return e.Unit }, func(a *org.Association) string { return a.Unit })
	why := []org.Fact{fact}
	if stated := u.d.o.Unit(fact.Value); stated != nil && stated.Key != unit.Key {
		why = append(why, org.Fact{
			Path: org.PathOf("units", stated.Key, "successor"), Value: stated.At(u.a.ref).Successor, Day: stated.To.Add(1),
		})
	}
	return why
}

// manager states the account of the leader that the person answers to; none when there
// is no leader with an account.
func (u *userAttributes) manager(unit *org.UnitView, why []org.Fact) {
	a := plan.Attr{Name: attrManager, Link: true, Why: why}
	if m := u.d.view(u.a.ref).LeaderOf(unit, u.a.holder.Person.Key); m != nil {
		a.Why = append(slices.Clone(why), u.climb(unit, m.Unit.Key)...)
		a.Why = append(a.Why, managerFact(u.d.o, m, u.a.ref))
		if leader := u.leaders[m.Person]; leader != nil {
			a.Value, a.Refs, a.Show = []string{leader.id.String()}, []plan.ID{leader.id}, leader.person.Name.Full()
		}
	}
	u.add(a)
}

// climb gives the facts by which a unit lies below the one whose leader counts for it:
// a unit that moves gets another leader without anybody being appointed.
func (u *userAttributes) climb(unit *org.UnitView, leads string) []org.Fact {
	var why []org.Fact
	for at := unit; at.Key != leads && at.Above != nil; at = at.Above {
		why = append(why, unitFact(u.d.o.Unit(at.Key), u.a.ref, "parent", func(x *org.Unit) string { return x.Parent }))
	}
	return why
}

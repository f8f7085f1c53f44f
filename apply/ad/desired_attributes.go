package ad

import (
	"slices"

	"golang.org/x/text/unicode/norm"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// userAttributes makes the attributes of one account that is prepared or in use.
type userAttributes struct {
	d       *desired
	a       *account
	attrs   []plan.Attr
	sources *[]plan.Source // collects how values are made, where somebody asks; else nil
}

func (u *userAttributes) all() []plan.Attr {
	u.names()
	u.state()
	u.contact()
	u.place()
	u.templated()
	u.d.spare = u.attrs[:0]
	if u.d.problemsOnly {
		return u.attrs // until the next account's are made
	}
	return slices.Clone(u.attrs)
}

// add states an attribute that orgit has a value for without settings, by its rule. No
// value clears it.
func (u *userAttributes) add(a plan.Attr) {
	m := u.d.set.named(a.Name)
	if m == nil || m.templated() {
		return // left to others, or made by the settings
	}
	if a.Rule == "" {
		a.Rule = m.rule
	}
	u.attrs = append(u.attrs, a)
}

// text states a plain attribute; the empty text clears it. A value that the directory
// does not take is a problem, and the attribute stays as it is there, so that it keeps
// nothing else from being written; only an account cannot be without its login names.
func (u *userAttributes) text(name, value string, why ...org.Fact) {
	m := u.d.set.named(name)
	if m == nil || m.templated() {
		return
	}
	a := plan.Attr{Name: name, Why: why}
	isLogin := name == attrLogin || name == attrUPN
	if isLogin {
		a.Loss = plan.LossRename
	}
	if value = norm.NFC.String(value); value != "" {
		a.Value = []string{value}
		if wrong := m.wrong(value); wrong != "" {
			u.d.problem(u.a.id, why[0].Path, name+" "+wrong, "correct it, or leave the attribute out with "+u.d.domain.setting()+".attributes")
			if !isLogin {
				return
			}
		}
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
	u.text(attrDisplayName, name.Full(), why)
	u.add(plan.Attr{Name: attrCN, Value: []string{u.a.cn}, Why: []org.Fact{why}})
}

// state says whether the account is enabled, and until when it works.
func (u *userAttributes) state() {
	enabled, why := u.enabled()
	a := plan.Attr{Name: attrEnabled, Value: []string{"true"}, Rule: plan.Force, NoRepair: true, Why: []org.Fact{why}}
	a.Decided = liftedOn(u.a, u.d.day)
	if !enabled {
		a.Value, a.Loss, a.NoRepair = []string{"false"}, plan.LossDisable, false
		a.Closes, a.Stays = true, u.a.stage == prepared
	}
	a.Later = enabled && u.d.s.Passwords != nil // a new account opens when it has a password
	u.attrs = append(u.attrs, a, u.d.suspension(u.a))
	u.password(enabled)
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
	if why, suspended := suspendedOn(u.a, today); suspended {
		return false, why
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

// contactRoles are the person's addresses that an attribute holds without settings.
var contactRoles = []struct {
	role, attribute string
	guarded         bool // hidden for a person whose address is protected
}{
	{"email", "mail", false},
	{"phone", attrPhone, true},
	{"mobile", attrMobile, true},
	{"room", attrRoom, true},
}

// contact states phones, mail and room as far as the files say something about them.
func (u *userAttributes) contact() {
	if u.a.at.Kind == org.AccountAdmin {
		return
	}
	for _, c := range contactRoles {
		if c.guarded && u.a.person.Shielded {
			u.shield(c.attribute)
			continue
		}
		if value, ok := u.a.person.Addresses[c.role]; ok {
			u.text(c.attribute, value, u.addressFact(c.role))
		}
	}
}

// addressFact is the fact behind an address of the person.
func (u *userAttributes) addressFact(role string) org.Fact {
	why := personFact(u.a.holder.Person, u.a.ref, "addresses", func(p *org.Person) string { return p.Addresses[role] })
	why.Path += org.Path("." + role)
	return why
}

// shield clears what nobody may see about a person whose address is protected
// (adressebeskyttelse), whatever the attribute's rule is. A value that the settings make
// is made of fields that are empty then.
func (u *userAttributes) shield(attribute string) {
	if m := u.d.set.byName[keyName(attribute)]; m.templated() && m.rule != ruleIgnore {
		return
	}
	u.attrs = append(u.attrs, plan.Attr{Name: attribute, Rule: plan.Force, Why: []org.Fact{u.shieldedFact()}})
}

func (u *userAttributes) shieldedFact() org.Fact {
	return personFact(u.a.holder.Person, u.a.ref, "shielded", func(p *org.Person) string { return yes(p.Shielded) })
}

// shieldedEver reports whether the person's address is protected at any time.
func (u *userAttributes) shieldedEver() bool {
	p := u.a.holder.Person
	return p.Shielded || slices.ContainsFunc(p.Versions, func(v org.Version[org.Person]) bool { return v.State.Shielded })
}

// place states what follows from the post: title, unit, leader and where it stands.
func (u *userAttributes) place() {
	if !u.a.hasPost {
		return
	}
	if title, why := u.titleOf(); title != "" {
		u.text("title", title, why...)
	}
	u.employer()
	if u.a.post.Unit != nil {
		u.unit(u.a.post.Unit)
	}
}

// titleOf is what the person is called at work: their own title, else the post's.
func (u *userAttributes) titleOf() (string, []org.Fact) {
	if u.a.person.Title != "" {
		return u.a.person.Title, []org.Fact{
			personFact(u.a.holder.Person, u.a.ref, "title", func(p *org.Person) string { return p.Title })}
	}
	title := u.d.view(u.a.ref).Title(u.a.post)
	why := u.titleFact()
	why.Value = title
	return title, []org.Fact{why}
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
	if ou, name, ok := u.d.ouFor(unit); ok {
		u.add(container(ou, name, why...))
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
		if leader := u.d.leader(m.Person); leader != nil {
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

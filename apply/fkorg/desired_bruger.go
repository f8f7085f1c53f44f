package fkorg

import (
	"cmp"
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// usage is whether an account is a user in FK Organisation on the day.
type usage struct {
	account *org.Account
	inUse   bool
	since   org.Day    // the first day of use, or the first day out of use
	why     []org.Fact // what brought it about
	waiting bool       // its UUID is not known yet
	notYet  bool       // it has never been in use, and will be
}

// everFK reports whether the account is, or was up to the day, a user in FK Organisation. One that never was is none of
// orgit's business there.
func everFK(a *org.Account, day org.Day) bool {
	if a.FK {
		return true
	}
	return slices.ContainsFunc(a.Versions, func(v org.Version[org.Account]) bool { return v.From <= day && v.State.FK })
}

// usageOf decides about an account.
func (b *builder) usageOf(h org.Holder, a *org.Account) usage {
	u := usage{account: a, since: b.day}
	now := a.At(b.day)
	ad := b.org.Settings.Targets.AD
	u.waiting = ad != nil && ad.AccountUUID == "objectGUID" && a.System == "ad" && a.StatedUUID == ""
	if !now.FK {
		since := stated(a, a.Versions, b.day, func(a *org.Account) string { return truth(a.FK) })
		u.since, u.why = cmp.Or(since, b.day), []org.Fact{fact(a.Path, since, a.From, "false", "fk")}
		return u
	}
	if now.Suspended || h.Person != nil && h.Person.At(b.day).Suspended {
		u.since, u.why = b.suspension(h, a)
		return u
	}
	for _, t := range h.Tenures(now) {
		switch {
		case t.Contains(b.day):
			u.inUse, u.notYet, u.since, u.why = true, false, t.From, []org.Fact{t.Opens}
			return u
		case t.Ended(b.day):
			ended := t.Closes
			ended.Day = t.To.Add(1)
			u.since, u.why, u.notYet = ended.Day, []org.Fact{ended}, false
		case len(u.why) == 0:
			u.notYet = true
		}
	}
	return u
}

func (b *builder) suspension(h org.Holder, a *org.Account) (org.Day, []org.Fact) {
	if a.At(b.day).Suspended {
		since := stated(a, a.Versions, b.day, func(a *org.Account) string { return truth(a.Suspended) })
		return cmp.Or(since, b.day), []org.Fact{fact(a.Path, since, "", "true", "suspended")}
	}
	p := h.Person
	since := stated(p, p.Versions, b.day, func(p *org.Person) string { return truth(p.Suspended) })
	return cmp.Or(since, b.day), []org.Fact{fact(p.Path, since, "", "true", "suspended")}
}

func truth(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// person asks for a person with their users and positions. A person of whom no account was ever a user is not asked for.
func (b *builder) person(p *org.Person) {
	var users []usage
	for _, a := range p.Accounts {
		if everFK(a, b.day) {
			users = append(users, b.usageOf(org.Holder{Person: p}, a))
		}
	}
	if len(users) == 0 {
		return
	}
	now := p.At(b.day)
	b.known(KindPerson, p.UUID)
	e := b.entry(KindPerson, p.UUID, now.Name.Full(), p.Path())
	e.Unit = b.unitOf(p)
	since := stated(p, p.Versions, b.day, func(p *org.Person) string { return p.Name.Full() })
	used, ok := inUse(users)
	if ok {
		e.From = used.since
		e.set(attrNoegle, p.Key, plan.Create, org.Fact{Path: p.Path(), Value: p.Key})
		e.text(attrNavn, now.Name.Full(), MaxPersonNavn, plan.Force, fact(p.Path, since, "", now.Name.Full(), "name"))
		e.Notes = b.cprNotes()
		e.add()
	} else if i := slices.IndexFunc(users, func(u usage) bool { return !u.waiting && !u.notYet }); i >= 0 {
		e.gone(users[i].since, users[i].why...)
	}
	for _, u := range users {
		b.user(org.Holder{Person: p}, u)
	}
	b.positions(p, users)
}

// inUse gives the user that came first into use of those that are.
func inUse(users []usage) (usage, bool) {
	var first usage
	found := false
	for _, u := range users {
		if u.inUse && !u.waiting && (!found || u.since < first.since) {
			first, found = u, true
		}
	}
	return first, found
}

// unitOf is the unit that the plan shows a person's objects under: the one of the primary post, or of the last one.
func (b *builder) unitOf(p *org.Person) string {
	if s := b.view.Person(p.Key); s != nil {
		if post, ok := s.PrimaryPost(); ok && post.Unit != nil {
			return post.Unit.Key
		}
	}
	if n := len(p.Engagements); n > 0 {
		return p.Engagements[n-1].At(b.day).Unit
	}
	return ""
}

// robot asks for the users of an account holder that is no person: a user of the type robot without a person.
func (b *builder) robot(r *org.Robot) {
	for _, a := range r.Accounts {
		if everFK(a, b.day) {
			b.user(org.Holder{Robot: r}, b.usageOf(org.Holder{Robot: r}, a))
		}
	}
}

// user asks for a user (bruger): one per account.
func (b *builder) user(h org.Holder, u usage) {
	a := u.account
	now := a.At(b.day)
	var name, unit string
	if h.Person != nil {
		name, unit = h.Person.At(b.day).Name.Full()+" ("+now.Name+")", b.unitOf(h.Person)
	} else {
		name, unit = h.Robot.At(b.day).Name+" ("+now.Name+")", h.Robot.At(b.day).Unit
	}
	if u.waiting {
		if u.inUse {
			b.wait(a, name)
		}
		return
	}
	b.known(KindBruger, a.UUID())
	e := b.entry(KindBruger, a.UUID(), name, a.Path())
	e.Unit = unit
	switch {
	case u.notYet:
		return
	case !u.inUse:
		e.gone(u.since, u.why...)
		return
	}
	e.From = u.since
	since := stated(a, a.Versions, b.day, func(a *org.Account) string { return a.Name })
	named := fact(a.Path, since, a.From, now.Name, "name")
	e.set(attrNoegle, cut(now.Name), plan.Create, named)
	e.text(attrBrugernavn, now.Name, MaxBrugerNavn, plan.Force, named).Loss = plan.LossRename
	e.set(attrGyldighed, Aktiv, plan.Force, u.why...)
	if h.Robot != nil {
		e.set(attrBrugertype, brugertypeRobot, plan.Force, org.Fact{Path: h.Robot.Path()}).Show = "robot"
	} else {
		p := h.Person
		e.ref(attrPerson, plan.ID{Kind: KindPerson, UUID: p.UUID}, p.At(b.day).Name.Full(), plan.Force, org.Fact{Path: p.Path("uuid"), Value: string(p.UUID)})
		e.external(p)
		e.userAddresses(p)
	}
	e.accountIDs(a, now)
	e.add()
}

// cut makes a login name fit where a key has less room; it is for people, identity is the UUID.
func cut(name string) string {
	r := []rune(name)
	return string(r[:min(len(r), MaxBrugervendtNoegle)])
}

// wait says that a user waits for the UUID that Active Directory gives its account.
func (b *builder) wait(a *org.Account, name string) {
	reason := "UUID gives af AD"
	if b.org.Settings.Language == "en" {
		reason = "Active Directory gives the UUID"
	}
	b.state.Waiting = append(b.state.Waiting, plan.Waiting{
		Object: plan.ID{Kind: KindBruger, UUID: a.UUID()}, Name: name, Path: a.Path(), Reason: reason,
	})
}

// userAddresses states a person's addresses at work. Of a shielded person there are none.
func (e *entry) userAddresses(p *org.Person) {
	now := p.At(e.day)
	for _, r := range kontaktroller {
		get := func(p *org.Person) (field, value string, ok bool) { return userAddress(p, r.navn) }
		field, value, ok := get(now)
		since := stated(p, p.Versions, e.day, func(p *org.Person) string { _, v, _ := get(p); return v })
		why := fact(p.Path, since, "", value, "addresses", field)
		if now.Shielded {
			shielded := stated(p, p.Versions, e.day, func(p *org.Person) string { return truth(p.Shielded) })
			e.set(attrAdresse+r.navn, "", plan.Force, fact(p.Path, shielded, "", "true", "shielded"))
			continue
		}
		if ok {
			e.text(attrAdresse+r.navn, value, MaxAdresseTekst, plan.Keep, why)
		}
	}
}

// external states the user type of a person who has, or had, an association: external while nothing but associations of
// external types ties them to the municipality. Of people whose files state no association orgit says nothing, and types
// that it does not write are left alone.
func (e *entry) external(p *org.Person) {
	if len(p.Associations) == 0 {
		return
	}
	var why []org.Fact
	s := e.view.Person(p.Key)
	external := s != nil
	if s != nil {
		for _, post := range s.Posts {
			a := post.Association
			if a == nil || !e.org.Settings.Classes.AssociationTypes[a.Type].External {
				external = false
				continue
			}
			base := p.Association(a.Key)
			since := stated(base, base.Versions, e.day, func(a *org.Association) string { return a.Type })
			why = append(why, fact(base.Path, since, base.From, a.Type, "type"))
		}
	}
	if external {
		e.set(attrBrugertype, brugertypeEkstern, plan.Force, why...).Show = "external"
		return
	}
	e.set(attrBrugertype, "", plan.Force, org.Fact{Path: p.Path("associations")})
}

// accountIDs states what further systems know the user by. They are no way to reach anybody, so a protected address does
// not take them away.
func (e *entry) accountIDs(a, now *org.Account) {
	for _, r := range idroller {
		value, ok := now.IDs[r.navn]
		if !ok {
			continue
		}
		since := stated(a, a.Versions, e.day, func(a *org.Account) string { return a.IDs[r.navn] })
		e.text(attrAdresse+r.navn, value, MaxAdresseTekst, plan.Force, fact(a.Path, since, a.From, value, "ids", r.navn))
	}
}

// userAddress is what a person states for a role of FK Organisation. There is one phone there: the phone, or the mobile
// of somebody who has no other.
func userAddress(p *org.Person, role string) (field, value string, ok bool) {
	switch role {
	case "location":
		value, ok = p.Addresses["room"]
		return "room", value, ok
	case "phone":
		if v := p.Addresses["phone"]; v != "" {
			return "phone", v, true
		}
		if v := p.Addresses["mobile"]; v != "" {
			return "mobile", v, true
		}
	}
	value, ok = p.Addresses[role]
	return role, value, ok
}

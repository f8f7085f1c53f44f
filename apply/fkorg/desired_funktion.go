package fkorg

import (
	"cmp"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// job is an engagement or an association: what becomes a position.
type job struct {
	key      string
	uuid     org.UUID
	path     func(...string) org.Path
	period   org.Period
	annulled org.Day
	// at gives what a view of a day says about it; ok is false when it does not hold then.
	at    func(*org.View) (org.Post, bool)
	unit  func(day org.Day) (key string, since org.Day) // as stated
	title func(*org.View) string                        // as stated on the view's day, whether or not it holds then
	// titled is the fact behind its title.
	titled func(day org.Day, title string) org.Fact
}

func jobsOf(p *org.Person) []job {
	var jobs []job
	for _, e := range p.Engagements {
		jobs = append(jobs, job{
			key: e.Key, uuid: e.UUID(), path: e.Path, period: e.Period, annulled: e.Annulled,
			at:    postWith(p.Key, e.UUID()),
			title: func(v *org.View) string { return v.Title(org.Post{Engagement: e.At(v.Day)}) },
			unit: func(day org.Day) (string, org.Day) {
				return e.At(day).Unit, stated(e, e.Versions, day, func(e *org.Engagement) string { return e.Unit })
			},
			titled: func(day org.Day, title string) org.Fact {
				field := "title"
				if e.At(day).DisplayTitle != "" {
					field = "displayTitle"
				}
				return fact(e.Path, stated(e, e.Versions, day, func(e *org.Engagement) string { return e.Title + "\x00" + e.DisplayTitle }), e.From, title, field)
			},
		})
	}
	for _, a := range p.Associations {
		jobs = append(jobs, job{
			key: a.Key, uuid: a.UUID(), path: a.Path, period: a.Period, annulled: a.Annulled,
			at:    postWith(p.Key, a.UUID()),
			title: func(v *org.View) string { return v.Title(org.Post{Association: a.At(v.Day)}) },
			unit: func(day org.Day) (string, org.Day) {
				return a.At(day).Unit, stated(a, a.Versions, day, func(a *org.Association) string { return a.Unit })
			},
			titled: func(day org.Day, title string) org.Fact {
				field := "type"
				if a.At(day).Title != "" {
					field = "title"
				}
				return fact(a.Path, stated(a, a.Versions, day, func(a *org.Association) string { return a.Type + "\x00" + a.Title }), a.From, title, field)
			},
		})
	}
	return jobs
}

func postWith(person string, uuid org.UUID) func(*org.View) (org.Post, bool) {
	return func(v *org.View) (org.Post, bool) {
		s := v.Person(person)
		if s == nil {
			return org.Post{}, false
		}
		i := slices.IndexFunc(s.Posts, func(p org.Post) bool { return p.UUID() == uuid })
		if i < 0 {
			return org.Post{}, false
		}
		return s.Posts[i], true
	}
}

// positions asks for the positions of a person: one per engagement and user. They are told apart by the engagement's
// identity, never by unit and title: two equal jobs are two.
func (b *builder) positions(p *org.Person, users []usage) {
	main := mainAccount(users)
	for _, j := range jobsOf(p) {
		for _, u := range users {
			if u.waiting || !everFor(u.account, j.key) {
				continue
			}
			uuid := j.uuid
			if u.account != main(j.key) {
				uuid = org.DeriveUUID(j.uuid, "accounts", u.account.Key)
			}
			b.position(p, j, u, uuid)
		}
	}
}

// mainAccount says, for every engagement, which user's position has the engagement's own identity: the personal
// account's, the oldest where there are several. Others get one derived from it. It does not depend on the day, or
// positions would change identity when an account closes.
func mainAccount(users []usage) func(string) *org.Account {
	accounts := make([]*org.Account, 0, len(users))
	for _, u := range users {
		accounts = append(accounts, u.account)
	}
	slices.SortStableFunc(accounts, func(a, b *org.Account) int {
		return cmp.Or(cmp.Compare(kindRank(a.Kind), kindRank(b.Kind)), cmp.Compare(a.From, b.From), cmp.Compare(a.Key, b.Key))
	})
	return func(job string) *org.Account {
		for _, a := range accounts {
			if everFor(a, job) {
				return a
			}
		}
		return nil
	}
}

// isFor reports whether the account exists for the engagement or association.
func isFor(a *org.Account, job string) bool { return len(a.For) == 0 || slices.Contains(a.For, job) }

// everFor reports whether the account ever exists for it, whatever the day.
func everFor(a *org.Account, job string) bool {
	return isFor(a, job) || slices.ContainsFunc(a.Versions, func(v org.Version[org.Account]) bool { return isFor(v.State, job) })
}

func kindRank(kind string) int {
	if kind == org.AccountPersonal {
		return 0
	}
	return 1
}

// position asks for one position.
func (b *builder) position(p *org.Person, j job, u usage, uuid org.UUID) {
	b.known(KindPosition, uuid)
	e := b.entry(KindPosition, uuid, p.At(b.day).Name.Full()+", "+j.title(b.view), j.path())
	e.Unit, _ = j.unit(b.day)
	period, ok := j.period.Overlap(u.account.Period)
	switch {
	case j.annulled != "":
		e.gone(j.annulled, org.Fact{Path: j.path("annulled"), Value: string(j.annulled), Day: j.annulled})
	case !ok || period.Ended(b.day):
		end := cmp.Or(period.To, j.period.To)
		e.gone(cmp.Or(end.Add(1), b.day), org.Fact{Path: j.path("to"), Value: string(end), Day: end.Add(1)})
	case u.notYet, !u.inUse && period.Begins(b.day):
		// It is asked for when the user is there.
	case !u.inUse:
		e.gone(u.since, u.why...)
	case !isFor(u.account.At(b.day), j.key):
		since := stated(u.account, u.account.Versions, b.day, func(a *org.Account) string { return strings.Join(a.For, " ") })
		e.gone(cmp.Or(since, b.day), fact(u.account.Path, since, u.account.From, strings.Join(u.account.At(b.day).For, ", "), "for"))
	default:
		e.held(p, j, u, period)
	}
}

// held states a position that is held or will be. What begins later is shown as it will be on its first day.
func (e *entry) held(p *org.Person, j job, u usage, period org.Period) {
	on := max(e.day, period.From)
	view := e.viewOn(on)
	post, there := j.at(view)
	switch {
	case !there || post.Unit == nil:
		e.homeless()
		return
	case period.Begins(e.day) && e.view.Unit(post.Unit.Key) == nil:
		return // it is asked for when the unit is there
	case !period.Begins(e.day):
		e.From = period.From
	}
	title := view.Title(post)
	e.Unit, e.Name = post.Unit.Key, p.At(e.day).Name.Full()+", "+title
	e.function(period, u, org.Fact{Path: j.path("from"), Value: string(period.From), Day: period.From},
		org.Fact{Path: j.path("to"), Value: string(period.To), Day: period.To.Add(1)})
	e.text(attrNavn, title, MaxFunktionNavn, plan.Force, j.titled(on, title))
	key, since := j.unit(on)
	why := []org.Fact{fact(j.path, since, period.From, key, "unit")}
	if post.Unit.Key != key {
		why = append(why, e.succession(key)...)
	}
	e.ref(attrEnhed, plan.ID{Kind: KindEnhed, UUID: post.Unit.UUID}, post.Unit.Name, plan.Force, why...)
	e.add()
}

// homeless closes a position whose unit has closed with no successor that goes on.
func (e *entry) homeless() {
	since, why := e.day, []org.Fact(nil)
	key := e.Unit
	for range len(e.org.Units) { // a circle of successors is a fault that org.Check finds
		u := e.org.Unit(key)
		if u == nil || !u.Ended(e.day) {
			break
		}
		since, why = u.To.Add(1), []org.Fact{{Path: u.Path("to"), Value: string(u.To), Day: u.To.Add(1)}}
		key = u.At(e.day).Successor
	}
	e.gone(since, why...)
}

// function states what positions and managers have in common.
func (e *entry) function(period org.Period, u usage, began, ends org.Fact) {
	e.set(attrNoegle, string(e.UUID), plan.Create, began)
	e.set(attrGyldighed, Aktiv, plan.Force, began)
	e.set(attrFra, string(period.From), plan.Force, began)
	til := e.set(attrTil, cmp.Or(string(period.To), aabenSlut), plan.Force, ends)
	if period.To == "" {
		til.Show = "ingen slutdato"
	}
	e.ref(attrBruger, plan.ID{Kind: KindBruger, UUID: u.account.UUID()}, u.account.At(e.day).Name, plan.Force,
		org.Fact{Path: u.account.Path("name"), Value: u.account.At(e.day).Name})
}

// manager asks for the function of a leader. A vacancy has none, and neither has a leader who is no user. It lasts no
// longer than the unit does, and that too is told in advance.
func (b *builder) manager(u *org.Unit, m *org.Manager) {
	uuid := m.UUID()
	b.known(KindLeder, uuid)
	now := m.At(b.day)
	role := cmp.Or(b.org.Settings.Classes.ManagerRoles[now.Role].Name, "Leder")
	person := b.org.Person(now.Person)
	e := b.entry(KindLeder, uuid, leaderName(person, b.day)+role+", "+u.At(b.day).Name, m.Path())
	e.Unit = u.Key
	unit := b.view.Unit(u.Key)
	since := stated(m, m.Versions, b.day, func(m *org.Manager) string { return m.Person })
	leads := org.Period{From: max(m.From, since), To: m.To}
	ends := org.Fact{Path: m.Path("to"), Value: string(m.To), Day: m.To.Add(1)}
	if u.To != "" && (m.To == "" || u.To < m.To) {
		leads.To, ends = u.To, org.Fact{Path: u.Path("to"), Value: string(u.To), Day: u.To.Add(1)}
	}
	led := fact(m.Path, since, m.From, now.Person, "person")
	switch {
	case u.Ended(b.day):
		e.gone(u.To.Add(1), org.Fact{Path: u.Path("to"), Value: string(u.To), Day: u.To.Add(1)})
		return
	case m.Ended(b.day):
		e.gone(m.To.Add(1), org.Fact{Path: m.Path("to"), Value: string(m.To), Day: m.To.Add(1)})
		return
	case unit == nil:
		return
	case now.Vacant || now.Person == "":
		// What was a leadership before it was called vacant is closed; a vacancy that never was one is not there.
		e.gone(min(b.day, max(m.From, u.From)), org.Fact{Path: m.Path("vacant"), Value: truth(now.Vacant), Day: m.From})
		return
	}
	user, ok := b.leaderAccount(person)
	switch {
	case !ok && leads.Begins(b.day):
		return // it is asked for when the user is there
	case !ok:
		e.gone(b.day, led)
		return
	}
	if leads.From <= b.day {
		e.From = leads.From
	}
	e.function(leads, user, led, ends)
	e.text(attrNavn, role, MaxFunktionNavn, plan.Force,
		fact(m.Path, stated(m, m.Versions, b.day, func(m *org.Manager) string { return m.Role }), m.From, now.Role, "role"))
	e.ref(attrEnhed, plan.ID{Kind: KindEnhed, UUID: u.UUID}, unit.Name, plan.Force, org.Fact{Path: u.Path(), Day: m.From})
	e.add()
}

func leaderName(p *org.Person, day org.Day) string {
	if p == nil {
		return ""
	}
	return p.At(day).Name.Full() + ", "
}

// leaderAccount is the user that a leader's function points to: the personal account that is in use.
func (b *builder) leaderAccount(p *org.Person) (usage, bool) {
	if p == nil {
		return usage{}, false
	}
	var users []usage
	for _, a := range p.Accounts {
		if everFK(a, b.day) {
			if u := b.usageOf(org.Holder{Person: p}, a); u.inUse && !u.waiting {
				users = append(users, u)
			}
		}
	}
	if len(users) == 0 {
		return usage{}, false
	}
	slices.SortStableFunc(users, func(a, b usage) int {
		return cmp.Or(cmp.Compare(kindRank(a.account.Kind), kindRank(b.account.Kind)), cmp.Compare(a.account.From, b.account.From),
			cmp.Compare(a.account.Key, b.account.Key))
	})
	return users[0], true
}

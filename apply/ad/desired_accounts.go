package ad

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// stage is where an account is in its life on the day.
type stage int

const (
	never    stage = iota // it was never to be open: what it was for is annulled
	far                   // it begins later than the days of preparation reach
	prepared              // it begins soon: made, and disabled
	open                  // it is in use, the hours of grace included
	closed                // its time is over
)

// account is an account of a person in the making.
type account struct {
	id      plan.ID
	holder  org.Holder
	base    *org.Account // as stated, with its amendments
	at      *org.Account // on ref
	stage   stage
	tenure  org.Tenure
	ref     org.Day     // the day whose values it has
	person  *org.Person // on ref
	post    org.Post
	hasPost bool
	cn      string
	since   org.Day // the first day of its first tenure
}

// addAccounts adds the people's accounts. Those of robots and service accounts are
// declared in the files so that nobody else claims them; orgit never writes them.
func (d *desired) addAccounts() {
	accounts := d.accounts()
	if !d.problemsOnly {
		uniqueCNs(accounts)
	}
	if d.only != nil {
		accounts = slices.DeleteFunc(accounts, func(a *account) bool { return !d.only[a.holder.Person.Key] })
	}
	d.checkLogins(accounts)
	for _, a := range accounts {
		o := d.userOf(a)
		d.checkUPN(&o)
		if !d.problemsOnly {
			d.state.Objects = append(d.state.Objects, o)
		}
	}
}

// accounts are those of people that orgit writes, and, where only some are asked for, those
// that they are told apart from.
func (d *desired) accounts() []*account {
	var accounts []*account
	for _, p := range d.people() {
		own := d.accountsOf(p)
		d.leaders[p.Key] = leaderAccount(own)
		accounts = append(accounts, own...)
	}
	return accounts
}

func (d *desired) accountsOf(p *org.Person) []*account {
	var accounts []*account
	for _, base := range p.Accounts {
		at := base.At(d.day)
		if at.System == d.domain.System() && (at.Kind == org.AccountPersonal || at.Kind == org.AccountAdmin) {
			accounts = append(accounts, d.accountOf(org.Holder{Person: p}, base))
		}
	}
	return accounts
}

// people are those whose accounts are looked at, in key order.
func (d *desired) people() []*org.Person {
	if d.only == nil {
		return d.o.People
	}
	keys := maps.Clone(d.only)
	maps.Copy(keys, d.beside)
	var people []*org.Person
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if p := d.o.Person(key); p != nil {
			people = append(people, p)
		}
	}
	return people
}

// accountOf finds the stage and the day whose values count.
func (d *desired) accountOf(h org.Holder, base *org.Account) *account {
	a := &account{
		id: plan.ID{Kind: KindUser, UUID: base.UUID()}, holder: h, base: base, ref: d.day,
	}
	tenures := h.Tenures(base.At(d.day))
	a.stage, a.tenure = d.stageOf(tenures)
	if len(tenures) > 0 {
		a.since = tenures[0].From
	}
	switch {
	case a.stage == prepared || a.stage == far:
		a.ref = a.tenure.From
	case a.tenure.Ended(d.day):
		a.ref = a.tenure.To
	}
	a.at = base.At(a.ref)
	a.person = h.Person.At(a.ref)
	if a.stage == prepared || a.stage == open {
		if staff := d.view(a.ref).Person(h.Person.Key); staff != nil {
			a.post, a.hasPost = staff.PrimaryPost(a.at.For...)
		}
	}
	return a
}

// stageOf says which of the tenures decides today, and what it means.
func (d *desired) stageOf(tenures []org.Tenure) (stage, org.Tenure) {
	var ended, next *org.Tenure
	for i := range tenures {
		t := &tenures[i]
		switch {
		case t.Contains(d.day):
			return open, *t
		case t.Ended(d.day):
			ended = t
		case next == nil:
			next = t
		}
	}
	switch {
	case ended != nil && d.day < d.closesOn(ended.To):
		return open, *ended
	case next != nil && next.From <= d.day.Add(d.s.PrepareDays):
		return prepared, *next
	case ended != nil:
		return closed, *ended
	case next != nil:
		return far, *next
	}
	return never, org.Tenure{}
}

// maxSuffix is how much of a name a suffix may take: a UUID in parentheses, with a blank.
const maxSuffix = 39

// uniqueCNs names the accounts: the person's name, and the login name behind it where
// an older account has that name already. Names are unique in the whole municipality,
// so that nobody's changes because somebody moves into their unit; and older is who came
// first, so that nobody's changes because somebody comes back.
func uniqueCNs(accounts []*account) {
	order := slices.Clone(accounts)
	slices.SortFunc(order, func(a, b *account) int {
		return cmp.Or(
			strings.Compare(b.base.Kind, a.base.Kind), // personal before admin
			cmp.Compare(a.since, b.since),
			cmp.Compare(a.holder.Person.Key, b.holder.Person.Key),
			cmp.Compare(a.base.Key, b.base.Key),
		)
	})
	taken := map[string]bool{}
	for _, a := range order {
		name := norm.NFC.String(a.person.Name.Full())
		a.cn = cut(name, maxCN)
		// A login name is unique, but somebody may be called as if it stood behind theirs.
		for _, suffix := range []string{a.at.Name, a.holder.Person.Key + " " + a.base.Key, string(a.id.UUID)} {
			if !taken[fold(a.cn)] {
				break
			}
			if suffix = " (" + suffix + ")"; utf8.RuneCountInString(suffix) > maxSuffix {
				continue
			}
			a.cn = withSuffix(name, suffix, maxCN)
		}
		taken[fold(a.cn)] = true
	}
}

// checkLogins finds login names that Windows takes for one, or does not take at all.
func (d *desired) checkLogins(accounts []*account) {
	seen := map[string]*account{}
	for _, a := range accounts {
		if a.stage != prepared && a.stage != open {
			continue
		}
		path := a.at.Path("name")
		if strings.HasSuffix(a.at.Name, ".") {
			d.problem(a.id, path, fmt.Sprintf("the login name %s ends in a dot", a.at.Name), "choose another login name")
		}
		if other := seen[fold(a.at.Name)]; other != nil {
			d.problem(a.id, path, fmt.Sprintf("Active Directory takes the login name %s for the same as %s (%s)",
				a.at.Name, other.at.Name, other.at.Path("name")), "choose another login name")
		}
		seen[fold(a.at.Name)] = a
	}
}

// checkUPN finds a login address that another account would have too, where the settings
// make them: without, they are as unique as the login names.
func (d *desired) checkUPN(o *plan.Object) {
	m := d.set.named(attrUPN)
	if m == nil || !m.templated() {
		return
	}
	a := o.Attr(attrUPN)
	if a == nil || len(a.Value) == 0 {
		return
	}
	key := fold(a.Value[0])
	other, taken := d.upns[key]
	if !taken {
		d.upns[key] = upnHolder{o.Name, o.Entry}
		return
	}
	d.addProblem(plan.Problem{
		Object: o.ID, Path: o.Entry, Setting: m.path,
		Message: fmt.Sprintf("Active Directory takes the login address %s for the same as that of %s (%s)", a.Value[0], other.name, other.entry),
		Hint:    "a login address belongs to one account; correct what the template is made of",
	})
}

// upnHolder is who has a login address.
type upnHolder struct {
	name  string
	entry org.Path
}

// leader gives a person's account that others refer to as their leader's; nil when there is
// none.
func (d *desired) leader(key string) *account {
	a, known := d.leaders[key]
	if p := d.o.Person(key); !known && p != nil {
		a = leaderAccount(d.accountsOf(p))
		d.leaders[key] = a
	}
	return a
}

// leaderAccount is the first personal account of a person's that is in use.
func leaderAccount(accounts []*account) *account {
	for _, a := range accounts {
		if (a.stage == prepared || a.stage == open) && a.at.Kind == org.AccountPersonal {
			return a
		}
	}
	return nil
}

// userOf makes the desired object of an account.
func (d *desired) userOf(a *account) plan.Object {
	o := plan.Object{ID: a.id, Name: a.person.Name.Full(), Entry: a.base.Path()}
	switch a.stage {
	case never:
		o.Gone = &plan.Gone{Since: d.day, Why: d.annulled(a)}
		d.retire(&o, o.Gone.Why...)
		o.Attrs = append(o.Attrs, d.suspension(a))
	case closed:
		o.Gone = &plan.Gone{Since: a.tenure.To.Add(1), Why: []org.Fact{a.tenure.Closes}}
		d.retire(&o, a.tenure.Closes)
		o.Attrs = append(o.Attrs, d.suspension(a))
	case far:
		// Its beginning was put off after it had been prepared: it waits, disabled.
		o.Gone = &plan.Gone{Since: d.day, Why: []org.Fact{a.tenure.Opens}}
		o.Attrs = []plan.Attr{{
			Name: attrEnabled, Value: []string{"false"}, Rule: plan.Force, Loss: plan.LossDisable, Closes: true, Why: o.Gone.Why,
		}, d.suspension(a)}
	default:
		o.Attrs = d.attributesOf(a)
		if a.hasPost && a.post.Unit != nil {
			o.Unit = a.post.Unit.Key
		}
		if o.From = a.tenure.From; o.From != "" {
			o.From = o.From.Add(-d.s.PrepareDays)
		}
	}
	attrs := o.Attrs
	o.Signs, o.Existing = func() []plan.Sign { return d.signsOf(a, attrs) }, a.base.Existing
	o.Protected = d.protectionOf(a.at.Name)
	return o
}

// attributesOf makes the attributes of an account that is prepared or in use.
func (d *desired) attributesOf(a *account) []plan.Attr {
	u := userAttributes{d: d, a: a, attrs: d.spare}
	if d.trace == nil || !d.trace(a) {
		return u.all()
	}
	u.sources = &[]plan.Source{}
	attrs := u.all()
	u.explainRest()
	d.sources[a.id] = *u.sources
	return attrs
}

// annulled gives the facts by which an account has nothing that it is for.
func (d *desired) annulled(a *account) []org.Fact {
	var why []org.Fact
	for _, e := range a.holder.Person.Engagements {
		if e.Annulled != "" {
			why = append(why, org.Fact{Path: e.Path("annulled"), Value: string(e.Annulled), Day: e.Annulled})
		}
	}
	for _, s := range a.holder.Person.Associations {
		if s.Annulled != "" {
			why = append(why, org.Fact{Path: s.Path("annulled"), Value: string(s.Annulled), Day: s.Annulled})
		}
	}
	if why == nil {
		why = []org.Fact{{Path: a.base.Path()}}
	}
	return why
}

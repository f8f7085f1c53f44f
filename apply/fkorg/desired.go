package fkorg

import (
	"fmt"
	"maps"
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// Desired gives what FK Organisation should hold on the day.
//
// FK Organisation has no place for a mark that says whose an object is. An object is orgit's when the organisation
// states its identity: State.Known lists them all, past and future.
//
// Positions that begin later are asked for at once where the user is there already: the service keeps dates. Everything
// else is asked for on its day.
func Desired(o *org.Organisation, day org.Day) (plan.State, error) {
	b := newBuilder(o, day)
	// About as many as there will be: a unit, its leadership; a person, a user, a position.
	b.state.Objects = make([]plan.Object, 0, 2*len(o.Units)+3*len(o.People)+len(o.People)/8)
	b.structure()
	for _, p := range o.People {
		b.person(p)
	}
	for _, r := range o.Robots {
		b.robot(r)
	}
	for _, u := range o.Units {
		b.managers(u)
	}
	return b.whole()
}

// Ahead gives a function that says what FK Organisation should hold on a later day, of those alone whom what changes on
// the day can concern: everybody else's objects are as on the day before.
func Ahead(o *org.Organisation) func(org.Day, org.Concern) (plan.State, error) {
	return func(day org.Day, concern org.Concern) (plan.State, error) {
		b := newBuilder(o, day)
		if len(concern.By.Units) > 0 { // units name each other for payments and contacts
			b.structure()
		}
		for _, key := range slices.Sorted(maps.Keys(concern.People)) {
			b.person(o.Person(key))
		}
		for _, r := range concern.By.Robots {
			b.robot(r)
		}
		for _, key := range slices.Sorted(maps.Keys(concern.Units)) {
			b.managers(o.Unit(key))
		}
		return b.whole()
	}
}

func newBuilder(o *org.Organisation, day org.Day) *builder {
	return &builder{
		org: o, day: day, view: o.On(day), views: map[org.Day]*org.View{},
		state: plan.State{Target: Target, Known: map[plan.ID]bool{}, Kinds: kinds(), Orphan: orphan(day)},
	}
}

// structure asks for the units and what hangs together with them alone.
func (b *builder) structure() {
	b.organisation()
	for _, u := range b.org.Units {
		b.unit(u)
	}
	b.steder(KindUdbetaling, udbetalere)
	b.steder(KindHenvendelse, henvendelsessteder)
}

// managers asks for the functions of a unit's leaders.
func (b *builder) managers(u *org.Unit) {
	for _, m := range u.Managers {
		b.manager(u, m)
	}
}

// whole is the state with everything that was asked for.
func (b *builder) whole() (plan.State, error) {
	if err := b.state.Sort(); err != nil {
		return plan.State{}, fmt.Errorf("what FK Organisation should hold on %s: %w", b.day, err)
	}
	return b.state, nil
}

// orphan is the last form of an object that no entry states any more.
func orphan(day org.Day) func(plan.Found) plan.Object {
	return func(f plan.Found) plan.Object {
		o := plan.Object{ID: f.ID, Name: f.Name, Gone: &plan.Gone{Since: day}}
		if f.Kind != KindPerson && f.Kind != KindOrganisation { // these have no state that orgit writes
			o.Gone.Loss = plan.LossInactivate
			o.Attrs = []plan.Attr{{Name: attrGyldighed, Value: []string{Inaktiv}, Rule: plan.Force}}
		}
		return o
	}
}

func (e *entry) problem(path org.Path, over, max int) {
	e.state.Problems = append(e.state.Problems, plan.Problem{
		Object:  e.ID,
		Path:    path,
		Message: fmt.Sprintf("the text is %d characters too long for FK Organisation, which has room for %d", over, max),
		Hint:    fmt.Sprintf("shorten it to at most %d characters", max),
	})
}

// unit asks for a unit (enhed).
func (b *builder) unit(u *org.Unit) {
	b.known(KindEnhed, u.UUID)
	b.entries(u)
	now := b.view.Unit(u.Key)
	e := b.entry(KindEnhed, u.UUID, u.At(b.day).Name, org.PathOf("units", u.Key))
	e.Unit = u.Key
	switch {
	case u.Ended(b.day):
		e.gone(u.To.Add(1), org.Fact{Path: u.Path("to"), Value: string(u.To), Day: u.To.Add(1)})
		return
	case now == nil: // it has not begun
		return
	}
	e.From = u.From
	e.set(attrNoegle, unitKey(u), plan.Create, org.Fact{Path: u.Path(), Value: u.Key, Day: u.From})
	since := func(get func(*org.Unit) string) org.Day { return stated(u, u.Versions, b.day, get) }
	name := since(func(u *org.Unit) string { return u.Name })
	e.text(attrNavn, now.Name, MaxEnhedNavn, plan.Force, fact(u.Path, name, u.From, now.Name, "name"))
	e.set(attrGyldighed, Aktiv, plan.Force, org.Fact{Path: u.Path("from"), Value: string(u.From), Day: u.From})
	e.unitType(u, now, since(func(u *org.Unit) string { return u.Type }))
	e.unitParent(u, now, since(func(u *org.Unit) string { return u.Parent }))
	e.unitAddresses(u, now)
	e.unitTasks(u, now.Unit)
	e.unitPayout(u, now)
	e.unitContacts(u, now)
	e.unitSystems(u, now)
	e.add()
}

// unitKey is the unit's key, cut where FK Organisation has less room: keys are for people, identity is the UUID.
func unitKey(u *org.Unit) string {
	if ForLang(u.Key, MaxBrugervendtNoegle) == 0 {
		return u.Key
	}
	tail := "-" + string(u.UUID[:8])
	return u.Key[:MaxBrugervendtNoegle-len(tail)] + tail // keys are ASCII
}

func (e *entry) unitType(u *org.Unit, now *org.UnitView, since org.Day) {
	class, show := enhedstypeAfdeling, "department"
	if e.org.Settings.Classes.UnitTypes[now.Type].FK == "team" {
		class, show = enhedstypeTeam, "team"
	}
	e.set(attrEnhedstype, class, plan.Force, fact(u.Path, since, u.From, now.Type, "type")).Show = show
}

// unitParent: the unit above on the day, which is a successor where the stated one has closed.
func (e *entry) unitParent(u *org.Unit, now *org.UnitView, since org.Day) {
	why := []org.Fact{fact(u.Path, since, u.From, now.Parent, "parent")}
	if now.Above == nil {
		e.set(attrOverordnet, "", plan.Force, why...)
		return
	}
	if now.Above.Key != now.Parent {
		why = append(why, e.succession(now.Parent)...)
	}
	e.ref(attrOverordnet, plan.ID{Kind: KindEnhed, UUID: now.Above.UUID}, now.Above.Name, plan.Force, why...)
}

// succession is why something that stands in the unit stands in its successor.
func (b *builder) succession(key string) []org.Fact {
	u := b.org.Unit(key)
	if u == nil {
		return nil
	}
	return []org.Fact{{Path: u.Path("successor"), Value: u.Successor, Day: u.To.Add(1)}}
}

// unitAddresses states the addresses and numbers that the unit states. What it does not state is not managed; what is
// not for the public is taken out of FK Organisation.
func (e *entry) unitAddresses(u *org.Unit, now *org.UnitView) {
	for _, r := range enhedsroller {
		field, values, rule := "addresses", now.Addresses, addressRule(r.navn)
		if erNummer(r.navn) {
			field, values = "numbers", now.Numbers
		}
		value, ok := values[r.navn]
		if !ok {
			continue
		}
		since := stated(u, u.Versions, e.day, func(u *org.Unit) string {
			if field == "numbers" {
				return u.Numbers[r.navn]
			}
			return u.Addresses[r.navn]
		})
		why := fact(u.Path, since, u.From, value, field, r.navn)
		if slices.Contains(now.Internal, r.navn) {
			value, rule, why = "", plan.Force, org.Fact{Path: u.Path("internal"), Value: r.navn}
		}
		e.text(attrAdresse+r.navn, value, MaxAdresseTekst, rule, why)
	}
}

// addressRule: phones, mail and rooms that somebody has set in FK Organisation stay.
func addressRule(role string) plan.Rule {
	switch role {
	case "phone", "landline", "email", "location":
		return plan.Keep
	}
	return plan.Force
}

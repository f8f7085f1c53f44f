package fkorg

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// Names of the functions by which units are payout units and contact places.
const (
	navnUdbetaling  = "Udbetalingsenhed"
	navnHenvendelse = "Henvendelsessted"
)

// naevnt is a time in which a unit makes another one, or itself, its payout unit or contact place.
type naevnt struct {
	af  *org.Unit
	key string // of the unit that is named
	org.Period
	why org.Fact
}

// udbetalere are the payout units that one state of a unit names, by the field.
func udbetalere(u *org.Unit) (field string, keys []string) {
	if u.PayoutUnit.Key == "" {
		return "payoutUnit", nil
	}
	return "payoutUnit", []string{u.PayoutUnit.Key}
}

// henvendelsessteder are the contact places that it names.
func henvendelsessteder(u *org.Unit) (field string, keys []string) {
	return "contactUnits", u.ContactUnits
}

// naevnelser are all such times of a unit. Each state has its own, so that a key that two states in a row name occurs
// twice.
func naevnelser(u *org.Unit, names func(*org.Unit) (string, []string)) []naevnt {
	states := append([]*org.Unit{u}, tilstande(u)...)
	var all []naevnt
	for i, s := range states {
		p := org.Period{From: u.From, To: u.To}
		if i > 0 {
			p.From = u.Versions[i-1].From
		}
		if i < len(u.Versions) {
			p.To = u.Versions[i].From.Add(-1)
		}
		field, keys := names(s)
		since := stated(u, u.Versions, p.From, func(u *org.Unit) string { _, keys := names(u); return strings.Join(keys, " ") })
		for _, key := range keys {
			all = append(all, naevnt{u, key, p, fact(u.Path, since, u.From, key, field)})
		}
	}
	return all
}

// steder asks for the functions of a kind: one for each unit that is, or was, named by somebody, and for the successors
// that take over when it closes. A unit that states what citizens turn to it about is its own contact place.
func (b *builder) steder(kind plan.Kind, names func(*org.Unit) (string, []string)) {
	naevnte := map[string][]naevnt{} // by the key of the unit whose function it is about
	add := func(n naevnt) {
		for _, key := range b.withSuccessors(n.key) {
			naevnte[key] = append(naevnte[key], n)
		}
	}
	for _, u := range b.org.Units {
		for _, n := range naevnelser(u, names) {
			add(n)
		}
		if kind == KindHenvendelse {
			for _, n := range naevnelser(u, egneHenvendelser) {
				n.key = u.Key
				add(n)
			}
		}
	}
	for _, u := range b.org.Units {
		if list := naevnte[u.Key]; len(list) > 0 {
			b.sted(kind, u, list)
		}
	}
}

// egneHenvendelser says whether a unit states what citizens turn to it about.
func egneHenvendelser(u *org.Unit) (field string, keys []string) {
	if len(u.ContactTasks) == 0 {
		return "contactTasks", nil
	}
	return "contactTasks", []string{strings.Join(u.ContactTasks, ", ")}
}

// withSuccessors gives a unit's key and those of the units that may come to stand in its place.
func (b *builder) withSuccessors(key string) []string {
	keys := []string{key}
	for i := 0; i < len(keys); i++ {
		u := b.org.Unit(keys[i])
		if u == nil {
			continue
		}
		for _, s := range append([]*org.Unit{u}, tilstande(u)...) {
			if s.Successor != "" && !slices.Contains(keys, s.Successor) {
				keys = append(keys, s.Successor)
			}
		}
	}
	return keys
}

// sted asks for the function of one unit.
func (b *builder) sted(kind plan.Kind, u *org.Unit, naevnte []naevnt) {
	uuid := funktionUUID(u.UUID, kind)
	b.known(kind, uuid)
	navn := navnUdbetaling
	if kind == KindHenvendelse {
		navn = navnHenvendelse
	}
	e := b.entry(kind, uuid, navn+", "+u.At(b.day).Name, u.Path())
	e.Unit = u.Key
	now := b.view.Unit(u.Key)
	var used []naevnt
	for _, n := range naevnte {
		if n.Contains(b.day) && n.af.Contains(b.day) && now != nil && b.view.Standing(n.key) == now {
			used = append(used, n)
		}
	}
	if len(used) == 0 {
		e.stedOver(u, naevnte)
		return
	}
	first := slices.MinFunc(used, func(x, y naevnt) int {
		return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.af.Key, y.af.Key))
	})
	e.From = max(first.From, u.From)
	e.set(attrNoegle, string(uuid), plan.Create, first.why)
	e.set(attrNavn, navn, plan.Force, first.why)
	e.set(attrGyldighed, Aktiv, plan.Force, first.why)
	e.ref(attrEnhed, plan.ID{Kind: KindEnhed, UUID: u.UUID}, now.Name, plan.Force, first.why)
	if kind == KindHenvendelse {
		e.contactPlace(u, now)
	} else {
		e.losShortName(u, now)
	}
	e.add()
}

// stedOver closes a function that nothing makes use of any more; one that never was in use is not spoken of.
func (e *entry) stedOver(u *org.Unit, naevnte []naevnt) {
	var over *org.Fact
	see := func(day org.Day, path org.Path, value string) {
		if day <= e.day && (over == nil || day > over.Day) {
			over = &org.Fact{Path: path, Value: value, Day: day}
		}
	}
	for _, n := range naevnte {
		switch {
		case n.From > e.day || u.From > e.day:
		case n.Ended(e.day):
			see(n.To.Add(1), n.af.Path(), "")
		case n.af.Ended(e.day):
			see(n.af.To.Add(1), n.af.Path("to"), string(n.af.To))
		case u.Ended(e.day):
			see(u.To.Add(1), u.Path("to"), string(u.To))
		}
	}
	if over != nil {
		e.gone(over.Day, *over)
	}
}

// losShortName says what a payout unit lacks: payments know units by their LOS short name.
func (e *entry) losShortName(u *org.Unit, now *org.UnitView) {
	if now.Numbers["losShortName"] != "" {
		return
	}
	e.state.Problems = append(e.state.Problems, plan.Problem{
		Object: e.ID, Path: u.Path("numbers", "losShortName"),
		Message: fmt.Sprintf("the payout unit %s has no LOS short name, so payments cannot know it", now.Name),
		Hint:    "state numbers.losShortName of " + u.Key + ", or another payout unit",
	})
}

// contactPlace states what citizens turn to a unit about, and the web page for it.
func (e *entry) contactPlace(u *org.Unit, now *org.UnitView) {
	if now.ContactTasks != nil {
		since := stated(u, u.Versions, e.day, func(u *org.Unit) string { return strings.Join(u.ContactTasks, " ") })
		e.tasks(attrOpgaver, now.ContactTasks, fact(u.Path, since, u.From, strings.Join(now.ContactTasks, ", "), "contactTasks"))
	}
	web, ok := now.Addresses["contactWeb"]
	if !ok {
		return
	}
	since := stated(u, u.Versions, e.day, func(u *org.Unit) string { return u.Addresses["contactWeb"] })
	why := fact(u.Path, since, u.From, web, "addresses", "contactWeb")
	if slices.Contains(now.Internal, "contactWeb") {
		web, why = "", org.Fact{Path: u.Path("internal"), Value: "contactWeb"}
	}
	e.text(attrAdresse+"web", web, MaxAdresseTekst, plan.Force, why)
}

// unitPayout states the function that a unit's payments go through. Where the payout unit has closed it is its
// successor's.
//
// The function need not be there when the unit is written: FK Organisation does not look. So a new unit and its contact
// place, which refers back to it, are one call each.
func (e *entry) unitPayout(u *org.Unit, now *org.UnitView) {
	if !now.PayoutUnit.Stated {
		return
	}
	since := stated(u, u.Versions, e.day, func(u *org.Unit) string { return u.PayoutUnit.Key })
	why := fact(u.Path, since, u.From, now.PayoutUnit.Key, "payoutUnit")
	_, keys := udbetalere(now.Unit)
	e.refs(attrUdbetaling, e.functionsOf(KindUdbetaling, keys), append([]org.Fact{why}, e.successions(keys)...)...)
}

// unitContacts states the functions of a unit's contact places.
func (e *entry) unitContacts(u *org.Unit, now *org.UnitView) {
	if now.ContactUnits == nil {
		return
	}
	since := stated(u, u.Versions, e.day, func(u *org.Unit) string { return strings.Join(u.ContactUnits, " ") })
	why := fact(u.Path, since, u.From, strings.Join(now.ContactUnits, ", "), "contactUnits")
	e.refs(attrHenvendelse, e.functionsOf(KindHenvendelse, now.ContactUnits), append([]org.Fact{why}, e.successions(now.ContactUnits)...)...)
}

// functionsOf gives the functions of units, with the units' names.
func (e *entry) functionsOf(kind plan.Kind, keys []string) map[string]string {
	set := map[string]string{}
	for _, key := range keys {
		if u := e.view.Standing(key); u != nil {
			set[string(funktionUUID(u.UUID, kind))] = u.Name
		}
	}
	return set
}

// successions are why others stand in the place of units that have closed.
func (e *entry) successions(keys []string) []org.Fact {
	var why []org.Fact
	for _, key := range keys {
		if u := e.org.Unit(key); u != nil && u.Ended(e.day) {
			why = append(why, e.succession(key)...)
		}
	}
	return why
}

// unitSystems states the IT systems that a unit uses. Systems that others have tied to it stay.
func (e *entry) unitSystems(u *org.Unit, now *org.UnitView) {
	if now.Systems == nil {
		return
	}
	set := map[string]string{}
	for _, key := range now.Systems {
		if it := e.org.System(key); it != nil {
			set[string(it.UUID)] = it.Name
		}
	}
	since := stated(u, u.Versions, e.day, func(u *org.Unit) string { return strings.Join(u.Systems, " ") })
	e.refs(attrItSystemer, set, fact(u.Path, since, u.From, strings.Join(now.Systems, ", "), "systems"))
}

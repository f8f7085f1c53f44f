package fkorg

import (
	"slices"
	"strings"
)

// adresser points each role that changes to orgit's own address, whose text has been written before, or ends it. An
// address that somebody else made is never rewritten: others may refer to it too.
func (a *aendring) adresser() {
	roller, adressetype := rollerFor(a.o.Slags)
	for _, r := range roller {
		value, changes := a.ny(attrAdresse + r.navn)
		if !changes {
			continue
		}
		a.afloes(r, value != "")
		a.egenAdresse(r, adressetype, value != "")
		// Others may have several addresses in a role: orgit's own must come to count, and what is cleared must be gone.
		// But when the primary postal address is cleared, the secondary one would come to count for it, and stays.
		for (value != "" || r.klasse != klassePost) && a.afloes(r, value != "") {
		}
	}
}

// afloes ends the address that counts for a role, unless it is orgit's own and shall be there.
func (a *aendring) afloes(r rolle, findes bool) bool {
	first, ok := adresseI(a.o, r, a.nu.nu)
	if !ok || findes && first.Ref.ErTil(adresseUUID(a.op.Object.UUID, r.navn)) {
		return false
	}
	a.slut(&a.o.Relationer[slices.Index(a.o.Relationer, first)].Virkning, a.idag)
	return true
}

// egenAdresse sees to it that an object refers to orgit's own address in a role, or that it does not.
func (a *aendring) egenAdresse(r rolle, adressetype string, findes bool) {
	uuid := adresseUUID(a.op.Object.UUID, r.navn)
	there := false
	for i := range a.o.Relationer {
		rel := &a.o.Relationer[i]
		if rel.Navn != "Adresser" || !rel.Rolle.ErTil(r.klasse) || !rel.Ref.ErTil(uuid) {
			continue
		}
		there = true
		switch {
		case !findes:
			a.slut(&rel.Virkning, a.idag)
		case !rel.Virkning.Gaelder(a.nu.nu):
			rel.Virkning = a.fraIdag() // the same address twice in one list is refused
		}
	}
	if findes && !there {
		a.saet(Relation{Navn: "Adresser", Virkning: a.fraIdag(), Ref: Til(uuid), Rolle: Til(r.klasse), Type: Til(adressetype), Indeks: a.indeks(r)})
	}
}

// fjernDubletter takes out repeated references to one address, and leaves the one that counts, now or first. Such objects
// exist; the register refuses every change of them until the repetition is gone.
func (a *aendring) fjernDubletter() {
	best := map[string]int{}
	slices.SortStableFunc(a.o.Relationer, func(x, y Relation) int { return strings.Compare(x.Navn, y.Navn) })
	for i, r := range a.o.Relationer {
		if at, again := best[r.Ref.UUID()]; r.Navn == "Adresser" && (!again || a.taeller(r) > a.taeller(a.o.Relationer[at])) {
			best[r.Ref.UUID()] = i
		}
	}
	kept := a.o.Relationer[:0]
	for i, r := range a.o.Relationer {
		if r.Navn != "Adresser" || best[r.Ref.UUID()] == i {
			kept = append(kept, r)
		}
	}
	a.o.Relationer = kept
}

// taeller ranks entries: those that hold now before those to come, and those before what has ended.
func (a *aendring) taeller(r Relation) int {
	switch {
	case r.Virkning.Gaelder(a.nu.nu):
		return 2
	case r.Virkning.SlutterEfter(a.nu.nu):
		return 1
	}
	return 0
}

// indeks is the index of a new address relation: random, because numbers in sequence collide with those of ended
// relations. Readers sort postal addresses by it, and take the first character for primary (1) or secondary (2).
func (a *aendring) indeks(r rolle) string {
	uuid := a.nyUUID()
	if r.indeks != "" {
		return r.indeks + uuid[1:]
	}
	return uuid
}

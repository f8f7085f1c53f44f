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
		uuid := adresseUUID(a.op.Object.UUID, r.navn)
		if value != "" {
			a.egenAdresse(r, uuid, adressetype)
		}
		a.andreAdresser(r, uuid, value != "")
	}
}

// egenAdresse refers to orgit's own address in a role.
func (a *aendring) egenAdresse(r rolle, uuid, adressetype string) {
	for i := range a.o.Relationer {
		rel := &a.o.Relationer[i]
		if rel.Navn == "Adresser" && rel.Rolle.ErTil(r.klasse) && rel.Ref.ErTil(uuid) {
			if !rel.Virkning.Gaelder(a.nu.nu) {
				rel.Virkning = a.fraIdag() // the same address twice in one list is refused
			}
			return
		}
	}
	a.saet(Relation{Navn: "Adresser", Virkning: a.fraIdag(), Ref: Til(uuid), Rolle: Til(r.klasse), Type: Til(adressetype), Indeks: a.indeks(r)})
}

// andreAdresser ends what readers would take for the role: one after the other, until it is orgit's own or, where none
// is to stay, nothing.
func (a *aendring) andreAdresser(r rolle, uuid string, bliver bool) {
	for {
		first, ok := adresseI(a.o, r, a.nu.nu)
		if !ok || bliver && first.Ref.ErTil(uuid) {
			return
		}
		a.slut(&a.o.Relationer[slices.Index(a.o.Relationer, first)].Virkning, a.idag)
	}
}

// fjernDubletter takes out repeated references to one address. Such objects exist; the register refuses every change of
// them until the repetition is gone.
func (a *aendring) fjernDubletter() {
	seen := map[string]bool{}
	slices.SortStableFunc(a.o.Relationer, func(x, y Relation) int { return strings.Compare(x.Navn, y.Navn) })
	a.o.Relationer = slices.DeleteFunc(a.o.Relationer, func(r Relation) bool {
		if r.Navn != "Adresser" {
			return false
		}
		again := seen[r.Ref.UUID()]
		seen[r.Ref.UUID()] = true
		return again
	})
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

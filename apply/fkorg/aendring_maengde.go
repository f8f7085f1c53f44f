package fkorg

import (
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// maengde makes a set of references out of orgit's entries of a relation: those that are not asked for any more are ended,
// those that are missing are added. An entry that neither the old value nor the new one names is somebody else's and stays.
func (a *aendring) maengde(relation, attr string) {
	a.saetMaengde(attr, func(r Relation) bool { return r.Navn == relation },
		func(ref string) Relation { return Relation{Navn: relation, Virkning: a.fraIdagAaben(), Ref: Til(ref)} })
}

// opgaver makes the sets of a unit's tasks, one for each role. Each new task has a random index: numbers in sequence meet
// those of tasks that have ended.
func (a *aendring) opgaver() {
	for _, aspekt := range org.TaskAspects() {
		rolle, ok := a.nu.opgaveroller[aspekt]
		if !ok {
			continue
		}
		a.saetMaengde(attrAspekt(aspekt), func(r Relation) bool { return erOpgave(r, rolle) }, func(ref string) Relation {
			return Relation{Navn: "Opgaver", Virkning: a.fraIdag(), Ref: Til(ref), Rolle: Til(rolle), Type: Til(typeOpgave), Indeks: a.nyUUID()}
		})
	}
}

func (a *aendring) saetMaengde(attr string, egen func(Relation) bool, ny func(ref string) Relation) {
	c := a.op.Attr(attr)
	if c == nil {
		return
	}
	there := map[string]bool{}
	for i := range a.o.Relationer {
		r := &a.o.Relationer[i]
		if !egen(*r) || !r.Virkning.SlutterEfter(a.nu.nu) {
			continue
		}
		switch ref := r.Ref.UUID(); {
		case slices.Contains(c.New, ref):
			there[ref] = true
			if !r.Virkning.Gaelder(a.nu.nu) { // it was to begin later
				r.Virkning.Fra = a.idag
			}
		case slices.Contains(c.Old, ref):
			a.slut(&r.Virkning, a.idag)
		}
	}
	for _, ref := range c.New {
		if !there[ref] {
			a.saet(ny(ref))
		}
	}
}

// sted writes the function of a payout unit or contact place: its one unit, and for a contact place its tasks and page.
func (a *aendring) sted() {
	a.maengde("TilknyttedeEnheder", attrEnhed)
	a.maengde("TilknyttedeOpgaver", attrOpgaver)
	a.adresser()
}

// afslutEgne ends what orgit has tied a unit that closes to: tasks, payout unit, contact places, IT systems.
func (a *aendring) afslutEgne() {
	for i := range a.o.Relationer {
		if r := &a.o.Relationer[i]; a.egen(*r) {
			a.slut(&r.Virkning, a.idag)
		}
	}
}

func (a *aendring) egen(r Relation) bool {
	ref := org.UUID(r.Ref.UUID())
	switch r.Navn {
	case "Opgaver":
		return slices.ContainsFunc(org.TaskAspects(), func(aspekt string) bool {
			rolle, ok := a.nu.opgaveroller[aspekt]
			return ok && erOpgave(r, rolle) && a.nu.kendte[indslag(a.op.Object.UUID, attrAspekt(aspekt), ref)]
		})
	case "TilknyttedeFunktioner":
		return slices.ContainsFunc(stedarter, func(k plan.Kind) bool { return a.nu.kendte[plan.ID{Kind: k, UUID: ref}] })
	case "TilknyttedeItSystemer":
		return a.nu.kendte[indslag(a.op.Object.UUID, attrItSystemer, ref)]
	}
	return false
}

package fkorg

import (
	"fmt"
	"slices"

	"orgit.dk/orgit/org"
)

// funktion writes user, unit and period of a function. Dates stand on those two relations alone.
func (a *aendring) funktion() error {
	var fra, til Tidspunkt
	var err error
	if day, changes := a.ny(attrFra); changes && day != "" {
		if fra, err = Midnat(org.Day(day)); err != nil {
			return fmt.Errorf("fra: %w", err)
		}
	}
	if day, changes := a.ny(attrTil); changes {
		til = Ubegraenset()
		if day != aabenSlut && day != "" {
			if til, err = Midnat(org.Day(day).Add(1)); err != nil {
				return fmt.Errorf("til: %w", err)
			}
		}
	}
	bruger := a.tilknytning("TilknyttedeBrugere", attrBruger)
	enhed := a.tilknytning("TilknyttedeEnheder", attrEnhed)
	gammelFra := bruger.nu.Fra
	if !fra.Angivet() {
		fra = gammelFra
	}
	if !fra.Angivet() {
		fra = a.idag
	}
	if !til.Angivet() {
		til = bruger.nu.Til
	}
	bruger.skriv(fra, til)
	enhedFra := enhed.nu.Fra
	switch {
	case enhed.skifter && enhedFra.Angivet():
		if enhedFra, err = a.skiftedag(attrEnhed); err != nil {
			return err
		}
		if enhedFra.Tid.Before(fra.Tid) {
			enhedFra = fra
		}
	case !enhedFra.Angivet() || enhedFra.Tid.Equal(gammelFra.Tid) || enhedFra.Tid.Before(fra.Tid):
		enhedFra = fra
	}
	enhed.skriv(enhedFra, til)
	return nil
}

// skiftedag is the day on which a new value came to hold: the latest of its facts that is not in the future.
func (a *aendring) skiftedag(attr string) (Tidspunkt, error) {
	var day org.Day
	for _, f := range a.op.Attr(attr).Why {
		if f.Day > day && f.Day <= a.dag {
			day = f.Day
		}
	}
	return a.virkningsdag(day)
}

// tilknytning is a function's relation to its user or its unit while it is being changed.
type tilknytning struct {
	a        *aendring
	relation string
	ref      string   // what it shall point to
	nu       Virkning // the period of the entry that counts now; zero when there is none
	at       int      // its place in the list; -1 when there is none
	skifter  bool     // it points to something else now
}

func (a *aendring) tilknytning(relation, attr string) *tilknytning {
	t := &tilknytning{a: a, relation: relation, at: -1}
	value, changes := a.ny(attr)
	current := a.nu.nuEllerSenere(a.o, relation)
	if changes && len(current) > 1 { // somebody has added others: a function is one user's, in one unit
		right := max(0, slices.IndexFunc(current, func(r Relation) bool { return r.Ref.ErTil(value) }))
		current[0], current[right] = current[right], current[0]
		for _, r := range current[1:] {
			a.slut(&a.o.Relationer[slices.Index(a.o.Relationer, r)].Virkning, a.idag)
		}
	}
	if len(current) > 0 {
		t.at = slices.Index(a.o.Relationer, current[0])
		t.nu, t.ref = current[0].Virkning, current[0].Ref.UUID()
	}
	if changes && !sammeUUID(t.ref, value) {
		t.ref, t.skifter = value, true
	}
	return t
}

// skriv sets the period. When the reference changes, the old entry ends where the new one begins, or today when
// that is later: what is ended is kept, and one that began no earlier becomes empty.
func (t *tilknytning) skriv(fra, til Tidspunkt) {
	if t.at >= 0 && !t.skifter {
		v := &t.a.o.Relationer[t.at].Virkning
		if !v.Fra.Tid.Equal(fra.Tid) {
			v.Fra = fra
		}
		if !samme(v.Til, til) {
			v.Til = til
		}
		return
	}
	if t.at >= 0 {
		ved := fra
		if ved.Tid.After(t.a.idag.Tid) {
			ved = t.a.idag
		}
		v := &t.a.o.Relationer[t.at].Virkning
		*v = v.Afsluttet(ved)
	}
	if t.ref != "" {
		t.a.o.Relationer = append(t.a.o.Relationer, Relation{Navn: t.relation, Virkning: t.a.virkning(fra, til), Ref: Til(t.ref)})
	}
}

// samme compares two ends of periods.
func samme(a, b Tidspunkt) bool {
	aaben := func(t Tidspunkt) bool { return t.Tid.IsZero() }
	return aaben(a) && aaben(b) || !aaben(a) && !aaben(b) && a.Tid.Equal(b.Tid)
}

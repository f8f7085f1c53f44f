package fkorg

import (
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// aendring turns one operation into changes of an object's three lists. It touches what orgit owns; everything else
// stays as it was read.
type aendring struct {
	o            *Objekt // a copy
	op           plan.Operation
	idag         Tidspunkt // the midnight on which today began
	dag          org.Day
	organisation string
	nyUUID       func() string
	nu           laesning
	historik     Historik
	cpr          *CPRJoin // nil: never
}

// virkning is a period of an entry that orgit writes, in the municipality's name.
func (a *aendring) virkning(fra, til Tidspunkt) Virkning {
	return Virkning{Fra: fra, Til: til, Aktoer: Til(a.organisation), AktoerType: "Organisation"}
}

// fraIdag is the period from today on. The end is left out, as the service expects it on all but functions.
func (a *aendring) fraIdag() Virkning { return a.virkning(a.idag, Tidspunkt{}) }

// ny gives the new value of an attribute, and whether the operation changes it.
func (a *aendring) ny(attr string) (value string, changes bool) {
	c := a.op.Attr(attr)
	if c == nil {
		return "", false
	}
	if len(c.New) == 0 {
		return "", true
	}
	return c.New[0], true
}

// udfoer makes the whole change.
func (a *aendring) udfoer() error {
	if a.o.Slags == Organisation {
		a.enkeltRelation("Overordnet", attrRod) // everything else in it is KOMBIT's
		return nil
	}
	a.egenskaber()
	a.fjernDubletter()
	if a.o.Slags == Person {
		return nil
	}
	if a.op.Action == plan.ActionRetire {
		return a.luk()
	}
	status, changes := a.ny(attrGyldighed)
	if changes {
		a.gyldighed(status)
	}
	switch a.o.Slags {
	case Enhed:
		a.tilhoerer("Tilhoerer")
		a.enkeltRelation("Overordnet", attrOverordnet)
		a.enkeltRelation("Enhedstype", attrEnhedstype)
		a.opgaver()
		a.maengde("TilknyttedeFunktioner", attrUdbetaling)
		a.maengde("TilknyttedeFunktioner", attrHenvendelse)
		a.maengde("TilknyttedeItSystemer", attrItSystemer)
		a.adresser()
	case Bruger:
		a.tilhoerer("Tilhoerer")
		a.person()
		a.maengde("BrugerTyper", attrBrugertype)
		a.adresser()
	case Funktion:
		a.tilhoerer("TilknyttedeOrganisationer")
		a.funktionensType()
		if slices.Contains(stedarter, a.op.Object.Kind) {
			a.sted()
			return nil
		}
		return a.funktion()
	}
	return nil
}

// egenskaber replaces the attributes by one entry from today on when the name changes. Key and further properties, such as a person's CPR number, are carried over.
func (a *aendring) egenskaber() {
	name := attrNavn
	if a.o.Slags == Bruger {
		name = attrBrugernavn
	}
	was := a.o.egenskab(a.nu.nu)
	e := was
	if value, changes := a.ny(name); changes {
		e.Navn = value
	}
	if key, _ := a.ny(attrNoegle); e.BrugervendtNoegle == "" {
		e.BrugervendtNoegle = key
	}
	changes := e.Navn != was.Navn || e.BrugervendtNoegle != was.BrugervendtNoegle
	if a.o.Slags == Person {
		a.cpr.join(a.op.Object.UUID, &e, changes)
	}
	if !changes {
		return
	}
	e.Virkning = a.fraIdag()
	a.o.nyEgenskab(e, a.historik)
}

// gyldighed ends every state that holds or will hold, and begins the new one today.
func (a *aendring) gyldighed(status string) {
	if a.o.Status(a.nu.nu) == status {
		return
	}
	for i := range a.o.Tilstande {
		a.slut(&a.o.Tilstande[i].Virkning, a.idag)
	}
	a.o.Tilstande = append(a.o.Tilstande, Gyldighed{Virkning: a.fraIdag(), Status: status})
}

// slut ends a period unless it has ended already.
func (a *aendring) slut(v *Virkning, ved Tidspunkt) {
	if v.SlutterEfter(ved.Tid) {
		*v = v.Afsluttet(ved)
	}
}

// tilhoerer sees to it that a living object belongs to the municipality: the register demands it, and deactivating has
// ended it.
func (a *aendring) tilhoerer(relation string) {
	if len(a.o.Gaeldende(relation, a.nu.nu)) == 0 {
		a.saet(Relation{Navn: relation, Virkning: a.fraIdagAaben(), Ref: Til(a.organisation)})
	}
}

// fraIdagAaben is the period from today on with its open end spelled out where that is the custom.
func (a *aendring) fraIdagAaben() Virkning {
	if a.o.Slags == Funktion {
		return a.virkning(a.idag, Ubegraenset())
	}
	return a.fraIdag()
}

// funktionensType sees to it that a function has its type.
func (a *aendring) funktionensType() {
	if len(a.o.Gaeldende("Funktionstype", a.nu.nu)) == 0 {
		a.saet(Relation{Navn: "Funktionstype", Virkning: a.fraIdagAaben(), Ref: Til(funktionstype(a.op.Object.Kind))})
	}
}

// saet puts a relation in: over the one that is there when there may be one only, else beside the others.
func (a *aendring) saet(r Relation) {
	if enkelt(r.Navn) {
		a.o.Relationer = slices.DeleteFunc(a.o.Relationer, func(x Relation) bool { return x.Navn == r.Navn })
	}
	a.o.Relationer = append(a.o.Relationer, r)
}

// enkeltRelation overwrites a relation of which there may be one only, or ends it.
func (a *aendring) enkeltRelation(relation, attr string) {
	value, changes := a.ny(attr)
	if !changes {
		return
	}
	if value == "" {
		a.afslut(relation)
		return
	}
	now := a.nu.gaeldende(a.o, relation)
	if len(now) == 1 && sammeUUID(now[0], value) {
		return
	}
	a.saet(Relation{Navn: relation, Virkning: a.fraIdag(), Ref: Til(value)})
}

// person replaces the person behind a user: the old entry is ended, the new one added. Whatever UUID the register has for
// the person stays.
func (a *aendring) person() {
	value, changes := a.ny(attrPerson)
	if !changes {
		return
	}
	mine, known := a.nu.personAf[a.o.UUID]
	there := false
	for i := range a.o.Relationer {
		r := &a.o.Relationer[i]
		if r.Navn != "TilknyttedePersoner" || !r.Virkning.SlutterEfter(a.nu.nu) {
			continue
		}
		if r.Ref.ErTil(value) || known && sammeUUID(string(mine), value) && !andens(a.nu.personer, mine, r.Ref.UUID()) {
			there = true
			continue
		}
		a.slut(&r.Virkning, a.idag)
	}
	if !there && value != "" {
		a.saet(Relation{Navn: "TilknyttedePersoner", Virkning: a.fraIdag(), Ref: Til(value)})
	}
}

// afslut ends every entry of a relation today.
func (a *aendring) afslut(relationer ...string) {
	for i := range a.o.Relationer {
		if r := &a.o.Relationer[i]; slices.Contains(relationer, r.Navn) {
			a.slut(&r.Virkning, a.idag)
		}
	}
}

// luk makes the object Inaktiv and ends what ties it to others. What other systems have tied to it stays.
func (a *aendring) luk() error {
	a.gyldighed(Inaktiv)
	switch a.o.Slags {
	case Enhed:
		a.afslut("Overordnet", "Tilhoerer")
		a.afslutEgne()
	case Bruger:
		a.afslut("TilknyttedePersoner", "Tilhoerer")
	case Funktion:
		ved, err := a.virkningsdag(a.op.Effect)
		if err != nil {
			return err
		}
		for i := range a.o.Relationer {
			r := &a.o.Relationer[i]
			if r.Navn == "TilknyttedeBrugere" || r.Navn == "TilknyttedeEnheder" || r.Navn == "TilknyttedeOpgaver" && a.op.Object.Kind == KindHenvendelse {
				a.slut(&r.Virkning, ved)
			}
		}
	}
	return nil
}

// virkningsdag is the midnight at which a day began, today's for a day that has not come or is not stated.
func (a *aendring) virkningsdag(day org.Day) (Tidspunkt, error) {
	if day == "" || day > a.dag {
		return a.idag, nil
	}
	return Midnat(day)
}

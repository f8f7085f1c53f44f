package fkorg

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// laesning is what is needed to see an object of FK Organisation as the plan does.
type laesning struct {
	nu time.Time
	// tekster are the texts of addresses by the address's UUID.
	tekster map[string]string
	// personAf gives orgit's identity for the Person object behind a user: the register may know somebody under a UUID
	// of its own, made by the system that wrote there before. Key: the user's UUID.
	personAf map[string]org.UUID
	// personer are those whom the organisation states.
	personer map[org.UUID]bool
	// kendte is what orgit states or stated: State.Known.
	kendte map[plan.ID]bool
	// opgaveroller are the roles of tasks that orgit writes, by aspect.
	opgaveroller map[string]string
	// raa shows lists and persons as they stand, whatever orgit states; see Reader.Bare.
	raa bool
	// arter tells what functions are that units refer to and that orgit does not know: their kind by UUID.
	arter map[string]plan.Kind
}

// fundet sees a living object as the plan does, without anything that looks like a CPR number: other systems put them
// into keys and texts.
func (l *laesning) fundet(id plan.ID, o *Objekt) plan.Found {
	return l.laest(id, o).Masked(func(attribute, value string) bool {
		switch attribute {
		case attrAdresse + "p":
			return schema.IsPNumber(value)
		case attrAdresse + "phone", attrAdresse + "landline":
			return schema.IsPhone(value)
		}
		return false
	})
}

// laest is the object as it stands in the register.
func (l *laesning) laest(id plan.ID, o *Objekt) plan.Found {
	f := plan.Found{ID: id, Name: o.Navn(l.nu), Ref: o.UUID, Attrs: map[string][]string{}, Shows: map[string]string{}}
	if id.Kind == KindOrganisation {
		l.organisation(o, &f)
		return f
	}
	set := func(name string, values ...string) {
		values = slices.DeleteFunc(values, func(v string) bool { return v == "" })
		if len(values) > 0 {
			f.Attrs[name] = values
		}
	}
	set(attrNoegle, o.Noegle(l.nu))
	if id.Kind == KindBruger {
		set(attrBrugernavn, f.Name)
	} else {
		set(attrNavn, f.Name)
	}
	if id.Kind == KindPerson {
		return f
	}
	set(attrGyldighed, o.Status(l.nu))
	f.Out, f.OutSince = l.ude(o)
	switch id.Kind {
	case KindEnhed:
		l.enhed(o, &f, set)
	case KindBruger:
		l.bruger(o, &f, set)
	case KindUdbetaling, KindHenvendelse:
		l.sted(o, &f, set)
	default:
		l.funktion(o, &f, set)
	}
	return f
}

// ude tells whether the object is Inaktiv, and since which day.
func (l *laesning) ude(o *Objekt) (bool, org.Day) {
	if o.Status(l.nu) == Aktiv {
		return false, ""
	}
	for _, g := range o.Tilstande {
		if g.Status == Inaktiv && g.Virkning.Gaelder(l.nu) {
			return true, g.Virkning.Fra.Dag()
		}
	}
	return true, ""
}

func (l *laesning) enhed(o *Objekt, f *plan.Found, set func(string, ...string)) {
	over := l.gaeldende(o, "Overordnet")
	set(attrOverordnet, over...)
	for _, u := range over {
		f.Uses = append(f.Uses, plan.ID{Kind: KindEnhed, UUID: org.UUID(u)})
	}
	types := l.gaeldende(o, "Enhedstype")
	set(attrEnhedstype, types...)
	switch {
	case slices.Equal(types, []string{enhedstypeAfdeling}):
		f.Shows[attrEnhedstype] = "department"
	case slices.Equal(types, []string{enhedstypeTeam}):
		f.Shows[attrEnhedstype] = "team"
	}
	l.opgaver(o, set)
	l.funktioner(o, set)
	set(attrItSystemer, l.egne(o.UUID, attrItSystemer, l.gaeldende(o, "TilknyttedeItSystemer"))...)
	l.adresser(o, set)
}

func (l *laesning) bruger(o *Objekt, f *plan.Found, set func(string, ...string)) {
	if persons := l.gaeldende(o, "TilknyttedePersoner"); len(persons) > 0 {
		if !l.raa {
			persons = l.orgits(o.UUID, persons)
		}
		set(attrPerson, persons...)
		f.Uses = append(f.Uses, plan.ID{Kind: KindPerson, UUID: org.UUID(persons[0])})
	}
	types := slices.DeleteFunc(l.gaeldende(o, "BrugerTyper"), func(t string) bool { return t != brugertypeRobot && t != brugertypeEkstern })
	set(attrBrugertype, types...)
	switch {
	case slices.Equal(types, []string{brugertypeRobot}):
		f.Shows[attrBrugertype] = "robot"
	case slices.Equal(types, []string{brugertypeEkstern}):
		f.Shows[attrBrugertype] = "external"
	}
	l.adresser(o, set)
}

// orgits gives the persons behind a user under orgit's identities, where orgit knows whose user it is.
func (l *laesning) orgits(bruger string, persons []string) []string {
	mine, ok := l.personAf[bruger]
	if !ok {
		return persons
	}
	out := slices.Clone(persons)
	for i, ref := range out {
		if !andens(l.personer, mine, ref) {
			out[i] = string(mine)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// andens reports whether a Person object is the one that orgit made for somebody else of those whom the files state: it
// is not whom a user belongs to whose account has moved.
func andens(personer map[org.UUID]bool, mine org.UUID, ref string) bool {
	return ref != string(mine) && personer[org.UUID(ref)]
}

// funktion: a function shows its user and unit, those of today or, before it begins, the first to come. It lasts as long
// as both relations do.
func (l *laesning) funktion(o *Objekt, f *plan.Found, set func(string, ...string)) {
	brugere, enheder := l.nuEllerSenere(o, "TilknyttedeBrugere"), l.nuEllerSenere(o, "TilknyttedeEnheder")
	set(attrBruger, referencer(brugere)...)
	set(attrEnhed, referencer(enheder)...)
	for _, r := range brugere {
		f.Uses = append(f.Uses, plan.ID{Kind: KindBruger, UUID: org.UUID(r.Ref.UUID())})
	}
	for _, r := range enheder {
		f.Uses = append(f.Uses, plan.ID{Kind: KindEnhed, UUID: org.UUID(r.Ref.UUID())})
	}
	if len(brugere) == 0 || len(enheder) == 0 {
		return
	}
	set(attrFra, string(brugere[0].Virkning.Fra.Dag()))
	set(attrTil, cmp.Or(string(tidligste(brugere[0].Virkning, enheder[0].Virkning)), aabenSlut))
}

// tidligste is the last day of the period that ends first; empty when neither does.
func tidligste(a, b Virkning) org.Day {
	x, y := a.Periode().To, b.Periode().To
	if x == "" || y != "" && y < x {
		return y
	}
	return x
}

// gaeldende gives the references of the relations with the name that hold now, sorted.
func (l *laesning) gaeldende(o *Objekt, navn string) []string {
	var now []Relation
	for _, r := range o.Gaeldende(navn, l.nu) {
		if r.Virkning.Gaelder(l.nu) {
			now = append(now, r)
		}
	}
	return referencer(now)
}

func referencer(relationer []Relation) []string {
	var out []string
	for _, r := range relationer {
		out = append(out, r.Ref.UUID())
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// nuEllerSenere gives the relations that hold now, or when none does those that come first.
func (l *laesning) nuEllerSenere(o *Objekt, navn string) []Relation {
	all := o.Gaeldende(navn, l.nu)
	var now []Relation
	for _, r := range all {
		if r.Virkning.Gaelder(l.nu) {
			now = append(now, r)
		}
	}
	if len(now) > 0 || len(all) == 0 {
		return now
	}
	slices.SortStableFunc(all, func(a, b Relation) int { return a.Virkning.Fra.Tid.Compare(b.Virkning.Fra.Tid) })
	return all[:1]
}

// adresser shows the text of each role that orgit manages.
func (l *laesning) adresser(o *Objekt, set func(string, ...string)) {
	roller, _ := rollerFor(o.Slags)
	for _, r := range roller {
		if a, ok := adresseI(o, r, l.nu); ok {
			set(attrAdresse+r.navn, l.tekster[a.Ref.UUID()])
		}
	}
}

// adresseI is the address relation that counts for a role: the first by Indeks, since readers sort by it. Of two roles of
// one class the second has those with its own first character, except for the one that is the first's.
func adresseI(o *Objekt, r rolle, nu time.Time) (Relation, bool) {
	var found []Relation
	for i := range o.Relationer {
		if a := &o.Relationer[i]; a.Navn == "Adresser" && a.Rolle.ErTil(r.klasse) && a.Virkning.Gaelder(nu) {
			found = append(found, *a)
		}
	}
	slices.SortStableFunc(found, func(a, b Relation) int { return strings.Compare(a.Indeks, b.Indeks) })
	if r.klasse == klassePost {
		return postadresse(found, r, org.UUID(o.UUID))
	}
	if len(found) == 0 {
		return Relation{}, false
	}
	return found[0], true
}

// postadresse tells the primary postal address from the secondary one. The first character of Indeks says which is which,
// but a single address of somebody else's is the primary one whatever its index, and orgit's own are what they were made
// as.
func postadresse(sorteret []Relation, r rolle, ejer org.UUID) (Relation, bool) {
	own := func(a Relation, navn string) bool { return a.Ref.ErTil(adresseUUID(ejer, navn)) }
	second := func(a Relation) bool { return strings.HasPrefix(a.Indeks, indeksSekundaer) }
	primary := slices.IndexFunc(sorteret, func(a Relation) bool { return own(a, "post") || !second(a) })
	if primary < 0 {
		primary = slices.IndexFunc(sorteret, func(a Relation) bool { return !own(a, "postSecondary") })
	}
	at := primary
	if r.indeks == indeksSekundaer {
		at = slices.IndexFunc(sorteret, func(a Relation) bool {
			return own(a, "postSecondary") || second(a) && (primary < 0 || a != sorteret[primary])
		})
	}
	if at < 0 {
		return Relation{}, false
	}
	return sorteret[at], true
}

// adresserAf gives the addresses that are needed to see the object.
func (l *laesning) adresserAf(o *Objekt) []string {
	roller, _ := rollerFor(o.Slags)
	var out []string
	for _, r := range roller {
		if a, ok := adresseI(o, r, l.nu); ok {
			out = append(out, a.Ref.UUID())
		}
	}
	return out
}

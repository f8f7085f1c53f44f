package fkorg

import (
	"cmp"
	"maps"
	"slices"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/payroll"
)

// people makes people of the users: those of one person object are one person. A user without one is somebody too,
// whose name nobody knows.
func (u *udtraek) people(x *source.Extract) {
	brugereAf := map[string][]*Objekt{}
	for _, o := range iOrden(u.brugere) {
		at := kilde(o)
		if slices.ContainsFunc(u.reader.laesning(u.nu).gaeldende(o, "BrugerTyper"), func(t string) bool { return t == brugertypeRobot }) {
			u.notes.Add(at, NoteRobot, "Brugeren %s er en robot og er ikke taget med som en person.", o.Navn(u.nu))
			continue
		}
		refs := u.reader.laesning(u.nu).gaeldende(o, "TilknyttedePersoner")
		if len(refs) > 1 {
			u.notes.Add(at, NoteSeveral, "Brugeren %s har flere personer. Den første er brugt.", o.Navn(u.nu))
		}
		ref := o.UUID
		if len(refs) > 0 && u.personer[refs[0]] != nil {
			ref = refs[0]
		} else {
			u.notes.Add(at, NoteNoPerson, "Brugeren %s har ingen person.", o.Navn(u.nu))
		}
		brugereAf[ref] = append(brugereAf[ref], o)
	}
	jobs := u.stillingerAf()
	for _, ref := range slices.Sorted(maps.Keys(brugereAf)) {
		x.People = append(x.People, u.person(ref, brugereAf[ref], jobs))
		x.Says.CPR = x.Says.CPR || x.People[len(x.People)-1].CPR != source.Number{}
	}
	for _, bruger := range slices.Sorted(maps.Keys(jobs)) {
		for _, e := range jobs[bruger] { // what no user took
			u.notes.Add(e.Origin, NoteDangling, "En stilling hører til en bruger, der ikke er i brug, og er ikke taget med.")
		}
	}
}

// person makes a person of their object and users. It takes the users' positions out of jobs.
func (u *udtraek) person(ref string, brugere []*Objekt, jobs map[string][]source.Engagement) source.Person {
	out := source.Person{ID: ref, Origin: kilde(brugere[0])}
	state := source.PersonState{Addresses: map[string]string{}}
	if o := u.personer[ref]; o != nil {
		out.UUID, out.Origin = uuidAf(o), kilde(o)
		state.Given, state.Surname = splitNavn(u.notes.Text(out.Origin, "NavnTekst", o.Navn(u.nu)))
		out.CPR = u.cpr(o)
		if state.Surname == "" {
			u.notes.Add(out.Origin, payroll.NoteName, "Personen har intet navn.")
		}
	}
	for _, o := range brugere {
		at := kilde(o)
		account := source.Account{ID: o.UUID, System: u.o.System, Name: u.notes.Text(at, "BrugerNavn", o.Navn(u.nu)), UUID: uuidAf(o), Origin: at}
		u.adresser(o, func(rolle, tekst string) {
			role, ok := map[string]string{"email": "email", "phone": "phone", "landline": "landline", "location": "room"}[rolle]
			if ok && state.Addresses[role] == "" {
				state.Addresses[role] = tekst
			}
			if role == "email" {
				account.Mail = tekst
			}
		})
		for _, e := range jobs[o.UUID] {
			out.Engagements = append(out.Engagements, e)
			account.Engagements = append(account.Engagements, e.ID)
		}
		delete(jobs, o.UUID)
		out.Accounts = append(out.Accounts, account)
	}
	out.States = []source.PersonState{state}
	return out
}

// cpr is the number that the register has of a person; the zero value when none.
func (u *udtraek) cpr(o *Objekt) source.Number {
	for _, n := range o.egenskab(u.nu).foer {
		if !n.Is(nsSTS, elementCPR) || n.Content() == "" {
			continue
		}
		if number, err := cpr.Parse(n.Content()); err == nil {
			return number
		}
		return u.notes.CPR(kilde(o), n.Content()) // says that it is none
	}
	return source.Number{}
}

// stillingerAf are the positions by user.
func (u *udtraek) stillingerAf() map[string][]source.Engagement {
	jobs := map[string][]source.Engagement{}
	for _, o := range iOrden(u.stillinger) {
		at := kilde(o)
		bruger, states := u.perioder(o)
		if bruger == "" || len(states) == 0 {
			u.notes.Add(at, NoteDangling, "En stilling hører til en bruger eller enhed, der ikke er i brug, og er ikke taget med.")
			continue
		}
		e := source.Engagement{ID: o.UUID, UUID: uuidAf(o), Origin: at}
		title := u.notes.Text(at, "FunktionNavn", o.Navn(u.nu))
		for _, s := range states {
			e.States = append(e.States, source.EngagementState{Period: s.periode, Unit: s.enhed, Title: title})
		}
		jobs[bruger] = append(jobs[bruger], e)
	}
	return jobs
}

// ophold is a time in a unit.
type ophold struct {
	periode org.Period
	enhed   string
}

// perioder gives the user of a function and the times in units: as long as both relations last.
func (u *udtraek) perioder(o *Objekt) (bruger string, states []ophold) {
	brugere, enheder := o.Gaeldende("TilknyttedeBrugere", u.nu), o.Gaeldende("TilknyttedeEnheder", u.nu)
	if len(brugere) == 0 {
		return "", nil
	}
	slices.SortStableFunc(brugere, tidligstFoerst)
	slices.SortStableFunc(enheder, tidligstFoerst)
	first := brugere[0]
	if slices.ContainsFunc(brugere, func(r Relation) bool { return r.Ref.UUID() != first.Ref.UUID() }) {
		u.notes.Add(kilde(o), NoteSeveral, "En stilling eller leder har flere brugere. Den første er brugt.")
	}
	for _, r := range enheder {
		if u.enheder[r.Ref.UUID()] == nil {
			continue
		}
		p, ok := faelles(first.Virkning.Periode(), r.Virkning.Periode())
		if !ok {
			continue
		}
		if n := len(states); n > 0 && (states[n-1].periode.To == "" || states[n-1].periode.To >= p.From) {
			u.notes.Add(kilde(o), NoteOverlap, "En stilling eller leder hører til flere enheder på samme tid. Den første er brugt.")
			continue
		}
		states = append(states, ophold{p, r.Ref.UUID()})
	}
	return first.Ref.UUID(), states
}

// faelles is the time that two periods have in common.
func faelles(a, b org.Period) (p org.Period, ok bool) {
	p = org.Period{From: max(a.From, b.From), To: a.To}
	if p.To == "" || b.To != "" && b.To < p.To {
		p.To = b.To
	}
	return p, p.To == "" || p.From <= p.To
}

func tidligstFoerst(a, b Relation) int {
	return cmp.Or(a.Virkning.Fra.Tid.Compare(b.Virkning.Fra.Tid), cmp.Compare(a.Ref.UUID(), b.Ref.UUID()))
}

// iOrden gives objects in the order of their UUIDs.
func iOrden(m map[string]*Objekt) []*Objekt {
	out := make([]*Objekt, 0, len(m))
	for _, uuid := range slices.Sorted(maps.Keys(m)) {
		out = append(out, m[uuid])
	}
	return out
}

func uuidAf(o *Objekt) org.UUID { return org.UUID(o.UUID) }

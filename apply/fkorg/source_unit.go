package fkorg

import (
	"slices"

	"orgit.dk/orgit/org/source"
)

// enhed makes a unit of an object.
func (u *udtraek) enhed(o *Objekt) source.Unit {
	at := kilde(o)
	l := u.reader.laesning(u.nu)
	state := source.UnitState{Name: u.notes.Text(at, "EnhedNavn", o.Navn(u.nu)), Code: u.notes.Text(at, "BrugervendtNoegle", o.Noegle(u.nu)),
		Numbers: map[string]string{}, Addresses: map[string]string{}, Tasks: u.opgaver(o)}
	if over := l.gaeldende(o, "Overordnet"); len(over) > 0 {
		state.Parent = over[0]
	}
	if types := l.gaeldende(o, "Enhedstype"); len(types) > 0 {
		state.Type = types[0]
	}
	u.adresser(o, func(rolle, tekst string) {
		if erNummer(rolle) {
			state.Numbers[rolle] = tekst
		} else {
			state.Addresses[rolle] = tekst
		}
	})
	return source.Unit{ID: o.UUID, UUID: uuidAf(o), Origin: at, States: []source.UnitState{state}}
}

// adresser gives the text of each role that an object has an address in.
func (u *udtraek) adresser(o *Objekt, set func(rolle, tekst string)) {
	at := kilde(o)
	roller, _ := rollerFor(o.Slags)
	for _, r := range roller {
		a, ok := adresseI(o, r, u.nu)
		tekst := u.tekster[a.Ref.UUID()]
		if !ok || tekst == "" {
			continue
		}
		switch r.navn {
		case "phone", "landline":
			tekst = u.notes.Phone(at, tekst)
		case "email":
			tekst = u.notes.Mail(at, tekst)
		case "p", "ean":
			tekst = u.notes.Number(at, r.navn, tekst)
		default:
			tekst = u.notes.Text(at, r.navn, tekst)
		}
		if tekst != "" {
			set(r.navn, tekst)
		}
	}
}

// opgaver are the KLE numbers of a unit by aspect; nil where it has none.
func (u *udtraek) opgaver(o *Objekt) map[string][]string {
	var out map[string][]string
	for aspekt, rolle := range u.reader.opgaveroller {
		for _, r := range o.Gaeldende("Opgaver", u.nu) {
			if !erOpgave(r, rolle) || !r.Virkning.Gaelder(u.nu) {
				continue
			}
			number := u.reader.navne[r.Ref.UUID()]
			if number == "" {
				u.ukendtKLE++
				continue
			}
			if out == nil {
				out = map[string][]string{}
			}
			out[aspekt] = append(out[aspekt], number)
		}
		slices.Sort(out[aspekt])
	}
	return out
}

// leaders are the leaders' functions.
func (u *udtraek) leaders(x *source.Extract) {
	person := map[string]string{} // by user
	for _, p := range x.People {
		for _, a := range p.Accounts {
			person[a.ID] = p.ID
		}
	}
	for _, o := range iOrden(u.ledere) {
		at := kilde(o)
		bruger, states := u.perioder(o)
		if bruger == "" || person[bruger] == "" || len(states) == 0 {
			u.notes.Add(at, NoteDangling, "En leder hører til en bruger eller enhed, der ikke er i brug, og er ikke taget med.")
			continue
		}
		out := source.Leadership{ID: o.UUID, UUID: uuidAf(o), Origin: at}
		role := u.notes.Text(at, "FunktionNavn", o.Navn(u.nu))
		for _, s := range states {
			out.States = append(out.States, source.LeadershipState{Period: s.periode, Unit: s.enhed, Person: person[bruger], Role: role})
		}
		x.Leaders = append(x.Leaders, out)
	}
}

// Package comparetest plants the errors of real registers in a synthetic town, so that a
// comparison of its payroll and its directory can be held against what is true.
package comparetest

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/synthetic"
)

// Rates say how many of a hundred people or units have each error.
type Rates struct {
	Typo, Letters, Sound, Nickname, Initial, Middle, Swapped, Marriage float64 // of names
	NoNumber, WrongNumber, NoMail                                      float64 // of keys
	Moved, Title, OtherPhone, NoPhone, SharedPhone                     float64 // of the rest
	SameName, NoPerson, NoAccount                                      float64 // of people
	UnitName, UnitPlace, UnitGone                                      float64 // of units in the directory
}

// Usual are the errors of registers that are cared for.
func Usual() Rates {
	return Rates{Typo: 2, Letters: 40, Sound: 1, Nickname: 1.5, Initial: 0.5, Middle: 25, Swapped: 0.5, Marriage: 1.5,
		NoNumber: 12, WrongNumber: 0.3, NoMail: 20, Moved: 5, Title: 15, OtherPhone: 8, NoPhone: 10, SharedPhone: 8,
		SameName: 0.6, NoPerson: 2, NoAccount: 3, UnitName: 4, UnitPlace: 3, UnitGone: 3}
}

// WithoutKeys are the same errors in a directory that has neither employee numbers nor mail.
func WithoutKeys() Rates {
	rates := Usual()
	rates.NoNumber, rates.NoMail = 100, 100
	return rates
}

// Planted is a town's two registers with errors, and the truth.
type Planted struct {
	Payroll, Directory *source.Extract
	Pairs              map[string]string   // directory by payroll identifier, of those whom both have
	Units              map[string]string   // the same of units
	Errors             map[string][]string // what was planted, by payroll identifier
}

// Plant makes the registers of a town and puts errors into them.
func Plant(town *synthetic.Town, rates Rates, seed uint64) *Planted {
	g := &gardener{r: rand.New(rand.NewPCG(seed, 0x677264)), rates: rates, Planted: &Planted{Payroll: town.Payroll(), Directory: town.Directory(),
		Pairs: map[string]string{}, Units: map[string]string{}, Errors: map[string][]string{}}}
	for _, pair := range town.Both() {
		g.Pairs[pair.Payroll] = pair.Directory
	}
	for _, u := range town.Units {
		g.Units[u.Code] = string(u.UUID)
	}
	g.byID()
	g.units()
	g.sameNames()
	for i := range g.Payroll.People {
		g.person(&g.Payroll.People[i])
	}
	g.strangers(town, seed)
	g.Payroll.Sort()
	g.Directory.Sort()
	return g.Planted
}

type gardener struct {
	*Planted
	r     *rand.Rand
	rates Rates
	at    map[string]int // the directory's people
	gone  map[string]bool
}

func (g *gardener) byID() {
	g.at = map[string]int{}
	for i, p := range g.Directory.People {
		g.at[p.ID] = i
	}
}

func (g *gardener) chance(percent float64) bool { return g.r.Float64()*100 < percent }

// plant says whether an error is to be made to somebody, and notes that it is.
func (g *gardener) plant(id, what string, percent float64) bool {
	if !g.chance(percent) {
		return false
	}
	g.Errors[id] = append(g.Errors[id], what)
	return true
}

// person plants what is wrong with one person.
func (g *gardener) person(p *source.Person) {
	id, ok := g.Pairs[p.ID]
	if !ok {
		return
	}
	d := &g.Directory.People[g.at[id]]
	g.name(p, &d.States[0])
	g.keys(p, d)
	g.place(p, d)
}

func (g *gardener) keys(p, d *source.Person) {
	number := func(n string) { d.Accounts[0].Number, d.Engagements[0].Number = n, n }
	switch {
	case g.plant(p.ID, "no number", g.rates.NoNumber):
		number("")
	case g.plant(p.ID, "wrong number", g.rates.WrongNumber):
		number(g.Payroll.People[g.r.IntN(len(g.Payroll.People))].ID)
	}
	if g.plant(p.ID, "no mail", g.rates.NoMail) {
		delete(p.States[0].Addresses, "email")
	}
}

func (g *gardener) place(p, d *source.Person) {
	state, job := &d.States[0], &d.Engagements[0].States[0]
	if g.plant(p.ID, "moved", g.rates.Moved) {
		job.Unit = g.Directory.Units[g.r.IntN(len(g.Directory.Units))].ID
	}
	if g.plant(p.ID, "other title", g.rates.Title) {
		job.Title = pick(g.r, "Medarbejder", "Konsulent", "Assistent", "Leder", "Vikar")
	}
	switch {
	case g.plant(p.ID, "other phone", g.rates.OtherPhone):
		state.Addresses["phone"] = fmt.Sprintf("+451%07d", g.r.IntN(10_000_000))
	case g.plant(p.ID, "no phone", g.rates.NoPhone):
		delete(state.Addresses, "phone")
	case g.plant(p.ID, "shared phone", g.rates.SharedPhone):
		shared := fmt.Sprintf("+4519%06d", g.r.IntN(20))
		state.Addresses["phone"], p.States[0].Addresses["phone"] = shared, shared
	}
}

// sameNames gives some people the name of somebody else in their unit, in both registers.
func (g *gardener) sameNames() {
	inUnit := map[string]int{}
	for i := range g.Payroll.People {
		p := &g.Payroll.People[i]
		unit := p.Engagements[0].States[0].Unit
		if j, ok := inUnit[unit]; ok && g.plant(p.ID, "same name", g.rates.SameName) {
			from := g.Payroll.People[j].States[0]
			p.States[0].Given, p.States[0].Surname = from.Given, from.Surname
			if id, ok := g.Pairs[p.ID]; ok {
				d := &g.Directory.People[g.at[id]].States[0]
				d.Given, d.Surname = from.Given, from.Surname
			}
		}
		inUnit[unit] = i
	}
}

// strangers puts accounts of people into the directory whom payroll does not know, and takes
// others' accounts out of it.
func (g *gardener) strangers(town *synthetic.Town, seed uint64) {
	for i := range g.Payroll.People {
		id := g.Payroll.People[i].ID
		if directory, ok := g.Pairs[id]; ok && g.plant(id, "no account", g.rates.NoAccount) {
			g.gone[directory] = true
			delete(g.Pairs, id)
		}
	}
	g.Directory.People = slices.DeleteFunc(g.Directory.People, func(p source.Person) bool { return g.gone[p.ID] })
	n := int(float64(len(g.Directory.People)) * g.rates.NoPerson / 100)
	others := synthetic.Generate(synthetic.Options{People: n * 2, Units: 1, Seed: seed + 1_000_003, Day: town.Day}).Directory().People
	for i, p := range others[:min(n, len(others))] {
		name := fmt.Sprintf("ekstern%d", i)
		p.Accounts[0].Number, p.Accounts[0].Name, p.Accounts[0].Mail, p.Engagements[0].Number = "", name, name+"@synteby.invalid", ""
		p.States[0].Addresses["email"], p.States[0].Manager = p.Accounts[0].Mail, ""
		p.Engagements[0].States[0].Unit = g.Directory.Units[g.r.IntN(len(g.Directory.Units))].ID
		g.Directory.People = append(g.Directory.People, p)
	}
	g.Directory.Leaders = slices.DeleteFunc(g.Directory.Leaders, func(l source.Leadership) bool { return g.gone[l.States[0].Person] })
}

func pick(r *rand.Rand, list ...string) string { return list[r.IntN(len(list))] }

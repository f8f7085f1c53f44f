package compare_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/synthetic"
	"orgit.dk/orgit/org/synthetic/outside/outsidetest"
)

// The registers of a municipality. The first one leads.
const (
	payroll = "opus"
	ad      = "ad"
	mo      = "os2mo"
)

// garden is a municipality in whose registers something is planted. Each register holds a copy of one town.
type garden struct {
	t        *testing.T
	truth    *synthetic.Town            // never changed
	towns    map[string]*synthetic.Town // copies, of the registers in which something was planted
	people   map[int]bool               // indexes of those in whom something was planted
	units    map[int]bool
	want     []string       // what has to be reported, as lines of reported
	managers bool           // somebody may have another manager in the directory
	shared   map[string]int // how many have a phone or a name
}

func newGarden(t *testing.T, truth *synthetic.Town) *garden {
	g := &garden{t: t, truth: truth, towns: map[string]*synthetic.Town{}, people: map[int]bool{}, units: map[int]bool{}, shared: map[string]int{}}
	for _, p := range truth.People {
		g.shared[p.Phone]++
		g.shared[bothEnds(p)]++
	}
	return g
}

// bothEnds is a name without what stands in its middle.
func bothEnds(p synthetic.Person) string {
	return strings.Fields(p.Given)[0] + " " + lastWord(p.Surname)
}

// in is a register's own town, to be changed.
func (g *garden) in(register string) *synthetic.Town {
	if g.towns[register] == nil {
		g.towns[register] = g.truth.Clone()
	}
	return g.towns[register]
}

// person finds somebody in whom nothing was planted yet: one who works here today in one job, leads nobody, has an account and a
// phone of their own, whose name nobody else has.
func (g *garden) person(fits ...func(*synthetic.Person) bool) int {
	for i := range g.truth.People {
		p := &g.truth.People[i]
		if g.people[i] || g.units[p.Jobs[0].Unit] || !g.ordinary(i) || slices.ContainsFunc(fits, func(f func(*synthetic.Person) bool) bool { return !f(p) }) {
			continue
		}
		g.people[i] = true
		return i
	}
	g.t.Fatal("the town has nobody of this kind left")
	return -1
}

// namesakes finds two ordinary people in one unit.
func (g *garden) namesakes() (i, j int) {
	for unit := range g.truth.Units {
		var list []int
		for _, one := range g.staff(unit) {
			if !g.people[one] && !g.units[unit] && g.ordinary(one) {
				list = append(list, one)
			}
		}
		if len(list) > 1 {
			g.people[list[0]], g.people[list[1]] = true, true
			return list[0], list[1]
		}
	}
	g.t.Fatal("the town has no two in one unit left")
	return -1, -1
}

func (g *garden) ordinary(i int) bool {
	p := &g.truth.People[i]
	return len(p.Jobs) == 1 && p.Jobs[0].From <= g.truth.Day && p.Jobs[0].To == "" && p.Account != nil && !p.Shielded && !g.leads(i) &&
		g.shared[p.Phone] == 1 && g.shared[bothEnds(*p)] == 1
}

func lastWord(text string) string {
	words := strings.Fields(text)
	return words[len(words)-1]
}

func (g *garden) leads(i int) bool {
	return slices.ContainsFunc(g.truth.Units, func(u synthetic.Unit) bool { return u.Leader == i })
}

// unit finds a unit in which nothing was planted yet, nor in anybody who works there; not one at the top.
func (g *garden) unit(fits ...func(int) bool) int {
	for i, u := range g.truth.Units {
		if g.units[i] || u.Depth < 2 || slices.ContainsFunc(fits, func(f func(int) bool) bool { return !f(i) }) ||
			slices.ContainsFunc(g.staff(i), func(one int) bool { return g.people[one] }) {
			continue
		}
		g.units[i] = true
		return i
	}
	g.t.Fatal("the town has no unit of this kind left")
	return -1
}

// staff are those who work in a unit in the first place.
func (g *garden) staff(unit int) []int {
	var list []int
	for i, p := range g.truth.People {
		if p.Jobs[0].Unit == unit {
			list = append(list, i)
		}
	}
	return list
}

// What kinds of units there are. A leaf has none below it; a busy one has people by whom it is known in every register.
func (g *garden) leaf(unit int) bool {
	return !slices.ContainsFunc(g.truth.Units, func(o synthetic.Unit) bool { return o.Parent == unit })
}

func (g *garden) busy(unit int) bool {
	n := 0
	for _, i := range g.staff(unit) {
		if p := &g.truth.People[i]; p.Account != nil && p.Jobs[0].Contains(g.truth.Day) {
			n++
		}
	}
	return n >= 3
}

// siblings is how many units stand beside a unit.
func (g *garden) siblings(unit int) int {
	n := -1
	for _, u := range g.truth.Units {
		if u.Parent == g.truth.Units[unit].Parent {
			n++
		}
	}
	return n
}

func (g *garden) empty(unit int) bool { return len(g.staff(unit)) == 0 }
func (g *garden) led(unit int) bool   { return g.truth.Units[unit].Leader >= 0 }
func (g *garden) unled(unit int) bool { return !g.led(unit) && !g.truth.Units[unit].Vacant }

func (g *garden) number(i int) string  { return g.truth.People[i].Jobs[0].Number }
func (g *garden) account(i int) string { return string(g.truth.People[i].Account.UUID) }
func (g *garden) uuid(i int) string    { return string(g.truth.People[i].UUID) }
func (g *garden) code(unit int) string { return g.truth.Units[unit].Code }
func (g *garden) ou(unit int) string   { return string(g.truth.Units[unit].UUID) } // in OS2mo it is the same one
func name(p synthetic.Person) string   { return p.Given + " " + p.Surname }

// side is what a register says in a difference.
func side(id string, values ...string) string {
	return strings.TrimSpace(id + " " + strings.Join(values, "+"))
}

// expects notes a difference that has to be reported.
func (g *garden) expects(register string, kind compare.Kind, lead, other string, level ...compare.Level) {
	g.want = append(g.want, line(register, kind, lead, other, level...))
}

func line(register string, kind compare.Kind, lead, other string, level ...compare.Level) string {
	if kind == compare.Doubled && lead > other {
		lead, other = other, lead
	}
	text := fmt.Sprintf("%s: %s: %s / %s", register, kind, lead, other)
	for _, l := range level {
		text += fmt.Sprintf(" (%s)", l)
	}
	return text
}

// reported is what a comparison says: each difference and each question in a line.
func reported(c *compare.Comparison) []string {
	var list []string
	for _, d := range c.Differences() {
		var level []compare.Level
		if d.Kind == compare.UnitName || d.Kind == compare.PersonName {
			level = append(level, d.Level)
		}
		if d.Kind == compare.Doubled {
			d.Lead.Values, d.Other.Values = nil, nil
		}
		list = append(list, line(c.Other.Source, d.Kind, side(d.Lead.ID, d.Lead.Values...), side(d.Other.ID, d.Other.Values...), level...))
	}
	for _, m := range slices.Concat(c.Units, c.People) {
		if m.Answer == compare.Ask {
			list = append(list, question(c.Other.Source, m))
		}
	}
	return list
}

func question(register string, m compare.Match) string {
	var candidates []string
	for _, one := range m.Candidates {
		candidates = append(candidates, one.ID)
	}
	slices.Sort(candidates)
	return fmt.Sprintf("%s: ask: %s%s ? %s", register, m.Lead, m.Other, strings.Join(candidates, ","))
}

func (g *garden) asks(register, whom string, candidates ...string) {
	slices.Sort(candidates)
	g.want = append(g.want, fmt.Sprintf("%s: ask: %s ? %s", register, whom, strings.Join(candidates, ",")))
}

// neutral is a town of which the three registers can say the same: whoever leads has an account and works in the
// unit that they lead, which is what OPUS has room for. That some have no account is how it is.
func neutral(seed uint64, people, units int) *synthetic.Town {
	town := synthetic.Generate(synthetic.Options{People: people, Units: units, Seed: seed, Day: today})
	for i := range town.Units {
		u := &town.Units[i]
		if u.Leader >= 0 && (town.People[u.Leader].Jobs[0].Unit != i || town.People[u.Leader].Account == nil) {
			u.Leader = -1
		}
	}
	return town
}

// natural is what differs between the registers of a town in which nothing is planted: payroll has people who
// have no account.
func natural(town *synthetic.Town) []string {
	var list []string
	for _, p := range town.People {
		if p.Account == nil && slices.ContainsFunc(p.Jobs, func(j synthetic.Job) bool { return j.Contains(town.Day) }) {
			var numbers []string
			for _, job := range p.Jobs {
				numbers = append(numbers, job.Number)
			}
			list = append(list, line(ad, compare.PersonWithoutAccount, side(p.Jobs[0].Number, numbers...), ""))
		}
	}
	return list
}

// otherManagers is what follows from a tree or a leader that is another one in the directory: everybody whose nearest
// leader is somebody else by it has another manager. Who works in another unit has too, and that goes without saying.
func (g *garden) otherManagers() {
	town := g.in(ad)
	for i, p := range g.truth.People {
		if paid := g.towns[payroll]; paid != nil && !paid.People[i].Jobs[0].Contains(g.truth.Day) {
			continue
		}
		before, after := g.truth.Manager(i), -1
		if town.People[i].Account != nil {
			after = town.Manager(i)
		}
		if p.Account == nil || before < 0 || after < 0 || before == after || town.People[i].Jobs[0].Unit != p.Jobs[0].Unit || !p.Jobs[0].Contains(g.truth.Day) {
			continue
		}
		g.expects(ad, compare.PersonManager, side(g.number(i), name(g.truth.People[before])), side(g.account(i), name(town.People[after])))
	}
}

// world is a neutral town read once through each of its registers.
type world struct {
	truth    *synthetic.Town
	extracts map[string]*source.Extract
	reported map[string][]string // what the town's own registers say otherwise than payroll
}

func read(t testing.TB, register string, town *synthetic.Town) *source.Extract {
	switch register {
	case payroll:
		return outsidetest.OPUS(t, town)
	case ad:
		return outsidetest.LDIF(t, town)
	}
	return outsidetest.OS2mo(t, town, nil)
}

func newWorld(t testing.TB, truth *synthetic.Town) *world {
	w := &world{truth: truth, extracts: map[string]*source.Extract{}, reported: map[string][]string{}}
	for _, register := range []string{payroll, ad, mo} {
		w.extracts[register] = read(t, register, truth)
	}
	for _, c := range compare.All(w.extracts[payroll], w.extracts[ad], w.extracts[mo]) {
		w.reported[c.Other.Source] = reported(c)
	}
	return w
}

// harvest compares what the registers of a garden say and holds it against what was planted.
func (w *world) harvest(g *garden) {
	g.t.Helper()
	if g.managers {
		g.otherManagers()
	}
	lead := w.extracts[payroll]
	if town := g.towns[payroll]; town != nil {
		lead = read(g.t, payroll, town)
	}
	var got []string
	for _, register := range []string{ad, mo} {
		other, town := w.extracts[register], g.towns[register]
		if town != nil {
			other = read(g.t, register, town)
		}
		if town == nil && g.towns[payroll] == nil {
			got = append(got, w.reported[register]...)
		} else {
			got = append(got, reported(compare.Compare(lead, other))...)
		}
	}
	want := slices.Concat(natural(w.truth), g.want)
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		g.t.Errorf("what differs (-planted +reported):\n%s", diff)
	}
}

// theWorld is the one that most tests share, since reading it takes a while.
var theWorld = struct {
	once sync.Once
	*world
}{}

func sharedWorld(t testing.TB) *world {
	theWorld.once.Do(func() { theWorld.world = newWorld(t, neutral(5, 400, 60)) })
	return theWorld.world
}

// TestNothingPlanted: registers of one town say the same, whatever the form in which they say it.
func TestNothingPlanted(t *testing.T) {
	for seed := uint64(1); seed <= 4; seed++ {
		w := newWorld(t, neutral(seed, 300, 40))
		w.harvest(newGarden(t, w.truth))
	}
	w := newWorld(t, neutral(9, 400, 400)) // several roots, and a domain above them
	g := newGarden(t, w.truth)
	g.expects(ad, compare.UnitOnly, "", "0d0d0d0d-0d0d-4d0d-8d0d-0d0d0d0d0d0d")
	g.asks(ad, g.code(0), g.ou(0)) // nobody works in it, and in the directory it is not at the top
	w.harvest(g)
}

// TestPlantedAlone: each planted difference comes back by itself, with what follows from it and nothing else.
func TestPlantedAlone(t *testing.T) {
	w := sharedWorld(t)
	for _, p := range plants() {
		t.Run(p.name, func(t *testing.T) {
			g := newGarden(t, w.truth)
			p.plant(g)
			w.harvest(g)
		})
	}
}

// TestPlantedTogether: all of them come back from one set of registers, in several towns.
func TestPlantedTogether(t *testing.T) {
	for seed := uint64(5); seed <= 7; seed++ {
		w := newWorld(t, neutral(seed, 600, 90))
		g := newGarden(t, w.truth)
		for _, p := range plants() {
			p.plant(g)
		}
		w.harvest(g)
	}
}

// newcomer is somebody who is in no town.
func newcomer(town *synthetic.Town, key int, given, surname string, unit int) synthetic.Person {
	id := func(kind int) org.UUID { return org.UUID(fmt.Sprintf("%08x-0000-4000-8000-%012x", kind, key)) }
	return synthetic.Person{UUID: id(1), CPR: invented(fmt.Sprint(50_000 + key)), Given: given, Surname: surname, Phone: fmt.Sprintf("+4519%06d", key),
		Mail: fmt.Sprintf("ny%d@synteby.invalid", key), Account: &synthetic.Account{UUID: id(2), Name: fmt.Sprintf("ny%d", key)},
		Jobs: []synthetic.Job{{Period: org.Period{From: town.Day.Add(-100)}, Number: fmt.Sprint(990_000 + key), Unit: unit, Title: "Konsulent", Fraction: 1}}}
}

// TestNoCPRNumberIsTold: what a comparison says of registers that all know CPR numbers, and disagree about one, holds none.
func TestNoCPRNumberIsTold(t *testing.T) {
	w := sharedWorld(t)
	g := newGarden(t, w.truth)
	i := g.person()
	g.in(mo).People[i].CPR = invented("60000")
	c := compare.Compare(w.extracts[payroll], read(t, mo, g.in(mo)))
	told, err := json.Marshal(map[string]any{"people": c.People, "units": c.Units, "differences": c.Differences()})
	if err != nil {
		t.Fatal(err)
	}
	text := string(told) + fmt.Sprintf("%+v %+v", c, c.Differences())
	if !strings.Contains(text, string(compare.OtherCPR)) || !strings.Contains(text, w.truth.People[i].Surname) {
		t.Error("what is searched names nobody: the test shows nothing")
	}
	for _, town := range []*synthetic.Town{w.truth, g.in(mo)} {
		for _, p := range town.People {
			digits := p.CPR.Digits()
			if strings.Contains(text, digits) || strings.Contains(text, digits[:6]+"-"+digits[6:]) {
				t.Fatal("a CPR number is told")
			}
		}
	}
}

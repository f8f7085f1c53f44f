package synthetic

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"orgit.dk/orgit/org"
)

// Reform is the day since which today's municipalities exist (kommunalreformen): nothing in a town's dates is older.
const Reform = org.Day("2007-01-01")

// FirstDay and LastDay are the bounds of the day of a town that is to have dates.
const (
	FirstDay = org.Day("2010-01-01")
	LastDay  = org.Day("2099-12-31")
)

// Dates is what was and will be otherwise in a town than on its own day: units that begin, close with a successor, get
// another name or place; people who are transferred, get other hours or another surname; leaders who come and go. On the
// town's day all of it comes to what the town itself says.
type Dates struct {
	Units  []UnitDates         // beside Town.Units
	People map[int]PersonDates // by index, of those of whom something changes
}

// UnitDates is a unit in time. Name and Parent are those that it begins with.
type UnitDates struct {
	org.Period
	Successor int // index of the unit that takes over after the last day; -1 where there is none
	Name      string
	Parent    int // -1 at the root: the town has only one in its dates
	Changes   []UnitChange
	Terms     []Term // in order of day, without a gap from the first on; empty where nobody leads it
}

// UnitChange is another name or another place from a day on.
type UnitChange struct {
	From   org.Day
	Name   string // empty: the same
	Parent int    // -1: the same
}

// Term is a leadership of a unit, or a vacancy.
type Term struct {
	org.Period
	Person int // index; -1 where the place is vacant
	Acting bool
}

// PersonDates is what changes of a person; each part is left out where nothing does.
type PersonDates struct {
	Job     *JobChange // of the first job
	Surname *SurnameChange
}

// JobChange is another unit or other hours from a day on. The town knows what holds on its own day: before it when the
// change is to come, from it on when it has been.
type JobChange struct {
	From           org.Day
	Before, After  int     // units; the same where the hours change
	Hours, Becomes float64 // fractions; the same where the unit changes
}

// SurnameChange is another surname from a day on.
type SurnameChange struct {
	From          org.Day
	Before, After string
}

// Dates makes the dates of a town; the same seed gives the same. The town's day must lie from [FirstDay] to [LastDay].
func (t *Town) Dates(seed uint64) *Dates {
	c := &calendar{town: t, r: rand.New(rand.NewPCG(seed, 0x6461746573)), used: map[string]bool{},
		dates: &Dates{Units: make([]UnitDates, len(t.Units)), People: map[int]PersonDates{}}}
	c.read()
	for i := range t.Units {
		c.begin(i)
	}
	for i := range t.Units {
		c.close(i)
	}
	for i := range t.Units {
		c.change(i)
	}
	for i := range t.People {
		c.person(i)
	}
	for i := range t.Units {
		c.terms(i)
	}
	return c.dates
}

// Period is when a person holds a job, which is not before its unit began.
func (d *Dates) Period(t *Town, person, job int) org.Period {
	j := &t.People[person].Jobs[job]
	unit := j.Unit
	if change := d.People[person].Job; change != nil && job == 0 {
		unit = change.Before
	}
	p := j.Period
	p.From = max(p.From, d.Units[unit].From)
	return p
}

// calendar makes the dates of a town.
type calendar struct {
	town     *Town
	dates    *Dates
	r        *rand.Rand
	children [][]int
	staff    []int           // how many have a job in each unit, now or at another time
	heirs    [][]int         // who could lead each unit for good
	used     map[string]bool // names below each unit
	leads    map[int]bool    // people who lead
	needed   map[int]bool    // units that take over from another one
	sites    map[site][]int  // units that others may be put below
	lasting  []int           // units that people are transferred to and from
}

// site is a part of the tree: other units of one depth in one sector.
type site struct {
	depth  int
	sector *sector
}

func (c *calendar) chance(percent float64) bool { return c.r.Float64()*100 < percent }

// read sees who works where.
func (c *calendar) read() {
	t := c.town
	c.children, c.staff, c.heirs = make([][]int, len(t.Units)), make([]int, len(t.Units)), make([][]int, len(t.Units))
	c.leads, c.needed, c.sites = map[int]bool{}, map[int]bool{}, map[site][]int{}
	for i, u := range t.Units {
		if u.Parent >= 0 {
			c.children[u.Parent] = append(c.children[u.Parent], i)
		}
		if u.Leader >= 0 {
			c.leads[u.Leader] = true
		}
	}
	for i, p := range t.People {
		for _, job := range p.Jobs {
			c.staff[job.Unit]++
		}
		if job := p.Jobs[0]; job.Contains(t.Day) && job.To == "" && !job.Hourly {
			c.heirs[job.Unit] = append(c.heirs[job.Unit], i)
		}
	}
}

// begin gives a unit its first day: those with units below them are as old as the municipality, and so are most others.
func (c *calendar) begin(i int) {
	u, d := &c.town.Units[i], &c.dates.Units[i]
	d.From, d.Successor, d.Name, d.Parent = Reform, -1, u.Name, u.Parent
	if d.Parent < 0 && i > 0 {
		d.Parent = 0
	}
	if len(c.children[i]) == 0 && i > 0 && c.chance(35) {
		d.From = max(Reform, firstOfMonth(u.From, 0))
	}
	c.used[nameBelow(d.Parent, u.Name)] = true
	if len(c.children[i]) > 0 && u.Depth > 2 {
		at := site{u.Depth, u.sector}
		c.sites[at] = append(c.sites[at], i)
	}
}

func nameBelow(parent int, name string) string { return fmt.Sprint(parent, " ", name) }

// close ends some units that nobody works in, and a few in which people do; a unit beside them takes over.
func (c *calendar) close(i int) {
	u, d := &c.town.Units[i], &c.dates.Units[i]
	if len(c.children[i]) > 0 || u.Parent < 0 || u.Vacant || c.needed[i] {
		return
	}
	switch day := c.town.Day; {
	case c.staff[i] == 0 && u.Leader < 0 && c.chance(25):
		d.To = firstOfMonth(day, -c.r.IntN(24)).Add(-1)
	case c.staff[i] > 0 && c.chance(1):
		d.To = firstOfMonth(day, 1+c.r.IntN(4)).Add(-1)
	}
	if d.To == "" {
		return
	}
	d.From = min(d.From, firstOfMonth(d.To, -12))
	for _, other := range c.children[u.Parent] {
		if beside := c.dates.Units[other]; other != i && beside.To == "" && beside.From <= d.To {
			d.Successor = other
			c.needed[other] = true
			return
		}
	}
	d.To = ""
}

// change gives some units another name or another place.
func (c *calendar) change(i int) {
	u, d := &c.town.Units[i], &c.dates.Units[i]
	if d.To != "" || u.Parent < 0 || u.Depth < 4 {
		return
	}
	c.lasting = append(c.lasting, i)
	change := UnitChange{From: c.sometime(d.From), Parent: -1}
	if change.From == "" {
		return
	}
	coming := change.From > c.town.Day
	x := c.r.Float64() * 100
	switch {
	case !coming && x < 9 || coming && x < 45:
		other := u.Name + c.oneOf(" og Omegn", " A", " Nord", " Syd", " (ny)")
		if !c.take(d.Parent, other) {
			return
		}
		change.Name = other
		if !coming {
			change.Name, d.Name = u.Name, other
		}
	case !coming && x < 12 || coming && x < 65:
		sites := c.sites[site{u.Depth - 1, u.sector}]
		if len(sites) == 0 {
			return
		}
		other := sites[c.r.IntN(len(sites))]
		if other == u.Parent || !c.take(other, u.Name) {
			return
		}
		change.Parent = other
		if !coming {
			change.Parent, d.Parent = u.Parent, other
		}
	default:
		return
	}
	d.Changes = append(d.Changes, change)
}

// take reports whether a name is free below a unit, and takes it.
func (c *calendar) take(parent int, name string) bool {
	at := nameBelow(parent, name)
	if c.used[at] {
		return false
	}
	c.used[at] = true
	return true
}

func (c *calendar) oneOf(list ...string) string { return list[c.r.IntN(len(list))] }

// sometime is the first of a month in the last three years, or, once in ten times, in the next four months; empty where
// that is not after the day given.
func (c *calendar) sometime(after org.Day) org.Day {
	day := firstOfMonth(c.town.Day, -c.r.IntN(36))
	if c.chance(10) {
		day = firstOfMonth(c.town.Day, 1+c.r.IntN(4))
	}
	if day <= after {
		return ""
	}
	return day
}

// person changes the job of some people, and the surname of a few.
func (c *calendar) person(i int) {
	p := &c.town.People[i]
	job := &p.Jobs[0]
	var d PersonDates
	if job.Contains(c.town.Day) && job.To == "" && c.chance(22) {
		d.Job = c.jobChange(i, job)
	}
	if c.chance(1.5) {
		d.Surname = c.surname(p, max(job.From, c.dates.Units[job.Unit].From), job.To)
	}
	if d != (PersonDates{}) {
		c.dates.People[i] = d
	}
}

func (c *calendar) jobChange(i int, job *Job) *JobChange {
	day := c.sometime(max(job.From, c.dates.Units[job.Unit].From).Add(60))
	if day == "" {
		return nil
	}
	change := &JobChange{From: day, Before: job.Unit, After: job.Unit, Hours: job.Fraction, Becomes: job.Fraction}
	coming := day > c.town.Day
	if c.chance(45) && !c.leads[i] && len(c.lasting) > 0 && c.dates.Units[job.Unit].To == "" {
		other := c.lasting[c.r.IntN(len(c.lasting))]
		from := c.dates.Units[other].From
		switch {
		case other == job.Unit || from.Add(60) > day:
			return nil
		case coming:
			change.After = other
		default:
			change.Before = other
		}
		return change
	}
	hours := float64(20+c.r.IntN(18)) / 37
	switch {
	case hours == job.Fraction:
		return nil
	case coming:
		change.Becomes = hours
	default:
		change.Hours = hours
	}
	return change
}

// surname takes somebody's first surname away before a day, or gives them somebody else's from a day on.
func (c *calendar) surname(p *Person, from, to org.Day) *SurnameChange {
	day := c.sometime(from)
	other := c.town.People[c.r.IntN(len(c.town.People))].Surname
	if day == "" || other == p.Surname || to != "" && day > to {
		return nil
	}
	if day > c.town.Day {
		return &SurnameChange{From: day, Before: p.Surname, After: other}
	}
	return &SurnameChange{From: day, Before: other, After: p.Surname}
}

// terms gives a unit its leaders: who was there before, who is, and who comes where it is known that the leader goes.
func (c *calendar) terms(i int) {
	u, d := &c.town.Units[i], &c.dates.Units[i]
	if u.Leader < 0 && !u.Vacant && i > 0 {
		return
	}
	from := max(d.From, firstOfMonth(c.town.Day, -1))
	if u.Leader >= 0 {
		from = max(d.From, c.dates.Period(c.town, u.Leader, 0).From)
	} else if i == 0 {
		from = d.From
	}
	if before := firstOfMonth(from, -2); u.Leader >= 0 && before > d.From && c.chance(15) {
		d.Terms = append(d.Terms, Term{Period: org.Period{From: before, To: from.Add(-1)}, Person: -1})
	}
	now := Term{Period: org.Period{From: from, To: d.To}, Person: u.Leader}
	ends := c.ends(u)
	if ends == "" || d.To != "" && ends >= d.To {
		d.Terms = append(d.Terms, now)
		return
	}
	now.To = ends
	next := Term{Period: org.Period{From: ends.Add(1), To: d.To}, Person: c.heir(i, u.Leader)}
	next.Acting = next.Person >= 0 && c.chance(30)
	if now.Person < 0 && next.Person < 0 {
		now.To, next = d.To, Term{}
	}
	d.Terms = append(d.Terms, now)
	if next.From != "" {
		d.Terms = append(d.Terms, next)
	}
}

// ends is the last day of who leads a unit now, or of the vacancy, where it is known.
func (c *calendar) ends(u *Unit) org.Day {
	if u.Leader >= 0 {
		if to := c.town.People[u.Leader].Jobs[0].To; to != "" {
			return to
		}
	}
	if percent := map[bool]float64{true: 40, false: 1.5}[u.Vacant]; c.chance(percent) {
		return firstOfMonth(c.town.Day, 1+c.r.IntN(3)).Add(-1)
	}
	return ""
}

// heir is somebody who works in a unit for good and does not lead it; -1 where there is nobody.
func (c *calendar) heir(unit, leader int) int {
	list := slices.DeleteFunc(slices.Clone(c.heirs[unit]), func(i int) bool { return i == leader || c.dates.People[i].Job != nil })
	if len(list) == 0 {
		return -1
	}
	return list[c.r.IntN(len(list))]
}

// firstOfMonth is the first day of the month so many months after that of a day.
func firstOfMonth(day org.Day, months int) org.Day {
	var year, month int
	if _, err := fmt.Sscanf(string(day), "%4d-%2d", &year, &month); err != nil {
		return day
	}
	month += 12*year - 1 + months
	return org.Day(fmt.Sprintf("%04d-%02d-01", month/12, month%12+1))
}

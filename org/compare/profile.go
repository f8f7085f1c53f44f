package compare

import (
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
)

// profile is what is compared of a person, as numbers of the register they are drawn from.
type profile struct {
	given  []int32 // words of the given names; a second one, and what the person is called, come behind
	family []int32 // words of the surname
	joined int32   // the sound of the given names written together
	full   int32   // the whole name
	cpr    int32   // -1: none

	ids, numbers, accounts, mails, phones, titles []int32

	units   []int32 // in the person's own extract
	manager int32   // in the person's own extract; -1: none

	impersonal bool // has accounts, and none of their own
	gone       bool // the register says nothing of them but that they have left
}

// register holds both extracts' people as profiles, the leading one at 0.
type register struct {
	extracts [2]*source.Extract
	people   [2][]profile
	words    *vocabulary

	full, cprs, ids, numbers, accounts, mails, phones, titles *values

	size    [2][]int32            // people in each unit
	titled  [2]map[[2]int32]int32 // people with a title in a unit
	unitAt  [2]map[string]int32   // units by identifier
	person  [2]map[string]int32   // people by identifier
	managed [2]map[int32]int32    // people who have each manager
	leaders [2]map[string]string  // leader of each unit
	above   [2]map[string]string  // the unit above each unit
	cprOf   map[source.Number]int32

	decided, decidedUnits decisions
}

func newRegister(lead, other *source.Extract) *register {
	r := &register{extracts: [2]*source.Extract{lead, other}, words: newVocabulary(), full: newValues(), cprs: newValues(), ids: newValues(),
		numbers: newValues(), accounts: newValues(), mails: newValues(), phones: newValues(), titles: newValues(), cprOf: map[source.Number]int32{}}
	for side, x := range r.extracts {
		r.places(side, x)
		r.people[side] = make([]profile, len(x.People))
		for i := range x.People {
			p := &r.people[side][i]
			r.read(p, side, x, &x.People[i])
			r.words.count(p)
		}
	}
	return r
}

// places reads the tree of an extract, and who leads what.
func (r *register) places(side int, x *source.Extract) {
	r.size[side], r.titled[side] = make([]int32, len(x.Units)), map[[2]int32]int32{}
	r.unitAt[side], r.person[side], r.managed[side] = map[string]int32{}, map[string]int32{}, map[int32]int32{}
	r.leaders[side], r.above[side] = map[string]string{}, map[string]string{}
	for i, u := range x.Units {
		r.unitAt[side][u.ID] = int32(i)
		if state, ok := source.Near(u.States, x.Day); ok {
			r.above[side][u.ID] = state.Parent
		}
	}
	for i, p := range x.People {
		r.person[side][p.ID] = int32(i)
	}
	for _, l := range x.Leaders {
		if state, ok := source.On(l.States, x.Day); ok && state.Person != "" && r.leaders[side][state.Unit] == "" {
			r.leaders[side][state.Unit] = state.Person
		}
	}
}

func (r *register) read(p *profile, side int, x *source.Extract, from *source.Person) {
	p.cpr, p.manager = -1, -1
	state, _ := source.Near(from.States, x.Day)
	r.readName(p, side, state)
	r.readKeys(p, side, from, state)
	r.readPlace(p, side, x, from)
	p.impersonal, p.gone = impersonal(from), gone(from)
	if manager := r.managerOf(side, from.ID, p, state.Manager); manager >= 0 {
		p.manager = manager
		r.managed[side][manager]++
	}
}

func (r *register) readName(p *profile, side int, state source.PersonState) {
	given, family := plain(state.Given), plain(state.Surname)
	for text := range strings.FieldsSeq(given) {
		p.given = append(p.given, r.words.word(text))
	}
	for text := range strings.FieldsSeq(family) {
		p.family = append(p.family, r.words.word(text))
	}
	if called := strings.Fields(plain(state.Called)); len(called) > 0 && len(p.given) > 0 {
		p.given = appendNew(p.given, r.words.word(called[0]))
	}
	p.joined = r.words.sound(sound(strings.ReplaceAll(given, " ", "")))
	p.full = r.full.add(given+"|"+family, side)
}

// readKeys reads what a person is known by: numbers, names of accounts, mail, phones.
func (r *register) readKeys(p *profile, side int, from *source.Person, state source.PersonState) {
	if from.CPR != (source.Number{}) {
		p.cpr = r.cpr(from.CPR, side)
	}
	add := func(list *[]int32, in *values, text string) {
		if text == "" {
			return
		}
		if id, ok := in.ids[text]; !ok || !slices.Contains(*list, id) {
			*list = append(*list, in.add(text, side))
		}
	}
	add(&p.ids, r.ids, string(from.UUID))
	for _, e := range from.Engagements {
		if number := employeeNumber(e.Number); number != "" && !e.Annulled {
			add(&p.numbers, r.numbers, number)
			if e.Institution != "" {
				add(&p.numbers, r.numbers, employeeNumber(e.Institution+e.Number))
			}
		}
	}
	for _, a := range from.Accounts {
		add(&p.ids, r.ids, string(a.UUID))
		add(&p.numbers, r.numbers, employeeNumber(a.Number))
		if a.Name != "" {
			add(&p.accounts, r.accounts, strings.ToLower(a.System+"|"+a.Name))
		}
		add(&p.mails, r.mails, strings.ToLower(strings.TrimSpace(a.Mail)))
	}
	add(&p.mails, r.mails, strings.ToLower(strings.TrimSpace(state.Addresses["email"])))
	for _, role := range [3]string{"phone", "mobile", "landline"} {
		add(&p.phones, r.phones, phone(state.Addresses[role]))
	}
}

// impersonal reports whether somebody has accounts, all of which are known to be an administrator's or a service's.
func impersonal(p *source.Person) bool {
	return len(p.Accounts) > 0 && !slices.ContainsFunc(p.Accounts, func(a source.Account) bool { return a.Kind != "admin" && a.Kind != "service" })
}

func (r *register) cpr(number source.Number, side int) int32 {
	id, ok := r.cprOf[number]
	if !ok {
		id = int32(len(r.cprs.holders))
		r.cprOf[number] = id
		r.cprs.holders = append(r.cprs.holders, [2]int32{})
	}
	r.cprs.holders[id][side]++
	return id
}

// employeeNumber is a number without what registers add or drop: zeros in front, dashes, blanks.
func employeeNumber(text string) string {
	text = strings.ReplaceAll(plain(text), " ", "")
	if strings.Trim(text, "0123456789") == "" {
		text = strings.TrimLeft(text, "0")
	}
	return text
}

// phone is the digits of a number, without the country code of Denmark.
func phone(text string) string {
	digits := strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, text)
	digits = strings.TrimPrefix(digits, "00")
	if len(digits) == 10 {
		digits = strings.TrimPrefix(digits, "45")
	}
	return digits
}

// readPlace reads where a person works and as what, on the extract's day or nearest to it.
func (r *register) readPlace(p *profile, side int, x *source.Extract, from *source.Person) {
	for _, job := range jobs(from, x.Day) {
		title := int32(-1)
		if job.Title != "" {
			text := strings.ReplaceAll(plain(job.Title), " ", "")
			if id, ok := r.titles.ids[text]; !ok || !slices.Contains(p.titles, id) {
				p.titles = append(p.titles, r.titles.add(text, side))
			}
			title = r.titles.ids[text]
		}
		unit, ok := r.unitAt[side][job.Unit]
		if !ok {
			continue
		}
		if !slices.Contains(p.units, unit) {
			p.units = append(p.units, unit)
			r.size[side][unit]++
		}
		r.titled[side][[2]int32{unit, title}]++
	}
}

// job is a place of work, paid or not.
type job struct {
	Unit, Title string
	Origin      source.Origin
	Primary     bool
}

// jobs are a person's places of work on a day. Where there are none, the next or the last ones.
func jobs(p *source.Person, day org.Day) []job {
	var now, near []job
	add := func(j job, period org.Period) {
		if period.Contains(day) {
			now = append(now, j)
		} else {
			near = append(near, j)
		}
	}
	for _, e := range p.Engagements {
		if state, ok := source.Near(e.States, day); ok && !e.Annulled {
			add(job{Unit: state.Unit, Title: state.Title, Origin: nonZero(state.Origin, e.Origin), Primary: state.Primary}, state.Period)
		}
	}
	for _, a := range p.Associations {
		if state, ok := source.Near(a.States, day); ok {
			add(job{Unit: state.Unit, Title: state.Title, Origin: nonZero(state.Origin, a.Origin)}, state.Period)
		}
	}
	if len(now) > 0 {
		return now
	}
	return near
}

// nonZero is the origin of a state, or of its record where the state has none of its own.
func nonZero(state, record source.Origin) source.Origin {
	if state == (source.Origin{}) {
		return record
	}
	return state
}

// managerOf is the person whom the register calls somebody's manager, else the nearest leader of their units.
func (r *register) managerOf(side int, id string, p *profile, said string) int32 {
	if said == "" && len(p.units) > 0 {
		at := r.extracts[side].Units[p.units[0]].ID
		for range maxDepth {
			if leader := r.leaders[side][at]; leader != "" && leader != id {
				said = leader
				break
			}
			if at = r.above[side][at]; at == "" {
				break
			}
		}
	}
	if manager, ok := r.person[side][said]; ok {
		return manager
	}
	return -1
}

// maxDepth bounds a walk upwards: what registers say may run in circles.
const maxDepth = 40

func appendNew(list []int32, id int32) []int32 {
	if slices.Contains(list, id) {
		return list
	}
	return append(list, id)
}

// count is the number of people in both extracts.
func (r *register) count() float64 { return float64(len(r.people[0]) + len(r.people[1])) }

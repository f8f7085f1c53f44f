package synthetic

import (
	"fmt"
	"strings"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/internal/cpr/cprtest"
	"orgit.dk/orgit/org"
)

func (m *maker) people(n int) {
	names, sums := newNamer(), m.staffing()
	m.next = 10_000
	m.town.People = make([]Person, 0, n)
	for i := range n {
		p := Person{UUID: m.uuid(), CPR: number(i), Shielded: m.chance(1.5)}
		p.Given, p.Surname = m.name(names)
		p.Jobs = append(p.Jobs, m.job(m.place(sums)))
		m.time(&p.Jobs[0])
		for m.chance(8) && len(p.Jobs) < 4 {
			extra := m.job(m.place(sums))
			extra.Period = p.Jobs[0].Period
			p.Jobs = append(p.Jobs, extra)
		}
		m.account(&p)
		m.town.People = append(m.town.People, p)
	}
}

// number is the i-th invented CPR number.
func number(i int) cpr.Number {
	n, err := cpr.Parse(cprtest.Invented(i))
	if err != nil {
		panic(fmt.Sprintf("synthetic: invented CPR number %d: %v", i, err)) // cprtest's promise
	}
	return n
}

func (m *maker) job(unit int) Job {
	m.next += 1 + m.r.IntN(3)
	titles := m.town.Units[unit].sector.titles
	at := m.r.Float64()
	job := Job{Number: fmt.Sprint(m.next), Unit: unit, Title: titles[int(at*at*at*float64(len(titles)))], Fraction: 1, Hourly: m.chance(25)}
	if m.chance(45) {
		job.Fraction = float64(20+m.r.IntN(16)) / 37
	}
	if m.chance(3) {
		from := m.town.Day.Add(-m.r.IntN(200))
		job.Leave = org.Period{From: from, To: from.Add(60 + m.r.IntN(300))}
	}
	return job
}

// time gives a job its days, in a town of which a sixth is exchanged every year.
func (m *maker) time(job *Job) {
	day := m.town.Day
	switch x := m.r.Float64() * 100; {
	case x < 4: // left in the last three months
		job.To = day.Add(-1 - m.r.IntN(90))
		job.From = job.To.Add(-30 - m.r.IntN(4000))
	case x < 6.5: // has given notice
		job.To = day.Add(m.r.IntN(60))
		job.From = day.Add(-30 - m.r.IntN(4000))
	case x < 8: // is about to begin
		job.From = day.Add(1 + m.r.IntN(45))
	default:
		job.From = day.Add(-30 - m.r.IntN(7000))
	}
	if job.To != "" && job.Leave.To > job.To {
		job.Leave = org.Period{}
	}
	if job.Leave.From != "" && job.Leave.From < job.From {
		job.Leave = org.Period{}
	}
}

// account gives a person phone, mail and account. Some who are paid by the hour have none,
// and some of those who are about to begin have none yet.
func (m *maker) account(p *Person) {
	job := p.Jobs[0]
	if m.chance(85) {
		p.Phone = m.phone()
	} else {
		p.Phone = m.town.Units[job.Unit].Phone
	}
	if job.Hourly && m.chance(12) || job.Begins(m.town.Day) && m.chance(50) {
		return
	}
	name := m.accountName(p)
	p.Account = &Account{UUID: m.uuid(), Name: name, Disabled: job.Ended(m.town.Day)}
	p.Mail = name + "@synteby.invalid"
}

// accountName is four letters of the name, and a number where somebody has them.
func (m *maker) accountName(p *Person) string {
	letters := func(text string) string {
		text = m.letters.Replace(strings.ToLower(text))
		text = strings.Map(func(r rune) rune {
			if r < 'a' || r > 'z' {
				return -1
			}
			return r
		}, text)
		return (text + "xx")[:2]
	}
	words := strings.Fields(p.Surname)
	base := letters(p.Given) + letters(words[len(words)-1])
	m.accounts[base]++
	if k := m.accounts[base]; k > 1 {
		return fmt.Sprintf("%s%d", base, k-1)
	}
	return base
}

// leaders gives units their leaders: those with units below them first, then the largest share
// of the others that keeps leaders at six in a hundred people.
func (m *maker) leaders() {
	t := m.town
	staff := make([][]int, len(t.Units))
	for i, p := range t.People {
		if p.Jobs[0].Contains(t.Day) {
			staff[p.Jobs[0].Unit] = append(staff[p.Jobs[0].Unit], i)
		}
	}
	inner := make([]bool, len(t.Units))
	for _, u := range t.Units {
		if u.Parent >= 0 {
			inner[u.Parent] = true
		}
	}
	left := len(t.People) * 6 / 100
	for _, wanted := range []bool{true, false} {
		for i := range t.Units {
			if inner[i] != wanted || len(staff[i]) == 0 || left <= 0 {
				continue
			}
			left--
			m.lead(i, staff[i])
		}
	}
}

// lead gives a unit a leader of its own staff, who may lead the one above too, or a vacancy.
func (m *maker) lead(i int, staff []int) {
	u := &m.town.Units[i]
	if m.places++; m.places%25 == 0 {
		u.Vacant = true
		return
	}
	u.Leader = staff[m.r.IntN(len(staff))]
	m.town.People[u.Leader].Jobs[0].Title = u.sector.leader
	m.town.People[u.Leader].Jobs[0].Hourly = false
	if u.Parent >= 0 && m.chance(5) {
		if above := &m.town.Units[u.Parent]; above.Leader < 0 && !above.Vacant {
			above.Leader = u.Leader
		}
	}
}

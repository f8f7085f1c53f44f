package ad_test

import (
	"fmt"
	"slices"
)

// tell says that something becomes known on a day.
func (w *town) tell(day string, change func()) { w.told[day] = append(w.told[day], change) }

// take gives people whom nothing else happens to, so that the stories of two do not meet.
func (w *town) take(n int) []*townPerson {
	taken := w.free[:n]
	w.free = w.free[n:]
	return taken
}

// takeFrom takes somebody out of a unit.
func (w *town) takeFrom(unit string) *townPerson {
	i := slices.IndexFunc(w.free, func(p *townPerson) bool { return p.jobs[0].units[0].value == unit })
	p := w.free[i]
	w.free = slices.Delete(w.free, i, i+1)
	return p
}

// some is a day of the year, early enough for a story of that many days.
func (w *town) some(length int) string { return plus("2026-01-03", w.r.IntN(360-length)) }

// somewhere is a unit that stays as long as the year.
func (w *town) somewhere() string { return unitKey(19 + w.r.IntN(townUnits-19)) }

// year tells the whole of it.
func (w *town) year() {
	w.reorganisations()
	w.leaderships()
	w.hires()
	w.moves()
	w.names()
	w.leaves()
	w.leavers()
	w.returners()
	w.secondThoughts()
}

func (w *town) hires() {
	for i := range 50 {
		day, ahead := w.some(45), 10+w.r.IntN(35)
		switch i % 8 {
		case 0:
			ahead = -3 // told too late
		case 1:
			ahead = 2
		}
		w.tell(day, func() {
			p := w.person(w.somewhere(), plus(day, ahead))
			if i%4 == 2 {
				p.jobs[0].to = plus(day, ahead+10+i)
			}
		})
	}
}

// moves go on in the same engagement, or with a new one; then the account that was for the
// old one ends.
func (w *town) moves() {
	for i, p := range w.take(50) {
		if i%2 == 0 && i%3 == 0 {
			p.admin = w.prefix + "a" + p.key
		}
		day, to := w.some(20), w.somewhere()
		w.tell(day, func() {
			start := plus(day, 14-i%17)
			if i%2 == 1 {
				p.jobs[0].units = append(p.jobs[0].units, dated{start, to})
				return
			}
			p.jobs[0].to = plus(start, -1)
			p.jobs = append(p.jobs, &townJob{units: []dated{{"", to}}, from: start})
		})
	}
	for _, p := range w.take(10) { // a second job beside the first
		day := w.some(60)
		w.tell(day, func() {
			p.jobs = append(p.jobs, &townJob{units: []dated{{"", w.somewhere()}}, from: plus(day, 10), to: plus(day, 55)})
		})
	}
}

// names are marriages, some with another login name.
func (w *town) names() {
	for i, p := range w.take(30) {
		day := w.some(20)
		w.tell(day, func() {
			from := plus(day, 12-i%15)
			p.surnames = append(p.surnames, dated{from, []string{"Bruun", "Sørensen", "Kjærgaard", "Åkær"}[i%4]})
			if i%3 == 0 {
				p.logins = append(p.logins, dated{from, fmt.Sprintf("%sg%s", w.prefix, p.key)})
			}
		})
	}
}

func (w *town) leaves() {
	for i, p := range w.take(30) {
		day := w.some(100)
		w.tell(day, func() {
			from := plus(day, 7-i%10)
			p.jobs[0].leaves = append(p.jobs[0].leaves, townLeave{from: from, to: plus(from, 20+i*2), closes: i%2 == 0})
		})
	}
	for _, p := range w.take(6) {
		day := w.some(40)
		w.tell(day, func() { p.suspended = true })
		w.tell(plus(day, 25), func() { p.suspended = false })
	}
}

func (w *town) leavers() {
	for i, p := range w.take(60) {
		day := w.some(30)
		if i%10 == 0 {
			p.admin = w.prefix + "a" + p.key
		}
		w.tell(day, func() { p.jobs[0].to = plus(day, []int{20, 28, 5, -1, 0, -4}[i%6]) })
	}
}

// returners come back while their account waits in quarantine, or after it has been deleted.
func (w *town) returners() {
	for i, p := range w.take(28) {
		day, gap := w.some(120), 3+w.r.IntN(28)
		if i%3 == 0 {
			gap = 45 + w.r.IntN(20)
		}
		w.tell(day, func() { p.jobs[0].to = plus(day, 8) })
		w.tell(plus(day, 8+gap-min(gap, 12)), func() {
			p.jobs = append(p.jobs, &townJob{units: []dated{{"", w.somewhere()}}, from: plus(day, 8+gap)})
		})
	}
}

// secondThoughts are decisions that are taken back.
func (w *town) secondThoughts() {
	for i, p := range w.take(12) { // stays after all: before the last day, or after the account was closed
		day := w.some(40)
		w.tell(day, func() { p.jobs[0].to = plus(day, 6) })
		w.tell(plus(day, 3+i), func() { p.jobs[0].to = "" })
	}
	for i := range 10 { // a start that is put off, before or after the account is prepared
		day := w.some(70)
		w.tell(day, func() {
			p := w.person(w.somewhere(), plus(day, 15))
			w.tell(plus(day, 6+i), func() { p.jobs[0].from = plus(day, []int{17, 50}[i%2]) })
		})
	}
	for i := range 10 { // and one that never happened
		day := w.some(60)
		w.tell(day, func() {
			p := w.person(w.somewhere(), plus(day, 15))
			w.tell(plus(day, 4+2*i), func() { p.jobs[0].annulled = plus(day, 4+2*i) })
		})
	}
}

// reorganisations rename, move, merge, make and close units.
func (w *town) reorganisations() {
	for i := range 5 {
		u, day := w.units[firstLeaf+i], w.some(20)
		w.tell(day, func() { u.names = append(u.names, dated{plus(day, 14-4*i), fmt.Sprintf("Nyt navn %d", i)}) })
	}
	for i := range 4 {
		u, day := w.units[12+i], w.some(20)
		w.tell(day, func() { u.parents = append(u.parents, dated{plus(day, 14-4*i), unitKey(1 + (i+4)%5)}) })
	}
	for i := range 3 {
		u, day := w.units[16+i], w.some(40)
		w.tell(day, func() { u.to, u.successor = plus(day, 25), unitKey(19+i) })
	}
	sub, day := w.units[6], w.some(20)
	w.tell(day, func() { // a department, with all that lies below it
		sub.names = append(sub.names, dated{plus(day, 10), "Børn, Unge & Familie"})
		sub.parents = append(sub.parents, dated{plus(day, 10), unitKey(1)})
	})
	for i := range 3 {
		w.project(w.some(200), i > 0)
	}
}

// project makes a unit that people move into, and out of again when it is closed.
func (w *town) project(day string, closes bool) {
	people := w.take(6)
	w.tell(day, func() {
		u := w.unit(fmt.Sprintf("Projekt %s", day), unitKey(2), plus(day, 20))
		u.leads = []*townLead{{person: people[0], from: plus(day, 20)}}
		for _, p := range people {
			p.jobs[0].units = append(p.jobs[0].units, dated{plus(day, 20), u.key})
		}
		if !closes {
			return
		}
		w.tell(plus(day, 100), func() {
			u.to, u.leads[0].to = plus(day, 120), plus(day, 120)
			for _, p := range people {
				p.jobs[0].units = append(p.jobs[0].units, dated{plus(day, 121), unitKey(35)})
			}
		})
	})
}

// leaderships change hands, and are vacant for a time after a leader has left.
func (w *town) leaderships() {
	for i := range 8 {
		u, day := w.units[22+i], w.some(20)
		next := w.takeFrom(u.key)
		w.tell(day, func() {
			u.leads[0].to = plus(day, 13-3*i)
			u.leads = append(u.leads, &townLead{person: next, from: plus(day, 14-3*i)})
		})
	}
	for i := range 5 {
		u, day := w.units[30+i], w.some(80)
		next := w.takeFrom(u.key)
		w.tell(day, func() {
			u.leads[0].to, u.leads[0].person.jobs[0].to = plus(day, 10), plus(day, 10)
			u.leads = append(u.leads, &townLead{from: plus(day, 11)})
		})
		w.tell(plus(day, 45), func() {
			u.leads[1].to = plus(day, 59)
			u.leads = append(u.leads, &townLead{person: next, from: plus(day, 60)})
		})
	}
}

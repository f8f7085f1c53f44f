package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/synthetic"
	"orgit.dk/orgit/org/synthetic/repository"
	"orgit.dk/orgit/plan"
)

// TestForecastAsksNobodyElse: what a plan says of the coming days, for which it asks about
// those alone whom a day can concern, is what it would say if it asked about everybody on
// every day.
func TestForecastAsksNobodyElse(t *testing.T) {
	said := map[string]int{}
	for seed := range 12 {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		approved, planned := smallTown(t, uint64(seed%3)), smallTown(t, uint64(seed%3))
		stirring := r.Uint64()
		for _, o := range []*org.Organisation{approved, planned} {
			(&stirred{Rand: rand.New(rand.NewPCG(stirring, 1)), Organisation: o}).stir(60)
		}
		(&stirred{Rand: r, Organisation: planned}).stir(30)
		p := &planning{day: stirDay, planned: planned, approved: approved}
		if seed%4 == 0 {
			p.approved = p.planned
		}
		for _, target := range statedTargets(p.approved) {
			is, was := askedOf(t, p, target, stirDay)
			few, err := plan.Forecast(is, &was, p.later(target))
			if err != nil {
				t.Fatal(err)
			}
			all, err := plan.Forecast(is, &was, func(yield func(plan.Later, error) bool) {
				for day := stirDay.Add(1); day <= stirDay.Add(horizonDays); day = day.Add(1) {
					is, was := askedOf(t, p, target, day)
					if !yield(plan.Later{Day: day, Desired: is, Base: &was}, nil) {
						return
					}
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(comingLines(all), comingLines(few)); diff != "" {
				t.Fatalf("seed %d/%d, %s (-all +few):\n%s", seed, stirring, target.name, diff)
			}
			for _, c := range all {
				said[target.name+" "+string(c.Action)+" "+string(c.Origin)]++
			}
		}
	}
	for _, what := range []string{"ad update", "ad retire", "fkOrganisation create", "fkOrganisation update", "fkOrganisation retire"} {
		for _, origin := range []plan.Origin{plan.FromChange, plan.FromPending} {
			if key := what + " " + string(origin); said[key] == 0 {
				t.Errorf("no town had %q in its forecast, so nothing is shown of it", key)
			}
		}
	}
}

// askedOf is what the planned and the approved organisation ask for, everybody.
func askedOf(t *testing.T, p *planning, target target, day org.Day) (planned, approved plan.State) {
	t.Helper()
	planned, err := target.desired(p.planned, day)
	if err != nil {
		t.Fatal(err)
	}
	if approved, err = target.desired(p.approved, day); err != nil {
		t.Fatal(err)
	}
	return planned, approved
}

func comingLines(coming []plan.Coming) []string {
	var lines []string
	for _, c := range coming {
		lines = append(lines, fmt.Sprintf("%s %s %s %s %q unit %q (%s)", c.Day, c.Action, c.Object, c.Entry, c.Name, c.Unit, c.Origin))
		for _, a := range c.Attrs {
			lines = append(lines, fmt.Sprintf("  %s: %q (%s) > %q (%s) %v", a.Name, a.Old, a.ShowOld, a.New, a.ShowNew, a.Why))
		}
	}
	return lines
}

const stirDay = org.Day("2026-11-24")

// smallTown is a town with other settings for each seed.
func smallTown(t *testing.T, seed uint64) *org.Organisation {
	t.Helper()
	made, err := repository.New(repository.Options{Options: synthetic.Options{People: 70, Units: 14, Seed: seed, Day: stirDay}})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := made.Write(t.Context(), dir, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	o, findings, err := org.Load(os.DirFS(dir))
	if err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	s := o.Settings.Targets.AD
	switch seed {
	case 1:
		s.Layout, s.PrepareDays, s.GraceHours = "flat", 0, 0
	case 2:
		s.PrepareDays, s.GraceHours = 21, 60
		s.Areas = map[string]org.ADArea{o.Units[3].Key: {Layout: "flat", OU: "Område"}}
		s.Attributes = map[string]org.ADAttribute{
			"extensionAttribute1": {Rule: "force", Value: []string{"{{.Leader.Name}} {{.Leader.Account}}"}},
			"extensionAttribute2": {Rule: "force", Value: []string{"{{.Area.Name}} {{.Above.Name}}"}},
		}
		s.Passwords = &org.ADPasswords{Length: 16, Command: []string{"/bin/true"}}
	}
	return o
}

// stirred is an organisation to which things happen at random in the months around the day,
// without regard to whether the files could say so.
type stirred struct {
	*rand.Rand
	*org.Organisation
}

func (s *stirred) stir(n int) {
	for range n {
		u := oneOf(s, s.Units)
		p := oneOf(s, s.People)
		switch s.IntN(4) {
		case 0:
			s.unit(u)
		case 1:
			s.manager(u)
		case 2:
			s.person(p)
		default:
			s.job(p)
		}
	}
}

func oneOf[T any](r *stirred, list []T) T { return list[r.IntN(len(list))] }

func (s *stirred) soon() org.Day { return stirDay.Add(s.IntN(140) - 50) }

// begin and end give a period another first or last day, where one comes before the other.
func (s *stirred) begin(p *org.Period) {
	if day := s.soon(); p.To == "" || day <= p.To {
		p.From = day
	}
}

func (s *stirred) end(p *org.Period) {
	if day := s.soon(); day >= p.From {
		p.To = day
	}
}

// amend adds what is stated from a day on.
func amend[T any](s *stirred, base *T, versions *[]org.Version[T], change func(*T)) {
	day := s.soon()
	list := slices.DeleteFunc(slices.Clone(*versions), func(v org.Version[T]) bool { return v.From == day })
	state := base
	for _, v := range list {
		if v.From < day {
			state = v.State
		}
	}
	now := *state
	change(&now)
	list = append(list, org.Version[T]{From: day, State: &now})
	slices.SortFunc(list, func(a, b org.Version[T]) int { return cmp.Compare(a.From, b.From) })
	*versions = list
}

func (s *stirred) unit(u *org.Unit) {
	// What is above is never below as well.
	higher := slices.DeleteFunc(slices.Clone(s.Units), func(h *org.Unit) bool { return s.height(h) >= s.height(u) })
	if len(higher) == 0 {
		return
	}
	parent, successor := oneOf(s, higher), oneOf(s, higher)
	switch s.IntN(7) {
	case 0, 1:
		amend(s, u, &u.Versions, func(u *org.Unit) { u.Name = oneOf(s, []string{"Plejen", "Skolen", "Drift", "IT"}) })
	case 2:
		amend(s, u, &u.Versions, func(u *org.Unit) { u.Parent = parent.Key })
	case 3:
		u.Successor = successor.Key
		s.end(&u.Period)
		for _, v := range u.Versions {
			v.State.Successor, v.State.To = u.Successor, u.To
		}
	case 4:
		s.begin(&u.Period)
	case 5:
		amend(s, u, &u.Versions, func(u *org.Unit) { u.PayoutUnit = org.Ref{Key: parent.Key, Stated: true} })
	default:
		amend(s, u, &u.Versions, func(u *org.Unit) { u.ContactUnits = []string{parent.Key} })
	}
}

// height is how far below the root a unit was before anything happened.
func (s *stirred) height(u *org.Unit) int {
	n := 0
	for ; u.Parent != ""; u = s.Unit(u.Parent) {
		n++
	}
	return n
}

func (s *stirred) manager(u *org.Unit) {
	if len(u.Managers) == 0 {
		m := &org.Manager{Key: "ny", Unit: u, Person: oneOf(s, s.People).Key, Role: "leder", Period: org.Period{From: s.soon()}}
		u.Managers = append(u.Managers, m)
		return
	}
	m := oneOf(s, u.Managers)
	switch s.IntN(4) {
	case 0:
		s.end(&m.Period)
	case 1:
		s.begin(&m.Period)
	case 2:
		amend(s, m, &m.Versions, func(m *org.Manager) { m.Person, m.Vacant = oneOf(s, s.People).Key, false })
	default:
		amend(s, m, &m.Versions, func(m *org.Manager) { m.Person, m.Vacant = "", true })
	}
}

func (s *stirred) person(p *org.Person) {
	switch s.IntN(6) {
	case 0, 1:
		amend(s, p, &p.Versions, func(p *org.Person) {
			p.Name = org.Name{Given: oneOf(s, []string{"Åse", "Aase", "Bo"}), Surname: oneOf(s, []string{"Sørensen", "Holm", "Holm (bo)"})}
		})
	case 2:
		amend(s, p, &p.Versions, func(p *org.Person) { p.Shielded = !p.Shielded })
	case 3:
		amend(s, p, &p.Versions, func(p *org.Person) { p.Suspended = !p.Suspended })
	case 4:
		amend(s, p, &p.Versions, func(p *org.Person) { p.Title = "Konsulent" })
	default:
		amend(s, p, &p.Versions, func(p *org.Person) { p.Addresses = map[string]string{"phone": "+4511223344"} })
	}
}

func (s *stirred) job(p *org.Person) {
	if len(p.Accounts) > 0 && s.IntN(3) == 0 {
		a := oneOf(s, p.Accounts)
		switch s.IntN(4) {
		case 0:
			s.end(&a.Period)
		case 1:
			amend(s, a, &a.Versions, func(a *org.Account) { a.FK = !a.FK })
		case 2:
			amend(s, a, &a.Versions, func(a *org.Account) { a.Suspended = !a.Suspended })
		default:
			amend(s, a, &a.Versions, func(a *org.Account) { a.Name = "bo" + string(s.soon()[8:]) })
		}
		return
	}
	if len(p.Engagements) == 0 {
		return
	}
	e := oneOf(s, p.Engagements)
	switch s.IntN(6) {
	case 0:
		s.end(&e.Period)
	case 1:
		s.begin(&e.Period)
	case 2:
		e.Annulled = s.soon()
	case 3:
		leave := &org.Leave{Key: string(s.soon()), ClosesAccounts: true, Period: org.Period{From: s.soon(), To: s.soon()}}
		e.Leaves = append(e.Leaves, leave)
	default:
		amend(s, e, &e.Versions, func(e *org.Engagement) { e.Unit = oneOf(s, s.Units).Key })
	}
}

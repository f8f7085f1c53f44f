package intake_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/intake"
	"orgit.dk/orgit/org/korsbaek"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/repository"
	"orgit.dk/orgit/schema"
)

// everything is what a payroll may own.
func everything() []string {
	return []string{"name", "shielded", "hire", "leave", "unit", "title", "type", "fraction", "absence", "manager", "contact", "unitName", "unitPlace"}
}

// sample is the sample municipality, with a payroll that owns everything.
var sample = sync.OnceValues(func() (*org.Organisation, error) {
	o, findings, err := org.Load(korsbaek.Files())
	if err == nil && schema.HasErrors(findings) {
		err = fmt.Errorf("%v", findings)
	}
	return inStep(o), err
})

// inStep makes payroll own everything, and know the root too.
func inStep(o *org.Organisation) *org.Organisation {
	o.Settings.Sources = map[string]org.Source{"sd": {Kind: "sd", Name: "SD-Løn", Owns: everything()}}
	o.Unit("korsbaek-kommune").Sources = map[string][]string{"sd": {"ROOT"}}
	return o
}

// payrollOf is the sample municipality, and what its payroll would say of it on a day if both
// were in step: units by payroll's codes, and of people those with a number.
func payrollOf(t *testing.T) (*org.Organisation, *source.Extract) {
	t.Helper()
	o, err := sample()
	if err != nil {
		t.Fatal(err)
	}
	x, err := repository.Extract(o, repository.Options{Source: "sd", Name: "SD-Løn", Day: today})
	if err != nil {
		t.Fatal(err)
	}
	code := func(key string) string {
		if u := o.Unit(key); u != nil && len(u.Sources["sd"]) > 0 {
			return u.Sources["sd"][0]
		}
		return key
	}
	for i := range x.Units {
		u := &x.Units[i]
		u.ID = code(u.ID)
		for j := range u.States {
			u.States[j].Parent, u.States[j].Code = code(u.States[j].Parent), ""
		}
	}
	var people []source.Person
	for _, p := range x.People {
		p.Engagements = slices.DeleteFunc(p.Engagements, func(e source.Engagement) bool { return e.Number == "" })
		for j := range p.Engagements {
			for k := range p.Engagements[j].States {
				s := &p.Engagements[j].States[k]
				s.Unit = code(s.Unit)
			}
		}
		if len(p.Engagements) > 0 {
			people = append(people, p)
		}
	}
	x.People, x.Leaders = people, nil
	x.Says.Leaders = false
	return o, x
}

// hands are fields that somebody set by hand.
type hands []string

func (h hands) ByHand(path ...string) (bool, error) {
	return slices.Contains(h, strings.Join(path, ".")), nil
}

// told says in one line each what a night proposes and asks.
func lines(p *intake.Proposed) (out []string) {
	for _, proposal := range p.Proposals {
		for _, c := range proposal.Changes {
			line := fmt.Sprintf("%s %s", c.Do, c.Person)
			for _, part := range []string{c.Engagement, c.Unit, c.Parent, c.Title, c.Type, string(c.From), string(c.Until), string(c.Last), c.Name.Given, c.Name.Surname, c.UnitName, c.Payroll.Number} {
				if part != "" {
					line += " " + part
				}
			}
			if c.Fraction != 0 {
				line += fmt.Sprintf(" %v", c.Fraction)
			}
			if c.Correct {
				line += " correct"
			}
			out = append(out, line)
		}
	}
	for _, q := range p.Questions {
		out = append(out, strings.TrimRight(fmt.Sprintf("ask %s %s %s|%s", q.Code, q.Entry[1], q.Says, q.Stands), "|"))
	}
	return out
}

func night(t *testing.T, o *org.Organisation, x *source.Extract, opts intake.NightOptions) *intake.Proposed {
	t.Helper()
	opts.Today = today
	if opts.Most == 0 {
		opts.Most = 0.05
	}
	p, err := intake.Nightly(o, x, opts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestANightInStep: where payroll and files agree nothing is proposed, and nothing asked.
func TestANightInStep(t *testing.T) {
	o, x := payrollOf(t)
	if got := lines(night(t, o, x, intake.NightOptions{})); len(got) > 0 {
		t.Errorf("%d: %s", len(got), strings.Join(got[:min(len(got), 20)], "\n"))
	}
}

// anybody is the first of payroll's people with one engagement that has one state and no end.
func anybody(t *testing.T, x *source.Extract, fits func(source.Person) bool) *source.Person {
	t.Helper()
	for i := range x.People {
		p := &x.People[i]
		if len(p.Engagements) == 1 && len(p.Engagements[0].States) == 1 && p.Engagements[0].States[0].To == "" && len(p.Engagements[0].Leaves) == 0 && fits(*p) {
			return p
		}
	}
	t.Fatal("nobody fits")
	return nil
}

// TestNights: what payroll says otherwise becomes the change that people would have proposed.
func TestNights(t *testing.T) {
	number, err := cpr.Parse("0101801234")
	if err != nil {
		t.Fatal(err)
	}
	plain := func(p source.Person) bool { return len(p.Accounts) == 1 }
	tests := []struct {
		name string
		do   func(o *org.Organisation, x *source.Extract, p *source.Person) (opts intake.NightOptions, want []string)
	}{
		{"somebody leaves", func(_ *org.Organisation, _ *source.Extract, p *source.Person) (intake.NightOptions, []string) {
			p.Engagements[0].States[0].To = "2026-12-31"
			return intake.NightOptions{}, []string{"leave " + p.ID + " a 2026-12-31"}
		}},
		{"somebody leaves a post as leader too", func(o *org.Organisation, x *source.Extract, _ *source.Person) (intake.NightOptions, []string) {
			for _, u := range o.Units {
				if len(u.Managers) == 1 && u.Managers[0].To == "" && !u.Managers[0].Vacant {
					leader := u.Managers[0].Person
					p := o.Person(leader)
					leads := 0
					for _, v := range o.Units {
						for _, m := range v.Managers {
							if m.Person == leader {
								leads++
							}
						}
					}
					if len(p.Engagements) == 1 && leads == 1 && p.Engagements[0].To == "" && p.Engagements[0].Payroll != nil {
						i := slices.IndexFunc(x.People, func(q source.Person) bool { return q.ID == leader })
						s := x.People[i].Engagements[0].States
						s[len(s)-1].To = "2026-12-31"
						return intake.NightOptions{}, []string{"leave " + leader + " " + p.Engagements[0].Key + " 2026-12-31", "vacate  " + u.Key + " 2027-01-01"}
					}
				}
			}
			panic("no leader fits")
		}},
		{"another title from a day on", func(_ *org.Organisation, _ *source.Extract, p *source.Person) (intake.NightOptions, []string) {
			s := p.Engagements[0].States[0]
			s.To = "2026-12-31"
			next := s
			next.From, next.To, next.Title, next.TitleCode = "2027-01-01", "", "Afdelingsleder", "afdelingsleder"
			p.Engagements[0].States = []source.EngagementState{s, next}
			return intake.NightOptions{}, []string{"title " + p.ID + " a afdelingsleder 2027-01-01"}
		}},
		{"another fraction already", func(_ *org.Organisation, _ *source.Extract, p *source.Person) (intake.NightOptions, []string) {
			s := p.Engagements[0].States[0]
			s.To = "2026-10-31"
			next := s
			next.From, next.To, next.Fraction = "2026-11-01", "", 0.5
			p.Engagements[0].States = []source.EngagementState{s, next}
			return intake.NightOptions{}, []string{"fraction " + p.ID + " a 2026-11-01 0.5"}
		}},
		{"a fraction that never was otherwise", func(_ *org.Organisation, _ *source.Extract, p *source.Person) (intake.NightOptions, []string) {
			p.Engagements[0].States[0].Fraction = 0.5
			return intake.NightOptions{}, []string{"fraction " + p.ID + " a " + string(p.Engagements[0].States[0].From) + " 0.5 correct"}
		}},
		{"a fraction of a register without a history", func(_ *org.Organisation, x *source.Extract, p *source.Person) (intake.NightOptions, []string) {
			x.Says.History, x.Day = false, "2026-11-24"
			p.Engagements[0].States[0].Fraction = 0.5
			return intake.NightOptions{}, []string{"fraction " + p.ID + " a 2026-11-24 0.5"}
		}},
		{"a title that nobody knows", func(_ *org.Organisation, _ *source.Extract, p *source.Person) (intake.NightOptions, []string) {
			held := p.Engagements[0].States[0].TitleCode
			p.Engagements[0].States[0].Title, p.Engagements[0].States[0].TitleCode = "Drageføder", "7777"
			return intake.NightOptions{}, []string{"ask title " + p.ID + " Drageføder|" + held}
		}},
		{"a fraction set by hand", func(o *org.Organisation, _ *source.Extract, p *source.Person) (intake.NightOptions, []string) {
			held := o.Person(p.ID).Engagements[0].Fraction
			p.Engagements[0].States[0].Fraction = 0.5
			return intake.NightOptions{Hands: hands{"people." + p.ID + ".engagements.a.fraction"}}, []string{fmt.Sprintf("ask by-hand %s 0.5|%v", p.ID, held)}
		}},
		{"marries", func(_ *org.Organisation, _ *source.Extract, p *source.Person) (intake.NightOptions, []string) {
			p.States[len(p.States)-1].Surname = "Holm"
			return intake.NightOptions{}, []string{"name " + p.ID + " 2026-11-25 " + p.States[0].Given + " Holm"}
		}},
		{"an address is protected", func(_ *org.Organisation, _ *source.Extract, p *source.Person) (intake.NightOptions, []string) {
			p.States[len(p.States)-1].Shielded = true
			return intake.NightOptions{}, []string{"shield " + p.ID}
		}},
		{"goes on leave", func(_ *org.Organisation, _ *source.Extract, p *source.Person) (intake.NightOptions, []string) {
			p.Engagements[0].Leaves = []source.Leave{{Period: org.Period{From: "2026-12-01", To: "2027-03-31"}}}
			return intake.NightOptions{}, []string{"absence " + p.ID + " a 2026-12-01 2027-03-31"}
		}},
		{"never began", func(_ *org.Organisation, _ *source.Extract, p *source.Person) (intake.NightOptions, []string) {
			p.Engagements[0].Annulled, p.Engagements[0].States = true, nil
			return intake.NightOptions{}, []string{"annul " + p.ID + " a 2026-11-25"}
		}},
		{"vanishes", func(_ *org.Organisation, x *source.Extract, p *source.Person) (intake.NightOptions, []string) {
			id, no := p.ID, p.Engagements[0].Number
			x.People = slices.DeleteFunc(x.People, func(q source.Person) bool { return q.ID == id })
			return intake.NightOptions{}, []string{"ask vanished " + id + " " + no + "|a"}
		}},
		{"somebody new", func(_ *org.Organisation, x *source.Extract, p *source.Person) (intake.NightOptions, []string) {
			s := p.Engagements[0].States[0]
			s.From, s.Fraction = "2026-12-01", 0.8
			x.People = append(x.People, source.Person{ID: "ny", CPR: number, States: []source.PersonState{{Given: "Åse", Surname: "Ørnstrup"}},
				Engagements: []source.Engagement{{ID: "ny", Institution: "KB", Number: "99001", States: []source.EngagementState{s}}}})
			return intake.NightOptions{}, []string{"hire NEW UNIT " + s.TitleCode + " " + s.Type + " 2026-12-01 Åse Ørnstrup 99001 0.8"}
		}},
		{"somebody new of a known name", func(o *org.Organisation, x *source.Extract, p *source.Person) (intake.NightOptions, []string) {
			var other *org.Person
			for _, q := range o.People {
				if len(q.Associations) > 0 && len(q.Engagements) == 0 {
					other = q
				}
			}
			s := p.Engagements[0].States[0]
			s.From = "2026-12-01"
			x.People = append(x.People, source.Person{ID: "ny", States: []source.PersonState{{Given: other.Name.Given, Surname: other.Name.Surname}},
				Engagements: []source.Engagement{{ID: "ny", Institution: "KB", Number: "99001", States: []source.EngagementState{s}}}})
			return intake.NightOptions{}, []string{"ask same " + other.Key + " 99001|" + other.Key}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o, x := payrollOf(t)
			p := anybody(t, x, plain)
			opts, want := test.do(o, x, p)
			got := lines(night(t, o, x, opts))
			for i := range got {
				if strings.HasPrefix(got[i], "hire ") && i < len(want) {
					words := strings.Fields(got[i])
					want[i] = strings.NewReplacer("NEW", words[1], "UNIT", words[2]).Replace(want[i])
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestANightIsCut: a register that lacks many is not believed.
func TestANightIsCut(t *testing.T) {
	o, x := payrollOf(t)
	x.People = x.People[:len(x.People)/2]
	_, err := intake.Nightly(o, x, intake.NightOptions{Today: today, Most: 0.05})
	if !errors.Is(err, intake.ErrPartial) || !strings.Contains(err.Error(), "SD-Løn") {
		t.Errorf("%v", err)
	}
}

// ids are not asked for: what a night hires has its identity.
type ids struct{}

func (ids) Key() string    { return "pzzzzz9" }
func (ids) UUID() org.UUID { return "00000000-0000-4000-8000-000000000001" }

// TestCarriedOut: when what a night proposes has been carried out, the next night has nothing to say, and nothing in the
// files is wrong.
func TestCarriedOut(t *testing.T) {
	o, x := payrollOf(t)
	texts, err := org.ReadTexts(korsbaek.Files())
	if err != nil {
		t.Fatal(err)
	}
	var plain []*source.Person
	for i := range x.People {
		p := &x.People[i]
		if e := p.Engagements; len(e) == 1 && len(e[0].States) == 1 && e[0].States[0].To == "" && len(e[0].Leaves) == 0 && e[0].States[0].From < today {
			plain = append(plain, p)
		}
	}
	state := func(i int) *source.EngagementState { return &plain[i].Engagements[0].States[0] }
	from := func(i int, day org.Day, change func(*source.EngagementState)) {
		next := *state(i)
		state(i).To = day.Add(-1)
		next.From = day
		change(&next)
		plain[i].Engagements[0].States = append(plain[i].Engagements[0].States, next)
	}
	state(0).To = "2026-12-31"
	state(1).Fraction = 0.5
	from(2, "2027-01-01", func(s *source.EngagementState) { s.TitleCode, s.Title = "afdelingsleder", "Afdelingsleder" })
	from(3, "2026-11-01", func(s *source.EngagementState) { s.Unit = state(4).Unit })
	plain[5].States[len(plain[5].States)-1].Surname = "Holm"
	plain[6].States[len(plain[6].States)-1].Shielded = true
	plain[7].Engagements[0].Leaves = []source.Leave{{Period: org.Period{From: "2026-12-01", To: "2027-03-31"}}}
	joining := *state(8)
	joining.From, joining.Fraction = "2026-12-01", 0.8
	x.People = append(x.People, source.Person{ID: "ny", States: []source.PersonState{{Given: "Åse", Surname: "Ørnstrup"}}, Engagements: []source.Engagement{
		{ID: "ny", Institution: "KB", Number: "99001", States: []source.EngagementState{joining}},
		{ID: "ny2", Institution: "KB", Number: "99002", States: []source.EngagementState{joining}},
	}})
	proposed := night(t, o, x, intake.NightOptions{})
	if len(proposed.Proposals) < 8 || len(proposed.Questions) > 0 {
		t.Fatalf("%s", strings.Join(lines(proposed), "\n"))
	}
	s, err := propose.NewSession(texts, o, today, ids{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range proposed.Proposals {
		for _, c := range p.Changes {
			if _, err := s.Do(c); err != nil {
				t.Errorf("%s %s: %v", c.Do, c.Person, err)
			}
		}
	}
	is, findings, err := org.LoadAndCheck(s.Texts(), today)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range findings {
		if d.Severity == schema.Error {
			t.Errorf("%s", d)
		}
	}
	if again := lines(night(t, inStep(is), x, intake.NightOptions{})); len(again) > 0 {
		t.Errorf("the next night: %s", strings.Join(again, "\n"))
	}
}

package compare_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/source"
)

// leaverRow is somebody of whom payroll says only that they have left.
func leaverRow(number string) source.Person {
	return source.Person{ID: number, Engagements: []source.Engagement{{ID: number, Number: number, States: []source.EngagementState{{Period: org.Period{To: today}}}}}}
}

// register is one of a small crowd and of some more people.
func register(key string, says source.Says, people ...source.Person) *source.Extract {
	x := extract(key, says, crowd("p")...)
	x.People = append(x.People, people...)
	x.Sort()
	return x
}

// worked gives somebody's first job days.
func worked(p source.Person, from, to org.Day) source.Person {
	p.Engagements[0].States[0].Period = org.Period{From: from, To: to}
	return p
}

var os2moSays = source.Says{Tree: true, Leaders: true, Engagements: true, Accounts: true, History: true, Future: true, Numbers: true}

// TestGone: of whom a register says only that they have left is missed nowhere, and asked about never.
func TestGone(t *testing.T) {
	twoJobs := worked(someone("x; Hassan|Yilmaz; number:901; account:haya"), "2020-01-01", "2026-09-30")
	second := worked(someone("y; Hassan|Yilmaz; number:902"), "2020-01-01", "2026-09-30").Engagements[0]
	twoJobs.Engagements = append(twoJobs.Engagements, second)
	stays := someone("z; Hassan|Yilmaz; number:901")
	former := worked(someone("w; Hassan|Yilmaz; number:902"), "2020-01-01", "2026-09-30").Engagements[0]
	stays.Engagements = append(stays.Engagements, former)
	for _, test := range []struct {
		name  string
		lead  []source.Person
		other []source.Person
		says  source.Says
		same  map[string]string // by the leading one, of those who are not the crowd
		want  []string
	}{
		{"nobody has them", []source.Person{leaverRow("901")}, nil, directorySays, map[string]string{}, nil},
		{"two rows of one person", []source.Person{leaverRow("901"), leaverRow("902")}, []source.Person{twoJobs}, os2moSays, map[string]string{"901": "x"}, nil},
		{"a row beside the person", []source.Person{someone("1; Hassan|Yilmaz; number:901"), leaverRow("902")}, []source.Person{stays}, os2moSays, map[string]string{"1": "z"}, nil},
		{"with an account that is closed", []source.Person{leaverRow("901")}, []source.Person{closed(someone("x; Hassan|Yilmaz; number:901; account:haya"))}, directorySays,
			map[string]string{"901": "x"}, nil},
		{"with an account that is open", []source.Person{leaverRow("901")}, []source.Person{someone("x; Hassan|Yilmaz; number:901; account:haya")}, directorySays,
			map[string]string{"901": "x"}, []string{"account open: - / x haya"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := compare.Compare(register("pay", payrollSays, test.lead...), register("ad", test.says, test.other...))
			same := map[string]string{}
			for _, m := range c.People {
				if m.Answer == compare.Ask {
					t.Errorf("%s%s is asked about", m.Lead, m.Other)
				}
				if m.Answer == compare.Same && m.Lead[0] != 'p' {
					same[m.Lead] = m.Other
				}
			}
			if diff := cmp.Diff(test.same, same); diff != "" {
				t.Errorf("the same (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, lines(c.Differences())); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
		})
	}
}

func closed(p source.Person) source.Person {
	p.Accounts[0].Disabled = true
	return p
}

// TestLeft: who has left in one register and is here in another is only there.
func TestLeft(t *testing.T) {
	const left, here = "2026-09-30", ""
	mine := func(to org.Day) source.Person {
		return worked(someone("1; Hassan|Yilmaz; number:901"), "2020-01-01", to)
	}
	theirs := func(to org.Day) source.Person {
		return worked(someone("x; Hassan|Yilmaz; number:901; account:haya"), "2020-01-01", to)
	}
	account := someone("x; Hassan|Yilmaz; number:901; account:haya")
	for _, test := range []struct {
		name        string
		lead, other source.Person
		says        source.Says
		want        []string
	}{
		{"an open account", mine(left), account, directorySays, []string{"account open: - / x haya"}},
		{"a closed account", mine(left), closed(someone("x; Hassan|Yilmaz; number:901; account:haya")), directorySays, nil},
		{"here in both", mine(here), account, directorySays, nil},
		{"still in OS2mo", mine(left), theirs(here), os2moSays, []string{"person only: - / x"}},
		{"left in both", mine(left), theirs(left), os2moSays, nil},
		{"left in OS2mo alone", mine(here), theirs(left), os2moSays, []string{"person only: 1 / -"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := compare.Compare(register("pay", payrollSays, test.lead), register("other", test.says, test.other))
			if diff := cmp.Diff(test.want, lines(c.Differences())); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
		})
	}
}

// TestMissingInARegisterOfPeople: who is missing in a register that has people without accounts too lacks more than
// an account.
func TestMissingInARegisterOfPeople(t *testing.T) {
	for _, test := range []struct {
		name string
		says source.Says
		want []string
	}{
		{"a directory", directorySays, []string{"account without person: - / x haya", "person without account: 1 901 / -"}},
		{"OS2mo", os2moSays, []string{"person only: - / x", "person only: 1 / -"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := compare.Compare(register("pay", payrollSays, someone("1; Øyvind|Ågård; number:901")), register("other", test.says, someone("x; Hassan|Yilmaz; account:haya")))
			if diff := cmp.Diff(test.want, lines(c.Differences())); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAccountClosed: whoever works here and cannot log in is a difference, unless there is a reason for it.
func TestAccountClosed(t *testing.T) {
	const day org.Day = today
	account := func(change func(*source.Account)) source.Person {
		p := someone("x; Hassan|Yilmaz; number:901; account:haya")
		change(&p.Accounts[0])
		return p
	}
	disabled := func(a *source.Account) { a.Disabled = true }
	employed := func(from, to org.Day, leaves ...source.Leave) source.Person {
		p := worked(someone("1; Hassan|Yilmaz; number:901"), from, to)
		p.Engagements[0].Leaves = leaves
		return p
	}
	away := source.Leave{Period: org.Period{From: day.Add(-9), To: day}}
	over := source.Leave{Period: org.Period{From: day.Add(-9), To: day.Add(-1)}}
	open := away
	open.KeepsAccounts = true
	suspended := employed("2020-01-01", "")
	suspended.Accounts = []source.Account{{ID: "1", System: "ad", Name: "haya", Disabled: true}}
	second := employed("2020-01-01", "", away)
	second.Engagements = append(second.Engagements, source.Engagement{ID: "2", Number: "902", States: []source.EngagementState{{Period: org.Period{From: "2020-01-01"}}}})
	spare := account(disabled)
	spare.Accounts = append(spare.Accounts, source.Account{ID: "adm", System: "ad", Name: "adm-haya", Kind: org.AccountAdmin})
	both := account(disabled)
	both.Accounts = append(both.Accounts, source.Account{ID: "new", System: "ad", Name: "haya2"})
	found := []string{"account closed: 1 / x haya"}
	for _, test := range []struct {
		name        string
		lead, other source.Person
		want        []string
	}{
		{"disabled", employed("2020-01-01", ""), account(disabled), found},
		{"expired", employed("2020-01-01", ""), account(func(a *source.Account) { a.To = day.Add(-1) }), found},
		{"open", employed("2020-01-01", ""), account(func(*source.Account) {}), nil},
		{"the last day at work", employed("2020-01-01", day), account(disabled), found},
		{"has left", employed("2020-01-01", day.Add(-1)), account(disabled), nil},
		{"begins tomorrow", employed(day.Add(1), ""), account(disabled), nil},
		{"away", employed("2020-01-01", "", away), account(disabled), nil},
		{"back again", employed("2020-01-01", "", over), account(disabled), found},
		{"away with open accounts", employed("2020-01-01", "", open), account(disabled), found},
		{"away from one of two jobs", second, account(disabled), found},
		{"suspended", suspended, account(disabled), nil},
		{"only the account to administer with is open", employed("2020-01-01", ""), spare, []string{"account closed: 1 / x haya+adm-haya"}},
		{"another account is open", employed("2020-01-01", ""), both, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := compare.Compare(register("pay", payrollSays, test.lead), register("ad", directorySays, test.other))
			if diff := cmp.Diff(test.want, lines(c.Differences())); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
		})
	}
}

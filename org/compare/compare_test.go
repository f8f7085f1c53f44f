package compare_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/internal/cpr/cprtest"
	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/source"
)

const today = "2026-12-01"

// someone is a person as tests write them: id, given|surname, and then fields such as number:7, cpr:3,
// unit:a, title:Lærer, phone:12345678, mail:x, account:x, called:Nille Holm, institution:XY, manager:id.
func someone(text string) source.Person {
	parts := strings.Split(text, "; ")
	p := source.Person{ID: parts[0], States: []source.PersonState{{Addresses: map[string]string{}}}, Origin: source.Origin{Document: "test", Record: parts[0]}}
	state := &p.States[0]
	state.Given, state.Surname, _ = strings.Cut(parts[1], "|")
	job := source.Engagement{ID: "e" + p.ID, States: []source.EngagementState{{}}}
	account := source.Account{System: "ad"}
	for _, field := range parts[2:] {
		what, value, _ := strings.Cut(field, ":")
		switch what {
		case "number":
			job.Number = value
		case "institution":
			job.Institution = value
		case "cpr":
			p.CPR = invented(value)
		case "unit":
			job.States[0].Unit = value
		case "title":
			job.States[0].Title = value
		case "phone":
			state.Addresses["phone"] = value
		case "mail":
			state.Addresses["email"] = value
		case "called":
			state.Called = value
		case "manager":
			state.Manager = value
		case "account":
			account.Name = value
		case "kind":
			account.Kind = value
		case "accountNumber":
			account.Number = value
		default:
			panic("test: unknown field " + what)
		}
	}
	p.Engagements = []source.Engagement{job}
	if account.Name != "" || account.Number != "" {
		p.Accounts = []source.Account{account}
	}
	return p
}

func invented(text string) cpr.Number {
	var i int
	if _, err := fmt.Sscan(text, &i); err != nil {
		panic(err)
	}
	n, err := cpr.Parse(cprtest.Invented(i))
	if err != nil {
		panic(err)
	}
	return n
}

// place is a unit: id, name, the unit above.
func place(text string) source.Unit {
	parts := strings.Split(text, "; ")
	state := source.UnitState{Name: parts[1]}
	for _, field := range parts[2:] {
		what, value, _ := strings.Cut(field, ":")
		switch what {
		case "under":
			state.Parent = value
		case "code":
			state.Code = value
		}
	}
	return source.Unit{ID: parts[0], States: []source.UnitState{state}, Origin: source.Origin{Document: "test", Record: "unit " + parts[0]}}
}

// extract is a register of lines: those that begin with "unit " are units, the others people.
func extract(key string, says source.Says, lines ...string) *source.Extract {
	x := &source.Extract{Source: key, Day: today, Says: says}
	for _, line := range lines {
		if rest, ok := strings.CutPrefix(line, "unit "); ok {
			x.Units = append(x.Units, place(rest))
		} else {
			x.People = append(x.People, someone(line))
		}
	}
	x.Sort()
	return x
}

var (
	payrollSays   = source.Says{Tree: true, Leaders: true, Engagements: true, Numbers: true, CPR: true}
	directorySays = source.Says{Tree: true, Leaders: true, Accounts: true, Numbers: true}
)

// short writes matches as "lead=other", "lead?candidate,candidate" and "lead!" or "!other".
func short(matches []compare.Match) []string {
	var list []string
	for _, m := range matches {
		var candidates []string
		for _, c := range m.Candidates {
			candidates = append(candidates, c.ID)
		}
		switch {
		case m.Answer == compare.Same:
			list = append(list, m.Lead+"="+m.Other)
		case m.Answer == compare.Ask && m.Lead != "":
			list = append(list, m.Lead+"?"+strings.Join(candidates, ","))
		case m.Answer == compare.Ask:
			list = append(list, strings.Join(candidates, ",")+"?"+m.Other)
		case m.Lead != "":
			list = append(list, m.Lead+"!")
		default:
			list = append(list, "!"+m.Other)
		}
	}
	return list
}

func TestPeople(t *testing.T) {
	units := []string{"unit a; Østre Skole", "unit b; Vestre Skole", "unit c; Plejecenter Solgården", "unit d; Biblioteket", "unit e; Musikskolen"}
	for _, test := range []struct {
		name        string
		lead, other []string
		want        []string
	}{
		{"number", []string{"1; Anna|Holm; number:11003"}, []string{"x; Anna|Holm; number:11003"}, []string{"1=x"}},
		{"number without its zeros", []string{"1; Anna|Holm; number:00113"}, []string{"x; Anna|Holm; accountNumber:113"}, []string{"1=x"}},
		{"number of an institution", []string{"1; Anna|Holm; number:1003; institution:XY", "2; Anna|Holm; number:1003; institution:ZZ"},
			[]string{"x; Anna|Holm; accountNumber:ZZ-1003"}, []string{"1!", "2=x"}},
		{"CPR", []string{"1; Anna|Holm; cpr:1"}, []string{"x; Anna|Holm; cpr:1"}, []string{"1=x"}},
		{"account", []string{"1; Anna|Holm; account:anho"}, []string{"x; Anna|Holm; account:ANHO"}, []string{"1=x"}},
		{"mail", []string{"1; Anna|Holm; mail:anna@x.invalid"}, []string{"x; Anna|Holm; mail:Anna@x.invalid"}, []string{"1=x"}},
		{"number, married", []string{"1; Anna Sofie|Holm; number:11003; unit:a"}, []string{"x; Anna Sofie|Lund; number:11003; unit:a"}, []string{"1=x"}},
		{"number, nickname", []string{"1; Pernille|Holm; number:11003"}, []string{"x; Nille|Holm; number:11003"}, []string{"1=x"}},
		{"number, swapped", []string{"1; Jens|Frederiksen Holm; number:11003"}, []string{"x; Frederiksen Holm|Jens; number:11003"}, []string{"1=x"}},
		{"number, initial", []string{"1; Anna|Holm; number:11003"}, []string{"x; A.|Holm; number:11003"}, []string{"1=x"}},
		{"number, quite other name", []string{"1; Anna|Holm; number:11003; unit:a"}, []string{"x; Bo|Kjær; number:11003; unit:a"}, []string{"1?x"}},
		{"number, other CPR", []string{"1; Anna|Holm; number:11003; cpr:1; mail:a@x.invalid"}, []string{"x; Anna|Holm; number:11003; cpr:2; mail:a@x.invalid"}, []string{"1?x"}},
		{"CPR, quite other name", []string{"1; Anna|Holm; cpr:1"}, []string{"x; Bo|Kjær; cpr:1"}, []string{"1?x"}},
		{"number, other given name", []string{"1; Anna|Åkjær; number:11003; unit:d"}, []string{"x; Bo|Åkjær; number:11003; unit:d"}, []string{"1?x"}},
		{"CPR and number, other given name", []string{"1; Anna|Åkjær; number:11003; cpr:1"}, []string{"x; Bo|Åkjær; number:11003; cpr:1"}, []string{"1=x"}},
		{"a couple", []string{"1; Anna|Åkjær Holst; unit:d; phone:12345678; title:Lærer"}, []string{"x; Bo|Åkjær Holst; unit:d; phone:12345678; title:Lærer"}, []string{"1?x"}},
		{"an administrator's second account", []string{"1; Anna|Holm; number:11003"},
			[]string{"x; Anna|Holm; number:11003; account:anho", "y; Anna|Holm; number:11003; account:adm-anho; kind:admin"}, []string{"1=x", "1?y"}},
		{"number twice", []string{"1; Anna|Holm; number:11003"}, []string{"x; Anna|Holm; number:11003", "y; Anna|Holm; number:11003"}, []string{"1?x,y"}},
		{"number with a second account of another name", []string{"1; Anna|Holm; number:11003; mail:a@x.invalid"},
			[]string{"x; Anna|Holm; number:11003; mail:a@x.invalid", "y; Administrator|Nord; number:11003"}, []string{"1=x", "1?y"}},
		{"letters, unit, title", []string{"1; Søren|Åkjær; unit:a; title:Lærer"}, []string{"x; Soeren|Aakjaer; unit:a; title:Lærer"}, []string{"1=x"}},
		{"accents of two kinds", []string{"1; René|Bækgård; unit:a"}, []string{"x; Rene\u0301|Bækga\u030ard; unit:a"}, []string{"1=x"}},
		{"two of one name, told apart by unit", []string{"1; Mette|Åkjær Holst; unit:d", "2; Mette|Åkjær Holst; unit:e"},
			[]string{"x; Mette|Åkjær Holst; unit:e", "y; Mette|Åkjær Holst; unit:d"}, []string{"1=y", "2=x"}},
		{"two of one name, told apart by nothing", []string{"1; Mette|Jensen; unit:a", "2; Mette|Jensen; unit:a"},
			[]string{"x; Mette|Jensen; unit:a", "y; Mette|Jensen; unit:a"}, []string{"1?x,y", "2?x,y"}},
		{"one name, other CPR", []string{"1; Mette|Jensen; cpr:1; unit:a"}, []string{"x; Mette|Jensen; cpr:2; unit:c"}, []string{"1!", "!x"}},
		{"nobody", []string{"1; Mette|Jensen; unit:a"}, []string{"x; Hassan|Yilmaz; unit:b"}, []string{"1!", "!x"}},
		{"no names", []string{"1; |; number:7"}, []string{"x; |; number:7"}, []string{"1=x"}},
		{"nothing at all", []string{"1; |"}, []string{"x; |"}, []string{"1!", "!x"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := compare.Compare(extract("pay", payrollSays, slices.Concat(units, crowd("p"), test.lead)...),
				extract("ad", directorySays, slices.Concat(units, crowd("q"), test.other)...))
			got := slices.DeleteFunc(short(c.People), func(s string) bool { return strings.HasPrefix(s, "p") || strings.HasPrefix(s, "!q") })
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("answers (-want +got):\n%s", diff)
				for _, m := range c.People {
					if !strings.HasPrefix(m.Lead, "p") {
						t.Logf("%+v", m)
					}
				}
			}
		})
	}
}

// crowd are sixty people who have nothing to do with the case.
func crowd(prefix string) []string {
	given := strings.Fields("Lars Hanne Ole Kirsten Per Inge Finn Birthe Kurt Lone Erik Tove")
	surnames := strings.Fields("Madsen Olsen Thomsen Bruun Winther")
	var list []string
	for i, g := range given {
		for j, s := range surnames {
			n := i*len(surnames) + j
			list = append(list, fmt.Sprintf("%s%02d; %s|%s; number:9%03d; unit:%c; title:Pædagog", prefix, n, g, s, n, 'a'+rune(n%3)))
		}
	}
	return list
}

func TestUnits(t *testing.T) {
	for _, test := range []struct {
		name        string
		lead, other []string
		want        []string
	}{
		{"code", []string{"unit 1; Østre Skole; code:1020"}, []string{"unit x; Østre Skole; code:1020"}, []string{"1=x"}},
		{"code, quite other name", []string{"unit 1; Østre Skole; code:1020"}, []string{"unit x; Materielgården; code:1020"}, []string{"1?x"}},
		{"name", []string{"unit 1; Østre Skole", "unit 2; Bakken; under:1"}, []string{"unit x; Oestre skole", "unit y; Bakken; under:x"}, []string{"1=x", "2=y"}},
		{"one name in two places",
			[]string{"unit 1; Østre Skole", "unit 2; Vestre Skole", "unit 3; Køkken; under:1", "unit 4; Køkken; under:2"},
			[]string{"unit w; Østre Skole", "unit x; Vestre Skole", "unit y; Køkken; under:x", "unit z; Køkken; under:w"},
			[]string{"1=w", "2=x", "3=z", "4=y"}},
		{"teams are no slips of each other", []string{"unit 1; Hjemmeplejen; code:10", "unit 2; Team A; under:1"},
			[]string{"unit x; Hjemmeplejen; code:10", "unit y; Team B; under:x"}, []string{"1=x", "2!", "!y"}},
		{"typing", []string{"unit 1; Plejecenter Solgården; code:10", "unit 2; Rehabilitering; under:1"},
			[]string{"unit x; Plejecenter Solgården; code:10", "unit y; Rehabilitreing; under:x"}, []string{"1=x", "2?y"}},
		{"a circle", []string{"unit 1; Østre Skole; under:2", "unit 2; Bakken; under:1"}, []string{"unit x; Østre Skole; under:y", "unit y; Bakken; under:x"}, []string{"1=x", "2=y"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := compare.Compare(extract("pay", payrollSays, test.lead...), extract("ad", directorySays, test.other...))
			if diff := cmp.Diff(test.want, short(c.Units)); diff != "" {
				t.Errorf("answers (-want +got):\n%s\n%+v", diff, c.Units)
			}
		})
	}
}

// TestReasons holds what a match rests on, and that a CPR number is in none of it.
func TestReasons(t *testing.T) {
	lead := extract("pay", payrollSays, slices.Concat(crowd("p"), []string{"1; Søren|Bæk; number:11003; cpr:5; phone:+4511112222", "unit a; Skole"})...)
	other := extract("ad", directorySays, slices.Concat(crowd("q"), []string{"x; Soeren|Lund; accountNumber:11003; cpr:5; phone:11112222", "unit a; Skole"})...)
	for _, m := range compare.Compare(lead, other).People {
		if m.Lead != "1" {
			continue
		}
		var got []string
		for _, r := range m.Candidates[0].Reasons {
			got = append(got, fmt.Sprintf("%s %s %q %q", r.Field, r.Level, r.Lead, r.Other))
			if r.Level == compare.Differs == (r.Bits > 0) {
				t.Errorf("%s %s weighs %.1f bits", r.Field, r.Level, r.Bits)
			}
		}
		want := []string{`CPR equal "" ""`, `number equal "11003" "11003"`, `given name equal "Søren" "Soeren"`, `surname differs "Bæk" "Lund"`, `phone equal "+4511112222" "11112222"`}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("reasons (-want +got):\n%s", diff)
		}
		if text := fmt.Sprintf("%+v", m); strings.Contains(text, cprtest.Invented(5)) {
			t.Error("a CPR number stands in a match")
		}
		return
	}
	t.Error("the person has no match")
}

// TestEverybodyHasOneAnswer: a match of their own, or a candidate of one.
func TestEverybodyHasOneAnswer(t *testing.T) {
	lead, other := extract("pay", payrollSays, crowd("p")...), extract("ad", directorySays, append(crowd("q"), "x; Lars|Madsen; number:9000")...)
	c := compare.Compare(lead, other)
	seen := map[string]int{}
	for _, m := range c.People {
		seen[m.Lead]++
		seen[m.Other]++
		if m.Answer == compare.Ask && m.Lead != "" {
			for _, candidate := range m.Candidates {
				seen[candidate.ID] = 1
			}
		}
	}
	for _, p := range slices.Concat(lead.People, other.People) {
		if seen[p.ID] != 1 {
			t.Errorf("%s has %d answers", p.ID, seen[p.ID])
		}
	}
	if diff := cmp.Diff(short(c.People), short(compare.Compare(lead, other).People)); diff != "" {
		t.Errorf("two runs differ:\n%s", diff)
	}
}

func TestEmptyExtracts(t *testing.T) {
	nothing := &source.Extract{Day: today}
	some := extract("pay", payrollSays, crowd("p")...)
	for _, list := range compare.All(nothing, nothing, some) {
		if len(list.Differences()) != 0 {
			t.Errorf("an extract that says nothing differs: %+v", list.Differences()[0])
		}
	}
	if got := len(compare.Compare(some, nothing).People); got != len(some.People) {
		t.Errorf("%d answers for %d people", got, len(some.People))
	}
}

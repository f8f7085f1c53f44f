package sd_test

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"orgit.dk/orgit/internal/cpr/cprtest"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/sd"
)

// told answers with what a test tells of each service, by institution where that matters. It
// keeps the questions.
type told struct {
	records map[string]string // by service, or service and institution, or service and effective date
	asked   []string
}

func (a *told) Ask(_ context.Context, service string, parameters url.Values) (io.ReadCloser, error) {
	institution, day := parameters.Get("InstitutionIdentifier"), parameters.Get("EffectiveDate")
	a.asked = append(a.asked, strings.TrimSpace(service+" "+institution+" "+day))
	text, found := a.records[service+" "+day]
	if !found {
		text, found = a.records[service+" "+institution]
	}
	if !found {
		text = a.records[service]
	}
	var echo strings.Builder
	for _, name := range []string{"InstitutionIdentifier", "EffectiveDate", "ActivationDate", "DeactivationDate", "DepartmentUUIDIdentifier"} {
		value := parameters.Get(name)
		if value == "" {
			continue
		}
		if len(value) == 10 && value[2] == '.' {
			value = value[6:] + "-" + value[3:5] + "-" + value[:2]
		}
		fmt.Fprintf(&echo, "<%s>%s</%s>", name, value, name)
	}
	return io.NopCloser(strings.NewReader("<" + service + "><RequestStructure>" + echo.String() + "</RequestStructure>" + text + "</" + service + ">")), nil
}

func always() string {
	return "<ActivationDate>2018-01-01</ActivationDate><DeactivationDate>9999-12-31</DeactivationDate>"
}

func period(from, to string) string {
	return "<ActivationDate>" + from + "</ActivationDate><DeactivationDate>" + to + "</DeactivationDate>"
}

func status(code, from, to string) string {
	return "<EmploymentStatus>" + period(from, to) + "<EmploymentStatusCode>" + code + "</EmploymentStatusCode></EmploymentStatus>"
}

func inUnit(id, from, to string) string {
	return "<EmploymentDepartment>" + period(from, to) + "<DepartmentUUIDIdentifier>" + id + "</DepartmentUUIDIdentifier></EmploymentDepartment>"
}

func someone(cpr string, employments ...string) string {
	return "<Person><PersonCivilRegistrationIdentifier>" + cpr + "</PersonCivilRegistrationIdentifier>" + strings.Join(employments, "") + "</Person>"
}

func employment(number, rest string) string {
	return "<Employment><EmploymentIdentifier>" + number + "</EmploymentIdentifier><EmploymentDate>2020-01-01</EmploymentDate>" + rest + "</Employment>"
}

func named(cpr, surname string, employments ...string) string {
	return strings.Replace(someone(cpr, employments...), "</PersonCivilRegistrationIdentifier>",
		"</PersonCivilRegistrationIdentifier><PersonGivenName>Laura</PersonGivenName><PersonSurnameName>"+surname+"</PersonSurnameName>", 1)
}

// korsbaek answers for a municipality of a unit in which Laura Holm, Invented(1), is employed.
func korsbaek() *told {
	job := employment("11001", status("1", "2020-01-01", "9999-12-31")+inUnit(topp, "2018-01-01", "9999-12-31")+"<Profession>"+always()+"<EmploymentName>Vikar</EmploymentName></Profession>")
	return &told{records: map[string]string{
		"GetEmployment20111201":  someone(cprtest.Invented(1), job),
		"GetPerson20111201":      named(cprtest.Invented(1), "Holm", "<Employment><EmploymentIdentifier>11001</EmploymentIdentifier></Employment>"),
		"GetInstitution20111201": "<Region><Institution><InstitutionIdentifier>TA</InstitutionIdentifier></Institution><Institution><InstitutionIdentifier>TB</InstitutionIdentifier></Institution></Region>",
		"GetDepartment20111201 TA": "<Department>" + always() + "<DepartmentIdentifier>TOPP</DepartmentIdentifier><DepartmentUUIDIdentifier>" + topp + "</DepartmentUUIDIdentifier>" +
			"<DepartmentName>Korsbæk</DepartmentName></Department>",
	}}
}

func readAll(t *testing.T, a *told, institutions ...string) *source.Extract {
	t.Helper()
	x, err := sd.Read(context.Background(), a, sd.Options{Day: "2026-09-01", Institutions: institutions})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestStatus: what each status, and what none, means for an employment since 2020.
func TestStatus(t *testing.T) {
	tests := []struct {
		name, told string
		want       []string
		leaves     string
		annulled   bool
		notes      []string
	}{
		{"in pay", status("1", "2020-01-01", "9999-12-31"), []string{"2020-01-01 to "}, "", false, nil},
		{"not in pay", status("0", "2020-01-01", "9999-12-31"), []string{"2020-01-01 to "}, "", false, nil},
		{"a conflict", status("1", "2020-01-01", "2026-08-31") + status("4", "2026-09-01", "9999-12-31"), []string{"2020-01-01 to "}, "", false, nil},
		{"leave for a time", status("1", "2020-01-01", "2026-08-31") + status("3", "2026-09-01", "2026-10-31") + status("1", "2026-11-01", "9999-12-31"),
			[]string{"2020-01-01 to "}, "2026-09-01 to 2026-10-31", false, nil},
		{"leave without an end", status("3", "2026-09-01", "9999-12-31"), []string{"2020-01-01 to "}, "2026-09-01 to ", false, nil},
		{"leaves", status("1", "2020-01-01", "2026-09-30") + status("8", "2026-10-01", "9999-12-31"), []string{"2020-01-01 to 2026-09-30"}, "", false, nil},
		{"in pension", status("9", "2026-09-01", "9999-12-31"), []string{"2020-01-01 to 2026-08-31"}, "", false, nil},
		{"emigrated or dead", status("7", "2026-09-01", "9999-12-31"), []string{"2020-01-01 to 2026-08-31"}, "", false, nil},
		{"left on the day of coming", status("8", "2020-01-01", "9999-12-31"), nil, "", false, nil},
		{"left and came again", status("1", "2020-01-01", "2021-12-31") + status("8", "2022-01-01", "2026-08-31") + status("1", "2026-09-01", "9999-12-31"),
			[]string{"2020-01-01 to 2021-12-31", "2026-09-01 to "}, "", false, nil},
		{"deleted", status("S", "2026-09-01", "9999-12-31"), nil, "", true, nil},
		{"nothing follows", status("1", "2020-01-01", "2026-12-31"), []string{"2020-01-01 to "}, "", false, []string{"status"}},
		{"a gap", status("1", "2020-01-01", "2021-12-31") + status("1", "2022-02-01", "9999-12-31"), []string{"2020-01-01 to 2021-12-31", "2022-02-01 to "}, "", false, []string{"status"}},
		{"nothing", "", nil, "", false, []string{"status"}},
	}
	for _, test := range tests {
		a := korsbaek()
		title := "<Profession>" + always() + "<EmploymentName>Vikar</EmploymentName></Profession>"
		a.records["GetEmployment20111201 01.09.2026"] = someone(cprtest.Invented(1), employment("11001", test.told+inUnit(topp, "2018-01-01", "9999-12-31")+title))
		a.records["GetPerson20111201 01.09.2026"] = named(cprtest.Invented(1), "Holm", "<Employment><EmploymentIdentifier>11001</EmploymentIdentifier></Employment>")
		x := readAll(t, a, "TA")
		_, e := engagement(t, x, "11001")
		var got []string
		for _, s := range e.States {
			got = append(got, string(s.From+" to "+s.To))
		}
		expect(t, test.name, got, test.want...)
		leaves := ""
		for _, l := range e.Leaves {
			leaves += string(l.From + " to " + l.To)
		}
		if leaves != test.leaves || e.Annulled != test.annulled {
			t.Errorf("%s: leaves %s, annulled %v", test.name, leaves, e.Annulled)
		}
		expect(t, test.name+": notes", notes(x, "employment TA/11001"), test.notes...)
	}
}

// TestPersonInTwoInstitutions: one CPR number is one person, whatever institution pays them.
func TestPersonInTwoInstitutions(t *testing.T) {
	a := korsbaek()
	job := status("1", "2020-01-01", "9999-12-31") + inUnit(topp, "2018-01-01", "9999-12-31")
	a.records["GetEmployment20111201 TA"] = someone(cprtest.Invented(1), employment("20001", job)) + someone("0000000000", employment("11004", job))
	a.records["GetDepartment20111201 TB"] = strings.NewReplacer("TOPP", "TBTOP", topp, skol).Replace(a.records["GetDepartment20111201 TA"])
	a.records["GetPerson20111201"] = named(cprtest.Invented(3), "Varnæs")
	a.records["GetEmployment20111201 TB"] = someone(cprtest.Hyphened(1), employment("11001", job)) + someone("", employment("11004", job))
	x := readAll(t, a, "TA", "TB")
	var got []string
	for _, p := range x.People {
		ids := p.ID + ":"
		for _, e := range p.Engagements {
			ids += " " + e.ID + "=" + e.Institution + "+" + e.Number
		}
		got = append(got, ids)
	}
	expect(t, "people", got, "TA/11004: TA/11004=TA+11004", "TB/11001: TB/11001=TB+11001 TA/20001=TA+20001", "TB/11004: TB/11004=TB+11004")
	expect(t, "notes on the person without a CPR number", notes(x, "employment TA/11004"), "cpr", "unknown-title", "name")
}

// TestPersonOfTheFuture: who is named on no answer of the day is asked for on the day on which
// they begin.
func TestPersonOfTheFuture(t *testing.T) {
	a := korsbaek()
	job := strings.Replace(employment("11009", status("1", "2026-10-01", "9999-12-31")+inUnit(topp, "2026-10-01", "9999-12-31")), "2020-01-01", "2026-10-01", 1)
	a.records["GetEmploymentChanged20111201"] = someone(cprtest.Invented(2), job)
	a.records["GetPerson20111201 01.10.2026"] = named(cprtest.Invented(2), "Müller", "<Employment><EmploymentIdentifier>11009</EmploymentIdentifier></Employment>")
	x := readAll(t, a, "TA")
	if p, e := engagement(t, x, "11009"); p.States[0].Surname != "Müller" || e.States[0].From != "2026-10-01" {
		t.Errorf("the person is %+v", p)
	}
	if got := a.asked[len(a.asked)-1]; got != "GetPerson20111201 TA 01.10.2026" {
		t.Errorf("asked last: %s", got)
	}
}

// TestUnitOfTheFuture: a unit that begins later has the place that it begins in.
func TestUnitOfTheFuture(t *testing.T) {
	a := korsbaek()
	a.records["GetDepartment20111201 TA"] += "<Department>" + period("2026-10-01", "9999-12-31") + "<DepartmentIdentifier>NY01</DepartmentIdentifier><DepartmentUUIDIdentifier>" + tomm + "</DepartmentUUIDIdentifier></Department>"
	a.records["GetDepartmentParent20190701 01.10.2026"] = "<DepartmentParent><DepartmentUUIDIdentifier>" + topp + "</DepartmentUUIDIdentifier></DepartmentParent>"
	a.records["GetEmployment20111201"] = someone(cprtest.Invented(1), employment("11001", status("1", "2020-01-01", "9999-12-31")+inUnit(tomm, "2020-01-01", "9999-12-31")))
	x := readAll(t, a, "TA")
	expect(t, "places", parents(x), "NY01 under TOPP", "TOPP under ")
	expect(t, "notes on who is there already", notes(x, "employment TA/11001"), "unit-days", "unknown-title")
}

// TestShielded: a protected address shields the person, and no phone is taken.
func TestShielded(t *testing.T) {
	a := korsbaek()
	a.records["GetEmployment20111201"] = someone(cprtest.Invented(1), employment("11001", status("1", "2020-01-01", "9999-12-31")))
	a.records["GetPerson20111201"] = named(cprtest.Invented(1), "Holm", "<PostalAddress><StandardAddressIdentifier>**ADRESSEBESKYTTET**</StandardAddressIdentifier></PostalAddress>",
		"<Employment><EmploymentIdentifier>11001</EmploymentIdentifier><ContactInformation><TelephoneNumberIdentifier>99980021</TelephoneNumberIdentifier>"+
			"<EmailAddressIdentifier>laura@korsbaek.example</EmailAddressIdentifier></ContactInformation></Employment>")
	p, _ := engagement(t, readAll(t, a, "TA"), "11001")
	if s := p.States[0]; !s.Shielded || s.Addresses["phone"] != "" || s.Addresses["email"] != "laura@korsbaek.example" {
		t.Errorf("the person is %+v", p)
	}
}

// TestDoubt: what contradicts itself is read once, with a note.
func TestDoubt(t *testing.T) {
	job := employment("11001", status("1", "2020-01-01", "9999-12-31")+inUnit(topp, "2018-01-01", "9999-12-31")+"<Profession>"+always()+"<EmploymentName>Vikar</EmploymentName></Profession>")
	person := named(cprtest.Invented(1), "Holm", "<Employment><EmploymentIdentifier>11001</EmploymentIdentifier></Employment>")
	reference := func(id, within string) string {
		return "<DepartmentReference><DepartmentUUIDIdentifier>" + id + "</DepartmentUUIDIdentifier>" + within + "</DepartmentReference>"
	}
	tests := []struct {
		name   string
		change func(*told)
		want   string
	}{
		{"an employment under two CPR numbers", func(a *told) { a.records["GetEmploymentChanged20111201"] = someone(cprtest.Invented(2), job) }, "employment TA/11001 several"},
		{"somebody with two names", func(a *told) { a.records["GetPerson20111201"] += strings.ReplaceAll(person, "Holm", "Varnæs") }, "employment TA/11001 name"},
		{"a person without an employment", func(a *told) { a.records["GetPerson20111201"] += named(cprtest.Invented(2), "Varnæs") }, "person nobody"},
		{"a unit in two places", func(a *told) {
			a.records["GetOrganization20111201"] = "<Organization>" + always() + reference(topp, "") + reference(topp, reference(skol, "")) + "</Organization>"
		}, "unit " + topp + " parents"},
		{"a unit twice on the same days", func(a *told) { a.records["GetDepartment20111201 TA"] += a.records["GetDepartment20111201 TA"] }, "unit TOPP double"},
		{"an unknown unit", func(a *told) {
			a.records["GetEmployment20111201"] = strings.ReplaceAll(someone(cprtest.Invented(1), job), topp, skol)
		}, "employment TA/11001 unknown-unit"},
		{"a unit that is left out", func(a *told) {
			a.records["GetEmployment20111201"] = strings.ReplaceAll(someone(cprtest.Invented(1), job), topp, skol)
			a.records["GetDepartment20111201 TA"] += strings.NewReplacer("TOPP", "XOLD", topp, skol).Replace(a.records["GetDepartment20111201 TA"])
		}, "employment TA/11001 skipped-unit"},
	}
	for _, test := range tests {
		a := korsbaek()
		a.records["GetEmployment20111201"], a.records["GetPerson20111201"] = someone(cprtest.Invented(1), job), person
		test.change(a)
		x, err := sd.Read(context.Background(), a, sd.Options{Day: "2026-09-01", Institutions: []string{"TA"}, SkipUnits: regexp.MustCompile("^X")})
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		var got []string
		for _, n := range x.Notes {
			got = append(got, n.Record+" "+n.Code)
		}
		expect(t, test.name, got, test.want)
		if len(x.People) != 1 || len(x.People[0].Engagements) != 1 {
			t.Errorf("%s: the people are %+v", test.name, x.People)
		}
	}
}

// TestNoQuestionNamesAPerson: what is asked never holds a CPR number.
func TestNoQuestionNamesAPerson(t *testing.T) {
	a := korsbaek()
	a.records["GetEmployment20111201"] = someone(cprtest.Invented(1), employment("11001", status("1", "2020-01-01", "9999-12-31")))
	x := readAll(t, a, "TA")
	if shown := strings.Join(a.asked, " ") + fmt.Sprintf("%+v", x); strings.Contains(shown, cprtest.Invented(1)) {
		t.Error("a CPR number is shown")
	}
	if len(a.asked) < 8 {
		t.Errorf("asked: %v", a.asked)
	}
}

func TestOptions(t *testing.T) {
	good := sd.Options{Day: "2026-09-01", Institutions: []string{"TA"}}
	tests := []struct {
		change func(*sd.Options)
		want   string
	}{
		{func(o *sd.Options) { o.Day = "" }, "the day for which SD is asked"},
		{func(o *sd.Options) { o.Institutions = nil }, "no institution"},
		{func(o *sd.Options) { o.Institutions = []string{"TA", "TA&x=y"} }, "institution 2 is not named by its code"},
		{func(o *sd.Options) { o.Since = "2026-07-01" }, "last 30 days"},
		{func(o *sd.Options) { o.Since = "2026-09-02" }, "last 30 days"},
	}
	for _, test := range tests {
		o := good
		test.change(&o)
		if _, err := sd.Read(context.Background(), korsbaek(), o); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want %q", err, test.want)
		}
	}
}

// TestInstitutionsAreWhole: where a service tells of nothing, that is no municipality without
// employees.
func TestInstitutionsAreWhole(t *testing.T) {
	for service, want := range map[string]string{
		"GetDepartment20111201": "GetDepartment20111201 tells of no unit", "GetEmployment20111201": "GetEmployment20111201 tells of no employment",
		"GetPerson20111201": "GetPerson20111201 names nobody", "GetInstitution20111201": "SD does not know it",
	} {
		a := korsbaek()
		a.records[service+" TA"] = ""
		x, err := sd.Read(context.Background(), a, sd.Options{Day: "2026-09-01", Institutions: []string{"TA"}})
		if err == nil || !strings.Contains(err.Error(), want) || x != nil {
			t.Errorf("without what %s tells: %v", service, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	job := status("1", "2020-01-01", "2026-09-30") + status("8", "2026-10-01", "9999-12-31") + inUnit(topp, "2021-01-01", "9999-12-31")
	department := korsbaek().records["GetDepartment20111201 TA"]
	f.Add(department, "", someone(cprtest.Invented(1), employment("11001", job)), someone(cprtest.Invented(1), employment("11001", status("S", "2026-10-01", "9999-12-31"))), named(cprtest.Invented(1), "Holm"))
	f.Add(department+department, "<Organization>"+always()+"<DepartmentReference><DepartmentUUIDIdentifier>"+topp+"</DepartmentUUIDIdentifier></DepartmentReference></Organization>",
		someone("", employment("11001", job+inUnit(skol, "2019-01-01", "2022-01-01"))), someone(cprtest.Invented(2), employment("11001", job)), "<Person><Employment/></Person>")
	f.Fuzz(func(t *testing.T, department, organization, employment, changed, person string) {
		a := korsbaek()
		a.records["GetDepartment20111201 TA"] = department
		a.records["GetOrganization20111201"] = organization
		a.records["GetEmployment20111201"] = employment
		a.records["GetEmploymentChanged20111201"] = changed
		a.records["GetPerson20111201"] = person
		x, err := sd.Read(context.Background(), a, sd.Options{Day: "2026-09-01", Institutions: []string{"TA"}})
		if err != nil {
			if x != nil {
				t.Error("an extract and an error")
			}
			return
		}
		if err := x.Check(); err != nil {
			t.Error(err)
		}
	})
}

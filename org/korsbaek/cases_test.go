package korsbaek

import (
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

// loaded reads the sample once for all tests, which only look at it.
var loaded = sync.OnceValues(func() (*org.Organisation, []schema.Diagnostic) {
	o, found, err := org.Load(Files())
	if err != nil {
		found = append(found, schema.Diagnostic{Severity: schema.Error, Message: err.Error()})
	}
	return o, found
})

func sample(t *testing.T) *org.Organisation {
	t.Helper()
	o, found := loaded()
	if schema.HasErrors(found) {
		for _, d := range found {
			t.Errorf("%s: %s: %s", d.Position, d.Path, d.Message)
		}
		t.FailNow()
	}
	return o
}

func on(t *testing.T, day org.Day) *org.View {
	t.Helper()
	return sample(t).On(day)
}

// posts tells a person's posts on the day as "unit/title" texts, with the leave.
func posts(t *testing.T, day org.Day, person string) []string {
	t.Helper()
	v := on(t, day)
	s := v.Person(person)
	if s == nil {
		return nil
	}
	var texts []string
	for _, p := range s.Posts {
		unit := "nowhere"
		if p.Unit != nil {
			unit = p.Unit.Key
		}
		text := unit + "/" + v.Title(p)
		if p.Leave != nil {
			text += " (leave)"
		}
		texts = append(texts, text)
	}
	return texts
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// TestWhereCasesWork looks at each dated case on the days that matter for it.
func TestWhereCasesWork(t *testing.T) {
	tests := []struct {
		name, person string
		day          org.Day
		want         []string
	}{
		{"before the second school", TeacherAtTwoSchools, "2025-07-31", []string{"oestre-skole/Lærer"}},
		{"at two schools", TeacherAtTwoSchools, Today, []string{"oestre-skole/Lærer", "vestre-skole/Lærer"}},
		{"substitute before the school year", HourlySubstitute, "2026-08-09", nil},
		{"substitute", HourlySubstitute, Today, []string{"oestre-skole/Lærervikar"}},
		{"substitute on the last day", HourlySubstitute, "2027-06-25", []string{"oestre-skole/Lærervikar"}},
		{"substitute after it", HourlySubstitute, "2027-06-26", nil},
		{"two equal jobs", TwoEqualJobs, Today, []string{"musikskolen/Musikskolelærer", "musikskolen/Musikskolelærer"}},
		{"mayor", Politician, Today, []string{"byraadet/Borgmester"}},
		{"mayor after the term", Politician, "2030-01-01", nil},
		{"volunteer", Volunteer, Today, []string{"vaerestedet-ankeret/Frivillig kok"}},
		{"consultant", ExternalConsultant, Today, []string{"it-og-digitalisering/Projektkonsulent"}},
		{"consultant after the contract", ExternalConsultant, "2027-04-01", nil},
		{"before the maternity leave", OnMaternityLeave, "2026-09-13", []string{"boernehuset-regnbuen/Pædagog"}},
		{"on maternity leave", OnMaternityLeave, Today, []string{"boernehuset-regnbuen/Pædagog (leave)"}},
		{"after the maternity leave", OnMaternityLeave, "2027-08-09", []string{"boernehuset-regnbuen/Pædagog"}},
		{"temp", MaternityTemp, Today, []string{"boernehuset-regnbuen/Pædagog"}},
		{"temp after the leave", MaternityTemp, "2027-08-09", nil},
		{"annulled hire", AnnulledHire, Today, nil},
		{"day before a back-dated start", BackDatedStart, "2026-11-15", nil},
		{"back-dated start", BackDatedStart, "2026-11-16", []string{"plejecenter-soelunden/Omsorgsmedhjælper"}},
		{"first employment", Rehired, "2024-06-30", []string{"plejecenter-soelunden/Social- og sundhedshjælper"}},
		{"between employments", Rehired, "2024-07-01", nil},
		{"re-hired", Rehired, Today, []string{"plejecenter-aabakken/Social- og sundhedshjælper"}},
		{"begins soon", BeginsSoon, Today, nil},
		{"began", BeginsSoon, "2026-12-07", []string{"byggesager/Byggesagsbehandler"}},
		{"begins later", BeginsLater, "2027-02-01", []string{"genoptraening/Fysioterapeut"}},
		{"leaves soon", LeavesSoon, "2026-12-31", []string{"parkafdelingen/Gartner"}},
		{"left", LeavesSoon, "2027-01-01", nil},
		{"has left", HasLeft, Today, nil},
		{"intern", UnpaidIntern, Today, []string{"familieafdelingen/Socialrådgiverstuderende"}},
		{"acting leader before", ActingLeader, "2026-10-31", []string{"hjemmepleje-aften/Social- og sundhedsassistent"}},
		{"acting leader", ActingLeader, Today, []string{"hjemmepleje-aften/Konstitueret teamleder"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			same(t, "posts", posts(t, test.day, test.person), test.want)
		})
	}
}

func TestTeacherAtTwoSchools(t *testing.T) {
	v := on(t, Today)
	s := v.Person(TeacherAtTwoSchools)
	primary, ok := s.PrimaryPost()
	if !ok || !primary.Engagement.Primary || primary.Unit.Key != "oestre-skole" || primary.Engagement.Fraction != 0.6 {
		t.Errorf("primary post %+v", primary)
	}
	if len(s.Accounts) != 1 {
		t.Errorf("%d accounts, want one for both schools", len(s.Accounts))
	}
}

func TestHourlySubstituteHasNoFraction(t *testing.T) {
	e := sample(t).Person(HourlySubstitute).Engagement("a")
	if e.Type != "timeloen" || e.Fraction != 0 {
		t.Errorf("type %q, fraction %v", e.Type, e.Fraction)
	}
}

func TestTwoEqualJobsAreTwo(t *testing.T) {
	p := sample(t).Person(TwoEqualJobs)
	a, b := p.Engagement("a"), p.Engagement("b")
	if a.UUID() == b.UUID() {
		t.Error("both jobs have one identity")
	}
	if a.Payroll.Number == b.Payroll.Number {
		t.Error("both jobs have one payroll number")
	}
}

func TestInstitutionWithNumbersOfItsOwn(t *testing.T) {
	u := on(t, Today).Unit(NumbersUnit)
	if len(u.Numbers["p"]) != 10 || len(u.Numbers["ean"]) != 13 || u.Numbers["cvr"] != "" {
		t.Errorf("numbers %v, want a P-number and an EAN number", u.Numbers)
	}
}

func TestSelfGoverningInstitution(t *testing.T) {
	o := sample(t)
	u := o.Unit(SelfGoverningUnit)
	if cvr := u.Numbers["cvr"]; u.LegalForm != "self-governing" || cvr == "" || cvr == o.Settings.CVR {
		t.Errorf("legal form %q, CVR %q", u.LegalForm, cvr)
	}
}

func TestPoliticianLeadsTheCouncil(t *testing.T) {
	v := on(t, Today)
	council := v.Unit("byraadet")
	if m := v.Manager(council); m == nil || m.Person != Politician {
		t.Errorf("leader of the council %+v", m)
	}
	users := 0
	for _, p := range council.Posts() {
		if p.Engagement.Type != "politiker" {
			t.Errorf("%s is no politician", p.Person.Key)
		}
		for _, a := range p.Person.Accounts {
			if a.FK {
				users++
			}
		}
	}
	if len(council.Posts()) != 13 || users != 1 {
		t.Errorf("%d members, %d users in FK Organisation; want 13 and the mayor", len(council.Posts()), users)
	}
}

func TestVolunteerHasNeitherPayNorAccount(t *testing.T) {
	p := sample(t).Person(Volunteer)
	if len(p.Engagements)+len(p.Accounts) != 0 || p.Associations[0].Type != "frivillig" {
		t.Errorf("%+v", p)
	}
}

func TestExternalConsultant(t *testing.T) {
	v := on(t, Today)
	s := v.Person(ExternalConsultant)
	a := s.Posts[0].Association
	if a.Type != "ekstern-konsulent" || a.Company == "" || a.Sponsor != Sponsor || v.Person(Sponsor) == nil {
		t.Errorf("%+v", a)
	}
	if s.Accounts[0].FK {
		t.Error("the account is a user in FK Organisation")
	}
}

func TestLeaderOfTwoUnits(t *testing.T) {
	v := on(t, Today)
	for person, want := range map[string][]string{
		LeaderOfTwo:    {"aadalens-skole", "boernehuset-aadalen"},
		ChiefExecutive: {"direktionen", Root},
	} {
		var leads []string
		for _, u := range v.Person(person).Leads() {
			leads = append(leads, u.Key)
		}
		slices.Sort(leads)
		same(t, "units led", leads, want)
		if n := len(v.Person(person).Posts); n != 1 {
			t.Errorf("%s has %d engagements, want one", person, n)
		}
	}
}

// TestLeaders looks at who a unit's people answer to, and in which role.
func TestLeaders(t *testing.T) {
	tests := []struct {
		name, unit     string
		day            org.Day
		person, role   string
		vacant, itsOwn bool
	}{
		{"before the vacancy", VacantUnit, "2026-10-31", HasLeft, "leder", false, true},
		{"vacancy", VacantUnit, Today, leaderKey(t, "jobcenter"), "leder", true, false},
		{"acting", ActingUnit, Today, ActingLeader, "konstitueret", false, true},
		{"inherited", InheritingUnit, Today, leaderKey(t, "plan-og-byg"), "leder", false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v := on(t, test.day)
			u := v.Unit(test.unit)
			m := v.LeaderOf(u, "")
			if m == nil || m.Person != test.person || m.Role != test.role {
				t.Errorf("answers to %+v, want %s as %s", m, test.person, test.role)
			}
			if u.Vacant() != test.vacant || (v.Manager(u) != nil) != test.itsOwn {
				t.Errorf("vacant %v, a leader of its own %v", u.Vacant(), v.Manager(u) != nil)
			}
		})
	}
}

func leaderKey(t *testing.T, unit string) string {
	t.Helper()
	v := on(t, Today)
	m := v.Manager(v.Unit(unit))
	if m == nil {
		t.Fatalf("%s has no leader", unit)
	}
	return m.Person
}

func TestLeave(t *testing.T) {
	o := sample(t)
	temp := o.Person(MaternityTemp).Engagement("a")
	want := &org.Covers{Person: OnMaternityLeave, Engagement: "a"}
	same(t, "the temp covers", temp.Covers, want)
	for person, closes := range map[string]bool{OnMaternityLeave: false, OnClosingLeave: true} {
		p := o.Person(person)
		if _, closed := (org.Holder{Person: p}).ClosedByLeave(p.Accounts[0], Today); closed != closes {
			t.Errorf("the leave of %s closes the account: %v, want %v", person, closed, closes)
		}
	}
}

func TestNames(t *testing.T) {
	tests := []struct {
		person string
		day    org.Day
		want   string
	}{
		{ChangesName, "2026-12-04", "Lærke Hansen"},
		{ChangesName, "2026-12-05", "Lærke Hansen Grønbæk"},
		{Called, Today, "Maggi Rønne"},
		{SameNameA, Today, "Anne Jensen"},
		{SameNameB, Today, "Anne Jensen"},
	}
	for _, test := range tests {
		if got := on(t, test.day).Person(test.person).Name.Full(); got != test.want {
			t.Errorf("%s on %s: %q, want %q", test.person, test.day, got, test.want)
		}
	}
	v := on(t, Today)
	same(t, "unit of the other with the name", v.Person(SameNameA).Posts[0].Unit.Key, v.Person(SameNameB).Posts[0].Unit.Key)
}

func TestShieldedStatesNoPhoneOrRoom(t *testing.T) {
	p := sample(t).Person(Shielded)
	if !p.Shielded {
		t.Error("not shielded")
	}
	same(t, "addresses", p.Addresses.Names(), []string{"email"})
}

func TestTwoAccounts(t *testing.T) {
	p := sample(t).Person(TwoAccounts)
	same(t, "accounts", len(p.Accounts), 2)
	personal, admin := p.Accounts[0], p.Accounts[1]
	if personal.Kind != org.AccountPersonal || !personal.FK || admin.Kind != org.AccountAdmin || admin.FK {
		t.Errorf("%+v and %+v", personal, admin)
	}
	if personal.UUID() == admin.UUID() {
		t.Error("both accounts have one identity")
	}
}

func TestRobot(t *testing.T) {
	o := sample(t)
	at := slices.IndexFunc(o.Robots, func(r *org.Robot) bool { return r.Key == Robot })
	if at < 0 {
		t.Fatal("no robot")
	}
	r := o.Robots[at]
	if r.Owner != RobotOwner || o.On(Today).Person(RobotOwner) == nil || r.Accounts[0].Kind != org.AccountService {
		t.Errorf("%+v", r)
	}
}

func TestClosingUnitGoesOnInItsSuccessor(t *testing.T) {
	keys := func(v *org.View, unit string) []string {
		var keys []string
		for _, p := range v.Unit(unit).Posts() {
			keys = append(keys, p.Person.Key)
		}
		return keys
	}
	before, after := on(t, "2026-12-31"), on(t, "2027-01-01")
	if after.Unit(ClosingUnit) != nil {
		t.Error("the unit is still there after its last day")
	}
	together := append(keys(before, ClosingUnit), keys(before, SuccessorUnit)...)
	slices.Sort(together)
	same(t, "people in the successor", keys(after, SuccessorUnit), together)
	if len(keys(before, ClosingUnit)) < 8 {
		t.Error("hardly anybody worked in the closing unit")
	}
}

func TestUnitsOverTime(t *testing.T) {
	o := sample(t)
	if o.On(Today).Unit(ClosedUnit) != nil || o.On("2024-12-31").Unit(ClosedUnit) == nil {
		t.Error("the closed unit is not there until its last day and no longer")
	}
	same(t, "name before", o.On("2026-02-28").Unit(RenamedUnit).Name, "Ungeindsatsen")
	same(t, "name after", o.On("2026-03-01").Unit(RenamedUnit).Name, "Unge og Uddannelse")
	before, after := o.On("2026-08-31").Unit(RelocatedUnit), o.On(Today).Unit(RelocatedUnit)
	for _, values := range [][2]org.Values{{before.Numbers, after.Numbers}, {before.Addresses, after.Addresses}} {
		changed := 0
		for _, name := range values[0].Names() {
			if values[0][name] != values[1][name] {
				changed++
			}
		}
		if changed != 1 || len(values[0]) != len(values[1]) {
			t.Errorf("%v became %v, want one value changed and the others kept", values[0], values[1])
		}
	}
}

func TestRehiredHasNewNumberAndOneAccount(t *testing.T) {
	p := sample(t).Person(Rehired)
	a, b := p.Engagement("a"), p.Engagement("b")
	if a.Payroll.Number == b.Payroll.Number || len(p.Accounts) != 1 {
		t.Errorf("numbers %s and %s, %d accounts", a.Payroll.Number, b.Payroll.Number, len(p.Accounts))
	}
	tenures := (org.Holder{Person: p}).Tenures(p.Accounts[0])
	same(t, "times with an open account", len(tenures), 2)
}

// TestAccountOfComing says when the account of somebody who has not begun is looked at.
func TestAccountOfComing(t *testing.T) {
	o := sample(t)
	for person, from := range map[string]org.Day{BeginsSoon: "2026-12-07", BeginsLater: "2027-02-01"} {
		p := o.Person(person)
		tenure, ok := (org.Holder{Person: p}).TenureOn(p.Accounts[0], Today, o.Settings.Targets.AD.PrepareDays)
		if !ok || tenure.From != from {
			t.Errorf("%s: %+v, %v", person, tenure, ok)
		}
	}
	if d := Today.DaysUntil("2026-12-07"); d > o.Settings.Targets.AD.PrepareDays {
		t.Errorf("%d days until the first day, more than accounts are prepared ahead", d)
	}
}

// TestCheckFindsNothingWrong allows no warnings either: whoever tries orgit on the sample
// is to see their own findings alone.
func TestCheckFindsNothingWrong(t *testing.T) {
	for _, changed := range []bool{false, true} {
		dir := written(t)
		if changed {
			if err := DemoChange(dir); err != nil {
				t.Fatal(err)
			}
		}
		_, found, err := org.LoadAndCheck(os.DirFS(dir), Today)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range found {
			t.Errorf("%s: %s %s: %s: %s", d.Position, d.Severity, d.Code, d.Path, d.Message)
		}
	}
}

// TestItIsATown holds the sample to the size and variety that it is meant to show.
func TestItIsATown(t *testing.T) {
	v := on(t, Today)
	if len(v.Units()) < 60 || len(v.Staff()) < 400 {
		t.Errorf("%d units, %d people", len(v.Units()), len(v.Staff()))
	}
	roots := v.Roots()
	if len(roots) != 1 || roots[0].Key != Root {
		t.Fatalf("roots %v", roots)
	}
	if d := depth(roots[0]); d < 4 || d > 5 {
		t.Errorf("%d levels below the municipality", d-1)
	}
	for unit, least := range map[string]int{"oestre-skole": 25, "vestre-skole": 20, NumbersUnit: 25, "hjemmepleje-dag-nord": 20} {
		if n := len(v.Unit(unit).Posts()); n < least {
			t.Errorf("%d people in %s, want %d or more", n, unit, least)
		}
	}
}

func depth(u *org.UnitView) int {
	deepest := 0
	for _, below := range u.Below() {
		deepest = max(deepest, depth(below))
	}
	return deepest + 1
}

func TestAccountNames(t *testing.T) {
	seen := map[string]string{}
	without := 0
	for _, p := range sample(t).People {
		if len(p.Accounts) == 0 && len(p.Engagements) > 0 {
			without++
		}
		for _, a := range p.Accounts {
			if other := seen[a.Name]; other != "" {
				t.Errorf("%s belongs to %s and %s", a.Name, other, p.Key)
			}
			seen[a.Name] = p.Key
			if len(a.Name) > 20 || strings.ToLower(a.Name) != a.Name {
				t.Errorf("%s is no name for an account", a.Name)
			}
		}
	}
	if without == 0 || without > len(seen)/10 {
		t.Errorf("%d employees without an account, %d accounts", without, len(seen))
	}
}

func TestFurtherHierarchyHasOneRoot(t *testing.T) {
	var roots []string
	o := sample(t)
	for _, u := range o.Units {
		if above := u.Parents[Hierarchy]; above != "" && o.Unit(above).Parents[Hierarchy] == "" {
			roots = append(roots, above)
		}
	}
	slices.Sort(roots)
	same(t, "roots", slices.Compact(roots), []string{"direktionen"})
}

func TestEANCheckDigits(t *testing.T) {
	n := 0
	for _, u := range sample(t).Units {
		ean := u.Numbers["ean"]
		if ean == "" {
			continue
		}
		n++
		sum := 0
		for i, c := range ean {
			sum += int(c-'0') * (1 + i%2*2)
		}
		if len(ean) != 13 || sum%10 != 0 {
			t.Errorf("%s: the check digit of %s is wrong", u.Key, ean)
		}
	}
	if n < 10 {
		t.Errorf("%d EAN numbers", n)
	}
}

// TestDemoChange looks at what the demonstration's change makes of the day.
func TestDemoChange(t *testing.T) {
	dir := written(t)
	if err := DemoChange(dir); err != nil {
		t.Fatal(err)
	}
	o, found, err := org.Load(os.DirFS(dir))
	if err != nil || schema.HasErrors(found) {
		t.Fatal(err, found)
	}
	before, after := on(t, Today), o.On(Today)
	same(t, "above the moved unit, before", before.Unit(MovedUnit).Above.Key, "skoleomraadet")
	same(t, "above the moved unit", after.Unit(MovedUnit).Above.Key, MovedTo)
	same(t, "leader before", before.Manager(before.Unit(ReplacedUnit)).Person, OldLeader)
	same(t, "leader", after.Manager(after.Unit(ReplacedUnit)).Person, NewLeader)
	same(t, "title of the new leader", after.Title(after.Person(NewLeader).Posts[0]), "Biblioteksleder")

	onlyIn := func(one, other *org.View) []string {
		var keys []string
		for _, s := range one.Staff() {
			if other.Person(s.Key) == nil {
				keys = append(keys, s.Key)
			}
		}
		return keys
	}
	same(t, "hired", onlyIn(after, before), []string{HiredTeacher, HiredNurse})
	same(t, "left", onlyIn(before, after), []string{OldLeader, Leaver})
	same(t, "there the day before", o.On(Today.Add(-1)).Person(Leaver) != nil, true)
}

package org_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

// loaded reads the base with further entries, which must be without errors.
func loaded(t *testing.T, entries ...string) *org.Organisation {
	t.Helper()
	files := baseFiles(t)
	for i, text := range entries {
		files[fmt.Sprintf("units/extra-%d.cue", i)] = &fstest.MapFile{Data: []byte("package org\n\n" + text + "\n")}
	}
	o, found, err := org.LoadAndCheck(files, today)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found {
		if d.Severity == schema.Error {
			t.Errorf("%s: %s: %s", d.Position, d.Path, d.Message)
		}
	}
	return o
}

const dagplejen = `units: {"dagplejen": {
	uuid: "3f1c0a52-6d0e-4c55-9d7e-0f4b3c1f9c01"
	name: "Dagplejen", shortName: "DP"
	parent: "raadhuset"
	type: "afdeling"
	from: "2020-01-01", to: "2027-06-30"
	successor: "skolen"
	sources: {opus: ["22"], sd: ["K1"]}
	numbers: {p: "1012345678", ean: "5798001234566"}
	addresses: {phone: "+4544332211", email: "dp@korsbaek.example"}
	managers: {
		"a": {person: "p7k3f9q", from: "2020-01-01", to: "2026-10-31"}
		"b": {person: "p2m8xw1", role: "leder", from: "2026-11-01", on: "2027-01-01": person: "p7k3f9q"}
	}
	on: {
		"2026-06-01": {name: "Dagplejen og Vuggestuen", addresses: phone: "+4544332212", numbers: ean: null}
		"2027-01-01": {shortName: null, parent: "skolen", addresses: null, sources: sd: null}
	}
}}`

func TestUnitThroughTime(t *testing.T) {
	o := loaded(t, dagplejen)
	type state struct {
		There              bool
		Name, Short, Above string
		Phone, EAN         string
		Sources            map[string][]string
		Leader             string
	}
	see := func(day org.Day) state {
		v := o.On(day)
		u := v.Unit("dagplejen")
		if u == nil {
			return state{}
		}
		s := state{There: true, Name: u.Name, Short: u.ShortName, Above: u.Above.Key, Sources: u.Sources}
		s.Phone, s.EAN = stated(u.Addresses, "phone"), stated(u.Numbers, "ean")
		if m := v.Manager(u); m != nil {
			s.Leader = m.Person
		}
		return s
	}
	both := map[string][]string{"opus": {"22"}, "sd": {"K1"}}
	tests := []struct {
		day  org.Day
		want state
	}{
		{"2019-12-31", state{}},
		{"2020-01-01", state{true, "Dagplejen", "DP", "raadhuset", "+4544332211", "5798001234566", both, "p7k3f9q"}},
		{"2026-05-31", state{true, "Dagplejen", "DP", "raadhuset", "+4544332211", "5798001234566", both, "p7k3f9q"}},
		{"2026-06-01", state{true, "Dagplejen og Vuggestuen", "DP", "raadhuset", "+4544332212", "cleared", both, "p7k3f9q"}},
		{"2026-10-31", state{true, "Dagplejen og Vuggestuen", "DP", "raadhuset", "+4544332212", "cleared", both, "p7k3f9q"}},
		{"2026-11-01", state{true, "Dagplejen og Vuggestuen", "DP", "raadhuset", "+4544332212", "cleared", both, "p2m8xw1"}},
		{"2027-01-01", state{true, "Dagplejen og Vuggestuen", "", "skolen", "cleared", "cleared", map[string][]string{"opus": {"22"}, "sd": nil}, "p7k3f9q"}},
		{"2027-06-30", state{true, "Dagplejen og Vuggestuen", "", "skolen", "cleared", "cleared", map[string][]string{"opus": {"22"}, "sd": nil}, "p7k3f9q"}},
		{"2027-07-01", state{}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, see(test.day)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.day, diff)
		}
	}
	want := []org.Day{"2007-01-01", "2019-01-01", "2020-01-01", "2020-08-01", "2026-06-01", "2026-11-01", "2027-01-01", "2027-07-01"}
	if diff := cmp.Diff(want, changingDays(o)); diff != "" {
		t.Errorf("days (-want +got):\n%s", diff)
	}
}

// stated tells what is stated of a value: itself, cleared, or not managed.
func stated(values org.Values, name string) string {
	value, managed := values[name]
	switch {
	case !managed:
		return "not managed"
	case value == "":
		return "cleared"
	}
	return value
}

const clara = `people: {"p5c": {
	uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2d01"
	name: {given: "Clara", surname: "Bæk"}
	addresses: {mobile: "+4520202020", room: "12"}
	engagements: {
		"a": {unit: "dagplejen", title: "laerer", type: "maanedsloen", fraction: 0.6, primary: true, from: "2024-08-01", to: "2028-07-31"
			payroll: {system: "sd", number: "11003"}
			leaves: {"a": {from: "2026-12-01", to: "2026-12-31"}, "b": {from: "2027-02-01", closesAccounts: true}}
			on: {"2026-09-01": {title: "direktoer", fraction: 0.8, displayTitle: "Souschef"}, "2027-03-01": {displayTitle: null, fraction: null, payroll: null}}}
		"b": {unit: "skolen", title: "laerer", type: "maanedsloen", from: "2020-01-01", annulled: "2019-12-20"}
		"c": {unit: "skolen", title: "laerer", type: "maanedsloen", from: "2030-01-01"}
	}
	associations: "d": {unit: "raadhuset", type: "ekstern", title: "Tillid", company: "Firma", sponsor: "p7k3f9q", from: "2022-01-01", to: "2022-12-31"
		on: "2022-06-01": {unit: "skolen", title: null}}
	accounts: {
		"ad": {name: "clab"}
		"adm": {name: "adm-clab", kind: "admin", for: ["a"], fk: false, from: "2025-01-01", to: "2025-12-31", on: "2025-06-01": {suspended: true, name: "adm-clb", for: null}}
	}
	on: "2026-12-05": {name: {given: "Clara", surname: "Holm"}, addresses: {room: null}, shielded: true}
}}`

func TestPersonThroughTime(t *testing.T) {
	o := loaded(t, dagplejen, clara)
	see := func(day org.Day) string {
		v := o.On(day)
		s := v.Person("p5c")
		if s == nil {
			return "away"
		}
		words := []string{s.Name.Full(), fmt.Sprintf("room=%s shielded=%v", stated(s.Addresses, "room"), s.Shielded)}
		for _, p := range s.Posts {
			text := p.Key() + "@" + p.Unit.Key + " " + v.Title(p)
			if p.Engagement != nil {
				text += fmt.Sprintf(" %v", p.Engagement.Fraction)
				if p.Engagement.Payroll == nil {
					text += " no number"
				}
			}
			if p.Leave != nil {
				text += " leave " + p.Leave.Key
			}
			words = append(words, text)
		}
		return strings.Join(words, ", ")
	}
	tests := []struct {
		day  org.Day
		want string
	}{
		{"2020-06-01", "away"},
		{"2022-01-01", "Clara Bæk, room=12 shielded=false, d@raadhuset Tillid"},
		{"2022-06-01", "Clara Bæk, room=12 shielded=false, d@skolen Ekstern"},
		{"2023-01-01", "away"},
		{"2024-08-01", "Clara Bæk, room=12 shielded=false, a@dagplejen Lærer 0.6"},
		{"2026-09-01", "Clara Bæk, room=12 shielded=false, a@dagplejen Souschef 0.8"},
		{"2026-12-01", "Clara Bæk, room=12 shielded=false, a@dagplejen Souschef 0.8 leave a"},
		{"2026-12-05", "Clara Holm, room=cleared shielded=true, a@dagplejen Souschef 0.8 leave a"},
		{"2027-01-01", "Clara Holm, room=cleared shielded=true, a@dagplejen Souschef 0.8"},
		{"2027-03-01", "Clara Holm, room=cleared shielded=true, a@dagplejen Direktør 0 no number leave b"},
		{"2027-07-01", "Clara Holm, room=cleared shielded=true, a@skolen Direktør 0 no number leave b"},
		{"2028-08-01", "away"},
		{"2030-01-01", "Clara Holm, room=cleared shielded=true, c@skolen Lærer 0 no number"},
	}
	for _, test := range tests {
		if got := see(test.day); got != test.want {
			t.Errorf("%s: got  %s\n            want %s", test.day, got, test.want)
		}
	}
	var days []string
	for _, d := range changingDays(o) {
		days = append(days, string(d))
	}
	all := strings.Join(days, " ")
	for _, day := range []string{"2022-01-01", "2022-06-01", "2023-01-01", "2024-08-01", "2025-01-01", "2025-06-01", "2026-01-01", "2026-09-01", "2026-12-01", "2026-12-05", "2027-01-01", "2027-02-01", "2027-03-01", "2027-07-01", "2028-08-01", "2030-01-01"} {
		if !strings.Contains(all, day) {
			t.Errorf("%s is not among the days on which something changes: %s", day, all)
		}
	}
	if strings.Contains(all, "2019-12-20") {
		t.Error("an annulled engagement changes something")
	}
}

func TestTenures(t *testing.T) {
	o := loaded(t, dagplejen, clara)
	p := o.Person("p5c")
	holder := org.Holder{Person: p}
	account := map[string]*org.Account{}
	for _, a := range p.Accounts {
		account[a.Key] = a
	}
	periods := func(a *org.Account) []org.Period {
		var list []org.Period
		for _, tenure := range holder.Tenures(a) {
			list = append(list, tenure.Period)
		}
		return list
	}
	want := []org.Period{{From: "2022-01-01", To: "2022-12-31"}, {From: "2024-08-01", To: "2028-07-31"}, {From: "2030-01-01"}}
	if diff := cmp.Diff(want, periods(account["ad"])); diff != "" {
		t.Errorf("the personal account (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]org.Period{{From: "2025-01-01", To: "2025-12-31"}}, periods(account["adm"])); diff != "" {
		t.Errorf("the admin account (-want +got):\n%s", diff)
	}
	opens := holder.Tenures(account["adm"])[0].Opens
	if opens.Path != `people."p5c".accounts."adm".from` || opens.Day != "2025-01-01" {
		t.Errorf("the admin account is opened by %+v", opens)
	}
	for _, test := range []struct {
		day   org.Day
		ahead int
		want  org.Day
	}{
		{"2021-01-01", 7, "2022-01-01"}, {"2022-05-01", 7, "2022-01-01"}, {"2023-05-01", 7, "2022-01-01"},
		{"2024-07-26", 7, "2024-08-01"}, {"2026-01-01", 7, "2024-08-01"}, {"2029-12-31", 7, "2030-01-01"}, {"2029-01-01", 7, "2024-08-01"},
	} {
		got, ok := holder.TenureOn(account["ad"], test.day, test.ahead)
		if !ok || got.From != test.want {
			t.Errorf("on %s the tenure from %s decides (%v), want that from %s", test.day, got.From, ok, test.want)
		}
	}
	for day, want := range map[org.Day]bool{"2026-12-10": false, "2027-01-31": false, "2027-02-01": true, "2028-07-31": true, "2028-08-01": false} {
		if fact, closed := holder.ClosedByLeave(account["ad"], day); closed != want {
			t.Errorf("on %s the account is closed by a leave: %v (%v), want %v", day, closed, fact, want)
		}
	}
}

func TestAccountThroughTime(t *testing.T) {
	o := loaded(t, dagplejen, clara)
	for _, a := range o.Person("p5c").Accounts {
		if a.Key != "adm" {
			continue
		}
		before, after := a.At("2025-05-31"), a.At("2025-06-01")
		if before.Name != "adm-clab" || before.Suspended || len(before.For) != 1 || before.FK {
			t.Errorf("before: %+v", before)
		}
		if after.Name != "adm-clb" || !after.Suspended || len(after.For) != 0 || after.FK || after.Kind != org.AccountAdmin {
			t.Errorf("after: %+v", after)
		}
		if before.UUID() != after.UUID() || after.UUID() != a.UUID() {
			t.Error("the account's identity changes with its name")
		}
		if after.Path("name") != `people."p5c".accounts."adm".name` {
			t.Errorf("path %s", after.Path("name"))
		}
	}
}

// TestJoinedTenures: two engagements without a day between them keep one account open all
// the time; what closes it is the end of the last.
func TestJoinedTenures(t *testing.T) {
	o := loaded(t, `people: {"p6d": {
	uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2d02"
	name: {given: "Dan", surname: "Ø"}
	engagements: {
		"a": {unit: "skolen", title: "laerer", type: "maanedsloen", from: "2020-01-01", to: "2020-12-31"}
		"b": {unit: "skolen", title: "laerer", type: "maanedsloen", from: "2021-01-01", to: "2021-12-31"}
		"c": {unit: "skolen", title: "laerer", type: "maanedsloen", from: "2020-06-01", to: "2020-07-31"}
		"d": {unit: "skolen", title: "laerer", type: "maanedsloen", from: "2022-01-02"}
	}
	accounts: "ad": {name: "dano"}
}}`)
	h := org.Holder{Person: o.Person("p6d")}
	got := h.Tenures(h.Person.Accounts[0])
	if len(got) != 2 || got[0].Period != (org.Period{From: "2020-01-01", To: "2021-12-31"}) || got[1].Period != (org.Period{From: "2022-01-02"}) {
		t.Fatalf("tenures %+v", got)
	}
	if got[0].Closes.Path != `people."p6d".engagements."b".to` || got[0].Opens.Path != `people."p6d".engagements."a".from` {
		t.Errorf("opened by %s, closed by %s", got[0].Opens.Path, got[0].Closes.Path)
	}
}

// TestSuccessorChain: people stand in the first successor that is there on the day, also
// when the successor was stated by an amendment.
func TestSuccessorChain(t *testing.T) {
	unit := func(key, uuid, rest string) string {
		return `units: {"` + key + `": {uuid: "3f1c0a52-6d0e-4c55-9d7e-0f4b3c1f9d` + uuid + `", name: "` + key + `", parent: "raadhuset", type: "afdeling", from: "2020-01-01", ` + rest + `}}`
	}
	o := loaded(t,
		unit("et", "01", `to: "2021-12-31", on: "2021-06-01": successor: "to"`),
		unit("to", "02", `to: "2022-12-31", successor: "tre"`),
		unit("tre", "03", `shortName: "3"`),
		`people: {"p6d": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2d02", name: {given: "Dan", surname: "Ø"}
	engagements: "a": {unit: "et", title: "laerer", type: "maanedsloen", from: "2020-01-01"}}}`)
	for day, want := range map[org.Day]string{"2021-12-31": "et", "2022-01-01": "to", "2022-12-31": "to", "2023-01-01": "tre"} {
		posts := o.On(day).Person("p6d").Posts
		if len(posts) != 1 || posts[0].Unit == nil || posts[0].Unit.Key != want {
			t.Errorf("on %s the person stands in %+v, want %s", day, posts, want)
		}
	}
}

// changingDays are the days on which something changes, in order.
func changingDays(o *org.Organisation) []org.Day {
	return slices.Sorted(maps.Keys(o.Changes("", "9999-12-31", org.Margins{})))
}

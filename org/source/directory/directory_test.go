package directory_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/internal/cpr/cprtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/directory"
	"orgit.dk/orgit/schema"
)

const base = "OU=Korsbæk,DC=korsbaek,DC=example"

// guid is the text of the objectGUID that lines gives an entry with the number.
func guid(n int) string { return fmt.Sprintf("0403%04x-0605-0807-090a-0b0c0d0e0f10", n) }

// guidLine is an objectGUID as a directory gives it: the first three groups backwards.
func guidLine(n int) string {
	b := []byte{byte(n), byte(n >> 8), 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
	return "objectGUID:: " + base64.StdEncoding.EncodeToString(b)
}

// entry writes an entry in LDIF: names before values. What is not ASCII is written in base64.
func entry(n int, dn string, pairs ...string) string {
	b := &strings.Builder{}
	line := func(name, value string) {
		if strings.IndexFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) >= 0 {
			fmt.Fprintf(b, "%s:: %s\n", name, base64.StdEncoding.EncodeToString([]byte(value)))
			return
		}
		fmt.Fprintf(b, "%s: %s\n", name, value)
	}
	line("dn", dn)
	fmt.Fprintln(b, guidLine(n))
	for i := 0; i < len(pairs); i += 2 {
		line(pairs[i], pairs[i+1])
	}
	return b.String() + "\n"
}

func ou(n int, dn string, pairs ...string) string {
	return entry(n, dn, append([]string{"objectClass", "top", "objectClass", "organizationalUnit"}, pairs...)...)
}

func user(n int, dn, login string, pairs ...string) string {
	return entry(n, dn, append([]string{"objectClass", "top", "objectClass", "person", "objectClass", "user", "sAMAccountName", login,
		"userAccountControl", "512"}, pairs...)...)
}

// town is a base with a unit.
var town = ou(1, base, "ou", "Korsbæk") + ou(2, "OU=Vej,"+base, "ou", "Vej")

func options() directory.Options {
	return directory.Options{Document: "ad.ldif", Day: "2026-11-25", BaseDN: base}
}

func read(t *testing.T, text string, o directory.Options) *source.Extract {
	t.Helper()
	x, err := directory.FromLDIF(strings.NewReader(text), o)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// notes are the codes of an extract's notes and the accounts that they name.
func notes(x *source.Extract) []string {
	list := []string{}
	for _, n := range x.Notes {
		list = append(list, n.Code+": "+n.Text)
	}
	return list
}

// TestKorsbaek: each field of units and people, and where it stands.
func TestKorsbaek(t *testing.T) {
	number := cprNumber(t, 0)
	o := options()
	o.CPR, o.Admin = "employeeID", directory.Pattern{Logins: []string{"ADM-*"}}
	x := read(t, "version: 1\n"+user(5, "CN=Anna Jensen,OU=Vej,"+base, "annj", "givenName", "Anna", "sn", "Jensen", "displayName", "Anna Jensen (Vej)",
		"userPrincipalName", "annj@korsbaek.example", "mail", "annj@korsbaek.example", "employeeNumber", "11003", "employeeID", number.Digits(),
		"telephoneNumber", "99 98 00 21", "mobile", "+45 99980022", "physicalDeliveryOfficeName", "Lokale 4", "title", "Ingeniør",
		"manager", "cn=bo bæk,ou=vej,"+base, "accountExpires", "134432316000000000", "adminDescription", "orgit:5B0A8C1E-0D3F-4A22-9F57-1C2D3E4F5A60")+
		entry(6, "CN=Bo Bæk,OU=Vej,"+base, "objectClass", "top", "objectClass", "person", "objectClass", "user", "sAMAccountName", "bobae",
			"userAccountControl", "514", "givenName", "Bo", "sn", "Bæk")+
		user(7, "CN=adm-annj,OU=Vej,"+base, "adm-annj", "givenName", "Anna", "sn", "Jensen", "employeeNumber", "11003", "adminCount", "1")+
		town+entry(8, "CN=PC1,OU=Vej,"+base, "objectClass", "user", "objectClass", "computer")+
		ou(3, "OU=Drift,OU=Vej,"+base, "adminDescription", "orgit:3f1c0a52-6d0e-4c55-9d7e-0f4b3c1f9a10"), o)
	at := func(line int, record string) source.Origin {
		return source.Origin{Document: "ad.ldif", Line: line, Record: record}
	}
	want := &source.Extract{Source: "ad", Name: "AD", Day: "2026-11-25",
		Says: source.Says{Tree: true, Engagements: true, Accounts: true, Numbers: true, CPR: true},
		Units: []source.Unit{
			{ID: guid(1), Origin: at(46, base), States: []source.UnitState{{Name: "Korsbæk"}}},
			{ID: guid(2), Origin: at(52, "OU=Vej,"+base), States: []source.UnitState{{Name: "Vej", Parent: guid(1)}}},
			{ID: guid(3), UUID: "3f1c0a52-6d0e-4c55-9d7e-0f4b3c1f9a10", Origin: at(63, "OU=Drift,OU=Vej,"+base), States: []source.UnitState{{Name: "Drift", Parent: guid(2)}}},
		},
		People: []source.Person{{
			ID: guid(5), CPR: number, Origin: at(2, "account "+guid(5)),
			States: []source.PersonState{{Given: "Anna", Surname: "Jensen", Manager: guid(6),
				Addresses: map[string]string{"phone": "+4599980021", "mobile": "+4599980022", "email": "annj@korsbaek.example", "room": "Lokale 4"}}},
			Engagements: []source.Engagement{{ID: guid(5), Number: "11003", Origin: at(2, "account "+guid(5)),
				States: []source.EngagementState{{Unit: guid(2), Title: "Ingeniør"}}}},
			Accounts: []source.Account{
				{ID: guid(5), System: "ad", Name: "annj", UUID: org.UUID(guid(5)), Mark: "5b0a8c1e-0d3f-4a22-9f57-1c2d3e4f5a60", Origin: at(2, "account "+guid(5)),
					UPN: "annj@korsbaek.example", Mail: "annj@korsbaek.example", Number: "11003", Kind: org.AccountPersonal, Engagements: []string{guid(5)},
					Period: org.Period{To: "2026-12-31"}},
				{ID: guid(7), System: "ad", Name: "adm-annj", UUID: org.UUID(guid(7)), Origin: at(34, "account "+guid(7)), Number: "11003", Kind: org.AccountAdmin, Engagements: []string{guid(5)}},
			},
		}, {
			ID: guid(6), Origin: at(24, "account "+guid(6)), States: []source.PersonState{{Given: "Bo", Surname: "Bæk", Addresses: map[string]string{}}},
			Associations: []source.Association{{ID: guid(6), Origin: at(24, "account "+guid(6)), States: []source.AssociationState{{Unit: guid(2)}}}},
			Accounts: []source.Account{{ID: guid(6), System: "ad", Name: "bobae", UUID: org.UUID(guid(6)), Origin: at(24, "account "+guid(6)), Disabled: true,
				Kind: org.AccountPersonal, Associations: []string{guid(6)}}},
		}},
		Notes: []source.Note{
			{Origin: source.Origin{Document: "ad.ldif"}, Code: directory.NoteOther, Text: "1 computere er ikke taget med."},
			{Origin: at(34, "account "+guid(7)), Code: directory.NoteProtected, Text: "Kontoen adm-annj er beskyttet som en administrators (adminCount=1). orgit rører den ikke."},
		},
	}
	if diff := cmp.Diff(want, x, cmp.Comparer(func(a, b cpr.Number) bool { return a == b })); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestWhose: which accounts are one person's, and which are nobody's.
func TestWhose(t *testing.T) {
	one, other := cprtest.Invented(1), cprtest.Invented(2)
	in := func(name string) string { return "CN=" + name + ",OU=Vej," + base }
	anna := []string{"givenName", "Anna", "sn", "Jensen"}
	with := func(pairs ...string) []string { return append(append([]string{}, anna...), pairs...) }
	tests := []struct {
		name    string
		entries string
		people  []string // the logins of each
		codes   []string
	}{
		{"the same name alone is nobody's word", user(5, in("a"), "a", anna...) + user(6, in("b"), "b", anna...), []string{"a", "b"}, nil},
		{"the same employee number", user(5, in("a"), "a", with("employeeNumber", "7")...) + user(6, in("b"), "b", with("employeeNumber", "7")...), []string{"a b"}, nil},
		{"zeros are no number", user(5, in("a"), "a", with("employeeNumber", "000")...) + user(6, in("b"), "b", with("employeeNumber", "000")...), []string{"a", "b"}, nil},
		{"the same employee number under other names", user(5, in("a"), "a", with("employeeNumber", "7")...) +
			user(6, in("b"), "b", "givenName", "Bo", "sn", "Bæk", "employeeNumber", "7"), []string{"a", "b"}, []string{directory.NoteSameNumber}},
		{"the same CPR number", user(5, in("a"), "a", with("employeeID", one)...) + user(6, in("b"), "b", "givenName", "A", "sn", "Holm", "employeeID", one), []string{"a b"}, nil},
		{"other CPR numbers", user(5, in("a"), "a", with("employeeID", one, "employeeNumber", "7")...) +
			user(6, in("b"), "b", with("employeeID", other, "employeeNumber", "7")...), []string{"a", "b"}, []string{directory.NoteSameNumber}},
		{"a service of somebody", user(5, in("a"), "a", with("employeeNumber", "7")...) + user(6, in("svc"), "svc-a", "employeeNumber", "7"), []string{"a svc-a"}, nil},
		{"services and accounts without a name", user(5, in("a"), "a", anna...) + user(6, in("svc"), "svc-b", anna...) +
			user(7, in("sql"), "sql", "servicePrincipalName", "MSSQLSvc/db", "sn", "SQL") + user(8, in("g"), "gæst", "isCriticalSystemObject", "TRUE") +
			user(9, in("box"), "box", "displayName", "Fælles postkasse"),
			[]string{"a"}, []string{directory.NoteService, directory.NoteService, directory.NoteService, directory.NoteUnnamed}},
		{"a CPR number as employee number", user(5, in("a"), "a", with("employeeNumber", one)...), []string{"a"}, []string{directory.NoteEmployee}},
		{"no CPR number", user(5, in("a"), "a", with("employeeID", "x17")...), []string{"a"}, []string{"cpr"}},
	}
	o := options()
	o.CPR, o.Service = "employeeID", directory.Pattern{Logins: []string{"svc-*"}}
	for _, test := range tests {
		x := read(t, town+test.entries, o)
		people, codes := []string{}, []string(nil)
		for _, p := range x.People {
			var logins []string
			for _, a := range p.Accounts {
				logins = append(logins, a.Name)
			}
			people = append(people, strings.Join(logins, " "))
		}
		for _, n := range x.Notes {
			codes = append(codes, n.Code)
		}
		if diff := cmp.Diff(test.people, people); diff != "" {
			t.Errorf("%s: people (-want +got)\n%s", test.name, diff)
		}
		if diff := cmp.Diff(test.codes, codes); diff != "" {
			t.Errorf("%s: notes (-want +got)\n%s\n%v", test.name, diff, notes(x))
		}
		for _, n := range notes(x) {
			if strings.Contains(n, one) || strings.Contains(n, other) {
				t.Errorf("%s: a CPR number in %s", test.name, n)
			}
		}
	}
}

// TestPatterns: a municipality's own naming, whatever the case and wherever the account stands.
func TestPatterns(t *testing.T) {
	o := options()
	o.Service = directory.Pattern{Logins: []string{"SVC-*", "scan", "*bot*", "*"}, OUs: []string{"ou=Drift," + base}}
	o.Admin = directory.Pattern{Logins: []string{"*-adm"}, OUs: []string{"OU=T0," + base}}
	c := []struct{ login, ou, want string }{
		{"annj", "Vej", org.AccountPersonal}, {"svc-a", "Vej", org.AccountService}, {"a-svc-", "Vej", org.AccountPersonal}, {"Scan", "Vej", org.AccountService},
		{"scanner", "Vej", org.AccountPersonal}, {"myBot1", "Vej", org.AccountService}, {"annj-ADM", "Vej", org.AccountAdmin}, {"adm", "Vej", org.AccountPersonal},
		{"x", "Drift", org.AccountService}, {"y", "T0", org.AccountAdmin}, {"svc-t0", "T0", org.AccountService},
	}
	text := town + ou(3, "OU=Drift,"+base) + ou(4, "OU=T0,"+base)
	want, got := map[string]string{}, map[string]string{}
	for i, c := range c {
		number := fmt.Sprint(1000 + i) // a service with a number that is somebody's is on that person
		dn := "CN=" + c.login + ",OU=" + c.ou + "," + base
		text += user(10+2*i, dn, c.login, "givenName", "Anna", "sn", "Dam", "employeeNumber", number) +
			user(11+2*i, "CN=u"+number+",OU=Vej,"+base, "u"+number, "givenName", "Anna", "sn", "Dam", "employeeNumber", number)
		want[c.login] = c.want
	}
	for _, p := range read(t, text, o).People {
		for _, a := range p.Accounts {
			if _, asked := want[a.Name]; asked {
				got[a.Name] = a.Kind
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestPlaces: what is left out, and where those belong who stand in no OU.
func TestPlaces(t *testing.T) {
	const role = "11111111-2222-4333-8444-555555555555"
	o := options()
	o.Skip, o.OwnOUs = []string{"ou=SERVERE," + base}, []org.UUID{role}
	bo := []string{"givenName", "Bo", "sn", "Bæk"}
	x := read(t, town+ou(3, "OU=Servere,"+base)+user(4, "CN=x,OU=Servere,"+base, "x", bo...)+
		ou(5, "OU=Karantæne,"+base, "adminDescription", "orgit:"+role)+user(6, "CN=bo,OU=Karantæne,"+base, "bo", bo...)+
		entry(7, "CN=Users,"+base, "objectClass", "container")+user(8, "CN=eva,CN=Users,"+base, "eva", "givenName", "Eva", "sn", "Dam", "employeeNumber", "9")+
		entry(9, "DC=korsbaek,DC=example", "objectClass", "domainDNS"), o)
	var got []string
	for _, u := range x.Units {
		got = append(got, u.States[0].Name)
	}
	for _, p := range x.People {
		got = append(got, fmt.Sprint(p.Accounts[0].Name, " ", len(p.Associations)))
		for _, e := range p.Engagements {
			got = append(got, e.States[0].Unit)
		}
	}
	want := []string{"Korsbæk", "Vej", "bo 0", "eva 0", guid(1)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	wantNotes := []string{"outside: 1 objekter ligger uden for " + base + " og er ikke taget med.", "other-objects: 1 beholdere er ikke taget med.",
		"account-not-unit: Kontoen eva ligger ikke i en OU. Den regnes til den nærmeste OU ovenfor."}
	if diff := cmp.Diff(wantNotes, notes(x)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestNotWhole: what shows that entries are missing is an error.
func TestNotWhole(t *testing.T) {
	anna := user(5, "CN=a,OU=Vej,"+base, "a", "sn", "Jensen")
	whole := town + anna
	tests := []struct {
		name, text string
		want       error
	}{
		{"nothing", "", directory.ErrCut},
		{"no users", town, directory.ErrIncomplete},
		{"nobody but programs", town + user(5, "CN=a,"+base, "a"), directory.ErrIncomplete},
		{"no base", strings.Replace(whole, ou(1, base, "ou", "Korsbæk"), "", 1), directory.ErrIncomplete},
		{"no unit above", strings.Replace(whole, ou(2, "OU=Vej,"+base, "ou", "Vej"), "", 1), directory.ErrIncomplete},
		{"no GUID", strings.Replace(whole, guidLine(5)+"\n", "", 1), directory.ErrIncomplete},
		{"two with one GUID", strings.Replace(whole, guidLine(5), guidLine(2), 1), directory.ErrIncomplete},
		{"no login", strings.Replace(whole, "sAMAccountName: a\n", "", 1), directory.ErrIncomplete},
		{"one twice", whole + anna, directory.ErrIncomplete},
		{"cut in a line", strings.TrimRight(whole, "\n"), directory.ErrCut},
		{"a count that is higher", whole + "# search result\nsearch: 2\nresult: 0 Success\n\n# numResponses: 5\n# numEntries: 4\n", directory.ErrCut},
		{"ldbsearch's count", whole + "# returned 4 records\n# 4 entries\n# 0 referrals\n", directory.ErrCut},
		{"a limit of the directory's", whole + "search: 2\nresult: 4 Size limit exceeded\n", directory.ErrCut},
		{"a page that is not the last", whole + "search: 2\nresult: 0 Success\npagedresults: cookie=AAA=\n", directory.ErrCut},
		{"a part elsewhere", whole + "ref: ldap://skole.korsbaek.example/DC=skole,DC=korsbaek,DC=example\n\n", directory.ErrCut},
		{"whole", whole, nil},
		{"whole, counted", whole + "ref: ldap://DomainDnsZones.korsbaek.example/DC=DomainDnsZones,DC=korsbaek,DC=example\n\nsearch: 2\nresult: 0 Success\npagedresults: cookie=\n\n# numResponses: 4\n# numEntries: 3\n", nil},
		{"whole, in pages", town + "search: 2\nresult: 0 Success\npagedresults: cookie=AAA=\n\n# numEntries: 2\n" + anna + "search: 3\nresult: 0 Success\npagedresults: cookie=\n\n# numEntries: 1\n", nil},
	}
	for _, test := range tests {
		if _, err := directory.FromLDIF(strings.NewReader(test.text), options()); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// TestExpires: the last day in Denmark on which an account works.
func TestExpires(t *testing.T) {
	at := func(text string) string {
		instant, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint((instant.Unix() + 11644473600) * 1e7)
	}
	tests := []struct {
		name, expires, mark string
		want                org.Day
	}{
		{"never", "9223372036854775807", "", ""},
		{"never, otherwise", "0", "", ""},
		{"the end of a day in winter", at("2026-12-31T23:00:00Z"), "", "2026-12-31"},
		{"the end of a day in summer", at("2027-06-30T22:00:00Z"), "", "2027-06-30"},
		{"in the middle of a day", at("2027-06-30T10:00:00Z"), "", "2027-06-30"},
		{"orgit's, with hours of grace", at("2027-01-01T11:00:00Z"), "orgit:5b0a8c1e-0d3f-4a22-9f57-1c2d3e4f5a60", "2026-12-31"},
		{"another's at that time", at("2027-01-01T11:00:00Z"), "", "2027-01-01"},
	}
	for _, test := range tests {
		o := options()
		o.Grace = 12 * time.Hour
		x := read(t, town+user(5, "CN=a,"+base, "a", "sn", "J", "accountExpires", test.expires, "adminDescription", test.mark), o)
		if got := x.People[0].Accounts[0].To; got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestGUID(t *testing.T) {
	const want = "33221100-5544-7766-8899-aabbccddeeff"
	for _, value := range []string{"\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff", strings.ToUpper(want), "{" + want + "}"} {
		if got, ok := directory.GUID(value); !ok || got != want {
			t.Errorf("%q: %s, %v", value, got, ok)
		}
	}
	for _, value := range []string{"", strings.Repeat("\x00", 16), "short", want + "0"} {
		if got, ok := directory.GUID(value); ok {
			t.Errorf("%q is %s", value, got)
		}
	}
}

// TestCalled: a displayName is a name of its own only where it is another one.
func TestCalled(t *testing.T) {
	for shown, want := range map[string]string{"": "", "Anna Jensen": "", "Jensen, Anna": "", "Anna Jensen (ANNJ)": "", "Anna Jensen [Vej": "", "Anne Holm": "Anne Holm"} {
		x := read(t, town+user(5, "CN=a,"+base, "a", "givenName", "Anna", "sn", "Jensen", "displayName", shown), options())
		if got := x.People[0].States[0].Called; got != want {
			t.Errorf("%q: %q, want %q", shown, got, want)
		}
	}
}

func cprNumber(t *testing.T, i int) cpr.Number {
	t.Helper()
	number, err := cpr.Parse(cprtest.Invented(i))
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// FuzzEntry: whatever stands on an account, the extract passes its check and holds no CPR number in a text.
func FuzzEntry(f *testing.F) {
	f.Add("annj", "Anna", "Jensen", "7", "0101010000", "99980021", "134432316000000000", "CN=bo,"+base)
	f.Add("0101010000", "010101-0000", "Anna 0101010000", "0101010000", "x", "0101010000", "-1", "CN=")
	f.Add("\xff", " ", "", "000", "0000000000", "+", "9999999999999999999", "CN=a,OU=Vej,"+base)
	f.Fuzz(func(t *testing.T, login, given, surname, number, civil, phone, expires, manager string) {
		o := options()
		o.CPR = "employeeID"
		c, err := directory.NewCollector(o)
		if err != nil {
			t.Fatal(err)
		}
		for i, dn := range []string{base, "OU=Vej," + base, "CN=a,OU=Vej," + base, "CN=b,OU=Vej," + base} {
			e := directory.Entry{DN: dn}
			e.Add("objectGUID", guid(i+1))
			e.Add("objectClass", []string{"organizationalUnit", "organizationalUnit", "user", "user"}[i])
			for name, value := range map[string]string{"sAMAccountName": login, "givenName": given, "sn": surname, "displayName": given, "employeeNumber": number, "employeeID": civil,
				"telephoneNumber": phone, "mail": login, "title": surname, "userPrincipalName": login, "accountExpires": expires, "manager": manager, "physicalDeliveryOfficeName": phone} {
				e.Add(name, value)
			}
			if err := c.Add(e); err != nil {
				return
			}
		}
		x, err := c.Extract()
		if err != nil {
			if !errors.Is(err, directory.ErrIncomplete) {
				t.Fatal(err)
			}
			return
		}
		for _, p := range x.People {
			s := p.States[0]
			texts := []string{s.Given, s.Surname, s.Called, s.Addresses["room"], s.Addresses["email"]}
			for _, a := range p.Accounts {
				texts = append(texts, a.Name, a.UPN, a.Mail, a.Number)
			}
			for _, e := range p.Engagements {
				texts = append(texts, e.States[0].Title)
			}
			for _, text := range texts {
				if len(schema.FindCPR(text)) > 0 {
					t.Fatalf("a CPR number in %q", text)
				}
			}
		}
	})
}

func BenchmarkLDIF(b *testing.B) {
	text := &strings.Builder{}
	text.WriteString(town)
	for i := range 30_000 {
		text.WriteString(user(i+10, fmt.Sprintf("CN=Anna %d,OU=Vej,%s", i, base), fmt.Sprintf("a%d", i), "givenName", "Anna", "sn", "Jensen", "employeeNumber", fmt.Sprint(i),
			"telephoneNumber", "99980021", "mail", "annj@korsbaek.example", "title", "Ingeniør", "manager", "CN=Anna 7,OU=Vej,"+base))
	}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := directory.FromLDIF(strings.NewReader(text.String()), options()); err != nil {
			b.Fatal(err)
		}
	}
}

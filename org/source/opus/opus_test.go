package opus_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"orgit.dk/orgit/internal/cpr/cprtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/opus"
)

const name = "ZLPE20260901224012_delta.xml"

const units = `<orgUnit id="1"><startDate>2018-01-01</startDate><endDate>9999-12-31</endDate><parentOrgUnit/><longName>Korsbæk</longName></orgUnit>
<orgUnit id="20"><startDate>2018-01-01</startDate><endDate>9999-12-31</endDate><parentOrgUnit>1</parentOrgUnit><longName>Skolen</longName></orgUnit>
`

// employee writes an employment; what more it holds goes before what it holds else.
func employee(id, number, more string) string {
	return fmt.Sprintf(`<employee id="%s" lastChanged="2026-09-01">%s<entryDate>2020-01-01</entryDate><leaveDate/><cpr suppId="0">%s</cpr>`+
		`<firstName>Laura</firstName><lastName>Holm</lastName><orgUnit>20</orgUnit></employee>`+"\n", id, more, number)
}

func file(records ...string) string {
	return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<kmd>\n" + strings.Join(records, "") + "</kmd>\n"
}

func read(t *testing.T, text string) *source.Extract {
	t.Helper()
	x, err := opus.Read(strings.NewReader(text), name)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func codes(x *source.Extract) []string {
	var list []string
	for _, n := range x.Notes {
		list = append(list, n.Record+" "+n.Code)
	}
	return list
}

func TestDayOf(t *testing.T) {
	tests := []struct {
		name string
		want org.Day
	}{
		{name, "2026-09-01"}, {"/in/" + name, "2026-09-01"}, {`C:\in\` + name, "2026-09-01"}, {"zlpe20260901224012.xml", "2026-09-01"},
		{"opus.xml", ""}, {"ZLPE20260231224012_delta.xml", ""}, {"ZLPE20260901224012_delta.xml.part", ""}, {"", ""},
	}
	for _, test := range tests {
		if got, err := opus.DayOf(test.name); got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%s: got %q and the error %v", test.name, got, err)
		}
	}
}

func TestRefused(t *testing.T) {
	whole := file(units, employee("1001", cprtest.Invented(1), ""))
	tests := []struct{ name, text, want string }{
		{"empty", "", "is empty"},
		{"no units", file(employee("1001", cprtest.Invented(1), "")), "no unit"},
		{"no employments", file(units), "no employment"},
		{"leavers alone", file(units, `<employee id="998" action="leave"/>`), "no employment"},
		{"without its end tag", strings.TrimSuffix(whole, "</kmd>\n"), "cut off"},
		{"another document", "<html></html>", "<html> and not <kmd>"},
		{"a unit without a number", file(`<orgUnit/>`), "no number of its own"},
		{"a CPR number as an employee number", file(units, employee(cprtest.Invented(2), cprtest.Invented(1), "")), "never taken as an identifier"},
	}
	for _, test := range tests {
		x, err := opus.Read(strings.NewReader(test.text), name)
		if err == nil || !strings.Contains(err.Error(), test.want) || x != nil {
			t.Errorf("%s: got the error %v, want %q", test.name, err, test.want)
		} else if strings.Contains(err.Error(), cprtest.Invented(1)) || strings.Contains(err.Error(), cprtest.Invented(2)) {
			t.Errorf("%s: the error shows a CPR number: %v", test.name, err)
		}
	}
}

// TestCutAnywhere: wherever a file is cut, it is an error and never fewer people.
func TestCutAnywhere(t *testing.T) {
	whole := strings.TrimSpace(file(units, employee("1001", cprtest.Invented(1), ""), employee("1002", cprtest.Invented(2), "")))
	for i := range len(whole) {
		if x, err := opus.Read(strings.NewReader(whole[:i]), name); err == nil || x != nil {
			t.Fatalf("cut after %d bytes of %d: no error", i, len(whole))
		}
	}
}

func TestEncodings(t *testing.T) {
	text := func(encoding string) string {
		return strings.ReplaceAll(file(strings.ReplaceAll(units, "Skolen", "Ærø Skole"), employee("1001", cprtest.Invented(1), "")), "utf-8", encoding)
	}
	want := read(t, text("utf-8"))
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text("UTF-16"))
	if err != nil {
		t.Fatal(err)
	}
	windows, err := charmap.Windows1252.NewEncoder().String(text("Windows-1252"))
	if err != nil {
		t.Fatal(err)
	}
	latin, err := charmap.ISO8859_1.NewEncoder().String(text("ISO-8859-1"))
	if err != nil {
		t.Fatal(err)
	}
	for encoding, document := range map[string]string{"UTF-16": utf16, "Windows-1252": windows, "ISO-8859-1": latin, "UTF-8 with a mark": "\uFEFF" + text("utf-8")} {
		if diff := cmp.Diff(want, read(t, document), cmp.Comparer(func(a, b source.Number) bool { return a == b })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", encoding, diff)
		}
	}
}

func TestPersonWithoutACPRNumber(t *testing.T) {
	for _, number := range []string{"", "0000000000", "9999999999", "12345"} {
		x := read(t, file(units, employee("1001", number, ""), employee("1002", number, "")))
		if len(x.People) != 2 || x.People[0].CPR != (source.Number{}) || len(x.People[1].Engagements) != 1 {
			t.Errorf("%q: the people are %+v", number, x.People)
		}
		if diff := cmp.Diff([]string{"employee 1001 cpr", "employee 1002 cpr"}, codes(x)); diff != "" {
			t.Errorf("%q: notes (-want +got):\n%s", number, diff)
		}
	}
}

func TestPersonIsKnownByTheLowestNumber(t *testing.T) {
	number := cprtest.Invented(1)
	x := read(t, file(units, employee("1001", number, ""), employee("998", number, "<workPhone>12345678</workPhone>"), employee("0999", number, "")))
	if len(x.People) != 1 || x.People[0].ID != "998" || len(x.People[0].Engagements) != 3 {
		t.Fatalf("the people are %+v", x.People)
	}
	if got := x.People[0].States[0].Addresses["phone"]; got != "+4512345678" {
		t.Errorf("the phone is %q", got)
	}
}

// TestTheNameOfWhatIsInForce: of two rows with different names the one in force counts, and
// among those the one that OPUS changed last.
func TestTheNameOfWhatIsInForce(t *testing.T) {
	number := cprtest.Invented(1)
	over := employee("1001", number, "<leaveDate>2026-08-31</leaveDate>")
	married := strings.ReplaceAll(employee("1002", number, ""), "Holm", "Varnæs")
	x := read(t, file(units, over, married))
	if got := x.People[0].States[0].Surname; got != "Varnæs" {
		t.Errorf("the surname is %q", got)
	}
	if diff := cmp.Diff([]string{"employee 1001 name"}, codes(x)); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

func TestBereavedAreLeftOut(t *testing.T) {
	x := read(t, file(units, employee("1001", cprtest.Invented(1), ""), employee("1002", cprtest.Invented(2), "<position>Efterindtægt</position>")))
	if len(x.People) != 1 {
		t.Errorf("the people are %+v", x.People)
	}
	if diff := cmp.Diff([]string{"employee 1002 bereaved"}, codes(x)); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

func TestTwoLeaders(t *testing.T) {
	leads := func(level string) string {
		return "<isManager>true</isManager><superiorLevel>" + level + "</superiorLevel>"
	}
	x := read(t, file(units, employee("1001", cprtest.Invented(1), leads("4")), employee("1002", cprtest.Invented(2), leads("3")),
		employee("1003", cprtest.Invented(3), leads("2")+"<entryDate>2026-10-01</entryDate>"),
		employee("1004", cprtest.Invented(4), leads("1")+"<leaveDate>2026-08-31</leaveDate>")))
	if len(x.Leaders) != 1 || x.Leaders[0].States[0].Person != "1003" || x.Leaders[0].States[0].From != "2026-10-01" {
		t.Errorf("the leaders are %+v", x.Leaders)
	}
	if diff := cmp.Diff([]string{"employee 1001 leaders", "employee 1002 leaders"}, codes(x)); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

// TestOneLeaderAfterAnother: a leader who leaves and the one who comes the day after do not
// lead at the same time.
func TestOneLeaderAfterAnother(t *testing.T) {
	leads := "<isManager>true</isManager><superiorLevel>3</superiorLevel>"
	x := read(t, file(units, employee("1001", cprtest.Invented(1), leads+"<leaveDate>2026-09-30</leaveDate>"),
		employee("1002", cprtest.Invented(2), leads+"<entryDate>2026-10-01</entryDate>")))
	var got []string
	for _, l := range x.Leaders {
		got = append(got, fmt.Sprintf("%s %s to %s", l.ID, l.States[0].From, l.States[0].To))
	}
	if diff := cmp.Diff([]string{"20:1001  to 2026-09-30", "20:1002 2026-10-01 to "}, got); diff != "" {
		t.Errorf("leaders (-want +got):\n%s", diff)
	}
}

func TestLeftAndStated(t *testing.T) {
	x := read(t, file(units, employee("1001", cprtest.Invented(1), ""), `<employee id="1001" action="leave"/>`))
	if e := x.People[0].Engagements[0]; len(x.People) != 1 || e.States[0].To != "2026-09-01" || e.EndsOnly() {
		t.Errorf("the people are %+v", x.People)
	}
}

// TestNotes: what cannot be used is left out with a note, and the rest is read.
func TestNotes(t *testing.T) {
	tests := []struct {
		name, record string
		want         []string
	}{
		{"a unit under nothing known", `<orgUnit id="40"><startDate>2018-01-01</startDate><parentOrgUnit>99</parentOrgUnit></orgUnit>`, []string{"unit 40 unknown-unit"}},
		{"two roots", `<orgUnit id="40"><startDate>2018-01-01</startDate><longName>Løn</longName></orgUnit>`, []string{" roots"}},
		{"a circle", `<orgUnit id="40"><parentOrgUnit>41</parentOrgUnit></orgUnit><orgUnit id="41"><parentOrgUnit>40</parentOrgUnit></orgUnit>`, []string{"unit 40 circle"}},
		{"a unit twice", `<orgUnit id="20"><startDate>2018-01-01</startDate><parentOrgUnit>1</parentOrgUnit></orgUnit>`, []string{"unit 20 double"}},
		{"a unit of no day", `<orgUnit id="40"><startDate>2018-02-31</startDate><parentOrgUnit>1</parentOrgUnit></orgUnit>`, []string{"unit 40 day"}},
		{"numbers of a unit", `<orgUnit id="40"><parentOrgUnit>1</parentOrgUnit><eanNr>12</eanNr><pNr>0123456789</pNr><phoneNumber>1234</phoneNumber></orgUnit>`,
			[]string{"unit 40 number", "unit 40 number", "unit 40 phone"}},
		{"an employment of no day", employee("1002", cprtest.Invented(2), "<entryDate>31.12.2020</entryDate>"), []string{"employee 1002 day"}},
		{"an employment that ends before it begins", employee("1002", cprtest.Invented(2), "<leaveDate>2019-12-31</leaveDate>"), []string{"employee 1002 day"}},
		{"an employment in no unit", employee("1002", cprtest.Invented(2), "<orgUnit>99</orgUnit>"), []string{"employee 1002 unknown-unit"}},
		{"an employment twice", employee("1001", cprtest.Invented(1), ""), []string{"employee 1001 double"}},
		{"a local number", employee("1002", cprtest.Invented(2), "<workPhone>4512</workPhone>"), []string{"employee 1002 phone"}},
		{"no mail address", employee("1002", cprtest.Invented(2), "<email>laura at example</email>"), []string{"employee 1002 mail"}},
		{"working time in words", employee("1002", cprtest.Invented(2), "<numerator>fuld</numerator><denominator>37</denominator>"), []string{"employee 1002 fraction"}},
		{"a CPR number as a title", employee("1002", cprtest.Invented(2), "<position>Vikar for "+cprtest.Hyphened(3)+"</position>"), []string{"employee 1002 text"}},
		{"a damaged name", employee("1002", cprtest.Invented(2), "<firstName>S\uFFFDren</firstName>"), []string{"employee 1002 text"}},
		{"another record", "<costCentre id='1'/><costCentre id='2'/>", []string{" unused-record"}},
		{"placeholders", employee("1002", cprtest.Invented(2), "<workPhone>00000000</workPhone><email>Empty@Empty</email><numerator/><denominator/>"), nil},
	}
	for _, test := range tests {
		x := read(t, file(units, employee("1001", cprtest.Invented(1), ""), test.record))
		if diff := cmp.Diff(test.want, codes(x)); diff != "" {
			t.Errorf("%s: notes (-want +got):\n%s", test.name, diff)
		}
		shown := fmt.Sprintf("%+v", x)
		for i := range 4 {
			if strings.Contains(shown, cprtest.Invented(i)) || strings.Contains(shown, cprtest.Hyphened(i)) {
				t.Errorf("%s: the extract shows a CPR number", test.name)
			}
		}
	}
}

// TestNothingPrivate: what a row says of the home, the union and the pay grade is nowhere in
// the extract.
func TestNothingPrivate(t *testing.T) {
	x := read(t, file(units, employee("1001", cprtest.Invented(1), `<address>Hjemmevej 7</address><postalCode>4799</postalCode><privatePhone>87654321</privatePhone>
		<payGradeText>Trin 31</payGradeText><function artId="5"><artText>Tillidsrepræsentant</artText><roleText>DLF</roleText></function>`)))
	shown := fmt.Sprintf("%+v", x)
	for _, private := range []string{"Hjemmevej", "4799", "87654321", "Trin 31", "Tillids", "DLF"} {
		if strings.Contains(shown, private) {
			t.Errorf("%s was taken", private)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(file(units, employee("1001", cprtest.Invented(1), "<isManager>true</isManager>"), `<employee id="998" action="leave"/>`), name)
	f.Add(file(units, employee("1001", "", "<leaveDate>2019-01-01</leaveDate>"), employee("1001", cprtest.Invented(1), "<address protected='true'>x</address>")), name)
	f.Add("\xff\xfe<\x00k\x00", name)
	f.Fuzz(func(t *testing.T, text, name string) {
		x, err := opus.Read(strings.NewReader(text), name)
		if err != nil {
			if x != nil {
				t.Error("an extract and an error")
			}
			return
		}
		if err := x.Check(); err != nil {
			t.Error(err)
		}
		if len(x.Units) == 0 || x.Day == "" {
			t.Errorf("an extract without units or a day: %+v", x)
		}
	})
}

package decisions_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/agenda"
	"orgit.dk/orgit/org/compare/decisions"
	"orgit.dk/orgit/org/source"
)

const day = org.Day("2026-12-01")

// who makes a person: identifier, name, unit, title.
func who(id, given, surname, unit, title string) source.Person {
	return source.Person{ID: id, States: []source.PersonState{{Given: given, Surname: surname}},
		Engagements: []source.Engagement{{ID: "job-" + id, Number: id, States: []source.EngagementState{{Unit: unit, Title: title}}}}}
}

func unit(id, name, parent string) source.Unit {
	return source.Unit{ID: id, States: []source.UnitState{{Name: name, Code: id, Parent: parent}}}
}

// registers are a payroll and a directory that differ in everything that can be decided about.
func registers() (lead, other *source.Extract) {
	lead = &source.Extract{Source: "opus", Name: "OPUS", Day: day, Says: source.Says{Tree: true, Leaders: true, Engagements: true, Numbers: true},
		Units: []source.Unit{unit("1", "Korsbæk Kommune", ""), unit("2", "Østre Skole", "1"), unit("3", "Vej og Park", "1"), unit("4", "Vagthold", "3"), unit("5", "Dagplejen", "1")},
		People: []source.Person{
			who("1001", "Åse", "Kjær", "2", "Skoleleder"), who("1002", "Jens", "Kristensen", "2", "Lærer"), who("1003", "Bo", "Lund", "3", "Gartner"),
			who("1004", "Mette", "Holm", "4", "Gartner"), who("1005", "Gyda", "Wulff", "5", "Dagplejer"), who("1006", "Gyda", "Wulff", "5", "Dagplejer"),
		},
		Leaders: []source.Leadership{{ID: "l2", States: []source.LeadershipState{{Unit: "2", Person: "1001"}}}, {ID: "l5", States: []source.LeadershipState{{Unit: "5", Person: "1006"}}}}}
	other = &source.Extract{Source: "ad", Name: "AD", Day: day, Says: source.Says{Tree: true, Leaders: true, Accounts: true, Numbers: true},
		Units: []source.Unit{unit("1", "Korsbæk Kommune", ""), unit("2", "Østerskolen", "1"), unit("3", "Vej og Park", "2"), unit("5", "Dagplejen", "1"), unit("9", "Gæster", "1")},
		People: []source.Person{
			who("a1", "Aase", "Kjær", "2", "Skoleleder"), who("a2", "Jens", "Christensen", "2", "Underviser"), who("a3", "Bo", "Lund", "2", "Gartner"),
			who("a4", "Eva", "Toft", "9", "Konsulent"), who("a5", "Gyda", "Wulff", "5", "Dagplejer"),
		},
		Leaders: []source.Leadership{{ID: "l2", States: []source.LeadershipState{{Unit: "2", Person: "a3"}}}}}
	for i, number := range []string{"1001", "1002", "1003", "", "1005"} {
		p := &other.People[i]
		p.Engagements[0].Number = number
		p.Accounts = []source.Account{{ID: p.ID, System: "ad", Name: "login-" + p.ID, Number: number}}
	}
	lead.People[0].States[0].Addresses = map[string]string{"phone": "+4510000001", "email": "aak@korsbaek.example"}
	other.People[0].States[0].Addresses = map[string]string{"phone": "+4510000002"}
	return lead, other
}

func settled(t *testing.T) (*agenda.Agenda, []*compare.Comparison, []*source.Extract) {
	t.Helper()
	lead, other := registers()
	comparisons := compare.All(lead, other)
	return agenda.New(comparisons, "da"), comparisons, []*source.Extract{lead, other}
}

// find is the item of a kind about somebody.
func find(t *testing.T, a *agenda.Agenda, kind compare.Kind, name string) agenda.Item {
	t.Helper()
	for _, item := range a.Of(kind) {
		if item.Name == name {
			return item
		}
	}
	t.Fatalf("there is no item %s of %s among %d", kind, name, len(a.Items))
	return agenda.Item{}
}

// sheet is an agenda's spreadsheet, to be filled in.
type sheet struct {
	t *testing.T
	f *excelize.File
}

const sheetName = "Sammenhold"

func written(t *testing.T, a *agenda.Agenda, d *decisions.Decisions) *sheet {
	t.Helper()
	var b bytes.Buffer
	if err := decisions.Write(&b, a, d); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	return &sheet{t, f}
}

// put writes into a column of the row with an ID.
func (s *sheet) put(id, column, text string) {
	s.t.Helper()
	rows, err := s.f.GetRows(sheetName)
	if err != nil {
		s.t.Fatal(err)
	}
	for i, row := range rows {
		if strings.HasPrefix(row[0], id) {
			if err := s.f.SetCellStr(sheetName, column+string(rune('0'+(i+1)/10))+string(rune('0'+(i+1)%10)), text); err != nil {
				s.t.Fatal(err)
			}
			return
		}
	}
	s.t.Fatalf("no row has the ID %s", id)
}

func (s *sheet) bytes() []byte {
	s.t.Helper()
	var b bytes.Buffer
	if err := s.f.Write(&b); err != nil {
		s.t.Fatal(err)
	}
	return b.Bytes()
}

func read(t *testing.T, a *agenda.Agenda, s *sheet) (*decisions.Decisions, []decisions.Fault) {
	t.Helper()
	d, faults, err := decisions.Read("x.xlsx", s.bytes(), a)
	if err != nil {
		t.Fatal(err)
	}
	return d, faults
}

// TestSheet: every item has a row of its own, with filters, headings that stay, and a drop-down.
func TestSheet(t *testing.T) {
	a, _, _ := settled(t)
	s := written(t, a, nil)
	rows, err := s.f.GetRows(sheetName)
	if err != nil || len(rows) != len(a.Items)+1 {
		t.Fatalf("%d rows of %d items: %v", len(rows), len(a.Items), err)
	}
	want := []string{"ID", "Emne", "Enhed", "Navn", "OPUS", "AD", "Forklaring", "Beslutning", "Samme som (ID)", "Bemærkning"}
	if diff := cmp.Diff(want, rows[0]); diff != "" {
		t.Errorf("headings (-want +got):\n%s", diff)
	}
	panes, err := s.f.GetPanes(sheetName)
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the headings do not stay: %+v %v", panes, err)
	}
	lists, err := s.f.GetDataValidations(sheetName)
	if err != nil || len(lists) != 1 || !strings.HasPrefix(lists[0].Sqref, "H2:H") || lists[0].Formula1 != "Vejledning!$A$2:$A$8" {
		t.Errorf("drop-down: %+v %v", lists, err)
	}
	words, err := s.f.GetCols("Vejledning")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"samme", "forskellige", "brug OPUS", "brug AD", "medtag", "udelad", "ret i kilden"}, words[0][1:8]); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
	if len(a.Items) != 0 && rows[1][0] != a.Items[0].ID+"-"+a.Items[0].Version {
		t.Errorf("the first ID is %s", rows[1][0])
	}
}

// TestRoundTrip: what is written is read, and stands in the next spreadsheet.
func TestRoundTrip(t *testing.T) {
	a, _, _ := settled(t)
	name, phone := find(t, a, compare.PersonName, "Åse Kjær"), find(t, a, compare.PersonPhone, "Åse Kjær")
	only, account := find(t, a, compare.PersonWithoutAccount, "Mette Holm"), find(t, a, compare.AccountWithoutPerson, "Eva Toft")
	s := written(t, a, nil)
	s.put(name.ID, "H", " Brug  ad ")
	s.put(phone.ID, "J", "spørg Åse, 010101-0000")
	s.put(only.ID, "H", "samme")
	s.put(only.ID, "I", strings.ToLower(account.ID))
	d, faults := read(t, a, s)
	if len(faults) > 0 {
		t.Fatalf("%+v", faults)
	}
	for range 2 {
		if got := of(d, name.ID); got.Word != decisions.UseSource || got.Source != "ad" || len(d.List) != 2 {
			t.Errorf("%+v", d.List)
		}
		if got := of(d, only.ID); got.Word != decisions.Same || got.With.ID != account.ID {
			t.Errorf("%+v", got)
		}
		if got := d.Remarks[phone.ID]; got != "spørg Åse, XXXXXX-XXXX" {
			t.Errorf("the remark is %q", got)
		}
		if diff := cmp.Diff([]compare.Decision{{Lead: "1004", Other: "a4", Same: true}}, d.Pairs("opus", "ad")); diff != "" {
			t.Errorf("pairs (-want +got):\n%s", diff)
		}
		if open := d.Open(a); len(open) != len(a.Items)-3 {
			t.Errorf("%d of %d are open", len(open), len(a.Items))
		}
		d, faults = read(t, a, written(t, a, d))
		if len(faults) > 0 {
			t.Fatalf("%+v", faults)
		}
	}
}

// of is the decision about an item; the zero value where there is none.
func of(d *decisions.Decisions, id string) decisions.Decision {
	for _, one := range d.List {
		if one.Item.ID == id {
			return one
		}
	}
	return decisions.Decision{}
}

// TestFaults: each is told with its cell, and the row is no decision.
func TestFaults(t *testing.T) {
	a, _, _ := settled(t)
	name, account := find(t, a, compare.PersonName, "Åse Kjær"), find(t, a, compare.AccountWithoutPerson, "Eva Toft")
	only, gone := find(t, a, compare.PersonWithoutAccount, "Mette Holm"), find(t, a, compare.UnitOnly, "Gæster")
	for _, test := range []struct {
		name   string
		fill   func(s *sheet)
		code   string
		column string
		says   string
	}{
		{"no such word", func(s *sheet) { s.put(name.ID, "H", "måske") }, decisions.UnknownWord, "H", "brug OPUS, brug AD, ret i kilden"},
		{"a word for others", func(s *sheet) { s.put(name.ID, "H", "udelad") }, decisions.UnknownWord, "H", "passer ikke til emnet"},
		{"a mistyped ID", func(s *sheet) { s.put(name.ID, "H", "brug AD"); s.put(name.ID, "A", "P1234567890-ABCD") }, decisions.UnknownID, "A", "findes ikke"},
		{"no ID", func(s *sheet) { s.put(name.ID, "H", "brug AD"); s.put(name.ID, "A", "") }, decisions.UnknownID, "A", "intet ID"},
		{"other values", func(s *sheet) { s.put(name.ID, "H", "brug AD"); s.put(name.ID, "A", name.ID+"-2222") }, decisions.Older, "A", "Nu siger OPUS: Åse Kjær, og AD: Aase Kjær"},
		{"same as whom", func(s *sheet) { s.put(only.ID, "H", "samme") }, decisions.WrongPartner, "H", "Samme som hvem"},
		{"same as itself", func(s *sheet) { s.put(only.ID, "H", "samme"); s.put(only.ID, "I", only.ID) }, decisions.WrongPartner, "I", "kan ikke være den samme"},
		{"a person the same as a unit", func(s *sheet) { s.put(only.ID, "H", "samme"); s.put(only.ID, "I", gone.ID) }, decisions.WrongPartner, "I", "kan ikke være den samme"},
		{"an ID without a decision", func(s *sheet) { s.put(only.ID, "I", account.ID) }, decisions.WrongPartner, "I", "ingen beslutning"},
		{"an ID with another decision", func(s *sheet) { s.put(only.ID, "H", "medtag"); s.put(only.ID, "I", account.ID) }, decisions.WrongPartner, "I", "kun sammen med samme"},
		{"what looks like a formula", func(s *sheet) { s.put(name.ID, "H", "=brug AD") }, decisions.NotTrusted, "H", "formel"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := written(t, a, nil)
			test.fill(s)
			d, faults := read(t, a, s)
			if len(faults) != 1 || faults[0].Code != test.code || !strings.HasPrefix(faults[0].Cell, test.column) || !strings.Contains(faults[0].Text, test.says) {
				t.Errorf("%+v", faults)
			}
			if len(d.List) > 0 {
				t.Errorf("it was decided all the same: %+v", d.List)
			}
		})
	}
}

// TestOlder: the row of something that is no longer so is told apart from one that never was.
func TestOlder(t *testing.T) {
	a, _, _ := settled(t)
	name := find(t, a, compare.PersonName, "Åse Kjær")
	s := written(t, a, nil)
	s.put(name.ID, "H", "brug AD")
	lead, other := registers()
	other.People[0].States[0].Given = "Åse"
	now := agenda.New(compare.All(lead, other), "da")
	d, faults := read(t, now, s)
	if len(faults) != 1 || faults[0].Code != decisions.Older || !strings.Contains(faults[0].Text, "punktet findes ikke mere") || len(d.List) > 0 {
		t.Errorf("%+v %+v", faults, d.List)
	}
}

// TestContradictions: of rows that cannot both stand none is taken, and each is told where the other is.
func TestContradictions(t *testing.T) {
	a, _, _ := settled(t)
	name, account := find(t, a, compare.PersonName, "Åse Kjær"), find(t, a, compare.AccountWithoutPerson, "Eva Toft")
	only := find(t, a, compare.PersonWithoutAccount, "Mette Holm")
	add := func(s *sheet, cell, id, word, with string) {
		for column, text := range map[string]string{"A": id, "H": word, "I": with} {
			if err := s.f.SetCellStr(sheetName, column+cell, text); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, test := range []struct {
		name  string
		fill  func(s *sheet)
		want  int
		taken int
	}{
		{"two answers", func(s *sheet) {
			s.put(name.ID, "H", "brug AD")
			add(s, "90", name.ID+"-"+name.Version, "brug OPUS", "")
		}, 2, 0},
		{"a copied row", func(s *sheet) { s.put(name.ID, "H", "brug AD"); add(s, "90", name.ID+"-"+name.Version, "brug AD", "") }, 0, 1},
		{"left out and the same", func(s *sheet) {
			s.put(only.ID, "H", "samme")
			s.put(only.ID, "I", account.ID)
			s.put(account.ID, "H", "udelad")
		}, 2, 0},
		{"out and in", func(s *sheet) {
			s.put(account.ID, "H", "medtag")
			s.put(only.ID, "H", "samme")
			s.put(only.ID, "I", account.ID)
		}, 2, 0},
		{"said from both sides", func(s *sheet) {
			s.put(only.ID, "H", "samme")
			s.put(only.ID, "I", account.ID)
			s.put(account.ID, "H", "samme")
			s.put(account.ID, "I", only.ID)
		}, 0, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := written(t, a, nil)
			test.fill(s)
			d, faults := read(t, a, s)
			for _, f := range faults {
				if f.Code != decisions.Contradicts || !strings.Contains(f.Text, "Se også H") {
					t.Errorf("%+v", f)
				}
			}
			if len(faults) != test.want || len(d.List) != test.taken {
				t.Errorf("%d faults and %d decisions, want %d and %d: %+v", len(faults), len(d.List), test.want, test.taken, faults)
			}
		})
	}
}

// TestNotThatSheet: another file is told, not guessed at.
func TestNotThatSheet(t *testing.T) {
	a, _, _ := settled(t)
	if _, _, err := decisions.Read("x.xlsx", []byte("PK"), a); err == nil {
		t.Error("a damaged file is read")
	}
	_, faults, err := decisions.Read("x.csv", []byte("Navn;Telefon\nÅse;1\n"), a)
	if err != nil || len(faults) != 1 || faults[0].Code != decisions.NoColumn {
		t.Errorf("%v %+v", err, faults)
	}
}

// FuzzRead: of whatever bytes, a decision is one that can be made about its item.
func FuzzRead(f *testing.F) {
	lead, other := registers()
	comparisons := compare.All(lead, other)
	a := agenda.New(comparisons, "da")
	for _, item := range a.Items {
		f.Add("ID;Beslutning;Samme som (ID)\n" + item.ID + "-" + item.Version + ";" + decisions.Choices(item)[0] + ";\n")
	}
	f.Add("Beslutning,ID\nsamme,\n")
	f.Fuzz(func(t *testing.T, text string) {
		d, faults, err := decisions.Read("x.csv", []byte(text), a)
		if err != nil {
			return
		}
		for _, fault := range faults {
			if fault.Cell == "" || fault.Code == "" || fault.Text == "" {
				t.Fatalf("%+v", fault)
			}
		}
		for _, one := range d.List {
			if one.Item.ID == "" || one.Word == "" || (one.Word == decisions.UseSource) != (one.Source != "") {
				t.Fatalf("%+v", one)
			}
		}
		d.Town([]*source.Extract{lead, other}, comparisons)
	})
}

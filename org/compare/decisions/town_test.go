package decisions_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/agenda"
	"orgit.dk/orgit/org/compare/decisions"
	"orgit.dk/orgit/org/intake"
	"orgit.dk/orgit/org/source"
)

// decide makes decisions: kind, name, word, and the key of the register with "brug".
func decide(t *testing.T, a *agenda.Agenda, said ...[4]string) *decisions.Decisions {
	t.Helper()
	d := &decisions.Decisions{}
	for _, s := range said {
		d.List = append(d.List, decisions.Decision{Item: find(t, a, compare.Kind(s[0]), s[1]), Word: decisions.Word(s[2]), Source: s[3], Cell: "H2"})
	}
	return d
}

// short writes clusters as 1001=a1.
func short(town intake.Town) (units, people []string) {
	write := func(clusters []intake.Cluster, id func(x *source.Extract, i int) string) (list []string) {
		for _, c := range clusters {
			var parts []string
			for _, r := range c {
				parts = append(parts, id(town.Extracts[r.Extract], r.Index))
			}
			list = append(list, strings.Join(parts, "="))
		}
		return list
	}
	return write(town.Units, func(x *source.Extract, i int) string { return x.Source[:1] + x.Units[i].ID }),
		write(town.People, func(x *source.Extract, i int) string { return x.People[i].ID })
}

func TestTown(t *testing.T) {
	_, comparisons, extracts := settled(t)
	result := (&decisions.Decisions{}).Town(extracts, comparisons)
	units, people := short(result.Town)
	if diff := cmp.Diff([]string{"o1=a1", "o2=a2", "o3=a3", "o4", "o5=a5", "a9"}, units); diff != "" {
		t.Errorf("units (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"1001=a1", "1002=a2", "1003=a3", "1004", "1005=a5", "1006", "a4"}, people); diff != "" {
		t.Errorf("people (-want +got):\n%s", diff)
	}
	if len(result.NotApplied) > 0 {
		t.Errorf("%+v", result.NotApplied)
	}
}

// TestTownPairs: who was said to be the same is one cluster, also where the comparison saw nothing.
func TestTownPairs(t *testing.T) {
	a, _, extracts := settled(t)
	d := &decisions.Decisions{List: []decisions.Decision{
		{Item: find(t, a, compare.PersonWithoutAccount, "Mette Holm"), Word: decisions.Same, With: find(t, a, compare.AccountWithoutPerson, "Eva Toft")},
	}}
	_, people := short(d.Town(extracts, []*compare.Comparison{compare.Compare(extracts[0], extracts[1], d.Pairs("opus", "ad")...)}).Town)
	if !slices.Contains(people, "1004=a4") {
		t.Errorf("%v", people)
	}
}

// TestTownLeftOut: what is left out is in no cluster, and nothing that was in it is lost.
func TestTownLeftOut(t *testing.T) {
	a, comparisons, extracts := settled(t)
	d := decide(t, a, [4]string{string(compare.UnitOnly), "Vagthold", "udelad"}, [4]string{string(compare.AccountWithoutPerson), "Eva Toft", "udelad"})
	town := d.Town(extracts, comparisons).Town
	units, people := short(town)
	if slices.Contains(units, "o4") || slices.Contains(people, "a4") || !slices.Contains(people, "1004") {
		t.Errorf("%v %v", units, people)
	}
	if got := town.Extracts[0].People[3].Engagements[0].States[0].Unit; got != "3" {
		t.Errorf("who was in the unit that is left out is in %q, want the one above", got)
	}
	unchanged(t, extracts)
}

// TestTownDoubled: two records of a person are one, with all that both have.
func TestTownDoubled(t *testing.T) {
	a, comparisons, extracts := settled(t)
	d := decide(t, a, [4]string{string(compare.Doubled), "Gyda Wulff", "samme"})
	town := d.Town(extracts, comparisons).Town
	_, people := short(town)
	if slices.Contains(people, "1006") || !slices.Contains(people, "1005=a5") {
		t.Errorf("%v", people)
	}
	if got := town.Extracts[0].People[4].Engagements; len(got) != 2 {
		t.Errorf("%d engagements, want both", len(got))
	}
	if got := town.Extracts[0].Leaders[1].States[0].Person; got != "1005" {
		t.Errorf("the leader is %q, want the record that is left", got)
	}
	unchanged(t, extracts)
}

// TestTownUse: the value that was decided stands in the other register's record too.
func TestTownUse(t *testing.T) {
	a, comparisons, extracts := settled(t)
	d := decide(t, a, [4]string{string(compare.UnitName), "Østre Skole", "brug", "ad"}, [4]string{string(compare.UnitPlace), "Vej og Park", "brug", "ad"},
		[4]string{string(compare.UnitLeader), "Østre Skole", "brug", "ad"}, [4]string{string(compare.LeaderOnly), "Dagplejen", "brug", "ad"},
		[4]string{string(compare.PersonName), "Åse Kjær", "brug", "ad"}, [4]string{string(compare.PersonTitle), "Jens Kristensen", "brug", "ad"},
		[4]string{string(compare.PersonUnit), "Bo Lund", "brug", "ad"}, [4]string{string(compare.PersonPhone), "Åse Kjær", "brug", "ad"})
	result := d.Town(extracts, comparisons)
	x := result.Town.Extracts[0]
	if len(result.NotApplied) > 0 || len(x.Leaders) > 0 {
		t.Errorf("%+v %+v", result.NotApplied, x.Leaders)
	}
	got := []string{x.Units[1].States[0].Name, x.Units[2].States[0].Parent, x.People[0].States[0].Given, x.People[1].Engagements[0].States[0].Title,
		x.People[2].Engagements[0].States[0].Unit, x.People[0].States[0].Addresses["phone"], x.People[0].States[0].Addresses["email"]}
	if diff := cmp.Diff([]string{"Østerskolen", "2", "Aase", "Underviser", "2", "+4510000002", "aak@korsbaek.example"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	unchanged(t, extracts)
}

// TestTownUseLead: the leading register's value goes into the other one's record.
func TestTownUseLead(t *testing.T) {
	a, comparisons, extracts := settled(t)
	d := decide(t, a, [4]string{string(compare.UnitName), "Østre Skole", "brug", "opus"}, [4]string{string(compare.PersonName), "Åse Kjær", "brug", "opus"})
	x := d.Town(extracts, comparisons).Town.Extracts[1]
	if x.Units[1].States[0].Name != "Østre Skole" || x.People[0].States[0].Given != "Åse" {
		t.Errorf("%+v %+v", x.Units[1], x.People[0])
	}
	unchanged(t, extracts)
}

// TestTownNotApplied: what has no place is told.
func TestTownNotApplied(t *testing.T) {
	a, comparisons, extracts := settled(t)
	d := decide(t, a, [4]string{string(compare.PersonUnit), "Bo Lund", "brug", "ad"})
	extracts[0].People[2].Engagements = append(extracts[0].People[2].Engagements, source.Engagement{ID: "second", States: []source.EngagementState{{Unit: "1"}}})
	if result := d.Town(extracts, comparisons); len(result.NotApplied) != 1 || result.NotApplied[0].Cell != "H2" || result.NotApplied[0].Name != "Bo Lund" {
		t.Errorf("%+v", result.NotApplied)
	}
}

// unchanged demands that what was read is still what was read.
func unchanged(t *testing.T, extracts []*source.Extract) {
	t.Helper()
	lead, other := registers()
	if diff := cmp.Diff([]*source.Extract{lead, other}, extracts, cmpopts.IgnoreTypes(source.Number{})); diff != "" {
		t.Errorf("the registers were changed (-before +after):\n%s", diff)
	}
}

// TestTownThree: of three registers, records that only two others have are together too, where they were compared; and what
// would put two records of one register together is told and not done.
func TestTownThree(t *testing.T) {
	_, _, extracts := settled(t)
	lead, other := extracts[0], extracts[1]
	_, third := registers()
	third.Source, third.Name = "fk", "FK Organisation"
	all := []*source.Extract{lead, other, third}
	d := &decisions.Decisions{}
	comparisons := append(compare.All(lead, other, third), compare.Compare(other, third))
	_, people := short(d.Town(all, comparisons).Town)
	if diff := cmp.Diff([]string{"1001=a1=a1", "1002=a2=a2", "1003=a3=a3", "1004", "1005=a5=a5", "1006", "a4=a4"}, people); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	wrong := compare.Compare(other, third, compare.Decision{Lead: "a1", Other: "a3", Same: true})
	result := d.Town(all, append(compare.All(lead, other, third), wrong))
	if len(result.NotApplied) == 0 || !strings.Contains(result.NotApplied[0].Text, "holdt adskilt") {
		t.Errorf("%+v", result.NotApplied)
	}
	if _, people = short(result.Town); !slices.Contains(people, "1001=a1=a1") || !slices.Contains(people, "1003=a3=a3") {
		t.Errorf("%v", people)
	}
}

// TestSettle: an answer brings up differences, and what was decided about those counts too.
func TestSettle(t *testing.T) {
	lead, other := registers()
	other.People[1].Engagements[0].Number, other.People[1].Accounts[0].Number = "", "" // Jens Christensen is no longer found by number
	first, err := decisions.Settle(lead, []*source.Extract{other}, "x.csv", []byte("ID;Beslutning\n"))
	if err != nil {
		t.Fatal(err)
	}
	asked := find(t, first.Open, agenda.AskPerson, "Jens Kristensen")
	text := "ID;Beslutning\n" + asked.ID + "-" + asked.Version + ";samme\n"
	second, err := decisions.Settle(lead, []*source.Extract{other}, "x.csv", []byte(text))
	if err != nil || len(second.Faults) > 0 {
		t.Fatal(err, second.Faults)
	}
	title := find(t, second.Open, compare.PersonTitle, "Jens Kristensen")
	find(t, second.Sheet, agenda.AskPerson, "Jens Kristensen")
	third, err := decisions.Settle(lead, []*source.Extract{other}, "x.csv", []byte(text+title.ID+"-"+title.Version+";brug AD\n"))
	if err != nil || len(third.Faults) > 0 {
		t.Fatal(err, third.Faults)
	}
	if slices.ContainsFunc(third.Open.Items, func(item agenda.Item) bool { return item.ID == title.ID || item.ID == asked.ID }) {
		t.Error("what was decided is still open")
	}
	x := third.Decisions.Town([]*source.Extract{lead, other}, third.Comparisons).Town.Extracts[0]
	if got := x.People[1].Engagements[0].States[0].Title; got != "Underviser" {
		t.Errorf("the title is %q, want the one that was decided", got)
	}
}

// TestSettleBothWays: what was said to be different stays so, or nothing was said at all.
func TestSettleBothWays(t *testing.T) {
	lead, other := registers()
	other.People[1].Engagements[0].Number, other.People[1].Accounts[0].Number = "", ""
	others := []*source.Extract{other}
	first, err := decisions.Settle(lead, others, "x.csv", []byte("ID;Beslutning\n"))
	if err != nil {
		t.Fatal(err)
	}
	asked := find(t, first.Open, agenda.AskPerson, "Jens Kristensen")
	text := "ID;Beslutning;Samme som (ID)\n" + asked.ID + "-" + asked.Version + ";forskellige;\n"
	second, err := decisions.Settle(lead, others, "x.csv", []byte(text))
	if err != nil || len(second.Faults) > 0 {
		t.Fatal(err, second.Faults)
	}
	mine, theirs := find(t, second.Open, compare.PersonWithoutAccount, "Jens Kristensen"), find(t, second.Open, compare.AccountWithoutPerson, "Jens Christensen")
	third, err := decisions.Settle(lead, others, "x.csv", []byte(text+mine.ID+"-"+mine.Version+";samme;"+theirs.ID+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, f := range third.Faults {
		codes = append(codes, f.Code)
	}
	if diff := cmp.Diff([]string{decisions.Contradicts, decisions.Contradicts}, codes); diff != "" || len(third.Decisions.List) > 0 {
		t.Errorf("(-want +got):\n%s\n%+v", diff, third.Decisions.List)
	}
	find(t, third.Open, agenda.AskPerson, "Jens Kristensen")
}

// TestTownClosedAccount: a decision opens no account, and whoever decided so is told; that it stays closed is as it is.
func TestTownClosedAccount(t *testing.T) {
	lead, other := registers()
	other.People[2].Accounts[0].Disabled = true
	extracts := []*source.Extract{lead, other}
	comparisons := compare.All(lead, other)
	a := agenda.New(comparisons, "da")
	item := find(t, a, compare.AccountClosed, "Bo Lund")
	if item.Lead.Text != "ansat" || item.Other.Text != "login-a3" || !slices.Contains(item.Why, "lukket konto i AD, ansat i OPUS") {
		t.Errorf("%+v", item)
	}
	if diff := cmp.Diff([]string{"brug OPUS", "brug AD", "ret i kilden"}, decisions.Choices(item)); diff != "" {
		t.Error(diff)
	}
	for register, notes := range map[string]int{"opus": 1, "ad": 0} {
		result := decide(t, a, [4]string{string(compare.AccountClosed), "Bo Lund", "brug", register}).Town(extracts, comparisons)
		if !result.Town.Extracts[1].People[2].Accounts[0].Disabled {
			t.Errorf("%s: a decision opens an account", register)
		}
		if len(result.NotApplied) != notes {
			t.Errorf("%s: %v", register, result.NotApplied)
		}
	}
}

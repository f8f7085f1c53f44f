package propose_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
)

// typed are changes of each kind as data.
func typed() []propose.Change {
	bo := propose.Change{Person: "p2m8xw1"}
	with := func(c propose.Change, do propose.Kind, fill func(*propose.Change)) propose.Change {
		c.Do = do
		fill(&c)
		return c
	}
	none := propose.Change{}
	return []propose.Change{
		with(none, propose.DoHire, func(c *propose.Change) {
			c.Name, c.Login = org.Name{Given: "Åse", Surname: "Ør"}, "aasor"
			c.Unit, c.Title, c.Type, c.From = "skolen", "laerer", "maanedsloen", "2027-01-01"
		}),
		with(bo, propose.DoHire, func(c *propose.Change) {
			c.Unit, c.Title, c.Type, c.From = "raadhuset", "laerer", "maanedsloen", "2027-01-01"
		}),
		with(bo, propose.DoLeave, func(c *propose.Change) { c.Last = "2026-12-31" }),
		with(propose.Change{Person: "ptemp11"}, propose.DoExtend, func(c *propose.Change) { c.Until = "2027-06-30" }),
		with(propose.Change{Person: "ptemp11"}, propose.DoExtend, func(c *propose.Change) { c.Open = true }),
		with(bo, propose.DoAnnul, func(*propose.Change) {}),
		with(bo, propose.DoMove, func(c *propose.Change) { c.Unit, c.From = "raadhuset", "2027-01-01" }),
		with(bo, propose.DoMove, func(c *propose.Change) { c.Unit, c.Correct = "raadhuset", true }),
		with(bo, propose.DoTitle, func(c *propose.Change) { c.Title, c.From = "direktoer", "2027-01-01" }),
		with(bo, propose.DoFraction, func(c *propose.Change) { c.Fraction, c.From = 0.5, "2027-01-01" }),
		with(none, propose.DoHire, func(c *propose.Change) {
			c.Name, c.Shielded, c.Payroll = org.Name{Given: "Åse", Surname: "Ør"}, true, org.Payroll{System: "sd", Institution: "KB", Number: "8812345"}
			c.Unit, c.Title, c.Type, c.From = "skolen", "laerer", "maanedsloen", "2027-01-01"
		}),
		with(bo, propose.DoNumber, func(c *propose.Change) { c.Payroll = org.Payroll{System: "opus", Number: "8812345"} }),
		with(bo, propose.DoType, func(c *propose.Change) { c.Type, c.From = "timeloen", "2027-01-01" }),
		with(bo, propose.DoShield, func(*propose.Change) {}),
		with(bo, propose.DoAbsence, func(c *propose.Change) { c.From, c.ClosesAccounts = "2027-01-01", true }),
		with(propose.Change{Person: "paway11"}, propose.DoReturn, func(*propose.Change) {}),
		with(bo, propose.DoName, func(c *propose.Change) { c.Name, c.From = org.Name{Given: "Bo", Surname: "Holm"}, "2026-12-05" }),
		with(bo, propose.DoName, func(c *propose.Change) { c.Name, c.Correct = org.Name{Given: "Bo", Surname: "Holm"}, true }),
		with(bo, propose.DoContact, func(c *propose.Change) { c.Addresses = map[string]string{"phone": "+4544332299", "room": ""} }),
		with(none, propose.DoCreateUnit, func(c *propose.Change) {
			c.Key, c.UnitName, c.Parent, c.Type, c.From = "sfo", "SFO Øst", "skolen", "afdeling", "2027-01-01"
		}),
		with(none, propose.DoCreateUnit, func(c *propose.Change) {
			c.Key, c.UnitName, c.Parent, c.Type, c.From = "sfo", "SFO Øst", "skolen", "afdeling", "2027-01-01"
			c.Codes = map[string]string{"opus": "8831", "sd": "K88"}
		}),
		with(propose.Change{Unit: "skolen"}, propose.DoRenameUnit, func(c *propose.Change) { c.UnitName, c.From = "Søndre Skole", "2027-01-01" }),
		with(propose.Change{Unit: "vestre"}, propose.DoMoveUnit, func(c *propose.Change) { c.Parent, c.From = "skolen", "2027-01-01" }),
		with(propose.Change{Unit: "vestre"}, propose.DoCloseUnit, func(c *propose.Change) { c.Last, c.Successor = "2026-12-31", "skolen" }),
		with(propose.Change{Unit: "raadhuset"}, propose.DoMergeUnits, func(c *propose.Change) { c.Units, c.From = []string{"skolen", "vestre"}, "2027-01-01" }),
		with(propose.Change{Unit: "skolen"}, propose.DoSplitUnit, func(c *propose.Change) {
			c.Key, c.UnitName, c.Type, c.From, c.People = "sfo", "SFO Øst", "afdeling", "2027-01-01", []propose.Of{{Person: "p2m8xw1"}}
		}),
		with(propose.Change{Unit: "skolen"}, propose.DoUnitContact, func(c *propose.Change) {
			c.Addresses, c.Correct = map[string]string{"phone": "+4544332299"}, true
		}),
		with(bo, propose.DoAppoint, func(c *propose.Change) { c.Unit, c.From = "raadhuset", "2027-01-01" }),
		with(bo, propose.DoActing, func(c *propose.Change) { c.Unit, c.From, c.Until = "skolen", "2027-01-01", "2027-03-31" }),
		with(none, propose.DoVacate, func(c *propose.Change) { c.Unit, c.From = "raadhuset", "2027-01-01" }),
	}
}

func session(t *testing.T, texts org.Texts, o *org.Organisation, day org.Day) *propose.Session {
	t.Helper()
	s, err := propose.NewSession(texts, o, day, &ids{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestCarriedOutAgain: what a commit's message says, with the texts of its files, makes the same files again, on another day
// too; and no name or number that the change brings stands in the message.
func TestCarriedOutAgain(t *testing.T) {
	texts, err := org.ReadTexts(town(t))
	if err != nil {
		t.Fatal(err)
	}
	base := load(t, texts)
	for _, c := range typed() {
		s := session(t, texts, base, today)
		done, err := s.Do(c)
		if err != nil {
			t.Errorf("%s: %v", c.Do, err)
			continue
		}
		message, err := propose.Message("Ændring", []propose.Change{done})
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"Åse", "Ør", "Holm", "aasor", "99", "Søndre", "SFO"} {
			if strings.Contains(message, secret) && secret != "Ør" || strings.Contains(message, "Ør") {
				t.Errorf("%s: the message has %q: %s", c.Do, secret, message)
			}
		}
		read, err := propose.ReadMessage(message)
		if err != nil || len(read) != 1 {
			t.Errorf("%s: %v, %v", c.Do, read, err)
			continue
		}
		again, err := read[0].WithTexts(load(t, s.Texts()))
		if err != nil {
			t.Errorf("%s: %v", c.Do, err)
			continue
		}
		second := session(t, texts, base, "2026-12-20")
		if _, err := second.Do(again); err != nil {
			t.Errorf("%s again: %v", c.Do, err)
		}
		if diff := cmp.Diff(s.Changed(), second.Changed()); diff != "" {
			t.Errorf("%s comes to something else (-first +again)\n%s", c.Do, diff)
		}
	}
}

// TestSessionBuildsOn: changes of one person in one session see each other.
func TestSessionBuildsOn(t *testing.T) {
	texts, err := org.ReadTexts(town(t))
	if err != nil {
		t.Fatal(err)
	}
	s := session(t, texts, load(t, texts), today)
	job := propose.Change{Do: propose.DoHire, Person: "p2m8xw1", Unit: "raadhuset", Title: "laerer", Type: "maanedsloen", From: "2027-01-01"}
	for _, unit := range []string{"raadhuset", "vestre"} {
		job.Unit = unit
		if _, err := s.Do(job); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Do(job); !errors.Is(err, propose.ErrProposal) {
		t.Errorf("the same job was given twice: %v", err)
	}
	if got := len(load(t, s.Texts()).Person("p2m8xw1").Engagements); got != 3 {
		t.Errorf("there are %d engagements", got)
	}
	if got := len(s.Done()); got != 2 {
		t.Errorf("%d are done", got)
	}
}

// FuzzReadMessage: messages come from branches. What can be read is keys, UUIDs and days, and says the same when it is
// written again.
func FuzzReadMessage(f *testing.F) {
	f.Add("Ændring\n\nOrg-Change: {\"v\":1,\"do\":\"move\",\"person\":\"p1\",\"unit\":\"vej\",\"from\":\"2026-12-01\"}\n")
	f.Add("Org-Change: {\"v\":1,\"do\":\"split-unit\",\"people\":[{\"person\":\"../x\"}]}")
	f.Add("Org-Change: {\"v\":2}\nOrg-Change: null")
	f.Fuzz(func(t *testing.T, message string) {
		changes, err := propose.ReadMessage(message)
		if err != nil {
			if !errors.Is(err, propose.ErrTrailer) {
				t.Fatal(err)
			}
			return
		}
		for _, c := range changes {
			for _, at := range c.Entries() {
				if strings.ContainsAny(at[1], "/. \n\"") {
					t.Fatalf("%q is a key", at[1])
				}
			}
		}
		written, err := propose.Message("x", changes)
		if err != nil {
			t.Fatal(err)
		}
		again, err := propose.ReadMessage(written)
		if err != nil {
			t.Fatalf("%q: %v", written, err)
		}
		if rewritten, err := propose.Message("x", again); err != nil || rewritten != written {
			t.Fatalf("%q became %q (%v)", written, rewritten, err)
		}
	})
}

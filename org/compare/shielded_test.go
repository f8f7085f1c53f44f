package compare_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/source"
)

// TestShielded: the phone of somebody who has a protected address in one of the registers is shown nowhere,
// neither as a difference nor as a reason.
func TestShielded(t *testing.T) {
	const mine, theirs = "+4511110000", "+4522220000"
	for _, test := range []struct {
		name        string
		phone       string // the other register's
		lead, other bool   // who has the address as a protected one
		shown       bool
		want        []string
	}{
		{"nobody protects it", theirs, false, false, true, []string{"person phone: 1 " + mine + " / x " + theirs}},
		{"the leading one does", theirs, true, false, false, nil},
		{"the other one does", theirs, false, true, false, nil},
		{"one phone, nobody protects it", mine, false, false, true, nil},
		{"one phone, the other one protects it", mine, false, true, false, nil},
		{"one phone, the leading one protects it", mine, true, false, false, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			person := func(id, phone string, shielded bool) source.Person {
				p := someone(id + "; Hassan|Yilmaz; number:901; phone:" + phone)
				p.States[0].Shielded = shielded
				return p
			}
			c := compare.Compare(register("pay", payrollSays, person("1", mine, test.lead)), register("ad", directorySays, person("x", test.phone, test.other)))
			if diff := cmp.Diff(test.want, lines(c.Differences())); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
			reasons := ""
			for _, m := range c.People {
				if m.Lead == "1" {
					reasons = fmt.Sprint(m.Candidates[0].Reasons)
				}
			}
			if shown := strings.Contains(reasons, mine) || strings.Contains(reasons, theirs); shown != test.shown {
				t.Errorf("a phone is shown: %v, want %v, in %s", shown, test.shown, reasons)
			}
			if !strings.Contains(reasons, "phone") {
				t.Errorf("the phones are not compared: %s", reasons)
			}
		})
	}
}

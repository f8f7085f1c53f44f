package fkorg

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// koer plans and carries out as apply does, several operations at a time.
func (m *maal) koer(o, before *org.Organisation, open ...plan.ID) (*apply.Report, error) {
	m.t.Helper()
	p, err := m.proevPlan(o, before, open...)
	if err != nil {
		return nil, err
	}
	p.Provenance.Commit = "c"
	pass, err := apply.Gate(p, apply.Facts{Approved: "c", Today: m.day})
	if err != nil {
		m.t.Fatal(err)
	}
	report, err := apply.Run(m.t.Context(), pass, map[string]apply.Writer{Target: m.writer(o)}, apply.Observers{})
	if err != nil {
		m.t.Fatal(err)
	}
	return report, nil
}

// udfald says how a run ended: whether the state could be read at all, and what was not done, with the errors.
func udfald(report *apply.Report, err error) (word string, errs error) {
	if report == nil {
		return "read nothing", err
	}
	word = "through"
	for _, r := range report.Results {
		if !r.Good() {
			word = "stopped"
			errs = errors.Join(errs, r.Err)
			if r.Outcome == apply.Stale {
				errs = errors.Join(errs, errors.New(r.Reason))
			}
		}
	}
	return word, errs
}

// udenPassive takes the objects that are Inaktiv in one dump and Passiveret in the other out of both.
func udenPassive(undisturbed, disturbed string) (string, string) {
	var gone []string
	for line := range strings.Lines(disturbed) {
		object, passive := strings.CutSuffix(strings.TrimSpace(line), " Passiveret")
		if passive && slices.ContainsFunc(strings.Split(undisturbed, "\n"), func(l string) bool {
			return strings.HasPrefix(l, object+" Gyldighed ") && strings.HasSuffix(l, " Inaktiv")
		}) {
			gone = append(gone, object)
		}
	}
	without := func(dump string) string {
		var b strings.Builder
		for line := range strings.Lines(dump) {
			if !slices.ContainsFunc(gone, func(object string) bool { return strings.HasPrefix(line, object+" ") }) {
				b.WriteString(line)
			}
		}
		return b.String()
	}
	return without(undisturbed), without(disturbed)
}

// TestEveryTrouble runs a first load and a change with each of the stand-in's troubles. Either the run ends in the state
// of an undisturbed one, or it stops with an error that says why, and the next run, undisturbed, ends there.
func TestEveryTrouble(t *testing.T) {
	first := organisation(t, lille)
	second := organisation(t, med(t, lille, `"name": "Østre Skole", "parent": "rod"`, `"name": "Ny Skole", "parent": "skole2"`,
		`"phone": "+4510000001", "visit"`, `"phone": "+4510000003", "email": "ny@korsbaek.example", "visit"`,
		`"a": {"unit": "skole", "title": "leder", "from": "2022-08-01"}`, `"a": {"unit": "skole", "title": "leder", "from": "2022-08-01", "to": "2026-11-22"}`,
		`"surname": "Åkær"`, `"surname": "Holm"`))
	whole := nytMaal(t, dagen)
	whole.anvend(first, nil)
	afterLoad := whole.srv.Dump()
	whole.anvend(second, first)
	afterChange := whole.srv.Dump()

	type want struct{ load, change, says string }
	wants := map[string]want{
		"status-40":  {"stopped", "stopped", "fejl i input"},
		"status-41":  {"read nothing", "read nothing", "service agreement"},
		"passivated": {"through", "stopped", "it is not there any more"},
	}
	for _, named := range fkorgtest.Catalogue() {
		w, ok := wants[named.Name]
		if !ok {
			w = want{load: "through", change: "through"}
		}
		t.Run(named.Name, func(t *testing.T) {
			m := nytMaal(t, dagen)
			m.frist = 300 * time.Millisecond
			disturbed := func(o, before *org.Organisation, want, end string) {
				t.Helper()
				trouble, err := fkorgtest.Troubles(named.Name)
				if err != nil {
					t.Fatal(err)
				}
				m.srv.SetTrouble(trouble)
				report, err := m.koer(o, before)
				m.srv.SetTrouble(nil)
				word, errs := udfald(report, err)
				if word != want {
					t.Errorf("%s, want %s: %v", word, want, errs)
				}
				if word != "through" {
					if !strings.Contains(errs.Error(), w.says) {
						t.Errorf("the error does not say %q: %v", w.says, errs)
					}
					var open []plan.ID
					if report != nil {
						open = report.Open(Target)
					}
					if word, errs := udfald(m.koer(o, before, open...)); word != "through" {
						t.Errorf("the next run: %s: %v", word, errs)
					}
				}
				// What somebody made passive before orgit could close it stays so: it is as good as closed.
				end, got := udenPassive(end, m.srv.Dump())
				if diff := cmp.Diff(end, got); diff != "" {
					t.Errorf("(-undisturbed +disturbed)\n%s", diff)
				}
				m.ens(o)
			}
			disturbed(first, nil, w.load, afterLoad)
			disturbed(second, first, w.change, afterChange)
			if n := m.srv.Lost(); n > 0 {
				t.Errorf("%d changes were overwritten unread", n)
			}
		})
	}
}

// TestPatienceEnds: a service that does not answer is asked again a few times, not a few times for every time.
func TestPatienceEnds(t *testing.T) {
	m := nytMaal(t, dagen)
	before := organisation(t, lille)
	m.anvend(before, nil)
	after := organisation(t, med(t, lille, `"name": "Østre Skole"`, `"name": "Ny Skole"`))
	p := m.plan(after, before)
	down := false
	m.srv.SetTrouble(func(c fkorgtest.Call) fkorgtest.Trouble {
		if down = down || c.Operation == "ret"; down {
			return fkorgtest.Trouble{HTTPStatus: 503}
		}
		return fkorgtest.Trouble{}
	})
	if err := m.udfoer(t.Context(), after, p); !errors.Is(err, apply.ErrUnreachable) {
		t.Errorf("got %v", err)
	}
	if n := m.ventet.Load(); n != 4 {
		t.Errorf("it was asked again after %d pauses, want 4: after the change, and the read 3 times", n)
	}
}

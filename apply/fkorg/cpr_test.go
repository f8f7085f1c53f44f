package fkorg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/internal/cpr/cprtest"
	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/xmltree"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// numre is a CPR store in memory.
type numre map[org.UUID]cpr.Number

// CPR gives a person's number.
func (n numre) CPR(person org.UUID) (cpr.Number, bool) {
	number, ok := n[person]
	return number, ok
}

func nummer(t *testing.T, i int) cpr.Number {
	t.Helper()
	n, err := cpr.Parse(cprtest.Invented(i))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// joinet carries a plan out with CPR numbers.
func (m *maal) joinet(o *org.Organisation, p *plan.Plan, join *CPRJoin) {
	m.t.Helper()
	w := m.writer(o).WithCPR(join)
	for _, op := range p.Operations {
		if err := w.Write(context.Background(), op, nil); err != nil {
			m.t.Fatal(err)
		}
	}
}

// nummerI is the CPR number that the register has for a person, "" for none.
func (m *maal) nummerI(person org.UUID) string {
	m.t.Helper()
	lists, _, ok := m.srv.Object("person", string(person))
	if !ok {
		m.t.Fatalf("there is no person %s", person)
	}
	entries := lists.Attributes.Elements()
	if len(entries) != 1 {
		m.t.Fatalf("%d entries of attributes, want 1", len(entries))
	}
	return entries[0].Child(nsSTS, elementCPR).Content()
}

// saetNummer gives a person a number in the register, as another system would.
func (m *maal) saetNummer(person org.UUID, digits string) {
	m.t.Helper()
	err := m.srv.Edit("person", string(person), func(l *fkorgtest.Lists) {
		e := l.Attributes.Elements()[0]
		var kept []*xmltree.Node
		for _, c := range e.Elements() {
			if c.Is(Person.Namespace(), "NavnTekst") && digits != "" {
				kept = append(kept, xmltree.Leaf(nsSTS, elementCPR, digits))
			}
			if !c.Is(nsSTS, elementCPR) {
				kept = append(kept, c)
			}
		}
		l.Attributes = xmltree.Element(l.Attributes.Name.Space, l.Attributes.Name.Local,
			xmltree.Element(e.Name.Space, e.Name.Local, kept...))
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

func TestPersonsAreMadeWithTheirNumber(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, lille)
	join := NewCPRJoin(numre{annaUUID: nummer(t, 1)})
	m.joinet(o, m.plan(o, nil), join)
	m.ens(o)
	if got := m.nummerI(annaUUID); got != cprtest.Invented(1) {
		t.Errorf("Anna has %d digits, not the number of the store", len(got))
	}
	if got := m.nummerI(boUUID); got != "" {
		t.Error("Bo has a number, and the store has none")
	}
	want := map[org.UUID]CPROutcome{annaUUID: CPRJoined, boUUID: CPRMissing}
	if diff := cmp.Diff(want, maps.Clone(join.outcomes)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if join.Outcome(skoleUUID) != CPRUntouched {
		t.Error("an outcome for somebody who was not written")
	}
	var bodies [][]byte
	for _, e := range m.srv.Journal() {
		if e.Service == "person" && e.Operation == "importer" {
			bodies = append(bodies, e.Body)
		}
	}
	if len(bodies) != 2 || !bytes.Contains(bytes.Join(bodies, nil), []byte(cprtest.Invented(1))) {
		t.Fatalf("%d persons were sent, or none with its number", len(bodies))
	}
	validate(t, "person", bodies...)
}

// TestNeverLooksUp: without a join no number is written, and one that is there stays.
func TestNeverLooksUp(t *testing.T) {
	m := nytMaal(t, dagen)
	before := organisation(t, lille)
	m.joinet(before, m.plan(before, nil), nil)
	if m.nummerI(annaUUID)+m.nummerI(boUUID) != "" {
		t.Error("a person was made with a number")
	}
	m.saetNummer(annaUUID, cprtest.Invented(5))
	after := organisation(t, med(t, lille, "Åkær", "Holm"))
	m.joinet(after, m.plan(after, before), nil)
	if got := m.nummerI(annaUUID); got != cprtest.Invented(5) {
		t.Error("the number that another system wrote is not there any more")
	}
}

// TestNumberOfAChangedPerson: a person who is changed anyway gets the number where the register has none; whatever
// number is there stays.
func TestNumberOfAChangedPerson(t *testing.T) {
	tests := []struct {
		name            string
		register, store int // 0: none
		want            int
		outcome         CPROutcome
	}{
		{"neither has one", 0, 0, 0, CPRMissing},
		{"only the store", 0, 1, 1, CPRJoined},
		{"only the register", 2, 0, 2, CPRKept},
		{"the same", 1, 1, 1, CPRKept},
		{"another", 2, 1, 2, CPRDiffers},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := nytMaal(t, dagen)
			before := organisation(t, lille)
			m.joinet(before, m.plan(before, nil), nil)
			if test.register > 0 {
				m.saetNummer(annaUUID, cprtest.Invented(test.register))
			}
			store := numre{}
			if test.store > 0 {
				store[annaUUID] = nummer(t, test.store)
			}
			join := NewCPRJoin(store)
			after := organisation(t, med(t, lille, "Åkær", "Holm"))
			p := m.plan(after, before)
			for range 2 { // as after a run that was cut
				m.joinet(after, p, join)
			}
			m.ens(after)
			want := ""
			if test.want > 0 {
				want = cprtest.Invented(test.want)
			}
			if m.nummerI(annaUUID) != want {
				t.Error("the register has not the number that it should have")
			}
			// Repeated, the run finds what it did; what it does not find it has nothing to say about.
			if got := join.Outcome(annaUUID); got != test.outcome && (got != CPRUntouched || test.outcome != CPRMissing) {
				t.Errorf("outcome %d, want %d", got, test.outcome)
			}
		})
	}
}

// TestNumberAloneIsNoChange: a person who is as asked for is not written for the number's sake.
func TestNumberAloneIsNoChange(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, lille)
	p := m.plan(o, nil)
	m.joinet(o, p, nil)
	writes := m.srv.Writes()
	join := NewCPRJoin(numre{annaUUID: nummer(t, 1)})
	for _, op := range p.Operations {
		if op.Object.Kind == KindPerson {
			op.Action = plan.ActionUpdate
			if err := m.writer(o).WithCPR(join).Write(context.Background(), op, nil); err != nil {
				t.Error(err)
			}
		}
	}
	if m.srv.Writes() != writes || join.Outcome(annaUUID) != CPRUntouched {
		t.Errorf("%d writes, outcome %d", m.srv.Writes()-writes, join.Outcome(annaUUID))
	}
}

// TestErrorsShowNoNumber: whatever goes wrong when a person with a number is sent, no error shows it, also where the
// service repeats it.
func TestErrorsShowNoNumber(t *testing.T) {
	digits, hyphened := cprtest.Invented(1), cprtest.Hyphened(1)
	troubles := map[string]fkorgtest.Trouble{
		"HTML":               {HTTPStatus: 502},
		"cut before":         {DropBefore: true},
		"cut after":          {DropAfter: true},
		"the service's text": {Status: 40, Message: "CPR-nummer " + digits + " (" + hyphened + ") findes allerede"},
		"text and no blank":  {Status: 40, Message: "<sts:CPR-NummerTekst>" + digits + "</sts:CPR-NummerTekst>"},
		"a long text":        {Status: 40, Message: strings.Repeat("x", 194) + " " + digits},
		"no right":           {Status: 41, Message: "Må ikke se " + hyphened},
	}
	for name, trouble := range troubles {
		t.Run(name, func(t *testing.T) {
			m := nytMaal(t, dagen)
			o := organisation(t, lille)
			p := m.plan(o, nil)
			m.srv.SetTrouble(func(c fkorgtest.Call) fkorgtest.Trouble {
				if c.Service == "person" && c.Operation == "importer" {
					return trouble
				}
				return fkorgtest.Trouble{}
			})
			join := NewCPRJoin(numre{annaUUID: nummer(t, 1)})
			for _, op := range p.Operations {
				if op.Object.UUID != annaUUID {
					continue
				}
				err := m.writer(o).WithCPR(join).Write(context.Background(), op, nil)
				if err == nil && !trouble.DropAfter {
					t.Error("there is no error")
				}
				text := fmt.Sprintf("%v %+v %#v", err, err, join)
				if strings.Contains(text, digits) || strings.Contains(text, hyphened) || strings.Contains(text, digits[:6]) {
					t.Errorf("the number is shown: %s", text)
				}
			}
		})
	}
}

// TestFaultShowsNoNumber: a service that breaks may say in the fault what it was sent.
func TestFaultShowsNoNumber(t *testing.T) {
	fault := &soap.Fault{Code: "Receiver", Reason: "cvc-pattern-valid: Value '" + cprtest.Hyphened(1) + "' is not facet-valid"}
	err := aarsag(fmt.Errorf("importer Person: %w", &soap.Error{Action: "importer", Outcome: soap.Unknown, Err: fault}))
	if text := err.Error(); strings.Contains(text, cprtest.Hyphened(1)) || !strings.Contains(text, "'XXXXXX-XXXX' is not facet-valid") {
		t.Errorf("got %s", text)
	}
	if !errors.Is(err, apply.ErrUnreachable) || soap.OutcomeOf(err) != soap.Unknown {
		t.Error("the kind of the error is lost")
	}
}

func TestCPRNotes(t *testing.T) {
	tests := []struct {
		cpr, language string
		want          map[plan.Action]string
	}{
		{"never", "da", nil},
		{"", "da", nil},
		{"join", "da", map[plan.Action]string{plan.ActionCreate: "med CPR-nummer", plan.ActionUpdate: "og får CPR-nummer, hvis det mangler"}},
		{"join", "en", map[plan.Action]string{plan.ActionCreate: "with the CPR number", plan.ActionUpdate: "and gets the CPR number if it has none"}},
	}
	for _, test := range tests {
		o := organisation(t, lille)
		o.Settings.Language, o.Settings.Targets.FKOrganisation = test.language, &org.FKSettings{CPR: test.cpr}
		s, err := Desired(o, dagen)
		if err != nil {
			t.Fatal(err)
		}
		for _, object := range s.Objects {
			want := test.want
			if object.Kind != KindPerson {
				want = nil
			}
			if diff := cmp.Diff(want, object.Notes); diff != "" {
				t.Errorf("%s in %s, %s (-want +got):\n%s", test.cpr, test.language, object.ID, diff)
			}
		}
	}
}

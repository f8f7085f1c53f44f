package fkorgtest_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/soap"
)

// TestEveryTrouble brings each trouble of the catalogue about and looks at what the caller sees and what is stored.
func TestEveryTrouble(t *testing.T) {
	v := V("2026-01-01")
	withAddress := unitParts("A")
	withAddress.r = address(v, u2, "1") + withAddress.r + rel("TilknyttedeItSystemer", v, u3)
	imp, ret := importUnit(u1, withAddress), message("organisationenhed", "RetInput", id(u1)+withAddress.lists())
	laes := message("organisationenhed", "LaesInput", id(u1))
	// call makes one call; what it gives is the status or how the call failed.
	type step struct{ operation, body, want string }
	type story struct {
		spec          string
		before, calls []step // before: without trouble
		registrations int    // in the end
	}
	there := []step{{"importer", imp, "20"}}
	tests := map[string]story{
		"gateway-502":  {"gateway-502:every=2", nil, []step{{"importer", imp, "20"}, {"ret", ret, "unknown 502"}, {"ret", ret, "20"}}, 2},
		"gateway-503":  {"gateway-503:once", nil, []step{{"importer", imp, "unknown 503"}, {"importer", imp, "20"}}, 1},
		"login-page":   {"login-page:once", nil, []step{{"importer", imp, "unknown 200"}, {"importer", imp, "20"}}, 1},
		"reset-before": {"reset-before:each", nil, []step{{"importer", imp, "unknown 0"}, {"importer", imp, "20"}, {"ret", ret, "unknown 0"}, {"ret", ret, "20"}}, 2},
		"reset-after":  {"reset-after:each", nil, []step{{"importer", imp, "unknown 0"}, {"importer", imp, "49"}, {"ret", ret, "unknown 0"}}, 2},
		"slow":         {"slow:once", nil, []step{{"importer", imp, "given up"}, {"importer", imp, "49"}}, 1},
		"timeout-after": {"timeout-after", nil, []step{{"laes", laes, "44"}, {"importer", imp, "given up"},
			{"importer", imp, "49"}}, 1},
		"timeout-before": {"timeout-before", nil, []step{{"importer", imp, "given up"}, {"importer", imp, "20"}}, 1},
		"cut-answer":     {"cut-answer:once", there, []step{{"laes", laes, "unknown 200"}, {"laes", laes, "20"}}, 1},
		"truncated":      {"truncated:once", there, []step{{"laes", laes, "unknown 200"}, {"laes", laes, "20"}}, 1},
		"pieces":         {"pieces", there, []step{{"laes", laes, "20 itsystems 1"}, {"ret", ret, "20"}}, 2},
		"double-it-systems": {"double-it-systems", there, []step{{"laes", laes, "20 itsystems 2"}, {"list", strings.ReplaceAll(laes, "LaesInput", "ListInput"), "20 itsystems 2"},
			{"ret", ret, "20"}}, 2},
		"status-40":    {"status-40", nil, []step{{"importer", imp, "40"}, {"importer", imp, "20"}}, 1},
		"status-41":    {"status-41", there, []step{{"laes", laes, "41"}, {"ret", ret, "41"}}, 1},
		"status-47":    {"status-47", there, []step{{"ret", ret, "47"}, {"ret", ret, "20"}, {"ret", ret, "20"}}, 3},
		"clock-behind": {"clock-behind", nil, []step{{"importer", imp, "45"}, {"importer", replaced(imp, "11:55:00Z", "11:50:00Z"), "20"}}, 1},
		"double-addresses": {"double-addresses", there, []step{{"ret", ret, "20"}, {"laes", laes, "20 itsystems 1"},
			{"ret", message("organisationenhed", "RetInput", id(u1)), "40"}, {"ret", replaced(ret, address(v, u2, "1"), address(v, u2, "1")+address(v, u2, "2")), "40"},
			{"passiver", message("organisationenhed", "PassiverInput", id(u1)), "20"}, {"importer", imp, "20"}, {"ret", ret, "20"}}, 6},
		"passivated": {"passivated", there, []step{{"laes", laes, "20 itsystems 1"}, {"ret", ret, "49"}, {"importer", imp, "20"}, {"ret", ret, "20"}}, 4},
	}
	for _, named := range fkorgtest.Catalogue() {
		t.Run(named.Name, func(t *testing.T) {
			tt, ok := tests[named.Name]
			if !ok {
				t.Fatal("this trouble has no test")
			}
			s := start(t, fkorgtest.Options{})
			c := newCaller(t, s)
			for _, st := range tt.before {
				if got := c.outcome(st.operation, st.body); !strings.HasPrefix(got, st.want) {
					t.Fatalf("%s: %s", st.operation, got)
				}
			}
			trouble, err := fkorgtest.Troubles(tt.spec)
			if err != nil {
				t.Fatal(err)
			}
			s.SetTrouble(trouble)
			for i, st := range tt.calls {
				if got := c.outcome(st.operation, st.body); !strings.HasPrefix(got, st.want) {
					t.Errorf("call %d, %s: %s, want %s", i, st.operation, got, st.want)
				}
			}
			if n := s.Registrations("organisationenhed", u1); n != tt.registrations {
				t.Errorf("%d registrations, want %d", n, tt.registrations)
			}
		})
	}
}

// outcome makes a call with little patience and says what came of it: the status and how many IT systems an answer to
// laes shows, or how it failed.
func (c *caller) outcome(operation, body string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
	defer cancel()
	out, err := c.soap.Call(ctx, soap.Request{URL: c.srv.URL() + "organisationenhed/6/",
		Action: "http://kombit.dk/sts/organisation/organisationenhed/" + operation, Body: []byte(body)})
	if errors.Is(err, context.DeadlineExceeded) {
		return "given up"
	}
	if e, ok := errors.AsType[*soap.Error](err); ok {
		return strings.Replace(e.Outcome.String(), "outcome ", "", 1) + " " + itoa(e.Status)
	}
	status := out.Child(sdNS, "StandardRetur").Child(sdNS, "StatusKode").Content()
	if operation != "laes" && operation != "list" || status != "20" {
		return status
	}
	const ns = "http://stoettesystemerne.dk/organisation/organisationenhed/6/"
	reg := out.Child(ns, "FiltreretOejebliksbillede").Child(ns, "Registrering")
	return status + " itsystems " + itoa(len(reg.Child(ns, "RelationListe").All(sdNS, "TilknyttedeItSystemer")))
}

func TestTroublesByName(t *testing.T) {
	names := map[string]bool{}
	for _, n := range fkorgtest.Catalogue() {
		if names[n.Name] || n.Does == "" || strings.ContainsAny(n.Name, ": ") {
			t.Errorf("entry %q of the catalogue", n.Name)
		}
		names[n.Name] = true
		if _, err := fkorgtest.Troubles(n.Name + ":" + n.Rhythm.String()); err != nil {
			t.Error(err)
		}
	}
	if _, err := fkorgtest.Troubles("reset-after", "regnvejr"); !errors.Is(err, fkorgtest.ErrNoSuchTrouble) {
		t.Errorf("an unknown name: %v", err)
	}
	for _, spec := range []string{"reset-after:", "reset-after:every", "reset-after:every=0", "reset-after:every=x", "reset-after:sometimes"} {
		if _, err := fkorgtest.Troubles(spec); err == nil || errors.Is(err, fkorgtest.ErrNoSuchTrouble) {
			t.Errorf("%s: %v", spec, err)
		}
	}
}

func TestRhythms(t *testing.T) {
	a, b := fkorgtest.Call{Service: "bruger", Operation: "ret", UUID: u1}, fkorgtest.Call{Service: "bruger", Operation: "ret", UUID: u2}
	read := fkorgtest.Call{Service: "bruger", Operation: "laes", UUID: u1}
	calls := []fkorgtest.Call{a, read, b, a, b, a}
	tests := []struct {
		specs []string
		want  string // what strikes each call: . nothing, 4 status 40 or 41, 7 status 47
	}{
		{[]string{"status-47:always"}, "7.7777"},
		{[]string{"status-47:once"}, "7....."},
		{[]string{"status-47:each"}, "7.7..."},
		{[]string{"status-47:every=2"}, "..7.7."},
		{[]string{"status-40:once", "status-47:each"}, "4.77.."}, // the call that 40 has struck does not count for 47
		{nil, "......"},
	}
	for _, tt := range tests {
		f, err := fkorgtest.Troubles(tt.specs...)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, c := range calls {
			switch f(c).Status {
			case 0:
				got += "."
			case 47:
				got += "7"
			default:
				got += "4"
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%v: (-want +got)\n%s", tt.specs, diff)
		}
	}
}

// TestLatency: every call takes at least as long as the server is told, and is carried out even when the caller gives up.
func TestLatency(t *testing.T) {
	s := start(t, fkorgtest.Options{Latency: 30 * time.Millisecond})
	c := newCaller(t, s)
	before := time.Now()
	c.unit("laes", "LaesInput", id(u1))
	if d := time.Since(before); d < 30*time.Millisecond {
		t.Errorf("answered after %v", d)
	}
	slow := startQuiet(t, fkorgtest.Options{Latency: time.Hour})
	if got := newCaller(t, slow).outcome("importer", importUnit(u1, unitParts("A"))); got != "given up" {
		t.Errorf("an hour's wait: %s", got)
	}
	if n := slow.Registrations("organisationenhed", u1); n != 1 {
		t.Errorf("%d registrations", n)
	}
}

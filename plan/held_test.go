package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
)

// TestHolds: what somebody decided in the target stays, unless the files decide it in so
// many words from that day on; what orgit left unfinished, and its own notes, are no drift.
func TestHolds(t *testing.T) {
	id := ID{Kind: "user", UUID: "a"}
	barred := Hold{Code: AttentionBarred, Day: "2026-12-02", FilesDecide: true}
	for _, c := range []struct {
		name       string
		hold       *Hold
		decided    org.Day
		unfinished bool
		own        bool
		origin     Origin // of the operation; empty: there is none
		despite    string
		attention  AttentionCode
	}{
		{name: "changed by hand"},
		{name: "held", hold: &Hold{}, attention: AttentionHeld},
		{name: "locked, whatever the files say", hold: &Hold{Code: AttentionLocked, Day: "2026-12-02"}, decided: "2026-12-03", attention: AttentionLocked},
		{name: "barred", hold: &barred, attention: AttentionBarred},
		{name: "barred, decided before", hold: &barred, decided: "2026-12-01", attention: AttentionBarred},
		{name: "barred, decided on the day", hold: &barred, decided: "2026-12-02", origin: FromPending, despite: "why"},
		{name: "unfinished", unfinished: true, origin: FromPending},
		{name: "a note of orgit's own", own: true, origin: FromPending},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := State{Target: "ad", Kinds: []KindInfo{{Kind: "user"}}, Objects: []Object{{ID: id, Attrs: []Attr{
				{Name: "enabled", Value: []string{"true"}, Rule: Force, NoRepair: true, Own: c.own, Decided: c.decided},
			}}}}
			have := Found{ID: id, Attrs: map[string][]string{"enabled": {"false"}}, Unfinished: map[string]bool{"enabled": c.unfinished}}
			if c.hold != nil {
				have.Held, have.Holds = map[string]string{"enabled": "why"}, map[string]Hold{"enabled": *c.hold}
			}
			base := want
			p, err := Compute(Input{Day: "2026-12-10", Org: org.New(org.Organisation{}, nil), Targets: []TargetInput{{
				Mode: org.ModeFull, Desired: want, Base: &base, Applied: &base, Actual: Actual{Target: "ad", Objects: []Found{have}},
			}}})
			if err != nil {
				t.Fatal(err)
			}
			var origin Origin
			var despite string
			for _, op := range p.Operations {
				origin, despite = op.Origin, op.Attrs[0].Despite
			}
			var attention AttentionCode
			for _, a := range p.Attention {
				attention = a.Code
			}
			if diff := cmp.Diff([]any{c.origin, c.despite, c.attention}, []any{origin, despite, attention}); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestLaterPass: a new object gets what is for later in an operation of its own, which waits
// for nothing but the object; its references wait for both.
func TestLaterPass(t *testing.T) {
	leader, worker := ID{Kind: "user", UUID: "a"}, ID{Kind: "user", UUID: "b"}
	attr := func(name string) Attr { return Attr{Name: name, Value: []string{"x"}, Rule: Force} }
	password := attr("password")
	password.Later, password.Said = true, "with a password"
	manager := attr("manager")
	manager.Link, manager.Refs = true, []ID{leader}
	p, err := Compute(Input{Day: "2026-12-10", Org: org.New(org.Organisation{}, nil), Targets: []TargetInput{{
		Mode: org.ModeFull, Desired: State{Target: "ad", Kinds: []KindInfo{{Kind: "user"}}, Objects: []Object{
			{ID: leader, Name: "A", Attrs: []Attr{attr("cn")}},
			{ID: worker, Name: "B", Attrs: []Attr{attr("cn"), manager, password}},
		}}, Actual: Actual{Target: "ad"},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, op := range p.Operations {
		got[op.ID] = append([]string{op.Note, op.Attrs[0].Name}, op.Needs...)
	}
	want := map[string][]string{
		"ad/user/a":       {"", "cn"},
		"ad/user/b":       {"with a password", "cn"},
		"ad/user/b/link":  {"", "manager", "ad/user/a", "ad/user/b", "ad/user/b/later"},
		"ad/user/b/later": {"", "password", "ad/user/b"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
)

// TestUnreadIsNotCompared: what a snapshot does not hold is neither created nor cleared, and
// the plan says so; everything else goes on.
func TestUnreadIsNotCompared(t *testing.T) {
	user := func(uuid org.UUID) ID { return ID{Kind: "user", UUID: uuid} }
	want := func(id ID, info ...string) Object {
		return Object{ID: id, Name: string(id.UUID), Attrs: []Attr{{Name: "info", Value: info, Rule: Force}, {Name: "title", Value: []string{"ny"}, Rule: Force}},
			Signs: func() []Sign {
				return []Sign{{Name: "login", Values: []string{string(id.UUID)}, Finds: true}, {Name: "number", Values: []string{"7"}, Finds: true, Strong: true, Against: true}}
			}}
	}
	found := func(uuid org.UUID) Found {
		return Found{ID: user(uuid), Attrs: map[string][]string{"title": {"gammel"}}}
	}
	foreign := func(login string) Foreign {
		f := found("")
		return Foreign{Kind: "user", Ref: login, Candidate: &Candidate{Handle: login, Kind: "user", Found: &f, Signs: map[string][]string{"login": {login}}}}
	}
	follower := Object{ID: user("follower"), Attrs: []Attr{{Name: "with", Value: []string{"open"}, Refs: []ID{user("open")}, Rule: Force}}}
	for _, c := range []struct {
		name      string
		unread    *Unread
		desired   []Object
		found     []Found
		foreign   []Foreign
		ops       map[string][]string // attributes by object
		attention []Attention
		waiting   int
	}{
		{name: "everything was read", desired: []Object{want(user("a"), "x")}, found: []Found{found("a")}, ops: map[string][]string{"a": {"info", "title"}}},
		{name: "an attribute", unread: &Unread{Attributes: map[string]bool{"info": true}},
			desired: []Object{want(user("a"), "x"), want(user("b")), want(user("c"), "x")}, found: []Found{found("a"), found("b")},
			ops:       map[string][]string{"a": {"title"}, "b": {"title"}, "c": {"info", "title"}},
			attention: []Attention{{Code: AttentionUnread, Target: "ad", Name: "info", Detail: "2"}}},
		{name: "an attribute of what is adopted", unread: &Unread{Attributes: map[string]bool{"info": true}}, desired: []Object{want(user("a"), "x")}, foreign: []Foreign{foreign("a")},
			ops: map[string][]string{"a": {"title"}}},
		{name: "an object that is there", unread: &Unread{Objects: map[ID]bool{user("a"): true}}, desired: []Object{want(user("a"), "x")}, found: []Found{found("a")}, waiting: 1},
		{name: "an object that nobody saw, and what needs it", unread: &Unread{Objects: map[ID]bool{user("open"): true}},
			desired: []Object{follower, want(user("open"), "x")}, waiting: 2},
		{name: "a sign", unread: &Unread{Signs: map[string]bool{"number": true}}, desired: []Object{want(user("a"), "x")}, foreign: []Foreign{foreign("a")}, waiting: 1},
		{name: "a sign, and nobody who could have it", unread: &Unread{Signs: map[string]bool{"number": true}}, desired: []Object{want(user("a"), "x")},
			ops: map[string][]string{"a": {"info", "title"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			state := State{Target: "ad", Kinds: []KindInfo{{Kind: "user"}}, Objects: c.desired}
			p, err := Compute(Input{Day: "2026-12-01", Org: org.New(org.Organisation{}, nil), Targets: []TargetInput{{
				Mode: org.ModeFull, Desired: state, Actual: Actual{Target: "ad", Objects: c.found, Foreign: c.foreign, Unread: c.unread},
			}}})
			if err != nil {
				t.Fatal(err)
			}
			ops := map[string][]string{}
			for _, op := range p.Operations {
				for _, a := range op.Attrs {
					ops[string(op.Object.UUID)] = append(ops[string(op.Object.UUID)], a.Name)
				}
			}
			if c.ops == nil {
				c.ops = map[string][]string{}
			}
			if diff := cmp.Diff([]any{c.ops, c.attention, c.waiting}, []any{ops, p.Attention, len(p.Targets[0].Waiting)}); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestReadingSeen: attributes that are not looked for any more are left out, those that are
// looked for now, or in another way, are unread.
func TestReadingSeen(t *testing.T) {
	r := &Reading{Attributes: map[string]string{"title": "", "mail": "", "tasks": "role 1"}, Actual: Actual{Objects: []Found{{
		ID: ID{"user", "a"}, Attrs: map[string][]string{"cn": {"A"}, "title": {"t"}, "mail": {"m"}, "tasks": {"k"}}, Shows: map[string]string{"mail": "M"},
	}}}}
	a := r.Seen(map[string]string{"title": "", "info": "", "tasks": "role 2"})
	want := Actual{
		Objects: []Found{{ID: ID{"user", "a"}, Attrs: map[string][]string{"cn": {"A"}, "title": {"t"}}, Shows: map[string]string{}}},
		Unread:  &Unread{Attributes: map[string]bool{"info": true, "tasks": true}},
	}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

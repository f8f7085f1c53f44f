package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// known is a user that is recognised by a number, a login name and a mail address, in
// that order; a value of - is none.
func known(name, number, login, mail string) plan.Object {
	o := user(name, attr("login", login), ruled(attr("phone", "1"), plan.Keep))
	sign := func(s plan.Sign, value string) plan.Sign {
		if s.Show = value; value != "-" {
			s.Values = []string{value}
		}
		return s
	}
	o.Signs = func() []plan.Sign {
		return []plan.Sign{
			sign(plan.Sign{Name: "number", Finds: true, Strong: true, Against: true}, number),
			sign(plan.Sign{Name: "login", Finds: true, Against: true}, login),
			sign(plan.Sign{Name: "mail", Finds: true}, mail),
			sign(plan.Sign{Name: "name", Confirms: true}, name),
		}
	}
	return o
}

// stranger is a foreign user with the values of the signs; - is none.
func stranger(ref, number, login, mail, name string) plan.Foreign {
	f := found("user", "", "login", login)
	f.Ref = ref
	c := &plan.Candidate{Handle: "guid-" + ref, Value: "dn:" + ref, Found: &f, Kind: "user", In: "base", Signs: map[string][]string{}, Shows: map[string]string{}}
	for sign, value := range map[string]string{"number": number, "login": login, "mail": mail, "name": name} {
		if value != "-" {
			c.Signs[sign], c.Shows[sign] = []string{value}, value
		}
	}
	return plan.Foreign{Kind: "user", Ref: ref, Name: ref, Candidate: c}
}

func changed[T any](v T, change func(*T)) T { change(&v); return v }

func existing(o plan.Object, handle string) plan.Object { o.Existing = handle; return o }

// answers says of each object what the plan makes of it.
func answers(p *plan.Plan) []string {
	var lines []string
	for _, op := range p.Operations {
		line := fmt.Sprintf("%s %s", op.Action, op.Name)
		if op.Action == plan.ActionAdopt {
			line += " " + op.Ref + " by"
			for _, s := range op.Signs {
				line += " " + s.Name
			}
		}
		lines = append(lines, line)
	}
	for _, a := range p.Attention {
		line := fmt.Sprintf("%s %s", a.Code, a.Name)
		if a.Code != plan.AttentionMatch {
			line += " " + a.Detail
		}
		for _, x := range a.Possible {
			line += " " + x.Ref + ":"
			var against []string
			for _, o := range x.Against {
				against = append(against, strings.TrimSpace(string(o.Code)+" "+o.Name+o.Ours))
			}
			line += strings.Join(against, "+")
		}
		lines = append(lines, line)
	}
	for _, r := range p.Refusals {
		lines = append(lines, fmt.Sprintf("refused %s %s %s", r.Code, r.Name, r.Detail))
	}
	for _, w := range p.Targets[0].Waiting {
		lines = append(lines, "waits "+w.Name)
	}
	slices.Sort(lines)
	return lines
}

func TestMatch(t *testing.T) {
	anna := known("anna", "1", "annj", "a@x")
	adminCount := func(f *plan.Foreign) { f.Candidate.Protected = plan.ProtectedAdmin }
	for _, c := range []struct {
		name    string
		desired []plan.Object
		foreign []plan.Foreign
		want    []string
	}{
		{"nothing is it", []plan.Object{anna}, []plan.Foreign{stranger("f", "2", "bo", "b@x", "bo")}, []string{"create anna"}},
		{"every sign", []plan.Object{anna}, []plan.Foreign{stranger("f", "1", "annj", "a@x", "anna")}, []string{"adopt anna f by number login mail"}},
		{"a strong sign needs no name", []plan.Object{anna}, []plan.Foreign{stranger("f", "1", "-", "-", "-")}, []string{"adopt anna f by number"}},
		{"a login and the name", []plan.Object{anna}, []plan.Foreign{stranger("f", "-", "annj", "-", "anna")}, []string{"adopt anna f by login"}},
		{"a login and another name", []plan.Object{anna}, []plan.Foreign{stranger("f", "-", "annj", "-", "bo")}, []string{"match anna f:differs nameanna"}},
		{"a login and no name", []plan.Object{anna}, []plan.Foreign{stranger("f", "-", "annj", "-", "-")}, []string{"match anna f:lacks name"}},
		{"another login name is never changed by the way", []plan.Object{anna}, []plan.Foreign{stranger("f", "1", "aj", "a@x", "anna")}, []string{"match anna f:differs loginannj"}},
		{"another number", []plan.Object{anna}, []plan.Foreign{stranger("f", "2", "annj", "a@x", "anna")}, []string{"match anna f:differs number1"}},
		{"the signs are of two", []plan.Object{anna},
			[]plan.Foreign{stranger("f", "1", "-", "-", "anna"), stranger("g", "-", "annj", "-", "anna")}, []string{"match anna f: g:"}},
		{"two are the same", []plan.Object{anna},
			[]plan.Foreign{stranger("g", "1", "-", "-", "anna"), stranger("f", "1", "-", "-", "anna")}, []string{"match anna f: g:"}},
		{"one is found by more than the other", []plan.Object{anna},
			[]plan.Foreign{stranger("f", "1", "annj", "-", "anna"), stranger("g", "1", "-", "-", "anna")}, []string{"adopt anna f by number login"}},
		{"two want one", []plan.Object{anna, known("bo", "1", "bo", "b@x")}, []plan.Foreign{stranger("f", "1", "-", "-", "-")},
			[]string{"match anna f:claimed bo", "match bo f:claimed anna"}},
		{"two want one for different reasons", []plan.Object{anna, known("bo", "-", "bo", "a@x")}, []plan.Foreign{stranger("f", "1", "-", "a@x", "bo")},
			[]string{"adopt anna f by number mail", "match bo f:claimed anna"}},
		{"a leaver keeps theirs from others", []plan.Object{anna, gone(known("bo", "-", "annj", "-"), plan.Gone{Since: today})},
			[]plan.Foreign{stranger("f", "-", "annj", "-", "anna")}, []string{"match anna f:claimed bo"}},
		{"a shared address is nobody's", []plan.Object{anna, known("bo", "2", "bo", "a@x")},
			[]plan.Foreign{stranger("f", "1", "annj", "a@x", "anna"), stranger("g", "2", "bo", "a@x", "bo")},
			[]string{"adopt anna f by number login mail", "adopt bo g by number login mail"}},
		{"protected", []plan.Object{anna}, []plan.Foreign{changed(stranger("f", "1", "annj", "-", "anna"), adminCount)},
			[]string{"match anna f:protected adminCount"}},
		{"no user", []plan.Object{anna}, []plan.Foreign{changed(stranger("f", "-", "annj", "-", "anna"), func(f *plan.Foreign) { f.Candidate.Found = nil })},
			[]string{"match anna f:kind"}},
		{"something stands where the mark goes", []plan.Object{anna}, []plan.Foreign{changed(stranger("f", "1", "-", "-", "-"), func(f *plan.Foreign) { f.Candidate.Owner = "x" })},
			[]string{"match anna f:owner"}},
		{"the files say none", []plan.Object{existing(anna, org.NotExisting)}, []plan.Foreign{stranger("f", "1", "annj", "a@x", "anna")}, []string{"create anna"}},
		{"the files say which", []plan.Object{existing(anna, "guid-g")},
			[]plan.Foreign{stranger("f", "1", "annj", "a@x", "anna"), stranger("g", "2", "bo", "-", "bo")}, []string{"adopt anna g by existing"}},
		{"the files decide for one of two", []plan.Object{existing(anna, "guid-f"), known("bo", "1", "bo", "-")}, []plan.Foreign{stranger("f", "1", "-", "-", "-")},
			[]string{"adopt anna f by existing", "create bo"}},
		{"the files name what is not there", []plan.Object{existing(anna, "guid-x")}, []plan.Foreign{stranger("f", "1", "annj", "a@x", "anna")},
			[]string{"refused existing anna missing"}},
		{"the files name one twice", []plan.Object{existing(anna, "guid-f"), existing(known("bo", "2", "bo", "-"), "guid-f")}, []plan.Foreign{stranger("f", "1", "annj", "a@x", "anna")},
			[]string{"refused existing anna twice", "refused existing bo twice"}},
		{"the files name a protected one", []plan.Object{existing(anna, "guid-f")}, []plan.Foreign{changed(stranger("f", "1", "annj", "-", "anna"), adminCount)},
			[]string{"refused existing anna protected"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range 3 {
				slices.Reverse(c.foreign)
				in := plan.TargetInput{Mode: org.ModeFull, Desired: *state(slices.Clone(c.desired)...), Actual: plan.Actual{Target: "ad", Foreign: slices.Clone(c.foreign)}}
				p, err := plan.Compute(plan.Input{Day: today, Org: organisation(t), Targets: []plan.TargetInput{in}})
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(c.want, answers(p)); diff != "" {
					t.Errorf("answers (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// TestMatchTree: an OU is recognised in the OU that is adopted above it, what stands in one
// does not move, and what belongs into one that nobody has decided about waits.
func TestMatchTree(t *testing.T) {
	unit := func(name, in string) plan.Object {
		o := ou(name, attr("container", in), attr("ou", name))
		if in != "base" {
			o.Attrs[0] = placed(o.Attrs[0], "ou", strings.TrimPrefix(in, "ou:"))
		}
		o.Signs = func() []plan.Sign {
			return []plan.Sign{{Name: "place", In: in, Values: []string{name}, Finds: true, Strong: true}}
		}
		return o
	}
	folder := func(name, in, owner string) plan.Foreign {
		f := found("ou", "", "container", in, "ou", name)
		return plan.Foreign{Kind: "ou", Ref: name, Candidate: &plan.Candidate{
			Handle: "guid-" + name, Value: "dn:" + name, Found: &f, In: in, Owner: owner, Signs: map[string][]string{"place": {name}},
		}}
	}
	anna := known("anna", "1", "annj", "-")
	anna.Attrs = append(anna.Attrs, placed(attr("container", "ou:b"), "ou", "b"))
	for _, c := range []struct {
		name    string
		foreign []plan.Foreign
		want    []string
		attrs   string // of the account, or of b where the account waits
	}{
		{"all is there", []plan.Foreign{folder("a", "base", ""), folder("b", "dn:a", ""), changed(stranger("f", "1", "annj", "-", "anna"), func(f *plan.Foreign) {
			f.Candidate.Found.Attrs["container"] = []string{"dn:b"}
		})}, []string{"adopt a CN= by place", "adopt anna f by number login", "adopt b CN= by place"}, "mark phone"},
		{"one is somewhere else", []plan.Foreign{folder("a", "base", ""), folder("b", "base", "")}, []string{"adopt a CN= by place", "create anna", "create b"}, "container login phone"},
		{"nobody knows whose the upper one is", []plan.Foreign{folder("a", "base", "x")}, []string{"match a a:owner", "waits anna", "waits b"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := plan.TargetInput{Mode: org.ModeFull, Desired: *state(unit("a", "base"), unit("b", "ou:a"), anna), Actual: plan.Actual{
				Target: "ad", Foreign: c.foreign, Mark: func(id plan.ID) (string, string) { return "mark", "orgit:" + string(id.UUID) },
			}}
			p, err := plan.Compute(plan.Input{Day: today, Org: organisation(t), Targets: []plan.TargetInput{in}})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, answers(p)); diff != "" {
				t.Errorf("answers (-want +got):\n%s", diff)
			}
			var attrs []string
			for _, op := range p.Operations {
				if op.Name == "anna" {
					for _, a := range op.Attrs {
						attrs = append(attrs, a.Name)
					}
				}
			}
			if got := strings.Join(attrs, " "); got != c.attrs {
				t.Errorf("the account's attributes: %q, want %q", got, c.attrs)
			}
			if got := len(p.Targets[0].Undecided); got != 3 && c.attrs == "" {
				t.Errorf("%d objects wait, want 3", got)
			}
		})
	}
}

// TestProtected: nothing is done about what orgit may not touch, and the plan says so where
// something would be.
func TestProtected(t *testing.T) {
	protect := func(f plan.Found) plan.Found { f.Protected = plan.ProtectedAdmin; return f }
	for _, c := range []struct {
		name string
		want plan.Object
		have []plan.Found
		says []string
	}{
		{"same", user("a", attr("title", "x")), []plan.Found{protect(found("user", "a", "title", "x"))}, nil},
		{"other title", user("a", attr("title", "y")), []plan.Found{protect(found("user", "a", "title", "x"))}, []string{"protected a adminCount"}},
		{"leaver", gone(user("a", attr("enabled", "no")), plan.Gone{Since: today}), []plan.Found{protect(found("user", "a", "enabled", "yes"))}, []string{"protected a adminCount"}},
		{"deleted", gone(user("a"), plan.Gone{Since: today, Delete: true}), []plan.Found{protect(found("user", "a"))}, []string{"protected a adminCount"}},
		{"asked for under a protected name", changed(user("a", attr("title", "y")), func(o *plan.Object) { o.Protected = plan.ProtectedName }), nil, []string{"protected a name"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := plan.TargetInput{Mode: org.ModeFull, Desired: *state(c.want, user("b")), Actual: actual(append(c.have, found("user", "b"))...)}
			p, err := plan.Compute(plan.Input{Day: today, Org: organisation(t), Targets: []plan.TargetInput{in}})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.says, answers(p)); diff != "" {
				t.Errorf("answers (-want +got):\n%s", diff)
			}
			if got := len(p.Targets[0].Undecided); got != len(c.says) {
				t.Errorf("%d objects wait, want %d", got, len(c.says))
			}
		})
	}
}

package rights_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/rights"
)

// places writes where each part of a reason stands in the files.
func places(o *org.Organisation, r rights.Reason) string {
	text := o.Position(r.Assignment.Path()).String()
	if r.Group != nil {
		text += ", group " + o.Position(r.Group.Path()).String()
	}
	if r.Unit != nil {
		text += ", unit " + o.Position(r.Unit.Path()).String()
	}
	if r.Post != nil {
		text += ", post " + o.Position(r.Post.Path()).String()
	}
	if r.Leadership != nil {
		text += ", leads " + o.Position(r.Leadership.Path()).String()
	}
	return text
}

// TestWhy: for whatever somebody holds, is denied or is excepted from, each step of the way
// to it has a place in the files, in order.
func TestWhy(t *testing.T) {
	o := loaded(t, "town.txtar", "2026-12-01")
	all := rights.On(o.On("2026-12-01"))
	for person, want := range map[string][]string{
		"p2m8xw1": { // two jobs in one system: the lighter role has no effect
			"esdh/soeg",
			"  systems/assignments.cue:4:2, unit units/skolen.cue:3:9, post people/p2/p2m8xw1.cue:6:15",
			"oekonomi/attester laes outweighed enhed=[skolen]",
			"  systems/assignments.cue:5:2, unit units/skolen.cue:3:9, post people/p2/p2m8xw1.cue:6:15",
			"oekonomi/bogfoer skriv enhed=[skolen]",
			"  systems/assignments.cue:6:2, group systems/assignments.cue:12:13, post people/p2/p2m8xw1.cue:6:15",
		},
		"p7k3f9q": { // a leader, from whom it is taken
			"esdh/soeg",
			"  systems/assignments.cue:4:2, unit units/raadhuset.cue:3:9, post people/p7/p7k3f9q.cue:6:15",
			"not oekonomi/bogfoer",
			"  systems/assignments.cue:8:2, group systems/assignments.cue:12:13, unit units/raadhuset.cue:3:9, leads units/raadhuset.cue:8:12",
			"  by systems/assignments.cue:7:2, unit units/raadhuset.cue:3:9, leads units/raadhuset.cue:8:12",
		},
		"p0": {
			"esdh/soeg",
			"  systems/assignments.cue:4:2, unit units/skolen.cue:3:9, post people/p0/p0.cue:5:15",
			"excepted systems/assignments.cue:5:2, unit units/skolen.cue:3:9, post people/p0/p0.cue:5:15 by systems/assignments.cue:5:108",
		},
	} {
		var got []string
		h := all.Of(person)
		for _, held := range h.Jobs {
			line := string(held.Job.Ref())
			for _, role := range held.Roles {
				line += " " + role.Key
				if role.Outweighed {
					line += " outweighed"
				}
				for _, c := range role.Constraints {
					line += fmt.Sprintf(" %s=%v", c.Key, c.Values)
				}
			}
			got = append(got, line)
			for _, r := range held.Reasons {
				got = append(got, "  "+places(o, r))
			}
		}
		for _, d := range h.Denied {
			got = append(got, "not "+string(d.Job.Ref()))
			for _, r := range d.Reasons {
				got = append(got, "  "+places(o, r))
			}
			for _, r := range d.By {
				got = append(got, "  by "+places(o, r))
			}
		}
		for _, e := range h.Excepted {
			got = append(got, "excepted "+places(o, e.Reason)+" by "+o.Position(e.Path).String())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", person, diff)
		}
	}
	if h := rights.On(o.On("2026-06-30")).Of("p4"); h == nil || h.Job("esdh/kursus") == nil {
		t.Errorf("on their last day somebody does not hold what is given to them: %+v", h)
	}
	if h := rights.On(o.On("2026-07-01")).Of("p4"); h != nil {
		t.Errorf("somebody without a post holds something: %+v", h)
	}
}

package rights_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/rights"
)

// told writes rights as the reference writes them.
func told(r *rights.Rights) []string {
	var all []string
	for _, h := range r.Holders {
		var lines []string
		say := func(format string, args ...any) {
			lines = append(lines, h.Person.Key+" "+fmt.Sprintf(format, args...))
		}
		for _, e := range h.Excepted {
			say("excepted: %s", why(e.Reason))
		}
		for _, held := range h.Jobs {
			for _, reason := range held.Reasons {
				say("holds %s: %s", held.Job.Ref(), why(reason))
			}
			for _, role := range held.Roles {
				say("has %s of %s%s", role.Key, held.Job.Ref(), narrowedTo(role))
			}
		}
		for _, d := range h.Denied {
			for _, reason := range d.Reasons {
				say("is denied %s: %s", d.Job.Ref(), why(reason))
			}
			for _, reason := range d.By {
				say("is denied %s by: %s", d.Job.Ref(), why(reason))
			}
		}
		slices.Sort(lines)
		all = append(all, lines...)
	}
	return all
}

func why(r rights.Reason) string {
	text := r.Assignment.Key
	if r.Group != nil {
		text += " group " + r.Group.Key
	}
	if r.Unit != nil {
		text += " unit " + r.Unit.Key
	}
	if r.Post != nil {
		text += fmt.Sprintf(" post %s", r.Post.Path())
	}
	if r.Leadership != nil {
		text += fmt.Sprintf(" leads %s", r.Leadership.Path())
	}
	return text
}

func narrowedTo(role rights.Role) string {
	text := ""
	if role.Outweighed {
		text = " outweighed"
	}
	for _, c := range role.Constraints {
		text += fmt.Sprintf(" %s=%s", c.Key, strings.Join(c.Values, ","))
	}
	return text
}

// TestRightsAreThoseOfTheReference holds rights on random organisations against the slow,
// obvious way to tell them.
func TestRightsAreThoseOfTheReference(t *testing.T) {
	words := []string{"holds", "denied", "by:", "excepted", "outweighed", "leads", "group", "enhed=u", "enhed= ", "kle=1", "sag=w", "sag=v", "associations", "has"}
	count := map[string]int{}
	for seed := range uint64(800) {
		m := maker{rand.New(rand.NewPCG(seed, 8))}
		o := decode(t, m.organisation())
		view := o.On(org.Day(m.day()))
		got, want := told(rights.On(view)), reference{view, o}.tell()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d on %s (-reference +rights):\n%s", seed, view.Day, diff)
		}
		for _, line := range got {
			for _, word := range words {
				if strings.Contains(line+" ", word) {
					count[word]++
				}
			}
		}
	}
	if len(count) < len(words) {
		t.Errorf("not everything came about: %v", count)
	}
}

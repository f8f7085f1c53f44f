package apply_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/plan"
)

// linking is a target that makes an object with its references at once.
type linking struct {
	*memory
	refuse map[string]error // by name of object: of both at once
	sent   []string         // what was written, in order
}

// Write carries out one operation.
func (l *linking) Write(ctx context.Context, op plan.Operation, now *plan.Found) error {
	l.sent = append(l.sent, strings.TrimPrefix(op.ID, "ad/user/"))
	return l.memory.Write(ctx, op, now)
}

// WriteLinked carries out both.
func (l *linking) WriteLinked(ctx context.Context, create, link plan.Operation) error {
	l.sent = append(l.sent, create.Name+"+link")
	if err := l.refuse[create.Name]; err != nil {
		return err
	}
	create.Attrs = append(slices.Clone(create.Attrs), link.Attrs...)
	return l.memory.Write(ctx, create, nil)
}

// account is what makes an account, with its leader in an operation of its own.
func account(name, leader string) []plan.Operation {
	create := operation(plan.ActionCreate, object(name), "title", "", "x")
	if leader == "" {
		return []plan.Operation{create}
	}
	link := operation(plan.ActionUpdate, object(name), "manager", "", leader)
	link.ID, link.Digest, link.Needs = create.LinkID(), "", slices.Compact([]string{create.ID, "ad/user/" + leader})
	return []plan.Operation{create, link}
}

// accounts is a plan of them: references after all that is made, as plan puts them.
func accounts(list ...[]plan.Operation) []plan.Operation {
	ops := slices.Concat(list...)
	slices.SortStableFunc(ops, func(a, b plan.Operation) int {
		return strings.Count(a.ID, "/link") - strings.Count(b.ID, "/link")
	})
	return ops
}

func TestRunSetsReferencesWithCreations(t *testing.T) {
	no := errors.New("no")
	later := accounts(account("a", "b"), account("b", ""))
	later[2].Needs = append(later[2].Needs, "ad/user/a/later")
	finish := operation(plan.ActionUpdate, object("a"), "phone", "", "+1")
	finish.ID, finish.Digest, finish.Needs = "ad/user/a/later", "", []string{"ad/user/a"}
	tests := map[string]struct {
		there  []plan.Found
		fail   map[string]error // of an operation by itself
		refuse map[string]error // of both at once
		ops    []plan.Operation
		sent   []string
		want   []string
	}{
		"leaders first": {
			ops:  accounts(account("a", "c"), account("b", "a"), account("c", "")),
			sent: []string{"c", "a+link", "b+link"},
			want: []string{"a done", "b done", "c done", "a done", "b done"},
		},
		"two who lead each other": {
			ops:  accounts(account("a", "b"), account("b", "a")),
			sent: []string{"b", "a+link", "b/link"},
			want: []string{"a done", "b done", "a done", "b done"},
		},
		"one who leads themselves": {
			ops:  accounts(account("a", "a")),
			sent: []string{"a+link"},
			want: []string{"a done", "a done"},
		},
		"a leader who cannot be made keeps nobody's account from being made": {
			fail: map[string]error{"b": no},
			ops:  accounts(account("a", "b"), account("b", "")),
			sent: []string{"b", "a"},
			want: []string{"a done", "b failed", "a skipped: ad/user/b"},
		},
		"a leader who is refused keeps nobody's account from being made": {
			refuse: map[string]error{"a": no},
			fail:   map[string]error{"a.manager": no},
			ops:    accounts(account("a", "b"), account("b", "")),
			sent:   []string{"b", "a+link", "a", "a/link"},
			want:   []string{"a done", "b done", "a failed"},
		},
		"stale together is each by itself": {
			refuse: map[string]error{"a": apply.ErrStale},
			ops:    accounts(account("a", "b"), account("b", "")),
			sent:   []string{"b", "a+link", "a", "a/link"},
			want:   []string{"a done", "b done", "a done"},
		},
		"what is there already is not made": {
			there: []plan.Found{object("a", "title", "x")},
			ops:   accounts(account("a", "b"), account("b", "")),
			sent:  []string{"b", "a/link"},
			want:  []string{"a already", "b done", "a done"},
		},
		"with no rights nothing more is sent": {
			refuse: map[string]error{"a": apply.ErrNotAuthorised},
			fail:   map[string]error{"a": apply.ErrNotAuthorised},
			ops:    accounts(account("a", "b"), account("b", ""), account("c", "b")),
			sent:   []string{"b", "a+link", "a"},
			want:   []string{"a failed", "b done", "c not-reached", "a not-reached", "c not-reached"},
		},
		"nothing more is sent to what does not answer": {
			refuse: map[string]error{"a": apply.ErrUnreachable},
			ops:    accounts(account("a", "b"), account("b", ""), account("c", "b")),
			sent:   []string{"b", "a+link"},
			want:   []string{"a failed", "b done", "c not-reached", "a not-reached", "c not-reached"},
		},
		"what has to come between them does": {
			ops:  append(slices.Clone(later[:2]), finish, later[2]),
			sent: []string{"b", "a", "a/later", "a/link"},
			want: []string{"a done", "b done", "a done", "a done"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			target := &linking{memory: newMemory(test.there...), refuse: test.refuse}
			if test.fail != nil {
				target.fail = test.fail
			}
			report, err := apply.Run(t.Context(), passed(t, test.ops), map[string]apply.Writer{"ad": target}, apply.Observers{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.sent, target.sent); diff != "" {
				t.Errorf("written (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, outcomes(report)); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestJournalOfReferences: both operations begin before anything is sent, so that a journal that was cut names them.
func TestJournalOfReferences(t *testing.T) {
	var out strings.Builder
	ops := accounts(account("a", "b"), account("b", ""))
	target := &linking{memory: newMemory()}
	target.before = func(op plan.Operation) { fmt.Fprintln(&out, "written", op.ID) }
	journal := apply.NewJournal(&out, &plan.Plan{}, func() time.Time { return time.Time{} })
	if _, err := apply.Run(t.Context(), passed(t, ops), map[string]apply.Writer{"ad": target}, journal); err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(out.String()) {
		for _, op := range []string{`"ad/user/a"`, `"ad/user/a/link"`} {
			if strings.Contains(line, op) {
				got = append(got, op+map[bool]string{true: " ends", false: " begins"}[strings.Contains(line, "outcome")])
			}
		}
		if line == "written ad/user/a\n" {
			got = append(got, "written")
		}
	}
	want := []string{`"ad/user/a" begins`, `"ad/user/a/link" begins`, "written", `"ad/user/a" ends`, `"ad/user/a/link" ends`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("journal (-want +got):\n%s", diff)
	}
}

// linkingCrowd is a crowd that takes references with creations, and refuses some of them.
type linkingCrowd struct {
	*crowd
	refuses func(create plan.Operation) bool
	joined  int
}

// WriteLinked notes both operations.
func (c *linkingCrowd) WriteLinked(ctx context.Context, create, link plan.Operation) error {
	if c.refuses(create) {
		return errors.New("not both")
	}
	if err := c.Write(ctx, create, nil); err != nil {
		return err
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.began[link.ID], c.ended[link.ID] = c.began[create.ID], c.ended[create.ID]
	c.joined++
	return nil
}

// TestRunSetsReferencesSideBySide: with several workers no account is made twice, no reference is set before what it is
// to is there, and nothing is left out, whatever is refused.
func TestRunSetsReferencesSideBySide(t *testing.T) {
	joined := 0
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 2))
		var list [][]plan.Operation
		for i := range 60 {
			leader := ""
			if r.IntN(8) > 0 {
				leader = fmt.Sprintf("o%03d", r.IntN(60))
			}
			list = append(list, account(fmt.Sprintf("o%03d", i), leader))
		}
		ops := accounts(list...)
		c := &linkingCrowd{crowd: newCrowd(4)}
		bad, refused := ops[r.IntN(60)].ID, r.IntN(7)
		c.refuses = func(create plan.Operation) bool {
			return create.ID == bad || int(create.ID[len(create.ID)-1])%7 == refused
		}
		c.fail = func(op plan.Operation) error {
			if op.ID == bad {
				return errors.New("no")
			}
			return nil
		}
		report, err := apply.Run(t.Context(), passed(t, ops), map[string]apply.Writer{"ad": c}, apply.Observers{})
		if err != nil {
			t.Fatal(err)
		}
		if len(c.twice) > 0 {
			t.Errorf("seed %d: two operations at a time on %v", seed, c.twice)
		}
		for _, res := range report.Results {
			bads := slices.Contains(res.Operation.Needs, bad)
			if want := map[bool]apply.Outcome{true: apply.Failed, false: apply.Done}[res.Operation.ID == bad]; !bads && res.Outcome != want || bads && res.Outcome != apply.Skipped {
				t.Errorf("seed %d: %s: %s", seed, res.Operation.ID, res.Outcome)
			}
			for _, need := range res.Operation.Needs {
				own := need+"/link" == res.Operation.ID && c.began[need] == c.began[res.Operation.ID]
				if began := c.began[res.Operation.ID]; began > 0 && !own && c.ended[need] > began {
					t.Errorf("seed %d: %s began before %s was done", seed, res.Operation.ID, need)
				}
			}
		}
		joined += c.joined
	}
	if joined < 1000 {
		t.Errorf("only %d references of some 2,100 were set with creations", joined)
	}
}

package fkorg

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLoebende: what is found by several at a time, and twice, is asked for once, in as few groups as there can be.
func TestLoebende(t *testing.T) {
	tests := []struct {
		name          string
		pages         [][]string
		want, longest int
		groups        int
	}{
		{"nothing", nil, 0, 0, 0},
		{"less than a group", [][]string{uuider(0, 3)}, 3, 3, 1},
		{"groups across pages", [][]string{uuider(0, 7), uuider(7, 14), uuider(14, 21)}, 21, 5, 5},
		{"found twice", [][]string{uuider(0, 10), uuider(5, 15), uuider(0, 15)}, 15, 5, 3},
		{"more than may be under way", [][]string{uuider(0, 500)}, 500, 5, 100},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := &Klient{omfang: Omfang{Liste: 5, Samtidige: 2}}
			var mu sync.Mutex
			var asked []string
			groups, longest := 0, 0
			err := k.loebende(context.Background(), func(ctx context.Context, fundet func(...string)) error {
				var alle []trin
				for _, page := range tt.pages {
					alle = append(alle, func(context.Context) error { fundet(page...); return nil })
				}
				return sideOmSide(ctx, alle...)
			}, func(_ context.Context, group []string) error {
				mu.Lock()
				defer mu.Unlock()
				asked, groups, longest = append(asked, group...), groups+1, max(longest, len(group))
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(asked)
			if diff := cmp.Diff(uuider(0, tt.want), asked); diff != "" {
				t.Errorf("asked for (-want +got)\n%s", diff)
			}
			if groups != tt.groups || longest != tt.longest {
				t.Errorf("%d groups of at most %d, want %d of %d", groups, longest, tt.groups, tt.longest)
			}
		})
	}
}

// TestLoebendeFails: a search that fails, or a list that does, is what the whole says; a list that fails ends the search.
func TestLoebendeFails(t *testing.T) {
	k := &Klient{omfang: Omfang{Liste: 1, Samtidige: 2}}
	broken := errors.New("broken")
	fine := func(context.Context, []string) error { return nil }
	search := func(context.Context, func(...string)) error { return broken }
	if err := k.loebende(context.Background(), search, fine); !errors.Is(err, broken) {
		t.Errorf("the search fails: got %v", err)
	}
	endless := func(ctx context.Context, fundet func(...string)) error {
		fundet("a")
		<-ctx.Done()
		return ctx.Err()
	}
	if err := k.loebende(context.Background(), endless, func(context.Context, []string) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("the list fails: got %v", err)
	}
}

// uuider are the texts that stand for UUIDs from one number to another; nil for none.
func uuider(from, to int) []string {
	var out []string
	for i := from; i < to; i++ {
		out = append(out, fmt.Sprintf("%03d", i))
	}
	return out
}

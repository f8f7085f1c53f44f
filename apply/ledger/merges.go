package ledger

import (
	"context"
	"slices"

	"orgit.dk/orgit/apply"
)

// Merge is a merge by its two parents: what was merged into what.
type Merge struct{ Into, Head string }

// Merges finds what was recorded of merges before they were made, and gives the newest record of each that has one. commits
// are all commits of the approved branch that the merges lie between, the first and the last with them. Every record that is
// passed on the way is verified; an old merge that has no record is not looked for back to the first one.
func (l *Ledger) Merges(ctx context.Context, merges []Merge, commits []string) (map[Merge]*apply.MergeRecord, error) {
	found := map[Merge]*apply.MergeRecord{}
	var older []string
	err := l.VerifyAll(ctx, func(e *Entry) bool {
		if r := e.Record.Merge; r != nil && e.Record.Kind == apply.RecordMerge && !e.Record.Unproven {
			if m := (Merge{r.Into, r.Head}); slices.Contains(merges, m) && found[m] == nil {
				found[m] = r
			}
		}
		// A run begins when the approved branch stands at its commit. While the first of the commits was new there, the run of
		// the one before may still have gone on, but none before that.
		if c := e.Record.Commit; e.Record.Kind.Run() && c != "" && !slices.Contains(commits, c) && !slices.Contains(older, c) {
			older = append(older, c)
		}
		return len(found) < len(merges) && len(older) < 2
	})
	return found, err
}

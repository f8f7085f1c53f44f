package schema

import "slices"

// Nearest returns the name among the candidates that a misspelt name most likely means:
// the one with the fewest edits, when those are few for its length. It is empty when
// none is near.
func Nearest(name string, candidates []string) string {
	best, bestEdits := "", len([]rune(name))/3+2
	for _, c := range slices.Sorted(slices.Values(candidates)) {
		if edits := editDistance([]rune(name), []rune(c)); edits < bestEdits && edits < len([]rune(c)) {
			best, bestEdits = c, edits
		}
	}
	return best
}

// editDistance counts insertions, deletions, replacements and swaps of neighbours.
func editDistance(a, b []rune) int {
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		next[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(row[j+1]+1, next[j]+1, row[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}

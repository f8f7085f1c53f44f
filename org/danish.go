package org

import (
	"cmp"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// DanishOrder returns a comparison of names as a Danish reader expects them ordered: æ,
// ø, å last, aa as å, capitals beside small letters. Use it within one goroutine.
func DanishOrder() func(a, b string) int {
	return collate.New(language.Danish, collate.IgnoreCase).CompareString
}

func sortByName(units []*UnitView, order func(a, b string) int) {
	slices.SortFunc(units, func(a, b *UnitView) int {
		return cmp.Or(order(a.Name, b.Name), cmp.Compare(a.Key, b.Key))
	})
}

// Package cprtest invents CPR numbers for tests and trials: of people born before 1965 and without a
// right check digit. No such number was ever given to anybody.
package cprtest

import (
	"fmt"
	"time"
)

// Invented is ten digits that Parse accepts as a CPR number; another i gives other digits.
// i is from 0 to 9,999,999: the ten thousand days take turns, each with serial numbers of
// its own (of two in a row at least one has a wrong check digit).
func Invented(i int) string {
	day := time.Date(1901, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 2*(i%10_000))
	for serial := i / 10_000 * 2; ; serial++ {
		digits := fmt.Sprintf("%s%04d", day.Format("020106"), serial)
		if !checks(digits) {
			return digits
		}
	}
}

// Hyphened is the same number as people write it.
func Hyphened(i int) string { return Invented(i)[:6] + "-" + Invented(i)[6:] }

func checks(digits string) bool {
	sum := 0
	for i, weight := range [10]int{4, 3, 2, 7, 6, 5, 4, 3, 2, 1} {
		sum += weight * int(digits[i]-'0')
	}
	return sum%11 == 0
}

package org

import (
	"fmt"
	"time"
	_ "time/tzdata" // days are Danish, also on a machine without a time zone database
)

// Day is a calendar day in Europe/Copenhagen, written YYYY-MM-DD. The empty Day
// means "not stated": no beginning, or no end. Days of this form compare as text.
type Day string

// ParseDay reads a day and refuses what is no day, such as 2026-02-31.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Format(time.DateOnly) != s {
		return "", fmt.Errorf("%q is not a day: write YYYY-MM-DD, such as 2026-12-01", s)
	}
	return Day(s), nil
}

// Copenhagen returns the time zone of all days. The zones are compiled in, so a machine
// without a database of them has it too; the error is for a program built wrongly.
func Copenhagen() (*time.Location, error) {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		return nil, fmt.Errorf("load the time zone Europe/Copenhagen: %w", err)
	}
	return zone, nil
}

// DayOf returns the day in Copenhagen on which the instant t lies.
func DayOf(t time.Time) (Day, error) {
	zone, err := Copenhagen()
	if err != nil {
		return "", err
	}
	return Day(t.In(zone).Format(time.DateOnly)), nil
}

// Add returns the day n days later (earlier when n is negative). The empty day stays
// empty. d must be a day that ParseDay accepts; anything else is returned unchanged.
func (d Day) Add(n int) Day {
	if d == "" {
		return ""
	}
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	return Day(t.AddDate(0, 0, n).Format(time.DateOnly))
}

// DaysUntil returns how many days e lies after d; negative when it lies before.
func (d Day) DaysUntil(e Day) int {
	a, errA := time.Parse(time.DateOnly, string(d))
	b, errB := time.Parse(time.DateOnly, string(e))
	if errA != nil || errB != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

// Period is the time during which something is valid: From is the first day, To the
// last day (til og med). An empty From has no beginning, an empty To no end.
type Period struct {
	From Day `json:"from,omitempty"`
	To   Day `json:"to,omitempty"`
}

// Contains reports whether the period includes the day d.
func (p Period) Contains(d Day) bool {
	return (p.From == "" || p.From <= d) && (p.To == "" || d <= p.To)
}

// Ended reports whether the period was over before the day d.
func (p Period) Ended(d Day) bool { return p.To != "" && p.To < d }

// Begins reports whether the period starts after the day d.
func (p Period) Begins(d Day) bool { return p.From > d }

// Overlap returns the days that two periods share; ok is false when there are none.
func (p Period) Overlap(q Period) (shared Period, ok bool) {
	shared = p
	if q.From > shared.From {
		shared.From = q.From
	}
	if shared.To == "" || (q.To != "" && q.To < shared.To) {
		shared.To = q.To
	}
	return shared, shared.To == "" || shared.From <= shared.To
}

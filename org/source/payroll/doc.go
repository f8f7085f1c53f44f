// Package payroll is what the readers of payroll systems share: how single values are
// understood (days, phones, numbers, CPR numbers), how what could not be used is noted, and
// what is looked at in the tree of units.
//
// Payroll systems fill what they do not know with placeholders, such as 00000000, Empty@Empty
// and 9999-12-31. They are nothing said here. Values that are no such thing as they should be
// are left out with a [source.Note], in words for HR that hold neither a name nor the value.
package payroll

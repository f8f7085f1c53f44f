// Package decisions writes an agenda (org/compare/agenda) into a spreadsheet in which a working group
// writes what it decides, reads the spreadsheet back, and makes of comparisons and decisions the
// town that org/intake takes in.
//
// # The way of a decision
//
// [Write] makes the spreadsheet: a row for each item, with an ID. People fill in the column
// Beslutning with one of the words that [Choices] gives for the kind. [Read] holds the spreadsheet
// against the agenda of today, made by comparing again without any decision. What cannot be
// understood, contradicts another row, or was decided on another ground than there is today is a
// [Fault] with its cell, in Danish, and no decision.
//
// [Decisions.Pairs] are what a comparison has to be told (compare.Compare takes them); [Decisions.Town]
// makes clusters of records of the comparison that was.
package decisions

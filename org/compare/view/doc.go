// Package view shows an agenda (org/compare/agenda) to people and programs: [Text] is a summary for
// a terminal, [JSON] everything for a program, [HTML] one page that a working group reads, searches and prints.
//
// The page is one file: its style and its script are in it, it asks nothing of any server (its
// Content-Security-Policy forbids it), and without a script it is plain tables.
package view

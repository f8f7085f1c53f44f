// Package edit writes changes into the CUE files of an organisation: a value is set, a thing is added or taken out of an
// entry, an entry is made. Every byte that a change need not touch stays as it is, comments and the way in which people
// like to lay out their files included.
//
// # How
//
// A file is parsed to find where something stands, and then its text is changed there; it is never printed from its tree.
// What is written is laid out as its neighbours are: behind them on the same line, or on a line of its own with their
// indentation and their column of values.
//
// # What it does not know
//
// It knows no schema but one thing: which fields hold keyed maps, whose keys are written in quotes. Whether the result is
// right is for org.Load and Check to say; a value that a template states, for instance, cannot be set to another one, and
// only an evaluation tells. Callers check before they commit.
package edit

// Package shortcut reads entries that are plain data without CUE's evaluator, some forty
// times as fast. It changes no result: it may be deleted, and everything would only take
// longer.
//
// # Only ever yes
//
// [Page] and [Reader.Entry] either accept or do not. They accept only what CUE
// accepts and then give the value that CUE gives. What they do not accept need not be wrong:
// it goes to CUE, which alone refuses and says why. So whenever one of them is in doubt, it
// does not accept, and that costs time and nothing else.
//
// # Text
//
// [Page] and [Reader.Entry] know a small part of CUE's grammar: fields with plain or quoted names,
// also in the form a: b: c, texts on one line without interpolation, decimal numbers,
// true, false, null, lists, and comments. No references, so an entry's value depends on
// nothing around it but the definitions.
//
// # Definitions
//
// [Compile] turns the definitions' own syntax trees into rules; nothing is written twice.
// A construct that it does not know makes everything that depends on it opaque: entries of
// that kind all go to CUE. Tests hold that no kind of entry is opaque today.
//
// # Why this is the same
//
// Unification is commutative, associative and idempotent, and works field by field. The
// conjuncts of an entry are its own text and the binding's pattern, as package org ensures.
// Of both, a plain entry with no field twice leaves only: a value that is concrete, and one
// definition for each of its fields. Whether the two unify is then decided field by field.
// Fuzz tests hold all this against the evaluator.
package shortcut

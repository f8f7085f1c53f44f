// Package agenda is what a working group has to agree about when registers have been compared: an
// ordered list of [Item]s, each with what the registers say, why it is on the list, and what can be
// decided about it, in words that people read.
//
// [New] makes it of comparisons. org/compare/view shows it; org/compare/decisions writes it into a
// spreadsheet and reads back what the group decided.
//
// # Identity of an item
//
// [Item.ID] is made of the kind and of the identifiers of the records that the item is about, so the
// same question has the same ID in every comparison of the same registers, whatever else has
// changed. [Item.Version] is made of what the registers said: a decision about other values than
// those of today can be told from one that still stands.
//
// # What is not in it
//
// CPR numbers are nowhere: a reason says that they are equal, and never which. Of people with a
// protected address (adressebeskyttelse) there is their name and their unit, in every output; a
// difference of anything else of theirs is on the list without its values ([Item.Hidden]), and the
// version is not made of them either.
package agenda

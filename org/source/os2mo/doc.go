// Package os2mo reads an OS2mo, the organisation register of many Danish municipalities,
// through its GraphQL interface v30 into a [source.Extract], for comparing and for moving
// away from it.
//
// # Reading whole
//
// [Read] logs in with client credentials (Keycloak; a token lives 300 seconds and is renewed)
// and walks one collection after the other, each before those that refer to it. OS2mo shows
// what is in force now unless one asks for everything, and does not hand that wish on to
// what lies inside an object. So each list has its own filter without dates, and everything is asked for
// as it was known at one and the same registration time: the pages of all collections are
// of one state, whatever is written meanwhile. The end is where there is no further cursor,
// never an empty page. OS2mo says nowhere how many objects there are, so the identifiers are
// read once more and compared. Anything less than everything is an error: an answer with
// errors, a page without its cursor, an object twice.
//
// # What becomes of it
//
//   - A validity is [from, to) from v29 on: one that ends on 1 December at midnight has 30
//     November as its last day. A person's validity begins on the day of birth, which is dropped.
//   - Addresses, KLE marks and related units are objects of their own in OS2mo and belong to the
//     states of a unit or person here: states are cut where one of them begins or ends.
//   - Identifiers are OS2mo's UUIDs. A user_key that is nothing but the object's UUID is empty.
//   - An account's UUID is its external_id, which is the ObjectGUID of the directory.
//   - An address that only the municipality itself may see, or that has no visibility, is among
//     the Hidden of a unit. Secret addresses, people's postal and private addresses are not taken.
//   - Trade unions, kinds of leave and extension fields are counted and not taken.
//
// # Notes
//
// OS2mo checks little of what refers to what. Whatever makes no sense becomes a note with a
// code (notes.go has them all): one with a number for each kind of thing that orgit has no place for,
// and one for each case of what is doubtful on the day: references to nothing, classes of
// another facet, several roots, several leaders with the same responsibility, names of
// accounts that occur twice. Notes name people by their UUID.
package os2mo

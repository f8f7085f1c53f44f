// Package outside writes a synthetic town as the systems of a municipality hold it, so that
// the real readers can read it: the nightly file of KMD OPUS ([OPUS]), an export of Active Directory
// ([LDIF]) and the content of the stand-in for OS2mo ([OS2mo]).
//
// # From a town to what differs
//
// One town written three times says the same three times, but for what a system has no
// place for. Who wants registers that differ clones the town ([synthetic.Town.Clone]), changes the
// copy as somebody made a mistake, and writes the copy for that system. A person without jobs is
// in none of the three; a job without a number is in the directory alone, as an account that stands for
// nobody whom payroll knows.
//
// # What each has no place for
//
//   - OPUS knows a leader only by the unit that they work in, no leave and no account of the directory; of
//     those who left more than a month ago it has only the number.
//   - The directory has nobody without an account, one job of each person, no day on which something
//     began, and no leader of a unit, but the manager of a person.
//   - OS2mo has everything; secret addresses are in it too, marked as such.
//
// Like all that is synthetic, nobody in it exists: see package synthetic.
package outside

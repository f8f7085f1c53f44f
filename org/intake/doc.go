// Package intake takes what registers say into an organisation repository.
//
// [First] makes the repository of a municipality's first day: every unit and person once, of
// all the records that are them, in the layout that orgit writes. What registers do not agree
// on, and what cannot be written, are findings: nothing is guessed in silence.
//
// [Nightly] is every day after: what a register says otherwise than the repository, as typed
// changes that people read and approve, and as questions where nobody but people can tell.
//
// # Who decides
//
// For each field the register that owns it decides (`owns` in the settings), then the
// registers in the order in which they are given. Identities are kept: of several UUIDs for
// one unit or person that of the register with the lowest `precedence`, so that nobody's
// account is made anew. What no register has an identity for gets a derived one. The same
// registers always give the same files.
//
// # What is left out
//
// CPR numbers go to [Result.Numbers], for the CPR store, and never into a file. What ended
// before [Options.Since] is not taken.
package intake

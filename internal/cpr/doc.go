// Package cpr keeps CPR numbers: the one place where orgit has any. They never stand in
// git, so they lie in a store of their own, a file encrypted with age
// (https://age-encryption.org) that says person UUID → CPR number, and that whoever has
// the key can shorten: an erased number is gone from the file.
//
// # Reading this package
//
// number.go is a CPR number as a Go value that nothing prints. place.go says where the
// store and its key lie, and where they may not. store.go opens and edits the store,
// entries.go is what is encrypted in it, file.go and identity.go are the two files. csv.go
// reads the numbers that people bring.
//
// # What must hold
//
//   - No error, log or other text of this package holds a number or a part of one, and none
//     quotes what it could not read: it may be a number in the wrong place.
//   - The store is written whole, to a new file that then takes the old one's place. A
//     process that is killed leaves the old store or the new one.
//   - Neither the store nor its key may lie in a git work tree.
package cpr

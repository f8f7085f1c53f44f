// Package repository writes a synthetic town as an organisation repository: the CUE files that a municipality of that size
// would have in git. It is what `orgit generate` makes, for trials, tests and benchmarks.
//
// # From a town to files
//
// [New] makes the town of the options ([synthetic.Generate]) and what is otherwise on other days ([synthetic.Town.Dates]).
// [Repository.File] then gives each file by its number, the same for the same options on every machine and in whatever
// order they are asked for; [Repository.Write] lays them all out in a folder. Nothing but the town is kept in memory.
//
// The settings, classes, templates and the copy of the schema are as `orgit init` makes them. Every unit has a file and
// every person has one, where orgit itself puts new ones.
//
// # How entries are written
//
// Most are plain data, as orgit writes what is proposed (package edit), some of them with a comment. One in twenty is in
// the chained style that people like who write CUE by hand (a: b: c). And a share that the options give uses what CUE
// has: templates, references, interpolation, let, comprehensions and defaults, each in some of the files. How an entry is
// written never changes what it says.
//
// # What is invented
//
// Everybody and everything: see package synthetic. There is no CPR number in the files. P-numbers and EAN numbers are
// in series that are not given out; EAN numbers have a right check digit.
package repository

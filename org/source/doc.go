// Package source is what outside registers say about an organisation: payroll, a directory,
// an older organisation system, a spreadsheet, another repository. Each kind of register has
// a package of its own below this one, which reads it into an [Extract]: the same neutral
// form for all of them, so that what compares (org/compare) and what imports knows no format.
//
// # What an extract is
//
// An extract (udtræk) says what its register says, in the register's own terms: units and
// people are known by the register's own identifiers, titles and types stand as they are
// written there. Nothing is matched, guessed or made prettier. What has periods in the
// register has periods here; what a register does not say is empty.
//
// # Where a fact comes from
//
// Every record has an [Origin]: the document and line, or the request and object, in which
// the register says it. Where fields of one record come from several documents, States of
// the record have origins of their own.
//
// # Whole or not at all
//
// A reader returns an extract only when it has read the register to its end: a file that is
// cut, an answer that lacks a page or a part that could not be read is an error, for what is
// missing would look like people who left. What is read and cannot be used is a [Note].
//
// # CPR numbers
//
// They are only ever in [Person.CPR], as values that nothing prints. No identifier, origin
// or note holds one; [Extract.Check] refuses an extract in which one does.
package source

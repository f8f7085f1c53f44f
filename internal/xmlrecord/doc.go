// Package xmlrecord reads large XML documents from outside a record at a time: a root
// element, and below it records that are small enough for memory. Payroll systems write
// such documents.
//
// A document is believed only when its end has been read: [Reader.Next] gives [io.EOF]
// after the root's end tag and nothing but blanks, and a document that is cut, empty or goes
// on after its root is an error, so that what is missing is never taken for what is gone.
//
// What is kept in memory is bounded by [Limits], whatever the document holds: a token, a
// record and the document have a greatest size each. Entities other than XML's own five are
// errors, and so is a document type: nothing outside the document is ever looked up.
//
// Texts come in UTF-8, whatever the document is written in: UTF-8, UTF-16, ISO-8859-1 or
// Windows-1252, by its byte order mark or its declaration. Namespaces do not count.
package xmlrecord

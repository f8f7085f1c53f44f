// Package os2motest is a stand-in for OS2mo with its Keycloak: a token endpoint and the
// GraphQL interface v30, over an organisation that is held in memory.
//
// It carries out queries by walking their selections over its data, so that what comes back
// is decided by the query's text as in OS2mo: a list without a filter of its own
// holds what is in force now, a query without a registration time sees what was written since.
// Cursors are opaque and carry the registration time of the first page; the second page of a
// walk is empty without being the last.
//
// Given the official schema ([LoadSchema]; its text is not part of this project) it refuses queries that are not valid by it or that use deprecated
// fields, and it refuses to give null where the schema promises a value. Without it the
// queries are only parsed.
//
// [Korsbaek] is an organisation in which everything stands that OS2mo's weak rules allow.
package os2motest

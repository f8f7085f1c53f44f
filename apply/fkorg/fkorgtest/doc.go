// Package fkorgtest is a stand-in for FK Organisation: an HTTP server on this machine that takes the same SOAP messages,
// keeps a bitemporal store and answers with the peculiarities of the real service. Tests of the target use it, and so
// does `orgit demo`.
//
// It is written from the schemas and the guidance a second time, not from the client: it shares nothing with package
// fkorg but the reading and writing of XML and of signatures, so that a mistake on one side shows on the other.
//
// # What it does as the real one does
//
//   - One service per type of object at <URL>/<service>/6/, with importer, ret, passiver, slet, laes, list and soeg, and
//     fremsoegobjekthierarki at organisationsystem.
//   - Every body is held against the schema, then against the rules that the guidance adds (status 40).
//   - A list that ret sends replaces the list that was there; one that it leaves out stays. Nothing is merged.
//   - References may point to what does not exist.
//   - There is no version token: of two writers who read the same registration, the first one's change is lost.
//   - A search for functions also finds those whose relation has ended, a known fault of the real service.
//   - With Options.Security, services and token service want what the real ones want: a token for the municipality and a signature by its holder, each
//     MessageID once, a role that may write. Answers are signed; faults about security are not. A Trouble may forge answers and tokens.
//   - An end that was not stated comes back as GraenseIndikator, a role with a Label, a URN as a URN.
//
// # What it leaves out
//
// The authorities' certificates, the service's limits of size and rate, and its texts, which are not published.
package fkorgtest

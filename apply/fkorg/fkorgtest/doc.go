// Package fkorgtest is a simulator of FK Organisation: an HTTP server on this machine that takes the same SOAP messages,
// keeps a bitemporal store and answers with the peculiarities of the real service. Tests of the target use it, and so
// do `orgit demo` and `orgit simulate fk-organisation`.
//
// It is written from the schemas and the guidance a second time, not from the client: it shares nothing with package
// fkorg but the reading and writing of XML and of signatures, so that a mistake on one side shows on the other.
//
// # What it does as the real one does
//
//   - One service per type of object at <URL>/<service>/6/, with opret, importer, ret, passiver, slet, laes, list and
//     soeg; fremsoegobjekthierarki and anonymiser at organisationsystem. Organisation, Virksomhed, Myndighed and ItSystem
//     are KOMBIT's: Seed puts them there, a client reads them and changes nothing but an Organisation's Overordnet (41).
//   - Every body is held against the schema (a fault), then against the rules that the guidance adds (status 40).
//   - A list that ret sends replaces the list that was there; one that it leaves out stays. Nothing is merged.
//   - passiver and slet end an object until importer brings it back (49); what was never there is 44; a registration
//     later than the server's clock is 45.
//   - References may point to what does not exist.
//   - There is no version token: of two writers who read the same registration, the first one's change is lost. Lost
//     counts them, as far as a server can see who has read what.
//   - A read shows the newest registration and what is valid now; with filters what overlaps the window, half open, in
//     the registrations that were made in theirs.
//   - A search finds what meets all conditions, a page at a time, in an order that is stable and nothing more; past the
//     end the answer is 44. A search for functions also finds those whose relation has ended, a known fault of the real
//     service that Options.Repaired switches off.
//   - An end that was not stated comes back as GraenseIndikator, a role with a Label, a URN as a URN, BrugerRef not at all.
//   - With Options.Security, services and token service want what the real ones want: a token for the municipality and a
//     signature by its holder, each MessageID once, a role that may write. Answers are signed; faults about security are
//     not. A Trouble may forge answers and tokens.
//   - Each municipality (CVR number) has a store of its own. Without security every call is about the one of Options.CVR.
//
// # Trouble
//
// SetTrouble decides before every call what shall go wrong with it; Catalogue has the troubles that a client has to live
// with, by name, and Troubles makes a function of names: "reset-after", "status-47:each", "gateway-502:every=3".
//
// # Where to begin
//
// server.go takes a request to its operation and back; security.go and tokens.go guard it, canonical.go is how answers are
// signed without being read; operations.go has the operations that write, read.go and search.go
// those that read; rules.go is status 40; shelf.go and entry.go are how 300,000 objects fit and are found.
//
// # What it leaves out
//
// The authorities' certificates, the service's limits of size and rate, and its texts, which are not published.
// The bulk import of organisationsystem, fysiskslet, communities of interest and the classification. It answers 47 only
// as trouble, because what the real service calls out of the order of time is not documented; and what anonymiser leaves
// of a person is a guess.
package fkorgtest

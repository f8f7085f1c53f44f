// Package sts gets tokens from KOMBIT's token service (SF1514, Adgangsstyring for systemer): SAML assertions that say
// on behalf of which municipality a system calls a service, bound to the key of the system's certificate.
//
// There are two ways to the same token: WS-Trust 1.3 in a signed SOAP message (soap.go), and JSON over TLS with the
// certificate in the connection (rest.go). Either way nothing of the token is believed before check.go has held it
// against what was asked for, its own signature first.
//
// A token is for one municipality and one service. It is kept until shortly before it runs out, fetched once however
// many calls wait for it (cache.go), and forgotten when a service refuses it. errors.go knows the token service's
// faults: what an administrator must put right, such as a missing service agreement, is not tried again; what passes
// is.
package sts

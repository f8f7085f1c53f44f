package fkorg

import (
	"errors"
	"fmt"

	"orgit.dk/orgit/schema"
)

// Status codes (StandardRetur/StatusKode).
const (
	statusOK           = 20
	statusForkert      = 40 // bad or inconsistent input; permanent for this message
	statusIkkeTilladt  = 41 // no agreement or right
	statusFindesIkke   = 44 // no such object, or an empty result
	statusForTidligt   = 45 // the registration is later than the server's clock
	statusVirkning     = 47 // changes out of the order of time
	statusForkertStand = 49 // importer: it is there already; ret: it is passive or deleted
)

// statusord says in words what a code means, for those who do not know the service's list.
var statusord = map[int]string{
	statusForkert:      "the service finds the message wrong or what it has stored inconsistent",
	statusIkkeTilladt:  "orgit may not do this: look at the service agreement and its roles",
	statusFindesIkke:   "it is not there",
	statusForTidligt:   "the registration is later than the service's clock: look at this machine's clock",
	statusVirkning:     "its changes are out of the order of time",
	statusForkertStand: "it is passive or deleted, or it is there already",
}

// StatusError is an answer that says no.
type StatusError struct {
	Operation string
	Slags     *Slags
	UUID      string
	Kode      int
	Tekst     string // as the service put it
}

func (e *StatusError) Error() string {
	what := ""
	if e.UUID != "" {
		what = " " + e.UUID
	}
	text := fmt.Sprintf("%s %s%s: status %d", e.Operation, e.Slags, what, e.Kode)
	if ord := statusord[e.Kode]; ord != "" {
		text += ", " + ord
	}
	if e.Tekst != "" {
		text += ": " + kort(e.Tekst)
	}
	return text
}

// kort keeps a server's text from filling a log, and from showing a CPR number: the service may quote what it was sent.
func kort(tekst string) string {
	tekst = schema.MaskCPR(tekst)
	if r := []rune(tekst); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return tekst
}

// statusAf is the code of an answer that says no; 0 for any other error.
func statusAf(err error) int {
	if s, ok := errors.AsType[*StatusError](err); ok {
		return s.Kode
	}
	return 0
}

// harStatus reports whether an error is the service's answer with this code.
func harStatus(err error, kode int) bool { return statusAf(err) == kode }

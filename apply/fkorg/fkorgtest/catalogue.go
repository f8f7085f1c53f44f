package fkorgtest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Named is a trouble of the catalogue.
type Named struct {
	Name    string
	Does    string          // what it does, for people
	Strikes func(Call) bool // which calls it is about
	Rhythm  Rhythm          // how often it strikes them unless said otherwise; not 0
	Trouble Trouble
}

// Rhythm says which of the calls that a trouble is about it strikes: n > 0 the n-th, the 2n-th and so on. All rhythms are
// deterministic: they count.
type Rhythm int

// The rhythms with names. A trouble that strikes each object once leaves every retry alone, so that a client that reads
// again and repeats comes through.
const (
	Always Rhythm = 1
	Once   Rhythm = -1 // the first call
	Each   Rhythm = -2 // the first call of every operation on every object
)

// String is the rhythm as Troubles reads it.
func (r Rhythm) String() string {
	switch r {
	case Always:
		return "always"
	case Once:
		return "once"
	case Each:
		return "each"
	}
	return "every=" + strconv.Itoa(int(r))
}

// ErrNoSuchTrouble is the error for a name that is not in the catalogue.
var ErrNoSuchTrouble = errors.New("no such trouble")

// Catalogue has the troubles that a client of FK Organisation has to live with, by name.
func Catalogue() []Named {
	all := slices.Concat(transportTroubles(), answerTroubles(), objectTroubles())
	slices.SortFunc(all, func(a, b Named) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func anyCall(Call) bool       { return true }
func anyWrite(c Call) bool    { return writes(c.Operation) }
func anyRead(c Call) bool     { return !writes(c.Operation) }
func anyImporter(c Call) bool { return c.Operation == "importer" }
func anyRet(c Call) bool      { return c.Operation == "ret" }

// transportTroubles are between client and service: nobody knows what became of the call.
func transportTroubles() []Named {
	return []Named{
		{"gateway-502", "a gateway answers 502 with a page of HTML; nothing is done", anyCall, 7, Trouble{HTTPStatus: http.StatusBadGateway}},
		{"gateway-503", "a gateway answers 503 with a page of HTML; nothing is done", anyCall, 7, Trouble{HTTPStatus: http.StatusServiceUnavailable}},
		{"login-page", "something between answers 200 with a page of HTML; nothing is done", anyCall, 7, Trouble{HTTPStatus: http.StatusOK}},
		{"reset-after", "the connection is cut when a change has been carried out, before the answer", anyWrite, 7, Trouble{DropAfter: true}},
		{"reset-before", "the connection is cut before anything is done", anyCall, 7, Trouble{DropBefore: true}},
		{"slow", "the answer takes two seconds", anyCall, 7, Trouble{Latency: 2 * time.Second}},
		{"timeout-after", "a change is carried out and never answered", anyWrite, Once, Trouble{HangAfter: true}},
		{"timeout-before", "a change is never answered and not carried out", anyWrite, Once, Trouble{HangBefore: true}},
	}
}

// answerTroubles are in what the service answers.
func answerTroubles() []Named {
	return []Named{
		{"cut-answer", "the connection is cut in the middle of an answer to a read", anyRead, 7, Trouble{CutAnswer: true}},
		{"double-it-systems", "relations to IT systems come twice in what is read", anyRead, Always, Trouble{DoubleITSystems: true}},
		{"pieces", "answers to reads come in pieces, slowly", anyRead, Always, Trouble{Pieces: 5, Pause: 10 * time.Millisecond}},
		{"status-40", "a change is refused as bad input (40)", anyWrite, Once, Trouble{Status: statusBadInput, Message: "fejl i input"}},
		{"status-41", "every call is refused as not authorised (41)", anyCall, Always, Trouble{Status: statusForbidden, Message: "ingen adgang"}},
		{"status-47", "the first ret of every object is refused as out of the order of time (47)", anyRet, Each, Trouble{Status: statusOutOfOrder, Message: "ugyldig virkning"}},
		{"truncated", "the XML of an answer to a read ends in the middle", anyRead, 7, Trouble{Truncated: true}},
	}
}

// objectTroubles are in what is stored, and in the server's clock.
func objectTroubles() []Named {
	return []Named{
		{"clock-behind", "the server's clock is 10 minutes behind when objects are brought in (45)", anyImporter, Always, Trouble{Behind: 10 * time.Minute}},
		{"double-addresses", "a unit or user refers to an address twice from its first laes on; a ret that keeps both is refused (40)", func(c Call) bool {
			return c.Operation == "laes" && (c.Service == "organisationenhed" || c.Service == "bruger")
		}, Each, Trouble{before: func(m *Municipality, service string, uuids []string) {
			for _, u := range uuids {
				_ = m.DoubleAddress(service, u) // what has no address is left alone
			}
		}}},
		{"passivated", "somebody passivates an object between its being read and its first ret (49)", anyRet, Each, Trouble{
			before: func(m *Municipality, service string, uuids []string) {
				for _, u := range uuids {
					_ = m.Passivate(service, u) // what is not there, or is no longer, is left alone
				}
			}}},
	}
}

// Troubles makes the function for SetTrouble that brings the named troubles. Each is a name of the catalogue, alone or
// with a rhythm: "reset-after", "reset-after:every=3", ":once", ":each" or ":always". Of several that would strike the
// same call the one named first does. The error is ErrNoSuchTrouble, or says which rhythm is not known.
func Troubles(specs ...string) (func(Call) Trouble, error) {
	var all []*striking
	for _, spec := range specs {
		name, rhythm, given := strings.Cut(spec, ":")
		at := slices.IndexFunc(Catalogue(), func(n Named) bool { return n.Name == name })
		if at < 0 {
			return nil, fmt.Errorf("%w: %q", ErrNoSuchTrouble, name)
		}
		t := &striking{Named: Catalogue()[at], met: map[Call]bool{}}
		if given {
			var err error
			if t.Rhythm, err = parseRhythm(rhythm); err != nil {
				return nil, fmt.Errorf("trouble %s: %w", name, err)
			}
		}
		all = append(all, t)
	}
	return func(c Call) Trouble {
		for _, t := range all {
			if t.strikes(c) {
				return t.Trouble
			}
		}
		return Trouble{}
	}, nil
}

func parseRhythm(s string) (Rhythm, error) {
	for _, r := range []Rhythm{Always, Once, Each} {
		if s == r.String() {
			return r, nil
		}
	}
	number, ok := strings.CutPrefix(s, "every=")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 1 {
		return 0, fmt.Errorf("the rhythm %q is none of always, once, each and every=N", s)
	}
	return Rhythm(n), nil
}

// striking is a trouble that counts the calls it is about.
type striking struct {
	Named
	mu    sync.Mutex
	calls int
	met   map[Call]bool
}

func (t *striking) strikes(c Call) bool {
	if !t.Strikes(c) {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls++
	switch t.Rhythm {
	case Once:
		return t.calls == 1
	case Each:
		first := !t.met[c]
		t.met[c] = true
		return first
	}
	return t.calls%int(t.Rhythm) == 0
}

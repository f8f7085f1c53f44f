package sts

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/xmltree"
)

// ErrNoAgreement is the error where the municipality has no approved service agreement for this system.
var ErrNoAgreement = errors.New("there is no approved service agreement (serviceaftale) for this CVR number")

// Error is every failure to get a token.
type Error struct {
	URL       string
	CVR       string
	Code      string // of the token service, such as "101"; empty when it gave none
	Text      string // in its own words, cut
	Temporary bool   // it may pass by itself
	Err       error  // what it is on this side; nil when the service has said it all
}

// codes are what the token service's codes mean (KOMBIT's guidance to SF1514), and which of them pass by themselves.
var codes = map[string]struct {
	meaning   string
	temporary bool
}{
	"100": {"unexpected error", true}, "101": {"unknown configuration or service", false}, "103": {"malformed request", false},
	"104": {"unknown endpoint", false}, "106": {"audit could not be written", true}, "110": {"unsupported", false},
	"111": {"configuration error", false}, "130": {"database error", true},
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "get a token for CVR %s from %s: ", e.CVR, e.URL)
	if e.Code != "" {
		fmt.Fprintf(&b, "code %s (%s): ", e.Code, codes[e.Code].meaning)
	}
	if e.Text != "" {
		fmt.Fprintf(&b, "%q: ", e.Text)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, "%v: ", e.Err)
	}
	return strings.TrimSuffix(b.String(), ": ")
}

func (e *Error) Unwrap() error { return e.Err }

// Is makes the error one of those that end a target's run: it cannot be reached, or does not let orgit in.
func (e *Error) Is(target error) bool {
	return target == apply.ErrUnreachable && e.Temporary || target == apply.ErrNotAuthorised && !e.Temporary
}

func isTemporary(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Temporary
}

func unreachable(err error) *Error { return &Error{Temporary: true, Err: err} }

// fromSOAP reads what a failed exchange was.
func fromSOAP(err error) *Error {
	e, ok := errors.AsType[*soap.Error](err)
	if !ok {
		return &Error{Err: err}
	}
	f, ok := errors.AsType[*soap.Fault](err)
	if !ok {
		// No fault: the connection, a gateway, or an answer that proves nothing. The last is not asked for again.
		return &Error{Err: e.Err, Temporary: e.Outcome == soap.NotSent || e.Status == 0 || e.Status >= 500 || e.Status == http.StatusTooManyRequests}
	}
	words := texts(f.Detail)
	s := said(strings.Join(append([]string{f.Reason, f.Subcode}, words...), " "), append(words, f.Subcode[strings.LastIndex(f.Subcode, ":")+1:]))
	if s.Code == "" {
		s.Temporary = f.Code == "Receiver" && s.Err == nil
	}
	return s
}

// fromREST reads an answer that is not 200.
func fromREST(status int, data []byte) *Error {
	var answer struct{ Message string }
	if err := json.Unmarshal(data, &answer); err != nil {
		answer.Message = ""
	}
	s := said(answer.Message, nil)
	if s.Code == "" && s.Err == nil {
		s.Err = fmt.Errorf("it answered %d %s", status, http.StatusText(status))
		s.Temporary = status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout
	}
	return s
}

var codePattern = regexp.MustCompile(`\b(10[01346]|11[01]|130)\b`)

// said reads the token service's words. Where its code stands is not documented, so a field that is nothing but a
// code goes before one in the text.
func said(text string, fields []string) *Error {
	e := &Error{Text: cut(text)}
	for _, f := range append(fields, codePattern.FindString(text)) {
		if _, known := codes[f]; known {
			e.Code, e.Temporary = f, codes[f].temporary
			break
		}
	}
	if strings.Contains(text, "ServiceAgreementNotFound") || strings.Contains(text, "Usercontext doesn't exist") {
		e.Err, e.Temporary = ErrNoAgreement, false
	}
	return e
}

// cut keeps a server's words from filling a log, and from writing to a terminal.
func cut(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300]) + "…"
	}
	return s
}

// texts are the texts of the innermost elements of a fault's detail. The token service knows no secrets of the
// request but a certificate.
func texts(n *xmltree.Node) []string {
	if n == nil {
		return nil
	}
	children := n.Elements()
	if len(children) == 0 {
		return []string{n.Content()}
	}
	var out []string
	for _, c := range children {
		out = append(out, texts(c)...)
	}
	return out
}

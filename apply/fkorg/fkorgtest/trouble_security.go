package fkorgtest

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"
	"time"

	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/wss"
)

// Forgery is what is wrong with the security of one answer. What was asked for is done all the same, but for TokenRefused.
type Forgery int

const (
	Genuine Forgery = iota
	// WrongRelatesTo: the answer, well signed, says that it answers another message.
	WrongRelatesTo
	// Stranger: it is signed with a certificate that nobody has configured.
	Stranger
	// Unsigned: it has no signature.
	Unsigned
	// Tampered: its body was changed after it was signed.
	Tampered
	// Wrapped: the signed body was moved aside and another one stands in its place.
	Wrapped
	// Skewed: it was signed by a clock that is an hour ahead.
	Skewed
	// Repeated: its MessageID is the one of all such answers.
	Repeated
	// TokenRefused: nothing is done, and a fault says that the token has expired.
	TokenRefused
)

// fault is the fault that a forgery answers with, nil for none.
func (f Forgery) fault() *fault {
	if f != TokenRefused {
		return nil
	}
	return securityFault("wsse:InvalidSecurityToken", "the token has expired or does not hold yet")
}

// secure puts an answer's content into its envelope and signs it, as it should be or with something wrong.
func (s *Server) secure(envelope, content []byte, f Forgery) ([]byte, error) {
	l := s.security
	if l == nil || f == Unsigned {
		return filled(envelope, content), nil
	}
	signing, at := wss.Signing{Identity: l.service, Inclusive: l.prefixes}, s.now()
	switch f {
	case WrongRelatesTo:
		envelope = bytes.Replace(envelope, []byte("RelatesTo>urn:uuid:"), []byte("RelatesTo>urn:uuid:9"), 1)
	case Repeated:
		envelope = messageID.ReplaceAll(envelope, []byte("MessageID>urn:uuid:repeated<"))
	case Stranger:
		signing.Identity = l.stranger
	case Skewed:
		at = at.Add(time.Hour)
	}
	signed, err := signAnswer(signing, envelope, content, at)
	if err != nil {
		return nil, err
	}
	switch f {
	case Tampered:
		signed = statusKode.ReplaceAllFunc(signed, func(found []byte) []byte {
			if bytes.Contains(found, []byte(">20<")) {
				return []byte("StatusKode>21<")
			}
			return []byte("StatusKode>20<")
		})
	case Wrapped:
		signed = wrap(signed)
	}
	return signed, nil
}

// signAnswer signs an answer without reading it where its canonical form can be written from what is known about it.
func signAnswer(signing wss.Signing, envelope, content []byte, at time.Time) ([]byte, error) {
	if len(signing.Inclusive) == 0 && len(content) > 0 {
		signed, err := signing.SignAround(envelope, wss.Content{Text: content, Canonical: func(w io.Writer) error { return canonical(w, content) }}, at)
		if !errors.Is(err, errNotPlain) {
			return signed, err
		}
	}
	return signing.Sign(filled(envelope, content), at)
}

var (
	messageID  = regexp.MustCompile(`MessageID>[^<]*<`)
	statusKode = regexp.MustCompile(`StatusKode>[0-9]+<`)
)

// wrap moves the signed body into a header of no meaning.
func wrap(signed []byte) []byte {
	s := string(signed)
	start, end := strings.Index(s, "<soap:Body"), strings.Index(s, "</soap:Body>")+len("</soap:Body>")
	body := s[start:end]
	other := strings.Replace(body, `wsu:Id="body"`, `wsu:Id="other"`, 1)
	wrapper := `<w:Wrapper xmlns:w="urn:wrapper" xmlns:soap="` + soap.NamespaceEnvelope + `">` + body + `</w:Wrapper>`
	return []byte(strings.Replace(s[:start], "</soap:Header>", wrapper+"</soap:Header>", 1) + other + s[end:])
}

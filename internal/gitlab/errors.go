package gitlab

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	gl "github.com/xanzy/go-gitlab"
)

// The kinds of error that callers branch on. Each error of a Client that comes from the server wraps one of them; the
// server's own words are in Error.
var (
	// ErrNotConfigured: nothing says which GitLab to speak to.
	ErrNotConfigured = errors.New("GitLab is not configured")
	// ErrNotFound: it is not there, or the token's user may not see it; GitLab does not tell the two apart.
	ErrNotFound = errors.New("not found")
	// ErrUnauthorised: the token is not accepted.
	ErrUnauthorised = errors.New("GitLab does not accept the token")
	// ErrNotAllowed: the token is good, and its user or its scopes do not allow this.
	ErrNotAllowed = errors.New("not allowed")
	// ErrInvalid: GitLab, or the client before it asks, refuses what was sent.
	ErrInvalid = errors.New("refused as invalid")
	// ErrConflict: something else stands there already, or happened meanwhile.
	ErrConflict = errors.New("in conflict with what is there")
	// ErrMoved: the branch of the merge request is not at the commit that was named.
	ErrMoved = errors.New("the branch has moved")
	// ErrNotMergeable: the merge request cannot be merged as it stands, for another reason than a conflict in git.
	ErrNotMergeable = errors.New("cannot be merged as it stands")
	// ErrMergeConflict: git cannot merge the two branches.
	ErrMergeConflict = errors.New("conflicts with the target branch")
	// ErrUnreachable: no answer, or none that is whole. After a write it is not known whether it was done.
	ErrUnreachable = errors.New("GitLab cannot be reached or did not answer in full")
)

// Error is what went wrong with one request.
type Error struct {
	Kind    error  // one of the kinds of this package
	Did     string // what orgit was about to do, such as "read merge request !7"
	Request string // method and path; empty when nothing was sent
	Status  int    // of HTTP; 0 without an answer
	Body    string // of the answer to a request that did not succeed, as it came, up to bodyKept bytes
	Cause   error  // what lies beneath, where something does
	Hint    string // what to do
}

// Error says what, where, why, and what to do. It has no secrets: the token is sent in a header only.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Did, e.Kind)
	why := said(e.Body)
	if why == "" && e.Cause != nil {
		why = e.Cause.Error()
	}
	switch {
	case e.Request != "" && e.Status != 0:
		fmt.Fprintf(&b, " (%s answered %d", e.Request, e.Status)
		if why != "" {
			b.WriteString(": " + why)
		}
		b.WriteString(")")
	case why != "":
		b.WriteString(": " + why)
	}
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

// Unwrap gives the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Cause}
}

const (
	bodyKept  = 64 << 10 // bytes of an answer that an error keeps
	wordsKept = 300      // characters of it that are shown
)

// explain makes an error of what a request of the library came to; resp may be nil.
func (c *Client) explain(did string, resp *gl.Response, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%s: %w", did, err)
	}
	e := &Error{Did: did, Kind: ErrUnreachable}
	if resp == nil || resp.Response == nil {
		e.Cause, e.Hint = err, hintUnreached(err)
		return e
	}
	e.Status = resp.StatusCode
	e.Body = keptBody(resp.Response)
	if r := resp.Request; r != nil {
		e.Request = r.Method + " " + r.URL.Path
	}
	if e.Status < 300 {
		// The library could not read the answer: an HTML page of something that stands before GitLab, or half of one.
		e.Cause = err
		e.Body = ""
		e.Hint = "the address has to be GitLab's own, and nothing between may ask for a login"
		return e
	}
	e.Hint, e.Kind = judge(resp.Response, e.Body)
	return e
}

// judge says what kind of error a status is, and what to do about it.
func judge(resp *http.Response, body string) (hint string, kind error) {
	switch s := resp.StatusCode; {
	case s == http.StatusNotFound:
		return "check the number and ORGIT_GITLAB_PROJECT, and that the token's user is a member of the project: of what one may not see GitLab says that it is not there", ErrNotFound
	case s == http.StatusUnauthorized:
		return "the token may be wrong, expired or revoked; give a good one in ORGIT_GITLAB_TOKEN_FILE", ErrUnauthorised
	case s == http.StatusForbidden && strings.Contains(body, "insufficient_scope"):
		return "make a project access token with the scope api", ErrNotAllowed
	case s == http.StatusForbidden:
		return "the token's user needs another role in the project, or the rules of the project forbid it to everybody", ErrNotAllowed
	case s == http.StatusConflict:
		return "", ErrConflict
	case s == http.StatusTooManyRequests:
		if after := resp.Header.Get("Retry-After"); after != "" {
			return "GitLab limits how often one may ask; run it again after " + words(after) + " seconds", ErrUnreachable
		}
		return "GitLab limits how often one may ask; run it again in some minutes", ErrUnreachable
	case s >= 300 && s < 400:
		return fmt.Sprintf("GitLab sends elsewhere, to %s, and orgit does not carry the token there; give the right address in ORGIT_GITLAB_URL, and the project by its number",
			words(resp.Header.Get("Location"))), ErrUnreachable
	case s >= 500 && resp.Request != nil && resp.Request.Method == http.MethodGet:
		return "run it again later", ErrUnreachable
	case s >= 500:
		return "run it again later; what was asked for may have been done all the same", ErrUnreachable
	}
	return "", ErrInvalid
}

// hintUnreached says what to do about a connection that did not come about.
func hintUnreached(err error) string {
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	switch {
	case errors.As(err, &unknown):
		return "the server's certificate comes from an authority that is not trusted; give the authority's certificate as ORGIT_GITLAB_CA_FILE"
	case errors.As(err, &host):
		return "the server's certificate is for another name; use a name that stands in it as ORGIT_GITLAB_URL"
	}
	var asked *url.Error
	if errors.As(err, &asked) && asked.Op == "Get" {
		return "check ORGIT_GITLAB_URL and the network"
	}
	return "check ORGIT_GITLAB_URL and the network; what was asked for may have been done all the same"
}

// hopeless says that asking again cannot help: the certificate is the same next time.
func hopeless(err error) bool {
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	return errors.As(err, &verification) || errors.As(err, &record)
}

// keptBody gives what the transport has kept of an answer. The library gives it away for a 404.
func keptBody(resp *http.Response) string {
	k, ok := resp.Body.(*kept)
	if !ok {
		return ""
	}
	return string(k.text[:min(len(k.text), bodyKept)])
}

// said gives the words of an error's body: GitLab puts a string, a list, or lists by field under message, or a string under
// error. Anything else is a proxy's page, which is named and not shown.
func said(body string) string {
	var envelope struct {
		Message     json.RawMessage `json:"message"`
		Error       json.RawMessage `json:"error"`
		Description string          `json:"error_description"`
	}
	text := strings.TrimSpace(body)
	switch {
	case text == "":
		return ""
	case strings.HasPrefix(text, "<"):
		return "an HTML page"
	case json.Unmarshal([]byte(text), &envelope) != nil:
		return words(text)
	}
	var all []string
	for _, raw := range []json.RawMessage{envelope.Message, envelope.Error} {
		all = append(all, strung("", raw)...)
	}
	if envelope.Description != "" {
		all = append(all, envelope.Description)
	}
	return words(strings.Join(all, "; "))
}

// strung gives the strings in a value, those below a name with the name before them.
func strung(name string, raw json.RawMessage) []string {
	var one string
	var list []json.RawMessage
	var fields map[string]json.RawMessage
	var all []string
	switch {
	case len(raw) == 0 || string(raw) == "null":
	case json.Unmarshal(raw, &one) == nil:
		if name != "" {
			one = name + ": " + one
		}
		all = []string{one}
	case json.Unmarshal(raw, &list) == nil:
		for _, r := range list {
			all = append(all, strung(name, r)...)
		}
	case json.Unmarshal(raw, &fields) == nil:
		for _, field := range slices.Sorted(maps.Keys(fields)) {
			all = append(all, strung(field, fields[field])...)
		}
	default:
		all = []string{string(raw)}
	}
	return all
}

// words makes text from outside fit for a line of a terminal.
func words(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > wordsKept {
		return string(r[:wordsKept]) + "…"
	}
	return text
}

// invalid is an error about what was about to be sent.
func invalid(did, format string, args ...any) error {
	return &Error{Kind: ErrInvalid, Did: did, Cause: fmt.Errorf(format, args...)}
}

// incomplete is an error about an answer that lacks what it must have.
func incomplete(did, format string, args ...any) error {
	return &Error{
		Kind: ErrUnreachable, Did: did, Cause: fmt.Errorf(format, args...),
		Hint: "orgit takes nothing for granted that GitLab does not say; this may be a version that orgit does not know",
	}
}

// kept is the body of an answer, read whole, of which the text stays at hand.
type kept struct {
	*bytes.Reader
	text []byte
}

func (k *kept) Close() error { return nil }

var _ io.ReadCloser = (*kept)(nil)

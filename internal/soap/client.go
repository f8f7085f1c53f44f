package soap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strconv"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// DefaultMaxAnswer is the size of the largest answer that is read, in bytes: a page of 500 units and 500 users of FK
// Organisation is about 6 MB.
const DefaultMaxAnswer = 64 << 20

// ErrTooLarge is the error for an answer beyond the limit.
var ErrTooLarge = errors.New("the answer is larger than the limit")

// ErrWrongAnswer is the error for an answer to some other request.
var ErrWrongAnswer = errors.New("the answer relates to another message")

// Security makes requests that prove who sends them, and proves answers. Package wss has one.
type Security interface {
	// Secure gives an envelope that Envelope wrote with what proves it.
	Secure(ctx context.Context, envelope []byte) (Secured, error)
	// Verify takes the answer to a request apart, and gives nothing that is not proven. A fault needs no proof: the
	// message that has one is given without an error.
	Verify(answer []byte, request IDs) (Message, error)
	// Drop makes the next Secure use another token than the one that was refused.
	Drop(token string)
}

// Secured is an envelope that proves itself, by a token that a receiver may refuse.
type Secured struct {
	Envelope []byte
	Token    string // identifies it; empty when there is none that could be replaced
}

// Client carries requests. The zero value is not usable: HTTP and NewUUID must be set.
type Client struct {
	HTTP      *http.Client  // its Timeout bounds a call; redirects are never followed
	NewUUID   func() string // source of fresh UUIDs, safe for concurrent use
	MaxAnswer int64         // in bytes; DefaultMaxAnswer when 0
	// Slots bounds how many exchanges are under way: each holds a place in the channel. What is done to a message before
	// and after needs none, so that it goes on while others wait for their answers. Nil: no bound.
	Slots chan struct{}
	// Rooms bounds how many exchanges are anywhere between being secured and having been proven and read, so that answers
	// that nobody has read yet do not pile up. It must have more places than Slots. Nil: no bound.
	Rooms chan struct{}
	// Security is used for every call. Without it messages prove nothing and answers are believed: for a receiver on this
	// machine only.
	Security Security
}

// Call posts the request and returns what is in the body of the answer. Every error is an *Error.
func (c *Client) Call(ctx context.Context, r Request) (*xmltree.Node, error) {
	m, err := c.Exchange(ctx, r)
	return m.Content, err
}

// Exchange posts the request and returns the answer. A request whose token was refused is sent once more with a new one:
// a receiver that refuses the token has not done what the message asks for. Every error is an *Error.
func (c *Client) Exchange(ctx context.Context, r Request) (Message, error) {
	m, token, err := c.once(ctx, r)
	if f, ok := errors.AsType[*Fault](err); ok && f.Security() && token != "" {
		c.Security.Drop(token)
		m, _, err = c.once(ctx, r)
	}
	return m, err
}

// once makes one exchange and tells which token it used.
func (c *Client) once(ctx context.Context, r Request) (Message, string, error) {
	ids := IDs{Message: "urn:uuid:" + c.NewUUID(), Transaction: c.NewUUID()}
	failed := func(status int, outcome Outcome, err error) error {
		return &Error{Action: r.Action, URL: r.URL, IDs: ids, Status: status, Outcome: outcome, Err: err}
	}
	leave, err := enter(ctx, c.Rooms)
	if err != nil {
		return Message{}, "", failed(0, NotSent, err)
	}
	defer leave()
	out := Secured{Envelope: Envelope(r, ids)}
	if c.Security != nil {
		if out, err = c.Security.Secure(ctx, out.Envelope); err != nil {
			return Message{}, "", failed(0, NotSent, err)
		}
	}
	data, status, outcome, err := c.post(ctx, r, out.Envelope)
	if err != nil {
		return Message{}, out.Token, failed(status, outcome, err)
	}
	m, outcome, err := c.judge(data, status, ids)
	if err != nil {
		return Message{}, out.Token, failed(status, outcome, err)
	}
	return m, out.Token, nil
}

// enter takes a place in a channel that bounds something, and gives what leaves it.
func enter(ctx context.Context, places chan struct{}) (leave func(), err error) {
	if places == nil {
		return func() {}, nil
	}
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// post does the HTTP exchange and bounds what it reads.
func (c *Client) post(ctx context.Context, r Request, envelope []byte) ([]byte, int, Outcome, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL, bytes.NewReader(envelope))
	if err != nil {
		return nil, 0, NotSent, err
	}
	req.Header.Set("Content-Type", `application/soap+xml; charset=utf-8; action=`+strconv.Quote(r.Action))
	leave, err := enter(ctx, c.Slots)
	if err != nil {
		return nil, 0, NotSent, err
	}
	defer func() {
		leave()
		// Whoever gets the place goes first: what is left to do with this answer can wait until a call is on its way.
		runtime.Gosched()
	}()
	hc := *c.HTTP
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := hc.Do(req)
	if err != nil {
		return nil, 0, sent(err), err
	}
	defer resp.Body.Close()
	limit := c.MaxAnswer
	if limit == 0 {
		limit = DefaultMaxAnswer
	}
	data, err := readAll(resp, limit+1)
	if err != nil {
		return nil, resp.StatusCode, Unknown, fmt.Errorf("read the answer: %w", err)
	}
	if int64(len(data)) > limit {
		return nil, resp.StatusCode, Unknown, fmt.Errorf("%w of %d bytes", ErrTooLarge, limit)
	}
	return data, resp.StatusCode, Refused, nil
}

// readAll reads an answer, of which no more than limit, into memory that is as large as the answer says it is.
func readAll(resp *http.Response, limit int64) ([]byte, error) {
	var b bytes.Buffer
	if n := min(resp.ContentLength, limit); n > 0 {
		b.Grow(int(n) + bytes.MinRead) // ReadFrom wants that much room to find the end
	}
	_, err := b.ReadFrom(io.LimitReader(resp.Body, limit))
	return b.Bytes(), err
}

// sent: a connection that could not be made has carried nothing; after that, nobody knows.
func sent(err error) Outcome {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return NotSent
	}
	return Unknown
}

// open takes an answer apart, and proves it where there is security.
func (c *Client) open(data []byte, ids IDs) (Message, error) {
	if c.Security != nil {
		return c.Security.Verify(data, ids)
	}
	m, err := Open(data)
	if err == nil && m.Fault == nil && m.RelatesTo != "" && m.RelatesTo != ids.Message {
		return m, fmt.Errorf("%w: %q", ErrWrongAnswer, m.RelatesTo)
	}
	return m, err
}

// judge decides whether an HTTP answer is a good one. One that says "later" (408, 429) is no refusal. A fault is believed
// even when it relates to nothing and nobody has signed it: it can only make the call fail.
func (c *Client) judge(data []byte, status int, ids IDs) (Message, Outcome, error) {
	m, err := c.open(data, ids)
	switch {
	case err == nil && m.Fault != nil:
		return m, m.Fault.outcome(), m.Fault
	case status >= 300 && status < 500 && status != http.StatusRequestTimeout && status != http.StatusTooManyRequests:
		return m, Refused, fmt.Errorf("the service answered %d %s", status, http.StatusText(status))
	case status != http.StatusOK:
		return m, Unknown, fmt.Errorf("the service answered %d %s", status, http.StatusText(status))
	case errors.Is(err, ErrNotSOAP):
		return m, Unknown, fmt.Errorf("the answer is %w", err)
	case err != nil:
		return m, Unknown, fmt.Errorf("read the answer: %w", err)
	case m.Content == nil:
		return m, Unknown, errors.New("the answer has an empty body")
	}
	return m, Refused, nil
}

package soap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
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

// Client carries requests. The zero value is not usable: HTTP and NewUUID must be set.
type Client struct {
	HTTP      *http.Client  // its Timeout bounds a call; redirects are never followed
	NewUUID   func() string // source of fresh UUIDs, safe for concurrent use
	MaxAnswer int64         // in bytes; DefaultMaxAnswer when 0
}

// Call posts the request and returns what is in the body of the answer. Every error is an *Error.
func (c *Client) Call(ctx context.Context, r Request) (*xmltree.Node, error) {
	ids := IDs{Message: "urn:uuid:" + c.NewUUID(), Transaction: c.NewUUID()}
	data, status, outcome, err := c.post(ctx, r, Envelope(r, ids))
	var m Message
	if err == nil {
		m, outcome, err = judge(data, status, ids)
	}
	if err != nil {
		return nil, &Error{Action: r.Action, URL: r.URL, IDs: ids, Status: status, Outcome: outcome, Err: err}
	}
	return m.Content, nil
}

// post does the HTTP exchange and bounds what it reads.
func (c *Client) post(ctx context.Context, r Request, envelope []byte) ([]byte, int, Outcome, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL, bytes.NewReader(envelope))
	if err != nil {
		return nil, 0, NotSent, err
	}
	req.Header.Set("Content-Type", `application/soap+xml; charset=utf-8; action=`+strconv.Quote(r.Action))
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
	data, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, resp.StatusCode, Unknown, fmt.Errorf("read the answer: %w", err)
	}
	if int64(len(data)) > limit {
		return nil, resp.StatusCode, Unknown, fmt.Errorf("%w of %d bytes", ErrTooLarge, limit)
	}
	return data, resp.StatusCode, Refused, nil
}

// sent: a connection that could not be made has carried nothing; after that, nobody knows.
func sent(err error) Outcome {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return NotSent
	}
	return Unknown
}

// judge decides whether an HTTP answer is a good one. A fault is believed even when it relates to nothing: it can only
// make the call fail.
func judge(data []byte, status int, ids IDs) (Message, Outcome, error) {
	m, err := Open(data)
	switch {
	case err == nil && m.Fault != nil:
		return m, m.Fault.outcome(), m.Fault
	case status >= 300 && status < 500:
		return m, Refused, fmt.Errorf("the service answered %d %s", status, http.StatusText(status))
	case status != http.StatusOK:
		return m, Unknown, fmt.Errorf("the service answered %d %s", status, http.StatusText(status))
	case err != nil:
		return m, Unknown, fmt.Errorf("the answer is %w", err)
	case m.RelatesTo != "" && m.RelatesTo != ids.Message:
		return m, Unknown, fmt.Errorf("%w: %q", ErrWrongAnswer, m.RelatesTo)
	case m.Content == nil:
		return m, Unknown, errors.New("the answer has an empty body")
	}
	return m, Refused, nil
}

package gitlab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	attempts    = 5               // of one request, the first included
	longestWait = 5 * time.Minute // of all pauses of one request together
	answerMax   = 64 << 20        // bytes of one answer
	oneAttempt  = time.Minute     // the longest that one attempt may take
)

// transport sends a request until it is answered, and no oftener than is safe. It stands below the library, whose own
// retrying sends a POST twice when a proxy answers 502, pays no heed to Retry-After, and counts a lost connection as final.
//
// Reading, PUT and DELETE may be done twice, so they are sent again after a lost connection, a 5xx and a 429. A POST is sent
// again after a 429 only: then GitLab has done nothing. Each answer is read whole, so that one that breaks off in the
// middle counts as a lost connection and not as an answer.
type transport struct {
	base    http.RoundTripper
	timeout time.Duration
	now     func() time.Time
	sleep   func(context.Context, time.Duration) error
}

func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, errors.Join(err, req.Body.Close())
		}
		if err := req.Body.Close(); err != nil {
			return nil, err
		}
	}
	var waited time.Duration
	for attempt := 1; ; attempt++ {
		resp, err := t.once(req, body)
		if ctxErr := req.Context().Err(); ctxErr != nil {
			return nil, ctxErr
		}
		if attempt == attempts || !again(req.Method, resp, err) {
			return resp, err
		}
		pause := t.pause(attempt, resp)
		if waited += pause; waited > longestWait {
			return resp, err
		}
		if err := t.sleep(req.Context(), pause); err != nil {
			return nil, err
		}
	}
}

// again says whether a request may and should be sent once more.
func again(method string, resp *http.Response, err error) bool {
	switch {
	case err == nil && resp.StatusCode == http.StatusTooManyRequests:
		return true
	case method == http.MethodPost || method == http.MethodPatch:
		return false
	case err != nil:
		return !hopeless(err)
	}
	return resp.StatusCode >= http.StatusInternalServerError
}

// pause says how long to wait before the next attempt. There are two kinds of 429: the one of the rate limits says when to
// come back, the one of the application's own limits says nothing; their window is a minute.
func (t *transport) pause(attempt int, resp *http.Response) time.Duration {
	ordinary := 500 * time.Millisecond << (attempt - 1)
	if resp == nil {
		return ordinary
	}
	after := resp.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(after); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, 24*60*60)) * time.Second
	}
	if day, err := http.ParseTime(after); err == nil {
		return max(day.Sub(t.now()), time.Second)
	}
	if resp.StatusCode != http.StatusTooManyRequests {
		return ordinary
	}
	if reset, err := strconv.ParseInt(resp.Header.Get("RateLimit-Reset"), 10, 64); err == nil {
		return max(time.Unix(reset, 0).Sub(t.now()), 0) + time.Second
	}
	return 15 * time.Second << (attempt - 1)
}

func (t *transport) once(req *http.Request, body []byte) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), t.timeout)
	defer cancel()
	r := req.Clone(ctx)
	r.Body = http.NoBody
	if len(body) > 0 {
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	resp, err := t.base.RoundTrip(r)
	if err != nil {
		return nil, timedOut(req, err, t.timeout)
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, answerMax+1))
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return nil, timedOut(req, fmt.Errorf("the answer breaks off: %w", err), t.timeout)
	}
	if len(text) > answerMax {
		return nil, fmt.Errorf("the answer is longer than %d bytes", answerMax)
	}
	resp.Body = &kept{Reader: bytes.NewReader(text), text: text}
	resp.Request = req
	takeLink(resp.Header)
	return resp, nil
}

// timedOut says in words that an attempt took too long. The caller's own deadline is another matter and stays what it is.
func timedOut(req *http.Request, err error, limit time.Duration) error {
	if errors.Is(err, context.DeadlineExceeded) && req.Context().Err() == nil {
		return fmt.Errorf("no answer within %s", limit)
	}
	return err
}

// linkHeader is where the header Link is put: the library ends the program when it meets one that is malformed.
const linkHeader = "X-Orgit-Link"

func takeLink(h http.Header) {
	if link := h.Values("Link"); len(link) > 0 {
		h.Set(linkHeader, strings.Join(link, ", "))
		h.Del("Link")
	}
}

// unlimited takes the place of the library's limiter, which makes of the first answer's RateLimit-Limit a brake that is
// much too strong. GitLab's own 429 are heeded instead.
type unlimited struct{}

func (unlimited) Wait(ctx context.Context) error { return ctx.Err() }

// sleep waits, or ends with the context.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

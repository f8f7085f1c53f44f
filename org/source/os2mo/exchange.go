package os2mo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// What a caller may have to tell apart.
var (
	// ErrDenied is a login that Keycloak or OS2mo refuses.
	ErrDenied = errors.New("OS2mo refuses the login")
	// ErrUnreachable is an OS2mo that does not answer, or answers in part.
	ErrUnreachable = errors.New("OS2mo did not answer whole")
)

const (
	attempts   = 4                // of one request, the first included
	firstPause = 2 * time.Second  // doubled after each attempt
	oneAttempt = 10 * time.Minute // OS2mo itself gives up a query after five
	answerMax  = 64 << 20         // bytes of one answer
)

// reply is an answer that was read to its end.
type reply struct {
	status int
	body   []byte
}

// exchange sends a request until it is answered. Everything that is sent here only reads, so
// it may be sent twice: after a lost connection, one that breaks off in the middle of the
// answer, a timeout, a 5xx and a 429.
func (c *connection) exchange(ctx context.Context, address, kind, body, bearer string) (reply, error) {
	pause := firstPause
	for attempt := 1; ; attempt++ {
		r, err := c.once(ctx, address, kind, body, bearer)
		if ctxErr := ctx.Err(); ctxErr != nil {
			return reply{}, ctxErr
		}
		again := err != nil && !errors.Is(err, errAnswerTooLong) ||
			r.status >= http.StatusInternalServerError || r.status == http.StatusTooManyRequests
		switch {
		case !again:
			return r, err
		case attempt == attempts && err != nil:
			return reply{}, fmt.Errorf("%w: %w (%d attempts)", ErrUnreachable, err, attempts)
		case attempt == attempts:
			return reply{}, fmt.Errorf("%w: %s answers %d %s (%d attempts)", ErrUnreachable, address, r.status, http.StatusText(r.status), attempts)
		}
		if err := c.opts.Sleep(ctx, pause); err != nil {
			return reply{}, err
		}
		pause *= 2
	}
}

var errAnswerTooLong = fmt.Errorf("an answer of more than %d MiB", answerMax>>20)

func (c *connection) once(ctx context.Context, address, kind, body, bearer string) (r reply, err error) {
	ctx, cancel := context.WithTimeout(ctx, oneAttempt)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Accept", "application/json")
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	text, err := io.ReadAll(io.LimitReader(resp.Body, answerMax+1))
	if err != nil {
		return reply{}, fmt.Errorf("the answer of %s breaks off: %w", address, err)
	}
	if len(text) > answerMax {
		return reply{}, errAnswerTooLong
	}
	return reply{resp.StatusCode, text}, nil
}

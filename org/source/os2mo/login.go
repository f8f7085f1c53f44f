package os2mo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"time"
)

// connection is a client of one OS2mo, with the login that it has at the moment.
type connection struct {
	client *http.Client
	opts   Options
	token  string
	until  time.Time // when a new token is asked for
}

func connect(client *http.Client, opts Options) (*connection, error) {
	opts, err := opts.complete()
	if err != nil {
		return nil, fmt.Errorf("read how to reach OS2mo: %w", err)
	}
	if client == nil {
		client = http.DefaultClient
	}
	own := *client
	// A login goes to the address that was configured, and nowhere else.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &connection{client: &own, opts: opts}, nil
}

const (
	tokenLife  = 300 * time.Second // when Keycloak does not say
	tokenSpare = 30 * time.Second  // a token is not used so close to its end
)

// bearer gives a token that is good for a while yet. There are no refresh tokens for
// client credentials: a new one is asked for.
func (c *connection) bearer(ctx context.Context) (string, error) {
	if c.token != "" && c.opts.Clock().Before(c.until) {
		return c.token, nil
	}
	secret, err := c.opts.Secret()
	if err != nil {
		return "", fmt.Errorf("read the secret of client %s: %w", c.opts.ClientID, err)
	}
	asked := c.opts.Clock()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {c.opts.ClientID}, "client_secret": {secret}}
	r, err := c.exchange(ctx, c.opts.TokenURL, "application/x-www-form-urlencoded", form.Encode(), "")
	if err != nil {
		return "", fmt.Errorf("log in to OS2mo as client %s: %w", c.opts.ClientID, err)
	}
	token, life, err := parseToken(r)
	if err != nil {
		return "", fmt.Errorf("log in to OS2mo as client %s at %s: %w", c.opts.ClientID, c.opts.TokenURL, err)
	}
	c.token, c.until = token, asked.Add(life-min(tokenSpare, life/2))
	return c.token, nil
}

var oauthError = regexp.MustCompile(`^[a-z_]{1,40}$`)

// parseToken reads the answer of the token endpoint. No error quotes it: it may repeat what
// was sent.
func parseToken(r reply) (token string, life time.Duration, err error) {
	var answer struct {
		Token   string  `json:"access_token"`
		Expires float64 `json:"expires_in"`
		Error   string  `json:"error"`
	}
	unread := json.Unmarshal(r.body, &answer)
	if r.status != http.StatusOK {
		why := ""
		if unread == nil && oauthError.MatchString(answer.Error) {
			why = " (" + answer.Error + ")"
		}
		class := ErrDenied
		if r.status != http.StatusBadRequest && r.status != http.StatusUnauthorized && r.status != http.StatusForbidden {
			class = ErrUnreachable
		}
		return "", 0, fmt.Errorf("%w: status %d%s; check the client's ID and secret", class, r.status, why)
	}
	if unread != nil || answer.Token == "" {
		return "", 0, fmt.Errorf("%w: %w", ErrUnreachable, errors.New("the answer holds no access token"))
	}
	life = tokenLife
	if answer.Expires > 0 && answer.Expires < tokenLife.Seconds() {
		life = time.Duration(answer.Expires * float64(time.Second))
	}
	return answer.Token, life, nil
}

// ask sends a query and gives the answer's text. A token that has run out before its time
// is renewed once.
func (c *connection) ask(ctx context.Context, q question) ([]byte, error) {
	body, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	for renewed := false; ; renewed = true {
		token, err := c.bearer(ctx)
		if err != nil {
			return nil, err
		}
		r, err := c.exchange(ctx, c.opts.URL+"/graphql/v30", "application/json", string(body), token)
		switch {
		case err != nil:
			return nil, err
		case r.status == http.StatusUnauthorized && !renewed:
			c.token = ""
		case r.status == http.StatusUnauthorized || r.status == http.StatusForbidden:
			return nil, fmt.Errorf("%w: status %d; the client's token needs a role read_… for each collection", ErrDenied, r.status)
		case r.status != http.StatusOK:
			return nil, fmt.Errorf("%w: status %d; is %s the address of an OS2mo that has GraphQL v30?", ErrUnreachable, r.status, c.opts.URL)
		default:
			return r.body, nil
		}
	}
}

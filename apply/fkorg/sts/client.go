package sts

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"time"

	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/wss"
)

// Ways to ask for a token.
const (
	SOAP = "soap"
	REST = "rest"
)

// Config is how to reach the token service, and as whom.
type Config struct {
	Way          string // SOAP or REST
	URL          string
	Issuer       string              // its entity ID, which its tokens name
	Certificates []*x509.Certificate // its answers and tokens are signed with one of them; old and new overlap
	Identity     wss.Identity        // ours
	Lifetime     time.Duration       // wished for, by SOAP only; the service decides
	RenewBefore  time.Duration       // the end of a token
	// HTTP must present the certificate for REST.
	HTTP    *http.Client
	Now     func() time.Time
	NewUUID func() string
	Sleep   func(context.Context, time.Duration) error // between attempts; nil: really
}

// Client asks for tokens. It is safe for concurrent use.
type Client struct {
	config Config
	soap   *soap.Client
}

// New makes a client. Nothing is sent before a token is needed.
func New(c Config) *Client {
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	proof := &signed{Signing: wss.Signing{Identity: c.Identity}, Verifier: wss.Verifier{Certificates: c.Certificates, Now: c.Now}}
	return &Client{config: c, soap: &soap.Client{HTTP: c.HTTP, NewUUID: c.NewUUID, Security: proof, MaxAnswer: maxAnswer}}
}

// maxAnswer bounds what is read: a token is about 10 kB.
const maxAnswer = 1 << 20

// attempts are made where a failure may pass, with a pause that doubles.
const (
	attempts   = 4
	firstPause = time.Second
)

// issue gets a token and checks it.
func (c *Client) issue(ctx context.Context, cvr, entityID string) (*wss.Assertion, error) {
	pause := firstPause
	for attempt := 1; ; attempt++ {
		a, err := c.once(ctx, cvr, entityID)
		if err == nil {
			return a, nil
		}
		e, ok := errors.AsType[*Error](err)
		if !ok {
			e = &Error{Err: err}
		}
		e.CVR, e.URL = cvr, c.config.URL
		if !e.Temporary || attempt == attempts || ctx.Err() != nil {
			return nil, e
		}
		if err := c.config.Sleep(ctx, pause); err != nil {
			return nil, e
		}
		pause *= 2
	}
}

func (c *Client) once(ctx context.Context, cvr, entityID string) (*wss.Assertion, error) {
	ask := c.bySOAP
	if c.config.Way == REST {
		ask = c.byREST
	}
	raw, err := ask(ctx, cvr, entityID)
	if err != nil {
		return nil, err
	}
	now := c.config.Now()
	a, err := wss.OpenAssertion(raw, c.config.Certificates, now)
	if err != nil {
		return nil, err
	}
	if err := c.check(a, cvr, entityID, now); err != nil {
		return nil, fmt.Errorf("the token is not the one that was asked for: %w", err)
	}
	return a, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

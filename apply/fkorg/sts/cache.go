package sts

import (
	"context"
	"time"

	"orgit.dk/orgit/internal/soap/wss"
)

// Source gives the tokens for one municipality at one service. It is a wss.Tokens, safe for concurrent use.
type Source struct {
	client        *Client
	cvr, entityID string

	state chan kept // holds the one value; whoever has taken it out is the one who asks
}

// kept is what a source knows.
type kept struct {
	token   *wss.Assertion
	renewAt time.Time
	// What must be put right by a person is not asked for again with every call.
	refused      error
	refusedUntil time.Time
}

// refusalHolds is how long a permanent refusal is believed, or an old token used, without asking again.
const refusalHolds = time.Minute

// For gives the source of the tokens for a municipality and a service. Callers that share it share the token.
func (c *Client) For(cvr, entityID string) *Source {
	s := &Source{client: c, cvr: cvr, entityID: entityID, state: make(chan kept, 1)}
	s.state <- kept{}
	return s
}

// Token gives the token that is kept, or a new one. Where a renewal fails for a while the old one serves as long as
// it holds.
func (s *Source) Token(ctx context.Context) (*wss.Assertion, error) {
	var k kept
	select {
	case k = <-s.state:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { s.state <- k }()
	now := s.client.config.Now()
	switch {
	case k.token != nil && now.Before(k.renewAt):
		return k.token, nil
	case k.refused != nil && now.Before(k.refusedUntil):
		return nil, k.refused
	}
	token, err := s.client.issue(ctx, s.cvr, s.entityID)
	now = s.client.config.Now()
	switch {
	case err == nil:
		k = kept{token: token, renewAt: renewal(token, now, s.client.config.RenewBefore)}
		return token, nil
	case ctx.Err() != nil:
		return nil, err
	case !isTemporary(err):
		k = kept{refused: err, refusedUntil: now.Add(refusalHolds)}
		return nil, err
	case k.token != nil && now.Before(k.token.NotOnOrAfter):
		k.renewAt = now.Add(refusalHolds)
		return k.token, nil
	}
	return nil, err
}

// renewal is when a token is to be replaced: some time before its end, and not before half of it is over.
func renewal(a *wss.Assertion, now time.Time, before time.Duration) time.Time {
	return a.NotOnOrAfter.Add(-min(before, a.NotOnOrAfter.Sub(now)/2))
}

// Drop forgets a token that a service refused. Another one that came in the meantime stays.
func (s *Source) Drop(id string) {
	k := <-s.state
	if k.token != nil && k.token.ID == id {
		k = kept{}
	}
	s.state <- k
}

package wss

import (
	"context"
	"time"

	"orgit.dk/orgit/internal/soap"
)

// Tokens issues assertions that are bound to the key of the one who asks.
type Tokens interface {
	// Token gives one that holds for some time yet.
	Token(ctx context.Context) (*Assertion, error)
	// Drop forgets the token with this ID.
	Drop(id string)
}

// Channel secures the calls of a service that wants a token. It is a soap.Security.
type Channel struct {
	Identity Identity // the key that the tokens are bound to
	Tokens   Tokens
	Answers  *Verifier
	Now      func() time.Time
}

// Secure signs a request with the token.
func (c *Channel) Secure(ctx context.Context, envelope []byte) (soap.Secured, error) {
	token, err := c.Tokens.Token(ctx)
	if err != nil {
		return soap.Secured{}, err
	}
	signed, err := Signing{Identity: c.Identity, Naming: ByAssertion, Assertion: token.Raw, AssertionID: token.ID}.Sign(envelope, c.Now())
	return soap.Secured{Envelope: signed, Token: token.ID}, err
}

// Verify proves an answer.
func (c *Channel) Verify(answer []byte, request soap.IDs) (soap.Message, error) {
	return c.Answers.Verify(answer, request)
}

// Drop forgets a token that was refused.
func (c *Channel) Drop(token string) { c.Tokens.Drop(token) }

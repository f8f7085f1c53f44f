package fkorg

import (
	"crypto/x509"

	"orgit.dk/orgit/apply/fkorg/sts"
	"orgit.dk/orgit/internal/soap/wss"
	"orgit.dk/orgit/org"
)

// Security is what messages are secured with: every request carries a token and a signature, and every answer must be
// signed.
type Security struct {
	CVR                 string       // of the municipality that orgit acts for
	EntityID            string       // of the service, in tokens
	Identity            wss.Identity // orgit's certificate (funktionscertifikat) and key
	ServiceCertificates []*x509.Certificate
	TokenService        TokenService
	Privileges          org.FKPrivileges // that the token should hold, where known
	Roots               *x509.CertPool   // authorities of the servers' TLS certificates; nil: the system's
}

// TokenService is where tokens come from. Identity, connection and clock are those of the rest; they are filled in by Open.
type TokenService = sts.Config

// Tokens gives the tokens that the services are called with; nil without security.
func (c Config) Tokens() *sts.Source {
	if c.Security == nil {
		return nil
	}
	c = c.complete()
	t := c.Security.TokenService
	t.Identity, t.Now, t.NewUUID = c.Security.Identity, c.Now, c.NewUUID
	if t.HTTP == nil {
		t.HTTP = c.http()
	}
	return sts.New(t).For(c.Security.CVR, c.Security.EntityID)
}

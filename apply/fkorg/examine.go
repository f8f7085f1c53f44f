package fkorg

import (
	"context"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/fkorg/sts"
	"orgit.dk/orgit/internal/soap/wss"
)

// Examine says whether FK Organisation can be used as it is configured. It writes nothing.
func Examine(ctx context.Context, c Config) []apply.Check {
	c = c.complete()
	checks := []apply.Check{{Subject: "configuration", State: apply.CheckGood, Text: c.URL}}
	if c.Security == nil {
		checks = append(checks, apply.Check{Subject: "security", State: apply.CheckWarning, Text: "none: messages prove nothing, which is for a stand-in on this machine only"})
		return append(checks, Open(c).soegEnEnhed(ctx))
	}
	checks = append(checks, c.examineCertificates()...)
	source := c.Tokens()
	token, err := source.Token(ctx)
	if err != nil {
		return append(checks, apply.Check{Subject: "token", State: apply.CheckFault, Text: err.Error(), Err: err},
			apply.Check{Subject: "search", State: apply.CheckSkipped, Text: "there is no token"})
	}
	checks = append(checks, apply.Check{Subject: "token", State: apply.CheckGood,
		Text: fmt.Sprintf("for CVR %s, until %s", c.Security.CVR, token.NotOnOrAfter.UTC().Format(time.RFC3339))})
	return append(checks, c.Security.examinePrivileges(token), openWith(c, source).soegEnEnhed(ctx))
}

// soonExpired is how long before its end a certificate is told of: a new one takes weeks to order and to register.
const soonExpired = 60 * 24 * time.Hour

// examineCertificates tells of certificates that run out soon. Partners announce new ones beforehand, and old and new
// may be configured together.
func (c Config) examineCertificates() []apply.Check {
	now := c.Now()
	one := func(subject string, certificates []*x509.Certificate, hint string) apply.Check {
		last := slices.MaxFunc(certificates, func(a, b *x509.Certificate) int { return a.NotAfter.Compare(b.NotAfter) })
		check := apply.Check{Subject: subject, State: apply.CheckGood, Text: wss.Describe(last)}
		if last.NotAfter.Sub(now) < soonExpired {
			check.State, check.Hint = apply.CheckWarning, hint
		}
		return check
	}
	return []apply.Check{
		one("certificate", []*x509.Certificate{c.Security.Identity.Certificate}, "it runs out soon: order a new one and register it with KOMBIT"),
		one("service certificates", c.Security.ServiceCertificates, "they run out soon: add the service's new one beside them"),
		one("token service certificates", c.Security.TokenService.Certificates, "they run out soon: add the token service's new one beside them"),
	}
}

// examinePrivileges shows what the token allows, and what is missing where the settings name it.
func (s *Security) examinePrivileges(token *wss.Assertion) apply.Check {
	check := apply.Check{Subject: "privileges", State: apply.CheckGood}
	groups, err := sts.Privileges(token)
	if err != nil {
		check.State, check.Text = apply.CheckWarning, err.Error()
		return check
	}
	var held []string
	for _, g := range groups {
		held = append(held, g.Privileges...)
	}
	check.Text = strings.Join(held, ", ")
	if len(held) == 0 {
		check.State, check.Text = apply.CheckWarning, "the token names none"
	}
	for _, wanted := range []string{s.Privileges.Read, s.Privileges.Write} {
		if wanted != "" && !slices.Contains(held, wanted) {
			check.State, check.Err = apply.CheckFault, fmt.Errorf("%w: the token lacks the privilege %s", apply.ErrNotAuthorised, wanted)
			check.Hint = "the service agreement lacks a role, or nobody has approved it: " + wanted
		}
	}
	return check
}

// soegEnEnhed makes the smallest search there is.
func (k *Klient) soegEnEnhed(ctx context.Context) apply.Check {
	q := Soegning{Relationer: []Relation{{Navn: "Tilhoerer", Ref: Til(k.organisation)}}}
	hits, err := k.Soeg(ctx, Enhed, q, Side{Fra: 0, Antal: 1})
	if err != nil {
		err = aarsag(err)
		return apply.Check{Subject: "search", State: apply.CheckFault, Text: err.Error(), Err: err}
	}
	text := "the service answers; it knows units of the municipality"
	if len(hits) == 0 {
		text = "the service answers; it knows no unit of the municipality yet"
	}
	return apply.Check{Subject: "search", State: apply.CheckGood, Text: text}
}

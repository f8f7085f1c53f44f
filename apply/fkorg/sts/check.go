package sts

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"orgit.dk/orgit/internal/soap/wss"
)

// Names of attributes in a token.
const (
	attributeCVR        = "dk:gov:saml:attribute:CvrNumberIdentifier"
	attributePrivileges = "dk:gov:saml:attribute:Privileges_intermediate"
)

// check holds a token, whose signature is proven, against what was asked for.
func (c *Client) check(a *wss.Assertion, cvr, entityID string, now time.Time) error {
	switch {
	case a.Issuer != c.config.Issuer:
		return fmt.Errorf("it is issued by %q, not by %q (targets.fkOrganisation.sts.issuer)", a.Issuer, c.config.Issuer)
	case !slices.Contains(a.Audiences, entityID):
		return fmt.Errorf("it is for %q, not for %q (targets.fkOrganisation.entityID)", strings.Join(a.Audiences, " "), entityID)
	case a.Recipient != entityID:
		return fmt.Errorf("its recipient is %q, not %q", a.Recipient, entityID)
	case !a.Holder.Equal(c.config.Identity.Certificate):
		return fmt.Errorf("it is bound to certificate %s, not to orgit's %s", wss.Describe(a.Holder), wss.Describe(c.config.Identity.Certificate))
	case !slices.Equal(a.Attributes[attributeCVR], []string{cvr}):
		return errors.New("it is not for this CVR number")
	case now.Add(wss.DefaultSkew).Before(a.NotBefore):
		return fmt.Errorf("it holds from %s, and here it is %s: the clocks differ", a.NotBefore.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	case !now.Before(a.NotOnOrAfter):
		return fmt.Errorf("it ran out at %s, and here it is %s", a.NotOnOrAfter.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	}
	return nil
}

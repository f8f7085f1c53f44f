package sts

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/c14n"
	"orgit.dk/orgit/internal/soap/wss"
	"orgit.dk/orgit/internal/soap/xmltree"
)

// Names of WS-Trust 1.3.
const (
	trust       = "http://docs.oasis-open.org/ws-sx/ws-trust/200512"
	policy      = "http://schemas.xmlsoap.org/ws/2004/09/policy"
	claims      = "http://docs.oasis-open.org/wsfed/authorization/200706"
	requestType = trust + "/Issue"
	keyType     = trust + "/PublicKey"
	actionIssue = trust + "/RST/Issue"
)

// signed proves requests to the token service and its answers.
type signed struct {
	wss.Signing
	wss.Verifier
}

// Secure signs a request with the certificate in it.
func (s *signed) Secure(_ context.Context, envelope []byte) (soap.Secured, error) {
	out, err := s.Sign(envelope, s.Now())
	return soap.Secured{Envelope: out}, err
}

// Drop does nothing: who asks for tokens has none.
func (s *signed) Drop(string) {}

// bySOAP asks for a token with WS-Trust and gives it as it stands in the answer.
func (c *Client) bySOAP(ctx context.Context, cvr, entityID string) ([]byte, error) {
	body := xmltree.Write(c.request(cvr, entityID), xmltree.Prefixes{trust: "wst", policy: "wsp", claims: "auth", soap.NamespaceAddressing: "a",
		wss.NamespaceUtility: "u", wss.NamespaceSecurity: "o"})
	m, err := c.soap.Exchange(ctx, soap.Request{URL: c.config.URL, Action: actionIssue, Body: body, Bare: true})
	if err != nil {
		return nil, fromSOAP(err)
	}
	answer, err := m.Body()
	if err != nil {
		return nil, err
	}
	return cutAssertion(answer)
}

// request is the body of a request for a token.
func (c *Client) request(cvr, entityID string) *xmltree.Node {
	leaf := func(local, text string) *xmltree.Node { return xmltree.Leaf(trust, local, text) }
	with := func(n *xmltree.Node, pairs ...string) *xmltree.Node {
		for i := 0; i < len(pairs); i += 2 {
			n.Attr = append(n.Attr, attribute(pairs[i], pairs[i+1]))
		}
		return n
	}
	certificate := with(xmltree.Leaf(wss.NamespaceSecurity, "BinarySecurityToken", base64.StdEncoding.EncodeToString(c.config.Identity.Certificate.Raw)),
		"ValueType", wss.ValueX509, "EncodingType", wss.EncodingBase64)
	claim := with(xmltree.Element(claims, "ClaimType", xmltree.Leaf(claims, "Value", cvr)), "Uri", attributeCVR, "Optional", "false")
	n := xmltree.Element(trust, "RequestSecurityToken",
		leaf("RequestType", requestType),
		leaf("TokenType", wss.TokenTypeSAML2),
		leaf("KeyType", keyType),
		xmltree.Element(policy, "AppliesTo", xmltree.Element(soap.NamespaceAddressing, "EndpointReference", xmltree.Leaf(soap.NamespaceAddressing, "Address", entityID))),
		with(xmltree.Element(trust, "Claims", claim), "Dialect", claims+"/authclaims"),
		xmltree.Element(trust, "UseKey", certificate))
	if c.config.Lifetime > 0 {
		expires := c.config.Now().Add(c.config.Lifetime).UTC().Format(time.RFC3339)
		n.Add(xmltree.Element(trust, "Lifetime", xmltree.Leaf(wss.NamespaceUtility, "Expires", expires)))
	}
	return n
}

// cutAssertion takes the only assertion out of the body of an answer, byte for byte.
func cutAssertion(body []byte) ([]byte, error) {
	d, err := c14n.Parse(body)
	if err != nil {
		return nil, err
	}
	if !d.Root.Is(trust, "RequestSecurityTokenResponseCollection") {
		return nil, fmt.Errorf("the token service answered with %s", d.Root.Name.Local)
	}
	token := d.Root.Only(trust, "RequestSecurityTokenResponse").Only(trust, "RequestedSecurityToken")
	if in := token.Elements(); len(in) == 1 {
		return d.Cut(in[0]), nil
	}
	return nil, errors.New("the token service's answer does not hold exactly one token")
}

package wss

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/c14n"
	"orgit.dk/orgit/internal/soap/xmlscan"
)

// Naming is how a signature names the key that made it.
type Naming int

const (
	// ByToken: the certificate stands in the message (BinarySecurityToken) and is signed too.
	ByToken Naming = iota
	// ByKeyIdentifier: the receiver knows the certificate and finds it by its subject key identifier.
	ByKeyIdentifier
	// ByAssertion: the key is the one that Signing.Assertion is bound to; the assertion is signed too.
	ByAssertion
)

// Signing signs envelopes.
type Signing struct {
	Identity
	Naming    Naming
	Assertion []byte // for ByAssertion, as the token service wrote it
	// AssertionID is the assertion's ID, from one who has read it: then it is not read again for every message.
	AssertionID string
	Lifetime    time.Duration // of the timestamp; five minutes when 0
	Inclusive   []string      // a PrefixList that every canonicalization gets
}

// part is something that is signed: its identifier, and whether it stands for the token that it refers to.
type part struct {
	id    string
	token bool
}

// The identifiers in a message; they are free, and these are the ones of KOMBIT's library.
var headerIDs = map[string]string{
	"Action": "action", "MessageID": "msgid", "ReplyTo": "replyto", "To": "to", "RelatesTo": "relatesto", "From": "from", "FaultTo": "faultto",
}

const (
	idBody, idTimestamp, idToken, idReference = "body", "sec-ts", "sec-binsectoken", "sec-str"
)

// Sign gives the envelope with a security header that signs its body, its addressing headers, the timestamp and the
// token. The envelope must have a header and no security in it.
func (s Signing) Sign(envelope []byte, at time.Time) ([]byte, error) {
	_, signed, err := s.sign(envelope, at, digestOf)
	return signed, err
}

// sign signs an envelope and gives it as it was read, without the signature, beside the signed one.
func (s Signing) sign(envelope []byte, at time.Time, body digester) (*c14n.Document, []byte, error) {
	if err := s.check(); err != nil {
		return nil, nil, err
	}
	if s.Naming == ByAssertion && s.AssertionID == "" {
		var err error
		if s.AssertionID, err = assertionID(s.Assertion); err != nil {
			return nil, nil, fmt.Errorf("sign the message: %w", err)
		}
	}
	prepared, parts, err := s.prepare(envelope, at)
	if err != nil {
		return nil, nil, fmt.Errorf("sign the message: %w", err)
	}
	d, err := c14n.Parse(prepared)
	if err != nil {
		return nil, nil, fmt.Errorf("sign the message: %w", err)
	}
	info, err := s.signedInfo(d, parts, body)
	if err != nil {
		return nil, nil, fmt.Errorf("sign the message: %w", err)
	}
	security := d.Root.Only(soap.NamespaceEnvelope, "Header").Only(NamespaceSecurity, "Security")
	_, end, _ := d.Offsets(security)
	text, err := s.signature(info, d.Cut(security))
	if err != nil {
		return nil, nil, err
	}
	return d, slices.Concat(prepared[:end], []byte(text), prepared[end:]), nil
}

func (s Signing) check() error {
	switch {
	case s.Certificate == nil || s.Key == nil:
		return errors.New("sign the message: there is no certificate with a key")
	case s.Naming == ByAssertion && len(s.Assertion) == 0:
		return errors.New("sign the message: there is no token")
	case s.Naming == ByKeyIdentifier && len(s.Certificate.SubjectKeyId) == 0:
		return errors.New("sign the message: the certificate has no subject key identifier")
	}
	return nil
}

// prepare gives everything that is signed an identifier and puts the security header in, without the signature.
func (s Signing) prepare(envelope []byte, at time.Time) ([]byte, []part, error) {
	head, err := untilBody(envelope)
	if err != nil {
		return nil, nil, err
	}
	header, body := head.Root.Only(soap.NamespaceEnvelope, "Header"), head.Root.Only(soap.NamespaceEnvelope, "Body")
	if header == nil || body == nil || len(header.All(NamespaceSecurity, "Security")) > 0 {
		return nil, nil, errors.New("the envelope is not one header without security and one body")
	}
	_, headerEnd, ok := head.Offsets(header)
	if !ok {
		return nil, nil, errors.New("the header is empty")
	}
	security, own := s.security(at)
	var out bytes.Buffer
	out.Grow(len(envelope) + len(security) + 2048)
	parts, done := []part{{id: idBody}}, 0
	mark := func(e *c14n.Element, id string) error {
		if space, bound := e.Namespace("wsu"); bound && space != NamespaceUtility {
			return errors.New("the prefix wsu means something else")
		}
		at, _, _ := head.Offsets(e)
		out.Write(envelope[done:at])
		out.WriteString(` xmlns:wsu="` + NamespaceUtility + `" wsu:Id="` + id + `"`)
		done = at
		return nil
	}
	for _, h := range header.Elements() {
		id := headerIDs[h.Name.Local]
		if h.Name.Space != soap.NamespaceAddressing || id == "" {
			continue
		}
		if err := mark(h, id); err != nil {
			return nil, nil, err
		}
		parts = append(parts, part{id: id})
	}
	out.Write(envelope[done:headerEnd])
	out.WriteString(security)
	done = headerEnd
	if err := mark(body, idBody); err != nil {
		return nil, nil, err
	}
	out.Write(envelope[done:])
	return out.Bytes(), append(parts, own...), nil
}

// untilBody parses an envelope as if its body were empty: bodies of answers are large.
func untilBody(envelope []byte) (*c14n.Document, error) {
	s, err := xmlscan.New(envelope)
	if err != nil {
		return nil, fmt.Errorf("find the body: %w", err)
	}
	var open []string // names as written
	for {
		t, err := s.Next()
		if err != nil {
			return nil, fmt.Errorf("find the body: %w", err)
		}
		switch t.Kind {
		case xmlscan.Start:
			name := strings.TrimPrefix(t.Prefix+":"+t.Name.Local, ":")
			if len(open) == 1 && t.Name == (xml.Name{Space: soap.NamespaceEnvelope, Local: "Body"}) {
				tail := "</" + open[0] + ">"
				if !bytes.HasSuffix(envelope[:t.To], []byte("/>")) {
					tail = "</" + name + ">" + tail
				}
				return c14n.Parse(slices.Concat(envelope[:t.To], []byte(tail)))
			}
			open = append(open, name)
		case xmlscan.End:
			open = open[:len(open)-1]
		}
	}
}

// security writes the header, with what it holds that is signed. The prefix o belongs to it, so that nothing depends on the
// envelope's prefixes.
func (s Signing) security(at time.Time) (string, []part) {
	lifetime := s.Lifetime
	if lifetime == 0 {
		lifetime = 5 * time.Minute
	}
	var b strings.Builder
	b.WriteString(`<o:Security xmlns:o="` + NamespaceSecurity + `" xmlns:s="` + soap.NamespaceEnvelope + `" s:mustUnderstand="1">`)
	b.WriteString(`<u:Timestamp xmlns:u="` + NamespaceUtility + `" u:Id="` + idTimestamp + `"><u:Created>` + format(at) + `</u:Created><u:Expires>` +
		format(at.Add(lifetime)) + `</u:Expires></u:Timestamp>`)
	parts := []part{{id: idTimestamp}}
	switch s.Naming {
	case ByToken:
		b.WriteString(`<o:BinarySecurityToken xmlns:u="` + NamespaceUtility + `" u:Id="` + idToken + `" ValueType="` + ValueX509 + `" EncodingType="` +
			EncodingBase64 + `">` + base64DER(s.Certificate) + `</o:BinarySecurityToken>`)
		parts = append(parts, part{id: idToken})
	case ByAssertion:
		b.Write(s.Assertion)
		b.WriteString(assertionReference(s.AssertionID, ` xmlns:u="`+NamespaceUtility+`" u:Id="`+idReference+`"`))
		parts = append(parts, part{id: idReference, token: true})
	}
	b.WriteString(`</o:Security>`)
	return b.String(), parts
}

// assertionID reads the ID of an assertion.
func assertionID(assertion []byte) (string, error) {
	d, err := c14n.Parse(assertion)
	if err != nil {
		return "", fmt.Errorf("the token: %w", err)
	}
	if !d.Root.Is(NamespaceSAML, "Assertion") || d.Root.Attr("", attributeNameID) == "" || bytes.HasPrefix(bytes.TrimSpace(assertion), []byte("<?")) {
		return "", errors.New("the token is not an assertion that can stand in a message")
	}
	return d.Root.Attr("", attributeNameID), nil
}

// assertionReference refers to an assertion by its ID.
func assertionReference(id, attributes string) string {
	return `<o:SecurityTokenReference xmlns:b="` + NamespaceSecurity11 + `" b:TokenType="` + TokenTypeSAML2 + `"` + attributes +
		`><o:KeyIdentifier ValueType="` + valueSAMLID + `">` + escape(id) + `</o:KeyIdentifier></o:SecurityTokenReference>`
}

// digester computes the digest of an element.
type digester func(*c14n.Element, c14n.Options) []byte

// signedInfo writes the references with their digests.
func (s Signing) signedInfo(d *c14n.Document, parts []part, body digester) (string, error) {
	ids, err := identifiers(d.Root)
	if err != nil {
		return "", err
	}
	security := d.Root.Only(soap.NamespaceEnvelope, "Header").Only(NamespaceSecurity, "Security")
	o := c14n.Options{Inclusive: s.Inclusive}
	var b strings.Builder
	b.WriteString(`<SignedInfo>` + s.exclusive("CanonicalizationMethod") + `<SignatureMethod Algorithm="` + algorithmRSA + `"></SignatureMethod>`)
	for _, p := range parts {
		e, transform := ids[p.id], s.exclusive("Transform")
		digest := digestOf
		switch {
		case p.id == idBody:
			digest = body
		case p.token:
			if e, err = referred(e, security); err != nil {
				return "", err
			}
			digest = digestOfToken
			transform = `<Transform Algorithm="` + algorithmSTR + `"><o:TransformationParameters xmlns:o="` + NamespaceSecurity + `">` + s.exclusive("CanonicalizationMethod") +
				`</o:TransformationParameters></Transform>`
		}
		b.WriteString(referenceText(p.id, transform, digest(e, o)))
	}
	b.WriteString(`</SignedInfo>`)
	return b.String(), nil
}

func referenceText(id, transforms string, digest []byte) string {
	return `<Reference URI="#` + escape(id) + `"><Transforms>` + transforms + `</Transforms><DigestMethod Algorithm="` + algorithmSHA256 +
		`"></DigestMethod><DigestValue>` + base64.StdEncoding.EncodeToString(digest) + `</DigestValue></Reference>`
}

// exclusive writes an element that names exclusive canonicalization.
func (s Signing) exclusive(local string) string {
	inclusive := ""
	if len(s.Inclusive) > 0 {
		inclusive = `<ec:InclusiveNamespaces xmlns:ec="` + algorithmExclusive + `" PrefixList="` + escape(strings.Join(s.Inclusive, " ")) + `"></ec:InclusiveNamespaces>`
	}
	return `<` + local + ` Algorithm="` + algorithmExclusive + `">` + inclusive + `</` + local + `>`
}

// signature writes the ds:Signature. security is the header that it will be the last child of, as a document of its
// own: there the canonical form of SignedInfo is the one that it has in the message.
func (s Signing) signature(info string, security []byte) (string, error) {
	open := `<Signature xmlns="` + NamespaceSignature + `">`
	end := bytes.LastIndex(security, []byte("</"))
	d, err := c14n.Parse(slices.Concat(security[:end], []byte(open+info+`</Signature>`), security[end:]))
	if err != nil {
		return "", fmt.Errorf("sign the message: %w", err)
	}
	signed := d.Root.Only(NamespaceSignature, "Signature").Only(NamespaceSignature, "SignedInfo")
	value, err := s.value(c14n.Bytes(signed, c14n.Options{Inclusive: s.Inclusive}))
	if err != nil {
		return "", err
	}
	return open + info + `<SignatureValue>` + value + `</SignatureValue><KeyInfo>` + s.keyInfo() + `</KeyInfo></Signature>`, nil
}

func (s Signing) keyInfo() string {
	switch s.Naming {
	case ByAssertion:
		return assertionReference(s.AssertionID, "")
	case ByKeyIdentifier:
		return `<o:SecurityTokenReference><o:KeyIdentifier ValueType="` + valueSKI + `">` + base64.StdEncoding.EncodeToString(s.Certificate.SubjectKeyId) +
			`</o:KeyIdentifier></o:SecurityTokenReference>`
	default:
		return `<o:SecurityTokenReference><o:Reference URI="#` + idToken + `" ValueType="` + ValueX509 + `"></o:Reference></o:SecurityTokenReference>`
	}
}

// value signs bytes.
func (i Identity) value(signed []byte) (string, error) {
	digest := sha256.Sum256(signed)
	value, err := i.Key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return "", fmt.Errorf("sign with certificate %s: %w", Describe(i.Certificate), err)
	}
	return base64.StdEncoding.EncodeToString(value), nil
}

func escape(s string) string {
	var b bytes.Buffer
	// EscapeText fails only when its writer does, and a bytes.Buffer does not.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

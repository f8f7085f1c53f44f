package wss

import (
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/c14n"
	"orgit.dk/orgit/internal/soap/xmltree"
)

// ErrUnproven is the error for a message that does not prove who sent it and what it says.
var ErrUnproven = errors.New("the message is not proven")

// DefaultSkew is how far two clocks may differ.
const DefaultSkew = 5 * time.Minute

// Keys gives the certificates that may have signed, by what the signature says of its key. Security is the header that
// both stand in.
type Keys func(reference, security *c14n.Element) ([]*x509.Certificate, error)

// Configured finds the key among certificates that are known and valid at a time: the one that is in the message as a
// BinarySecurityToken, or the one that has the subject key identifier that is named.
func Configured(certificates []*x509.Certificate, at time.Time) Keys {
	return func(reference, security *c14n.Element) ([]*x509.Certificate, error) {
		found, err := configured(certificates, reference, security)
		if err != nil {
			return nil, err
		}
		return inForce(found, at)
	}
}

func configured(certificates []*x509.Certificate, reference, security *c14n.Element) ([]*x509.Certificate, error) {
	if id := reference.Only(NamespaceSecurity, "KeyIdentifier"); id != nil && id.Attr("", "ValueType") == valueSKI {
		ski, err := decode(id.Text())
		if err != nil {
			return nil, errors.New("the subject key identifier is not base64")
		}
		return withSKI(certificates, ski)
	}
	der, err := embedded(reference, security)
	if err != nil {
		return nil, err
	}
	return among(certificates, der)
}

// embedded gives the certificate (DER) that stands in the message.
func embedded(reference, security *c14n.Element) ([]byte, error) {
	token, err := referred(reference, security)
	if err != nil {
		return nil, err
	}
	if !token.Is(NamespaceSecurity, "BinarySecurityToken") || token.Attr("", "ValueType") != ValueX509 || token.Attr("", "EncodingType") != EncodingBase64 {
		return nil, errors.New("the key is not named by an X.509 certificate")
	}
	der, err := decode(token.Text())
	if err != nil {
		return nil, errors.New("the certificate in the message is not base64")
	}
	return der, nil
}

// referred follows a SecurityTokenReference to a token, which must stand beside it in the security header.
func referred(reference, security *c14n.Element) (*c14n.Element, error) {
	children := reference.Elements()
	if len(children) != 1 {
		return nil, errors.New("a SecurityTokenReference does not name exactly one token")
	}
	id, to := children[0].Text(), children[0]
	switch {
	case to.Is(NamespaceSecurity, "Reference") && len(to.Attr("", "URI")) > 1 && to.Attr("", "URI")[0] == '#':
		id = to.Attr("", "URI")[1:]
	case to.Is(NamespaceSecurity, "KeyIdentifier") && to.Attr("", "ValueType") == valueSAMLID && id != "":
	default:
		return nil, errors.New("a SecurityTokenReference names a token in a way that is not known")
	}
	for _, token := range security.Elements() {
		for _, a := range token.Attrs {
			if isID(a) && a.Value == id {
				return token, nil
			}
		}
	}
	return nil, fmt.Errorf("the security header has no token %q", id)
}

// Proof is an envelope whose signature, body and timestamp hold.
type Proof struct {
	Signer   *x509.Certificate
	Expires  time.Time // of the timestamp
	Body     *c14n.Element
	Security *c14n.Element

	document *c14n.Document
	header   *c14n.Element
	covered  map[*c14n.Element]bool
}

// envelope is a message taken apart and not proven.
type envelope struct {
	document     *c14n.Document
	header, body *c14n.Element
}

func openEnvelope(data []byte) (envelope, error) {
	d, err := c14n.Parse(data)
	if err != nil {
		return envelope{}, fmt.Errorf("%w: %w", soap.ErrNotSOAP, err)
	}
	e := envelope{document: d, header: d.Root.Only(soap.NamespaceEnvelope, "Header"), body: d.Root.Only(soap.NamespaceEnvelope, "Body")}
	if !d.Root.Is(soap.NamespaceEnvelope, "Envelope") || e.body == nil {
		return e, fmt.Errorf("%w: the root element is %s", soap.ErrNotSOAP, d.Root.Name.Local)
	}
	return e, nil
}

// Prove checks an envelope's only signature, by one of the keys, over body and timestamp at least, at a time. Other
// headers are proven where they are read: see Proof.Header.
func Prove(data []byte, keys Keys, at time.Time, skew time.Duration) (*Proof, error) {
	e, err := openEnvelope(data)
	if err != nil {
		return nil, err
	}
	p, err := e.prove(keys, at, skew)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnproven, err)
	}
	return p, nil
}

func (e envelope) prove(keys Keys, at time.Time, skew time.Duration) (*Proof, error) {
	if e.header == nil || len(e.document.Root.Elements()) != 2 {
		return nil, errors.New("the envelope is not one header and one body")
	}
	security := e.header.Only(NamespaceSecurity, "Security")
	if security == nil {
		return nil, errors.New("it is not signed: there is not exactly one security header")
	}
	element := security.Only(NamespaceSignature, "Signature")
	if element == nil {
		return nil, errors.New("it is not signed: the security header has not exactly one signature")
	}
	ids, err := identifiers(e.document.Root)
	if err != nil {
		return nil, err
	}
	s, err := readSignature(element)
	if err != nil {
		return nil, err
	}
	p := &Proof{Body: e.body, Security: security, document: e.document, header: e.header, covered: map[*c14n.Element]bool{}}
	if err := p.signature(s, keys, ids); err != nil {
		return nil, err
	}
	return p, p.times(at, skew)
}

// signature checks the signature and every digest, and notes what they cover.
func (p *Proof) signature(s *signature, keys Keys, ids map[string]*c14n.Element) error {
	if err := exactlyReference(s.keyInfo); err != nil {
		return err
	}
	by, err := keys(s.keyInfo.Elements()[0], p.Security)
	if err != nil {
		return err
	}
	if p.Signer, err = s.prove(by); err != nil {
		return err
	}
	for _, r := range s.references {
		e := ids[r.id]
		switch {
		case e == nil:
			return fmt.Errorf("the signature is about #%s, which the message does not have", r.id)
		case r.enveloped:
			return fmt.Errorf("the transforms of %s are none that are accepted", r.id)
		case r.token:
			if !e.Is(NamespaceSecurity, "SecurityTokenReference") {
				return fmt.Errorf("the STR-Transform of #%s is not about a SecurityTokenReference", r.id)
			}
			if e, err = referred(e, p.Security); err != nil {
				return err
			}
		}
		if err := s.check(r, e); err != nil {
			return err
		}
		p.covered[e] = true
	}
	if !p.covered[p.Body] {
		return errors.New("the body is not signed")
	}
	return nil
}

func exactlyReference(keyInfo *c14n.Element) error {
	if in := keyInfo.Elements(); len(in) != 1 || !in[0].Is(NamespaceSecurity, "SecurityTokenReference") {
		return errors.New("the signature does not name its key by a SecurityTokenReference")
	}
	return nil
}

// times checks the timestamp.
func (p *Proof) times(at time.Time, skew time.Duration) error {
	stamp := p.Security.Only(NamespaceUtility, "Timestamp")
	if stamp == nil || !p.covered[stamp] {
		return errors.New("it has no signed timestamp")
	}
	created, err := parseTime(stamp.Only(NamespaceUtility, "Created").Text())
	if err != nil {
		return fmt.Errorf("the timestamp: %w", err)
	}
	if p.Expires, err = parseTime(stamp.Only(NamespaceUtility, "Expires").Text()); err != nil {
		return fmt.Errorf("the timestamp: %w", err)
	}
	switch {
	case !created.Before(p.Expires):
		return errors.New("the timestamp ends before it begins")
	case created.After(at.Add(skew)):
		return fmt.Errorf("the timestamp is of %s, and here it is %s: the clocks differ by more than %s", format(created), format(at), skew)
	case !p.Expires.After(at.Add(-skew)):
		return fmt.Errorf("the timestamp ran out at %s, and here it is %s", format(p.Expires), format(at))
	}
	return nil
}

// Header gives the only header block with this name, nil when there is none. One that is not covered by the
// signature, or stands there twice, is an error.
func (p *Proof) Header(space, local string) (*c14n.Element, error) {
	all := p.header.All(space, local)
	switch {
	case len(all) == 0:
		return nil, nil
	case len(all) > 1:
		return nil, fmt.Errorf("%w: header %s occurs twice", ErrUnproven, local)
	case !p.covered[all[0]]:
		return nil, fmt.Errorf("%w: header %s is not signed", ErrUnproven, local)
	}
	return all[0], nil
}

// Covers tells whether an element of the message is signed, as a whole and by itself.
func (p *Proof) Covers(e *c14n.Element) bool { return p.covered[e] }

// Tree gives the whole envelope.
func (p *Proof) Tree() *xmltree.Node { return p.document.Root.Tree() }

// Cut gives an element of the message as it stands in the bytes, with the declarations that it inherits.
func (p *Proof) Cut(e *c14n.Element) []byte { return p.document.Cut(e) }

// parseTime reads an xs:dateTime that says its zone.
func parseTime(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return t, fmt.Errorf("%.40q is no time with a zone", s)
	}
	return t, nil
}

func format(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

package wss

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"

	"orgit.dk/orgit/internal/soap/c14n"
)

// Assertion is a SAML 2.0 assertion whose own signature was checked. What it says is the token service's word; whether
// it is for us and still holds is for the caller to ask.
type Assertion struct {
	Raw          []byte // as it was issued; nil for one that was read in its message
	ID           string
	Issuer       string
	Recipient    string
	Audiences    []string
	NotBefore    time.Time
	NotOnOrAfter time.Time
	Holder       *x509.Certificate // whoever uses it must have this certificate's key
	Attributes   map[string][]string
}

// OpenAssertion reads an assertion and checks its enveloped signature, which one of the trusted certificates must have
// made.
func OpenAssertion(raw []byte, trusted []*x509.Certificate, at time.Time) (*Assertion, error) {
	d, err := c14n.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: assertion: %w", ErrUnproven, err)
	}
	a, err := readAssertion(d.Root, trusted, at)
	if err != nil {
		return nil, err
	}
	a.Raw = raw
	return a, nil
}

func readAssertion(root *c14n.Element, trusted []*x509.Certificate, at time.Time) (*Assertion, error) {
	if err := proveAssertion(root, trusted, at); err != nil {
		return nil, fmt.Errorf("%w: assertion: %w", ErrUnproven, err)
	}
	a := &Assertion{ID: root.Attr("", attributeNameID), Issuer: saml(root, "Issuer").Text(), Attributes: map[string][]string{}}
	if err := a.read(root); err != nil {
		return nil, fmt.Errorf("assertion: %w", err)
	}
	return a, nil
}

// HolderOfKey finds the key of a request to a service: the assertion in the message, which one of the issuers has
// signed, is bound to it. accept judges what the assertion says.
func HolderOfKey(issuers []*x509.Certificate, at time.Time, accept func(*Assertion) error) Keys {
	return func(reference, security *c14n.Element) ([]*x509.Certificate, error) {
		token, err := referred(reference, security)
		if err != nil {
			return nil, err
		}
		a, err := readAssertion(token, issuers, at)
		if err != nil {
			return nil, err
		}
		return []*x509.Certificate{a.Holder}, accept(a)
	}
}

func saml(e *c14n.Element, local string) *c14n.Element { return e.Only(NamespaceSAML, local) }

func proveAssertion(root *c14n.Element, trusted []*x509.Certificate, at time.Time) error {
	element := root.Only(NamespaceSignature, "Signature")
	switch {
	case !root.Is(NamespaceSAML, "Assertion"):
		return fmt.Errorf("it is %s, not a readable SAML 2.0 Assertion", root.Name.Local)
	case root.Attr("", "Version") != "2.0" || root.Attr("", attributeNameID) == "":
		return errors.New("it is not of SAML version 2.0 or has no ID")
	case element == nil:
		return errors.New("it has not exactly one signature of its own")
	}
	if _, err := identifiers(root); err != nil {
		return err
	}
	s, err := readSignature(element)
	if err != nil {
		return err
	}
	if len(s.references) != 1 || !s.references[0].enveloped || s.references[0].id != root.Attr("", attributeNameID) {
		return errors.New("its signature is not about itself")
	}
	by := trusted
	if der := dsChild(dsChild(s.keyInfo, "X509Data"), "X509Certificate"); der != nil {
		raw, err := decode(der.Text())
		if err != nil {
			return errors.New("the certificate in it is not base64")
		}
		if by, err = among(trusted, raw); err != nil {
			return err
		}
	}
	if by, err = inForce(by, at); err != nil {
		return err
	}
	if _, err := s.prove(by); err != nil {
		return err
	}
	return s.check(s.references[0], root)
}

// read takes out of the assertion what decides whether it can be used.
func (a *Assertion) read(root *c14n.Element) error {
	confirmation := saml(saml(root, "Subject"), "SubjectConfirmation")
	data := saml(confirmation, "SubjectConfirmationData")
	if data == nil || confirmation.Attr("", "Method") != methodHolder {
		return errors.New("it is not bound to one key (holder-of-key)")
	}
	der, err := decode(dsChild(dsChild(dsChild(data, "KeyInfo"), "X509Data"), "X509Certificate").Text())
	if err != nil {
		return errors.New("the certificate that it is bound to is not base64")
	}
	if a.Holder, err = x509.ParseCertificate(der); err != nil {
		return errors.New("the certificate that it is bound to cannot be read")
	}
	a.Recipient = data.Attr("", "Recipient")
	conditions := saml(root, "Conditions")
	if err := a.lifetime(conditions, data); err != nil {
		return err
	}
	for _, r := range conditions.All(NamespaceSAML, "AudienceRestriction") {
		for _, audience := range r.All(NamespaceSAML, "Audience") {
			a.Audiences = append(a.Audiences, audience.Text())
		}
	}
	for _, statement := range root.All(NamespaceSAML, "AttributeStatement") {
		for _, at := range statement.All(NamespaceSAML, "Attribute") {
			name := at.Attr("", "Name")
			for _, v := range at.All(NamespaceSAML, "AttributeValue") {
				a.Attributes[name] = append(a.Attributes[name], v.Text())
			}
		}
	}
	return nil
}

// lifetime is when both the conditions and the confirmation hold. An assertion without an end is refused.
func (a *Assertion) lifetime(conditions, data *c14n.Element) error {
	var ends []time.Time
	for _, e := range []*c14n.Element{conditions, data} {
		for _, name := range []string{"NotBefore", "NotOnOrAfter"} {
			text := e.Attr("", name)
			if text == "" {
				continue
			}
			t, err := parseTime(text)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if name == "NotOnOrAfter" {
				ends = append(ends, t)
			} else if t.After(a.NotBefore) {
				a.NotBefore = t
			}
		}
	}
	if len(ends) == 0 || conditions.Attr("", "NotOnOrAfter") == "" {
		return errors.New("it says no end")
	}
	a.NotOnOrAfter = slices.MinFunc(ends, time.Time.Compare)
	return nil
}

// SignAssertion puts an enveloped signature behind the issuer of an assertion, as a token service does.
func (i Identity) SignAssertion(raw []byte) ([]byte, error) {
	d, err := c14n.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("sign the assertion: %w", err)
	}
	issuer := saml(d.Root, "Issuer")
	if issuer == nil {
		return nil, errors.New("sign the assertion: it has no issuer")
	}
	exclusive := Signing{}.exclusive
	info := `<SignedInfo xmlns="` + NamespaceSignature + `">` + exclusive("CanonicalizationMethod") + `<SignatureMethod Algorithm="` + algorithmRSA +
		`"></SignatureMethod>` + referenceText(d.Root.Attr("", attributeNameID), `<Transform Algorithm="`+algorithmEnveloped+`"></Transform>`+
		exclusive("Transform"), digestOf(d.Root, c14n.Options{})) + `</SignedInfo>`
	value, err := i.value([]byte(info))
	if err != nil {
		return nil, err
	}
	text := `<Signature xmlns="` + NamespaceSignature + `">` + info + `<SignatureValue>` + value +
		`</SignatureValue><KeyInfo><X509Data><X509Certificate>` + base64DER(i.Certificate) +
		`</X509Certificate></X509Data></KeyInfo></Signature>`
	at := d.End(issuer)
	return slices.Concat(raw[:at], []byte(text), raw[at:]), nil
}

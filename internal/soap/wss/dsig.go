package wss

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"orgit.dk/orgit/internal/soap/c14n"
)

// maxReferences bounds the work that a message can ask for.
const maxReferences = 40

// signature is a ds:Signature, read so strictly that nothing in it is without meaning here.
type signature struct {
	element, info, keyInfo *c14n.Element
	inclusive              []string // of SignedInfo's canonicalization
	references             []reference
	value                  []byte
}

// reference is a ds:Reference.
type reference struct {
	id        string
	enveloped bool // without the signature itself
	token     bool // STR-Transform: not the element but the token that it refers to
	inclusive []string
	digest    []byte
}

func dsChild(e *c14n.Element, local string) *c14n.Element { return e.Only(NamespaceSignature, local) }

// exactly checks that e's child elements have these names of the signature namespace, in this order.
func exactly(e *c14n.Element, locals ...string) error {
	children := e.Elements()
	for i, c := range children {
		if i >= len(locals) || !c.Is(NamespaceSignature, locals[i]) {
			return fmt.Errorf("%s holds an unexpected %s", e.Name.Local, c.Name.Local)
		}
	}
	if len(children) < len(locals) {
		return fmt.Errorf("%s has no %s", e.Name.Local, locals[len(children)])
	}
	return nil
}

// readSignature reads a signature and refuses what it does not know.
func readSignature(e *c14n.Element) (*signature, error) {
	if err := exactly(e, "SignedInfo", "SignatureValue", "KeyInfo"); err != nil {
		return nil, err
	}
	s := &signature{element: e, info: dsChild(e, "SignedInfo"), keyInfo: dsChild(e, "KeyInfo")}
	var err error
	if s.value, err = decode(dsChild(e, "SignatureValue").Text()); err != nil {
		return nil, errors.New("the signature value is not base64")
	}
	parts := s.info.Elements()
	if len(parts) < 3 || !parts[0].Is(NamespaceSignature, "CanonicalizationMethod") || !parts[1].Is(NamespaceSignature, "SignatureMethod") {
		return nil, errors.New("SignedInfo is not as XML Signature has it")
	}
	if s.inclusive, err = readExclusive(parts[0]); err != nil {
		return nil, err
	}
	if err := algorithm(parts[1], algorithmRSA); err != nil {
		return nil, err
	}
	if len(parts)-2 > maxReferences {
		return nil, fmt.Errorf("more than %d references", maxReferences)
	}
	for _, p := range parts[2:] {
		r, err := readReference(p)
		if err != nil {
			return nil, err
		}
		s.references = append(s.references, r)
	}
	return s, nil
}

// algorithm checks that an element names the algorithm and has nothing in it.
func algorithm(e *c14n.Element, want string) error {
	if got := e.Attr("", "Algorithm"); got != want {
		return fmt.Errorf("%s %q is not accepted, only %s", e.Name.Local, got, want)
	}
	return exactly(e)
}

// readExclusive reads exclusive canonicalization with the prefixes of its InclusiveNamespaces.
func readExclusive(e *c14n.Element) ([]string, error) {
	if got := e.Attr("", "Algorithm"); got != algorithmExclusive {
		return nil, fmt.Errorf("%s %q is not accepted, only %s", e.Name.Local, got, algorithmExclusive)
	}
	switch children := e.Elements(); {
	case len(children) == 0:
		return nil, nil
	case len(children) > 1 || !children[0].Is(algorithmExclusive, "InclusiveNamespaces"):
		return nil, fmt.Errorf("%s holds an unexpected %s", e.Name.Local, children[0].Name.Local)
	default:
		return strings.Fields(children[0].Attr("", "PrefixList")), nil
	}
}

func readReference(e *c14n.Element) (reference, error) {
	if !e.Is(NamespaceSignature, "Reference") {
		return reference{}, fmt.Errorf("SignedInfo holds an unexpected %s", e.Name.Local)
	}
	if err := exactly(e, "Transforms", "DigestMethod", "DigestValue"); err != nil {
		return reference{}, err
	}
	id, ok := strings.CutPrefix(e.Attr("", "URI"), "#")
	if !ok || id == "" {
		return reference{}, fmt.Errorf("reference to %q, not to an element of the message", e.Attr("", "URI"))
	}
	r := reference{id: id}
	if err := algorithm(dsChild(e, "DigestMethod"), algorithmSHA256); err != nil {
		return r, err
	}
	var err error
	if r.digest, err = decode(dsChild(e, "DigestValue").Text()); err != nil {
		return r, fmt.Errorf("the digest of %s is not base64", id)
	}
	return r, r.readTransforms(dsChild(e, "Transforms").Elements())
}

// readTransforms accepts exclusive canonicalization, alone or behind enveloped-signature, and the STR-Transform.
func (r *reference) readTransforms(transforms []*c14n.Element) error {
	for _, t := range transforms {
		if !t.Is(NamespaceSignature, "Transform") {
			return fmt.Errorf("the transforms of %s hold an unexpected %s", r.id, t.Name.Local)
		}
	}
	if len(transforms) == 2 && transforms[0].Attr("", "Algorithm") == algorithmEnveloped && len(transforms[0].Elements()) == 0 {
		r.enveloped, transforms = true, transforms[1:]
	}
	if len(transforms) != 1 {
		return fmt.Errorf("the transforms of %s are none that are accepted", r.id)
	}
	by := transforms[0]
	if by.Attr("", "Algorithm") == algorithmSTR && !r.enveloped {
		r.token = true
		parameters := by.Only(NamespaceSecurity, "TransformationParameters")
		if parameters == nil || len(by.Elements()) != 1 || len(parameters.Elements()) != 1 {
			return fmt.Errorf("the STR-Transform of %s has no canonicalization", r.id)
		}
		if by = dsChild(parameters, "CanonicalizationMethod"); by == nil {
			return fmt.Errorf("the STR-Transform of %s has no canonicalization", r.id)
		}
	}
	var err error
	r.inclusive, err = readExclusive(by)
	return err
}

// prove checks the signature with the first of the certificates whose key has made it.
func (s *signature) prove(by []*x509.Certificate) (*x509.Certificate, error) {
	digest := sha256.Sum256(c14n.Bytes(s.info, c14n.Options{Inclusive: s.inclusive}))
	err := errors.New("no certificate to check the signature with")
	for _, c := range by {
		var key *rsa.PublicKey
		if key, err = publicKey(c); err != nil {
			continue
		}
		if err = rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], s.value); err == nil {
			return c, nil
		}
		err = fmt.Errorf("the signature is not the one of certificate %s", Describe(c))
	}
	return nil, err
}

// check compares the digest of a reference with the element that it is about.
func (s *signature) check(r reference, e *c14n.Element) error {
	o := c14n.Options{Inclusive: r.inclusive}
	if r.enveloped {
		o.Without = s.element
	}
	got := digestOf(e, o)
	if r.token {
		got = digestOfToken(e, o)
	}
	if !bytes.Equal(got, r.digest) {
		return fmt.Errorf("%s (#%s) is not as it was signed", e.Name.Local, r.id)
	}
	return nil
}

func digestOf(e *c14n.Element, o c14n.Options) []byte {
	h := sha256.New()
	// A hash takes everything.
	_ = c14n.Write(h, e, o)
	return h.Sum(nil)
}

// digestOfToken is the digest of a token behind the STR-Transform: where the token's start tag has no default
// namespace, xmlns="" is put into it (SOAP Message Security 1.1, section 8.3). KOMBIT's assertions have one.
func digestOfToken(e *c14n.Element, o c14n.Options) []byte {
	b := c14n.Bytes(e, o)
	tag := b[:bytes.IndexByte(b, '>')]
	if bytes.Contains(tag, []byte(" xmlns=")) {
		sum := sha256.Sum256(b)
		return sum[:]
	}
	at := bytes.IndexByte(tag, ' ')
	if at < 0 {
		at = len(tag)
	}
	h := sha256.New()
	h.Write(b[:at])
	h.Write([]byte(` xmlns=""`))
	h.Write(b[at:])
	return h.Sum(nil)
}

// identifiers finds the elements of a document by the attributes that references may mean: wsu:Id, Id and ID. The same
// value twice is refused: signer and reader could mean different elements.
func identifiers(root *c14n.Element) (map[string]*c14n.Element, error) {
	found := map[string]*c14n.Element{}
	var err error
	root.Walk(func(e *c14n.Element) {
		for _, a := range e.Attrs {
			if !isID(a) {
				continue
			}
			if _, twice := found[a.Value]; twice {
				err = fmt.Errorf("the identifier %q occurs twice", a.Value)
			}
			found[a.Value] = e
		}
	})
	return found, err
}

func isID(a c14n.Attr) bool {
	switch a.Name.Space {
	case NamespaceUtility:
		return a.Name.Local == "Id"
	case "":
		return a.Name.Local == "Id" || a.Name.Local == attributeNameID
	case "http://www.w3.org/XML/1998/namespace":
		return a.Name.Local == "id"
	}
	return false
}

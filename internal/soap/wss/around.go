package wss

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/c14n"
)

// Content is what stands in a body, from one who knows its canonical form without reading it.
type Content struct {
	Text []byte // one element, as it goes into the message; it uses no prefix that it does not declare
	// Canonical writes the exclusive canonical form that Text has in a body without a PrefixList. A receiver refuses a
	// message where it has not written just that.
	Canonical func(io.Writer) error
}

// SignAround signs an envelope whose body is still empty, and puts the content into it. It gives what Sign gives for the
// whole envelope, and spares who writes large messages the reading of them.
func (s Signing) SignAround(envelope []byte, content Content, at time.Time) ([]byte, error) {
	if len(s.Inclusive) > 0 {
		return nil, errors.New("sign the message: with a PrefixList a canonical form depends on the envelope")
	}
	var failed error
	d, signed, err := s.sign(envelope, at, func(body *c14n.Element, o c14n.Options) []byte {
		sum, err := digestAround(body, o, content)
		failed = err
		return sum
	})
	if err = errors.Join(err, failed); err != nil {
		return nil, err
	}
	body := d.Root.Only(soap.NamespaceEnvelope, "Body")
	_, end, ok := d.Offsets(body)
	if !ok || len(body.Children) > 0 {
		return nil, errors.New("sign the message: the body is not a start tag and an end tag with nothing between them")
	}
	// The signature was put in before the body; what stands behind the body's content is as long as it was.
	end = len(signed) - (d.Size() - end)
	return slices.Concat(signed[:end], content.Text, signed[end:]), nil
}

// digestAround is the digest that the empty element will have with the content in it.
func digestAround(empty *c14n.Element, o c14n.Options, content Content) ([]byte, error) {
	shell := c14n.Bytes(empty, o)
	end := bytes.LastIndex(shell, []byte("</"))
	h := sha256.New()
	h.Write(shell[:end])
	if err := content.Canonical(h); err != nil {
		return nil, fmt.Errorf("sign the message: %w", err)
	}
	h.Write(shell[end:])
	return h.Sum(nil), nil
}

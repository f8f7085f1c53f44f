package wss

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
)

// minimumKey is the shortest RSA key that is accepted, in bits.
const minimumKey = 2048

// Identity is a certificate with its private key, which must be RSA.
type Identity struct {
	Certificate *x509.Certificate
	Key         crypto.Signer
	Chain       []*x509.Certificate // of the authorities that issued it, where known
}

// base64DER is the certificate as it stands in messages.
func base64DER(c *x509.Certificate) string { return base64.StdEncoding.EncodeToString(c.Raw) }

// decode reads base64 strictly, but for white space, which xs:base64Binary allows.
func decode(s string) ([]byte, error) {
	return base64.StdEncoding.Strict().DecodeString(strings.Join(strings.Fields(s), ""))
}

// publicKey gives a certificate's key where it is one that can prove something.
func publicKey(c *x509.Certificate) (*rsa.PublicKey, error) {
	key, ok := c.PublicKey.(*rsa.PublicKey)
	if !ok || key.N.BitLen() < minimumKey {
		return nil, fmt.Errorf("certificate %s has no RSA key of %d bits", Describe(c), minimumKey)
	}
	return key, nil
}

// inForce gives those of the certificates that are valid at a time: old and new overlap.
func inForce(certificates []*x509.Certificate, at time.Time) ([]*x509.Certificate, error) {
	var valid []*x509.Certificate
	err := errors.New("no certificate to check the signature with")
	for _, c := range certificates {
		if at.Before(c.NotBefore) || at.After(c.NotAfter) {
			err = fmt.Errorf("certificate %s is not valid on %s", Describe(c), at.UTC().Format(time.DateOnly))
			continue
		}
		valid = append(valid, c)
	}
	if len(valid) == 0 {
		return nil, err
	}
	return valid, nil
}

// Describe names a certificate to a person: whose it is, its number and until when it holds.
func Describe(c *x509.Certificate) string {
	name := c.Subject.CommonName
	if name == "" {
		name = c.Subject.String()
	}
	return fmt.Sprintf("%q (serial %x, valid %s to %s)", name, c.SerialNumber, c.NotBefore.UTC().Format(time.DateOnly), c.NotAfter.UTC().Format(time.DateOnly))
}

// among gives the configured certificate that equals the one in a message (DER).
func among(configured []*x509.Certificate, der []byte) ([]*x509.Certificate, error) {
	for _, c := range configured {
		if bytes.Equal(c.Raw, der) {
			return []*x509.Certificate{c}, nil
		}
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, errors.New("the certificate in the message cannot be read")
	}
	return nil, fmt.Errorf("the message is signed with certificate %s, which is not configured", Describe(c))
}

// withSKI gives the configured certificates whose key has this identifier: a renewed certificate may have the same key.
func withSKI(configured []*x509.Certificate, ski []byte) ([]*x509.Certificate, error) {
	var found []*x509.Certificate
	for _, c := range configured {
		if len(ski) > 0 && bytes.Equal(c.SubjectKeyId, ski) {
			found = append(found, c)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("no configured certificate has the subject key identifier %X that the message names", ski)
	}
	return found, nil
}

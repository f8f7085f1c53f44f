package wss

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"time"

	"software.sslmate.com/src/go-pkcs12"
)

// LoadIdentity reads a certificate with its key: a PKCS#12 file (password), or PEM, where the key may be in a file of its
// own. Certificates of authorities beside it become the chain. It must be valid at a time.
func LoadIdentity(certificateFile, keyFile, password string, at time.Time) (Identity, error) {
	data, err := os.ReadFile(certificateFile)
	if err != nil {
		return Identity{}, err
	}
	var key any
	var certificates []*x509.Certificate
	if block, _ := pem.Decode(data); block != nil {
		key, certificates, err = readPEM(data)
	} else {
		key, certificates, err = readPKCS12(data, password)
	}
	if err == nil && key == nil && keyFile != "" {
		key, err = readKeyFile(keyFile)
	}
	if err != nil {
		return Identity{}, fmt.Errorf("%s: %w", certificateFile, err)
	}
	i, err := join(key, certificates, at)
	if err != nil {
		return Identity{}, fmt.Errorf("%s: %w", certificateFile, err)
	}
	return i, nil
}

func readKeyFile(file string) (any, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	key, _, err := readPEM(data)
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", file, err)
	}
	return key, nil
}

func readPKCS12(data []byte, password string) (any, []*x509.Certificate, error) {
	key, leaf, chain, err := pkcs12.DecodeChain(data, password)
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword) && password == "":
		return nil, nil, errors.New("the file wants a password")
	case errors.Is(err, pkcs12.ErrIncorrectPassword):
		return nil, nil, errors.New("the password is wrong")
	case err != nil:
		return nil, nil, fmt.Errorf("it is neither PEM nor PKCS#12 that can be read: %w", err)
	}
	return key, append([]*x509.Certificate{leaf}, chain...), nil
}

// readPEM reads every certificate and the only key.
func readPEM(data []byte) (key any, certificates []*x509.Certificate, err error) {
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return key, certificates, nil
		}
		var k any
		switch block.Type {
		case "CERTIFICATE":
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, nil, fmt.Errorf("a certificate cannot be read: %w", err)
			}
			certificates = append(certificates, c)
			continue
		case "PRIVATE KEY":
			k, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		case "RSA PRIVATE KEY":
			if block.Headers["DEK-Info"] != "" {
				return nil, nil, errEncrypted
			}
			k, err = x509.ParsePKCS1PrivateKey(block.Bytes)
		case "ENCRYPTED PRIVATE KEY":
			return nil, nil, errEncrypted
		case "EC PRIVATE KEY":
			return nil, nil, errNotRSA
		default:
			continue
		}
		switch {
		case err != nil:
			return nil, nil, errors.New("the private key cannot be read")
		case key != nil:
			return nil, nil, errors.New("there is more than one private key")
		}
		key = k
	}
}

var (
	errEncrypted = errors.New("the private key is encrypted PEM, which is not read: give it in a PKCS#12 file with a password")
	errNotRSA    = errors.New("the key is not RSA, which KOMBIT's services demand")
)

// join finds the certificate that belongs to the key.
func join(key any, certificates []*x509.Certificate, at time.Time) (Identity, error) {
	signer, ok := key.(*rsa.PrivateKey)
	switch {
	case len(certificates) == 0:
		return Identity{}, errors.New("there is no certificate in it")
	case key == nil:
		return Identity{}, errors.New("there is no private key in it, and no key file is given")
	case !ok:
		return Identity{}, errNotRSA
	}
	i := Identity{Key: signer}
	for _, c := range certificates {
		if signer.PublicKey.Equal(c.PublicKey) && i.Certificate == nil {
			i.Certificate = c
		} else {
			i.Chain = append(i.Chain, c)
		}
	}
	if i.Certificate == nil {
		return Identity{}, fmt.Errorf("the private key does not belong to certificate %s", Describe(certificates[0]))
	}
	if _, err := publicKey(i.Certificate); err != nil {
		return Identity{}, err
	}
	if _, err := inForce([]*x509.Certificate{i.Certificate}, at); err != nil {
		return Identity{}, err
	}
	return i, nil
}

// TLS is the identity as a client certificate, its chain included.
func (i Identity) TLS() tls.Certificate {
	c := tls.Certificate{Certificate: [][]byte{i.Certificate.Raw}, PrivateKey: crypto.PrivateKey(i.Key), Leaf: i.Certificate}
	for _, a := range i.Chain {
		c.Certificate = append(c.Certificate, a.Raw)
	}
	return c
}

// LoadCertificates reads every certificate of some files, PEM or one as DER. Each file must have one.
func LoadCertificates(files []string) ([]*x509.Certificate, error) {
	var all []*x509.Certificate
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		_, found, err := readPEM(data)
		if err == nil && len(found) == 0 && !bytes.Contains(data, []byte("-----BEGIN")) {
			found, err = x509.ParseCertificates(data)
		}
		if err == nil && len(found) == 0 {
			err = errors.New("there is no certificate in it")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, found...)
	}
	return all, nil
}

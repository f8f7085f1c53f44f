package sshsig

import (
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/ssh"
)

// ErrPassphrase: the key is protected by a passphrase, and none, or a wrong one, was given.
var ErrPassphrase = errors.New("the key is protected by a passphrase")

// Key signs in one namespace.
type Key struct {
	signer    ssh.AlgorithmSigner
	namespace string
	random    io.Reader
}

// ParseKey reads a private key as ssh-keygen writes it. passphrase is nil for a key without one.
func ParseKey(text, passphrase []byte, namespace string, random io.Reader) (*Key, error) {
	signer, err := ssh.ParsePrivateKey(text)
	var protected *ssh.PassphraseMissingError
	if errors.As(err, &protected) {
		if passphrase == nil {
			return nil, ErrPassphrase
		}
		if signer, err = ssh.ParsePrivateKeyWithPassphrase(text, passphrase); err != nil {
			return nil, fmt.Errorf("%w, which is another one", ErrPassphrase)
		}
	}
	if err != nil {
		return nil, errors.New("it is no private key as ssh-keygen makes them") // the parser's error might quote it
	}
	if err := fit(signer.PublicKey()); err != nil {
		return nil, err
	}
	able, ok := signer.(ssh.AlgorithmSigner)
	if !ok {
		return nil, fmt.Errorf("keys of the type %s cannot sign here", signer.PublicKey().Type())
	}
	return &Key{able, namespace, random}, nil
}

// Fingerprint names the key as ssh-keygen -l does.
func (k *Key) Fingerprint() string { return ssh.FingerprintSHA256(k.signer.PublicKey()) }

// Sign signs a text, and gives the signature with its armour.
func (k *Key) Sign(text []byte) (string, error) {
	const hash = "sha512"
	signed, err := coveredText(k.namespace, hash, text)
	if err != nil {
		return "", err
	}
	algorithm := k.signer.PublicKey().Type()
	if algorithm == ssh.KeyAlgoRSA {
		algorithm = ssh.KeyAlgoRSASHA512
	}
	made, err := k.signer.SignWithAlgorithm(k.random, signed, algorithm)
	if err != nil {
		return "", fmt.Errorf("sign with the SSH key %s: %w", k.Fingerprint(), err)
	}
	return armour(ssh.Marshal(blob{
		Magic: [6]byte([]byte(magic)), Version: 1, PublicKey: k.signer.PublicKey().Marshal(),
		Namespace: k.namespace, Hash: hash, Signature: ssh.Marshal(made),
	})), nil
}

// Package sshsig makes and checks SSH signatures as git and ssh-keygen -Y do (PROTOCOL.sshsig of OpenSSH), and reads the file
// that says whose signatures count (ALLOWED SIGNERS in ssh-keygen(1)).
//
// It is stricter than ssh-keygen: a key is ed25519, ecdsa or RSA of 2048 bits or more; RSA signs with SHA-2 only; certificates,
// security keys and DSA are refused, because nobody needs them for what a program signs.
package sshsig

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/ssh"
)

// Git is the namespace of signatures of commits.
const Git = "git"

// Errors of what a signature can be, by which callers decide.
var (
	// ErrMalformed: it is no SSH signature.
	ErrMalformed = errors.New("it is no SSH signature")
	// ErrBad: it does not belong to the text, or is made in a way that proves nothing.
	ErrBad = errors.New("the signature is not good")
	// ErrUnknownSigner: it is good, and its key is not, or not at that time, one of those that count.
	ErrUnknownSigner = errors.New("the signature is by nobody whose signatures count")
)

const (
	magic     = "SSHSIG"
	armourTop = "-----BEGIN SSH SIGNATURE-----"
	armourEnd = "-----END SSH SIGNATURE-----"
	// largest bounds what is decoded: a signature of an RSA key of 16384 bits is about six thousand characters.
	largest    = 16 << 10
	lineLength = 70
	leastRSA   = 2048 // bits
)

// blob is a signature without its armour.
type blob struct {
	Magic     [6]byte
	Version   uint32
	PublicKey []byte
	Namespace string
	Reserved  []byte
	Hash      string
	Signature []byte
}

// covered is what the key signs.
type covered struct {
	Magic     [6]byte
	Namespace string
	Reserved  []byte
	Hash      string
	Digest    []byte
}

func coveredText(namespace, hash string, text []byte) ([]byte, error) {
	c := covered{Magic: [6]byte([]byte(magic)), Namespace: namespace, Hash: hash}
	switch hash {
	case "sha512":
		sum := sha512.Sum512(text)
		c.Digest = sum[:]
	case "sha256":
		sum := sha256.Sum256(text)
		c.Digest = sum[:]
	default:
		return nil, fmt.Errorf("%w: it uses the hash %q", ErrBad, hash)
	}
	return ssh.Marshal(c), nil
}

// Signature is one that was read and not yet held against anything.
type Signature struct {
	namespace string
	hash      string
	key       ssh.PublicKey
	signature ssh.Signature
}

// Parse reads a signature with its armour.
func Parse(armoured string) (*Signature, error) {
	text := strings.TrimSpace(armoured)
	if len(text) > largest {
		return nil, fmt.Errorf("%w: it is too long", ErrMalformed)
	}
	body, topped := strings.CutPrefix(text, armourTop)
	body, ended := strings.CutSuffix(body, armourEnd)
	if !topped || !ended {
		return nil, fmt.Errorf("%w: it has not the lines that an SSH signature begins and ends with", ErrMalformed)
	}
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(body), ""))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return parseBlob(raw)
}

func parseBlob(raw []byte) (*Signature, error) {
	var b blob
	if err := ssh.Unmarshal(raw, &b); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if string(b.Magic[:]) != magic || b.Version != 1 {
		return nil, fmt.Errorf("%w: it is of an unknown kind or version", ErrMalformed)
	}
	key, err := ssh.ParsePublicKey(b.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("%w: its key: %w", ErrMalformed, err)
	}
	if err := fit(key); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBad, err)
	}
	s := &Signature{namespace: b.Namespace, hash: b.Hash, key: key}
	if err := ssh.Unmarshal(b.Signature, &s.signature); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if len(s.signature.Rest) > 0 {
		return nil, fmt.Errorf("%w: something follows it", ErrMalformed)
	}
	return s, nil
}

// fit refuses keys whose signatures prove little.
func fit(key ssh.PublicKey) error {
	switch key.Type() {
	case ssh.KeyAlgoED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521:
		return nil
	case ssh.KeyAlgoRSA:
		wrapped, ok := key.(ssh.CryptoPublicKey)
		if !ok {
			return errors.New("its RSA key cannot be looked at")
		}
		plain, ok := wrapped.CryptoPublicKey().(*rsa.PublicKey)
		if !ok || plain.N.BitLen() < leastRSA {
			return fmt.Errorf("an RSA key has to have %d bits", leastRSA)
		}
		return nil
	}
	return fmt.Errorf("keys of the type %s are not accepted; use ssh-ed25519", key.Type())
}

// check holds the signature against a text.
func (s *Signature) check(text []byte, namespace string) error {
	if s.namespace != namespace {
		return fmt.Errorf("%w: it was made for %q, not for %q", ErrBad, s.namespace, namespace)
	}
	if !algorithmFits(s.key.Type(), s.signature.Format) {
		return fmt.Errorf("%w: it is made with %s, which is not accepted", ErrBad, s.signature.Format)
	}
	signed, err := coveredText(namespace, s.hash, text)
	if err != nil {
		return err
	}
	if err := s.key.Verify(signed, &s.signature); err != nil {
		return fmt.Errorf("%w: it does not belong to this text", ErrBad)
	}
	return nil
}

// algorithmFits refuses above all RSA with SHA-1, which the ssh package still verifies.
func algorithmFits(key, algorithm string) bool {
	if key == ssh.KeyAlgoRSA {
		return algorithm == ssh.KeyAlgoRSASHA512 || algorithm == ssh.KeyAlgoRSASHA256
	}
	return algorithm == key
}

func armour(raw []byte) string {
	text := base64.StdEncoding.EncodeToString(raw)
	var out bytes.Buffer
	out.WriteString(armourTop + "\n")
	for len(text) > lineLength {
		out.WriteString(text[:lineLength] + "\n")
		text = text[lineLength:]
	}
	out.WriteString(text + "\n" + armourEnd + "\n")
	return out.String()
}

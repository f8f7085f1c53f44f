package sshsig

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// AllowedSigners are those whose signatures count.
type AllowedSigners struct{ signers []allowed }

// allowed is one line of the file.
type allowed struct {
	principals    string
	key           []byte
	namespaces    []string  // none: every namespace
	after, before time.Time // zero: without bound
}

// ParseAllowedSigners reads a file of allowed signers. Times without a Z at their end are in zone, as ssh-keygen takes them to be
// in that of the machine. A line that is not understood is an error: a bound that nobody reads would allow more than was
// meant. A file that names nobody is one too.
func ParseAllowedSigners(text []byte, zone *time.Location) (*AllowedSigners, error) {
	list := &AllowedSigners{}
	number := 0
	for line := range bytes.Lines(text) {
		number++
		trimmed := strings.TrimSpace(string(line))
		if trimmed == "" || strings.HasPrefix(trimmed, "#") {
			continue
		}
		one, err := parseAllowed(trimmed, zone)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		list.signers = append(list.signers, one)
	}
	if len(list.signers) == 0 {
		return nil, errors.New("it names nobody")
	}
	return list, nil
}

func parseAllowed(line string, zone *time.Location) (allowed, error) {
	var one allowed
	principals, rest, err := word(line)
	if err != nil {
		return one, err
	}
	one.principals = strings.Trim(principals, `"`)
	if one.principals == "" {
		return one, errors.New("it names nobody in front of the key")
	}
	// What follows is the key, or options and then the key. ssh.ParseAuthorizedKey takes both.
	key, _, options, left, err := ssh.ParseAuthorizedKey([]byte(rest))
	if err != nil || len(left) > 0 {
		return one, errors.New("no public key was found in it: it reads PRINCIPALS [OPTIONS] TYPE KEY")
	}
	if err := fit(key); err != nil {
		return one, err
	}
	one.key = key.Marshal()
	for _, option := range options {
		if err := one.option(option, zone); err != nil {
			return one, err
		}
	}
	return one, nil
}

// word cuts the first word off a line; blanks inside double quotes do not end it.
func word(line string) (first, rest string, err error) {
	quoted := false
	for i, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ' ' || c == '\t'):
			return line[:i], strings.TrimLeft(line[i:], " \t"), nil
		}
	}
	return "", "", errors.New("it reads PRINCIPALS [OPTIONS] TYPE KEY, and ends after the first")
}

func (a *allowed) option(text string, zone *time.Location) (err error) {
	name, value, _ := strings.Cut(text, "=")
	value = strings.Trim(value, `"`)
	switch strings.ToLower(name) {
	case "cert-authority":
		return errors.New("cert-authority is not supported: name the key that signs itself")
	case "namespaces":
		if a.namespaces != nil {
			return errors.New("it has namespaces twice")
		}
		a.namespaces = strings.Split(value, ",")
		for _, n := range a.namespaces {
			if n == "" || strings.ContainsAny(n, "*?!") {
				return fmt.Errorf("namespaces has %q: patterns are not supported, write the names", n)
			}
		}
	case "valid-after":
		a.after, err = validTime(value, zone)
	case "valid-before":
		a.before, err = validTime(value, zone)
	default:
		return fmt.Errorf("the option %s is not known", name)
	}
	return err
}

// validTime reads YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, each with or without Z.
func validTime(text string, zone *time.Location) (time.Time, error) {
	digits, utc := strings.CutSuffix(text, "Z")
	if utc {
		zone = time.UTC
	}
	layout, ok := map[int]string{8: "20060102", 12: "200601021504", 14: "20060102150405"}[len(digits)]
	if !ok {
		return time.Time{}, fmt.Errorf("%q is no time: write YYYYMMDDZ or YYYYMMDDHHMMZ", text)
	}
	at, err := time.ParseInLocation(layout, digits, zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no time: write YYYYMMDDZ or YYYYMMDDHHMMZ", text)
	}
	return at, nil
}

// allows reports whether the line's key may sign in the namespace at a time. The bounds belong to the period, as in ssh-keygen.
func (a *allowed) allows(namespace string, at time.Time) bool {
	return (a.namespaces == nil || slices.Contains(a.namespaces, namespace)) &&
		(a.after.IsZero() || !at.Before(a.after)) && (a.before.IsZero() || !at.After(a.before))
}

// Verify holds an armoured signature of a text, made at a time that the text states, against those who may sign, and gives
// the principals of the line that allows it. ErrMalformed, ErrBad and ErrUnknownSigner say what is wrong.
func (list *AllowedSigners) Verify(text []byte, armoured, namespace string, at time.Time) (principals string, err error) {
	s, err := Parse(armoured)
	if err != nil {
		return "", err
	}
	if err := s.check(text, namespace); err != nil {
		return "", err
	}
	return list.find(s.key, namespace, at)
}

// Allows reports whether a key may sign at a time, and says why not.
func (list *AllowedSigners) Allows(k *Key, at time.Time) error {
	_, err := list.find(k.signer.PublicKey(), k.namespace, at)
	return err
}

func (list *AllowedSigners) find(key ssh.PublicKey, namespace string, at time.Time) (string, error) {
	known, raw := false, key.Marshal()
	for i := range list.signers {
		if a := &list.signers[i]; bytes.Equal(a.key, raw) {
			if a.allows(namespace, at) {
				return a.principals, nil
			}
			known = true
		}
	}
	if known {
		return "", fmt.Errorf("%w: the key %s may not sign in the namespace %s at %s",
			ErrUnknownSigner, ssh.FingerprintSHA256(key), namespace, at.UTC().Format(time.RFC3339))
	}
	return "", fmt.Errorf("%w: the key is %s", ErrUnknownSigner, ssh.FingerprintSHA256(key))
}

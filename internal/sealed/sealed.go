// Package sealed writes and reads files that only the holders of a key can read:
// compressed with gzip, and encrypted with age (https://age-encryption.org).
//
// Encryption guards a file against whoever may download it. It does not say who wrote it:
// a recipient is no secret, and whoever has it can make another file.
package sealed

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
)

// What can be wrong. No error holds anything of a key or of a file's content.
var (
	// ErrRecipients: they are none.
	ErrRecipients = errors.New("no age recipients (age1…, one a line)")
	// ErrIdentities: they are none.
	ErrIdentities = errors.New("no age identities (AGE-SECRET-KEY-1…, one a line)")
	// ErrKey: the file is for somebody else.
	ErrKey = errors.New("it was encrypted for another key")
	// ErrDamaged: the file is not what was written.
	ErrDamaged = errors.New("it is no encrypted file, or was changed or cut after it was written")
)

// Recipients reads the public keys for which a file is written: one a line, or apart by
// blanks and commas. A line that begins with # says nothing.
func Recipients(text string) ([]age.Recipient, error) {
	var lines strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "#") {
			continue
		}
		for _, key := range strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
			lines.WriteString(key + "\n")
		}
	}
	recipients, err := age.ParseRecipients(strings.NewReader(lines.String()))
	if err != nil || len(recipients) == 0 {
		return nil, ErrRecipients // age's own error quotes what may be a secret key by mistake
	}
	return recipients, nil
}

// Identities reads the secret keys with which a file may be read.
func Identities(text string) ([]age.Identity, error) {
	identities, err := age.ParseIdentities(strings.NewReader(text))
	if err != nil || len(identities) == 0 {
		return nil, ErrIdentities
	}
	return identities, nil
}

// Write writes what content writes, for the recipients. It streams: nothing but a block of
// 64 KiB is kept in memory.
func Write(w io.Writer, recipients []age.Recipient, content func(io.Writer) error) error {
	secret, err := age.Encrypt(w, recipients...)
	if err != nil {
		return fmt.Errorf("encrypt: %w", err)
	}
	// The fastest level: what is written is repetitive, and a higher one gains little.
	packed, err := gzip.NewWriterLevel(secret, gzip.BestSpeed)
	if err != nil {
		return fmt.Errorf("compress: %w", err)
	}
	if err := content(packed); err != nil {
		return err
	}
	if err := errors.Join(packed.Close(), secret.Close()); err != nil {
		return fmt.Errorf("encrypt: %w", err)
	}
	return nil
}

// NewReader reads a file as it was before Write. What it gives has only proven to be whole
// when it has been read to io.EOF; an error of a read is ErrDamaged.
func NewReader(r io.Reader, identities []age.Identity) (io.Reader, error) {
	secret, err := age.Decrypt(r, identities...)
	if none := (*age.NoIdentityMatchError)(nil); errors.As(err, &none) {
		return nil, ErrKey
	}
	if err != nil {
		return nil, ErrDamaged
	}
	packed, err := gzip.NewReader(secret)
	if err != nil {
		return nil, ErrDamaged
	}
	packed.Multistream(false)
	return &reader{packed: packed, secret: secret}, nil
}

type reader struct{ packed, secret io.Reader }

// Read implements io.Reader.
func (r *reader) Read(p []byte) (int, error) {
	n, err := r.packed.Read(p)
	switch {
	case errors.Is(err, io.EOF):
		// Only the end of the encryption proves that nothing was cut off behind.
		if rest, restErr := io.Copy(io.Discard, r.secret); restErr != nil || rest > 0 {
			return n, ErrDamaged
		}
		return n, io.EOF
	case err != nil:
		return n, ErrDamaged
	}
	return n, nil
}

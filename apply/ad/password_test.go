package ad

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestNewPassword(t *testing.T) {
	seen := map[string]bool{}
	used := map[rune]bool{}
	for range 2000 {
		p, err := newPassword(rand.Reader, 20)
		if err != nil {
			t.Fatal(err)
		}
		if len(p) != 20 || !hasAll(p, passwordClasses()) || seen[p] {
			t.Fatalf("%d characters, again %v: a class is missing, or it came before", len(p), seen[p])
		}
		seen[p] = true
		for _, r := range p {
			used[r] = true
		}
	}
	alphabet := strings.Join(passwordClasses(), "")
	if strings.ContainsAny(alphabet, `O0Il1o"\&<>?`) || len(used) != len(alphabet) {
		t.Errorf("%d of %d characters are used, or some look alike", len(used), len(alphabet))
	}
}

// TestNewPasswordWithoutChance: a source that fails, ends or gives the same over and over
// makes no password.
func TestNewPasswordWithoutChance(t *testing.T) {
	for name, random := range map[string]io.Reader{
		"zeroes": zeroes{}, "ends": bytes.NewReader([]byte{1, 2, 3}), "beyond": filled(0xff),
	} {
		if p, err := newPassword(random, 14); err == nil {
			t.Errorf("%s: %q", name, p)
		}
	}
	if _, err := newPassword(zeroes{}, 14); !errors.Is(err, errNoRandomness) {
		t.Error(err)
	}
}

type zeroes struct{}

func (zeroes) Read(b []byte) (int, error) { clear(b); return len(b), nil }

type filled byte

func (f filled) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(f)
	}
	return len(b), nil
}

func TestQuotedPassword(t *testing.T) {
	if got := quotedPassword("aB1-"); got != "\"\x00a\x00B\x001\x00-\x00\"\x00" {
		t.Errorf("%q", got)
	}
}

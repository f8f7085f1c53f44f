package sealed

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"filippo.io/age"
)

func key(t *testing.T) *age.X25519Identity {
	t.Helper()
	k, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func written(t *testing.T, text []byte, keys ...*age.X25519Identity) []byte {
	t.Helper()
	var recipients []age.Recipient
	for _, k := range keys {
		recipients = append(recipients, k.Recipient())
	}
	var file bytes.Buffer
	err := Write(&file, recipients, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func read(file []byte, k age.Identity) ([]byte, error) {
	r, err := NewReader(bytes.NewReader(file), []age.Identity{k})
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// some is text that does not compress, so that the file has several blocks.
func some() []byte {
	text := make([]byte, 200_000)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range text {
		text[i] = byte(r.UintN(256))
	}
	return text
}

func TestEveryRecipientReads(t *testing.T) {
	a, b, other := key(t), key(t), key(t)
	text := some()
	file := written(t, text, a, b)
	for _, k := range []*age.X25519Identity{a, b} {
		if got, err := read(file, k); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%d of %d bytes, %v", len(got), len(text), err)
		}
	}
	if _, err := read(file, other); !errors.Is(err, ErrKey) {
		t.Errorf("another key: %v, want ErrKey", err)
	}
}

func TestDamageIsFound(t *testing.T) {
	k := key(t)
	text := some()
	file := written(t, text, k)
	for _, cut := range []int{0, 1, 100, 70_000, len(file) - 17, len(file) - 1} {
		if _, err := read(file[:cut], k); !errors.Is(err, ErrDamaged) {
			t.Errorf("cut after %d of %d: %v, want ErrDamaged", cut, len(file), err)
		}
	}
	for at := 0; at < len(file); at += 997 {
		changed := bytes.Clone(file)
		changed[at] ^= 1
		if got, err := read(changed, k); err == nil {
			t.Errorf("changed at %d: read %d bytes without an error", at, len(got))
		}
	}
	for name, more := range map[string][]byte{"a byte more": append(bytes.Clone(file), 0), "twice": append(bytes.Clone(file), file...), "text": text} {
		if _, err := read(more, k); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v, want ErrDamaged", name, err)
		}
	}
}

func TestKeysAreParsed(t *testing.T) {
	a, b := key(t), key(t)
	for text, want := range map[string]int{
		"": 0, "# none\n": 0, "age1nonsense": 0,
		a.Recipient().String():                                              1,
		a.Recipient().String() + ", " + b.Recipient().String():              2,
		"# IT\n" + a.Recipient().String() + "\n\n" + b.Recipient().String(): 2,
	} {
		got, err := Recipients(text)
		if len(got) != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %d recipients, %v; want %d", text, len(got), err, want)
		}
	}
	secret := a.String()
	if _, err := Recipients(secret); err == nil || strings.Contains(err.Error(), secret[:20]) {
		t.Errorf("a secret key for a recipient: %v", err)
	}
	if _, err := Identities(secret[:len(secret)-1]); !errors.Is(err, ErrIdentities) || strings.Contains(err.Error(), secret[:20]) {
		t.Errorf("a cut key: %v", err)
	}
	if got, err := Identities("# key\n" + secret + "\n"); err != nil || len(got) != 1 {
		t.Errorf("%d identities, %v", len(got), err)
	}
}

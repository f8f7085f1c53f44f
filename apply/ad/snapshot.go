package ad

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/schema"
)

// snapshotFormat is the form of a snapshot file: another one is not read.
const snapshotFormat = "orgit-ad-snapshot-1"

// snapshot is what a read kept for the next one: a line that says of what it is, a line for
// each object, and a line with the SHA-256 of all that. It is personal data.
type snapshot struct {
	Format string `json:"format"`
	Key    string `json:"key"`    // of what directory, part and attributes; see snapshotKey
	Cookie []byte `json:"cookie"` // from where the directory says what has changed since
	Count  int    `json:"count"`

	entries map[string]kept // by the GUID in hexadecimal
}

// kept is an object in a snapshot. One in which something looks like a CPR number is kept
// as its GUID alone, and read again each time.
type kept struct {
	GUID  string              `json:"guid"`
	DN    string              `json:"dn,omitempty"`
	Attrs map[string][]string `json:"attrs,omitempty"`
}

// keep makes of an entry what may be kept of it.
func keep(e *ldap.Entry) kept {
	k := kept{GUID: hex.EncodeToString(e.GetEqualFoldRawAttributeValue("objectGUID"))}
	if schema.MaskCPR(e.DN) != e.DN || !utf8.ValidString(e.DN) {
		return k
	}
	attrs := make(map[string][]string, len(e.Attributes))
	for _, a := range e.Attributes {
		if strings.EqualFold(a.Name, "objectGUID") {
			continue
		}
		if slices.ContainsFunc(a.Values, func(v string) bool { return !utf8.ValidString(v) || delicate(a.Name, v) }) {
			return k
		}
		attrs[a.Name] = a.Values
	}
	k.DN, k.Attrs = e.DN, attrs
	return k
}

// delicate reports whether a value looks like a CPR number and is none of a phone.
func delicate(attribute, value string) bool {
	if (attribute == "telephoneNumber" || attribute == "mobile") && schema.IsPhone(value) {
		return false
	}
	return schema.MaskCPR(value) != value
}

// entry makes the entry again.
func (k kept) entry() (*ldap.Entry, error) {
	guid, err := hex.DecodeString(k.GUID)
	if err != nil {
		return nil, err
	}
	e := &ldap.Entry{DN: k.DN, Attributes: []*ldap.EntryAttribute{{Name: "objectGUID", Values: []string{string(guid)}, ByteValues: [][]byte{guid}}}}
	for _, name := range slices.Sorted(maps.Keys(k.Attrs)) {
		e.Attributes = append(e.Attributes, ldap.NewEntryAttribute(name, k.Attrs[name]))
	}
	return e, nil
}

// errNoSnapshot: nothing was kept.
var errNoSnapshot = errors.New("nothing is kept from an earlier read")

// loadSnapshot reads what was kept under a key.
func loadSnapshot(dir, key string) (*snapshot, error) {
	f, err := os.Open(snapshotPath(dir, key))
	if errors.Is(err, os.ErrNotExist) {
		return nil, errNoSnapshot
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s, err := readSnapshot(f)
	if err == nil && s.Key != key {
		err = errors.New("it is of another directory")
	}
	if err != nil {
		return nil, fmt.Errorf("what was kept from an earlier read cannot be used: %w", err)
	}
	return s, nil
}

func snapshotPath(dir, key string) string { return filepath.Join(dir, "ad-"+key[:16]+".snapshot") }

// readSnapshot reads a snapshot and checks that it is whole.
func readSnapshot(r io.Reader) (*snapshot, error) {
	in, sum := bufio.NewReader(r), sha256.New()
	s := &snapshot{entries: map[string]kept{}}
	for n := -1; ; n++ {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return nil, errors.New("it is cut")
		}
		if want, ok := bytes.CutPrefix(line, []byte("sha256:")); ok {
			if string(bytes.TrimSpace(want)) != hex.EncodeToString(sum.Sum(nil)) || n != s.Count || len(s.entries) != n {
				return nil, errors.New("it is damaged")
			}
			return s, nil
		}
		sum.Write(line)
		if n < 0 {
			if err := json.Unmarshal(line, s); err != nil || s.Format != snapshotFormat {
				return nil, errors.New("it is of another form")
			}
			continue
		}
		var k kept
		if err := json.Unmarshal(line, &k); err != nil || len(k.GUID) != 32 {
			return nil, errors.New("it is damaged")
		}
		s.entries[k.GUID] = k
	}
}

// store writes the snapshot in place of an earlier one, all of it or nothing. Nobody but
// the user can read it.
func (s *snapshot) store(dir string) (err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".ad-*.part") // with mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := errors.Join(s.write(f), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), snapshotPath(dir, s.Key))
}

func (s *snapshot) write(w io.Writer) error {
	sum, out := sha256.New(), bufio.NewWriter(w)
	lines := json.NewEncoder(io.MultiWriter(sum, out))
	s.Format, s.Count = snapshotFormat, len(s.entries)
	if err := lines.Encode(s); err != nil {
		return err
	}
	for _, guid := range slices.Sorted(maps.Keys(s.entries)) {
		if err := lines.Encode(s.entries[guid]); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "sha256:%x\n", sum.Sum(nil))
	return out.Flush()
}

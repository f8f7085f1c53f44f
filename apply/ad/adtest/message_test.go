package adtest

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// FuzzSession feeds a session whatever a stranger may send: it must neither panic
// nor hang, and nothing that is not bound may change the directory.
func FuzzSession(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		for _, bound := range []bool{false, true} {
			s := &Server{password: "secret", dir: testDirectory(t)}
			var out bytes.Buffer
			session := &session{server: s, out: bufio.NewWriter(&out), secure: true, bound: bound, pages: map[string][]found{}}
			before := len(s.dir.byGUID)
			in := bufio.NewReader(bytes.NewReader(input))
			for {
				m, err := readMessage(in)
				if err != nil || !session.answer(m) {
					break
				}
			}
			if err := session.out.Flush(); err != nil {
				t.Fatal(err)
			}
			if !session.bound && !bound && s.dir.writes+len(s.dir.byGUID)-before != 0 {
				t.Error("a session that is not bound has changed the directory")
			}
			for answers := bufio.NewReader(&out); ; {
				if _, err := readMessage(answers); err == io.EOF {
					break
				} else if err != nil {
					t.Fatalf("an answer of our own cannot be read: %v", err)
				}
			}
		}
	})
}

func testDirectory(t testing.TB) *directory {
	t.Helper()
	count := byte(0)
	d, err := newDirectory(Options{
		BaseDN:   "DC=korsbaek,DC=example",
		Password: "secret1",
		Now:      func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
		GUID:     func() [16]byte { count++; return [16]byte{count} },
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// seeds are requests of every kind, as a client encodes them.
func seeds(t testing.TB) [][]byte {
	t.Helper()
	filter, err := ldap.CompileFilter(`(|(&(cn=a*b)(!(sn=*)))(uSNChanged>=5)(userAccountControl:1.2.840.113556.1.4.803:=2))`)
	if err != nil {
		t.Fatal(err)
	}
	sequence := func(tag ber.Tag, parts ...*ber.Packet) *ber.Packet {
		p := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tag, nil, "")
		for _, part := range parts {
			p.AppendChild(part)
		}
		return p
	}
	list := func(parts ...*ber.Packet) *ber.Packet {
		p := ber.NewSequence("")
		for _, part := range parts {
			p.AppendChild(part)
		}
		return p
	}
	enum := func(n int64) *ber.Packet {
		return ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, n, "")
	}
	truth := ber.NewLDAPBoolean(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, true, "")
	one := ber.NewString(ber.ClassContext, ber.TypePrimitive, 0, "secret1", "")
	base := "DC=korsbaek,DC=example"
	attribute := list(octets("title"), list(octets("x")))
	ops := []*ber.Packet{
		sequence(ldap.ApplicationBindRequest, enum(3), octets("CN=Administrator,CN=Users,"+base), one),
		sequence(ldap.ApplicationSearchRequest, octets(base), enum(2), enum(0), enum(0), enum(0), truth, filter, list(octets("*"))),
		sequence(ldap.ApplicationAddRequest, octets("OU=x,"+base), list(list(octets("objectClass"), list(octets("organizationalUnit"))))),
		sequence(ldap.ApplicationModifyRequest, octets("CN=Administrator,CN=Users,"+base), list(list(enum(2), attribute))),
		sequence(ldap.ApplicationModifyDNRequest, octets("CN=Administrator,CN=Users,"+base), octets("CN=y"), truth, one),
		ber.NewString(ber.ClassApplication, ber.TypePrimitive, ldap.ApplicationDelRequest, "CN=Administrator,CN=Users,"+base, ""),
		sequence(ldap.ApplicationExtendedRequest, octets("1.3.6.1.4.1.4203.1.11.3")),
		sequence(ldap.ApplicationExtendedRequest, octets(oidStartTLS)),
		sequence(ldap.ApplicationSearchRequest, octets(base), enum(2), enum(0), enum(0), enum(0), truth, filter, list(octets("description;range=1-*"))),
	}
	var out [][]byte
	for i, op := range ops {
		p := envelope(int64(i+1), op)
		controls := ber.Encode(ber.ClassContext, ber.TypeConstructed, 0, nil, "")
		controls.AppendChild(ldap.NewControlPaging(1).Encode())
		p.AppendChild(controls)
		out = append(out, p.Bytes())
	}
	return append(out, slices.Concat(out...))
}

func TestReadMessageRefuses(t *testing.T) {
	for name, input := range map[string][]byte{
		"no sequence":       {0x04, 0x01, 0x00},
		"indefinite length": {0x30, 0x80, 0x00, 0x00},
		"length of 5 bytes": {0x30, 0x85, 1, 0, 0, 0, 0},
		"too long":          {0x30, 0x84, 0x7f, 0xff, 0xff, 0xff},
		"no operation":      {0x30, 0x03, 0x02, 0x01, 0x01},
		"empty id":          {0x30, 0x04, 0x02, 0x00, 0x4a, 0x00},
	} {
		if _, err := readMessage(bufio.NewReader(bytes.NewReader(input))); !errors.Is(err, errMalformed) {
			t.Errorf("%s: %v, want a malformed message", name, err)
		}
	}
	if _, err := readMessage(bufio.NewReader(bytes.NewReader([]byte{0x30, 0x05, 0x02}))); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut off: %v, want an unexpected end", err)
	}
}

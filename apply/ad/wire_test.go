package ad

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"testing/iotest"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"
)

// lengths writes how long an element is.
type lengths func(n int) []byte

// short is how Samba writes lengths, long how Windows does.
func short(n int) []byte {
	switch {
	case n < 0x80:
		return []byte{byte(n)}
	case n < 0x100:
		return []byte{0x81, byte(n)}
	}
	return []byte{0x82, byte(n >> 8), byte(n)}
}

func long(n int) []byte { return binary.BigEndian.AppendUint32([]byte{0x84}, uint32(n)) }

func (l lengths) element(tag byte, parts ...[]byte) []byte {
	content := bytes.Join(parts, nil)
	return append(append([]byte{tag}, l(len(content))...), content...)
}

func joined(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// message is one of an answer. The ID is written as Windows does too, in one byte.
func (l lengths) message(id byte, op []byte, more ...[]byte) []byte {
	return l.element(tagSequence, append([][]byte{{tagInteger, 1, id}, op}, more...)...)
}

// entry is a SearchResultEntry.
func (l lengths) entry(dn string, attributes ...[]byte) []byte {
	return l.element(tagEntry, l.element(tagOctets, []byte(dn)), l.element(tagSequence, attributes...))
}

func (l lengths) attribute(name string, values ...string) []byte {
	var set [][]byte
	for _, v := range values {
		set = append(set, l.element(tagOctets, []byte(v)))
	}
	return l.element(tagSequence, l.element(tagOctets, []byte(name)), l.element(tagSet, set...))
}

func (l lengths) reference(url string) []byte {
	return l.element(0x60|ldap.ApplicationSearchResultReference, l.element(tagOctets, []byte(url)))
}

// done is a SearchResultDone with a result code.
func (l lengths) done(code byte) []byte {
	return l.element(0x60|ldap.ApplicationSearchResultDone, []byte{0x0a, 1, code, tagOctets, 0, tagOctets, 0})
}

// cookie is the control by which a page says what the next one is asked for with.
func (l lengths) cookie(cookie string) []byte {
	value := l.element(tagSequence, []byte{tagInteger, 1, 0}, l.element(tagOctets, []byte(cookie)))
	return l.element(0xa0, l.element(tagSequence, l.element(tagOctets, []byte(ldap.ControlTypePaging)), l.element(tagOctets, value)))
}

// page is what a directory may answer, with everything in it that is allowed.
func (l lengths) page(id byte) []byte {
	return joined(
		l.message(id, l.entry("OU=Østre Skole,DC=korsbaek,DC=example", l.attribute("objectClass", "top", "organizationalUnit"),
			l.attribute("objectGUID", "\x00\xff\x80\x7f0123456789ab"))),
		l.message(id, l.entry("CN=nothing,DC=korsbaek,DC=example")),
		l.message(id, l.reference("ldap://other.example/DC=child,DC=korsbaek,DC=example")),
		l.message(id, l.entry("", l.attribute("description", ""), l.attribute("member;range=0-0")), l.cookie("an entry may have controls too")),
		l.message(id, l.entry("CN=long", l.attribute("info", string(bytes.Repeat([]byte("æ"), 200))))),
		l.message(id, l.done(0), l.cookie("next")),
	)
}

// told is a connection on which every search is answered with what answer gives, and closed at the
// end of that when it is no answer.
func told(t testing.TB, answer func(id byte) []byte) net.Conn {
	client, server := net.Pipe()
	t.Cleanup(func() { _ = server.Close() })
	go func() {
		for {
			request, err := ber.ReadPacket(server)
			if err != nil || request.Children[1].Tag != ldap.ApplicationSearchRequest {
				_ = server.Close()
				return
			}
			said := answer(byte(request.Children[0].Value.(int64)))
			if _, err := server.Write(said); err != nil || !ends(said) {
				_ = server.Close()
				return
			}
		}
	}()
	return client
}

// ends reports whether the last message of an answer is whole and a SearchResultDone.
func ends(answer []byte) bool {
	done := false
	for len(answer) > 0 {
		_, content, rest, err := element(answer)
		if err != nil {
			return false
		}
		_, op, err := messageHead(content)
		answer, done = rest, err == nil && op == 0x60|ldap.ApplicationSearchResultDone
	}
	return done
}

// on starts the library on a connection.
func on(t testing.TB, conn net.Conn) *ldap.Conn {
	c := ldap.NewConn(conn, true)
	c.SetTimeout(time.Minute)
	c.Start()
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func anySearch() *ldap.SearchRequest {
	return ldap.NewSearchRequest("DC=korsbaek,DC=example", ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", nil, nil)
}

// keeping searches once, with its entries kept back.
func keeping(w *wire, c *ldap.Conn) (*ldap.SearchResult, [][]byte, error) {
	w.keep()
	result, err := c.Search(anySearch())
	return result, w.kept(), err
}

// TestPage: what is kept back and read here is what the library reads, and the library reads the
// rest as ever.
func TestPage(t *testing.T) {
	for name, l := range map[string]lengths{"short lengths": short, "long lengths": long} {
		t.Run(name, func(t *testing.T) {
			whole, err := on(t, told(t, l.page)).Search(anySearch())
			if err != nil {
				t.Fatal(err)
			}
			w := newWire(told(t, l.page))
			rest, messages, err := keeping(w, on(t, w))
			if err != nil {
				t.Fatal(err)
			}
			var got []*ldap.Entry
			for _, m := range messages {
				e, err := decodeEntry(m)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, e)
			}
			if diff := cmp.Diff(whole.Entries, got); diff != "" {
				t.Errorf("entries (-library +here):\n%s", diff)
			}
			if len(rest.Entries) > 0 {
				t.Errorf("the library was given %d entries", len(rest.Entries))
			}
			whole.Entries, rest.Entries = nil, nil
			if diff := cmp.Diff(whole, rest); diff != "" || len(rest.Referrals) != 1 || len(rest.Controls) != 1 {
				t.Errorf("all else (-without +with the wire):\n%s", diff)
			}
		})
	}
}

// TestPageCut: wherever a page is cut, the search is lost, and nothing else.
func TestPageCut(t *testing.T) {
	page := lengths(short).page(1)
	for n := range page {
		w := newWire(told(t, func(byte) []byte { return page[:n] }))
		if _, _, err := keeping(w, on(t, w)); !isLost(lost(err)) {
			t.Fatalf("cut after %d of %d bytes: %v", n, len(page), err)
		}
	}
}

// TestKeep: only the entries of the search that was meant are kept back.
func TestKeep(t *testing.T) {
	l := lengths(short)
	late := l.message(100, l.entry("CN=late"))
	w := newWire(told(t, func(id byte) []byte {
		return joined(late, l.message(id, l.entry(fmt.Sprint("CN=", id))), l.message(id, l.done(0)))
	}))
	c := on(t, w)
	for _, keep := range []bool{true, false, true} {
		var messages [][]byte
		var result *ldap.SearchResult
		var err error
		if keep {
			result, messages, err = keeping(w, c)
		} else {
			result, err = c.Search(anySearch())
		}
		if err != nil {
			t.Fatal(err)
		}
		if want := map[bool]int{true: 1}[keep]; len(messages) != want || len(result.Entries) != 1-want {
			t.Errorf("keep %v: %d kept, %d for the library", keep, len(messages), len(result.Entries))
		}
	}
}

// TestKeepRefused: what the directory answers after some entries is told, and the next search is
// none the worse.
func TestKeepRefused(t *testing.T) {
	l := lengths(short)
	code := byte(ldap.LDAPResultTimeLimitExceeded)
	w := newWire(told(t, func(id byte) []byte {
		said := joined(l.message(id, l.entry("CN=a")), l.message(id, l.done(code)))
		code = 0
		return said
	}))
	c := on(t, w)
	if _, _, err := keeping(w, c); !hasCode(err, ldap.LDAPResultTimeLimitExceeded) {
		t.Errorf("refused after an entry: %v", err)
	}
	if _, messages, err := keeping(w, c); err != nil || len(messages) != 1 {
		t.Errorf("the next one: %d entries, %v", len(messages), err)
	}
}

// TestNotLDAP: what is no message ends the connection; nobody waits for the rest of it.
func TestNotLDAP(t *testing.T) {
	for name, said := range map[string][]byte{
		"other tag":         {0x31, 3, tagInteger, 1, 1},
		"indefinite length": {0x30, 0x80, tagInteger, 1, 1},
		"too long":          {0x30, 0x84, 0x7f, 0xff, 0xff, 0xff},
		"beyond all":        {0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		"length of lengths": append([]byte{0x30, 0xff}, make([]byte, 127)...),
		"nothing in it":     {0x30, 0},
		"an ID alone":       {0x30, 3, tagInteger, 1, 1},
		"no ID":             {0x30, 3, tagOctets, 1, 1},
		"empty ID":          {0x30, 4, tagInteger, 0, tagEntry, 0},
		"long ID":           {0x30, 9, tagInteger, 5, 0, 0, 0, 0, 1, tagEntry, 0},
		"ID beyond":         {0x30, 3, tagInteger, 9, 1},
	} {
		t.Run(name, func(t *testing.T) {
			client, server := net.Pipe()
			defer server.Close()
			go func() { _, _ = server.Write(said) }() // and the connection stays open
			if n, err := newWire(client).Read(make([]byte, 100)); n != 0 || !errors.Is(err, errNotLDAP) {
				t.Errorf("%d bytes, %v", n, err)
			}
		})
	}
}

// fed is a connection that only gives bytes.
type fed struct {
	net.Conn
	io.Reader
}

func (f fed) Read(p []byte) (int, error)  { return f.Reader.Read(p) }
func (f fed) Write(p []byte) (int, error) { return len(p), nil }

// FuzzWire: whatever comes, in pieces of whatever size, is kept or given to the library as it came, and
// nothing is made up.
func FuzzWire(f *testing.F) {
	f.Add(lengths(short).page(1))
	f.Add(lengths(long).page(1))
	f.Add(joined(lengths(long).message(2, lengths(long).entry("CN=other")), []byte{0x30, 0x80}))
	request := lengths(short).message(1, []byte{tagSearchRequest, 0})
	f.Fuzz(func(t *testing.T, input []byte) {
		w := newWire(fed{Reader: iotest.OneByteReader(bytes.NewReader(input))})
		w.keep()
		if _, err := w.Write(request); err != nil {
			t.Fatal(err)
		}
		passed, err := io.ReadAll(w)
		kept := w.kept()
		rest := input // put together again in the order in which it came
		for len(passed) > 0 || len(kept) > 0 {
			switch {
			case len(kept) > 0 && bytes.HasPrefix(rest, kept[0]):
				rest, kept = rest[len(kept[0]):], kept[1:]
			default:
				n := len(passed)
				if _, _, after, err := element(passed); err == nil {
					n -= len(after)
				}
				if n == 0 || !bytes.HasPrefix(rest, passed[:n]) {
					t.Fatalf("given %x, kept %x, that is not %x", passed, kept, rest)
				}
				rest, passed = rest[n:], passed[n:]
			}
		}
		if err == nil && len(rest) > 0 {
			t.Errorf("%x is gone", rest)
		}
	})
}

// BenchmarkPage is what a page of 500 accounts costs: the library's way; until its end is seen
// here; and its entries' reading, which is done while the directory makes the next page.
func BenchmarkPage(b *testing.B) {
	l := lengths(short)
	page := func(id byte) []byte {
		var all []byte
		for i := range 500 {
			var attributes [][]byte
			for j := range 20 {
				attributes = append(attributes, l.attribute(fmt.Sprintf("anAttribute%d", j), fmt.Sprintf("a value such as %d", i)))
			}
			all = append(all, l.message(id, l.entry(fmt.Sprintf("CN=Anna Jensen %d,OU=Enhed 1,DC=korsbaek,DC=example", i), attributes...))...)
		}
		return append(all, l.message(id, l.done(0), l.cookie("next"))...)
	}
	answer := page(1)
	b.Run("library", func(b *testing.B) {
		for b.Loop() {
			c := on(b, told(b, func(byte) []byte { return answer }))
			if r, err := c.Search(anySearch()); err != nil || len(r.Entries) != 500 {
				b.Fatal(err)
			}
		}
	})
	b.Run("end", func(b *testing.B) {
		for b.Loop() {
			w := newWire(told(b, func(byte) []byte { return answer }))
			if _, messages, err := keeping(w, on(b, w)); err != nil || len(messages) != 500 {
				b.Fatal(err)
			}
		}
	})
	b.Run("entries", func(b *testing.B) {
		w := newWire(told(b, func(byte) []byte { return answer }))
		_, messages, err := keeping(w, on(b, w))
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			for _, m := range messages {
				if _, err := decodeEntry(m); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

package ad

import (
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"
)

// TestEntryMalformed: an entry that is not as RFC 4511 has it is refused, whatever is wrong.
func TestEntryMalformed(t *testing.T) {
	l := lengths(short)
	text := func(s string) []byte { return l.element(tagOctets, []byte(s)) }
	entry := func(parts ...[]byte) []byte { return l.message(1, l.element(tagEntry, parts...)) }
	one := func(parts ...[]byte) []byte {
		return entry(text("CN=a"), l.element(tagSequence, l.element(tagSequence, parts...)))
	}
	whole := one(text("sn"), l.element(tagSet, text("Jensen")))
	if _, err := decodeEntry(whole); err != nil {
		t.Fatal(err)
	}
	for name, message := range map[string][]byte{
		"nothing":                  {},
		"more than one":            joined(whole, whole),
		"no sequence":              l.element(tagSet, whole[2:]),
		"another operation":        l.message(1, l.done(0)),
		"no name":                  entry(),
		"a name of another type":   entry(l.element(0x0c, []byte("CN=a")), l.element(tagSequence)),
		"a name in pieces":         entry(l.element(0x24, text("CN=a")), l.element(tagSequence)),
		"no attributes":            entry(text("CN=a")),
		"attributes in a set":      entry(text("CN=a"), l.element(tagSet)),
		"an attribute in a set":    entry(text("CN=a"), l.element(tagSequence, l.element(tagSet, text("sn"), l.element(tagSet)))),
		"no values":                one(text("sn")),
		"values in a sequence":     one(text("sn"), l.element(tagSequence, text("Jensen"))),
		"a value that is a number": one(text("sn"), l.element(tagSet, []byte{tagInteger, 1, 1})),
		"an indefinite length":     one(text("sn"), l.element(tagSet, []byte{tagOctets, 0x80})),
		"a value too long":         one(text("sn"), l.element(tagSet, []byte{tagOctets, 9, 1})),
		"half an element more":     one(text("sn"), l.element(tagSet), []byte{0x80}),
		"half a control":           l.message(1, l.entry("CN=a"), []byte{0xa0, 5}),
	} {
		t.Run(name, func(t *testing.T) {
			if e, err := decodeEntry(message); !hasCode(err, ldap.ErrorMalformedPacket) {
				t.Errorf("%+v, %v", e, err)
			}
		})
	}
	for n := range whole {
		if e, err := decodeEntry(whole[:n]); !hasCode(err, ldap.ErrorMalformedPacket) {
			t.Errorf("cut after %d bytes: %+v, %v", n, e, err)
		}
	}
}

// TestTakeMalformed: one entry that cannot be read ends the whole read.
func TestTakeMalformed(t *testing.T) {
	l := lengths(short)
	read := make(chan [][]byte, 1)
	read <- [][]byte{l.message(1, l.entry("CN=a")), l.message(1, l.element(tagEntry)), l.message(1, l.entry("CN=b"))}
	close(read)
	var names []string
	err := takeAll(read, func(e *ldap.Entry) error {
		names = append(names, e.DN)
		return nil
	})
	if diff := cmp.Diff([]string{"CN=a"}, names); diff != "" || !hasCode(err, ldap.ErrorMalformedPacket) {
		t.Errorf("%v, taken (-want +got):\n%s", err, diff)
	}
}

// FuzzEntry: what is read of an entry is what the library reads of it.
func FuzzEntry(f *testing.F) {
	for _, l := range []lengths{short, long} {
		for page := l.page(1); len(page) > 0; {
			_, _, rest, err := element(page)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(page[:len(page)-len(rest)])
			page = rest
		}
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		got, err := decodeEntry(message)
		if err != nil {
			return
		}
		_, content, _, _ := element(message)
		if id, _, err := messageHead(content); err != nil || id != 1 {
			return // the library would wait for its own
		}
		if _, err := ber.DecodePacketErr(message); err != nil {
			return // it looks into what is left out here, and would wait for more of it
		}
		c := on(t, told(t, func(id byte) []byte { return joined(message, lengths(short).message(id, lengths(short).done(0))) }))
		want, err := c.Search(anySearch())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Entries, []*ldap.Entry{got}); diff != "" {
			t.Errorf("%x (-library +here):\n%s", message, diff)
		}
	})
}

package ad

import (
	"errors"
	"fmt"
	"math"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// Entries are read here and not by the library, which makes a tree of packets of each: that
// takes longer than all else that is done with it. RFC 4511 sections 4.1.1, 4.1.7 and 4.5.2 say how an entry
// is written, and section 5.1 that lengths are definite. They need not be as short as
// can be: Windows writes four bytes where one is enough.

// The tags of BER that an entry consists of.
const (
	tagInteger       = 0x02
	tagOctets        = 0x04
	tagSequence      = 0x30
	tagSet           = 0x31
	tagSearchRequest = 0x60 | ldap.ApplicationSearchRequest     // APPLICATION, constructed
	tagEntry         = 0x60 | ldap.ApplicationSearchResultEntry // APPLICATION, constructed
)

// errNotLDAP is what does not follow the protocol.
var errNotLDAP = errors.New("what the directory sends is not LDAP")

// decodeEntry reads the message of a SearchResultEntry, to the last byte. The values' bytes are
// those of the message.
func decodeEntry(message []byte) (*ldap.Entry, error) {
	tag, content, rest, err := element(message)
	if err != nil || tag != tagSequence || len(rest) > 0 {
		return nil, malformed("message", err)
	}
	_, entry, err := pair(content, tagInteger, tagEntry)
	if err != nil {
		return nil, malformed("message", err)
	}
	dn, attributes, err := pair(entry, tagOctets, tagSequence)
	if err != nil {
		return nil, malformed("entry", err)
	}
	e := &ldap.Entry{DN: string(dn), Attributes: []*ldap.EntryAttribute{}}
	for len(attributes) > 0 {
		var one []byte
		if tag, one, attributes, err = element(attributes); err != nil || tag != tagSequence {
			return nil, malformed("list of attributes", err)
		}
		a, err := decodeAttribute(one)
		if err != nil {
			return nil, err
		}
		e.Attributes = append(e.Attributes, a)
	}
	return e, nil
}

// decodeAttribute reads a PartialAttribute.
func decodeAttribute(b []byte) (*ldap.EntryAttribute, error) {
	name, values, err := pair(b, tagOctets, tagSet)
	if err != nil {
		return nil, malformed("attribute", err)
	}
	a := &ldap.EntryAttribute{Name: string(name), Values: make([]string, 0, 1), ByteValues: make([][]byte, 0, 1)}
	for len(values) > 0 {
		var tag byte
		var v []byte
		if tag, v, values, err = element(values); err != nil || tag != tagOctets {
			return nil, malformed("values of "+a.Name, err)
		}
		a.Values, a.ByteValues = append(a.Values, string(v)), append(a.ByteValues, v[:len(v):len(v)])
	}
	return a, nil
}

// malformed says of an answer what the library says of one.
func malformed(what string, err error) error {
	if err == nil {
		err = fmt.Errorf("%w: another element was due", errNotLDAP)
	}
	return ldap.NewError(ldap.ErrorMalformedPacket, fmt.Errorf("the %s: %w", what, err))
}

// pair gives the contents of the first two elements, which must have the tags. What follows
// them is from a later version of the protocol and is left out (RFC 4511 section 4), but must be whole.
func pair(b []byte, first, second byte) (x, y []byte, err error) {
	tag, x, rest, err := element(b)
	if err == nil && tag != first {
		err = fmt.Errorf("%w: the tag %#x stands where %#x belongs", errNotLDAP, tag, first)
	}
	if err != nil {
		return nil, nil, err
	}
	tag, y, rest, err = element(rest)
	if err == nil && tag != second {
		err = fmt.Errorf("%w: the tag %#x stands where %#x belongs", errNotLDAP, tag, second)
	}
	for err == nil && len(rest) > 0 {
		_, _, rest, err = element(rest)
	}
	return x, y, err
}

// maxMessageHead is how many bytes of a message's content messageHead needs at most: an INTEGER of
// 4 bytes, its tag and length, and a tag.
const maxMessageHead = 1 + 9 + 4 + 1

// messageHead reads the ID of a message and the tag of what it is, from the beginning of its content.
func messageHead(b []byte) (id int64, op byte, err error) {
	tag, raw, rest, err := element(b)
	if err != nil {
		return 0, 0, err
	}
	if tag != tagInteger || len(raw) == 0 || len(raw) > 4 || len(rest) == 0 {
		return 0, 0, fmt.Errorf("%w: a message has no ID", errNotLDAP)
	}
	id, err = ber.ParseInt64(raw)
	return id, rest[0], err
}

// element reads the first element: its tag, its content, and what follows it.
func element(b []byte) (tag byte, content, rest []byte, err error) {
	header, length, err := elementHeader(b)
	if err != nil {
		return 0, nil, nil, err
	}
	if length > len(b)-header {
		return 0, nil, nil, fmt.Errorf("%w: an element is longer than what it is in", errNotLDAP)
	}
	return b[0], b[header : header+length], b[header+length:], nil
}

// elementHeader reads the tag and the length that an element begins with, in header bytes.
func elementHeader(b []byte) (header, length int, err error) {
	if len(b) < 2 || len(b) < 2+lengthBytes(b[1]) {
		return 0, 0, fmt.Errorf("%w: an element has no length", errNotLDAP)
	}
	if b[0]&0x1f == 0x1f {
		return 0, 0, fmt.Errorf("%w: a tag of several bytes", errNotLDAP)
	}
	if b[1] < 0x80 {
		return 2, int(b[1]), nil
	}
	n := lengthBytes(b[1])
	if n == 0 || n > 8 {
		return 0, 0, fmt.Errorf("%w: a length that begins with the byte %#x", errNotLDAP, b[1])
	}
	var long uint64
	for _, x := range b[2 : 2+n] {
		long = long<<8 | uint64(x)
	}
	if long > math.MaxInt32 {
		return 0, 0, fmt.Errorf("%w: an element of %d bytes", errNotLDAP, long)
	}
	return 2 + n, int(long), nil
}

// lengthBytes is how many bytes of a length follow its first.
func lengthBytes(first byte) int {
	if first < 0x80 {
		return 0
	}
	return int(first & 0x7f)
}

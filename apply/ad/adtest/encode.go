package adtest

import (
	"encoding/binary"

	"github.com/go-ldap/ldap/v3"
)

// Entries are encoded by hand: they are nearly all that the server sends, and a tree of
// packets for each costs more than everything else that it does.

// The tags of BER that an entry consists of.
const (
	tagInteger  = 0x02
	tagOctets   = 0x04
	tagSequence = 0x30
	tagSet      = 0x31
	tagEntry    = 0x60 | ldap.ApplicationSearchResultEntry // APPLICATION, constructed
)

// appendElement appends an element of BER: tag, length, content.
func appendElement(b []byte, tag byte, content ...byte) []byte {
	b = append(b, tag)
	switch n := len(content); {
	case n < 0x80:
		b = append(b, byte(n))
	case n < 0x100:
		b = append(b, 0x81, byte(n))
	case n < 0x10000:
		b = binary.BigEndian.AppendUint16(append(b, 0x82), uint16(n))
	default:
		b = binary.BigEndian.AppendUint32(append(b, 0x84), uint32(n))
	}
	return append(b, content...)
}

// appendID appends the id of a message, which is no negative number.
func appendID(b []byte, id int64) []byte {
	raw := binary.BigEndian.AppendUint64(nil, uint64(id))
	for len(raw) > 1 && raw[0] == 0 && raw[1] < 0x80 {
		raw = raw[1:]
	}
	return appendElement(b, tagInteger, raw...)
}

// entryMessage is the whole message of a SearchResultEntry.
func entryMessage(id int64, f found) []byte {
	var list []byte
	for _, a := range f.attributes {
		var set []byte
		for _, v := range a.values {
			set = appendElement(set, tagOctets, []byte(v)...)
		}
		one := appendElement(appendElement(nil, tagOctets, []byte(a.name)...), tagSet, set...)
		list = appendElement(list, tagSequence, one...)
	}
	entry := appendElement(appendElement(nil, tagOctets, []byte(f.dn)...), tagSequence, list...)
	return appendElement(nil, tagSequence, appendElement(appendID(nil, id), tagEntry, entry...)...)
}

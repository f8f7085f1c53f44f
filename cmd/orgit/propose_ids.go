package main

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"

	"orgit.dk/orgit/org"
)

// ids makes keys and UUIDs from a source of random bytes.
type ids struct{ random io.Reader }

// ids makes what is new, from the environment's randomness.
func (e environment) ids() ids {
	if e.random == nil {
		return ids{rand.Reader}
	}
	return ids{e.random}
}

// bytes gives n random bytes. The source must not fail: that of the machine never does.
func (i ids) bytes(n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(i.random, b); err != nil {
		panic(fmt.Sprintf("read random bytes: %v", err))
	}
	return b
}

// hex gives n random bytes in hexadecimal.
func (i ids) hex(n int) string { return hex.EncodeToString(i.bytes(n)) }

// Key makes the key of a person: p and six letters or digits that are not taken for each other.
func (i ids) Key() string {
	const letters = "23456789abcdefghjkmnpqrstuvwxyz" // without 0 1 i l o
	key := []byte("p")
	for len(key) < 7 {
		if b := int(i.bytes(1)[0]); b < 256/len(letters)*len(letters) {
			key = append(key, letters[b%len(letters)])
		}
	}
	return string(key)
}

// UUID makes a random UUID (version 4).
func (i ids) UUID() org.UUID {
	b := i.bytes(16)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return org.UUID(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]))
}

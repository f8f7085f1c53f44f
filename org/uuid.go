package org

import (
	"crypto/sha256"
	"encoding/hex"
)

// UUID is an identity, always in lower case: 8-4-4-4-12 hexadecimal digits.
type UUID string

// DeriveUUID makes the identity of a thing that has none of its own from the identity
// of what it belongs to and the keys that lead to it, for example an engagement from
// its person. The same input gives the same UUID for ever, so a derived identity may be
// written to outside systems.
//
// The result carries the version bits of a random UUID (version 4), because FK
// Organisation asks for version 4; its bits come from SHA-256.
func DeriveUUID(owner UUID, keys ...string) UUID {
	h := sha256.New()
	h.Write([]byte("orgit\x00" + string(owner)))
	for _, k := range keys {
		h.Write([]byte("\x00" + k))
	}
	b := h.Sum(nil)[:16]
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	s := hex.EncodeToString(b)
	return UUID(s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:])
}

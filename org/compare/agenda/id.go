package agenda

import (
	"crypto/sha256"
	"strings"

	"orgit.dk/orgit/org/compare"
)

// letters are those of identifiers: no two of them look alike.
const letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

const (
	idLength      = 9 // 45 bits, before the letter of the kind and the check letter
	versionLength = 4
)

// digest makes a short word of texts.
func digest(length int, texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	word := make([]byte, length)
	for i := range word {
		word[i] = letters[sum[i]%32]
	}
	return string(word)
}

// identifier is E or P (enhed, person), the word, and a letter by which a mistyped one is told.
func identifier(kind compare.Kind, lead, other Key) string {
	first := "P"
	if OfUnits(kind) {
		first = "E"
	}
	word := first + digest(idLength, string(kind), lead.Source, lead.ID, other.Source, other.ID)
	return word + digest(1, word)
}

// WellFormed reports whether a text is an ID as agendas give them: one of an older agenda is, a mistyped one is not.
func WellFormed(id string) bool {
	return len(id) == idLength+2 && (id[0] == 'E' || id[0] == 'P') && digest(1, id[:idLength+1]) == id[idLength+1:]
}

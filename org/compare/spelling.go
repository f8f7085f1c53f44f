package compare

import (
	"math/bits"
	"strings"
	"unicode"

	edlib "github.com/hbollon/go-edlib"
	"golang.org/x/text/unicode/norm"
)

// letters are written as in a world without them. What is left of accents goes with [norm].
var letters = strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa", "ä", "ae", "ö", "oe", "ß", "ss", "ł", "l", "ð", "d", "đ", "d", "þ", "th", "ı", "i")

// plain is a text in the letters a to z and digits, words held apart by one blank. Two texts
// with one plain form are written alike.
func plain(text string) string {
	text = norm.NFD.String(letters.Replace(strings.ToLower(norm.NFC.String(text))))
	var b strings.Builder
	gap := false
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return letters.Replace(b.String()) // of ǣ the æ is left
}

// sounds bring spellings of one sound together, longer ones first.
var sounds = strings.NewReplacer("sch", "s", "ph", "f", "th", "t", "ch", "k", "ck", "k", "kj", "k", "hj", "i", "hv", "v", "dt", "t",
	"ae", "a", "oe", "o", "aa", "a", "c", "k", "q", "k", "z", "s", "w", "v", "x", "ks", "y", "i", "j", "i")

// sound is what a plain word sounds like, roughly: doubled letters are one.
func sound(word string) string {
	var b strings.Builder
	last := rune(0)
	for _, r := range sounds.Replace(word) {
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// mask has a bit for each letter that occurs in a word. Words one error apart differ in at most two.
func mask(word string) uint32 {
	m := uint32(0)
	for _, r := range word {
		m |= 1 << (uint32(r) % 32)
	}
	return m
}

// isTypo reports whether two plain words differ by a slip of the fingers: one error in words
// of four letters or more, two in words of nine or more.
func isTypo(a, b *word) bool {
	allowed := 1
	switch n := min(len(a.text), len(b.text)); {
	case n < 4:
		return false
	case n >= 9:
		allowed = 2
	}
	if d := len(a.text) - len(b.text); d > allowed || -d > allowed || bits.OnesCount32(a.mask^b.mask) > 2*allowed {
		return false
	}
	return edlib.OSADamerauLevenshteinDistance(a.text, b.text) <= allowed
}

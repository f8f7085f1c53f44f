package propose

import (
	"regexp"
	"strings"
)

// Phone gives a Danish number of eight digits its country code, as the files want it; others it leaves as they are, without
// blanks.
func Phone(text string) string {
	digits := strings.NewReplacer(" ", "", "\u00a0", "", "-", "", ".", "", "(", "", ")", "").Replace(text)
	if rest, ok := strings.CutPrefix(digits, "00"); ok {
		digits = "+" + rest
	}
	switch {
	case len(digits) == 8 && strings.Trim(digits, "0123456789") == "":
		return "+45" + digits
	case strings.HasPrefix(digits, "+"):
		return digits
	}
	return text
}

// KeyOf makes the key of a unit of its name: Vej og Park becomes vej-og-park.
func KeyOf(name string) string {
	low := strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa", "é", "e", "ü", "u").Replace(strings.ToLower(strings.TrimSpace(name)))
	key := strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(low, "-"), "-")
	return strings.TrimRight(key[:min(len(key), 60)], "-")
}

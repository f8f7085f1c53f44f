package username

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"

	"orgit.dk/orgit/org"
)

// parts are the parts of somebody's name in the letters a-z, by the letter that patterns have
// for them.
type parts map[byte]string

// givenLetters are what patterns call the given names, in order.
const givenLetters = "F123"

// partsOf takes a name apart. Blanks part given names; a hyphen does not. The surname is one
// part. The called name plays no role: it may change often, and is not in the register.
func partsOf(rules org.Usernames, name org.Name) parts {
	p := parts{'L': plain(rules, name.Surname)}
	for i, word := range strings.Fields(name.Given) {
		if i == len(givenLetters) {
			break
		}
		p[givenLetters[i]] = plain(rules, word)
	}
	if rules.WithoutVowels {
		for letter := range p {
			if letter != 'F' {
				p[letter] = withoutVowels(p[letter])
			}
		}
	}
	return p
}

// fill puts the parts of the name into a pattern without a number; ok is false when a part is
// missing or too short.
func (p parts) fill(pattern string) (text string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(pattern); {
		letter := pattern[i]
		if letter == '.' || letter == '-' {
			b.WriteByte(letter)
			i++
			continue
		}
		run := len(pattern[i:]) - len(strings.TrimLeft(pattern[i:], string(letter)))
		part := p[letter]
		i += run
		if i < len(pattern) && pattern[i] == '*' {
			i++
			run = max(run, len(part))
		}
		if len(part) < run || part == "" {
			return "", false
		}
		b.WriteString(part[:run])
	}
	return b.String(), b.Len() > 0
}

// danish is how letters of the Danish alphabet are written without it.
var danish = map[rune]string{'æ': "ae", 'ø': "oe", 'å': "aa"}

// plain writes a text in the letters a-z: as the rules say, else as Danes write their own
// letters without them, else by the tables of Unidecode, which know every script. What is no
// letter is left out.
func plain(rules org.Usernames, text string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(strings.ToLower(text)) {
		letters, ok := rules.Letters[string(r)]
		if !ok {
			letters, ok = danish[r]
		}
		if !ok {
			letters = strings.ToLower(unidecode.Unidecode(string(r)))
		}
		for _, l := range letters {
			if l < utf8.RuneSelf && (unicode.IsLower(l) || ok && unicode.IsDigit(l)) {
				b.WriteRune(l)
			}
		}
	}
	return b.String()
}

func withoutVowels(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("aeiouy", r) {
			return -1
		}
		return r
	}, text)
}

package ad

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-ldap/ldap/v3"
	"golang.org/x/text/unicode/norm"
)

// escapeRDN escapes a value for a name. The library leaves = as it is, which Active
// Directory does not accept.
func escapeRDN(value string) string {
	return strings.ReplaceAll(ldap.EscapeDN(value), "=", `\=`)
}

// rdnOf writes the relative name of an object.
func rdnOf(attribute, value string) string { return attribute + "=" + escapeRDN(value) }

// spell writes a DN so that every directory takes it; the library's own spelling leaves =
// unescaped.
func spell(dn *ldap.DN) string {
	var parts []string
	for _, rdn := range dn.RDNs {
		var names []string
		for _, a := range rdn.Attributes {
			names = append(names, rdnOf(a.Type, a.Value))
		}
		parts = append(parts, strings.Join(names, "+"))
	}
	return strings.Join(parts, ",")
}

// firstValue is the value of the first part of a DN.
func firstValue(dn *ldap.DN) string {
	if len(dn.RDNs) == 0 || len(dn.RDNs[0].Attributes) == 0 {
		return ""
	}
	return dn.RDNs[0].Attributes[0].Value
}

// parentOf is the DN without its first part.
func parentOf(dn *ldap.DN) *ldap.DN {
	if len(dn.RDNs) == 0 {
		return dn
	}
	return &ldap.DN{RDNs: dn.RDNs[1:]}
}

// dnKey is a DN in a form in which two spellings of one name are equal.
func dnKey(dn *ldap.DN) string { return strings.ToLower(dn.String()) }

// fold makes two names equal that Windows takes for one: it compares without regard to
// case, diacritics and the width of a letter, takes ø for o, and a letter that stands for
// two (æ, œ, ß, þ) for those; what is not seen does not count. Samba keeps all of them
// apart, so names are made unique in this form whatever the server. (That a diacritic does
// not count is documented in Microsoft's KB938447. The letters that stand for two are what
// Windows' comparison in American English does, by which the directory's keys are made;
// it was not tried here, and taking too much for equal only costs a suffix.)
func fold(name string) string {
	plain := strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Mn, unicode.Cf, unicode.Cc) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, norm.NFKD.String(foldedLetters.Replace(strings.ToLower(norm.NFC.String(name)))))
	return strings.Join(strings.Fields(plain), " ")
}

// foldedLetters are small letters that no decomposition takes apart.
var foldedLetters = strings.NewReplacer("ø", "o", "ǿ", "o", "æ", "ae", "ǽ", "ae", "ǣ", "ae", "œ", "oe", "ß", "ss", "þ", "th",
	"ð", "d", "đ", "d", "ł", "l", "ħ", "h", "ŧ", "t", "ı", "i")

// cut shortens a text to at most n characters, without a blank at its end; to nothing where n is negative.
func cut(s string, n int) string {
	n = max(n, 0)
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:n]), " ")
}

// withSuffix appends a suffix to a name, cut so that both fit into n characters.
func withSuffix(name, suffix string, n int) string {
	return cut(name, n-utf8.RuneCountInString(suffix)) + suffix
}

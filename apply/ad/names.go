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
// case and diacritics, and takes ø for o. Samba keeps them apart, so names are made
// unique in this form whatever the server.
func fold(name string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'ø':
			return 'o'
		}
		return r
	}, norm.NFD.String(strings.ToLower(name)))
	return strings.Join(strings.Fields(plain), " ")
}

// cut shortens a text to at most n characters, without a blank at its end.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:n]), " ")
}

// withSuffix appends a suffix to a name, cut so that both fit into n characters.
func withSuffix(name, suffix string, n int) string {
	return cut(name, n-utf8.RuneCountInString(suffix)) + suffix
}

package ad

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"orgit.dk/orgit/schema"
)

// form is what a value of an attribute looks like, beyond its length.
type form int

const (
	formLine     form = iota // one line of text
	formLines                // text that may have several lines
	formPhone                // one line; digits that look like a CPR number are none
	formMail                 // an e-mail address
	formUPN                  // name@suffix
	formProxy                // type:address, such as smtp:anna@korsbaek.example
	formNickname             // the part of an e-mail address before the @
	formCountry              // two capital letters of ISO 3166
	formBoolean              // TRUE or FALSE
)

var (
	mailShape     = regexp.MustCompile(`^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$`)
	upnShape      = regexp.MustCompile(`^[^@\s"/\\\[\]:;|=,+*?<>]+@[A-Za-z0-9.-]+$`)
	proxyShape    = regexp.MustCompile(`^([A-Za-z0-9]+):(\S.*)$`)
	nicknameShape = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$")
	countryShape  = regexp.MustCompile(`^[A-Z]{2}$`)
)

// wrong says in what way a value cannot be written to the attribute, as the end of a
// sentence that begins with its name; empty when it can.
func (a attribute) wrong(value string) string {
	if n := utf8.RuneCountInString(value); a.max > 0 && n > a.max {
		return fmt.Sprintf("has %d characters, Active Directory takes %d", n, a.max)
	}
	if strings.IndexFunc(value, a.form.forbidden) >= 0 {
		return "holds a character that is not seen, or a line break"
	}
	if len(schema.FindCPR(value)) > 0 && !(a.form == formPhone && schema.IsPhone(value)) {
		return "looks like a CPR number, which orgit puts into no directory"
	}
	return a.form.wrong(value)
}

// forbidden reports whether a value of the form may not have the character.
func (f form) forbidden(r rune) bool {
	if f == formLines && (r == '\n' || r == '\r') {
		return false
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) || r == utf8.RuneError
}

func (f form) wrong(value string) string {
	switch f {
	case formMail:
		if !mailShape.MatchString(value) {
			return fmt.Sprintf("is %q, which is no e-mail address", value)
		}
	case formUPN:
		if !upnShape.MatchString(value) {
			return fmt.Sprintf("is %q, which is no login address such as annj@korsbaek.example", value)
		}
	case formProxy:
		parts := proxyShape.FindStringSubmatch(value)
		if parts == nil || strings.EqualFold(parts[1], "smtp") && !mailShape.MatchString(parts[2]) {
			return fmt.Sprintf("is %q, which is no address such as smtp:annj@korsbaek.example", value)
		}
	case formNickname:
		if !nicknameShape.MatchString(value) {
			return fmt.Sprintf("is %q, which cannot stand before the @ of an e-mail address; the function ascii helps", value)
		}
	case formCountry:
		if !countryShape.MatchString(value) {
			return fmt.Sprintf("is %q, which is no country's two letters, such as DK", value)
		}
	case formBoolean:
		if value != "TRUE" && value != "FALSE" {
			return fmt.Sprintf("is %q, and must be TRUE or FALSE", value)
		}
	}
	return ""
}

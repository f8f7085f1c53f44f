package xmlscan

import "strings"

// AppendText writes text with the escapes of canonical XML (Canonical XML 1.0, 2.3).
func AppendText(b []byte, s string) []byte { return appendEscaped(b, s, "&<>\r") }

// AppendValue writes an attribute's value, without its quotes, with the escapes of canonical XML.
func AppendValue(b []byte, s string) []byte { return appendEscaped(b, s, "&<\"\t\n\r") }

// appendEscaped writes s with an escape for each of some characters.
func appendEscaped(b []byte, s, escaped string) []byte {
	for {
		i := strings.IndexAny(s, escaped)
		if i < 0 {
			return append(b, s...)
		}
		b = append(append(b, s[:i]...), escapeOf(s[i])...)
		s = s[i+1:]
	}
}

func escapeOf(c byte) string {
	switch c {
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	case '"':
		return "&quot;"
	case '\t':
		return "&#x9;"
	case '\n':
		return "&#xA;"
	case '\r':
		return "&#xD;"
	}
	return string(rune(c)) // not reached: only those are escaped
}

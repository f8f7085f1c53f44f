package xmlscan

// AppendText writes text with the escapes of canonical XML (Canonical XML 1.0, 2.3).
func AppendText(b []byte, s string) []byte {
	done := 0
	for i := range len(s) {
		var by string
		switch s[i] {
		case '&':
			by = "&amp;"
		case '<':
			by = "&lt;"
		case '>':
			by = "&gt;"
		case '\r':
			by = "&#xD;"
		default:
			continue
		}
		b = append(append(b, s[done:i]...), by...)
		done = i + 1
	}
	return append(b, s[done:]...)
}

// AppendValue writes an attribute's value, without its quotes, with the escapes of canonical XML.
func AppendValue(b []byte, s string) []byte {
	done := 0
	for i := range len(s) {
		var by string
		switch s[i] {
		case '&':
			by = "&amp;"
		case '<':
			by = "&lt;"
		case '"':
			by = "&quot;"
		case '\t':
			by = "&#x9;"
		case '\n':
			by = "&#xA;"
		case '\r':
			by = "&#xD;"
		default:
			continue
		}
		b = append(append(b, s[done:i]...), by...)
		done = i + 1
	}
	return append(b, s[done:]...)
}

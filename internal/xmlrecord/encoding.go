package xmlrecord

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// declaration is the encoding that an XML declaration names (XML 1.0, section 2.8).
var declaration = regexp.MustCompile(`^<\?xml[ \t\r\n][^>]*?encoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z][A-Za-z0-9._-]*)["']`)

// declarationSize bounds how far the end of a declaration is looked for, in bytes.
const declarationSize = 1024

// inUTF8 gives a document in UTF-8 without a byte order mark.
func inUTF8(r io.Reader) (io.Reader, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	start, err := in.Peek(declarationSize)
	if err != nil && err != io.EOF {
		return nil, err
	}
	from, err := encodingOf(start)
	if err != nil {
		return nil, err
	}
	if from == nil {
		if bytes.HasPrefix(start, []byte("\uFEFF")) {
			in.Discard(len("\uFEFF")) //nolint:errcheck // it was peeked at
		}
		return in, nil
	}
	return bufio.NewReaderSize(from.NewDecoder().Reader(in), 64<<10), nil
}

// encodingOf tells what a document is written in from its first bytes (XML 1.0, appendix F);
// nil is UTF-8. What the bytes show goes before what the declaration says: a program that
// wrote UTF-8 may have declared UTF-16.
func encodingOf(start []byte) (encoding.Encoding, error) {
	switch {
	case bytes.HasPrefix(start, []byte("\uFEFF")):
		return nil, nil
	case bytes.HasPrefix(start, []byte{0xFE, 0xFF}), bytes.HasPrefix(start, []byte{0, '<', 0}):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM), nil
	case bytes.HasPrefix(start, []byte{0xFF, 0xFE}), bytes.HasPrefix(start, []byte{'<', 0}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), nil
	}
	found := declaration.FindSubmatch(start)
	if found == nil {
		return nil, nil
	}
	switch name := strings.ToLower(string(found[1])); name {
	case "utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be":
		return nil, nil
	case "windows-1252", "cp1252", "iso-8859-1", "iso8859-1", "latin1", "l1":
		// What declares itself ISO-8859-1 is read as Windows-1252: they differ in control
		// characters alone, which XML does not allow.
		return charmap.Windows1252, nil
	case "iso-8859-15", "latin-9", "latin9":
		return charmap.ISO8859_15, nil
	default:
		return nil, fmt.Errorf("the document is written in %q; UTF-8, UTF-16, ISO-8859-1 and Windows-1252 can be read", name)
	}
}

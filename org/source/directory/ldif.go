package directory

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Bounds of a file.
const (
	longestLine  = 16 << 20 // of a line with all that continues it, in bytes: a value of AD has at most 10 MB
	longestValue = 64 << 10 // of a value that is kept, in bytes
	mostEntries  = 1_000_000
)

// ErrCut is the error for a file that shows that it is not whole.
var ErrCut = errors.New("the file is not whole")

// ReadLDIF reads the entries of a file in LDIF (RFC 2849) one by one and gives each to take,
// with those attributes alone that wanted names, until take refuses one. It is UTF-8, or
// UTF-16 with a byte order mark, which ldifde -u writes. Records of changes are refused, but
// for "changetype: add", which is how ldifde writes an entry. A value that stands in a
// file or at an address of its own (":<") is never fetched: it is an error where it is
// wanted. No error quotes a value.
func ReadLDIF(r io.Reader, wanted []string, take func(Entry) error) error {
	l := newLDIF(r, wanted)
	for {
		record, err := l.record()
		switch {
		case errors.Is(err, io.EOF):
			return l.whole()
		case err != nil:
			return fmt.Errorf("line %d: %w", l.at, err)
		}
		e, ok, err := l.entry(record)
		if err == nil && ok {
			if l.entries++; l.entries > mostEntries {
				err = fmt.Errorf("there are more than %d entries", mostEntries)
			} else {
				err = take(e)
			}
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", l.at, err)
		}
	}
}

// ldif is a file that is being read.
type ldif struct {
	in      *bufio.Reader
	wanted  map[string]bool // in small letters
	line    int             // the last that was read, from 1
	at      int             // where the record, or the line of it that is looked at, begins
	next    string          // a line that was read and not used yet
	hasNext bool
	entries int
	counts  []int // how many entries the file says that it has: of each page, or so far
	more    bool  // the last page says that there is another one
}

func newLDIF(r io.Reader, wanted []string) *ldif {
	l := &ldif{wanted: map[string]bool{}}
	for _, name := range wanted {
		l.wanted[strings.ToLower(name)] = true
	}
	l.in = bufio.NewReaderSize(transform.NewReader(r, unicode.BOMOverride(encoding.Nop.NewDecoder())), 64<<10)
	return l
}

// whole is called at the end of the file.
func (l *ldif) whole() error {
	sum, last := 0, l.entries
	for _, n := range l.counts {
		sum, last = sum+n, n
	}
	switch {
	case l.more:
		return fmt.Errorf("%w: its last page says that another one follows", ErrCut)
	case sum != l.entries && last != l.entries:
		return fmt.Errorf("%w: it says that it has %d entries, and has %d", ErrCut, last, l.entries)
	case l.entries == 0:
		return fmt.Errorf("%w: it has no entry", ErrCut)
	}
	return nil
}

// attribute is a line of a record.
type attribute struct {
	line  int
	name  string // with its options
	value string // as it stands behind the colon
	kind  byte   // ':' for base64, '<' for an address, 0 for text
}

// record reads the lines up to the next empty one. It is io.EOF when there is none.
func (l *ldif) record() ([]attribute, error) {
	var lines []attribute
	for {
		text, err := l.logical()
		if errors.Is(err, io.EOF) && len(lines) > 0 {
			return lines, nil
		}
		if err != nil {
			return nil, err
		}
		if text == "" {
			if len(lines) > 0 {
				return lines, nil
			}
			continue
		}
		name, value, ok := strings.Cut(text, ":")
		if !ok || name == "" || strings.ContainsAny(name, " \t") {
			return nil, errors.New("it is no line of LDIF, which is an attribute's name, a colon and a value")
		}
		a := attribute{line: l.at, name: name, value: value}
		if value != "" && (value[0] == ':' || value[0] == '<') {
			a.kind, a.value = value[0], value[1:]
		}
		a.value = strings.TrimLeft(a.value, " ")
		if strings.EqualFold(name, "changetype") && !strings.EqualFold(strings.TrimSpace(a.value), "add") {
			return nil, errors.New("it is the record of a change, not an entry; export what is there, not what has changed")
		}
		if len(lines) == 0 || l.keeps(a.name) { // no pictures, and no members of groups
			lines = append(lines, a)
		}
	}
}

// keeps reports whether a line's value is looked at.
func (l *ldif) keeps(name string) bool {
	switch name = strings.ToLower(name); name {
	case "dn", "result", "pagedresults":
		return true
	}
	return l.wanted[name]
}

// logical reads a line with those that continue it. Comments are looked at for counts and
// passed over.
func (l *ldif) logical() (string, error) {
	for {
		first, err := l.physical()
		if err != nil {
			return "", err
		}
		began := l.line
		if first != "" && first[0] == ' ' {
			return "", errors.New("it continues no line")
		}
		if first == "" {
			return "", nil
		}
		var whole strings.Builder
		whole.WriteString(first)
		for {
			more, err := l.physical()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return "", err
			}
			if more == "" || more[0] != ' ' {
				l.next, l.hasNext = more, true
				break
			}
			if whole.Len()+len(more) > longestLine {
				return "", fmt.Errorf("it is longer than %d MB", longestLine>>20)
			}
			whole.WriteString(more[1:])
		}
		if l.at = began; first[0] != '#' {
			return whole.String(), nil
		}
		l.comment(whole.String())
	}
}

// physical reads a line of the file without its end. A last line without an end is a cut one:
// in the RFC's grammar every line has one.
func (l *ldif) physical() (string, error) {
	l.line++
	if l.hasNext {
		l.hasNext = false
		l.line--
		return l.next, nil
	}
	l.at = l.line
	var line []byte
	for {
		part, err := l.in.ReadSlice('\n')
		if len(line)+len(part) > longestLine {
			return "", fmt.Errorf("it is longer than %d MB", longestLine>>20)
		}
		line = append(line, part...)
		switch {
		case err == nil:
			return strings.TrimSuffix(string(line[:len(line)-1]), "\r"), nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(line) > 0:
			return "", fmt.Errorf("%w: the last line has no end", ErrCut)
		default:
			return "", err
		}
	}
}

// comment takes the counts that tools write at the end: ldapsearch "# numEntries: 12", ldbsearch
// "# 12 entries".
func (l *ldif) comment(text string) {
	words := strings.Fields(strings.TrimPrefix(text, "#"))
	switch {
	case len(words) == 2 && words[0] == "numEntries:":
		l.note(words[1])
	case len(words) == 2 && words[1] == "entries":
		l.note(words[0])
	}
}

func (l *ldif) note(number string) {
	if n, err := strconv.Atoi(number); err == nil && n >= 0 && len(l.counts) < mostEntries {
		l.counts = append(l.counts, n)
	}
}

// entry makes an entry of a record; ok is false for one that is none: the version, and what
// ldapsearch says of the search.
func (l *ldif) entry(record []attribute) (e Entry, ok bool, err error) {
	if strings.EqualFold(record[0].name, "version") {
		if l.at = record[0].line; l.entries > 0 || record[0].value != "1" {
			return e, false, errors.New("only version 1 of LDIF is known, and it stands at the beginning")
		}
		if record = record[1:]; len(record) == 0 {
			return e, false, nil
		}
	}
	head := record[0]
	l.at = head.line
	switch strings.ToLower(head.name) {
	case "dn":
	case "ref":
		return e, false, elsewhere(head.value)
	case "search", "result":
		return e, false, l.result(record)
	default:
		return e, false, errors.New("the record does not begin with dn")
	}
	if e.DN, err = head.text(); err != nil || e.DN == "" {
		return e, false, errors.Join(errors.New("the dn cannot be read"), err)
	}
	e.Line = head.line
	for _, a := range record[1:] {
		if l.at = a.line; !l.wanted[strings.ToLower(a.name)] {
			continue
		}
		value, err := a.text()
		if err != nil {
			return e, false, fmt.Errorf("the value of %s cannot be read: %w", strings.ToLower(a.name), err)
		}
		e.Add(a.name, value)
	}
	return e, true, nil
}

// text gives the value.
func (a attribute) text() (string, error) {
	switch {
	case a.kind == '<':
		return "", errors.New("it stands elsewhere, and nothing is fetched")
	case len(a.value) > longestValue*4/3+4:
		return "", fmt.Errorf("it has more than %d bytes", longestValue)
	case a.kind == 0:
		return a.value, nil
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimRight(a.value, " "))
	if err != nil {
		return "", errors.New("it is no base64")
	}
	return string(raw), nil
}

// result takes what ldapsearch says of how the search ended, or one page of it.
func (l *ldif) result(record []attribute) error {
	l.more = false
	for _, a := range record {
		switch strings.ToLower(a.name) {
		case "result":
			if code, _, _ := strings.Cut(a.value, " "); code != "0" {
				return fmt.Errorf("%w: the search ended with result code %.10s", ErrCut, code)
			}
		case "pagedresults":
			_, cookie, _ := strings.Cut(a.value, "cookie=")
			l.more = strings.TrimSpace(cookie) != ""
		}
	}
	return nil
}

// elsewhere refuses a reference to another server, which keeps a part of what was asked for.
// The configuration and the zones of DNS hang below a domain without being a part of it.
func elsewhere(referral string) error {
	low := strings.ToLower(referral)
	for _, part := range []string{"/cn=configuration,", "/dc=domaindnszones,", "/dc=forestdnszones,"} {
		if strings.Contains(low, part) {
			return nil
		}
	}
	return fmt.Errorf("%w: a part of it is kept by another server; choose a base DN below which everything is in one domain", ErrCut)
}

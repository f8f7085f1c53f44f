package directory

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"orgit.dk/orgit/org"
)

// Entry is an object of the directory as it was read.
type Entry struct {
	DN   string
	Line int // of a file, from 1; 0 where there are no lines

	attributes map[string][]string // by name in small letters
}

// mostValues bounds how many values of an attribute are kept. Nothing that is read here has
// more than a few; of others it counts only whether there are any.
const mostValues = 100

// Add adds values of an attribute. Binary values are their bytes.
func (e *Entry) Add(attribute string, values ...string) {
	if e.attributes == nil {
		e.attributes = map[string][]string{}
	}
	name := strings.ToLower(attribute)
	room := max(0, mostValues-len(e.attributes[name]))
	e.attributes[name] = append(e.attributes[name], values[:min(room, len(values))]...)
}

// values are those of an attribute.
func (e *Entry) values(attribute string) []string { return e.attributes[strings.ToLower(attribute)] }

// first is the first value of an attribute; empty when it has none.
func (e *Entry) first(attribute string) string {
	if v := e.values(attribute); len(v) > 0 {
		return v[0]
	}
	return ""
}

// is reports whether an entry has an object class.
func (e *Entry) is(class string) bool {
	for _, c := range e.values("objectClass") {
		if strings.EqualFold(c, class) {
			return true
		}
	}
	return false
}

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// GUID gives the text of an objectGUID. Its 16 bytes have the least byte first in each of the
// first three groups ([MS-DTYP] 2.3.4.2); some tools write it as text. ok is false for what
// is neither, and for the GUID of nothing.
func GUID(value string) (text org.UUID, ok bool) {
	if len(value) != 16 {
		value = strings.ToLower(strings.Trim(value, "{}"))
		return org.UUID(value), uuidForm.MatchString(value) && strings.Trim(value, "0-") != ""
	}
	b := []byte(value)
	b[0], b[1], b[2], b[3] = b[3], b[2], b[1], b[0]
	b[4], b[5], b[6], b[7] = b[5], b[4], b[7], b[6]
	h := hex.EncodeToString(b)
	return org.UUID(fmt.Sprintf("%s-%s-%s-%s-%s", h[:8], h[8:12], h[12:16], h[16:20], h[20:])), strings.Trim(h, "0") != ""
}

// ownMark begins what orgit writes into the anchor of what it keeps; the UUID follows.
const ownMark = "orgit:"

// markOf reads an anchor; empty for what orgit did not write.
func markOf(anchor string) org.UUID {
	rest, ok := strings.CutPrefix(strings.ToLower(anchor), ownMark)
	if !ok || !uuidForm.MatchString(rest) {
		return ""
	}
	return org.UUID(rest)
}

package edit

import (
	"bytes"
	"cmp"
	"slices"
)

// splice puts a text in the place of a stretch of a file; an empty stretch is an insertion.
type splice struct {
	from, to int
	text     string
}

// apply makes the changes, none of which overlap.
func apply(text []byte, splices []splice) []byte {
	slices.SortStableFunc(splices, func(a, b splice) int { return cmp.Compare(a.from, b.from) })
	var b bytes.Buffer
	at := 0
	for _, s := range splices {
		b.Write(text[at:s.from])
		b.WriteString(s.text)
		at = s.to
	}
	b.Write(text[at:])
	return b.Bytes()
}

// lineStart is where the line begins that holds the offset.
func lineStart(text []byte, at int) int { return bytes.LastIndexByte(text[:at], '\n') + 1 }

// lineEnd is where the line ends that holds the offset: at its line break, or at the end of the text.
func lineEnd(text []byte, at int) int {
	if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(text)
}

// indentation is the white space at the beginning of a line when nothing else stands before the offset; ok is false when
// something does.
func indentation(text []byte, at int) (string, bool) {
	before := text[lineStart(text, at):at]
	return string(before), len(bytes.TrimLeft(before, " \t")) == 0
}

// restIsComment reports whether nothing follows on the line but a comma and a comment.
func restIsComment(text []byte, at int) bool {
	rest := bytes.TrimLeft(text[at:lineEnd(text, at)], " \t,\r")
	return len(rest) == 0 || bytes.HasPrefix(rest, []byte("//"))
}

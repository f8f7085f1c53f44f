package fkorgtest

import (
	"bytes"
	"errors"
	"io"
)

// errNotPlain is the error for a body that holds more than what canonical knows.
var errNotPlain = errors.New("the body holds somebody's own elements")

// canonical writes an answer's body in exclusive canonical form. It does not read XML: answers are written here, with
// start tags and end tags that hold nothing but a prefixed name, all prefixes declared on the root, and canonical escapes.
// Only the declarations have to move to where their prefixes are first used. Of anything else, such as another system's
// extension with attributes, the error is errNotPlain.
func canonical(w io.Writer, body []byte) error {
	c := canonicalWriter{to: w, out: make([]byte, 0, 2*canonicalBuffer), spaces: map[string]string{}}
	for space, prefix := range prefixes {
		c.spaces[prefix] = space
	}
	// The root's declarations are left out; what it uses itself is declared as everywhere else.
	name, rest, found := bytes.Cut(body, []byte(" "))
	_, rest, end := bytes.Cut(rest, []byte(">"))
	if !found || !end || len(name) == 0 || name[0] != '<' {
		return errNotPlain
	}
	if err := c.start(name[1:]); err != nil {
		return err
	}
	return c.write(rest)
}

// canonicalBuffer is how much is written at a time.
const canonicalBuffer = 16 << 10

type canonicalWriter struct {
	to       io.Writer
	out      []byte
	spaces   map[string]string // namespaces by prefix
	depth    int
	declared []declaredAt
}

// declaredAt is a prefix that the output has declared, and how deep.
type declaredAt struct {
	prefix string
	depth  int
}

func (c *canonicalWriter) write(rest []byte) error {
	for len(rest) > 0 {
		text, tag, _ := bytes.Cut(rest, []byte("<"))
		c.out = append(c.out, text...)
		if len(tag) == 0 {
			break
		}
		var end bool
		if tag, rest, end = bytes.Cut(tag, []byte(">")); !end || len(tag) == 0 {
			return errNotPlain
		}
		if tag[0] == '/' {
			c.end(tag)
		} else if err := c.start(tag); err != nil {
			return err
		}
		if len(c.out) >= canonicalBuffer {
			if _, err := c.to.Write(c.out); err != nil {
				return err
			}
			c.out = c.out[:0]
		}
	}
	_, err := c.to.Write(c.out)
	return err
}

// start writes a start tag, with the declaration of its prefix where no element around it has one.
func (c *canonicalWriter) start(name []byte) error {
	colon := bytes.IndexByte(name, ':')
	if colon <= 0 || bytes.ContainsAny(name, " /!?\t\r\n") {
		return errNotPlain
	}
	c.depth++
	c.out = append(append(c.out, '<'), name...)
	prefix := name[:colon]
	for _, d := range c.declared {
		if d.prefix == string(prefix) {
			c.out = append(c.out, '>')
			return nil
		}
	}
	space, known := c.spaces[string(prefix)]
	if !known {
		return errNotPlain
	}
	c.declared = append(c.declared, declaredAt{string(prefix), c.depth})
	c.out = append(append(append(append(append(c.out, " xmlns:"...), prefix...), `="`...), space...), `">`...)
	return nil
}

func (c *canonicalWriter) end(tag []byte) {
	c.out = append(append(append(c.out, '<'), tag...), '>')
	if last := len(c.declared) - 1; last >= 0 && c.declared[last].depth == c.depth {
		c.declared = c.declared[:last]
	}
	c.depth--
}

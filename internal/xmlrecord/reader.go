package xmlrecord

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits bound what is read of a document.
type Limits struct {
	Document int64 // bytes in UTF-8
	Token    int   // bytes of a tag with its attributes, a text or a comment
	Elements int   // elements in a record
	Depth    int   // elements within each other, the root among them
}

// Reader reads the records of a document.
type Reader struct {
	decoder *xml.Decoder
	in      *bounded
	limits  Limits
	root    *Element
	ended   bool
}

// Open reads a document up to its root.
func Open(r io.Reader, limits Limits) (*Reader, error) {
	text, err := inUTF8(r)
	if err != nil {
		return nil, err
	}
	in := &bounded{in: bufio.NewReaderSize(text, 64<<10), document: limits.Document, token: limits.Token}
	decoder := xml.NewDecoder(in)
	decoder.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 by now
	reader := &Reader{decoder: decoder, in: in, limits: limits}
	for {
		token, err := reader.token()
		if err == io.EOF {
			return nil, errors.New("the document is empty")
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			reader.root = reader.element(t)
			return reader, nil
		case xml.CharData:
			if err := blank(t); err != nil {
				return nil, reader.at(err)
			}
		}
	}
}

// Root is the root element without its children.
func (r *Reader) Root() *Element { return r.root }

// Next gives the next record: a child of the root with all that is in it. The error is
// io.EOF when the document was read to its end and was whole.
func (r *Reader) Next() (*Element, error) {
	for {
		token, err := r.token()
		if err != nil {
			if err == io.EOF && !r.ended {
				err = io.ErrUnexpectedEOF // cannot be: the decoder finds it first
			}
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if r.ended {
				return nil, r.at(errors.New("something follows the end of the document"))
			}
			return r.record(t)
		case xml.EndElement:
			r.ended = true
		case xml.CharData:
			if err := blank(t); err != nil {
				return nil, r.at(err)
			}
		}
	}
}

// record reads an element to its end.
func (r *Reader) record(start xml.StartElement) (*Element, error) {
	top := r.element(start)
	open := []*Element{top}
	// A start tag, an end tag and the blanks after each: more are comments that cut a text.
	for elements, tokens := 1, 0; len(open) > 0; tokens++ {
		token, err := r.token()
		if err != nil {
			return nil, err
		}
		if elements > r.limits.Elements || tokens > 4*r.limits.Elements || len(open) >= r.limits.Depth {
			return nil, r.at(fmt.Errorf("the record <%s> is too large", top.Name))
		}
		now := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			child := r.element(t)
			now.children = append(now.children, child)
			open = append(open, child)
			elements++
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if text := strings.TrimSpace(string(t)); text != "" {
				now.Text += text
			}
		}
	}
	return top, nil
}

func (r *Reader) element(start xml.StartElement) *Element {
	line, _ := r.decoder.InputPos()
	e := &Element{Name: start.Name.Local, Line: line}
	for _, a := range start.Attr {
		if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
			e.attributes = append(e.attributes, attribute{a.Name.Local, a.Value})
		}
	}
	return e
}

// token gives the next token. Its texts are those of the decoder, which uses them again.
func (r *Reader) token() (xml.Token, error) {
	r.in.used = 0
	token, err := r.decoder.Token()
	if r.in.err != nil { // what the decoder makes of it may name less
		return nil, r.at(r.in.err)
	}
	var wrong *xml.SyntaxError
	switch {
	case err == io.EOF:
		return nil, err
	case errors.As(err, &wrong) && wrong.Msg == "unexpected EOF":
		return nil, r.at(io.ErrUnexpectedEOF)
	case err != nil:
		// The decoder's own words may quote the document, in which people stand.
		return nil, r.at(errors.New("it is no well-formed XML"))
	}
	if _, ok := token.(xml.Directive); ok {
		return nil, r.at(errors.New("it has a document type, which is not allowed"))
	}
	return token, nil
}

func (r *Reader) at(err error) error {
	line, _ := r.decoder.InputPos()
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the document is cut off in line %d: %w", line, io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("line %d of the document: %w", line, err)
}

func blank(text xml.CharData) error {
	if strings.TrimSpace(string(text)) != "" {
		return errors.New("there is text between the records")
	}
	return nil
}

// bounded counts what the decoder reads of the document, and of a token. It is a ByteReader,
// so the decoder reads no further than the token that it gives.
type bounded struct {
	in       *bufio.Reader
	document int64
	token    int
	used     int
	err      error
}

func (b *bounded) ReadByte() (byte, error) {
	if b.err != nil {
		return 0, b.err
	}
	b.used++
	b.document--
	switch {
	case b.document < 0:
		b.err = errors.New("the document is too large")
	case b.used > b.token:
		b.err = errors.New("a tag or text is too long")
	default:
		c, err := b.in.ReadByte()
		if err != nil && err != io.EOF {
			b.err = err
		}
		return c, err
	}
	return 0, b.err
}

// Read is there because the decoder asks for a Reader; it uses ReadByte.
func (b *bounded) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c, err := b.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = c
	return 1, nil
}

package xmltree

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// MaxDepth is the deepest nesting of elements that Parse accepts. FK Organisation's messages are 10 deep.
const MaxDepth = 100

// ErrDoctype is the answer to a document type declaration: it is the way to entities, which no message needs.
var ErrDoctype = errors.New("document type declarations are not accepted")

// Parse reads one document. The caller bounds the size.
func Parse(data []byte) (*Node, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	var root *Node
	var open []*Node
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read XML: %w", err)
		}
		switch t := tok.(type) {
		case xml.Directive:
			return nil, fmt.Errorf("read XML: %w", ErrDoctype)
		case xml.StartElement:
			n := newElement(t)
			switch {
			case len(open) >= MaxDepth:
				return nil, fmt.Errorf("read XML: more than %d elements inside each other", MaxDepth)
			case len(open) > 0:
				parent := open[len(open)-1]
				parent.Children = append(parent.Children, n)
			case root != nil:
				return nil, errors.New("read XML: more than one root element")
			default:
				root = n
			}
			open = append(open, n)
		case xml.EndElement:
			dropBlankText(open[len(open)-1])
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				addText(open[len(open)-1], string(t))
			}
		}
	}
	if root == nil {
		return nil, errors.New("read XML: no element at all")
	}
	return root, nil
}

func newElement(t xml.StartElement) *Node {
	n := &Node{Name: t.Name}
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" || (a.Name.Space == "" && a.Name.Local == "xmlns") {
			continue
		}
		n.Attr = append(n.Attr, a)
	}
	return n
}

// addText joins text that a comment or a CDATA section has split.
func addText(parent *Node, text string) {
	if k := len(parent.Children); k > 0 && parent.Children[k-1].IsText() {
		parent.Children[k-1].Text += text
		return
	}
	parent.Children = append(parent.Children, &Node{Text: text})
}

// dropBlankText removes indentation: white space beside child elements.
func dropBlankText(n *Node) {
	if len(n.Elements()) == 0 {
		return
	}
	kept := n.Children[:0]
	for _, c := range n.Children {
		if !c.IsText() || strings.TrimSpace(c.Text) != "" {
			kept = append(kept, c)
		}
	}
	n.Children = kept
}

package soap

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// Message is an envelope taken apart.
type Message struct {
	Action      string
	MessageID   string
	RelatesTo   string // the MessageID of the request, in an answer that says so
	To          string
	Transaction string        // of KOMBIT's RequestHeader
	Content     *xmltree.Node // the only child of soap:Body; nil when it is empty
	Fault       *Fault        // when the content is a fault

	data []byte
}

// Body is the content as it was sent, with every namespace declaration that it inherits; nil when there is none.
func (m Message) Body() ([]byte, error) { return cutBody(m.data) }

// ErrNotSOAP is the error for something that is no SOAP 1.2 envelope, such as a gateway's error page.
var ErrNotSOAP = errors.New("not a SOAP 1.2 envelope")

// Open takes an envelope apart. Entities and document type declarations are refused.
func Open(data []byte) (Message, error) {
	root, err := xmltree.Parse(data)
	if err != nil {
		return Message{}, fmt.Errorf("%w: %w", ErrNotSOAP, err)
	}
	return FromTree(root, data)
}

// FromTree takes an envelope apart that is parsed already. data is what it was parsed from.
func FromTree(root *xmltree.Node, data []byte) (Message, error) {
	if !root.Is(NamespaceEnvelope, "Envelope") {
		return Message{}, fmt.Errorf("%w: the root element is %s", ErrNotSOAP, root.Name.Local)
	}
	bodies := root.All(NamespaceEnvelope, "Body")
	if len(bodies) != 1 || len(bodies[0].Elements()) > 1 {
		return Message{}, fmt.Errorf("%w: not exactly one body with one child", ErrNotSOAP)
	}
	m := Message{data: data}
	if content := bodies[0].Elements(); len(content) > 0 {
		m.Content = content[0]
	}
	head := root.Child(NamespaceEnvelope, "Header")
	m.Action = head.Child(NamespaceAddressing, "Action").Content()
	m.MessageID = head.Child(NamespaceAddressing, "MessageID").Content()
	m.RelatesTo = head.Child(NamespaceAddressing, "RelatesTo").Content()
	m.To = head.Child(NamespaceAddressing, "To").Content()
	m.Transaction = head.Child(NamespaceRequestHeader, "RequestHeader").Child(NamespaceRequestHeader, "TransactionUUID").Content()
	if f := bodies[0].Child(NamespaceEnvelope, "Fault"); f != nil {
		m.Fault = readFault(f)
	}
	return m, nil
}

// scope is an open element on the way to the body.
type scope struct {
	element  string            // with its prefix
	declared map[string]string // prefix to namespace
}

// cutBody cuts the child of soap:Body out of the bytes as they stand. Declarations of its ancestors that it does not
// repeat are added to its start tag; without them the piece would not be XML of its own.
func cutBody(data []byte) ([]byte, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	var open []scope
	for {
		start := d.InputOffset()
		tok, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if !inBody(open) {
				open = append(open, scope{rawName(t.Name), declarations(t)})
				continue
			}
			if err := skipElement(d); err != nil {
				return nil, err
			}
			return splice(data[start:d.InputOffset()], 1+len(rawName(t.Name)), missing(open, declarations(t))), nil
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
}

// inBody reports whether the innermost open element is the envelope's soap:Body.
func inBody(open []scope) bool {
	if len(open) != 2 {
		return false
	}
	prefix, local, found := strings.Cut(open[1].element, ":")
	if !found {
		prefix, local = "", prefix
	}
	return local == "Body" && missing(open, nil)[prefix] == NamespaceEnvelope
}

// declarations gives the namespace declarations of a start tag, prefix to namespace.
func declarations(t xml.StartElement) map[string]string {
	out := map[string]string{}
	for _, a := range t.Attr {
		switch {
		case a.Name.Space == "xmlns":
			out[a.Name.Local] = a.Value
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			out[""] = a.Value
		}
	}
	return out
}

// missing gives what is declared by the open elements and not by own.
func missing(open []scope, own map[string]string) map[string]string {
	out := map[string]string{}
	for _, s := range open {
		maps.Copy(out, s.declared)
	}
	for p := range own {
		delete(out, p)
	}
	return out
}

func skipElement(d *xml.Decoder) error {
	for depth := 1; depth > 0; {
		tok, err := d.RawToken()
		if err != nil {
			return err
		}
		switch tok.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

func splice(element []byte, at int, declared map[string]string) []byte {
	var b bytes.Buffer
	b.Write(element[:at])
	for _, p := range slices.Sorted(maps.Keys(declared)) {
		name := "xmlns"
		if p != "" {
			name += ":" + p
		}
		b.WriteString(" " + name + `="` + escape(declared[p]) + `"`)
	}
	b.Write(element[at:])
	return b.Bytes()
}

func rawName(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

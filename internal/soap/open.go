package soap

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"orgit.dk/orgit/internal/soap/xmlscan"
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

// cutBody cuts the child of soap:Body out of the bytes as they stand. Declarations of its ancestors that it does not
// repeat are added to its start tag; without them the piece would not be XML of its own.
func cutBody(data []byte) ([]byte, error) {
	s, err := xmlscan.New(data)
	if err != nil {
		return nil, err
	}
	var inherited, own []xmlscan.Binding
	depth, inBody, from := 0, false, 0
	for {
		t, err := s.Next()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		switch {
		case t.Kind == xmlscan.Start:
			if depth++; depth == 2 {
				inBody = t.Name == xml.Name{Space: NamespaceEnvelope, Local: "Body"}
			}
			switch {
			case depth == 1 || depth == 2 && inBody:
				inherited = append(inherited, t.Declared...)
			case depth == 3 && inBody:
				from, own = t.From, slices.Clone(t.Declared)
			}
		case t.Kind == xmlscan.End:
			if depth == 3 && inBody {
				return splice(data[from:t.To], missing(inherited, own)), nil
			}
			depth--
		}
	}
}

// missing gives what is inherited, prefix to namespace, and not declared by the element's own tag.
func missing(inherited, own []xmlscan.Binding) map[string]string {
	out := map[string]string{}
	for _, b := range inherited {
		out[b.Prefix] = b.Space
	}
	for _, b := range own {
		delete(out, b.Prefix)
	}
	return out
}

// splice puts declarations behind the name in an element's start tag.
func splice(element []byte, declared map[string]string) []byte {
	at := bytes.IndexAny(element, " \t\r\n/>")
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

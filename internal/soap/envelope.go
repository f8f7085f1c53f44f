package soap

import (
	"bytes"
	"encoding/xml"
)

// Namespaces of the envelope and its headers.
const (
	NamespaceEnvelope      = "http://www.w3.org/2003/05/soap-envelope"
	NamespaceAddressing    = "http://www.w3.org/2005/08/addressing"
	NamespaceRequestHeader = "http://kombit.dk/xml/schemas/RequestHeader/1/"
)

// Anonymous is the reply address that means "in the HTTP answer".
const Anonymous = "http://www.w3.org/2005/08/addressing/anonymous"

// Request is one call.
type Request struct {
	URL    string // where it is posted, and the value of wsa:To
	Action string
	Body   []byte // the only child of soap:Body, well-formed, with its own namespace declarations
	// Bare leaves KOMBIT's RequestHeader out, which the token service does not know.
	Bare bool
}

// IDs are the two identifiers of a call. Sender and receiver have nothing else in common, so logs must name them.
type IDs struct {
	Message     string // of wsa:MessageID, "urn:uuid:" and a fresh UUID
	Transaction string // of KOMBIT's RequestHeader, a fresh UUID
}

// Envelope writes the message. The order of the headers is the one of KOMBIT's reference client.
func Envelope(r Request, ids IDs) []byte {
	var b bytes.Buffer
	b.WriteString(`<s:Envelope xmlns:a="` + NamespaceAddressing + `" xmlns:s="` + NamespaceEnvelope + `"><s:Header>`)
	b.WriteString(`<a:Action s:mustUnderstand="1">` + escape(r.Action) + `</a:Action>`)
	if !r.Bare {
		b.WriteString(`<h:RequestHeader xmlns:h="` + NamespaceRequestHeader + `"><h:TransactionUUID>` + escape(ids.Transaction) +
			`</h:TransactionUUID></h:RequestHeader>`)
	}
	b.WriteString(`<a:MessageID>` + escape(ids.Message) + `</a:MessageID>`)
	b.WriteString(`<a:ReplyTo><a:Address>` + Anonymous + `</a:Address></a:ReplyTo>`)
	b.WriteString(`<a:To s:mustUnderstand="1">` + escape(r.URL) + `</a:To>`)
	b.WriteString(`</s:Header><s:Body>`)
	b.Write(r.Body)
	b.WriteString(`</s:Body></s:Envelope>`)
	return b.Bytes()
}

func escape(s string) string {
	var b bytes.Buffer
	// EscapeText fails only when its writer does, and a bytes.Buffer does not.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

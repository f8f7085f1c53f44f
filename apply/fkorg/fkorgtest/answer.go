package fkorgtest

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/xmltree"
)

// answerElement is the name of an operation's answer.
func answerElement(operation string) string {
	switch operation {
	case "importer":
		return "ImportOutput"
	case "fremsoegobjekthierarki":
		return "FremsoegObjekthierarkiOutput"
	}
	return strings.ToUpper(operation[:1]) + operation[1:] + "Output"
}

// answerBody writes the answer. Its root declares the prefixes that everything in it is written with.
func answerBody(b *bytes.Buffer, req request, res result) []byte {
	if res.content != nil {
		b.Grow(res.content.size() + 2048)
	}
	root := tag(namespace(req.Service), answerElement(req.Operation))
	b.WriteString("<" + root)
	spaces := []string{sd, faelles, sts, namespace(req.Service)}
	if req.Operation == "fremsoegobjekthierarki" {
		for _, s := range services {
			spaces = append(spaces, s.ns())
		}
	}
	for _, space := range spaces {
		b.WriteString(` xmlns:` + prefixes[space] + `="` + space + `"`)
	}
	b.WriteString("><ns2:StandardRetur><ns2:StatusKode>" + strconv.Itoa(res.status) + "</ns2:StatusKode>")
	if res.message != "" {
		b.WriteString("<ns2:FejlbeskedTekst>" + escaper.Replace(res.message) + "</ns2:FejlbeskedTekst>")
	}
	b.WriteString("</ns2:StandardRetur>")
	if res.content != nil {
		res.content.write(b)
	}
	b.WriteString("</" + root + ">")
	return b.Bytes()
}

// envelope writes the answer without what is in its body.
func (s *Server) envelope(req request) []byte {
	s.mu.Lock()
	s.answers++
	message := fmt.Sprintf("urn:uuid:00000000-0000-4000-9000-%012x", s.answers)
	s.mu.Unlock()
	var b bytes.Buffer
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="%s"><soap:Header xmlns:wsa="%s">`+
		`<wsa:Action>http://kombit.dk/sts/organisation/%s/%sResponse</wsa:Action><wsa:MessageID>%s</wsa:MessageID><wsa:To>%s</wsa:To>`+
		`<wsa:RelatesTo>%s</wsa:RelatesTo></soap:Header>`+emptyBody+`</soap:Envelope>`,
		soap.NamespaceEnvelope, soap.NamespaceAddressing, req.Service, req.Operation, message, soap.Anonymous, escaper.Replace(req.message))
	return b.Bytes()
}

const emptyBody = "<soap:Body></soap:Body>"

// filled puts the content into an envelope.
func filled(envelope, content []byte) []byte {
	at := bytes.LastIndex(envelope, []byte(emptyBody)) + len("<soap:Body>")
	return slices.Concat(envelope[:at], content, envelope[at:])
}

func writeFault(w http.ResponseWriter, f *fault) {
	code := xmltree.Element(soap.NamespaceEnvelope, "Code", xmltree.Leaf(soap.NamespaceEnvelope, "Value", "s:"+f.code))
	if f.subcode != "" {
		code.Add(xmltree.Element(soap.NamespaceEnvelope, "Subcode", xmltree.Leaf(soap.NamespaceEnvelope, "Value", f.subcode)))
	}
	body := xmltree.Element(soap.NamespaceEnvelope, "Fault", code,
		xmltree.Element(soap.NamespaceEnvelope, "Reason", xmltree.Leaf(soap.NamespaceEnvelope, "Text", f.reason)))
	w.Header().Set("Content-Type", "application/soap+xml; charset=utf-8")
	w.WriteHeader(f.http)
	envelope := xmltree.Element(soap.NamespaceEnvelope, "Envelope", xmltree.Element(soap.NamespaceEnvelope, "Body", body))
	// An answer that cannot be delivered has nobody to tell.
	_, _ = w.Write(xmltree.Write(envelope, xmltree.Prefixes{soap.NamespaceEnvelope: "s"}))
}

package fkorgtest

import (
	"net/http"
	"strings"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// request is a message that is about an operation of a service.
type request struct {
	Call
	service *service // nil for the hierarchy
	body    []byte
	in      *xmltree.Node
	message string // MessageID
	cvr     string // the municipality it is about
	// readOnly: whoever asks has no right to write (41).
	readOnly bool
}

// open checks the envelope and finds out what is asked for.
func (s *Server) open(r *http.Request, data []byte) (request, *fault) {
	if r.Method != http.MethodPost || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/soap+xml") {
		return request{}, senderFault("SOAP 1.2 is posted as application/soap+xml")
	}
	m, who, f := s.admit(data)
	if f != nil {
		return request{}, f
	}
	switch {
	case m.MessageID == "":
		return request{}, senderFault("wsa:MessageID is missing")
	case m.Transaction == "":
		return request{}, senderFault("RequestHeader/TransactionUUID is missing")
	case m.To != strings.TrimSuffix(s.url, "/organisation/")+r.URL.Path:
		return request{}, senderFault("wsa:To is not the address of the service")
	case m.Content == nil:
		return request{}, senderFault("the body is empty")
	}
	req := request{in: m.Content, message: m.MessageID, cvr: who.cvr, readOnly: who.readOnly}
	if s.opts.Journal {
		var err error
		if req.body, err = m.Body(); err != nil {
			return request{}, senderFault("%v", err)
		}
	}
	if f := req.route(r.URL.Path, m.Action); f != nil {
		return request{}, f
	}
	return req, nil
}

// route finds the operation by path and action and holds the body against the schema.
func (req *request) route(urlPath, action string) *fault {
	// Some clients post to the address without its last slash.
	name := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSuffix(urlPath, "/"), "/organisation/"), "/6")
	req.Service = name
	if name == hierarchy {
		// The action spells the service with a double s, unlike the URL (OrganisationSystem.wsdl).
		switch req.Operation, _ = strings.CutPrefix(action, "http://kombit.dk/sts/organisation/organisationssystem/"); req.Operation {
		case "fremsoegobjekthierarki":
			return req.check(namespace(hierarchy), "FremsoegObjekthierarkiInput", hierarchyInput())
		case "anonymiser":
			req.UUID = strings.ToLower(req.in.Child(namespace(hierarchy), "PersonUUID").Content())
			return req.check(namespace(hierarchy), "AnonymiserInput", anonymiseInput())
		}
		return senderFault("unknown action %s", action)
	}
	req.service = serviceNamed(name)
	if req.service == nil {
		return &fault{http: http.StatusNotFound, code: "Sender", reason: "there is no service " + name}
	}
	operation, ok := strings.CutPrefix(action, "http://kombit.dk/sts/organisation/"+name+"/")
	element, t := req.service.input(operation)
	if !ok || t == nil {
		return senderFault("unknown action %s", action)
	}
	req.Operation = operation
	if f := req.check(req.service.ns(), element, t); f != nil {
		return f
	}
	req.UUID = req.uuid()
	return nil
}

func (req *request) check(space, element string, t *typ) *fault {
	if !req.in.Is(space, element) {
		return senderFault("the body is %s, not %s", req.in.Name.Local, element)
	}
	if err := holdAgainst(req.in, t); err != nil {
		return senderFault("not as the schema: %v", err)
	}
	return nil
}

// uuid is the object that a request is about, "" for several.
func (req *request) uuid() string {
	if all := req.uuids(); len(all) == 1 {
		return all[0]
	}
	return ""
}

// uuids are the objects that a request names.
func (req *request) uuids() []string {
	n := req.in
	if req.Operation == "importer" {
		n = n.Child(req.service.ns(), req.service.element)
	}
	var out []string
	for _, u := range n.All(sd, "UUIDIdentifikator") {
		out = append(out, strings.ToLower(u.Content()))
	}
	return out
}

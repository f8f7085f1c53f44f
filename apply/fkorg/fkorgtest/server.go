package fkorgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/xmltree"
)

// Options are how a stand-in is started. The zero value works.
type Options struct {
	Addr  string           // where it listens; a free port on 127.0.0.1 when empty
	Clock func() time.Time // the server's clock; time.Now when nil. SetClock changes it
	// Journal keeps every request and what was answered, for tests.
	Journal bool
	// Repaired switches off the known fault that a search for functions finds ended relations too.
	Repaired bool
	// CVR is the municipality that unsecured requests are about, and the Server's own methods.
	CVR string
	// Latency is how long after its arrival every request is answered at the earliest: the server's own work is part of
	// it. The caller's time-out may be shorter; what was asked for is done all the same.
	Latency time.Duration
	// Security switches tokens and signatures on; without it requests prove nothing. The token says which municipality a
	// request is about.
	Security *Security
}

// Server is a running stand-in. What it says about objects is about the municipality of Options.CVR; Of is about others.
type Server struct {
	*Municipality

	url    string
	http   *http.Server
	opts   Options
	served chan struct{}

	security *securityLayer // nil without security

	mu      sync.Mutex
	store   store
	clock   func() time.Time
	calls   map[Call]int
	journal []Entry
	trouble func(Call) Trouble
	answers int
}

// Call identifies what a request was about. UUID is empty for searches and for reads of several objects.
type Call struct{ Service, Operation, UUID string }

// Entry is a request and what came of it.
type Entry struct {
	Call
	CVR    string // the municipality it was about
	Body   []byte // of the SOAP message
	Status int    // of StandardRetur
	Answer []byte // its body as it would be without trouble
}

// Start starts a stand-in. Close ends it.
func Start(opts Options) (*Server, error) {
	addr := opts.Addr
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("start the stand-in for FK Organisation: %w", err)
	}
	s := &Server{
		url: "http://" + listener.Addr().String() + "/organisation/", opts: opts, served: make(chan struct{}),
		store: newStore(), clock: opts.Clock, calls: map[Call]int{},
	}
	s.Municipality = s.Of(opts.CVR)
	if s.clock == nil {
		s.clock = time.Now
	}
	if opts.Security != nil {
		if err := s.startSecurity(*opts.Security); err != nil {
			return nil, errors.Join(err, listener.Close())
		}
	}
	s.http = &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		defer close(s.served)
		// Serve always returns an error; after Close it is ErrServerClosed, and nobody is left to hear of another.
		_ = s.http.Serve(listener)
	}()
	return s, nil
}

// URL is the base of the services, with a slash at the end.
func (s *Server) URL() string { return s.url }

// Close ends the server and its connections.
func (s *Server) Close() error {
	err := errors.Join(s.http.Close(), s.closeSecurity())
	<-s.served
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// fault is a request that no operation could be made of.
type fault struct {
	http    int
	code    string
	subcode string
	reason  string
}

func (f *fault) Error() string { return f.reason }

func senderFault(format string, args ...any) *fault {
	return &fault{http: http.StatusInternalServerError, code: "Sender", reason: fmt.Sprintf(format, args...)}
}

// maxRequest is the largest request in bytes. The real limit is not documented.
const maxRequest = 16 << 20

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	arrived := time.Now()
	w.Header().Set("Date", s.now().UTC().Format(http.TimeFormat)) // its own clock, not the machine's
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, "the request could not be read", http.StatusBadRequest)
		return
	}
	if s.security != nil && r.URL.Path == tokenPath {
		s.security.tokens.serveSOAP(w, data)
		return
	}
	req, f := s.open(r, data)
	if f != nil {
		writeFault(w, f)
		return
	}
	trouble := s.troubleFor(req.Call)
	if f := trouble.Forgery.fault(); f != nil {
		writeFault(w, f)
		return
	}
	body := s.handle(req, trouble)
	answer, err := s.secure(s.envelope(req), body, trouble.Forgery)
	if err != nil {
		writeFault(w, senderFault("%v", err))
		return
	}
	if waitUntil(r.Context(), arrived.Add(max(s.opts.Latency, trouble.Latency))) {
		trouble.deliver(w, r, answer)
	}
}

// handle does what is asked for, unless trouble prevents it, and gives the body of the answer.
func (s *Server) handle(req request, trouble Trouble) []byte {
	if trouble.prevents() {
		return nil
	}
	res := result{status: trouble.Status, message: trouble.Message}
	if trouble.Status == 0 {
		if trouble.before != nil {
			trouble.before(s.Of(req.cvr), req.Service, req.uuids())
		}
		res = s.execute(req, trouble)
	}
	body := answerBody(req, res)
	s.record(req, res.status, body)
	return body
}

func waitUntil(ctx context.Context, until time.Time) bool {
	t := time.NewTimer(time.Until(until))
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

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

func (s *Server) execute(req request, trouble Trouble) result {
	s.mu.Lock()
	defer s.mu.Unlock()
	if req.readOnly && writes(req.Operation) {
		return refuse(statusForbidden, "no right to write")
	}
	now := s.clock().Add(-trouble.Behind)
	r := s.store.of(req.cvr)
	switch {
	case req.Operation == "anonymiser":
		return r.anonymise(req.in, now)
	case req.service == nil:
		return r.hierarchy(req.in, window{now: now, double: trouble.DoubleITSystems})
	}
	c := &call{register: r, shelf: r.shelves[req.Service], in: req.in, now: now, made: &s.store.made,
		double: trouble.DoubleITSystems, ended: !s.opts.Repaired}
	return c.do(req.Operation)
}

func (s *Server) record(req request, status int, answer []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, counted := s.calls[req.Call]; !counted {
		req.UUID = strings.Clone(req.UUID) // not a piece of the request
	}
	s.calls[req.Call]++
	if s.opts.Journal {
		s.journal = append(s.journal, Entry{Call: req.Call, CVR: req.cvr, Body: req.body, Status: status, Answer: answer})
	}
}

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
func answerBody(req request, res result) []byte {
	var b bytes.Buffer
	b.Grow(len(res.content) + 2048)
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
	b.Write(res.content)
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

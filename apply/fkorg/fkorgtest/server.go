package fkorgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
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
	underWay sync.RWMutex // held for reading by each request
	*Municipality

	url    string
	http   *http.Server
	opts   Options
	served chan struct{}

	security *securityLayer // nil without security
	rooms    sync.Pool      // of *bytes.Buffer

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

// Settle waits until nothing is under way any more: what a caller who has given up had asked for is done, or is not.
func (s *Server) Settle() {
	s.underWay.Lock()
	defer s.underWay.Unlock()
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.underWay.RLock()
	defer s.underWay.RUnlock()
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
	room := s.room()
	defer s.leave(room)
	body := s.handle(req, trouble, room)
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
func (s *Server) handle(req request, trouble Trouble, room *bytes.Buffer) []byte {
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
	body := answerBody(room, req, res)
	s.record(req, res.status, body)
	return body
}

// room gives memory to write an answer's body into, and leave takes it back for another answer, unless the journal keeps it.
func (s *Server) room() *bytes.Buffer {
	if b, ok := s.rooms.Get().(*bytes.Buffer); ok {
		b.Reset()
		return b
	}
	return &bytes.Buffer{}
}

func (s *Server) leave(b *bytes.Buffer) {
	if !s.opts.Journal {
		s.rooms.Put(b)
	}
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

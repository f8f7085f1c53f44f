// Package adtest is a directory that behaves like Active Directory as far as
// orgit relies on it: an LDAP server over TLS on a loopback address that keeps
// its objects in memory. It is the stand-in for tests of package ad and for
// orgit demo, where nothing may need installing.
//
// What it promises is written down as the contract suite of package ad, which
// runs against this server and against a real Samba domain controller; result
// codes are Samba's (4.17), and with the rules of Windows switched on those that
// Microsoft documents. It is no directory for production: it has one user with a
// password, and checks no rights.
//
//	server, err := adtest.Start(adtest.Options{})
//	defer server.Close()
//	// ldaps at server.URL(), with server.CAPEM(), server.BindDN() and server.Password()
//
// The parts: session.go speaks the protocol, starttls.go makes it secret, message.go
// reads and writes its packets, directory.go holds the tree, names.go its names,
// schema.go says what an object may carry, rules.go where two real directories differ,
// add.go, modify.go, password.go, rename.go and remove.go change it, search.go, ranges.go
// and filter.go read it, rootdse.go describes it, byhand.go is what tests do beside the
// protocol, and fault.go breaks it on purpose.
package adtest

import (
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// Options are the choices of a server. The zero value serves.
type Options struct {
	// Addr is the address to listen on. Default: a free port of 127.0.0.1.
	Addr string
	// BaseDN is the domain. Default: DC=korsbaek,DC=example.
	BaseDN string
	// Password is the administrator's. Default: a random one.
	Password string
	// Rules are whose rules count. Default: Samba.
	Rules Rules
	// Now is the clock of whenCreated and whenChanged. Default: time.Now.
	Now func() time.Time
	// GUID makes the objectGUID of a new object. Default: random.
	GUID func() [16]byte
}

// Server is a running directory. Its methods may be called from any goroutine.
type Server struct {
	listener net.Listener // TLS from the first byte
	plain    net.Listener // for StartTLS
	tls      *tls.Config
	caPEM    []byte
	password string
	dir      *directory
	faults   faults
	reads    readFaults
	wait     sync.WaitGroup

	mu     sync.Mutex
	closed bool
	conns  map[net.Conn]bool
}

// Start starts a directory that holds the domain, its Users container and the
// administrator, and serves it until Close.
func Start(o Options) (*Server, error) {
	o = withDefaults(o)
	dir, err := newDirectory(o)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", o.Addr, err)
	}
	host, _, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read address %s: %w", listener.Addr(), err), listener.Close())
	}
	cert, caPEM, err := makeCertificate(host)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	plain, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listen on a second port of %s: %w", host, err), listener.Close())
	}
	config := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	s := &Server{
		listener: tls.NewListener(listener, config),
		plain:    plain,
		tls:      config,
		caPEM:    caPEM,
		password: o.Password,
		dir:      dir,
		conns:    map[net.Conn]bool{},
	}
	s.wait.Add(2)
	go s.accept(s.listener, true)
	go s.accept(s.plain, false)
	return s, nil
}

func withDefaults(o Options) Options {
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if o.BaseDN == "" {
		o.BaseDN = "DC=korsbaek,DC=example"
	}
	if o.Password == "" {
		o.Password = "Kb7-" + rand.Text()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.GUID == nil {
		o.GUID = randomGUID
	}
	return o
}

// randomGUID is a random (version 4) UUID in the byte order in which objectGUID
// stores it: the first three groups little-endian.
func randomGUID() (id [16]byte) {
	rand.Read(id[:]) // never returns an error (documentation of crypto/rand)
	id[7] = id[7]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return id
}

// URL is where the server listens, as ldaps://127.0.0.1:PORT.
func (s *Server) URL() string { return "ldaps://" + s.listener.Addr().String() }

// PlainURL is where it listens for clients that begin TLS themselves (StartTLS), as
// ldap://127.0.0.1:PORT. Nobody can bind there before.
func (s *Server) PlainURL() string { return "ldap://" + s.plain.Addr().String() }

// CAPEM is the certificate of the authority that vouches for the server.
func (s *Server) CAPEM() []byte { return append([]byte(nil), s.caPEM...) }

// BaseDN is the domain's distinguished name.
func (s *Server) BaseDN() string { return s.dir.root.dn() }

// BindDN is the distinguished name of the administrator.
func (s *Server) BindDN() string { return s.dir.admin.dn() }

// Password is the administrator's password.
func (s *Server) Password() string { return s.password }

// Writes is the number of write requests carried out so far. Changes by hand
// (Put, Set, Remove) are not counted.
func (s *Server) Writes() int {
	s.dir.mu.Lock()
	defer s.dir.mu.Unlock()
	return s.dir.writes
}

// Close ends the server and every connection to it, and waits for them.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	err := errors.Join(s.listener.Close(), s.plain.Close())
	s.closeConns()
	s.mu.Unlock()
	s.wait.Wait()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// closeConns closes every open connection. The caller holds s.mu.
func (s *Server) closeConns() {
	for c := range s.conns {
		_ = c.Close() // the client sees the end of the connection either way
	}
}

// accept takes connections until the listener is closed. secure says whether they are
// TLS already.
func (s *Server) accept(listener net.Listener, secure bool) {
	defer s.wait.Done()
	for {
		conn, err := listener.Accept()
		if err != nil {
			return // the listener was closed: nothing else ends it on loopback
		}
		s.mu.Lock()
		if s.closed || s.faults.gone() {
			s.mu.Unlock()
			_ = conn.Close() // refused: there is nobody to report to
			continue
		}
		s.conns[conn] = true
		s.wait.Add(1)
		s.mu.Unlock()
		go func() {
			defer s.wait.Done()
			newSession(s, conn, secure).serve()
			s.mu.Lock()
			delete(s.conns, conn)
			s.mu.Unlock()
			_ = conn.Close() // the session is over
		}()
	}
}

// FormatGUID gives the usual dashed form of an objectGUID's bytes.
func FormatGUID(id [16]byte) string {
	b := [16]byte{id[3], id[2], id[1], id[0], id[5], id[4], id[7], id[6]}
	copy(b[8:], id[8:])
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

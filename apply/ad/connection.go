package ad

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"sync"

	"github.com/go-ldap/ldap/v3"
)

// connection is one or more bound connections to the run's domain controller. A request
// takes one of them for itself, since a directory answers in order on each; one over which
// no answer came is made again. It may be used from several goroutines.
type connection struct {
	config Config
	roots  *x509.CertPool // nil: the system's
	base   *ldap.DN
	plain  []attribute   // the plain attributes of accounts that are read
	free   chan struct{} // a token for each connection that nobody has

	mu   sync.Mutex
	idle []*session // of those that nobody has; nil for one that is not made yet
}

// session is one bound connection, and the wire below it.
type session struct {
	*ldap.Conn
	wire *wire
}

// connect checks the configuration and binds the first of size connections. The others
// are made when they are needed.
func connect(ctx context.Context, c Config, size int) (*connection, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	base, err := ldap.ParseDN(c.BaseDN)
	if err != nil {
		return nil, fmt.Errorf("%w: the base DN %q: %w", ErrNotConfigured, c.BaseDN, err)
	}
	if c.Kerberos, err = c.Kerberos.holder(); err != nil {
		return nil, err
	}
	k := &connection{config: c, base: base, plain: plainOf(c.Plain), free: make(chan struct{}, size), idle: make([]*session, size)}
	for range size {
		k.free <- struct{}{}
	}
	if k.roots, err = c.roots(); err != nil {
		return nil, err
	}
	first, err := k.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", c.address(), c.Domain.explain(err))
	}
	k.idle[size-1] = first
	return k, nil
}

// address says where a run connects to, for messages.
func (c Config) address() string {
	if c.URL != "" {
		return c.URL
	}
	return "the domain " + c.DNSName
}

// open connects to the run's controller and logs in.
func (k *connection) open(ctx context.Context) (*session, error) {
	return k.config.run.connect(ctx, k.config, func(ctx context.Context, e endpoint) (*session, endpoint, error) {
		ctx, cancel := context.WithTimeout(ctx, k.config.Timeout)
		defer cancel()
		raw, err := e.dial(ctx, k.roots)
		if err != nil {
			return nil, e, lost(err)
		}
		e.address = raw.RemoteAddr().String()
		wire := newWire(raw)
		conn := ldap.NewConn(wire, true)
		conn.SetTimeout(k.config.Timeout)
		conn.Start()
		if err := lost(k.config.login(conn, e)); err != nil {
			_ = conn.Close() // it was never used: what closing it says adds nothing
			return nil, e, err
		}
		return &session{conn, wire}, e, nil
	})
}

// Close ends the connections that nobody uses at the moment.
func (k *connection) Close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	var all error
	for i, conn := range k.idle {
		if conn != nil {
			all = errors.Join(all, conn.Close())
			k.idle[i] = nil
		}
	}
	return all
}

// request sends one request, or several that belong to one connection. A connection over
// which no answer came is not used again.
func (k *connection) request(ctx context.Context, send func(*session) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-k.free:
	case <-ctx.Done():
		return ctx.Err()
	}
	conn := k.take()
	defer func() { k.giveBack(conn) }()
	if conn == nil {
		var err error
		if conn, err = k.open(ctx); err != nil {
			return err
		}
	}
	err := lost(send(conn))
	if isLost(err) {
		_ = conn.Close() // it is broken: what closing it says adds nothing
		conn = nil
	}
	return err
}

// take gives the connection that was used last, so that one that nobody needs is not made.
func (k *connection) take() *session {
	k.mu.Lock()
	defer k.mu.Unlock()
	last := len(k.idle) - 1
	conn := k.idle[last]
	k.idle = k.idle[:last]
	return conn
}

func (k *connection) giveBack(conn *session) {
	k.mu.Lock()
	if conn != nil {
		k.idle = append(k.idle, conn)
	} else { // behind those that are there
		k.idle = append([]*session{nil}, k.idle...)
	}
	k.mu.Unlock()
	k.free <- struct{}{}
}

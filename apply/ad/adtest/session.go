package adtest

import (
	"bufio"
	"crypto/subtle"
	"net"
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// session is one connection. Requests are answered strictly in their order.
type session struct {
	server *Server
	conn   net.Conn
	in     *bufio.Reader
	out    *bufio.Writer
	secure bool // TLS is spoken
	bound  bool
	lives  int                // the deaths of the server before it
	pages  map[string][]found // the rest of paged results, by cookie
	cookie int
}

// newSession begins a session. Active Directory just closes
// the connection on a packet that it cannot read, and so does this one.
func newSession(s *Server, conn net.Conn, secure bool) *session {
	return &session{
		server: s, conn: conn, in: bufio.NewReader(conn), out: bufio.NewWriter(conn),
		secure: secure, lives: s.faults.lived(), pages: map[string][]found{},
	}
}

// serve answers requests until the connection ends.
func (s *session) serve() {
	for {
		m, err := readMessage(s.in)
		if err != nil || s.server.faults.died(s.lives) {
			return
		}
		if !s.answer(m) || s.out.Flush() != nil {
			return
		}
	}
}

// answer handles one request and reports whether the connection goes on.
func (s *session) answer(m *message) bool {
	if r := unknownCritical(m.controls); r != nil {
		return s.send(m.id, resultPacket(answerTag(m.op.Tag), r))
	}
	switch m.op.Tag {
	case ldap.ApplicationUnbindRequest:
		return false
	case ldap.ApplicationAbandonRequest:
		return true // in strict order there is never anything left to abandon
	case ldap.ApplicationBindRequest:
		return s.send(m.id, resultPacket(ldap.ApplicationBindResponse, s.bind(m.op)))
	case ldap.ApplicationSearchRequest:
		return s.search(m)
	case ldap.ApplicationAddRequest, ldap.ApplicationDelRequest, ldap.ApplicationModifyRequest, ldap.ApplicationModifyDNRequest:
		return s.write(m)
	default:
		return s.extended(m)
	}
}

func (s *session) send(id int64, op *ber.Packet) bool {
	_, err := s.out.Write(envelope(id, op).Bytes())
	return err == nil
}

// answerTag is the tag of the answer to a request.
func answerTag(request ber.Tag) ber.Tag {
	if request == ldap.ApplicationSearchRequest {
		return ldap.ApplicationSearchResultDone
	}
	return request + 1
}

func unknownCritical(controls []control) *refusal {
	for _, c := range controls {
		if c.critical && c.oid != ldap.ControlTypePaging && c.oid != ldap.ControlTypeDirSync {
			return refuse(12, "control %s is not supported", c.oid)
		}
	}
	return nil
}

// bind checks a simple bind. Only the administrator can; an empty password is an
// anonymous bind, which leaves nothing allowed but the rootDSE.
func (s *session) bind(op *ber.Packet) *refusal {
	s.bound = false
	parts, err := children(op, 3)
	if err != nil || parts[2].ClassType != ber.ClassContext {
		return refuse(2, "malformed bind")
	}
	if parts[2].Tag != 0 {
		return refuse(7, "only simple binds are supported")
	}
	name, password := text(parts[1]), text(parts[2])
	if password == "" {
		return nil
	}
	if !s.secure {
		return refuse(8, "BindSimple: Transport encryption required.")
	}
	s.server.dir.mu.Lock()
	defer s.server.dir.mu.Unlock()
	if !s.server.dir.isAdmin(name) || subtle.ConstantTimeCompare([]byte(password), []byte(s.server.password)) != 1 {
		return refuse(49, "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data 52e, v1db1")
	}
	s.bound = true
	return nil
}

// isAdmin understands a DN, a GUID, DOMAIN\name and name@domain.
func (d *directory) isAdmin(name string) bool {
	if n, r := d.find(name); r == nil {
		return n == d.admin
	}
	if _, user, ok := strings.Cut(name, `\`); ok {
		return strings.EqualFold(user, "Administrator")
	}
	user, _, ok := strings.Cut(name, "@")
	return ok && strings.EqualFold(user, "Administrator")
}

// errUnbound is the answer to any operation before a bind.
func errUnbound() *refusal {
	return refuse(1, "00002020: Operation unavailable without authentication")
}

// write carries out a change, with the fault that was ordered for it.
func (s *session) write(m *message) bool {
	tag := answerTag(m.op.Tag)
	if !s.bound {
		return s.send(m.id, resultPacket(tag, errUnbound()))
	}
	fault := s.server.faults.strike()
	if fault != nil && fault.Stay {
		s.server.mu.Lock()
		defer func() { s.server.closeConns(); s.server.mu.Unlock() }()
	}
	if fault != nil && fault.Kind == LostRequest {
		return false
	}
	if fault != nil && fault.Kind == Refused {
		return s.send(m.id, resultPacket(tag, refuse(fault.Code, "refused on request of the test")))
	}
	s.server.dir.mu.Lock()
	if fault == nil && s.server.faults.died(s.lives) {
		s.server.dir.mu.Unlock()
		return false
	}
	r, err := s.server.dir.change(m.op)
	s.server.dir.mu.Unlock()
	if err != nil {
		return false
	}
	if fault != nil {
		return fault.Kind == NoAnswer
	}
	return s.send(m.id, resultPacket(tag, r))
}

// change reads a write request and carries it out.
func (d *directory) change(op *ber.Packet) (*refusal, error) {
	if op.Tag == ldap.ApplicationDelRequest {
		return d.remove(text(op)), nil
	}
	parts, err := children(op, 2)
	if err != nil {
		return nil, err
	}
	dn := text(parts[0])
	switch op.Tag {
	case ldap.ApplicationAddRequest:
		var attributes []attributeValues
		for _, p := range parts[1].Children {
			a, err := parseAttribute(p)
			if err != nil {
				return nil, err
			}
			attributes = append(attributes, a)
		}
		return d.add(dn, attributes), nil
	case ldap.ApplicationModifyRequest:
		var steps []modification
		for _, p := range parts[1].Children {
			step, err := parseModification(p)
			if err != nil {
				return nil, err
			}
			steps = append(steps, step)
		}
		return d.modify(dn, steps), nil
	default:
		if len(parts) < 3 {
			return nil, errMalformed
		}
		var superior *string
		if len(parts) > 3 {
			name := text(parts[3])
			superior = &name
		}
		return d.rename(dn, text(parts[1]), strings.Trim(text(parts[2]), "\x00") != "", superior), nil
	}
}

func parseModification(p *ber.Packet) (modification, error) {
	parts, err := children(p, 2)
	if err != nil {
		return modification{}, err
	}
	kind, err := integer(parts[0])
	if err != nil {
		return modification{}, err
	}
	a, err := parseAttribute(parts[1])
	return modification{kind, a}, err
}

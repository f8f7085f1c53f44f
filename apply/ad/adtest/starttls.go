package adtest

import (
	"bufio"
	"crypto/tls"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// extended answers an extended request. StartTLS (RFC 4511 section 4.14) is the only one
// that is understood: the answer goes out in the clear, and everything after it is TLS.
func (s *session) extended(m *message) bool {
	name := ""
	if len(m.op.Children) > 0 {
		name = text(m.op.Children[0])
	}
	switch {
	case name != oidStartTLS:
		return s.send(m.id, resultPacket(ldap.ApplicationExtendedResponse, refuse(2, "Extended Operation(%s) not supported", name)))
	case s.secure:
		return s.send(m.id, extendedPacket(refuse(1, "TLS is already in use"), oidStartTLS))
	}
	if !s.send(m.id, extendedPacket(nil, oidStartTLS)) || s.out.Flush() != nil {
		return false
	}
	conn := tls.Server(s.conn, s.server.tls)
	if conn.Handshake() != nil {
		return false
	}
	s.conn, s.in, s.out, s.secure = conn, bufio.NewReader(conn), bufio.NewWriter(conn), true
	return true
}

// extendedPacket makes an answer to an extended request that names what it answers.
func extendedPacket(r *refusal, oid string) *ber.Packet {
	p := resultPacket(ldap.ApplicationExtendedResponse, r)
	p.AppendChild(ber.NewString(ber.ClassContext, ber.TypePrimitive, 10, oid, ""))
	return p
}

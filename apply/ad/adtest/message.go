package adtest

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// maxMessage is the largest request in bytes. Samba takes 16 MB; nothing that
// orgit sends comes near one.
const maxMessage = 1 << 20

// message is one request of the protocol (RFC 4511 section 4.1.1).
type message struct {
	id       int64
	op       *ber.Packet
	controls []control
}

// control is a request control, still undecoded.
type control struct {
	oid      string
	critical bool
	value    []byte
}

// errMalformed is a packet that is no LDAP message.
var errMalformed = errors.New("malformed LDAP message")

// readMessage reads the next request. The length is checked before anything of
// that size is reserved.
func readMessage(r *bufio.Reader) (*message, error) {
	raw, err := readElement(r)
	if err != nil {
		return nil, err
	}
	packet, err := ber.DecodePacketErr(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", errMalformed, err)
	}
	return parseMessage(packet)
}

// readElement reads the bytes of one SEQUENCE of definite length.
func readElement(r *bufio.Reader) ([]byte, error) {
	head, err := r.Peek(2)
	if err != nil {
		return nil, err
	}
	if head[0] != 0x30 {
		return nil, fmt.Errorf("%w: begins with byte %#x", errMalformed, head[0])
	}
	size, skip := int(head[1]), 2
	if size >= 0x80 {
		n := size - 0x80
		if n == 0 || n > 4 {
			return nil, fmt.Errorf("%w: length of %d bytes", errMalformed, n)
		}
		skip += n
		if head, err = r.Peek(skip); err != nil {
			return nil, err
		}
		size = 0
		for _, b := range head[2:] {
			size = size<<8 | int(b)
		}
	}
	if size > maxMessage {
		return nil, fmt.Errorf("%w: %d bytes are more than %d", errMalformed, size, maxMessage)
	}
	raw := make([]byte, skip+size)
	_, err = io.ReadFull(r, raw)
	return raw, err
}

func parseMessage(p *ber.Packet) (*message, error) {
	if len(p.Children) < 2 || len(p.Children) > 3 {
		return nil, errMalformed
	}
	id, err := integer(p.Children[0])
	if err != nil {
		return nil, err
	}
	m := &message{id: id, op: p.Children[1]}
	if m.op.ClassType != ber.ClassApplication {
		return nil, errMalformed
	}
	if len(p.Children) == 3 {
		for _, c := range p.Children[2].Children {
			parsed, err := parseControl(c)
			if err != nil {
				return nil, err
			}
			m.controls = append(m.controls, parsed)
		}
	}
	return m, nil
}

func parseControl(p *ber.Packet) (control, error) {
	if len(p.Children) < 1 || len(p.Children) > 3 {
		return control{}, errMalformed
	}
	c := control{oid: text(p.Children[0])}
	for _, part := range p.Children[1:] {
		if part.ClassType == ber.ClassUniversal && part.Tag == ber.TagBoolean {
			// Samba takes 0xFF for true and nothing else.
			c.critical = text(part) == "\xff"
		} else {
			c.value = []byte(text(part))
		}
	}
	return c, nil
}

// text is the content of a primitive element.
func text(p *ber.Packet) string {
	if p.Data == nil {
		return ""
	}
	return p.Data.String()
}

func integer(p *ber.Packet) (int64, error) {
	if p.Data == nil || p.Data.Len() == 0 || p.Data.Len() > 8 {
		return 0, errMalformed
	}
	return ber.ParseInt64(p.Data.Bytes())
}

// children gives the n first children of p, or an error when there are fewer.
func children(p *ber.Packet, n int) ([]*ber.Packet, error) {
	if len(p.Children) < n {
		return nil, errMalformed
	}
	return p.Children, nil
}

// attributeValues is an attribute with values, as add and modify carry it.
type attributeValues struct {
	name   string
	values []string
}

// parseAttribute reads PartialAttribute (RFC 4511 section 4.1.7).
func parseAttribute(p *ber.Packet) (attributeValues, error) {
	parts, err := children(p, 2)
	if err != nil {
		return attributeValues{}, err
	}
	a := attributeValues{name: text(parts[0])}
	for _, v := range parts[1].Children {
		a.values = append(a.values, text(v))
	}
	return a, nil
}

// envelope makes an LDAPMessage with the operation in it.
func envelope(id int64, op *ber.Packet) *ber.Packet {
	p := ber.NewSequence("message")
	p.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, "id"))
	p.AppendChild(op)
	return p
}

// resultPacket makes an answer that consists of an LDAPResult.
func resultPacket(tag ber.Tag, r *refusal) *ber.Packet {
	code, reason := uint16(ldap.LDAPResultSuccess), ""
	if r != nil {
		code, reason = r.code, r.text
	}
	op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tag, nil, "result")
	op.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, int64(code), "code"))
	op.AppendChild(octets("")) // Samba never fills matchedDN
	op.AppendChild(octets(reason))
	return op
}

func octets(s string) *ber.Packet {
	return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, s, "")
}

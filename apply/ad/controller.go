package ad

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/plan"
)

// Resolver finds the domain's controllers. *net.Resolver is one.
type Resolver interface {
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
}

// run is what the connections of one run have in common: they go to one domain
// controller, since another one may not know yet what was just written.
type run struct {
	mu         sync.Mutex
	controller *endpoint // nil before the first connection

	known map[plan.ID]string // handles that the reader saw; nil when it has not read
}

// endpoint is where a domain controller answers.
type endpoint struct {
	host, port string
	startTLS   bool
	address    string // of the one that answered first, where the name has several
}

// parseEndpoint reads an address such as ldaps://dc1.korsbaek.example:636.
func parseEndpoint(address string) (endpoint, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "ldaps" && u.Scheme != "ldap" {
		return endpoint{}, fmt.Errorf("%w: %q is not the address of a directory, such as ldaps://dc1.korsbaek.example, or ldap:// for StartTLS",
			ErrNotConfigured, address)
	}
	e := endpoint{host: u.Hostname(), port: u.Port(), startTLS: u.Scheme == "ldap"}
	if e.port == "" {
		e.port = map[bool]string{false: ldap.DefaultLdapsPort, true: ldap.DefaultLdapPort}[e.startTLS]
	}
	return e, nil
}

// connect makes a connection to the run's controller, by way of try. The first one chooses
// it: of those that DNS names, the first that answers. When that one is gone, so is the run.
func (r *run) connect(ctx context.Context, c Config,
	try func(context.Context, endpoint) (*session, endpoint, error)) (*session, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.controller != nil {
		conn, _, err := try(ctx, *r.controller)
		return conn, err
	}
	candidates, err := c.controllers(ctx)
	if err != nil {
		return nil, err
	}
	var all error
	for _, e := range candidates {
		conn, reached, err := try(ctx, e)
		if err == nil {
			r.controller = &reached
			return conn, nil
		}
		if len(candidates) > 1 {
			err = fmt.Errorf("%s: %w", e.host, err)
		}
		all = errors.Join(all, err)
		if !isLost(err) {
			break // it answered: asking others the same would only lock the account
		}
	}
	return nil, all
}

// controllers are the domain controllers that may be used, the one to be tried first first.
func (c Config) controllers(ctx context.Context) ([]endpoint, error) {
	if c.URL != "" {
		e, err := parseEndpoint(c.URL)
		return []endpoint{e}, err
	}
	records, err := c.lookup(ctx)
	if err != nil {
		return nil, err
	}
	var list []endpoint
	for _, r := range inOrder(records, c.Random) {
		// The records name the port of LDAP without TLS; LDAPS has no records in Active Directory.
		list = append(list, endpoint{host: strings.TrimSuffix(r.Target, "."), port: ldap.DefaultLdapsPort})
	}
	return list, nil
}

// lookup asks DNS for the domain's controllers.
func (c Config) lookup(ctx context.Context) ([]*net.SRV, error) {
	_, records, err := c.Resolver.LookupSRV(ctx, "ldap", "tcp", "dc._msdcs."+c.DNSName)
	if err != nil && len(records) == 0 {
		return nil, fmt.Errorf("%w: DNS names no domain controller of %s (SRV records of _ldap._tcp.dc._msdcs.%s); "+
			"correct %s.domain, or give %s.url: %w", apply.ErrUnreachable, c.DNSName, c.DNSName, c.Domain.setting(), c.Domain.setting(), err)
	}
	records = slices.DeleteFunc(slices.Clone(records), func(r *net.SRV) bool { return strings.Trim(r.Target, ".") == "" })
	if len(records) == 0 {
		return nil, fmt.Errorf("%w: the domain %s has no domain controllers in DNS", apply.ErrUnreachable, c.DNSName)
	}
	return records, nil
}

// inOrder puts SRV records into the order of RFC 2782: by priority, and among equal ones
// by chance, in proportion to their weights. With the same chance the order is the same,
// whatever the order in which DNS gave them.
func inOrder(records []*net.SRV, random func(n int) int) []*net.SRV {
	left := slices.SortedFunc(slices.Values(records), func(a, b *net.SRV) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.Weight, b.Weight),
			strings.Compare(a.Target, b.Target), cmp.Compare(a.Port, b.Port))
	})
	var list []*net.SRV
	for len(left) > 0 {
		same := slices.IndexFunc(left, func(r *net.SRV) bool { return r.Priority != left[0].Priority })
		if same < 0 {
			same = len(left)
		}
		i := pick(left[:same], random)
		list = append(list, left[i])
		left = slices.Delete(left, i, i+1)
	}
	return list
}

// pick chooses one of several records of one priority.
func pick(records []*net.SRV, random func(n int) int) int {
	total := 0
	for _, r := range records {
		total += int(r.Weight)
	}
	at := random(total + 1)
	for i, r := range records {
		if at -= int(r.Weight); at <= 0 {
			return i
		}
	}
	return len(records) - 1
}

// reachTimeout bounds the connection alone, so that a controller that is switched off does
// not use up the time of the next one.
const reachTimeout = 10 * time.Second

// dial connects with TLS. Nothing but the wish for TLS is ever sent without it.
func (e endpoint) dial(ctx context.Context, roots *x509.CertPool) (net.Conn, error) {
	to := e.address
	if to == "" {
		to = net.JoinHostPort(e.host, e.port)
	}
	config := &tls.Config{ServerName: e.host, RootCAs: roots, MinVersion: tls.VersionTLS12}
	raw, err := (&net.Dialer{Timeout: reachTimeout}).DialContext(ctx, "tcp", to)
	if err != nil {
		return nil, err
	}
	if e.startTLS {
		if err := askForTLS(ctx, raw); err != nil {
			return nil, errors.Join(err, raw.Close())
		}
	}
	secured := tls.Client(raw, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = raw.Close() // what the handshake says is what matters
		return nil, err
	}
	return secured, nil
}

// oidStartTLS is the extended operation of RFC 4511 section 4.14.
const oidStartTLS = "1.3.6.1.4.1.1466.20037"

// maxTLSAnswer bounds the answer to StartTLS in bytes: it is read before anybody knows who
// sent it.
const maxTLSAnswer = 64 << 10

// askForTLS sends StartTLS and reads the answer, and not a byte more: what follows is TLS.
// The library's own StartTLS loses the reason why a certificate is refused.
func askForTLS(ctx context.Context, raw net.Conn) error {
	if deadline, ok := ctx.Deadline(); ok {
		if err := raw.SetDeadline(deadline); err != nil {
			return err
		}
	}
	envelope := ber.NewSequence("LDAPMessage")
	envelope.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, 1, "messageID"))
	request := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationExtendedRequest, nil, "StartTLS")
	request.AppendChild(ber.NewString(ber.ClassContext, ber.TypePrimitive, 0, oidStartTLS, "requestName"))
	envelope.AppendChild(request)
	if _, err := raw.Write(envelope.Bytes()); err != nil {
		return err
	}
	answer, err := ber.ReadPacket(io.LimitReader(raw, maxTLSAnswer))
	if err != nil {
		return fmt.Errorf("read the answer to StartTLS: %w", err)
	}
	if err := ldap.GetLDAPError(answer); err != nil {
		return fmt.Errorf("%w: the controller does not begin TLS on this port (StartTLS); give an address with ldaps://: %s",
			ErrNotConfigured, "result code "+strconv.Itoa(int(code(err))))
	}
	return raw.SetDeadline(time.Time{})
}

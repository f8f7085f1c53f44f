package fkorgtest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/c14n"
	"orgit.dk/orgit/internal/soap/wss"
)

// EntityID is what the service is called in tokens. It has a 3 in both environments, also for version 6.
const EntityID = "http://stoettesystemerne.dk/service/organisation/3"

// issuer is the entity ID of the token service: the one of KOMBIT's external test environment, so that settings for that
// one reach the stand-in when the environment variables say where it is. What makes its tokens worthless elsewhere is
// their signature.
const issuer = "https://saml.n2adgangsstyring.eksterntest-stoettesystemerne.dk/runtime"

// allowedSkew is how far a client's clock may be off.
const allowedSkew = 5 * time.Minute

// Security switches the security layer on: services want a token and a signature, and sign their answers.
type Security struct {
	// Agreements are the municipalities that have approved a service agreement for the registered systems, by CVR number.
	Agreements map[string]Agreement
	// PrefixList is put into every canonicalization of the services' answers.
	PrefixList []string
}

// Agreement is what a service agreement allows.
type Agreement struct {
	ReadOnly bool // the role Udstil without Rediger: writes are refused (41)
}

// securityLayer is what the services prove themselves and their callers with. All keys are made when it starts and
// are gone when it ends.
type securityLayer struct {
	service, stranger wss.Identity
	prefixes          []string
	clock             func() time.Time
	tokens            *TokenService

	replays *wss.Replays
	mu      sync.Mutex
	clients []*x509.Certificate // registered
}

// startSecurity makes the keys and starts the token service.
func (s *Server) startSecurity(o Security) error {
	l, err := newSecurity(o, s.now)
	if err != nil {
		return fmt.Errorf("start the stand-in for FK Organisation: %w", err)
	}
	s.security, l.tokens.url = l, strings.TrimSuffix(s.url, "/organisation/")+tokenPath
	return l.tokens.listen()
}

func (s *Server) closeSecurity() error {
	if s.security == nil {
		return nil
	}
	return s.security.tokens.rest.http.Close()
}

func newSecurity(o Security, clock func() time.Time) (*securityLayer, error) {
	l := &securityLayer{prefixes: o.PrefixList, clock: clock, replays: wss.NewReplays()}
	var err error
	if l.service, err = newIdentity("FKORGTEST Organisation", clock()); err != nil {
		return nil, err
	}
	if l.stranger, err = newIdentity("FKORGTEST Stranger", clock()); err != nil {
		return nil, err
	}
	l.tokens, err = newTokenService(l, o.Agreements)
	return l, err
}

// newIdentity makes a key with a certificate, valid for some years around a time.
func newIdentity(name string, now time.Time) (wss.Identity, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return wss.Identity{}, err
	}
	return certify(name, key, now)
}

func certify(name string, key *rsa.PrivateKey, now time.Time) (wss.Identity, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 100))
	if err != nil {
		return wss.Identity{}, err
	}
	ski := sha256.Sum256(x509.MarshalPKCS1PublicKey(&key.PublicKey))
	template := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: name, Organization: []string{"Throw-away keys"}}, SubjectKeyId: ski[:20],
		NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(20, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return wss.Identity{}, err
	}
	c, err := x509.ParseCertificate(der)
	return wss.Identity{Certificate: c, Key: key}, err
}

// NewClient makes a system's certificate with its key and registers it, as the Administrationsmodul does.
func (s *Server) NewClient(name string) (wss.Identity, error) {
	i, err := newIdentity(name, s.now())
	if err != nil {
		return i, fmt.Errorf("make a client certificate: %w", err)
	}
	s.security.mu.Lock()
	defer s.security.mu.Unlock()
	s.security.clients = append(s.security.clients, i.Certificate)
	return i, nil
}

// ServiceCertificate is what the services sign their answers with.
func (s *Server) ServiceCertificate() *x509.Certificate { return s.security.service.Certificate }

// Tokens is the token service; nil without security.
func (s *Server) Tokens() *TokenService {
	if s.security == nil {
		return nil
	}
	return s.security.tokens
}

// now is the time on the server's clock.
func (s *Server) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock()
}

func (l *securityLayer) registered() []*x509.Certificate {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.clients)
}

// caller is who makes a request, as the token says.
type caller struct {
	cvr      string
	readOnly bool
}

// securityFault is a fault about a message's security. Faults are not signed.
func securityFault(subcode, format string, args ...any) *fault {
	return &fault{http: http.StatusInternalServerError, code: "Sender", subcode: subcode, reason: fmt.Sprintf(format, args...)}
}

// admit opens a request and, where there is security, proves it.
func (s *Server) admit(data []byte) (soap.Message, caller, *fault) {
	if s.security == nil {
		m, err := soap.Open(data)
		if err != nil {
			return m, caller{}, senderFault("%v", err)
		}
		return m, caller{cvr: s.opts.CVR}, nil
	}
	return s.security.admit(data)
}

func (l *securityLayer) admit(data []byte) (soap.Message, caller, *fault) {
	now := l.clock()
	var token *wss.Assertion
	keys := wss.HolderOfKey(l.tokens.Certificates(), now, func(a *wss.Assertion) error {
		token = a
		return acceptToken(a, now)
	})
	p, err := wss.Prove(data, keys, now, allowedSkew)
	if err != nil {
		return soap.Message{}, caller{}, securityFault("wsse:InvalidSecurityToken", "%v", err)
	}
	if err := covered(p, "Action", "MessageID", "To"); err != nil {
		return soap.Message{}, caller{}, securityFault("wsse:InvalidSecurity", "%v", err)
	}
	if !p.Covers(p.Security.Only(wss.NamespaceSAML, "Assertion")) {
		return soap.Message{}, caller{}, securityFault("wsse:InvalidSecurity", "the token is not signed")
	}
	m, err := soap.FromTree(p.Tree(), data)
	if err != nil {
		return m, caller{}, senderFault("%v", err)
	}
	if l.replays.Seen(m.MessageID, now, p.Expires.Add(allowedSkew)) {
		return m, caller{}, securityFault("wsse:InvalidSecurity", "this MessageID was seen before")
	}
	cvr := strings.Join(token.Attributes[attributeCVR], " ")
	agreement, ok := l.tokens.agreement(cvr)
	if !ok {
		return m, caller{}, securityFault("wsse:FailedAuthentication", "there is no agreement for %s", cvr)
	}
	return m, caller{cvr: cvr, readOnly: agreement.ReadOnly}, nil
}

// acceptToken judges what a token says.
func acceptToken(a *wss.Assertion, now time.Time) error {
	switch {
	case a.Issuer != issuer || !slices.Equal(a.Audiences, []string{EntityID}) || a.Recipient != EntityID:
		return errors.New("the token is for another service")
	case now.Add(allowedSkew).Before(a.NotBefore) || !now.Before(a.NotOnOrAfter):
		return errors.New("the token has expired or does not hold yet")
	}
	return nil
}

// covered checks that headers are there and signed; ReplyTo may be absent.
func covered(p *wss.Proof, locals ...string) error {
	for _, local := range append(locals, "ReplyTo") {
		h, err := p.Header(soap.NamespaceAddressing, local)
		if err != nil {
			return err
		}
		if h == nil && local != "ReplyTo" {
			return fmt.Errorf("header %s is missing", local)
		}
	}
	return nil
}

// textAt follows a path of elements, each of which must be the only one with its name.
func textAt(e *c14n.Element, space string, locals ...string) string {
	for _, local := range locals {
		e = e.Only(space, local)
	}
	return e.Text()
}

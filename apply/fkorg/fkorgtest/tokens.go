package fkorgtest

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"maps"
	"sync"
	"time"

	"orgit.dk/orgit/internal/soap/wss"
)

// attributeCVR names the municipality in a token.
const attributeCVR = "dk:gov:saml:attribute:CvrNumberIdentifier"

// usualLifetime is a token's, when nothing or nonsense is wished for.
const usualLifetime = 8 * time.Hour

// TokenService is the stand-in for SF1514. It issues tokens in both ways: see URL and RESTURL.
type TokenService struct {
	layer *securityLayer
	url   string
	rest  *restListener

	mu         sync.Mutex
	keys       []wss.Identity // the last one signs
	agreements map[string]Agreement
	lifetime   time.Duration // of every token; 0: as wished for
	trouble    func() TokenTrouble
	issued     int
}

// TokenTrouble is what goes wrong with one request for a token. The zero value: nothing.
type TokenTrouble struct {
	HTTPStatus int                 // answered with this status and a page of HTML
	Code       string              // answered with a fault that has this code
	Forgery    Forgery             // of the answer to a SOAP request: Genuine, WrongRelatesTo, Stranger, Unsigned, Skewed
	Draft      func(*Draft)        // changes the token before it is signed
	Token      func(string) string // changes it afterwards
}

// Draft is a token before it is signed.
type Draft struct {
	Issuer, Audience, Recipient, CVR string
	Holder                           *x509.Certificate
	NotBefore, NotOnOrAfter          time.Time
	Privileges                       []string
	Signer                           wss.Identity
}

func newTokenService(l *securityLayer, agreements map[string]Agreement) (*TokenService, error) {
	t := &TokenService{layer: l, agreements: map[string]Agreement{}}
	maps.Copy(t.agreements, agreements)
	key, err := newIdentity("FKORGTEST Adgangsstyring", l.clock())
	t.keys = []wss.Identity{key}
	return t, err
}

// Issuer is the token service's entity ID.
func (t *TokenService) Issuer() string { return issuer }

// URL takes WS-Trust requests.
func (t *TokenService) URL() string { return t.url }

// Certificates are what tokens may be signed with, the newest last.
func (t *TokenService) Certificates() []*x509.Certificate {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []*x509.Certificate
	for _, k := range t.keys {
		out = append(out, k.Certificate)
	}
	return out
}

// Rollover makes the token service sign with a new key from now on. Tokens signed with the old ones hold on.
func (t *TokenService) Rollover() error {
	key, err := newIdentity("FKORGTEST Adgangsstyring (new)", t.layer.clock())
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.keys = append(t.keys, key)
	return nil
}

// SetAgreement changes what a municipality has approved; nil takes it back.
func (t *TokenService) SetAgreement(cvr string, a *Agreement) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.agreements, cvr)
	if a != nil {
		t.agreements[cvr] = *a
	}
}

func (t *TokenService) agreement(cvr string) (Agreement, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	a, ok := t.agreements[cvr]
	return a, ok
}

// SetLifetime makes every token live so long, whatever is wished for; 0 ends it.
func (t *TokenService) SetLifetime(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lifetime = d
}

// SetTrouble asks f before every request what shall go wrong with it; nil ends it.
func (t *TokenService) SetTrouble(f func() TokenTrouble) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.trouble = f
}

func (t *TokenService) troubleNow() TokenTrouble {
	t.mu.Lock()
	f := t.trouble
	t.mu.Unlock()
	if f == nil {
		return TokenTrouble{}
	}
	return f()
}

// Issued tells how many tokens were issued.
func (t *TokenService) Issued() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.issued
}

// wish is a request for a token, in whichever way it came.
type wish struct {
	cvr, appliesTo string
	holder         *x509.Certificate
	lifetime       time.Duration // 0: none
}

// tokenFault is what the token service says instead of giving a token.
type tokenFault struct {
	code, text string
}

// issue judges a wish and makes the token.
func (t *TokenService) issue(w wish, trouble TokenTrouble) (string, *tokenFault) {
	a, ok := t.agreement(w.cvr)
	switch {
	case trouble.Code != "":
		return "", &tokenFault{trouble.Code, "trouble that was asked for"}
	case w.appliesTo != EntityID:
		return "", &tokenFault{"101", "unknown service " + w.appliesTo}
	case !eightDigits.MatchString(w.cvr):
		return "", &tokenFault{"103", "the request does not name exactly one CVR number"}
	case !ok:
		return "", &tokenFault{"", "ServiceAgreementNotFound"}
	}
	now := t.layer.clock()
	d := Draft{Issuer: issuer, Audience: EntityID, Recipient: EntityID, CVR: w.cvr, Holder: w.holder, NotBefore: now, NotOnOrAfter: now.Add(t.life(w.lifetime)),
		Privileges: []string{"http://stoettesystemerne.dk/roles/servicesystemrole/udstil/1"}, Signer: t.signer()}
	if !a.ReadOnly {
		d.Privileges = append(d.Privileges, "http://stoettesystemerne.dk/roles/servicesystemrole/rediger/1")
	}
	if trouble.Draft != nil {
		trouble.Draft(&d)
	}
	token, err := d.token()
	if err != nil {
		return "", &tokenFault{"100", err.Error()}
	}
	if trouble.Token != nil {
		token = trouble.Token(token)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.issued++
	return token, nil
}

func (t *TokenService) signer() wss.Identity {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.keys[len(t.keys)-1]
}

// life is how long a token lives: a wish over eight hours or under a minute gives eight hours.
func (t *TokenService) life(wished time.Duration) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.lifetime != 0:
		return t.lifetime
	case wished < time.Minute || wished > usualLifetime:
		return usualLifetime
	}
	return wished
}

// token writes and signs the assertion. It uses the default namespace, as the real ones do.
func (d Draft) token() (string, error) {
	moment := func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
	attribute := func(name, value string) string {
		return `<Attribute Name="` + name + `" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic"><AttributeValue>` + value + `</AttributeValue></Attribute>`
	}
	privileges := `<?xml version="1.0" encoding="UTF-8"?><bpp:PrivilegeList xmlns:bpp="http://itst.dk/oiosaml/basic_privilege_profile"><PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:` + d.CVR + `">`
	for _, p := range d.Privileges {
		privileges += `<Privilege>` + p + `</Privilege>`
	}
	privileges += `</PrivilegeGroup></bpp:PrivilegeList>`
	text := fmt.Sprintf(`<Assertion xmlns="%s" ID="_%s" IssueInstant="%s" Version="2.0"><Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">%s</Issuer>`+
		`<Subject><NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName">%s</NameID>`+
		`<SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"><SubjectConfirmationData xmlns:a="http://www.w3.org/2001/XMLSchema-instance" a:type="KeyInfoConfirmationDataType" NotBefore="%s" NotOnOrAfter="%s" Recipient="%s">`+
		`<KeyInfo xmlns="%s"><X509Data><X509Certificate>%s</X509Certificate></X509Data></KeyInfo></SubjectConfirmationData></SubjectConfirmation></Subject>`+
		`<Conditions NotBefore="%[6]s" NotOnOrAfter="%[7]s"><AudienceRestriction><Audience>%[11]s</Audience></AudienceRestriction></Conditions><AttributeStatement>`,
		wss.NamespaceSAML, rand.Text(), moment(d.NotBefore), d.Issuer, d.Holder.Subject.CommonName, moment(d.NotBefore), moment(d.NotOnOrAfter), d.Recipient,
		wss.NamespaceSignature, base64Of(wss.Identity{Certificate: d.Holder}), d.Audience)
	text += attribute(attributeCVR, d.CVR) + attribute("dk:gov:saml:attribute:AssuranceLevel", "3") + attribute("dk:gov:saml:attribute:SpecVer", "DK-SAML-2.0") +
		attribute("dk:gov:saml:attribute:Privileges_intermediate", base64.StdEncoding.EncodeToString([]byte(privileges))) + `</AttributeStatement></Assertion>`
	signed, err := d.Signer.SignAssertion([]byte(text))
	return string(signed), err
}

// base64Of is a certificate as it stands in messages.
func base64Of(i wss.Identity) string { return base64.StdEncoding.EncodeToString(i.Certificate.Raw) }

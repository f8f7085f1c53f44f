package fkorgtest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/wss"
)

// secured is a stand-in with security, a registered client, and what makes a request.
type secured struct {
	t      *testing.T
	srv    *Server
	client wss.Identity
	now    time.Time
	ids    int
}

func newSecured(t *testing.T) *secured {
	t.Helper()
	s := &secured{t: t, now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
	srv, err := Start(Options{Clock: func() time.Time { return s.now }, Security: &Security{Agreements: map[string]Agreement{"12345678": {}, "87654321": {ReadOnly: true}}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
	s.srv = srv
	if s.client, err = srv.NewClient("client"); err != nil {
		t.Fatal(err)
	}
	return s
}

// token is a token as the token service would make it, unless change says otherwise.
func (s *secured) token(cvr string, change func(*Draft)) []byte {
	s.t.Helper()
	token, f := s.srv.Tokens().issue(wish{cvr: cvr, appliesTo: EntityID, holder: s.client.Certificate}, TokenTrouble{Draft: change})
	if f != nil {
		s.t.Fatal(f)
	}
	return []byte(token)
}

// search is a request that finds nothing.
func (s *secured) search() []byte {
	s.ids++
	body := `<o:SoegInput xmlns:o="` + namespace("adresse") + `"><o:AttributListe></o:AttributListe><o:TilstandListe></o:TilstandListe><o:RelationListe></o:RelationListe></o:SoegInput>`
	return soap.Envelope(soap.Request{URL: s.srv.URL() + "adresse/6/", Action: "http://kombit.dk/sts/organisation/adresse/soeg", Body: []byte(body)},
		soap.IDs{Message: fmt.Sprintf("urn:uuid:00000000-0000-4000-8000-%012d", s.ids), Transaction: "00000000-0000-4000-8000-000000000000"})
}

func (s *secured) sign(envelope, token []byte, by wss.Identity) []byte {
	s.t.Helper()
	signed, err := wss.Signing{Identity: by, Naming: wss.ByAssertion, Assertion: token}.Sign(envelope, s.now)
	if err != nil {
		s.t.Fatal(err)
	}
	return signed
}

// post gives what the service answers.
func (s *secured) post(message []byte) string {
	s.t.Helper()
	resp, err := http.Post(s.srv.URL()+"adresse/6/", "application/soap+xml; charset=utf-8", bytes.NewReader(message))
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(data)
}

// TestRequestsRefused: what a service must not let in.
func TestRequestsRefused(t *testing.T) {
	s := newSecured(t)
	stranger, err := newIdentity("stranger", s.now)
	if err != nil {
		t.Fatal(err)
	}
	draft := func(change func(*Draft)) func() []byte {
		return func() []byte { return s.sign(s.search(), s.token("12345678", change), s.client) }
	}
	good := draft(nil)
	changed := func(pairs ...string) func() []byte {
		return func() []byte {
			message := string(good())
			if !strings.Contains(message, pairs[0]) {
				t.Fatalf("the request has no %q", pairs[0])
			}
			return []byte(strings.NewReplacer(pairs...).Replace(message))
		}
	}
	tests := []struct {
		name    string
		request func() []byte
		want    string
	}{
		{"good", good, "<ns2:StatusKode>44<"},
		{"not signed", s.search, "not signed"},
		{"signed by another key than the token's", func() []byte { return s.sign(s.search(), s.token("12345678", nil), stranger) }, "not the one of certificate"},
		{"token of another issuer", draft(func(d *Draft) { d.Issuer = "urn:x" }), "another service"},
		{"token for another service", draft(func(d *Draft) { d.Audience = EntityID + "/" }), "another service"},
		{"token for another recipient", draft(func(d *Draft) { d.Recipient = "urn:x" }), "another service"},
		{"token signed by a stranger", draft(func(d *Draft) { d.Signer = stranger }), "not configured"},
		{"token ran out", draft(func(d *Draft) { d.NotOnOrAfter = s.now }), "expired"},
		{"no agreement any more", draft(func(d *Draft) { d.CVR = "11111111" }), "no agreement"},
		{"token changed", changed(">3<", ">4<"), "as it was signed"},
		{"action changed", changed("adresse/soeg</a:Action>", "adresse/list</a:Action>"), "Action (#action) is not as it was signed"},
		{"body changed", changed("</o:SoegInput>", "<o:x/></o:SoegInput>"), "Body (#body) is not as it was signed"},
		{"certificate instead of a token", func() []byte {
			signed, err := wss.Signing{Identity: s.client}.Sign(s.search(), s.now)
			if err != nil {
				t.Fatal(err)
			}
			return signed
		}, "Assertion"},
		{"old", func() []byte {
			signed, err := wss.Signing{Identity: s.client, Naming: wss.ByAssertion, Assertion: s.token("12345678", nil)}.Sign(s.search(), s.now.Add(-time.Hour))
			if err != nil {
				t.Fatal(err)
			}
			return signed
		}, "ran out"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if answer := s.post(tt.request()); !strings.Contains(answer, tt.want) {
				t.Errorf("want %q, got\n%s", tt.want, answer)
			}
		})
	}
	replayed := good()
	s.post(replayed)
	if answer := s.post(replayed); !strings.Contains(answer, "seen before") {
		t.Errorf("replayed: %s", answer)
	}
	if n := s.srv.Calls(Call{Operation: "soeg"}); n != 2 {
		t.Errorf("%d searches were made", n)
	}
}

// TestTokenRequestsRefused: what the token service must not give a token for.
func TestTokenRequestsRefused(t *testing.T) {
	s := newSecured(t)
	request := func(change ...string) []byte {
		s.ids++
		body := `<t:RequestSecurityToken xmlns:t="` + wst + `"><t:RequestType>` + wst + `/Issue</t:RequestType><t:TokenType>` + wss.TokenTypeSAML2 + `</t:TokenType><t:KeyType>` + wst + `/PublicKey</t:KeyType>` +
			`<p:AppliesTo xmlns:p="` + wsp + `"><a:EndpointReference xmlns:a="` + soap.NamespaceAddressing + `"><a:Address>` + EntityID + `</a:Address></a:EndpointReference></p:AppliesTo>` +
			`<t:Claims Dialect="` + claims + `/authclaims"><c:ClaimType xmlns:c="` + claims + `" Uri="` + attributeCVR + `"><c:Value>12345678</c:Value></c:ClaimType></t:Claims>` +
			`<t:UseKey><o:BinarySecurityToken xmlns:o="` + wss.NamespaceSecurity + `">` + base64Of(s.client) + `</o:BinarySecurityToken></t:UseKey></t:RequestSecurityToken>`
		return soap.Envelope(soap.Request{URL: s.srv.Tokens().URL(), Action: wst + "/RST/Issue", Body: []byte(strings.NewReplacer(change...).Replace(body)), Bare: true},
			soap.IDs{Message: fmt.Sprintf("urn:uuid:%d", s.ids)})
	}
	stranger, err := newIdentity("stranger", s.now)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name     string
		envelope []byte
		by       wss.Identity
		want     string
	}{
		{"good", request(), s.client, "RequestedSecurityToken"},
		{"not registered", request(), stranger, "not configured"},
		{"another key", request(base64Of(s.client), base64Of(stranger)), s.client, "UseKey"},
		{"bearer", request("/PublicKey", "/Bearer"), s.client, "KeyType"},
		{"slash too many", request(EntityID, EntityID+"/"), s.client, "ErrorCode>101<"},
		{"no municipality", request("12345678", ""), s.client, "exactly one CVR"},
		{"two municipalities", request("</t:Claims>", `<c:ClaimType xmlns:c="`+claims+`" Uri="`+attributeCVR+`"><c:Value>87654321</c:Value></c:ClaimType></t:Claims>`), s.client, "exactly one CVR"},
		{"no agreement", request("12345678", "11111111"), s.client, "ServiceAgreementNotFound"},
		{"another address", bytes.Replace(request(), []byte("certificatemixed"), []byte("x"), 1), s.client, "wsa:To"},
		{"another action", bytes.Replace(request(), []byte("/RST/Issue"), []byte("/RST/Renew"), 1), s.client, "unknown action"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			signed, err := wss.Signing{Identity: tt.by}.Sign(tt.envelope, s.now)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := http.Post(s.srv.Tokens().URL(), "application/soap+xml", bytes.NewReader(signed))
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			data, err := io.ReadAll(resp.Body)
			if err != nil || !strings.Contains(string(data), tt.want) {
				t.Errorf("want %q, got %v\n%s", tt.want, err, data)
			}
		})
	}
}

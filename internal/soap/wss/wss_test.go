package wss

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/c14n"
	"orgit.dk/orgit/internal/soap/xmltree"
	"orgit.dk/orgit/internal/testshared"
)

// moment is when the tests' messages are made.
var moment = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// testKey makes keys once: that takes time.
var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

var otherKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// identity makes a certificate of its own for a key, valid for a year around moment.
func identity(t testing.TB, name string, key *rsa.PrivateKey) Identity {
	t.Helper()
	ski := sha1.Sum(key.N.Bytes())
	template := &x509.Certificate{SerialNumber: big.NewInt(int64(len(name))), Subject: pkix.Name{CommonName: name}, SubjectKeyId: ski[:],
		NotBefore: moment.AddDate(0, -6, 0), NotAfter: moment.AddDate(0, 6, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return Identity{Certificate: c, Key: key}
}

// vector reads a signed sample message.
func vector(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(testshared.Dir(t), "samples", "fk-organisation", "signed", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func vectorCertificate(t testing.TB, name string) *x509.Certificate {
	t.Helper()
	block, _ := pem.Decode(vector(t, name))
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	c.NotBefore = vectorTime.AddDate(-1, 0, 0) // the messages are dated before their certificates
	return c
}

// vectorTime is when the sample messages were made.
var vectorTime = time.Date(2025, 6, 16, 7, 1, 0, 0, time.UTC)

// at gives a clock that stands still.
func at(t time.Time) func() time.Time { return func() time.Time { return t } }

// reading is what came of a message: what its signature covers, canonical, and what the program goes on with.
type reading struct {
	signed []string
	out    string
}

// vectors are the ways in which the sample messages are read.
func vectors(t testing.TB) map[string]func([]byte) (reading, error) {
	sts, wsp, client := vectorCertificate(t, "sts.cert.pem"), vectorCertificate(t, "wsp.cert.pem"), vectorCertificate(t, "client.cert.pem")
	answer := func(c *x509.Certificate, request string, replays func() *Replays) func([]byte) (reading, error) {
		return func(data []byte) (reading, error) {
			v := &Verifier{Certificates: []*x509.Certificate{c}, Now: at(vectorTime), Replays: replays()}
			m, err := v.Verify(data, soap.IDs{Message: request})
			if err == nil && m.Fault != nil {
				err = m.Fault
			}
			if err != nil {
				return reading{}, err
			}
			p, err := Prove(data, Configured(v.Certificates, vectorTime), vectorTime, DefaultSkew)
			if err != nil {
				return reading{}, err
			}
			return reading{signed: p.signed(), out: strings.Join([]string{m.Action, m.MessageID, m.RelatesTo, m.To, string(xmltree.Write(m.Content, nil))}, "\n")}, nil
		}
	}
	proof := func(keys Keys) func([]byte) (reading, error) {
		return func(data []byte) (reading, error) {
			p, err := Prove(data, keys, vectorTime, DefaultSkew)
			if err != nil {
				return reading{}, err
			}
			return reading{signed: p.signed(), out: string(xmltree.Write(p.Body.Tree(), nil))}, nil
		}
	}
	return map[string]func([]byte) (reading, error){
		"1-rst-request.xml": proof(Configured([]*x509.Certificate{client}, vectorTime)),
		"2-assertion.xml": func(data []byte) (reading, error) {
			a, err := OpenAssertion(data, []*x509.Certificate{sts}, vectorTime)
			if err != nil {
				return reading{}, err
			}
			d, err := c14n.Parse(data)
			if err != nil {
				return reading{}, err
			}
			s := d.Root.Only(NamespaceSignature, "Signature")
			return reading{signed: []string{string(c14n.Bytes(d.Root, c14n.Options{Without: s})),
				string(c14n.Bytes(s.Only(NamespaceSignature, "SignedInfo"), c14n.Options{}))}, out: fmt.Sprint(a.ID, a.Issuer, a.Recipient, a.Audiences, a.NotBefore, a.NotOnOrAfter, a.Holder.Raw, a.Attributes)}, nil
		},
		"3-rstr-response.xml": answer(sts, "urn:uuid:6e1c0a52-0d5b-4f7e-9d0e-1a1b2c3d4e5f", func() *Replays { return nil }),
		"4-wsp-request.xml":   proof(HolderOfKey([]*x509.Certificate{sts}, vectorTime, func(*Assertion) error { return nil })),
		"5-wsp-response.xml":  answer(wsp, "urn:uuid:f2b7c3d1-5a60-4e88-9b1c-2d3e4f5a6b7c", NewReplays),
	}
}

// signed gives the canonical form of everything that the signature covers, in document order, and of SignedInfo.
func (p *Proof) signed() []string {
	var out []string
	p.document.Root.Walk(func(e *c14n.Element) {
		if p.covered[e] || e.Is(NamespaceSignature, "SignedInfo") && e.Parent.Parent == p.Security {
			out = append(out, string(c14n.Bytes(e, c14n.Options{})))
		}
	})
	return out
}

func TestVectors(t *testing.T) {
	covered := map[string]int{"1-rst-request.xml": 7, "2-assertion.xml": 2, "3-rstr-response.xml": 5, "4-wsp-request.xml": 8, "5-wsp-response.xml": 8}
	for name, read := range vectors(t) {
		got, err := read(vector(t, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(got.signed) != covered[name] {
			t.Errorf("%s: %d parts are signed", name, len(got.signed))
		}
	}
}

// TestVectorsChanged changes every byte of the sample messages. Whatever is still accepted must mean the same: the
// canonical form of everything signed, and what the program goes on with. White space between attributes may change
// so, or a header that nobody signs.
func TestVectorsChanged(t *testing.T) {
	for name, read := range vectors(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := vector(t, name)
			want, err := read(data)
			if err != nil {
				t.Fatal(err)
			}
			accepted := 0
			for i := range data {
				others := []byte{data[i] ^ 1}
				if i%3 == 0 {
					others = append(others, []byte{data[i] ^ 0x20, ' ', '/', '='}[i/3%4])
				}
				for _, b := range others {
					if b == data[i] {
						continue
					}
					changed := append([]byte(nil), data...)
					changed[i] = b
					got, err := read(changed)
					if err != nil {
						continue
					}
					accepted++
					if reflect.DeepEqual(want, got) {
						continue
					}
					if diff := cmp.Diff(want, got, cmp.AllowUnexported(reading{})); diff != "" {
						t.Fatalf("byte %d, %q for %q, around %q, is accepted and changes the meaning:\n%s", i, b, data[i], data[max(0, i-30):min(len(data), i+30)], diff)
					}
				}
			}
			t.Logf("%d changes are accepted, and mean the same", accepted)
		})
	}
}

const requestID = "urn:uuid:11111111-0000-4000-8000-000000000001"

// plainAnswer is an answer before it is signed.
const plainAnswer = `<s:Envelope xmlns:s="` + soap.NamespaceEnvelope + `" xmlns:ns7="urn:seven"><s:Header xmlns:a="` + soap.NamespaceAddressing + `"><a:Action>urn:action</a:Action>` +
	`<a:MessageID>urn:uuid:22222222-0000-4000-8000-000000000002</a:MessageID><a:To>urn:me</a:To><a:RelatesTo>` + requestID + `</a:RelatesTo></s:Header>` +
	`<s:Body><x:Out xmlns:x="urn:x"><x:Code>20</x:Code></x:Out></s:Body></s:Envelope>`

func sign(t testing.TB, s Signing, envelope string) string {
	t.Helper()
	out, err := s.Sign([]byte(envelope), moment)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestVerifyOwnAnswer(t *testing.T) {
	service, sts := identity(t, "service", testKey()), identity(t, "service renewed", testKey())
	for name, s := range map[string]Signing{
		"token":                {Identity: service},
		"key identifier":       {Identity: service, Naming: ByKeyIdentifier},
		"same key, renewed":    {Identity: sts, Naming: ByKeyIdentifier},
		"inclusive":            {Identity: service, Inclusive: []string{"ns7", "s", "#default", "none"}},
		"inclusive, by key":    {Identity: service, Naming: ByKeyIdentifier, Inclusive: []string{"ns7", "a"}},
		"timestamp of an hour": {Identity: service, Lifetime: time.Hour},
	} {
		v := &Verifier{Certificates: []*x509.Certificate{identity(t, "other", otherKey()).Certificate, service.Certificate}, Now: at(moment), Replays: NewReplays()}
		m, err := v.Verify([]byte(sign(t, s, plainAnswer)), soap.IDs{Message: requestID})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := xmltree.Element("urn:x", "Out", xmltree.Leaf("urn:x", "Code", "20"))
		if diff := cmp.Diff(want, m.Content); diff != "" || m.RelatesTo != requestID {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestVerifyRefuses: attacks and mistakes, each with the reason that a person gets to read.
func TestVerifyRefuses(t *testing.T) {
	service := identity(t, "service", testKey())
	replace := func(pairs ...string) func(string) string {
		return func(s string) string {
			for i := 0; i < len(pairs); i += 2 {
				if !strings.Contains(s, pairs[i]) {
					t.Fatalf("the message has no %q", pairs[i])
				}
			}
			return strings.NewReplacer(pairs...).Replace(s)
		}
	}
	body := `<s:Body xmlns:wsu="` + NamespaceUtility + `" wsu:Id="body">`
	wrapped := func(inHeader string) func(string) string {
		return func(s string) string {
			start, end := strings.Index(s, body), strings.Index(s, `</s:Body>`)+len(`</s:Body>`)
			real := s[start:end]
			fake := strings.Replace(strings.Replace(real, "20<", "21<", 1), `wsu:Id="body"`, `wsu:Id="other"`, 1)
			s = s[:start] + fake + s[end:]
			return strings.Replace(s, inHeader, `<w:wrapper xmlns:w="urn:w">`+real+`</w:wrapper>`+inHeader, 1)
		}
	}
	relates := func(s string) string { // the signed RelatesTo is moved, another put in its place
		start, end := strings.Index(s, "<a:RelatesTo"), strings.Index(s, "</a:RelatesTo>")+len("</a:RelatesTo>")
		return s[:start] + `<a:RelatesTo>` + requestID + `</a:RelatesTo><w:w xmlns:w="urn:w">` + strings.Replace(s[start:end], "x", "x", 1) + `</w:w>` + s[end:]
	}
	tests := []struct {
		name   string
		sign   Signing
		change func(string) string
		want   string
	}{
		{"body changed", Signing{}, replace(`<x:Code>20<`, `<x:Code>21<`), "Body (#body) is not as it was signed"},
		{"body in another namespace", Signing{}, replace(`xmlns:x="urn:x"`, `xmlns:x="urn:y"`), "not as it was signed"},
		{"body wrapped in the header", Signing{}, wrapped(`</s:Header>`), "body is not signed"},
		{"body wrapped in security", Signing{}, wrapped(`</o:Security>`), "body is not signed"},
		{"beside header and body", Signing{}, replace(`</s:Body>`, `</s:Body><x/>`), "not one header and one body"},
		{"two bodies", Signing{}, replace(`</s:Body>`, `</s:Body><s:Body><x/></s:Body>`), "not a SOAP 1.2 envelope"},
		{"two headers", Signing{}, replace(`<s:Body`, `<s:Header/><s:Body`), "not one header and one body"},
		{"identifier twice", Signing{}, replace(`<x:Code>`, `<x:Code Id="body">`), `"body" occurs twice`},
		{"answer to another", Signing{}, replace(requestID, requestID[:len(requestID)-1]+"9"), "RelatesTo (#relatesto) is not as it was signed"},
		{"RelatesTo moved", Signing{}, relates, "header RelatesTo is not signed"},
		{"RelatesTo twice", Signing{}, replace(`</s:Header>`, `<a:RelatesTo>x</a:RelatesTo></s:Header>`), "header RelatesTo occurs twice"},
		{"To not signed", Signing{}, replace(`<a:To xmlns:wsu="`+NamespaceUtility+`" wsu:Id="to">urn:me</a:To>`, `<a:To>urn:you</a:To>`), "#to, which the message does not have"},
		{"not signed", Signing{}, func(string) string { return plainAnswer }, "not signed"},
		{"two security headers", Signing{}, replace(`<o:Security`, `<o:Security xmlns:o="`+NamespaceSecurity+`"/><o:Security`), "not exactly one security header"},
		{"two signatures", Signing{}, replace(`</o:Security>`, `<Signature xmlns="`+NamespaceSignature+`"/></o:Security>`), "not exactly one signature"},
		{"another key", Signing{Identity: identity(t, "stranger", otherKey())}, replace(), `"stranger"`},
		{"another key with the name of ours", Signing{Identity: Identity{Certificate: service.Certificate, Key: otherKey()}}, replace(), "not the one of certificate"},
		{"another key identifier", Signing{Identity: identity(t, "stranger", otherKey()), Naming: ByKeyIdentifier}, replace(), "subject key identifier"},
		{"digest by SHA-1", Signing{}, replace(algorithmSHA256, "http://www.w3.org/2000/09/xmldsig#sha1"), "DigestMethod"},
		{"signature by SHA-1", Signing{}, replace(algorithmRSA, "http://www.w3.org/2000/09/xmldsig#rsa-sha1"), "SignatureMethod"},
		{"HMAC", Signing{}, replace(algorithmRSA, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"), "SignatureMethod"},
		{"inclusive canonicalization", Signing{}, replace(`<CanonicalizationMethod Algorithm="`+algorithmExclusive, `<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315`), "CanonicalizationMethod"},
		{"comments", Signing{}, replace(`Algorithm="`+algorithmExclusive, `Algorithm="`+algorithmExclusive+`WithComments`), "not accepted"},
		{"unknown transform", Signing{}, replace(`<Transform Algorithm="`+algorithmExclusive, `<Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116`), "not accepted"},
		{"enveloped", Signing{}, replace(`<Transforms>`, `<Transforms><Transform Algorithm="`+algorithmEnveloped+`"/>`), "not the one of certificate"},
		{"no transform", Signing{}, replace(`<Transform Algorithm="`+algorithmExclusive+`"></Transform>`, ``), "none that are accepted"},
		{"whole document", Signing{}, replace(`URI="#body"`, `URI=""`), "not to an element"},
		{"object", Signing{}, replace(`</KeyInfo>`, `</KeyInfo><Object/>`), "unexpected Object"},
		{"signature value", Signing{}, replace(`<SignatureValue>`, `<SignatureValue>AAAA`), "signature"},
		{"signature not base64", Signing{}, replace(`<SignatureValue>`, `<SignatureValue>?`), "not base64"},
		{"document type", Signing{}, func(s string) string { return `<!DOCTYPE x>` + s }, "document type declarations"},
		{"prefix list changed", Signing{Inclusive: []string{"ns7"}}, replace(`PrefixList="ns7"`, `PrefixList="ns8"`), "signature"},
		{"inclusive prefix changed", Signing{Inclusive: []string{"ns7"}}, replace(`"urn:seven"`, `"urn:eight"`), "signature"},
		{"key by name", Signing{}, func(s string) string {
			start, end := strings.Index(s, "<KeyInfo>"), strings.Index(s, "</KeyInfo>")
			return s[:start] + `<KeyInfo><KeyName>me</KeyName>` + s[end:]
		}, "SecurityTokenReference"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.sign.Certificate == nil {
				tt.sign.Identity = service
			}
			v := &Verifier{Certificates: []*x509.Certificate{service.Certificate}, Now: at(moment), Replays: NewReplays()}
			m, err := v.Verify([]byte(tt.change(sign(t, tt.sign, plainAnswer))), soap.IDs{Message: requestID})
			if err == nil || m.Content != nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if err != nil && !errors.Is(err, ErrUnproven) && !errors.Is(err, soap.ErrNotSOAP) {
				t.Errorf("of no kind: %v", err)
			}
		})
	}
}

// resign changes what a message's signature says and signs that anew: what only somebody with the key can do.
func resign(t *testing.T, by Identity, message string, change func(string) string) string {
	t.Helper()
	cut := func(s, from, to string) (int, int) { return strings.Index(s, from), strings.Index(s, to) + len(to) }
	start, end := cut(message, "<SignedInfo>", "</SignedInfo>")
	message = message[:start] + change(message[start:end]) + message[end:]
	d, err := c14n.Parse([]byte(message))
	if err != nil {
		t.Fatal(err)
	}
	header := d.Root.Only(soap.NamespaceEnvelope, "Header")
	info := header.Only(NamespaceSecurity, "Security").Only(NamespaceSignature, "Signature").Only(NamespaceSignature, "SignedInfo")
	value, err := by.value(c14n.Bytes(info, c14n.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	start, end = cut(message, "<SignatureValue>", "</SignatureValue>")
	return message[:start] + "<SignatureValue>" + value + "</SignatureValue>" + message[end:]
}

// TestVerifyWantsAllCovered: even a good signature must cover everything that is believed.
func TestVerifyWantsAllCovered(t *testing.T) {
	service := identity(t, "service", testKey())
	message := sign(t, Signing{Identity: service}, plainAnswer)
	without := func(id string) func(string) string {
		return func(info string) string {
			start := strings.Index(info, `<Reference URI="#`+id+`">`)
			end := start + strings.Index(info[start:], "</Reference>") + len("</Reference>")
			return info[:start] + info[end:]
		}
	}
	first := func(old, with string) func(string) string {
		return func(info string) string { return strings.Replace(info, old, with, 1) }
	}
	for name, tt := range map[string]struct {
		change func(string) string
		want   string // "" is good
	}{
		"nothing":          {func(info string) string { return info }, ""},
		"certificate":      {without(idToken), ""}, // it is compared with the configured one
		"body":             {without("body"), "body is not signed"},
		"timestamp":        {without("sec-ts"), "no signed timestamp"},
		"MessageID":        {without("msgid"), "header MessageID is not signed"},
		"RelatesTo":        {without("relatesto"), "header RelatesTo is not signed"},
		"To":               {without("to"), "header To is not signed"},
		"Action":           {without("action"), "header Action is not signed"},
		"enveloped":        {first(`<Transforms>`, `<Transforms><Transform Algorithm="`+algorithmEnveloped+`"></Transform>`), "none that are accepted"},
		"token of no kind": {first(`<Transform Algorithm="`+algorithmExclusive+`"></Transform>`, `<Transform Algorithm="`+algorithmSTR+`"><o:TransformationParameters><CanonicalizationMethod Algorithm="`+algorithmExclusive+`"/></o:TransformationParameters></Transform>`), "not about a SecurityTokenReference"},
		"missing element":  {first(`URI="#to"`, `URI="#nowhere"`), "#nowhere, which the message does not have"},
	} {
		t.Run(name, func(t *testing.T) {
			v := &Verifier{Certificates: []*x509.Certificate{service.Certificate}, Now: at(moment), Replays: NewReplays()}
			_, err := v.Verify([]byte(resign(t, service, message, tt.change)), soap.IDs{Message: requestID})
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestVerifyInTime(t *testing.T) {
	service := identity(t, "service", testKey())
	signed := sign(t, Signing{Identity: service}, plainAnswer)
	v := &Verifier{Certificates: []*x509.Certificate{service.Certificate}, Replays: NewReplays()}
	verify := func(now time.Time, request, message string) error {
		v.Now = at(now)
		_, err := v.Verify([]byte(message), soap.IDs{Message: request})
		return err
	}
	for _, tt := range []struct {
		now  time.Time
		want string // "" is good
	}{
		{moment.Add(-DefaultSkew - time.Second), "the clocks differ"},
		{moment.Add(2*DefaultSkew + time.Second), "ran out"},
		{moment.AddDate(1, 0, 0), "not valid on"},
		{moment.AddDate(-1, 0, 0), "not valid on"},
		{moment.Add(-DefaultSkew + time.Second), ""},
		{moment, "seen before"},
		{moment.Add(2*DefaultSkew - time.Second), "seen before"},
	} {
		err := verify(tt.now, requestID, signed)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("at %v: %v, want %q", tt.now, err, tt.want)
		}
	}
	another := sign(t, Signing{Identity: service}, strings.Replace(plainAnswer, "22222222", "33333333", 1))
	if err := verify(moment, "urn:uuid:another", another); !errors.Is(err, soap.ErrWrongAnswer) {
		t.Errorf("answer to another request: %v", err)
	}
	if err := verify(moment, requestID, another); err != nil {
		t.Errorf("the right request afterwards: %v", err)
	}
	none := sign(t, Signing{Identity: service}, strings.Replace(plainAnswer, "<a:MessageID>urn:uuid:22222222-0000-4000-8000-000000000002</a:MessageID>", "", 1))
	if err := verify(moment, requestID, none); err == nil || !strings.Contains(err.Error(), "no MessageID") {
		t.Errorf("without MessageID: %v", err)
	}
	unrelated := sign(t, Signing{Identity: service}, strings.Replace(plainAnswer, requestID, "", 1))
	if err := verify(moment, "", unrelated); !errors.Is(err, soap.ErrWrongAnswer) {
		t.Errorf("related to nothing: %v", err)
	}
}

// TestVerifyGivesFaults: a fault needs no proof, and is never a success.
func TestVerifyGivesFaults(t *testing.T) {
	v := &Verifier{Now: at(moment)}
	m, err := v.Verify([]byte(`<s:Envelope xmlns:s="`+soap.NamespaceEnvelope+`"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>o:InvalidSecurityToken</s:Value></s:Subcode></s:Code></s:Fault></s:Body></s:Envelope>`), soap.IDs{Message: "m"})
	if err != nil || m.Fault == nil || !m.Fault.Security() {
		t.Errorf("%v, %v", m.Fault, err)
	}
}

// TestReplaysForget: what cannot be sent again is not remembered.
func TestReplaysForget(t *testing.T) {
	r := NewReplays()
	if r.Seen("a", moment, moment.Add(time.Minute)) || !r.Seen("a", moment, moment.Add(time.Minute)) {
		t.Error("not remembered")
	}
	r.Seen("b", moment.Add(3*time.Minute), moment.Add(4*time.Minute))
	if len(r.until) != 1 {
		t.Errorf("%d are kept", len(r.until))
	}
}

func FuzzVerify(f *testing.F) {
	service := identity(f, "service", testKey())
	signed, err := Signing{Identity: service, Inclusive: []string{"ns7"}}.Sign([]byte(plainAnswer), moment)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(signed))
	f.Add(plainAnswer)
	v := &Verifier{Certificates: []*x509.Certificate{service.Certificate}, Now: at(moment)}
	want, err := v.Verify(signed, soap.IDs{Message: requestID})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, in string) {
		m, err := v.Verify([]byte(in), soap.IDs{Message: requestID})
		if err != nil || m.Fault != nil {
			return
		}
		if diff := cmp.Diff(want.Content, m.Content); diff != "" {
			t.Errorf("accepted with another content: %s\n%s", diff, in)
		}
	})
}

// BenchmarkVerify measures an answer of 6 MB: 500 units and 500 users.
func BenchmarkVerify(b *testing.B) {
	entry, err := os.ReadFile(filepath.Join("..", "c14n", "testdata", "entry.xml"))
	if err != nil {
		b.Fatal(err)
	}
	service := identity(b, "service", testKey())
	large := strings.Replace(plainAnswer, `<x:Code>20</x:Code>`, strings.Repeat(string(entry), (6<<20)/len(entry)), 1)
	signed := []byte(sign(b, Signing{Identity: service, Inclusive: []string{"ns7"}}, large))
	v := &Verifier{Certificates: []*x509.Certificate{service.Certificate}, Now: at(moment)}
	b.SetBytes(int64(len(signed)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Verify(signed, soap.IDs{Message: requestID}); err != nil {
			b.Fatal(err)
		}
	}
}

func sum(s string) []byte {
	h := sha256.Sum256([]byte(s))
	return h[:]
}

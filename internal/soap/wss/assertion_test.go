package wss

import (
	"crypto/x509"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"orgit.dk/orgit/internal/soap/c14n"
)

// plainAssertion is an assertion before it is signed.
func plainAssertion(holder *x509.Certificate) string {
	return `<saml:Assertion xmlns:saml="` + NamespaceSAML + `" ID="_1" Version="2.0" IssueInstant="2026-11-24T12:00:00Z"><saml:Issuer>urn:sts</saml:Issuer>` +
		`<saml:Subject><saml:SubjectConfirmation Method="` + methodHolder + `"><saml:SubjectConfirmationData NotBefore="2026-11-24T11:59:00Z" NotOnOrAfter="2026-11-24T20:00:00Z" Recipient="urn:service">` +
		`<KeyInfo xmlns="` + NamespaceSignature + `"><X509Data><X509Certificate>` + base64DER(holder) + `</X509Certificate></X509Data></KeyInfo></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>` +
		`<saml:Conditions NotBefore="2026-11-24T12:00:00Z" NotOnOrAfter="2026-11-24T19:00:00Z"><saml:AudienceRestriction><saml:Audience>urn:service</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
		`<saml:AttributeStatement><saml:Attribute Name="cvr"><saml:AttributeValue>12345678</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>`
}

func TestOpenAssertion(t *testing.T) {
	sts, client := identity(t, "sts", testKey()), identity(t, "client", otherKey())
	good := plainAssertion(client.Certificate)
	signed, err := sts.SignAssertion([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	a, err := OpenAssertion(signed, []*x509.Certificate{identity(t, "old sts", otherKey()).Certificate, sts.Certificate}, moment)
	if err != nil {
		t.Fatal(err)
	}
	want := &Assertion{Raw: signed, ID: "_1", Issuer: "urn:sts", Recipient: "urn:service", Audiences: []string{"urn:service"}, NotBefore: moment,
		NotOnOrAfter: moment.Add(7 * time.Hour), Holder: client.Certificate, Attributes: map[string][]string{"cvr": {"12345678"}}}
	if diff := cmp.Diff(want, a, cmpopts.IgnoreFields(Assertion{}, "Holder")); diff != "" || !a.Holder.Equal(client.Certificate) {
		t.Errorf("(-want +got)\n%s", diff)
	}
	tests := []struct {
		name   string
		before func(string) string // the signature
		after  func(string) string
		want   string
	}{
		{"changed", nil, func(s string) string { return strings.Replace(s, "12345678", "12345679", 1) }, "not as it was signed"},
		{"not signed", nil, func(string) string { return good }, "not exactly one signature"},
		{"about something else", nil, func(s string) string { return strings.Replace(s, `URI="#_1"`, `URI="#_2"`, 1) }, "not about itself"},
		{"encrypted", nil, func(string) string { return `<EncryptedAssertion xmlns="` + NamespaceSAML + `"/>` }, "EncryptedAssertion, not a readable"},
		{"wrapped", nil, func(s string) string {
			return strings.Replace(good, "</saml:Issuer>", "</saml:Issuer>"+s[strings.Index(s, "<Signature"):strings.Index(s, "</Signature>")]+"<Object>"+s+"</Object></Signature>", 1)
		}, "occurs twice"},
		{"bearer", func(s string) string { return strings.Replace(s, "holder-of-key", "bearer", 1) }, nil, "holder-of-key"},
		{"no end", func(s string) string { return strings.Replace(s, ` NotOnOrAfter="2026-11-24T19:00:00Z"`, "", 1) }, nil, "says no end"},
		{"no zone", func(s string) string { return strings.Replace(s, `19:00:00Z`, "19:00:00", 1) }, nil, "no time with a zone"},
		{"another version", func(s string) string { return strings.Replace(s, `"2.0"`, `"1.1"`, 1) }, nil, "version 2.0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := good
			if tt.before != nil {
				text = tt.before(good)
			}
			signed, err := sts.SignAssertion([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if tt.after != nil {
				signed = []byte(tt.after(string(signed)))
			}
			if _, err := OpenAssertion(signed, []*x509.Certificate{sts.Certificate}, moment); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	if _, err := OpenAssertion(signed, []*x509.Certificate{client.Certificate}, moment); err == nil || !strings.Contains(err.Error(), "not configured") {
		t.Errorf("unknown issuer: %v", err)
	}
	if _, err := OpenAssertion(signed, []*x509.Certificate{sts.Certificate}, moment.AddDate(2, 0, 0)); err == nil || !strings.Contains(err.Error(), "not valid on") {
		t.Errorf("certificate ran out: %v", err)
	}
}

// TestTokenWithoutDefaultNamespace: an assertion that has a prefix gets xmlns="" before its digest is computed behind
// the STR-Transform.
func TestTokenWithoutDefaultNamespace(t *testing.T) {
	for in, want := range map[string]string{
		`<p:a xmlns:p="urn:p" b="1"><c/></p:a>`: `<p:a xmlns="" xmlns:p="urn:p" b="1"><c></c></p:a>`,
		`<a b="1"/>`:                            `<a xmlns="" b="1"></a>`,
		`<a/>`:                                  `<a xmlns=""></a>`,
		`<a xmlns="urn:a"/>`:                    `<a xmlns="urn:a"></a>`,
	} {
		d, err := c14n.Parse([]byte(in))
		if err != nil {
			t.Fatal(err)
		}
		if got := digestOfToken(d.Root, c14n.Options{}); !cmp.Equal(got, sum(want)) {
			t.Errorf("%s: not the digest of %s", in, want)
		}
	}
	client, sts := identity(t, "client", testKey()), identity(t, "sts", otherKey())
	assertion, err := sts.SignAssertion([]byte(plainAssertion(client.Certificate)))
	if err != nil {
		t.Fatal(err)
	}
	signed := sign(t, Signing{Identity: client, Naming: ByAssertion, Assertion: assertion}, plainAnswer)
	keys := HolderOfKey([]*x509.Certificate{sts.Certificate}, moment, func(*Assertion) error { return nil })
	if _, err := Prove([]byte(signed), keys, moment, DefaultSkew); err != nil {
		t.Error(err)
	}
}

func TestSignRefuses(t *testing.T) {
	client := identity(t, "client", testKey())
	for name, tt := range map[string]struct {
		s        Signing
		envelope string
	}{
		"no key":                 {Signing{}, plainAnswer},
		"no token":               {Signing{Identity: client, Naming: ByAssertion}, plainAnswer},
		"token with declaration": {Signing{Identity: client, Naming: ByAssertion, Assertion: []byte(`<?xml version="1.0"?><Assertion xmlns="` + NamespaceSAML + `" ID="x"/>`)}, plainAnswer},
		"not an assertion":       {Signing{Identity: client, Naming: ByAssertion, Assertion: []byte(`<x/>`)}, plainAnswer},
		"signed already":         {Signing{Identity: client}, sign(t, Signing{Identity: client}, plainAnswer)},
		"identifier taken":       {Signing{Identity: client}, strings.Replace(plainAnswer, "<x:Code>", `<x:Code Id="body">`, 1)},
		"prefix taken":           {Signing{Identity: client}, strings.Replace(plainAnswer, "xmlns:ns7", `xmlns:wsu`, 1)},
		"not XML":                {Signing{Identity: client}, "x"},
		"no header":              {Signing{Identity: client}, strings.Replace(plainAnswer, "Header", "Head", 2)},
	} {
		if out, err := tt.s.Sign([]byte(tt.envelope), moment); err == nil {
			t.Errorf("%s: %s", name, out)
		}
	}
}

func FuzzOpenAssertion(f *testing.F) {
	sts, client := identity(f, "sts", testKey()), identity(f, "client", otherKey())
	signed, err := sts.SignAssertion([]byte(plainAssertion(client.Certificate)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(signed))
	f.Add(plainAssertion(client.Certificate))
	want, err := OpenAssertion(signed, []*x509.Certificate{sts.Certificate}, moment)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, in string) {
		a, err := OpenAssertion([]byte(in), []*x509.Certificate{sts.Certificate}, moment)
		if err != nil {
			return
		}
		if diff := cmp.Diff(want, a, cmpopts.IgnoreFields(Assertion{}, "Raw", "Holder")); diff != "" || !a.Holder.Equal(want.Holder) {
			t.Errorf("accepted with another meaning: %s\n%s", diff, in)
		}
	})
}

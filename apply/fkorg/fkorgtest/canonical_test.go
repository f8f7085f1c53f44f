package fkorgtest

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/wss"
)

// answerOf is an answer's body about one address, with a text as it stands in the XML and further elements in its entry.
func answerOf(text, further string) []byte {
	req := request{Call: Call{Service: "adresse", Operation: "laes"}}
	return answerBody(&bytes.Buffer{}, req, result{status: statusOK, message: "æ & <ø>", content: written(`<a:FiltreretOejebliksbillede><a:Registrering><a:AttributListe><a:Egenskab><ns2:Virkning>` +
		`<ns2:FraTidspunkt></ns2:FraTidspunkt></ns2:Virkning><ns4:AdresseTekst>` + text + `</ns4:AdresseTekst>` + further + `</a:Egenskab></a:AttributListe>` +
		`<a:RelationListe></a:RelationListe></a:Registrering></a:FiltreretOejebliksbillede>`)})
}

// TestAnswersSignedWithoutReading: signed without being read, an answer is byte for byte what it is signed otherwise, another
// program accepts it, and so does the verifier of package wss.
func TestAnswersSignedWithoutReading(t *testing.T) {
	s := newSecured(t)
	envelope := s.srv.envelope(request{Call: Call{Service: "adresse", Operation: "laes"}, message: "urn:uuid:m"})
	tests := []struct {
		name  string
		body  []byte
		plain bool
	}{
		{"plain", answerOf("Rådhuspladsen 1", ""), true},
		{"escapes", answerOf("a &amp; b &lt;c&gt; &#xD;\n\t\"'", ""), true},
		{"nothing found", answerBody(&bytes.Buffer{}, request{Call: Call{Service: "adresse", Operation: "soeg"}}, refuse(statusNotFound, "there is no such object")), true},
		{"extension", answerOf("x", `<ns2:LokalUdvidelse><n1:x xmlns:n1="urn:x" b="c"><n1:y></n1:y></n1:x></ns2:LokalUdvidelse>`), false},
		{"extension without a namespace", answerOf("x", `<ns2:LokalUdvidelse><x></x></ns2:LokalUdvidelse>`), false},
		{"unknown prefix", answerOf("x", `<q:x xmlns:q="urn:q"></q:x>`), false},
		{"empty element tag", answerOf("x", `<ns2:x/>`), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := canonical(&bytes.Buffer{}, tt.body); (err == nil) != tt.plain || err != nil && !errors.Is(err, errNotPlain) {
				t.Errorf("canonical form: %v", err)
			}
			got, err := s.srv.secure(envelope, tt.body, Genuine)
			if err != nil {
				t.Fatal(err)
			}
			want, err := wss.Signing{Identity: s.srv.security.service}.Sign(filled(envelope, tt.body), s.now)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("(-read and signed +signed without reading)\n%s", diff)
			}
			v := wss.Verifier{Certificates: []*x509.Certificate{s.srv.ServiceCertificate()}, Now: s.srv.now}
			if m, err := v.Verify(got, soap.IDs{Message: "urn:uuid:m"}); err != nil || m.Content == nil {
				t.Errorf("it is not proven: %v", err)
			}
			xmlsec1(t, got, s.srv.ServiceCertificate())
		})
	}
}

// TestForgeriesSignedWithoutReading: what is wrong with an answer is wrong in the same way however it was signed.
func TestForgeriesSignedWithoutReading(t *testing.T) {
	s := newSecured(t)
	envelope := s.srv.envelope(request{Call: Call{Service: "adresse", Operation: "laes"}, message: "urn:uuid:m"})
	v := wss.Verifier{Certificates: []*x509.Certificate{s.srv.ServiceCertificate()}, Now: s.srv.now, Replays: wss.NewReplays()}
	for f, want := range map[Forgery]string{WrongRelatesTo: "another message", Stranger: "not configured", Unsigned: "not signed", Tampered: "as it was signed",
		Wrapped: "", Skewed: "clocks differ"} {
		for _, further := range []string{"", `<ns2:LokalUdvidelse><x></x></ns2:LokalUdvidelse>`} {
			message, err := s.srv.secure(envelope, answerOf("x", further), f)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := v.Verify(message, soap.IDs{Message: "urn:uuid:m"}); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("forgery %d: %v, want %q", f, err, want)
			}
		}
	}
}

// xmlsec1 verifies an answer with another program.
func xmlsec1(t *testing.T, message []byte, c *x509.Certificate) {
	t.Helper()
	program, err := exec.LookPath("xmlsec1")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("xmlsec1 is not installed")
		}
		t.Log("xmlsec1 is not installed, so only our own verifier was asked")
		return
	}
	der, err := x509.MarshalPKIXPublicKey(c.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	key, file := filepath.Join(dir, "key.pem"), filepath.Join(dir, "m.xml")
	if err := errors.Join(os.WriteFile(file, message, 0o600),
		os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), 0o600)); err != nil {
		t.Fatal(err)
	}
	args := []string{"--verify", "--pubkey-pem", key, "--node-xpath", "//*[local-name()='Security']/*[local-name()='Signature']"}
	for _, element := range []string{soap.NamespaceEnvelope + ":Body", wss.NamespaceUtility + ":Timestamp", wss.NamespaceSecurity + ":BinarySecurityToken"} {
		args = append(args, "--id-attr:Id", element)
	}
	for _, local := range []string{"Action", "MessageID", "To", "RelatesTo"} {
		args = append(args, "--id-attr:Id", fmt.Sprint(soap.NamespaceAddressing, ":", local))
	}
	if out, err := exec.Command(program, append(args, file)...).CombinedOutput(); err != nil || !bytes.Contains(out, []byte("OK")) {
		t.Errorf("xmlsec1: %v\n%s\n%s", err, out, message)
	}
}

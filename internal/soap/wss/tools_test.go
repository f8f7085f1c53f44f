package wss

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/testshared"
)

// tool finds a program that a test compares with. In CI it must be there.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("skipped: %s is not installed", name)
	}
	return path
}

// xmlsec1 verifies a message with another program.
func xmlsec1(t *testing.T, message string, c *x509.Certificate) {
	t.Helper()
	program, dir := tool(t, "xmlsec1"), t.TempDir()
	der, err := x509.MarshalPKIXPublicKey(c.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"m.xml": []byte(message), "key.pem": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"--verify", "--pubkey-pem", filepath.Join(dir, "key.pem"), "--node-xpath", "//*[local-name()='Security']/*[local-name()='Signature']"}
	for _, element := range []string{soap.NamespaceEnvelope + ":Body", NamespaceUtility + ":Timestamp", NamespaceSecurity + ":BinarySecurityToken"} {
		args = append(args, "--id-attr:Id", element)
	}
	for local := range headerIDs {
		args = append(args, "--id-attr:Id", soap.NamespaceAddressing+":"+local)
	}
	out, err := exec.Command(program, append(args, filepath.Join(dir, "m.xml"))...).CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("OK")) {
		t.Errorf("xmlsec1: %v\n%s\n%s", err, out, message)
	}
}

// TestXmlsec1AcceptsOurs holds what is signed here against xmlsec1, PrefixList and all.
func TestXmlsec1AcceptsOurs(t *testing.T) {
	client := identity(t, "client", testKey())
	request := string(soap.Envelope(soap.Request{URL: "https://sts.example/x?a=1&b=2", Action: "urn:æ&", Bare: true, Body: []byte(nastyBody)}, soap.IDs{Message: "urn:uuid:m"}))
	for name, m := range map[string]struct {
		s        Signing
		envelope string
	}{
		"request for a token": {Signing{Identity: client}, request},
		"answer":              {Signing{Identity: client}, plainAnswer},
		"answer with default namespace": {Signing{Identity: client, Inclusive: []string{"#default", "ns7"}},
			strings.NewReplacer("<s:", "<", "</s:", "</", "xmlns:s=", "xmlns=").Replace(plainAnswer)},
		"prefix list": {Signing{Identity: client, Inclusive: []string{"ns7", "s", "a", "none"}}, plainAnswer},
		"white space": {Signing{Identity: client, Inclusive: []string{"ns7"}}, "<?xml version='1.0'?>\n" + strings.ReplaceAll(plainAnswer, "><", " >\r\n\t<")},
		"nasty":       {Signing{Identity: client, Inclusive: []string{"ns7", "p"}}, strings.Replace(plainAnswer, `<x:Code>`, nastyBody+`<x:Code>`, 1)},
	} {
		t.Run(name, func(t *testing.T) { xmlsec1(t, sign(t, m.s, m.envelope), client.Certificate) })
	}
}

// nastyBody is what canonicalizers differ in.
const nastyBody = `<p:b xmlns:p="urn:p" xmlns:q="urn:a" xmlns:unused="urn:u" p:b="1" q:c="2" p:a="3" z='"' a="&#9;&#xA;&#13;x	y
z"><!-- c --><c xmlns=""/><c xmlns="urn:d"><p:d xmlns:p="urn:q"/><![CDATA[<&>]]>æ&#x1F600;&#13;</c>` + "\r\n" + `</p:b>`

// TestOthersAcceptRequest holds a request to a service, the reference to the assertion in it, against other programs'
// canonicalizer and cryptography, with the script beside the vectors.
func TestOthersAcceptRequest(t *testing.T) {
	dir := filepath.Join(testshared.Dir(t), "samples", "fk-organisation", "signed")
	python := tool(t, "python3")
	tool(t, "xmllint")
	tool(t, "openssl")
	block, _ := pem.Decode(vector(t, "client.key.pem"))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	client := Identity{Certificate: vectorCertificate(t, "client.cert.pem"), Key: key.(*rsa.PrivateKey)}
	envelope := soap.Envelope(soap.Request{URL: "https://org.example.test/organisation/adresse/6/", Action: "urn:action", Body: []byte(`<x xmlns="urn:x">ø</x>`)},
		soap.IDs{Message: "urn:uuid:m", Transaction: "t"})
	assertion := vector(t, "2-assertion.xml")
	signed, err := Signing{Identity: client, Naming: ByAssertion, Assertion: assertion}.Sign(envelope, vectorTime)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(signed, assertion) {
		t.Error("the assertion is not in the request as it was issued")
	}
	file := filepath.Join(t.TempDir(), "m.xml")
	if err := os.WriteFile(file, signed, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, filepath.Join(dir, "verify.py"), file, filepath.Join(dir, "client.cert.pem"))
	cmd.Dir = filepath.Dir(file)
	out, err := cmd.CombinedOutput()
	if err != nil || strings.Count(string(out), " ok\n") != 7 {
		t.Errorf("verify.py: %v\n%s", err, out)
	}
	var token *Assertion
	p, err := Prove(signed, HolderOfKey([]*x509.Certificate{vectorCertificate(t, "sts.cert.pem")}, vectorTime, func(a *Assertion) error { token = a; return nil }), vectorTime, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if !p.Covers(p.Security.Only(NamespaceSAML, "Assertion")) || token.Issuer != "https://saml.sts.example.test/runtime" {
		t.Errorf("the token is not signed, or is another one: %+v", token)
	}
}

package wss

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"
)

func TestLoadIdentity(t *testing.T) {
	client, authority := identity(t, "client", testKey()), identity(t, "authority", otherKey())
	p12, err := pkcs12.Modern.Encode(client.Key, client.Certificate, []*x509.Certificate{authority.Certificate}, "hemmelig")
	if err != nil {
		t.Fatal(err)
	}
	swapped, err := pkcs12.Modern.Encode(client.Key, authority.Certificate, []*x509.Certificate{client.Certificate}, "hemmelig")
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8 := func(key any) string {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	}
	certificate := func(i Identity) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.Certificate.Raw}))
	}
	pkcs1 := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(testKey())}))
	tests := []struct {
		name, file, key, password string
		at                        time.Time
		chain                     int
		want                      string // of the error
	}{
		{name: "PKCS#12 with chain", file: string(p12), password: "hemmelig", chain: 1},
		{name: "PKCS#12, authority first", file: string(swapped), password: "hemmelig", chain: 1},
		{name: "wrong password", file: string(p12), password: "forkert", want: "password is wrong"},
		{name: "no password", file: string(p12), want: "wants a password"},
		{name: "PEM in one file", file: certificate(client) + pkcs8(client.Key)},
		{name: "PEM with chain", file: pkcs1 + certificate(client) + certificate(authority), chain: 1},
		{name: "PEM with a key file", file: certificate(client), key: pkcs8(client.Key)},
		{name: "no key", file: certificate(client), want: "no private key"},
		{name: "another key", file: certificate(client), key: pkcs8(otherKey()), want: "does not belong"},
		{name: "not RSA", file: certificate(client), key: pkcs8(curve), want: "not RSA"},
		{name: "encrypted PEM", file: certificate(client) + "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", want: "PKCS#12 file with a password"},
		{name: "two keys", file: certificate(client) + pkcs1 + pkcs1, want: "more than one private key"},
		{name: "key only", file: pkcs1, want: "no certificate"},
		{name: "ran out", file: certificate(client) + pkcs1, at: moment.AddDate(1, 0, 0), want: "not valid on 2027-11-24"},
		{name: "nonsense", file: "nonsense", want: "neither PEM nor PKCS#12"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			file, keyFile := filepath.Join(dir, "c"), ""
			write := func(name, data string) {
				if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write(file, tt.file)
			if tt.key != "" {
				keyFile = filepath.Join(dir, "k")
				write(keyFile, tt.key)
			}
			now := moment
			if !tt.at.IsZero() {
				now = tt.at
			}
			i, err := LoadIdentity(file, keyFile, tt.password, now)
			if tt.want != "" {
				if err == nil || !strings.Contains(err.Error(), tt.want) || tt.password != "" && strings.Contains(err.Error(), tt.password) {
					t.Errorf("got %v, want %q", err, tt.want)
				}
				return
			}
			if err != nil || !i.Certificate.Equal(client.Certificate) || len(i.Chain) != tt.chain || len(i.TLS().Certificate) != 1+tt.chain {
				t.Errorf("%+v, %v", i, err)
			}
		})
	}
}

func TestLoadCertificates(t *testing.T) {
	a, b := identity(t, "a", testKey()), identity(t, "b", otherKey())
	dir := t.TempDir()
	pemFile, derFile, empty := filepath.Join(dir, "pem"), filepath.Join(dir, "der"), filepath.Join(dir, "empty")
	for name, data := range map[string][]byte{
		pemFile: append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate.Raw}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: b.Certificate.Raw})...),
		derFile: a.Certificate.Raw, empty: nil,
	} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := LoadCertificates([]string{pemFile, derFile}); err != nil || len(got) != 3 {
		t.Errorf("%d, %v", len(got), err)
	}
	for _, name := range []string{empty, filepath.Join(dir, "missing")} {
		if got, err := LoadCertificates([]string{pemFile, name}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%d, %v", len(got), err)
		}
	}
}

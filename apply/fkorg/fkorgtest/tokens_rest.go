package fkorgtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"time"

	"orgit.dk/orgit/internal/soap/wss"
)

// restPath is where the real token service takes JSON.
const restPath = "/runtime/api/rest/wstrust/v1/issue"

// restListener is the server of the JSON way, which needs TLS because the client shows its certificate there.
type restListener struct {
	url  string
	http *http.Server
	root *x509.Certificate
}

// RESTURL takes requests in JSON. The connection must present a registered certificate, and trust RESTRoots.
func (t *TokenService) RESTURL() string { return t.rest.url }

// RESTRoots has the authority of the certificate that RESTURL presents.
func (t *TokenService) RESTRoots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(t.rest.root)
	return pool
}

// listen starts the JSON way on a free port.
func (t *TokenService) listen() error {
	certificate, err := serverCertificate()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("start the token service: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+restPath, t.serveREST)
	t.rest = &restListener{url: "https://" + listener.Addr().String() + restPath, root: certificate.Leaf, http: &http.Server{
		Handler: mux, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0),
		TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}, ClientAuth: tls.RequestClientCert}}}
	go func() {
		// ServeTLS always returns an error; after Close it is ErrServerClosed, and nobody is left to hear of another.
		_ = t.rest.http.ServeTLS(listener, "", "")
	}()
	return nil
}

// serverCertificate makes a certificate for this machine, by real time: TLS knows no other clock.
func serverCertificate() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "FKORGTEST TLS"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().AddDate(1, 0, 0), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf, err := x509.ParseCertificate(der)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, err
}

// serveREST answers a request in JSON.
func (t *TokenService) serveREST(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", t.layer.clock().UTC().Format(http.TimeFormat))
	trouble := t.troubleNow()
	if trouble.HTTPStatus != 0 {
		w.WriteHeader(trouble.HTTPStatus)
		fmt.Fprint(w, "<html><body>gateway</body></html>")
		return
	}
	var in struct {
		TokenType, RequestType, KeyType, UseKey string
		AnvenderKontekst                        struct{ Cvr string }
		AppliesTo                               struct{ EndpointReference struct{ Address string } }
	}
	refuse := func(status int, f *tokenFault) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		text := f.text
		if f.code != "" {
			text = f.code + ": " + text
		}
		// An answer that cannot be delivered has nobody to tell.
		_ = json.NewEncoder(w).Encode(map[string]string{"message": text})
	}
	presented := r.TLS.PeerCertificates
	switch err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRequest)).Decode(&in); {
	case len(presented) == 0 || !t.knows(presented[0]):
		refuse(http.StatusForbidden, &tokenFault{"", "the certificate of the connection is not registered"})
		return
	case err != nil:
		refuse(http.StatusBadRequest, &tokenFault{"103", "not JSON"})
		return
	case in.TokenType != wss.TokenTypeSAML2 || in.RequestType != wst+"/Issue" || in.KeyType != wst+"/PublicKey":
		refuse(http.StatusBadRequest, &tokenFault{"110", "unsupported"})
		return
	}
	if used := certificateOf(in.UseKey); used == nil || !used.Equal(presented[0]) {
		refuse(http.StatusBadRequest, &tokenFault{"103", "UseKey is not the certificate of the connection"})
		return
	}
	token, f := t.issue(wish{cvr: in.AnvenderKontekst.Cvr, appliesTo: in.AppliesTo.EndpointReference.Address, holder: presented[0]}, trouble)
	if f != nil {
		refuse(http.StatusBadRequest, f)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	// An answer that cannot be delivered has nobody to tell.
	_ = json.NewEncoder(w).Encode(map[string]any{"TokenType": in.TokenType, "RequestType": in.RequestType, "KeyType": in.KeyType,
		"RequestedSecurityToken": map[string]string{"Assertion": base64.StdEncoding.EncodeToString([]byte(token))}})
}

func (t *TokenService) knows(c *x509.Certificate) bool {
	for _, known := range t.layer.registered() {
		if known.Equal(c) {
			return true
		}
	}
	return false
}

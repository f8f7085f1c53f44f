package fkorgtest

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
)

// WriteFiles registers a client and writes into a folder what it needs to reach the stand-in: its certificate with
// the key, and the certificates of the services and of the token service. It gives the environment variables that
// name them all.
func (s *Server) WriteFiles(dir, client string) (map[string]string, error) {
	env := map[string]string{"ORGIT_FK_URL": s.URL()}
	if s.security == nil {
		return env, nil
	}
	i, err := s.NewClient(client)
	if err != nil {
		return nil, err
	}
	key, err := x509.MarshalPKCS8PrivateKey(i.Key)
	if err != nil {
		return nil, fmt.Errorf("write the client's key: %w", err)
	}
	own := append(certificatePEM(i.Certificate), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)
	var sts []byte
	for _, c := range s.Tokens().Certificates() {
		sts = append(sts, certificatePEM(c)...)
	}
	files := map[string]struct {
		variable string
		data     []byte
	}{
		"client.pem":  {"ORGIT_FK_CERTIFICATE_FILE", own},
		"sts.pem":     {"ORGIT_FK_STS_CERTIFICATES", sts},
		"service.pem": {"ORGIT_FK_SERVICE_CERTIFICATES", certificatePEM(s.ServiceCertificate())},
	}
	for name, f := range files {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, f.data, 0o600); err != nil {
			return nil, fmt.Errorf("write the stand-in's certificates: %w", err)
		}
		env[f.variable] = path
	}
	env["ORGIT_FK_STS_URL"] = s.Tokens().URL()
	return env, nil
}

func certificatePEM(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

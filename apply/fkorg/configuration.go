package fkorg

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"orgit.dk/orgit/apply/fkorg/sts"
	"orgit.dk/orgit/internal/soap/wss"
	"orgit.dk/orgit/org"
)

// adresser are the addresses of an environment (KOMBIT, SF1500 and SF1514).
type adresser struct {
	tjenester        string // base of the services
	stsSOAP, stsREST string
	issuer           string // the token service's entity ID
}

// miljoeer are KOMBIT's environments.
func miljoeer() map[string]adresser {
	of := func(host string) adresser {
		sts := "https://n2adgangsstyring." + host + "/runtime/"
		return adresser{
			tjenester: "https://organisation." + host + "/organisation/",
			stsSOAP:   sts + "services/kombittrust/14/certificatemixed",
			stsREST:   sts + "api/rest/wstrust/v1/issue",
			issuer:    "https://saml.n2adgangsstyring." + host + "/runtime",
		}
	}
	return map[string]adresser{"test": of("eksterntest-stoettesystemerne.dk"), "production": of("stoettesystemerne.dk")}
}

// ConfigFrom reads how to reach FK Organisation from the settings and the environment, which goes before them:
// ORGIT_FK_URL, ORGIT_FK_STS_URL, ORGIT_FK_CERTIFICATE_FILE, ORGIT_FK_KEY_FILE, ORGIT_FK_CERTIFICATE_PASSWORD_FILE
// (or ORGIT_FK_CERTIFICATE_PASSWORD), and the lists of files ORGIT_FK_STS_CERTIFICATES and
// ORGIT_FK_SERVICE_CERTIFICATES. s must be the settings of the approved branch. Certificates are read, and must be
// valid now. The error names everything that is missing.
func ConfigFrom(s *org.Settings, getenv func(string) string, now func() time.Time) (Config, error) {
	fk := s.Targets.FKOrganisation
	if fk == nil {
		return Config{}, fmt.Errorf("%w: the settings have no targets.fkOrganisation", ErrNotConfigured)
	}
	known := miljoeer()[fk.Environment]
	c := Config{
		URL: first(getenv("ORGIT_FK_URL"), fk.URL, known.tjenester), Organisation: fk.Organisation, Now: now,
		Timeout: time.Duration(fk.TimeoutSeconds) * time.Second,
		Omfang:  Omfang{Samtidige: fk.Workers, Side: fk.PageSize, Liste: fk.ListSize},
	}
	if fk.History == "whole" {
		c.Omfang.Historik = HistorikHel
	}
	if err := c.check(); err != nil {
		return Config{}, fmt.Errorf("%w: %w", ErrNotConfigured, err)
	}
	// A stand-in on this machine is one of KOMBIT's environments by no means: only a token service that is named counts.
	if unencrypted(c.URL) && first(getenv("ORGIT_FK_STS_URL"), fk.STS.URL) == "" {
		return c, nil
	}
	r := configReader{getenv: getenv, now: now()}
	c.Security = r.security(s.CVR, fk, known)
	if err := errors.Join(r.faults...); err != nil {
		return Config{}, fmt.Errorf("%w: %w", ErrNotConfigured, err)
	}
	return c, nil
}

// first gives the first value that is one.
func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// configReader collects what is wrong, so that it is told of at once.
type configReader struct {
	getenv func(string) string
	now    time.Time
	faults []error
}

func (r *configReader) fault(err error) {
	if err != nil {
		r.faults = append(r.faults, err)
	}
}

func (r *configReader) security(cvr string, fk *org.FKSettings, known adresser) *Security {
	s := &Security{CVR: cvr, EntityID: fk.EntityID, Identity: r.identity(fk), Privileges: fk.Privileges}
	if cvr == "" {
		r.fault(errors.New("give the municipality's cvr"))
	}
	if s.EntityID == "" {
		r.fault(errors.New("give targets.fkOrganisation.entityID"))
	}
	s.ServiceCertificates = r.certificates("ORGIT_FK_SERVICE_CERTIFICATES", "targets.fkOrganisation.serviceCertificateFiles", fk.ServiceCertificateFiles)
	s.TokenService = TokenService{
		Way: first(fk.STS.Way, sts.SOAP), Issuer: first(fk.STS.Issuer, known.issuer),
		Lifetime:     time.Duration(fk.STS.LifetimeMinutes) * time.Minute,
		RenewBefore:  time.Duration(fk.STS.RenewBeforeMinutes) * time.Minute,
		Certificates: r.certificates("ORGIT_FK_STS_CERTIFICATES", "targets.fkOrganisation.sts.certificateFiles", fk.STS.CertificateFiles),
	}
	address := map[string]string{sts.SOAP: known.stsSOAP, sts.REST: known.stsREST}[s.TokenService.Way]
	s.TokenService.URL = first(r.getenv("ORGIT_FK_STS_URL"), fk.STS.URL, address)
	if s.TokenService.URL == "" {
		r.fault(errors.New("give targets.fkOrganisation.environment or sts.url, or ORGIT_FK_STS_URL: the services want tokens"))
	} else {
		r.fault(checkAddress(s.TokenService.URL, "token service"))
	}
	if s.TokenService.Issuer == "" {
		r.fault(errors.New("give targets.fkOrganisation.sts.issuer: the token service's entity ID"))
	}
	return s
}

// identity reads orgit's own certificate and key.
func (r *configReader) identity(fk *org.FKSettings) wss.Identity {
	file := first(r.getenv("ORGIT_FK_CERTIFICATE_FILE"), fk.CertificateFile)
	if file == "" {
		r.fault(errors.New("give orgit's certificate: targets.fkOrganisation.certificateFile or ORGIT_FK_CERTIFICATE_FILE (PKCS#12 or PEM), and its password or key"))
		return wss.Identity{}
	}
	password, err := r.password()
	if err != nil {
		r.fault(err)
		return wss.Identity{}
	}
	i, err := wss.LoadIdentity(file, r.getenv("ORGIT_FK_KEY_FILE"), password, r.now)
	if err != nil {
		r.fault(fmt.Errorf("read orgit's certificate: %w (the password stands in ORGIT_FK_CERTIFICATE_PASSWORD_FILE, a key of its own in ORGIT_FK_KEY_FILE)", err))
	}
	return i
}

// password is the one of the certificate file. White space at its end belongs to the file, not to it.
func (r *configReader) password() (string, error) {
	file := r.getenv("ORGIT_FK_CERTIFICATE_PASSWORD_FILE")
	if file == "" {
		return r.getenv("ORGIT_FK_CERTIFICATE_PASSWORD"), nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("read ORGIT_FK_CERTIFICATE_PASSWORD_FILE: %w", err)
	}
	return strings.TrimRight(string(data), " \t\r\n"), nil
}

// certificates reads those that a partner signs with. One of them must be valid now.
func (r *configReader) certificates(variable, setting string, files []string) []*x509.Certificate {
	if v := r.getenv(variable); v != "" {
		files = filepath.SplitList(v)
	}
	if len(files) == 0 {
		r.fault(fmt.Errorf("give %s or %s: the certificates that answers are signed with", setting, variable))
		return nil
	}
	all, err := wss.LoadCertificates(files)
	if err != nil {
		r.fault(fmt.Errorf("read %s or %s: %w", setting, variable, err))
		return nil
	}
	var expired []string
	for _, c := range all {
		if r.now.Before(c.NotBefore) || r.now.After(c.NotAfter) {
			expired = append(expired, wss.Describe(c))
		}
	}
	if len(expired) == len(all) {
		r.fault(fmt.Errorf("none of the certificates of %s or %s is valid now: %s", setting, variable, strings.Join(expired, ", ")))
	}
	return all
}

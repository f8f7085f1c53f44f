package ad

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/apply"
)

// ErrRefused: a rule of the directory speaks against a value, such as a name that is in
// use or a password policy. Windows and Samba use the codes 19, 21 and 53 for the same
// things in different places, so they are one class.
var ErrRefused = errors.New("refused by the directory's rules")

// ErrNoRight: the directory does not let orgit change one object, such as one that it
// protects as an administrator's. Others may be open to orgit, so the run goes on.
var ErrNoRight = errors.New("orgit has no right to change this object")

// ErrNotConfigured: the settings or the environment do not say how to reach the
// directory.
var ErrNotConfigured = errors.New("the directory is not configured")

// errPartial: the directory gave less than all that was asked for. What is missing must
// never be taken for what is not there.
var errPartial = fmt.Errorf("%w: the answer is not complete", apply.ErrUnreachable)

// explain says what an error of a request means, for a person and for errors.Is.
func (x Domain) explain(err error) error {
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &unknown):
		return fmt.Errorf("%w: the directory's certificate comes from an authority that is not trusted; "+
			"give the authority's certificate as %s.caFile or %s: %w", apply.ErrUnreachable, x.setting(), x.variable("ORGIT_AD_CA_FILE"), err)
	case errors.As(err, &host):
		return fmt.Errorf("%w: the directory's certificate is for another name; "+
			"use a name that stands in it as %s.url or %s: %w", apply.ErrUnreachable, x.setting(), x.variable("ORGIT_AD_URL"), err)
	case errors.As(err, &invalid):
		return fmt.Errorf("%w: the directory's certificate is not valid (expired, or not for a server): %w",
			apply.ErrUnreachable, err)
	case errors.As(err, &record):
		return fmt.Errorf("%w: the server does not speak TLS on this port; LDAPS usually is on 636: %w", apply.ErrUnreachable, err)
	case isLost(err):
		return fmt.Errorf("%w: %w", apply.ErrUnreachable, err)
	}
	switch code(err) {
	case ldap.LDAPResultInvalidCredentials:
		return fmt.Errorf("%w: the directory does not accept the name or password (wrong, expired or disabled): %w",
			apply.ErrNotAuthorised, err)
	case ldap.LDAPResultInsufficientAccessRights, ldap.LDAPResultStrongAuthRequired, ldap.LDAPResultInappropriateAuthentication:
		return fmt.Errorf("%w: %w", apply.ErrNotAuthorised, err)
	case ldap.LDAPResultEntryAlreadyExists, ldap.LDAPResultConstraintViolation, ldap.LDAPResultInvalidAttributeSyntax, ldap.LDAPResultUnwillingToPerform:
		return fmt.Errorf("%w: %w", ErrRefused, err)
	case ldap.LDAPResultBusy, ldap.LDAPResultUnavailable, ldap.LDAPResultTimeLimitExceeded,
		ldap.LDAPResultSizeLimitExceeded, ldap.LDAPResultAdminLimitExceeded:
		return fmt.Errorf("%w: it could not answer in full: %w", apply.ErrUnreachable, err)
	}
	return err
}

// explainWrite is explain for a request that changes one object.
func (x Domain) explainWrite(err error) error {
	if hasCode(err, ldap.LDAPResultInsufficientAccessRights) {
		return fmt.Errorf("%w; give orgit's account the right to it, or leave it out of orgit: %w", ErrNoRight, err)
	}
	return x.explain(err)
}

// protectedOU says of an OU that the directory does not let orgit delete or move that it
// may be protected: ADUC's "Protect object from accidental deletion" denies both to
// everybody, and only a person takes that away.
func protectedOU(o *object, err error) error {
	if o.kind != KindOU || !hasCode(err, ldap.LDAPResultInsufficientAccessRights) {
		return err
	}
	return fmt.Errorf("%s is protected against accidental deletion (its tab Object in ADUC), or orgit has no right there; "+
		"it stays as it is until somebody takes the protection away or moves it by hand: %w", o.DN, err)
}

// lostError is a request to which no answer came, so that nobody knows what became of it.
type lostError struct{ error }

// Unwrap gives the cause.
func (e lostError) Unwrap() error { return e.error }

// lost marks what the network, not the directory, says about a request. Any other error,
// such as a reference that leads nowhere, is about one object and not about the server.
func lost(err error) error {
	var e *ldap.Error
	if err == nil || errors.As(err, &e) && e.ResultCode != ldap.ErrorNetwork {
		return err
	}
	for _, known := range []error{apply.ErrUnreachable, apply.ErrNotAuthorised, ErrNotConfigured} {
		if errors.Is(err, known) {
			return err
		}
	}
	return lostError{err}
}

// isLost reports whether a request was sent and no answer came.
func isLost(err error) bool {
	var e lostError
	return errors.As(err, &e)
}

// code is the result code of an answer, or 0 when err is none.
func code(err error) uint16 {
	var e *ldap.Error
	if errors.As(err, &e) {
		return e.ResultCode
	}
	return ldap.LDAPResultSuccess
}

func hasCode(err error, codes ...uint16) bool {
	return err != nil && slices.Contains(codes, code(err))
}

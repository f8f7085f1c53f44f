package os2mo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// Options are where OS2mo is, as whom orgit reads it, and what the municipality calls
// things there.
type Options struct {
	URL      string // base address, such as https://os2mo.korsbaek.dk
	TokenURL string // the token endpoint of its Keycloak: …/auth/realms/mo/protocol/openid-connect/token
	ClientID string
	// Secret gives the client's secret, from a file or the environment. It is asked at each
	// login, so that a secret that was changed is found. Its error must not hold the secret.
	Secret func() (string, error)

	Clock func() time.Time                           // time.Now when nil
	Sleep func(context.Context, time.Duration) error // between attempts; waits when nil

	PageSize int // objects of a page; 500 when 0

	// Roles say what a type of address is in orgit, by the type's user_key: a role of the
	// schema (phone, post, visit …), the name of a number (p, ean, sor …), or "" for nothing.
	// Types that are not named here are told by their scope and by the words of their names.
	Roles map[string]string
	// Systems are the keys that IT systems have in orgit, by user_key in OS2mo, such as
	// "Active Directory": "ad". Others keep their user_key.
	Systems map[string]string
}

// Format prints where and as whom, whatever the verb.
func (o Options) Format(f fmt.State, _ rune) {
	// What cannot be printed, nobody is left to hear of.
	_, _ = fmt.Fprintf(f, "OS2mo at %s as client %s", o.URL, o.ClientID)
}

const (
	pageSize   = 500
	pageSizeID = 5000 // where only identifiers are read
)

func (o Options) complete() (Options, error) {
	faults := []error{checkAddress("the address of OS2mo", o.URL), checkAddress("the address of the token endpoint", o.TokenURL)}
	if o.ClientID == "" {
		faults = append(faults, errors.New("the client's ID is missing"))
	}
	if o.Secret == nil {
		faults = append(faults, errors.New("the client's secret is missing"))
	}
	if o.PageSize < 0 {
		faults = append(faults, errors.New("a page has at least one object"))
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.PageSize == 0 {
		o.PageSize = pageSize
	}
	o.URL = strings.TrimRight(o.URL, "/")
	return o, errors.Join(faults...)
}

// checkAddress checks a place that secrets are sent to.
func checkAddress(what, text string) error {
	u, err := url.Parse(text)
	switch {
	case text == "":
		return fmt.Errorf("%s is missing", what)
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("%s is none: write it as https://os2mo.korsbaek.dk", what)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("%s has more than scheme, host and path", what)
	case u.Scheme == "http" && !onThisMachine(u.Hostname()):
		return fmt.Errorf("%s has to begin with https://, because a login travels with every request", what)
	}
	return nil
}

func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

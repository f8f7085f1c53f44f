//lint:file-ignore SA1019 the library is settled for the project, whose successor it is kept apart from by this package

package gitlab

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
	"unicode"

	gl "github.com/xanzy/go-gitlab"
)

// Config says which project on which server, and as whom. Printed it shows no token.
type Config struct {
	URL     string // of the server, such as https://gitlab.korsbaek.dk; https, or http on this machine
	Project string // its number, or its path such as korsbaek/organisation
	Token   string `json:"-"` // of the user that orgit is: a project access token with the scope api
	CAFile  string // PEM; authorities that are trusted besides the system's

	HTTPClient *http.Client // nil: one of the client's own. Its Timeout is for each attempt.
	Now        func() time.Time
	Sleep      func(context.Context, time.Duration) error // between attempts
}

// Format prints the configuration without its token, whatever the verb.
func (c Config) Format(f fmt.State, _ rune) {
	token := "no token"
	if c.Token != "" {
		token = "a token that is not shown"
	}
	// What cannot be printed, nobody is left to hear of.
	_, _ = fmt.Fprintf(f, "project %s on %s with %s", c.Project, c.URL, token)
}

// ConfigFrom reads how to reach GitLab from the environment: ORGIT_GITLAB_URL (else CI_SERVER_URL), ORGIT_GITLAB_PROJECT
// (else CI_PROJECT_ID), ORGIT_GITLAB_TOKEN_FILE or ORGIT_GITLAB_TOKEN, and ORGIT_GITLAB_CA_FILE (else
// CI_SERVER_TLS_CA_FILE). The job token of a pipeline is not used: it may neither write notes nor read approvals.
//
// The error is ErrNotConfigured where no variable of orgit's own is set: then nobody meant to use GitLab. Else it names
// everything that is missing or wrong.
func ConfigFrom(getenv func(string) string) (Config, error) {
	own := func(names ...string) string {
		for _, name := range names {
			if v := getenv(name); v != "" {
				return v
			}
		}
		return ""
	}
	c := Config{
		URL: own("ORGIT_GITLAB_URL", "CI_SERVER_URL"), Project: own("ORGIT_GITLAB_PROJECT", "CI_PROJECT_ID"),
		CAFile: own("ORGIT_GITLAB_CA_FILE", "CI_SERVER_TLS_CA_FILE"),
	}
	if own("ORGIT_GITLAB_URL", "ORGIT_GITLAB_PROJECT", "ORGIT_GITLAB_TOKEN", "ORGIT_GITLAB_TOKEN_FILE") == "" {
		return Config{}, fmt.Errorf("%w: give ORGIT_GITLAB_URL, ORGIT_GITLAB_PROJECT and ORGIT_GITLAB_TOKEN_FILE", ErrNotConfigured)
	}
	var err error
	c.Token, err = tokenFrom(getenv)
	if err := errors.Join(c.checkPlace(), err); err != nil {
		return Config{}, fmt.Errorf("read how to reach GitLab: %w", err)
	}
	return c, nil
}

func tokenFrom(getenv func(string) string) (string, error) {
	token, file := getenv("ORGIT_GITLAB_TOKEN"), getenv("ORGIT_GITLAB_TOKEN_FILE")
	if file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("read the token (ORGIT_GITLAB_TOKEN_FILE): %w", err)
		}
		token = strings.TrimSpace(string(text))
	}
	return token, checkToken(token)
}

// checkToken refuses what cannot be one, without showing it.
func checkToken(token string) error {
	if token == "" {
		return errors.New("give a token in the file that ORGIT_GITLAB_TOKEN_FILE names, or in ORGIT_GITLAB_TOKEN")
	}
	if strings.ContainsFunc(token, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) || r > unicode.MaxASCII }) {
		return errors.New("the token has characters that no token has, such as a line break in its middle")
	}
	return nil
}

// checkPlace says what is wrong with address and project.
func (c Config) checkPlace() error {
	var faults []error
	if c.Project == "" {
		faults = append(faults, errors.New("give the project's number or path as ORGIT_GITLAB_PROJECT"))
	}
	u, err := url.Parse(c.URL)
	switch {
	case c.URL == "":
		faults = append(faults, errors.New("give the server's address as ORGIT_GITLAB_URL"))
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"):
		faults = append(faults, errors.New("ORGIT_GITLAB_URL is no address such as https://gitlab.korsbaek.dk"))
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		faults = append(faults, errors.New("ORGIT_GITLAB_URL has more than scheme, host and path; the token stands in ORGIT_GITLAB_TOKEN_FILE"))
	case u.Scheme == "http" && !onThisMachine(u.Hostname()):
		faults = append(faults, errors.New("ORGIT_GITLAB_URL has to begin with https://, because the token travels with every request"))
	}
	return errors.Join(faults...)
}

func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// Client speaks to the server about one project. It may be used by several goroutines.
type Client struct {
	api     *gl.Client
	project string
	sleep   func(context.Context, time.Duration) error
}

// Open makes a client. Nothing is sent before the first question.
func Open(c Config) (*Client, error) {
	if err := errors.Join(c.checkPlace(), checkToken(c.Token)); err != nil {
		return nil, fmt.Errorf("open GitLab: %w", err)
	}
	t := &transport{timeout: oneAttempt, now: c.Now, sleep: c.Sleep}
	if t.now == nil {
		t.now = time.Now
	}
	if t.sleep == nil {
		t.sleep = sleep
	}
	var own http.Client
	if c.HTTPClient != nil {
		own = *c.HTTPClient
	}
	if own.Timeout > 0 {
		t.timeout = own.Timeout
	}
	var err error
	if t.base, err = trusting(own.Transport, c.CAFile); err != nil {
		return nil, fmt.Errorf("open GitLab: %w", err)
	}
	own.Transport, own.Timeout = t, 0
	// Redirects are not followed: the header with the token would go along to any host, and a PUT would become a GET.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	api, err := gl.NewClient(c.Token, gl.WithBaseURL(c.URL), gl.WithHTTPClient(&own), gl.WithoutRetries(), gl.WithCustomLimiter(unlimited{}))
	if err != nil {
		return nil, fmt.Errorf("open GitLab: %w", err)
	}
	api.UserAgent = "orgit"
	return &Client{api: api, project: c.Project, sleep: t.sleep}, nil
}

// trusting gives a transport that trusts the authorities of a file too.
func trusting(base http.RoundTripper, file string) (http.RoundTripper, error) {
	if base == nil {
		base = http.DefaultTransport
	}
	if file == "" {
		return base, nil
	}
	plain, ok := base.(*http.Transport)
	if !ok {
		return nil, errors.New("a CA file needs an HTTP client with an ordinary transport")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the authorities (ORGIT_GITLAB_CA_FILE): %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("read the system's authorities: %w", err)
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("read the authorities in %s (ORGIT_GITLAB_CA_FILE): no certificate in PEM is there", file)
	}
	plain = plain.Clone()
	if plain.TLSClientConfig == nil {
		plain.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	plain.TLSClientConfig.RootCAs = pool
	return plain, nil
}

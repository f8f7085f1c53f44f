package sd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"orgit.dk/orgit/org"
)

// Address is where SD's services are.
const Address = "https://service.sd.dk/sdws"

// What a caller may have to tell apart.
var (
	// ErrDenied is a login that SD refuses.
	ErrDenied = errors.New("SD refuses the login")
	// ErrUnreachable is an SD that does not answer, or not now.
	ErrUnreachable = errors.New("SD cannot be read now")
)

// SD's services are open from 6 to 22 in Copenhagen.
const (
	opens  = 6
	closes = 22
)

const (
	tries     = 4
	longest   = 10 * time.Minute // for an answer; that of a large institution is some tens of MB
	errorSize = 64 << 10         // how much is read of an answer that is none
)

// Login is how SD is reached.
type Login struct {
	Address  string // of the services, with https; empty: Address
	User     string
	Password string
	Now      func() time.Time  // only says whether SD is open
	Wait     time.Duration     // before the second try, and longer before each further one; 0: a second
	HTTP     http.RoundTripper // nil: the usual one
}

// String names the login without its password.
func (l Login) String() string { return "SD-Løn as " + l.User }

// GoString names the login without its password.
func (l Login) GoString() string { return l.String() }

// Service asks SD's services.
type Service struct {
	login  Login
	client *retryablehttp.Client
}

// Connect prepares to ask SD. It does not ask yet.
func Connect(l Login) (*Service, error) {
	if l.Address == "" {
		l.Address = Address
	}
	if l.Wait == 0 {
		l.Wait = time.Second
	}
	where, err := url.Parse(l.Address)
	switch {
	case err != nil || where.Host == "":
		return nil, errors.New("the address of SD's services is none")
	case where.Scheme != "https":
		return nil, errors.New("the address of SD's services must begin with https, or the password is sent in the open")
	case where.User != nil:
		return nil, errors.New("the address of SD's services holds a login; give user and password by themselves")
	case l.User == "" || l.Password == "":
		return nil, errors.New("SD wants a user (it begins with sy) and a password")
	}
	client := retryablehttp.NewClient()
	client.Logger = nil
	client.RetryMax, client.RetryWaitMin, client.RetryWaitMax = tries-1, l.Wait, 10*l.Wait
	client.ErrorHandler = retryablehttp.PassthroughErrorHandler
	client.Backoff = func(shortest, longest time.Duration, try int, resp *http.Response) time.Duration {
		return min(longest, retryablehttp.DefaultBackoff(shortest, longest, try, resp)) // whatever SD asks for in Retry-After
	}
	client.HTTPClient = &http.Client{
		Timeout: longest, Transport: l.HTTP,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Service{login: l, client: client}, nil
}

// Ask asks a service. What SD does not answer for the moment is asked again.
func (s *Service) Ask(ctx context.Context, service string, parameters url.Values) (io.ReadCloser, error) {
	address := strings.TrimSuffix(s.login.Address, "/") + "/" + service + "?" + parameters.Encode()
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errors.New("the address of SD's services is none")
	}
	req.SetBasicAuth(s.login.User, s.login.Password)
	resp, err := s.client.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		var at *url.Error
		if errors.As(err, &at) {
			err = at.Err // without the address and its parameters
		}
		return nil, fmt.Errorf("%w: SD does not answer: %w%s", ErrUnreachable, err, s.closed())
	}
	if resp.StatusCode == http.StatusOK {
		return resp.Body, nil
	}
	defer resp.Body.Close() //nolint:errcheck // it is only read
	return nil, s.refused(service, resp)
}

// refused says what SD answered instead of an answer.
func (s *Service) refused(service string, resp *http.Response) error {
	switch resp.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return fmt.Errorf("%w (%s): are user and password right, and is the user open for %s?", ErrDenied, resp.Status, service)
	case http.StatusNotFound:
		return fmt.Errorf("SD knows no %s there (%s): is the address right?", service, resp.Status)
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, errorSize))
	if fault := (*Fault)(nil); err == nil {
		if _, err := open(bytes.NewReader(text), service); errors.As(err, &fault) {
			return fault
		}
	}
	if resp.StatusCode >= http.StatusInternalServerError {
		return fmt.Errorf("%w: SD answers %s%s", ErrUnreachable, resp.Status, s.closed())
	}
	return fmt.Errorf("SD answers %s%s", resp.Status, s.closed())
}

// closed explains a failure outside SD's hours.
func (s *Service) closed() string {
	zone, err := org.Copenhagen()
	if s.login.Now == nil || err != nil {
		return ""
	}
	if hour := s.login.Now().In(zone).Hour(); opens <= hour && hour < closes {
		return ""
	}
	return fmt.Sprintf("; SD answers from %d to %d o'clock, and it is outside those hours: try again then", opens, closes)
}

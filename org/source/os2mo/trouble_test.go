package os2mo_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org/source/os2mo"
	"orgit.dk/orgit/org/source/os2mo/os2motest"
)

// TestFaults: whatever goes wrong is waited out or an error, and never a smaller extract.
func TestFaults(t *testing.T) {
	type fault = os2motest.Fault
	for name, test := range map[string]struct {
		fault fault
		want  string // in the error; "" for none
		class error
	}{
		"errors with status 200":   {fault{Collection: "persons", Page: 3, Kind: os2motest.ErrorIn200}, "read persons, page 3: ", os2mo.ErrUnreachable},
		"data with errors":         {fault{Collection: "owners", Kind: os2motest.PartialData}, "a resolver timed out (E_UNKNOWN)", os2mo.ErrUnreachable},
		"502 for a while":          {fault{Collection: "classes", Kind: os2motest.BadGateway, Times: 3}, "", nil},
		"502 for good":             {fault{Collection: "classes", Page: 1, Kind: os2motest.BadGateway}, "502 Bad Gateway (4 attempts)", os2mo.ErrUnreachable},
		"token endpoint down":      {fault{Collection: "token", Kind: os2motest.BadGateway}, "log in to OS2mo as client orgit", os2mo.ErrUnreachable},
		"token endpoint slow":      {fault{Collection: "token", Kind: os2motest.BadGateway, Times: 1}, "", nil},
		"token runs out early":     {fault{Collection: "addresses", Page: 3, Kind: os2motest.ExpiredToken, Times: 1}, "", nil},
		"no token is good enough":  {fault{Collection: "addresses", Kind: os2motest.ExpiredToken}, "status 401", os2mo.ErrDenied},
		"cursor comes twice":       {fault{Collection: "classes", Page: 2, Kind: os2motest.RepeatedCursor}, "cursor comes twice", os2mo.ErrUnreachable},
		"page with objects twice":  {fault{Collection: "classes", Page: 3, Kind: os2motest.RepeatedPage}, "comes twice", os2mo.ErrUnreachable},
		"page left out":            {fault{Collection: "persons", Page: 1, Kind: os2motest.MissingPage, Times: 1}, "missing in the pages", os2mo.ErrUnreachable},
		"page left out later":      {fault{Collection: "leaves", Operation: "LeavesIDs", Kind: os2motest.MissingPage}, "read leaves: OS2mo did not answer whole: 3 objects the first time, 0 the second", os2mo.ErrUnreachable},
		"nothing of further pages": {fault{Collection: "kles", Kind: os2motest.NoPageInfo}, "does not say whether there are more", os2mo.ErrUnreachable},
		"connection breaks once":   {fault{Collection: "org_units", Kind: os2motest.CutAnswer, Times: 1}, "", nil},
		"connection breaks always": {fault{Collection: "engagements", Kind: os2motest.CutAnswer}, "breaks off", os2mo.ErrUnreachable},
		"text ends in the middle":  {fault{Collection: "engagements", Kind: os2motest.CutJSON}, "breaks off", os2mo.ErrUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, os2motest.Korsbaek(), nil)
			w.Fault(test.fault)
			x, err := os2mo.Read(t.Context(), w.client, w.options())
			if test.want == "" {
				if err != nil {
					t.Fatalf("read: %v", err)
				}
				return
			}
			if err == nil || x != nil || !strings.Contains(err.Error(), test.want) || !errors.Is(err, test.class) {
				t.Errorf("read: %v, want %q", err, test.want)
			}
			refuseSecrets(t, fmt.Sprintf("%v %+v", err, err))
		})
	}
}

// refuseSecrets finds what may stand nowhere.
func refuseSecrets(t *testing.T, text string) {
	t.Helper()
	for _, number := range os2motest.Korsbaek().CPRNumbers() {
		if strings.Trim(number, "0") == "" {
			continue
		}
		if strings.Contains(text, number) || strings.Contains(text, number[:6]+"-"+number[6:]) {
			t.Errorf("a CPR number stands in: %s", text)
		}
	}
	for _, secret := range []string{clientSecret, "44339999", "20304051", "20304052", "Hjemvej"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s stands in: %s", secret, text)
		}
	}
}

// TestNothingLeaks: no way of printing the extract shows a CPR number, a secret or private address.
func TestNothingLeaks(t *testing.T) {
	w := newWorld(t, os2motest.Korsbaek(), nil)
	x := read(t, w)
	text, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	refuseSecrets(t, string(text))
	refuseSecrets(t, fmt.Sprintf("%v %+v %#v", x, x, *x))
	for _, p := range x.People {
		refuseSecrets(t, fmt.Sprintf("%v %+v %#v", p, p, p))
	}
	opts := w.options()
	refuseSecrets(t, fmt.Sprintf("%v %+v %#v", opts, opts, opts))
	if got, _ := json.Marshal(x.Notes); strings.Contains(string(got), "fagforening") || strings.Contains(string(got), "Barsel") && !strings.Contains(string(got), "„Barselsorlov“ hører") {
		t.Errorf("notes tell of unions or reasons: %s", got)
	}
}

// TestSecret: Keycloak repeats what it was sent, and the error does not.
func TestSecret(t *testing.T) {
	w := newWorld(t, os2motest.Korsbaek(), nil)
	opts := w.options()
	opts.Secret = func() (string, error) { return clientSecret + "-old", nil }
	_, err := os2mo.Read(t.Context(), w.client, opts)
	if !errors.Is(err, os2mo.ErrDenied) || !strings.Contains(err.Error(), "unauthorized_client") {
		t.Errorf("read: %v", err)
	}
	refuseSecrets(t, fmt.Sprint(err))
	opts.Secret = func() (string, error) { return "", errors.New("no such file") }
	if _, err := os2mo.Read(t.Context(), w.client, opts); err == nil || !strings.Contains(err.Error(), "read the secret of client orgit: no such file") {
		t.Errorf("read: %v", err)
	}
}

// TestTokens: a read that lasts longer than a token logs in again before it runs out.
func TestTokens(t *testing.T) {
	want := read(t, newWorld(t, os2motest.Korsbaek(), nil))
	w := newWorld(t, os2motest.Korsbaek(), func(w *world, _ os2motest.Query) { w.now = w.now.Add(29 * time.Second) })
	if diff := cmp.Diff(want, read(t, w), sameNumber()); diff != "" {
		t.Errorf("slow read (-want +got):\n%s", diff)
	}
	queries := len(w.Queries())
	if got := w.Logins(); got < queries*29/300 || got > queries*29/200 {
		t.Errorf("%d logins for %d queries of 29 seconds", got, queries)
	}
	if got := w.Refused(); got != 0 {
		t.Errorf("%d queries with a token that had run out", got)
	}
}

// flaky loses the first answer to each query.
type flaky struct {
	http.RoundTripper
	lost map[string]bool
}

type timedOut struct{}

func (timedOut) Error() string { return "i/o timeout" }
func (timedOut) Timeout() bool { return true }

func (f flaky) RoundTrip(r *http.Request) (*http.Response, error) {
	key := fmt.Sprint(r.URL.Path, r.ContentLength)
	if !f.lost[key] {
		f.lost[key] = true
		return nil, timedOut{}
	}
	return f.RoundTripper.RoundTrip(r)
}

func TestTimeouts(t *testing.T) {
	w := newWorld(t, os2motest.Korsbaek(), nil)
	client := &http.Client{Transport: flaky{w.client.Transport, map[string]bool{}}}
	if _, err := os2mo.Read(t.Context(), client, w.options()); err != nil {
		t.Errorf("read: %v", err)
	}
	if w.slept == 0 {
		t.Error("it did not wait between attempts")
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w := newWorld(t, os2motest.Korsbaek(), func(_ *world, q os2motest.Query) {
		if q.Operation == "Engagements" {
			cancel()
		}
	})
	if _, err := os2mo.Read(ctx, w.client, w.options()); !errors.Is(err, context.Canceled) {
		t.Errorf("read: %v, want it cancelled", err)
	}
}

// TestRedirect: a login is not taken along to another place.
func TestRedirect(t *testing.T) {
	w := newWorld(t, os2motest.Korsbaek(), nil)
	elsewhere := 0
	client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.URL.Host == "elsewhere.example" {
			elsewhere++
		}
		if r.URL.Path == os2motest.GraphQLPath {
			return &http.Response{StatusCode: http.StatusTemporaryRedirect, Header: http.Header{"Location": {"https://elsewhere.example/"}}, Body: http.NoBody, Request: r}, nil
		}
		return w.client.Transport.RoundTrip(r)
	})}
	_, err := os2mo.Read(t.Context(), client, w.options())
	if err == nil || !strings.Contains(err.Error(), "status 307") || elsewhere != 0 {
		t.Errorf("read: %v, %d requests elsewhere", err, elsewhere)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestEmpty: an OS2mo without units or people is not one that everybody left.
func TestEmpty(t *testing.T) {
	for _, collection := range []string{"facets", "classes", "org_units", "persons"} {
		o := os2motest.Korsbaek()
		delete(o, collection)
		w := newWorld(t, o, nil)
		_, err := os2mo.Read(t.Context(), w.client, w.options())
		if !errors.Is(err, os2mo.ErrUnreachable) || !strings.Contains(err.Error(), collection+" is empty") {
			t.Errorf("without %s: %v", collection, err)
		}
	}
}

func TestOptions(t *testing.T) {
	good := newWorld(t, os2motest.Korsbaek(), nil).options()
	for name, test := range map[string]struct {
		edit func(*os2mo.Options)
		want string
	}{
		"no address":    {func(o *os2mo.Options) { o.URL = "" }, "address of OS2mo is missing"},
		"plain http":    {func(o *os2mo.Options) { o.URL = "http://os2mo.korsbaek.example" }, "has to begin with https://"},
		"no such token": {func(o *os2mo.Options) { o.TokenURL = "keycloak" }, "token endpoint is none"},
		"user in it":    {func(o *os2mo.Options) { o.TokenURL = "https://a:" + clientSecret + "@b.example" }, "more than scheme, host and path"},
		"no client":     {func(o *os2mo.Options) { o.ClientID = "" }, "client's ID is missing"},
		"no secret":     {func(o *os2mo.Options) { o.Secret = nil }, "secret is missing"},
		"odd page":      {func(o *os2mo.Options) { o.PageSize = -1 }, "at least one object"},
	} {
		opts := good
		test.edit(&opts)
		_, err := os2mo.Read(t.Context(), nil, opts)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
		refuseSecrets(t, fmt.Sprint(err))
	}
}

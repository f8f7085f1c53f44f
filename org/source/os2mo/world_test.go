package os2mo_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"orgit.dk/orgit/internal/testshared"
	"orgit.dk/orgit/org/source/os2mo"
	"orgit.dk/orgit/org/source/os2mo/os2motest"
)

const clientSecret = "hemmelig-Kode-7f3a"

// world is a stand-in that answers, with a clock of its own.
type world struct {
	*os2motest.Server
	url    string
	client *http.Client
	now    time.Time
	slept  time.Duration
}

// noon is the day for which the sample organisation is made.
func noon() time.Time { return time.Date(2026, 11, 25, 11, 0, 0, 0, time.UTC) }

// newWorld starts a stand-in. It checks queries by the schema where that is beside the checkout.
func newWorld(t testing.TB, o os2motest.Organisation, asked func(*world, os2motest.Query)) *world {
	t.Helper()
	w := &world{now: noon()}
	opts := os2motest.Options{
		Organisation: o, Schema: schema(t), ClientID: "orgit", Secret: clientSecret, Clock: func() time.Time { return w.now },
		Asked: func(q os2motest.Query) {
			if asked != nil {
				asked(w, q)
			}
		},
	}
	w.Server = os2motest.New(opts)
	web := httptest.NewServer(w.Server)
	t.Cleanup(web.Close)
	w.url, w.client = web.URL, web.Client()
	return w
}

// official is the official schema, read once for all tests: it takes a while.
var official struct {
	once   sync.Once
	schema *os2motest.Schema
	err    error
}

// schema is the official schema, nil where it is absent.
func schema(t testing.TB) *os2motest.Schema {
	t.Helper()
	shared := testshared.Find(t)
	if shared == "" {
		return nil
	}
	official.once.Do(func() {
		text, err := os.ReadFile(filepath.Join(shared, "samples", "os2mo-schema-v30.graphql"))
		if err != nil {
			official.err = err
			return
		}
		official.schema, official.err = os2motest.LoadSchema(string(text))
	})
	if official.err != nil {
		t.Fatal(official.err)
	}
	return official.schema
}

func (w *world) options() os2mo.Options {
	return os2mo.Options{
		URL: w.url, TokenURL: w.url + os2motest.TokenPath, ClientID: "orgit",
		Secret:   func() (string, error) { return clientSecret, nil },
		Clock:    func() time.Time { return w.now },
		Sleep:    func(_ context.Context, d time.Duration) error { w.slept += d; return nil },
		PageSize: 3,
		Systems:  map[string]string{"Active Directory": "ad"},
	}
}

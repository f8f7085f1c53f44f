package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"orgit.dk/orgit/internal/testshared"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source/os2mo/os2motest"
)

// officialOS2mo is OS2mo's own schema, against which the stand-in checks every query; nil where it is not beside the checkout.
func officialOS2mo(t *testing.T) func() (*os2motest.Schema, error) {
	shared := testshared.Find(t)
	return sync.OnceValues(func() (*os2motest.Schema, error) {
		if shared == "" {
			return nil, nil
		}
		text, err := os.ReadFile(filepath.Join(shared, "samples", "os2mo-schema-v30.graphql"))
		if err != nil {
			return nil, err
		}
		return os2motest.LoadSchema(string(text))
	})
}

// startOS2mo starts an OS2mo that holds the sample organisation, and points the script at it.
func startOS2mo(ts *testscript.TestScript, official func() (*os2motest.Schema, error)) {
	const secret = "hemmelig-Kode-7f3a"
	schema, err := official()
	ts.Check(err)
	now, err := demoMorning(org.Day(ts.Getenv("TODAY")))
	ts.Check(err)
	web := httptest.NewServer(os2motest.New(os2motest.Options{
		Organisation: os2motest.Korsbaek(), Schema: schema, ClientID: "orgit", Secret: secret, Clock: func() time.Time { return now },
	}))
	ts.Defer(web.Close)
	ts.Setenv("ORGIT_OS2MO_URL", web.URL)
	ts.Setenv("ORGIT_OS2MO_TOKEN_URL", web.URL+os2motest.TokenPath)
	ts.Setenv("ORGIT_OS2MO_CLIENT_ID", "orgit")
	ts.Setenv("ORGIT_OS2MO_SECRET_FILE", secretFile(ts, ".os2mo", []byte(secret)))
}

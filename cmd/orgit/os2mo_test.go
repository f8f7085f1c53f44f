package main

import (
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// cmdNoSecrets demands that what was printed and the files of a folder hold nothing of the sample organisation that has no place
// in orgit: nosecrets stdout DIR.
func cmdNoSecrets(ts *testscript.TestScript, _ bool, args []string) {
	private := append(os2motest.Korsbaek().CPRNumbers(), "010170-1234", "44339999", "20304052", "20304051", "Hjemvej", "En faglig organisation", `"et felt`, " et felt", "et andet")
	private = slices.DeleteFunc(private, func(s string) bool { return s == "0000000000" || s == "9999999999" })
	look := func(where, text string) {
		for _, s := range private {
			if strings.Contains(text, s) {
				ts.Fatalf("%s holds %q", where, s)
			}
		}
	}
	look(args[0], ts.ReadFile(args[0]))
	ts.Check(filepath.WalkDir(ts.MkAbs(args[1]), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		look(path, string(text))
		return err
	}))
}

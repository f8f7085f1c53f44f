// Package outsidetest reads for tests what package outside writes, with the real readers: each function
// writes a town for a system and gives what the system's reader makes of it.
package outsidetest

import (
	"bytes"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"orgit.dk/orgit/internal/testshared"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/directory"
	"orgit.dk/orgit/org/source/opus"
	"orgit.dk/orgit/org/source/os2mo"
	"orgit.dk/orgit/org/source/os2mo/os2motest"
	"orgit.dk/orgit/org/synthetic"
	"orgit.dk/orgit/org/synthetic/outside"
)

// OPUS is the town by way of a file of OPUS.
func OPUS(t testing.TB, town *synthetic.Town) *source.Extract {
	t.Helper()
	var file bytes.Buffer
	if err := outside.OPUS(&file, town); err != nil {
		t.Fatal(err)
	}
	x, err := opus.Read(&file, outside.OPUSName(town))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// LDIF is the town by way of an export of its directory.
func LDIF(t testing.TB, town *synthetic.Town) *source.Extract {
	t.Helper()
	var file bytes.Buffer
	if err := outside.LDIF(&file, town); err != nil {
		t.Fatal(err)
	}
	x, err := directory.FromLDIF(&file, directory.Options{Document: "ad.ldif", Day: town.Day, BaseDN: outside.BaseDN(town),
		Service: directory.Pattern{Logins: []string{outside.ServicePrefix + "*"}}})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// OS2mo is the town by way of the stand-in for OS2mo, which checks what it is asked and what it answers by a
// schema, unless that is nil.
func OS2mo(t testing.TB, town *synthetic.Town, schema *os2motest.Schema) *source.Extract {
	t.Helper()
	noon, err := time.Parse(time.DateTime, string(town.Day)+" 11:00:00")
	if err != nil {
		t.Fatal(err)
	}
	const secret = "hemmelig"
	clock := func() time.Time { return noon }
	server := httptest.NewServer(os2motest.New(os2motest.Options{Organisation: outside.OS2mo(town), Schema: schema, ClientID: "orgit", Secret: secret, Clock: clock}))
	defer server.Close()
	x, err := os2mo.Read(t.Context(), server.Client(), os2mo.Options{URL: server.URL, TokenURL: server.URL + os2motest.TokenPath, ClientID: "orgit",
		Secret: func() (string, error) { return secret, nil }, Clock: clock, Systems: map[string]string{outside.System: "ad"}})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// Schema is the official schema of OS2mo's interface; nil where it is not beside the checkout.
func Schema(t testing.TB) *os2motest.Schema {
	t.Helper()
	shared := testshared.Find(t)
	if shared == "" {
		return nil
	}
	text, err := os.ReadFile(filepath.Join(shared, "samples", "os2mo-schema-v30.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := os2motest.LoadSchema(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

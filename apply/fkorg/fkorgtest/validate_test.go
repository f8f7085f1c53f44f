package fkorgtest_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/testshared"
)

// schemas are the files of the services' messages.
var schemas = map[string]string{
	"adresse": "Adresse", "person": "Person", "bruger": "Bruger", "organisationenhed": "OrganisationEnhed",
	"organisationfunktion": "OrganisationFunktion", "organisationsystem": "OrganisationSystem", "organisation": "Organisation",
	"itsystem": "ItSystem", "virksomhed": "Virksomhed", "myndighed": "Myndighed",
}

// validateJournal holds what the server took and what it answered against the official schemas.
func validateJournal(t *testing.T, journal []fkorgtest.Entry) {
	t.Helper()
	if t.Failed() || !canValidate(t) {
		return
	}
	byService := map[string][][]byte{}
	for _, e := range journal {
		byService[e.Service] = append(byService[e.Service], e.Body, e.Answer)
	}
	for service, messages := range byService {
		if out, ok := xmllint(t, service, messages); !ok {
			t.Errorf("messages of %s are not as the schema: %.2000s", service, out)
		}
	}
}

// TestSchemasAreThere says when messages are not held against the official schemas.
func TestSchemasAreThere(t *testing.T) {
	testshared.Dir(t)
	if !haveXmllint(t) {
		t.Skip("skipped: xmllint is not installed: messages are not held against the official schemas")
	}
}

// canValidate reports whether messages can be held against the official schemas. TestSchemasAreThere says why not.
func canValidate(t *testing.T) bool { return testshared.Find(t) != "" && haveXmllint(t) }

// haveXmllint: in the checks that guard a change the tool has to be there.
func haveXmllint(t *testing.T) bool {
	t.Helper()
	_, err := exec.LookPath("xmllint")
	if err != nil && os.Getenv("CI") == "true" {
		t.Error("xmllint is not installed, and CI=true asks for it")
	}
	return err == nil
}

func xmllint(t *testing.T, service string, messages [][]byte) (string, bool) {
	t.Helper()
	args := []string{"--nonet", "--noout", "--schema",
		filepath.Join(testshared.Dir(t), "fk-organisation-6.0", "xsd", "6.0.STS-0", schemas[service]+"Operationer.xsd")}
	dir := t.TempDir()
	for i, m := range messages {
		name := filepath.Join(dir, fmt.Sprintf("%d.xml", i))
		if err := os.WriteFile(name, m, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	var out bytes.Buffer
	cmd := exec.Command("xmllint", args...)
	cmd.Stderr = &out
	err := cmd.Run()
	return strings.ReplaceAll(out.String(), dir, ""), err == nil
}

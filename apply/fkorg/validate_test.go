package fkorg

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"orgit.dk/orgit/internal/testshared"
)

// skema is the schema of a service's messages.
func skema(tjeneste string) string {
	return map[string]string{
		"adresse": "Adresse", "person": "Person", "bruger": "Bruger", "organisationenhed": "OrganisationEnhed",
		"organisationfunktion": "OrganisationFunktion", "organisationsystem": "OrganisationSystem",
		"organisation": "Organisation",
	}[tjeneste] + "Operationer.xsd"
}

// validate holds messages of one service against the official schema with xmllint.
func validate(t *testing.T, tjeneste string, messages ...[]byte) {
	t.Helper()
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed: messages are not checked against the schema")
	}
	args := []string{"--nonet", "--noout", "--schema", filepath.Join(testshared.Dir(t), "fk-organisation-6.0", "xsd", "6.0.STS-0", skema(tjeneste))}
	dir := t.TempDir()
	for i, m := range messages {
		name := filepath.Join(dir, strconv.Itoa(i)+".xml")
		if err := os.WriteFile(name, m, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	var out bytes.Buffer
	cmd := exec.Command(xmllint, args...)
	cmd.Stderr = &out
	if err := cmd.Run(); err != nil {
		t.Errorf("%s: %v\n%s", tjeneste, err, out.String())
	}
}

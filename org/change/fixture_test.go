package change_test

import (
	"encoding/json"
	"os"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema/plain"
)

// document is an organisation as JSON, to be edited value by value.
type document map[string]any

func readDocument(t *testing.T, cueText string) document {
	t.Helper()
	v := cuecontext.New().CompileString(cueText)
	if err := v.Validate(cue.Concrete(true)); err != nil {
		t.Fatalf("the test's CUE: %v", err)
	}
	data, err := v.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var doc document
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func everything(t *testing.T) document {
	t.Helper()
	data, err := os.ReadFile("testdata/everything.cue")
	if err != nil {
		t.Fatal(err)
	}
	return readDocument(t, string(data))
}

func (d document) organisation(t *testing.T) *org.Organisation {
	t.Helper()
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var parts org.Organisation
	if err := plain.DecodeJSON(data, &parts); err != nil {
		t.Fatal(err)
	}
	return org.New(parts, nil)
}

func parse(t *testing.T, cueText string) *org.Organisation {
	t.Helper()
	return readDocument(t, cueText).organisation(t)
}

func parseFile(t *testing.T, name string) *org.Organisation {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, string(data))
}

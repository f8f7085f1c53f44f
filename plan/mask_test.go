package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/plan"
)

// TestMasked: what people wrote into a system must not come out of it through a plan.
func TestMasked(t *testing.T) {
	read := []string{"lærer", "010203-1234"}
	f := found("user", "a", "number", "0102031234", "p", "0102031234")
	f.Attrs["title"] = read
	f.Name, f.Ref, f.Pinned = "Bo 010203 1234", "CN=0102031234,DC=x", "it holds 010203-1234"
	f.Shows = map[string]string{"manager": "Ida 010203-1234"}
	got := f.Masked(func(attribute, _ string) bool { return attribute == "p" })
	const mask = "XXXXXX-XXXX"
	want := found("user", "a", "number", mask, "p", "0102031234")
	want.Attrs["title"] = []string{"lærer", mask}
	want.Name, want.Ref, want.Pinned = "Bo "+mask, "CN="+mask+",DC=x", "it holds "+mask
	want.Shows = map[string]string{"manager": "Ida " + mask}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if read[1] != "010203-1234" {
		t.Error("what was read has changed")
	}
	foreign := plan.Foreign{Ref: "CN=0102031234", Name: "0102031234", Note: "0102031234"}.Masked()
	if diff := cmp.Diff(plan.Foreign{Ref: "CN=" + mask, Name: mask, Note: mask}, foreign); diff != "" {
		t.Errorf("foreign (-want +got):\n%s", diff)
	}
}

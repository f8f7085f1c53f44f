package review

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/org"
)

// keyring says by which key each commit is signed.
type keyring map[string]Signer

func (k keyring) Signer(_ context.Context, commit string) (Signer, error) {
	if commit == "lost" {
		return Signer{}, errors.New("no such commit")
	}
	return k[commit], nil
}

func TestSigned(t *testing.T) {
	keys := keyring{"web": {Trusted: true}, "import": {Trusted: true, Sources: []string{"opus", "sd"}}}
	commit := func(id, message string) gitlab.Commit { return gitlab.Commit{ID: id, Message: message} }
	tests := []struct {
		name      string
		commits   []gitlab.Commit
		proposers []string
		source    string
	}{
		{"no commits", nil, nil, ""},
		{"not signed", []gitlab.Commit{commit("x", "a\n\nProposed-by: lone\nSource: opus")}, nil, ""},
		{"the web page", []gitlab.Commit{commit("web", "a\n\nProposed-by: lone"), commit("web", "b\n\nproposed-by:  per \nProposed-by: lone")}, []string{"lone", "per"}, ""},
		{"the web page names a source", []gitlab.Commit{commit("web", "a\n\nSource: opus")}, nil, ""},
		{"an import", []gitlab.Commit{commit("import", "a\r\n\r\nSource: opus\r\n"), commit("import", "b\n\ntext\n\nSource: opus")}, nil, "opus"},
		{"two sources in a proposal", []gitlab.Commit{commit("import", "a\n\nSource: opus"), commit("import", "b\n\nSource: sd")}, nil, ""},
		{"two sources in a commit", []gitlab.Commit{commit("import", "a\n\nSource: opus\nSource: sd")}, nil, ""},
		{"a commit that says nothing", []gitlab.Commit{commit("import", "a\n\nSource: opus"), commit("import", "b")}, nil, ""},
		{"not in the last paragraph", []gitlab.Commit{commit("import", "a\n\nSource: opus\n\nThat is all.")}, nil, ""},
		{"the subject", []gitlab.Commit{commit("import", "Source: opus")}, nil, ""},
	}
	for _, tt := range tests {
		proposers, source, err := Signed(context.Background(), keys, tt.commits)
		if diff := cmp.Diff(tt.proposers, proposers); diff != "" || source != tt.source || err != nil {
			t.Errorf("%s: source %q, %v\n%s", tt.name, source, err, diff)
		}
	}
	if _, source, err := Signed(context.Background(), nil, []gitlab.Commit{commit("import", "a\n\nSource: opus")}); source != "" || err != nil {
		t.Errorf("without keys: %q, %v", source, err)
	}
	if _, _, err := Signed(context.Background(), keys, []gitlab.Commit{commit("lost", "a")}); err == nil {
		t.Error("a signature that could not be checked is taken for none")
	}
}

func TestSourceDay(t *testing.T) {
	for message, want := range map[string]org.Day{
		"a\n\nSource: opus\nSource-Day: 2026-12-01\n":               "2026-12-01",
		"a\r\n\r\nSource-Day: 2026-12-01\r\nSource: opus\r\n":       "2026-12-01",
		"a\n\nSource: sd\nSource-Day: 2026-12-01":                   "", // of another register
		"a\n\nSource-Day: 2026-12-01":                               "",
		"a\n\nSource: opus\nSource: sd\nSource-Day: 2026-12-01":     "",
		"a\n\nSource: opus\nSource-Day: 2026-12-01\nSource-Day: x":  "",
		"a\n\nSource: opus\nSource-Day: 2026-02-30":                 "",
		"a\n\nSource: opus":                                         "",
		"a\n\nSource: opus\nSource-Day: 2026-12-01\n\nAnd no more.": "",
	} {
		if got := SourceDay(message, "opus"); got != want {
			t.Errorf("%q: %q and not %q", message, got, want)
		}
	}
}

func FuzzTrailers(f *testing.F) {
	f.Add("a\n\nSource: opus\nProposed-by: lone")
	f.Add("Source: opus")
	f.Add("a\r\n\r\n: x\r\n")
	f.Fuzz(func(t *testing.T, message string) {
		for _, value := range trailers(message, TrailerSource) {
			if value == "" || strings.TrimSpace(value) != value || strings.Contains(value, "\n") || !strings.Contains(message, value) {
				t.Errorf("%q of %q", value, message)
			}
		}
	})
}

// FuzzLocalPart: whatever an address looks like, a part of it comes out.
func FuzzLocalPart(f *testing.F) {
	for _, mail := range []string{"lone@x.example", "17-lone@users.noreply.gitlab.example", "lone+hr@x", "@", "", "a-b-c@users.noreply.x"} {
		f.Add(mail)
	}
	f.Fuzz(func(t *testing.T, mail string) {
		if part := localPart(mail); !strings.Contains(mail, part) || strings.Contains(part, "@") {
			t.Errorf("%q of %q", part, mail)
		}
	})
}

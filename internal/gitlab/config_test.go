package gitlab_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"orgit.dk/orgit/internal/gitlab"
)

func TestConfigFrom(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	check(t, os.WriteFile(file, []byte("from-the-file\n"), 0o600))
	empty := filepath.Join(t.TempDir(), "empty")
	check(t, os.WriteFile(empty, []byte("\n"), 0o600))
	whole := map[string]string{"ORGIT_GITLAB_URL": "https://gitlab.korsbaek.dk", "ORGIT_GITLAB_PROJECT": "korsbaek/org", "ORGIT_GITLAB_TOKEN": "from-the-environment"}
	with := func(more ...string) map[string]string {
		env := map[string]string{}
		for k, v := range whole {
			env[k] = v
		}
		for i := 0; i < len(more); i += 2 {
			env[more[i]] = more[i+1]
		}
		return env
	}
	for _, tt := range []struct {
		name string
		env  map[string]string
		want gitlab.Config
		says []string // of an error
	}{
		{name: "whole", env: whole, want: gitlab.Config{URL: "https://gitlab.korsbaek.dk", Project: "korsbaek/org", Token: "from-the-environment"}},
		{name: "a file goes before", env: with("ORGIT_GITLAB_TOKEN_FILE", file), want: gitlab.Config{URL: "https://gitlab.korsbaek.dk", Project: "korsbaek/org", Token: "from-the-file"}},
		{
			name: "in a pipeline", env: map[string]string{"CI_SERVER_URL": "https://gitlab.korsbaek.dk", "CI_PROJECT_ID": "42", "ORGIT_GITLAB_TOKEN": "t", "CI_SERVER_TLS_CA_FILE": "/ca.pem"},
			want: gitlab.Config{URL: "https://gitlab.korsbaek.dk", Project: "42", Token: "t", CAFile: "/ca.pem"},
		},
		{name: "this machine", env: with("ORGIT_GITLAB_URL", "http://127.0.0.1:8080"), want: gitlab.Config{URL: "http://127.0.0.1:8080", Project: "korsbaek/org", Token: "from-the-environment"}},
		{name: "unencrypted", env: with("ORGIT_GITLAB_URL", "http://gitlab.korsbaek.dk"), says: []string{"https://"}},
		{name: "no address", env: with("ORGIT_GITLAB_URL", "gitlab.korsbaek.dk"), says: []string{"no address"}},
		{name: "a token in the address", env: with("ORGIT_GITLAB_URL", "https://oauth2:geheim@gitlab.korsbaek.dk"), says: []string{"more than scheme, host and path"}},
		{name: "no token", env: with("ORGIT_GITLAB_TOKEN", ""), says: []string{"ORGIT_GITLAB_TOKEN_FILE"}},
		{name: "an empty file", env: with("ORGIT_GITLAB_TOKEN_FILE", empty), says: []string{"give a token"}},
		{name: "no such file", env: with("ORGIT_GITLAB_TOKEN_FILE", "/no/such/file"), says: []string{"ORGIT_GITLAB_TOKEN_FILE", "/no/such/file"}},
		{name: "two lines of token", env: with("ORGIT_GITLAB_TOKEN", "geheim\ngeheim"), says: []string{"line break"}},
		{name: "only a project", env: map[string]string{"ORGIT_GITLAB_PROJECT": "1"}, says: []string{"ORGIT_GITLAB_URL", "ORGIT_GITLAB_TOKEN_FILE"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := gitlab.ConfigFrom(func(name string) string { return tt.env[name] })
			if (err != nil) != (tt.says != nil) || errors.Is(err, gitlab.ErrNotConfigured) {
				t.Fatalf("error %v, want one: %t", err, tt.says != nil)
			}
			for _, text := range tt.says {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("the error does not say %q: %v", text, err)
				}
			}
			if err != nil && strings.Contains(err.Error(), "geheim") {
				t.Errorf("the error shows a secret: %v", err)
			}
			if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(gitlab.Config{}, "Now", "Sleep", "HTTPClient")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for _, env := range []map[string]string{{}, {"CI_SERVER_URL": "https://gitlab.korsbaek.dk", "CI_PROJECT_ID": "1"}} {
		if _, err := gitlab.ConfigFrom(func(name string) string { return env[name] }); !errors.Is(err, gitlab.ErrNotConfigured) {
			t.Errorf("%v: error %v, want that it is not configured", env, err)
		}
	}
}

func TestConfigShowsNoToken(t *testing.T) {
	c := gitlab.Config{URL: "https://gitlab.korsbaek.dk", Project: "1", Token: "geheim"}
	text, err := json.Marshal(struct{ URL, Project, CAFile string }{c.URL, c.Project, c.CAFile})
	check(t, err)
	for _, shown := range []string{fmt.Sprint(c), fmt.Sprintf("%v %+v %#v %s %q %d", c, c, c, c, c, c), fmt.Sprintf("%+v", &c), fmt.Sprintf("%+v", []gitlab.Config{c}), string(text)} {
		if strings.Contains(shown, "geheim") {
			t.Errorf("shown: %s", shown)
		}
	}
}

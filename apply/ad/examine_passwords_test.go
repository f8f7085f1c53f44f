package ad_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/org"
)

func TestExaminePasswords(t *testing.T) {
	folder, key := t.TempDir(), identity(t).Recipient().String()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		s    *org.ADPasswords
		want apply.CheckState // empty: there is no check
	}{
		{"off", nil, ""},
		{"neither", &org.ADPasswords{}, apply.CheckFault},
		{"a folder", &org.ADPasswords{Folder: folder, Fallback: key}, apply.CheckGood},
		{"no folder", &org.ADPasswords{Folder: filepath.Join(folder, "none"), Fallback: key}, apply.CheckFault},
		{"a file", &org.ADPasswords{Folder: file, Fallback: key}, apply.CheckFault},
		{"a file that is no program", &org.ADPasswords{Command: []string{file}}, apply.CheckFault},
		{"no command", &org.ADPasswords{Command: []string{"no-such-command-of-orgit"}}, apply.CheckFault},
	} {
		checks := ad.Domain{}.ExaminePasswords(&org.ADSettings{Passwords: c.s})
		var got apply.CheckState
		for _, check := range checks {
			got = check.State
			if got == apply.CheckFault && !errors.Is(check.Err, ad.ErrNotConfigured) {
				t.Errorf("%s: %v", c.name, check.Err)
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Package testshared finds the folder shared/ that a developer's checkout may have
// beside it: official schemas, sample messages and payroll files that are not part
// of this project. Tests that use them skip where the folder is absent.
package testshared

import (
	"os"
	"path/filepath"
	"testing"
)

// Dir returns the shared/ folder beside the checkout that the running test belongs
// to, or skips the test with a message that says what is missing.
func Dir(t testing.TB) string {
	t.Helper()
	dir := Find(t)
	if dir == "" {
		t.Skip("skipped: no folder shared/ beside the checkout (official schemas and samples)")
	}
	return dir
}

// Find is Dir for what is checked at the end of a test, which is too late to skip it:
// it returns "" when there is no such folder.
func Find(t testing.TB) string {
	t.Helper()
	at, err := os.Getwd()
	if err != nil {
		t.Fatalf("find the working folder: %v", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			dir := filepath.Join(filepath.Dir(at), "shared")
			if info, err := os.Stat(dir); err == nil && info.IsDir() {
				return dir
			}
			return ""
		}
		up := filepath.Dir(at)
		if up == at {
			t.Fatal("no go.mod above the working folder")
		}
		at = up
	}
}

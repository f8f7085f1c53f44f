package schema

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
)

// Digest identifies the embedded definitions: a plan says with which it was made.
func Digest() (string, error) {
	h := sha256.New()
	err := fs.WalkDir(definitions, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(definitions, path)
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "%s\x00%d\x00%s", path, len(text), text)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("read the embedded schema: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

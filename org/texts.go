package org

import (
	"fmt"
	"io/fs"
	"maps"
)

// Texts are files in memory: they are read once, however often they are then loaded, and can be given as they would be
// after a change. The zero value holds no files; it must not be used as a file system.
type Texts struct{ *memoryFS }

// NewTexts holds files by their names, which have slashes.
func NewTexts(files map[string][]byte) Texts { return Texts{newMemoryFS(maps.Clone(files))} }

// ReadTexts reads every ordinary file, but for those of git itself.
func ReadTexts(fsys fs.FS) (Texts, error) {
	files, err := readTexts(fsys, map[string][]byte{})
	if err != nil {
		return Texts{}, fmt.Errorf("read the organisation's files: %w", err)
	}
	return Texts{newMemoryFS(files)}, nil
}

// With gives the files as they are with other texts of some; a nil text takes a file away.
func (t Texts) With(changed map[string][]byte) Texts {
	files := maps.Clone(t.files)
	for name, text := range changed {
		if text == nil {
			delete(files, name)
			continue
		}
		files[name] = text
	}
	return Texts{newMemoryFS(files)}
}

// All gives the files by their names. The texts are shared: they must not be written to.
func (t Texts) All() map[string][]byte { return maps.Clone(t.files) }

package org

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"orgit.dk/orgit/schema"
)

// Excerpt is a few entries of a repository with its root files: enough to read what the files say of one person or unit, in a thousandth of
// the time that all of them take. What the entries refer to and is not taken along is missing: it is for showing, never for a plan.
type Excerpt struct {
	files map[string][]byte
	has   map[string]bool // paths of the entries
}

// NewExcerpt begins an excerpt with the files of the repository's root folder, by name.
func NewExcerpt(root map[string][]byte) *Excerpt {
	e := &Excerpt{files: map[string][]byte{}, has: map[string]bool{}}
	for name, text := range root {
		if !strings.Contains(name, "/") && path.Ext(name) == ".cue" {
			e.files[name] = text
		}
	}
	return e
}

// Add takes an entry out of a file that may state it, and reports whether it does, with the keys that stand in it as plain texts: those of
// other entries that it refers to are among them.
func (e *Excerpt) Add(file string, text []byte, kind, key string) (found bool, texts []string) {
	if !bytes.Contains(text, []byte(key)) {
		return false, nil
	}
	for _, st := range readPage(&source{name: file, text: string(text)}).statements {
		if st.Kind != kind || st.Key != key {
			continue
		}
		if at := schema.JoinPath(kind, key); !e.has[at] {
			e.has[at] = true
			e.files[fmt.Sprintf("excerpt/%06d.cue", len(e.has))] = excerptFile(st)
		}
		return true, quotedKeys(st.Text)
	}
	return false, nil
}

func excerptFile(st *statement) []byte {
	var b bytes.Buffer
	b.WriteString("package " + packageName + "\n\n")
	for _, spec := range st.Imports {
		b.WriteString("import " + spec + "\n")
	}
	fmt.Fprintf(&b, "%s: {%s\n}\n", st.Kind, st.Text)
	return b.Bytes()
}

// quotedKeys are the texts in double quotes that could be keys, in order, each once.
func quotedKeys(text string) []string {
	var list []string
	seen := map[string]bool{}
	for i, part := range strings.Split(text, `"`) {
		if i%2 == 1 && keyShape.MatchString(part) && !seen[part] {
			seen[part] = true
			list = append(list, part)
		}
	}
	return list
}

// Load reads the excerpt. Findings are passed over: what cannot be read is missing.
func (e *Excerpt) Load() (*Organisation, error) {
	o, _, err := Load(newMemoryFS(e.files))
	return o, err
}

package edit

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"cuelang.org/go/cue/ast"

	"orgit.dk/orgit/schema"
)

// Errors by which callers tell what stood in the way.
var (
	// ErrNoEntry: no file states the entry.
	ErrNoEntry = errors.New("no file states it")
	// ErrExists: the entry or its file is there already.
	ErrExists = errors.New("it is there already")
	// ErrNotPlain: what the change would have to touch is no plain text, such as a comprehension.
	ErrNotPlain = errors.New("it is written in a way that only a person can edit")
)

// Files are the files of an organisation with the changes made so far. It is not safe for concurrent use.
type Files struct {
	texts  map[string][]byte    // of the CUE files, as they are now
	opened map[string][]byte    // the texts of changed files as they were when they were opened; nil of new ones
	where  map[[2]string]string // by kind and key: the file
	edits  [][]string
}

// Open reads the files of a repository. Files with syntax errors are passed over: entries in them are not found.
func Open(fsys fs.FS) (*Files, error) {
	f := &Files{texts: map[string][]byte{}, opened: map[string][]byte{}, where: map[[2]string]string{}}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("list %s: %w", schema.MaskCPR(name), err)
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_") || name == "cue.mod"):
			return fs.SkipDir
		case !d.Type().IsRegular() || path.Ext(name) != ".cue":
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return fmt.Errorf("read %s: %w", schema.MaskCPR(name), err)
		}
		f.texts[name] = text
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(f.texts)) {
		f.index(name)
	}
	return f, nil
}

// index notes the entries of a file. Of two with one key the first counts: Load refuses them.
func (f *Files) index(name string) {
	tree, err := schema.Parse(name, f.texts[name])
	if err != nil {
		return
	}
	for _, decl := range tree.Decls {
		field, ok := decl.(*ast.Field)
		if !ok {
			continue
		}
		kind, _ := schema.LabelName(field.Label)
		s, ok := field.Value.(*ast.StructLit)
		if !ok || !slices.Contains(schema.EntryKinds(), kind) {
			continue
		}
		for _, element := range s.Elts {
			entry, ok := element.(*ast.Field)
			if !ok {
				continue
			}
			key, ok := schema.LabelName(entry.Label)
			if at := [2]string{kind, key}; ok && f.where[at] == "" {
				f.where[at] = name
			}
		}
	}
}

// Has reports whether a file states the entry.
func (f *Files) Has(kind, key string) bool { return f.where[[2]string{kind, key}] != "" }

// States reports whether a field of an entry is written out in its file, and not only given by a template.
func (f *Files) States(path ...string) bool {
	name := f.where[[2]string{path[0], path[1]}]
	tree, err := schema.Parse(name, f.texts[name])
	return name != "" && err == nil && locate(f.texts[name], tree, path).whole()
}

// Was gives the value of a field as its file had it written when the files were opened: its text, without comments around
// it. It is empty where the file did not write the field out.
func (f *Files) Was(path ...string) string {
	name := f.where[[2]string{path[0], path[1]}]
	if before, changed := f.opened[name]; changed {
		return valueIn(name, before, path)
	}
	return f.Value(path...)
}

// Value gives the value of a field as its file has it written now, in the way of Was.
func (f *Files) Value(path ...string) string {
	name := f.where[[2]string{path[0], path[1]}]
	return valueIn(name, f.texts[name], path)
}

func valueIn(name string, text []byte, path []string) string {
	tree, err := schema.Parse(name, text)
	if name == "" || err != nil {
		return ""
	}
	p := locate(text, tree, path)
	if !p.whole() {
		return ""
	}
	from, to := offsets(p.field.Value)
	return string(text[from:to])
}

// Edits gives the paths of the fields that were set or removed, in the order in which that was done; of a new entry its kind
// and key. What changed nothing is not among them.
func (f *Files) Edits() [][]string { return slices.Clone(f.edits) }

// Changed gives the files that differ from those that were opened, with their new text.
func (f *Files) Changed() map[string][]byte {
	out := map[string][]byte{}
	for name := range f.opened {
		out[name] = bytes.Clone(f.texts[name])
	}
	return out
}

// Set gives a field of an entry a value, wherever the field stands; it makes the field, and those above it, where there is
// none. The path begins with kind and key: people, p7k3f9q, engagements, a, to. Of a struct in whose place another one comes the
// comments stay, but those of a field that is no more; where they cannot stay, it is ErrNotPlain.
func (f *Files) Set(value any, path ...string) error {
	return f.change(path, func(text []byte, tree *ast.File) ([]byte, error) { return set(text, tree, path, value) })
}

// Remove takes a field out of an entry, with the comments that belong to it. It is no error when there is none.
func (f *Files) Remove(path ...string) error {
	return f.change(path, func(text []byte, tree *ast.File) ([]byte, error) { return remove(text, tree, path) })
}

func set(text []byte, tree *ast.File, path []string, value any) ([]byte, error) {
	p := locate(text, tree, path)
	fields, is := p.byField(value)
	if !is {
		splices, err := p.set(value)
		return apply(text, splices), err
	}
	step := func(name string, do func(text []byte, tree *ast.File, path []string) ([]byte, error)) (err error) {
		if tree, err = schema.Parse("", text); err == nil {
			text, err = do(text, tree, append(slices.Clone(path), name))
		}
		return err
	}
	for _, name := range p.names() {
		if slices.ContainsFunc(fields, func(f Field) bool { return f.Name == name }) {
			continue
		}
		if err := step(name, remove); err != nil {
			return nil, err
		}
	}
	for _, field := range fields {
		err := step(field.Name, func(text []byte, tree *ast.File, path []string) ([]byte, error) {
			return set(text, tree, path, field.Value)
		})
		if err != nil {
			return nil, err
		}
	}
	return text, nil
}

func remove(text []byte, tree *ast.File, path []string) ([]byte, error) {
	splices, err := locate(text, tree, path).remove()
	return apply(text, splices), err
}

func (f *Files) change(path []string, make func(text []byte, tree *ast.File) ([]byte, error)) error {
	what := schema.JoinPath(path...)
	if len(path) < 3 {
		return fmt.Errorf("edit %s: it is no field of an entry", what)
	}
	if !utf8.ValidString(strings.Join(path, "/")) {
		return fmt.Errorf("edit %q: a name is no text in UTF-8", what)
	}
	name := f.where[[2]string{path[0], path[1]}]
	if name == "" {
		return fmt.Errorf("edit %s: %w", what, ErrNoEntry)
	}
	tree, err := schema.Parse(name, f.texts[name])
	if err != nil {
		return fmt.Errorf("edit %s: %w", what, err)
	}
	text, err := make(f.texts[name], tree)
	if err != nil {
		return fmt.Errorf("edit %s in %s: %w", what, name, err)
	}
	if _, err := schema.Parse(name, text); err != nil {
		return fmt.Errorf("edit %s in %s: %w: %w", what, name, ErrNotPlain, err)
	}
	if bytes.Equal(text, f.texts[name]) {
		return nil
	}
	if _, before := f.opened[name]; !before {
		f.opened[name] = f.texts[name]
	}
	f.texts[name] = text
	f.edits = append(f.edits, slices.Clone(path))
	return nil
}

// Add makes an entry in a file of its own, laid out as orgit does: see [Entry].
func (f *Files) Add(kind, key string, value Struct) error {
	name, text, err := Entry(kind, key, value)
	if _, there := f.texts[name]; there || f.Has(kind, key) {
		return fmt.Errorf("make %s in %s: %w", schema.JoinPath(kind, key), name, ErrExists)
	}
	if err != nil {
		return err
	}
	f.texts[name], f.opened[name], f.where[[2]string{kind, key}] = text, nil, name
	f.edits = append(f.edits, []string{kind, key})
	return nil
}

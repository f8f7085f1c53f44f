package org

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"orgit.dk/orgit/internal/parallel"
	"orgit.dk/orgit/schema"
)

// source is a file of the repository with its text.
type source struct {
	name string
	text string

	once sync.Once
	tree *ast.File
}

// syntax parses the file when it is first asked for. The tree holds what could be read
// of a file with errors.
func (s *source) syntax() *ast.File {
	s.once.Do(func() {
		// The error was reported when the file was loaded.
		s.tree, _ = schema.Parse(s.name, []byte(s.text))
	})
	return s.tree
}

// position turns a place in the file into one for people: columns count characters.
func (s *source) position(pos token.Pos) schema.Position {
	if !pos.IsValid() {
		return schema.Position{File: s.name}
	}
	p := pos.Position()
	return schema.Position{File: s.name, Line: p.Line, Column: s.characters(p.Line, p.Column)}
}

// characters turns a column in bytes into one in characters.
func (s *source) characters(line, column int) int {
	text := s.text
	for ; line > 1; line-- {
		_, text, _ = strings.Cut(text, "\n")
	}
	if column-1 > len(text) || column < 1 {
		return column
	}
	return utf8.RuneCountInString(text[:column-1]) + 1
}

// at turns an offset into a position.
func (s *source) at(offset int) schema.Position {
	before := s.text[:offset]
	start := strings.LastIndexByte(before, '\n') + 1
	return schema.Position{
		File:   s.name,
		Line:   strings.Count(before, "\n") + 1,
		Column: utf8.RuneCountInString(before[start:]) + 1,
	}
}

// inRoot reports whether the file stands in the repository's root folder, where binding,
// settings and templates have their place.
func (s *source) inRoot() bool { return !strings.Contains(s.name, "/") }

// largestText bounds what is read of files that are not taken in, when they are searched
// for CPR numbers, and largestCUE what is read of a file that is: fifty thousand people in
// one file are smaller.
const (
	largestText = 8 << 20
	largestCUE  = 64 << 20
)

// repository is the files of a repository.
type repository struct {
	sources  []*source // the CUE files that a stock cue would take in for ./..., in order of name
	others   []*source // other text files
	findings []schema.Diagnostic

	candidates   []candidate // what is to be read, while the folders are walked
	moduleLinked bool        // something in cue.mod is no plain file, so nothing in it is read
	outside      string      // the folder, with its slash, that is being walked and that cue passes over
}

// readFiles reads what a stock cue takes in for the pattern ./... (names that begin with
// . or _ and the folders testdata and cue.mod are passed over, as are nested modules,
// tool files and test files), and the other texts that lie about: what is committed must
// hold no CPR number, whether or not cue looks at it. Folders of tools (.git and others
// that begin with a dot) are left alone.
func readFiles(fsys fs.FS) (*repository, error) {
	r := &repository{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("list %s: %w", schema.MaskCPR(name), err)
		}
		if d.IsDir() {
			return r.enter(fsys, name)
		}
		r.take(name, d)
		return nil
	})
	if err == nil {
		err = r.read(fsys)
	}
	return r, err
}

// enter notes whether cue passes a folder over, and everything in it.
func (r *repository) enter(fsys fs.FS, name string) error {
	base := path.Base(name)
	switch {
	case name == "." || r.isOutside(name):
		return nil
	case strings.HasPrefix(base, "."):
		return fs.SkipDir
	case hidden(base) || base == "testdata" || base == "cue.mod":
		r.outside = name + "/"
		return nil
	}
	switch _, err := fs.Stat(fsys, path.Join(name, "cue.mod")); {
	case err == nil:
		r.outside = name + "/"
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("look for a nested module in %s: %w", schema.MaskCPR(name), err)
	}
	return nil
}

func (r *repository) isOutside(name string) bool {
	return r.outside != "" && strings.HasPrefix(name, r.outside)
}

func hidden(base string) bool { return strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") }

// candidate is a file that may be read.
type candidate struct {
	name string
	d    fs.DirEntry
	ours bool // cue takes it in
}

// take notes a file that is to be read.
func (r *repository) take(name string, d fs.DirEntry) {
	base := path.Base(name)
	seen := !hidden(base) && !r.isOutside(name) && path.Ext(base) == ".cue"
	if !d.Type().IsRegular() {
		module := name == "cue.mod" || strings.HasPrefix(name, "cue.mod/")
		r.moduleLinked = r.moduleLinked || module
		if seen || module {
			r.find(schema.Error, "not-a-file", name, "this is a link or something else that is no plain file", "put the file itself here")
		}
		return
	}
	if strings.ContainsFunc(name, unprintable) {
		r.find(schema.Error, "file-name", strconv.Quote(name), "the name of this file holds characters that cannot be shown", "give the file another name")
		return
	}
	ours := seen && !strings.HasSuffix(base, "_tool.cue") && !strings.HasSuffix(base, "_test.cue")
	r.candidates = append(r.candidates, candidate{name, d, ours})
}

// read reads the candidates, several at a time, and keeps them in order.
func (r *repository) read(fsys fs.FS) error {
	sources, findings, errs := make([]*source, len(r.candidates)), make([]*schema.Diagnostic, len(r.candidates)), make([]error, len(r.candidates))
	parallel.Chunks(len(r.candidates), 64, func(from, to int) {
		for i := from; i < to; i++ {
			sources[i], findings[i], errs[i] = r.candidates[i].read(fsys)
		}
	})
	for i, c := range r.candidates {
		switch {
		case errs[i] != nil:
			return errs[i]
		case findings[i] != nil:
			r.findings = append(r.findings, *findings[i])
		case sources[i] != nil && c.ours:
			r.sources = append(r.sources, sources[i])
		case sources[i] != nil:
			r.others = append(r.others, sources[i])
		}
	}
	r.candidates = nil
	slices.SortFunc(r.sources, func(a, b *source) int { return strings.Compare(a.name, b.name) })
	return nil
}

// read gives nothing where the file is not text.
func (c candidate) read(fsys fs.FS) (*source, *schema.Diagnostic, error) {
	info, err := c.d.Info()
	if err != nil {
		return nil, nil, fmt.Errorf("look at %s: %w", schema.MaskCPR(c.name), err)
	}
	switch {
	case c.ours && info.Size() > largestCUE:
		d := fileFinding(schema.Error, "too-large", c.name, "this file is too large to be read", "put the entries into files of their own")
		return nil, &d, nil
	case !c.ours && info.Size() > largestText:
		d := fileFinding(schema.Warning, "not-searched", c.name, "this file is too large to be searched for CPR numbers", "keep it elsewhere; organisation data is small")
		return nil, &d, nil
	}
	text, err := fs.ReadFile(fsys, c.name)
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", schema.MaskCPR(c.name), err)
	}
	if !c.ours && bytes.Contains(text[:min(len(text), 8000)], []byte{0}) {
		return nil, nil, nil
	}
	return &source{name: c.name, text: string(text)}, nil, nil
}

// unprintable reports a character that would do something to a terminal or a log.
func unprintable(r rune) bool { return r == utf8.RuneError || !unicode.IsGraphic(r) }

func (r *repository) find(severity schema.Severity, code, file, message, hint string) {
	r.findings = append(r.findings, fileFinding(severity, code, file, message, hint))
}

func fileFinding(severity schema.Severity, code, file, message, hint string) schema.Diagnostic {
	return schema.Diagnostic{Severity: severity, Code: code, Position: schema.Position{File: file}, Message: message, Hint: hint}
}

// source returns the CUE file of that name, or nil.
func (r *repository) source(name string) *source {
	i, ok := slices.BinarySearchFunc(r.sources, name, func(s *source, name string) int { return strings.Compare(s.name, name) })
	if !ok {
		return nil
	}
	return r.sources[i]
}

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

// source is a file of the repository with its text, and what follows from these alone: a
// [Loader] uses it again for every version in which the file is the same.
type source struct {
	name     string
	text     string
	identity string // what a file system says of the text (see Identifier); empty when none has said

	once sync.Once
	tree *ast.File

	takenApart sync.Once
	stated     *page

	searched sync.Once
	numbers  [][2]int
}

// page is what the file states.
func (s *source) page() *page {
	s.takenApart.Do(func() { s.stated = readPage(s) })
	return s.stated
}

// cprNumbers is where the text holds what looks like a CPR number.
func (s *source) cprNumbers() [][2]int {
	s.searched.Do(func() { s.numbers = schema.FindCPR(s.text) })
	return s.numbers
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
//
// Files that are as they were when known was read are taken from there.
func readFiles(fsys fs.FS, known map[string]*source) (*repository, error) {
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
		err = r.read(fsys, known)
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
	r.candidates = append(r.candidates, candidate{name, ours})
}

// read reads the candidates, several at a time, and keeps them in order.
func (r *repository) read(fsys fs.FS, known map[string]*source) error {
	sources, findings, errs := make([]*source, len(r.candidates)), make([]*schema.Diagnostic, len(r.candidates)), make([]error, len(r.candidates))
	parallel.Chunks(len(r.candidates), 64, func(from, to int) {
		var room bytes.Buffer
		for i := from; i < to; i++ {
			c := r.candidates[i]
			sources[i], findings[i], errs[i] = c.read(fsys, known[c.name], &room)
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

// read gives nothing where the file is not text. known is what was read under that name
// before; nil when nothing was. room is memory for the text while it is read.
func (c candidate) read(fsys fs.FS, known *source, room *bytes.Buffer) (*source, *schema.Diagnostic, error) {
	identity := identityOf(fsys, c.name)
	s := known
	if known == nil || identity == "" || known.identity != identity {
		d, err := c.readInto(room, fsys)
		if err != nil || d != nil {
			return nil, d, err
		}
		if text := room.Bytes(); known == nil || known.text != string(text) {
			s = &source{name: c.name, text: string(text), identity: identity}
		} else if identity != "" {
			known.identity = identity
		}
	}
	if d := c.tooLarge(int64(len(s.text))); d != nil {
		return nil, d, nil
	}
	if !c.ours && strings.IndexByte(s.text[:min(len(s.text), 8000)], 0) >= 0 {
		return nil, nil, nil
	}
	return s, nil, nil
}

// readInto reads the file, unless it is too large.
func (c candidate) readInto(room *bytes.Buffer, fsys fs.FS) (*schema.Diagnostic, error) {
	f, err := fsys.Open(c.name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", schema.MaskCPR(c.name), err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("look at %s: %w", schema.MaskCPR(c.name), err)
	}
	if d := c.tooLarge(info.Size()); d != nil {
		return d, nil
	}
	room.Reset()
	if _, err := room.ReadFrom(f); err != nil {
		return nil, fmt.Errorf("read %s: %w", schema.MaskCPR(c.name), err)
	}
	return nil, nil
}

// tooLarge is the finding about a file that is too large to be read; nil for others.
func (c candidate) tooLarge(size int64) *schema.Diagnostic {
	var d schema.Diagnostic
	switch {
	case c.ours && size > largestCUE:
		d = fileFinding(schema.Error, "too-large", c.name, "this file is too large to be read", "put the entries into files of their own")
	case !c.ours && size > largestText:
		d = fileFinding(schema.Warning, "not-searched", c.name, "this file is too large to be searched for CPR numbers", "keep it elsewhere; organisation data is small")
	default:
		return nil
	}
	return &d
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

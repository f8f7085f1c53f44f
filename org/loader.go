package org

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"

	"orgit.dk/orgit/schema"
	"orgit.dk/orgit/schema/plain"
)

// Loader loads one version of an organisation after another. What is the same in the next
// one is neither read nor evaluated again, and the two organisations share its entries, so
// entries must never be changed once they are loaded. The result is always that of [Load].
//
// What is used again, and what has to be the same for that:
//
//   - a file's text, entries and CPR numbers: its name and text;
//   - what an entry comes to: its file's name and text and, unless it depends on nothing
//     but itself, the root files that hold templates;
//   - the settings: all root files.
//
// A Loader must stay within one goroutine; the organisations that it gives need not. The
// zero Loader is ready.
type Loader struct {
	Stage  func(name string) (end func()) // is told what is under way; may be nil
	Memory schema.Memory                  // what CUE made of entries in earlier runs; may be nil

	sources   map[string]*source // what was read last under each name
	templates *templates
	settings  *settingsRead
}

// templates are the root files that entries depend on. Their place in memory identifies
// them: the same files are the same templates as long as no others came in between.
type templates struct{ files []schema.File }

// settingsRead is what root files come to.
type settingsRead struct {
	roots    []schema.File
	settings map[string]plain.Value
	findings []schema.Diagnostic
}

// Identifier is a file system that knows, without reading them, which files hold the same:
// git has a digest of each.
type Identifier interface {
	// Identity identifies what the file holds: where two identities are the same, so are
	// the texts. It is empty where it is not known.
	Identity(name string) string
}

func identityOf(fsys fs.FS, name string) string {
	if f, ok := fsys.(Identifier); ok {
		return f.Identity(name)
	}
	return ""
}

// Load reads an organisation repository, as the function [Load] does.
func (l *Loader) Load(fsys fs.FS) (*Organisation, []schema.Diagnostic, error) {
	end := l.stage("read the files")
	r, err := readFiles(fsys, l.sources)
	end()
	if err != nil {
		return nil, nil, fmt.Errorf("read the organisation's files: %w", err)
	}
	l.remember(r)
	return load(fsys, r, l)
}

// LoadAndCheck reads a repository and finds everything that [Loader.Load] and
// [Organisation.Check] find, in order of file and line.
func (l *Loader) LoadAndCheck(fsys fs.FS, today Day) (*Organisation, []schema.Diagnostic, error) {
	o, findings, err := l.Load(fsys)
	if err != nil {
		return nil, nil, err
	}
	defer l.stage("check between the entries")()
	findings = append(findings, o.Check(today)...)
	schema.SortDiagnostics(findings)
	return o, findings, nil
}

func (l *Loader) stage(name string) (end func()) {
	if l.Stage == nil {
		return func() {}
	}
	return l.Stage(name)
}

func (l *Loader) remember(r *repository) {
	if l.sources == nil {
		l.sources = make(map[string]*source, len(r.sources)+len(r.others))
	}
	for _, list := range [][]*source{r.sources, r.others} {
		for _, s := range list {
			l.sources[s.name] = s
		}
	}
}

// evaluateSettings gives what the root files come to.
func (l *Loader) evaluateSettings(roots []schema.File) (*settingsRead, error) {
	if l.settings != nil && slices.EqualFunc(l.settings.roots, roots, equalFiles) {
		return l.settings, nil
	}
	settings, findings, err := schema.EvaluateSettings(roots)
	if err != nil {
		return nil, err
	}
	l.settings = &settingsRead{roots, settings, findings}
	return l.settings, nil
}

// templatesOf gives the templates of root files.
func (l *Loader) templatesOf(roots []schema.File) (*templates, error) {
	files, err := schema.WithTemplates(roots)
	if err != nil {
		return nil, err
	}
	if l.templates == nil || !slices.EqualFunc(l.templates.files, files, equalFiles) {
		l.templates = &templates{files}
	}
	return l.templates, nil
}

func equalFiles(a, b schema.File) bool { return a.Name == b.Name && bytes.Equal(a.Text, b.Text) }

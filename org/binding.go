package org

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"cuelang.org/go/cue/ast"

	"orgit.dk/orgit/schema"
)

// organisationFile is the file that binds a repository to the definitions.
const organisationFile = "organisation.cue"

const moduleFile = "cue.mod/module.cue"

// isBindingField reports whether a field is the line that binds a top-level name,
// blanks aside.
func isBindingField(s *source, f *ast.Field, name string) bool {
	return withoutBlanks(s.cutting(spanOf(f))) == withoutBlanks(schema.BindingLine(name))
}

func withoutBlanks(text string) string { return strings.Join(strings.Fields(text), "") }

// checkBinding says which lines of the binding organisation.cue lacks. Without them a
// stock cue would accept anything.
func checkBinding(s *source) []schema.Diagnostic {
	file := s.syntax()
	if file == nil {
		return nil
	}
	var findings []schema.Diagnostic
	find := func(pos schema.Position, message, hint string) {
		findings = append(findings, schema.Diagnostic{
			Severity: schema.Error, Code: "binding", Position: pos, Message: message, Hint: hint,
		})
	}
	if !importsSchema(file) {
		find(schema.Position{File: s.name, Line: 1, Column: 1}, "the definitions are not imported",
			fmt.Sprintf("add below the package line: import %q", schema.ImportPath))
	}
	for _, name := range append(schema.SettingNames(), schema.EntryKinds()...) {
		bound, near := false, schema.Position{File: s.name, Line: 1, Column: 1}
		message := "the line that binds " + name + " to the definitions is missing"
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.Field)
			if label, plain := labelOf(f, ok); !plain || label != name {
				continue
			}
			if isBindingField(s, f, name) {
				bound = true
			} else if mentions(f, "schema") {
				near = s.position(f.Pos())
				message = "the line that binds " + name + " to the definitions is not as it must be"
			}
		}
		if !bound {
			find(near, message, "write the line: "+schema.BindingLine(name))
		}
	}
	return findings
}

func labelOf(f *ast.Field, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	return schema.LabelName(f.Label)
}

func mentions(n ast.Node, name string) bool {
	found := false
	references(n, func(id *ast.Ident) { found = found || id.Name == name })
	return found
}

func importsSchema(file *ast.File) bool {
	for spec := range file.ImportSpecs() {
		if schema.ImportedPath(spec) == schema.ImportPath && spec.Name == nil {
			return true
		}
	}
	return false
}

// checkModule says what keeps a stock cue from taking the folder as a module.
func checkModule(fsys fs.FS) ([]schema.Diagnostic, error) {
	text, err := fs.ReadFile(fsys, moduleFile)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		return nil, fmt.Errorf("read %s: %w", moduleFile, err)
	}
	finding := schema.Diagnostic{
		Severity: schema.Error, Code: "module", Position: schema.Position{File: moduleFile},
		Hint: `it states: module: "korsbaek.example/organisation" and language: version: "` + schema.LanguageVersion + `"`,
	}
	if missing {
		finding.Message = "the file that names the module is missing"
		return []schema.Diagnostic{finding}, nil
	}
	s := &source{name: moduleFile, text: string(text)}
	file, err := schema.Parse(moduleFile, text)
	if err != nil || file == nil {
		finding.Message = "the file that names the module cannot be read as CUE"
		return []schema.Diagnostic{finding}, nil
	}
	var findings []schema.Diagnostic
	if v, ok := statedText(file, "module"); !ok || v == "" {
		finding.Message = "the module has no name"
		findings = append(findings, finding)
	}
	if v, ok := statedText(file, "language", "version"); !ok || v != schema.LanguageVersion {
		finding.Position = s.position(schema.Locate(file.Decls, []string{"language", "version"}).Pos)
		finding.Message = "the version of the CUE language is not " + schema.LanguageVersion
		findings = append(findings, finding)
	}
	return findings, nil
}

func statedText(file *ast.File, names ...string) (string, bool) {
	place := schema.Locate(file.Decls, names)
	lit, ok := place.Value.(*ast.BasicLit)
	if !ok || place.Depth != len(names) {
		return "", false
	}
	return schema.LabelName(lit)
}

// checkVendored compares the repository's copy of the definitions with the embedded
// ones. orgit never reads the copy; a stock cue reads nothing else.
func checkVendored(fsys fs.FS) ([]schema.Diagnostic, error) {
	ours, err := fs.Glob(schema.Source(), "*.cue")
	if err != nil {
		return nil, fmt.Errorf("list the definitions: %w", err)
	}
	differs, err := vendoredDifference(fsys, ours)
	if err != nil || differs == "" {
		return nil, err
	}
	return []schema.Diagnostic{{
		Severity: schema.Warning, Code: "schema-copy", Position: schema.Position{File: schema.VendorDir},
		Message: "the copy of the definitions that a stock cue reads is not that of this orgit: " + differs,
		Hint:    "replace the folder " + schema.VendorDir + " by the one that orgit init makes in a new folder",
	}}, nil
}

func vendoredDifference(fsys fs.FS, ours []string) (string, error) {
	for _, name := range ours {
		want, err := fs.ReadFile(schema.Source(), name)
		if err != nil {
			return "", fmt.Errorf("read the definitions: %w", err)
		}
		got, err := fs.ReadFile(fsys, path.Join(schema.VendorDir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return name + " is missing", nil
		case err != nil:
			return "", fmt.Errorf("read the copy of the definitions: %w", err)
		case !bytes.Equal(got, want):
			return name + " differs", nil
		}
	}
	there, err := fs.Glob(fsys, schema.VendorDir+"/*.cue")
	if err != nil {
		return "", fmt.Errorf("list the copy of the definitions: %w", err)
	}
	if len(there) > len(ours) {
		return "it holds further files", nil
	}
	for _, place := range []string{"cue.mod/usr/", "cue.mod/gen/"} {
		_, err := fs.Stat(fsys, place+schema.ImportPath)
		if err == nil {
			return place + schema.ImportPath + " adds to it", nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("look for additions to the definitions: %w", err)
		}
	}
	return "", nil
}

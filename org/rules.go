package org

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/token"

	"orgit.dk/orgit/schema"
	"orgit.dk/orgit/schema/shortcut"
)

// packageName is the package that every file of a repository belongs to.
const packageName = "org"

var keyShape = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$`)

// statement is an entry as it stands in a file.
type statement struct {
	schema.Entry
	source    *source
	where     span
	cut       span     // what to cut out to take the entry away
	templates []string // names of the templates that it refers to
	refused   bool     // a finding of its page keeps it from being evaluated

	value *value // what it came to when it was evaluated last; a Loader's alone
}

// page is what one file states.
type page struct {
	*source
	root       bool // it holds binding, settings or templates
	broken     bool // it could not be read to the end
	unfit      bool // a template refers to what templates must not depend on
	statements []*statement
	keys       []string // keys that a broken file seems to state
	declared   []string // names of templates
	findings   []schema.Diagnostic

	imports map[*ast.ImportSpec]bool // whether each is used
	foreign map[*ast.ImportSpec]bool // those that may not be imported
}

// readPage parses a file and holds its form against the rules that make the value of
// each entry independent of all others: data files hold plain entries that refer to
// nothing but themselves and the templates of the root files.
func readPage(s *source) *page {
	if entries, ok := shortcut.Page(s.text, packageName, schema.EntryKinds()); ok {
		return plainPage(s, entries)
	}
	return parsePage(s)
}

// plainPage is the page of a file that holds nothing but plain entries.
func plainPage(s *source, entries []shortcut.Stated) *page {
	p := &page{source: s, statements: make([]*statement, len(entries))}
	for i, e := range entries {
		p.statements[i] = &statement{
			source: s, where: span{e.Start, e.End}, cut: span{e.CutStart, e.CutEnd},
			Entry: schema.Entry{
				Kind: e.Kind, Key: e.Key, File: s.name, Line: e.Line, Column: e.Column, Text: s.text[e.Start:e.End],
			},
		}
	}
	return p
}

func parsePage(s *source) *page {
	p := &page{source: s, imports: map[*ast.ImportSpec]bool{}, foreign: map[*ast.ImportSpec]bool{}}
	file, err := schema.Parse(s.name, []byte(s.text))
	if err != nil {
		p.syntaxErrors(err)
	}
	if file == nil {
		return p
	}
	p.checkPackage(file)
	for _, decl := range file.Decls {
		p.declaration(decl)
	}
	if p.root && len(p.statements) > 0 {
		p.find(file.Pos(), "mixed-file", "", "this file holds entries as well as settings or templates",
			"put the entries into files of their own")
	}
	p.checkImports()
	return p
}

func (p *page) find(pos token.Pos, code, path, message, hint string) {
	p.findings = append(p.findings, schema.Diagnostic{
		Severity: schema.Error, Code: code, Position: p.position(pos), Path: path, Message: message, Hint: hint,
	})
}

var quotedKey = regexp.MustCompile(`"([a-z0-9-]+)"\s*:`)

func (p *page) syntaxErrors(err error) {
	p.broken = true
	for _, e := range errors.Errors(err) {
		format, args := e.Msg()
		p.find(e.Position(), "syntax", "", fmt.Sprintf(format, args...), "")
	}
	for _, m := range quotedKey.FindAllStringSubmatch(p.text, -1) {
		p.keys = append(p.keys, m[1])
	}
}

func (p *page) checkPackage(file *ast.File) {
	switch name := file.PackageName(); {
	case name == packageName, p.broken && name == "":
	case name == "":
		p.find(file.Pos(), "package", "", "the file names no package, so CUE passes it over", "begin the file with: package org")
	default:
		p.find(file.Pos(), "package", "", "the file belongs to the package "+name, "begin the file with: package org")
	}
}

func (p *page) declaration(decl ast.Decl) {
	switch d := decl.(type) {
	case *ast.Package, *ast.CommentGroup:
	case *ast.ImportDecl:
		for _, spec := range d.Specs {
			p.importSpec(spec)
		}
	case *ast.Attribute:
		p.find(d.Pos(), "file-attribute", "", "an attribute may change what CUE makes of the whole file", "remove it")
	case *ast.LetClause:
		p.template(d, d.Ident.Name)
	case *ast.Field:
		p.field(d)
	case *ast.BadDecl:
		// It is part of a syntax error.
	default:
		p.find(decl.Pos(), "top-level", "", "only plain fields may stand at the top of a file", "write entries as units: {\"key\": {…}}")
	}
}

func (p *page) importSpec(spec *ast.ImportSpec) {
	p.imports[spec] = false
	path := schema.ImportedPath(spec)
	first, _, _ := strings.Cut(path, "/")
	if path != schema.ImportPath && strings.Contains(first, ".") {
		p.foreign[spec] = true
		p.find(spec.Pos(), "import", "", "only CUE's own packages and "+schema.ImportPath+" may be imported",
			"write what you need of "+path+" as a template in templates.cue")
	}
}

func (p *page) checkImports() {
	if p.broken {
		return
	}
	for spec, used := range p.imports {
		if !used && !p.foreign[spec] {
			p.find(spec.Pos(), "unused-import", "", "the import "+spec.Path.Value+" is not used", "remove it")
		}
	}
}

func (p *page) field(f *ast.Field) {
	name, ok := schema.LabelName(f.Label)
	switch {
	case !ok:
		p.find(f.Pos(), "top-level", "", "only plain fields may stand at the top of a file", "write the name out")
	case schema.IsTemplate(f):
		p.template(f, name)
	case f.Constraint != token.ILLEGAL || len(f.Attrs) > 0:
		p.find(f.Pos(), "top-level", name, name+" has a mark (? or ! or @) that may not stand here", "write "+name+": …")
	case slices.Contains(schema.EntryKinds(), name):
		p.entries(name, f)
	case slices.Contains(schema.SettingNames(), name):
		p.setting(name, f)
	default:
		p.unknown(name, f)
	}
}

func (p *page) unknown(name string, f *ast.Field) {
	known := append(schema.EntryKinds(), schema.SettingNames()...)
	hint := "the names are " + strings.Join(known, ", ")
	if near := schema.Nearest(name, known); near != "" {
		hint = "did you mean " + near + "?"
	}
	p.find(f.Pos(), "unknown-field", schema.JoinPath(name), name+": field not allowed at the top of a file", hint)
}

// template notes a hidden field, a definition or a let of a root file.
func (p *page) template(decl ast.Decl, name string) {
	if !p.inRoot() {
		p.find(decl.Pos(), "template-place", name, "the template "+name+" stands in a data file", "move it to templates.cue")
		return
	}
	p.root = true
	p.declared = append(p.declared, name)
	outside := append(schema.EntryKinds(), schema.SettingNames()...)
	before := len(p.findings)
	p.rootReferences(decl, "the template "+name, outside)
	p.unfit = p.unfit || len(p.findings) > before
}

func (p *page) setting(name string, f *ast.Field) {
	if !p.inRoot() {
		p.find(f.Pos(), "setting-place", name, name+" is a setting and stands in a data file", "move it to organisation.cue")
		return
	}
	p.root = true
	p.rootReferences(f, "the setting "+name, schema.EntryKinds())
}

// rootReferences marks the imports that a declaration of a root file uses, and refuses
// references to what it must not depend on.
func (p *page) rootReferences(decl ast.Decl, what string, outside []string) {
	references(decl, func(id *ast.Ident) {
		spec, inside := leads(id, spanOf(decl))
		switch {
		case spec != nil:
			p.imports[spec] = true
		case !inside && slices.Contains(outside, id.Name):
			p.find(id.Pos(), "reference", "", what+" refers to "+id.Name, "write the value itself, or a template for it")
		}
	})
}

func (p *page) entries(kind string, f *ast.Field) {
	if p.name == organisationFile && p.text != "" && isBindingField(p.source, f, kind) {
		p.root = true
		p.rootReferences(f, "the binding of "+kind, nil)
		return
	}
	s, ok := f.Value.(*ast.StructLit)
	if !ok {
		p.find(f.Pos(), "entry-form", kind, kind+" does not hold plain entries", kindHint(kind))
		return
	}
	for _, element := range s.Elts {
		cut := spanOf(element)
		if !s.Lbrace.IsValid() {
			cut = spanOf(f) // kind: "key": {…} stands and falls as one
		}
		p.entry(kind, element, cut)
	}
}

func kindHint(kind string) string { return "write " + kind + ": {\"key\": {…}}" }

// entry reads one element of a kind.
func (p *page) entry(kind string, decl ast.Decl, cut span) {
	if _, ok := decl.(*ast.CommentGroup); ok {
		return
	}
	f, ok := decl.(*ast.Field)
	if !ok {
		if _, bad := decl.(*ast.BadDecl); !bad {
			p.find(decl.Pos(), "entry-form", kind, "only entries with a key may stand in "+kind, kindHint(kind))
		}
		return
	}
	lit, ok := f.Label.(*ast.BasicLit)
	key, named := schema.LabelName(f.Label)
	switch {
	case !named:
		p.find(f.Pos(), "entry-form", kind, "only entries with a key may stand in "+kind, kindHint(kind))
		return
	case !ok:
		p.find(f.Pos(), "entry-form", schema.JoinPath(kind, key), "the key "+key+" is not in quotes", "write "+strconv.Quote(key))
		return
	case f.Constraint != token.ILLEGAL || len(f.Attrs) > 0:
		p.find(f.Pos(), "entry-form", schema.JoinPath(kind, key), "the key has a mark (? or ! or @) that may not stand here", kindHint(kind))
		return
	case lit.Value != strconv.Quote(key) || !keyShape.MatchString(key):
		p.find(f.Pos(), "bad-key", schema.JoinPath(kind, key), fmt.Sprintf("%q cannot be a key", key),
			"a key has small letters a-z, digits and hyphens, at most 64, such as vej-og-park")
		return
	}
	p.statement(kind, key, f, cut)
}

func (p *page) statement(kind, key string, f *ast.Field, cut span) {
	where := p.within(spanOf(f))
	pos := f.Pos().Position()
	st := &statement{
		source: p.source, where: where, cut: p.within(cut), refused: p.broken,
		Entry: schema.Entry{
			Kind: kind, Key: key, File: p.name, Line: pos.Line, Column: pos.Column,
			Text: p.cutting(where),
		},
	}
	references(f.Value, func(id *ast.Ident) { p.entryReference(st, id) })
	p.statements = append(p.statements, st)
}

// entryReference looks at one reference within an entry.
func (p *page) entryReference(st *statement, id *ast.Ident) {
	spec, inside := leads(id, st.where)
	path := schema.JoinPath(st.Kind, st.Key)
	switch {
	case inside:
	case p.foreign[spec]:
		st.refused = true
	case spec != nil:
		p.imports[spec] = true
		text := p.cutting(spanOf(spec))
		if !slices.Contains(st.Imports, text) {
			st.Imports = append(st.Imports, text)
		}
	case slices.Contains(schema.EntryKinds(), id.Name):
		st.refused = true
		p.find(id.Pos(), "reference", path, "the entry refers to "+id.Name+", but an entry stands alone",
			"write the key of the other entry in quotes, or a template in templates.cue")
	case slices.Contains(schema.SettingNames(), id.Name):
		st.refused = true
		p.find(id.Pos(), "reference", path, "the entry refers to the setting "+id.Name,
			"write the value itself, or a template in templates.cue")
	case strings.HasPrefix(id.Name, "#") || strings.HasPrefix(id.Name, "_") && len(id.Name) > 1 && id.Name != "_|_" && !strings.HasPrefix(id.Name, "__"):
		st.templates = append(st.templates, id.Name)
	}
}

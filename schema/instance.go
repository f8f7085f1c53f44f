package schema

import (
	"fmt"
	"io/fs"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/ast/astutil"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"
)

// File is a file of a repository: its name relative to the root, with slashes, and its
// text.
type File struct {
	Name string
	Text []byte
}

// Parse reads a CUE file as the repository's language version has it. The tree is what
// could be read even when there is an error.
func Parse(name string, text []byte) (*ast.File, error) {
	return parser.ParseFile(name, text, parser.ParseComments, parser.Version(LanguageVersion))
}

// instance is a package that is put together in memory and evaluated in a context of its
// own: neither the environment nor the disk nor a registry has any say in it. It must
// stay within one goroutine.
type instance struct {
	ctx  *cue.Context
	inst *build.Instance
}

func newInstance() *instance {
	var bctx *build.Context
	load := func(_ token.Pos, path string) *build.Instance {
		if path != ImportPath {
			return nil
		}
		return definitionsInstance(bctx)
	}
	bctx = build.NewContext(build.Loader(load))
	return &instance{
		ctx:  cuecontext.New(cuecontext.CUE_DEBUG(""), cuecontext.EvaluatorVersion(cuecontext.EvalV3)),
		inst: bctx.NewInstance("", load),
	}
}

// definitionsInstance parses the embedded definitions anew, because a syntax tree must
// not be part of two instances.
func definitionsInstance(bctx *build.Context) *build.Instance {
	inst := bctx.NewInstance("", nil)
	inst.PkgName = "schema"
	names, err := fs.Glob(definitions, "*.cue")
	if err != nil {
		inst.Err = errors.Promote(err, "read the definitions")
		return inst
	}
	for _, name := range names {
		text, err := fs.ReadFile(definitions, name)
		if err != nil {
			inst.Err = errors.Promote(err, "read the definitions")
			return inst
		}
		file, err := Parse(VendorDir+"/"+name, text)
		if err != nil {
			inst.Err = errors.Promote(err, "read the definitions")
			return inst
		}
		if err := inst.AddSyntax(file); err != nil {
			return inst
		}
	}
	if err := inst.Complete(); err != nil {
		inst.Err = errors.Promote(err, "read the definitions")
	}
	return inst
}

// add makes a file part of the package.
func (i *instance) add(file *ast.File) error {
	if err := i.inst.AddSyntax(file); err != nil {
		return err
	}
	return nil
}

// build evaluates the package. The error is about the package as a whole, such as a
// reference to a name that does not exist; errors in values stay in the value.
func (i *instance) build() (cue.Value, error) {
	if err := i.inst.Complete(); err != nil {
		return cue.Value{}, err
	}
	if i.inst.Err != nil {
		return cue.Value{}, i.inst.Err
	}
	v := i.ctx.BuildInstance(i.inst)
	if _, err := v.Fields(); err != nil {
		return v, err
	}
	return v, nil
}

// bindingFile is the part of the binding that is about entries.
func bindingFile() (*ast.File, error) {
	var b strings.Builder
	b.WriteString("package org\nimport \"" + ImportPath + "\"\n")
	for _, kind := range EntryKinds() {
		b.WriteString(BindingLine(kind) + "\n")
	}
	return Parse("binding", []byte(b.String()))
}

// templatesOf gives the part of a root file that entries may refer to: hidden fields,
// definitions and lets, with the imports that they use. It is nil when there is none.
func templatesOf(root File) (*ast.File, error) {
	file, err := Parse(root.Name, root.Text)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", root.Name, err)
	}
	var kept []ast.Decl
	for _, decl := range file.Decls {
		if IsTemplate(decl) {
			kept = append(kept, decl)
		}
	}
	if len(kept) == 0 {
		return nil, nil
	}
	used := identifiers(kept)
	var decls []ast.Decl
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.Package:
			decls = append(decls, d)
		case *ast.ImportDecl:
			if d = keepImports(d, used); len(d.Specs) > 0 {
				decls = append(decls, d)
			}
		}
	}
	file.Decls = append(decls, kept...)
	return file, nil
}

// IsTemplate reports whether a top-level declaration is a hidden field, a definition or
// a let.
func IsTemplate(decl ast.Decl) bool {
	switch d := decl.(type) {
	case *ast.LetClause:
		return true
	case *ast.Field:
		id, ok := d.Label.(*ast.Ident)
		return ok && (strings.HasPrefix(id.Name, "_") || strings.HasPrefix(id.Name, "#"))
	}
	return false
}

func identifiers(decls []ast.Decl) map[string]bool {
	used := map[string]bool{}
	for _, decl := range decls {
		ast.Walk(decl, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				used[id.Name] = true
			}
			return true
		}, nil)
	}
	return used
}

func keepImports(d *ast.ImportDecl, used map[string]bool) *ast.ImportDecl {
	kept := *d
	kept.Specs = nil
	for _, spec := range d.Specs {
		if used[ImportName(spec)] {
			kept.Specs = append(kept.Specs, spec)
		}
	}
	return &kept
}

// ImportName returns the name by which a file refers to an import.
func ImportName(spec *ast.ImportSpec) string {
	info, err := astutil.ParseImportSpec(spec)
	if err != nil {
		return ""
	}
	return info.Ident
}

// ImportedPath returns the path of an import; empty when it cannot be read.
func ImportedPath(spec *ast.ImportSpec) string {
	path, err := literal.Unquote(spec.Path.Value)
	if err != nil {
		return ""
	}
	return path
}

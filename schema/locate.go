package schema

import (
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"
)

// Place is where a path stands in a syntax tree.
type Place struct {
	Pos   token.Pos // of a plain value, else of the name before it
	Name  token.Pos // of the name, or of an element of a list
	Value ast.Expr  // the value there; nil when nothing of the path was found
	Depth int       // how many names of the path were found
}

// Locate follows names into the declarations of a struct or file as far as they are
// written there, and tells where that is. What comes from a template, a reference or a
// comprehension is not written there.
func Locate(decls []ast.Decl, names []string) Place {
	var best Place
	if len(names) == 0 {
		return best
	}
	for _, decl := range decls {
		var found Place
		switch d := decl.(type) {
		case *ast.Field:
			found = locateField(d, names)
		case *ast.EmbedDecl:
			found = locateIn(d.Expr, names)
		}
		if found.Depth > best.Depth || found.Depth == best.Depth && found.plain() && !best.plain() {
			best = found
		}
	}
	return best
}

// plain reports whether the value is written out, not referred to.
func (p Place) plain() bool {
	switch p.Value.(type) {
	case *ast.BasicLit, *ast.StructLit, *ast.ListLit:
		return true
	}
	return false
}

func locateField(f *ast.Field, names []string) Place {
	name, ok := LabelName(f.Label)
	if !ok || name != names[0] {
		return Place{}
	}
	here := Place{Pos: f.Label.Pos(), Name: f.Label.Pos(), Value: f.Value, Depth: 1}
	if lit, ok := f.Value.(*ast.BasicLit); ok {
		here.Pos = lit.Pos()
	}
	if below := locateIn(f.Value, names[1:]); below.Depth > 0 {
		below.Depth++
		return below
	}
	return here
}

// locateIn follows names into a value: a struct, a list, or one that is put together of
// several (template & {…}).
func locateIn(value ast.Expr, names []string) Place {
	if len(names) == 0 {
		return Place{}
	}
	switch v := value.(type) {
	case *ast.StructLit:
		return Locate(v.Elts, names)
	case *ast.ParenExpr:
		return locateIn(v.X, names)
	case *ast.BinaryExpr:
		x, y := locateIn(v.X, names), locateIn(v.Y, names)
		if y.Depth > x.Depth {
			return y
		}
		return x
	case *ast.ListLit:
		return locateElement(v, names)
	}
	return Place{}
}

func locateElement(list *ast.ListLit, names []string) Place {
	at := 0
	for _, c := range names[0] {
		if c < '0' || c > '9' || at > len(list.Elts) {
			return Place{}
		}
		at = at*10 + int(c-'0')
	}
	if at >= len(list.Elts) {
		return Place{}
	}
	element := list.Elts[at]
	if below := locateIn(element, names[1:]); below.Depth > 0 {
		below.Depth++
		return below
	}
	return Place{Pos: element.Pos(), Name: element.Pos(), Value: element, Depth: 1}
}

// LabelName returns the name of a field whose label is written out.
func LabelName(label ast.Label) (string, bool) {
	switch l := label.(type) {
	case *ast.Ident:
		return l.Name, true
	case *ast.BasicLit:
		if l.Kind != token.STRING {
			return "", false
		}
		name, err := literal.Unquote(l.Value)
		return name, err == nil
	}
	return "", false
}

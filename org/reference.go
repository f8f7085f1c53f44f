package org

import (
	"cuelang.org/go/cue/ast"
)

// references calls yield for every identifier in a piece of CUE that refers to something,
// as opposed to naming a field, a selection or a variable.
func references(n ast.Node, yield func(*ast.Ident)) {
	ast.Walk(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			yield(n)
		case *ast.SelectorExpr:
			references(n.X, yield)
			return false
		case *ast.Field:
			labelReferences(n.Label, yield)
			if n.Value != nil {
				references(n.Value, yield)
			}
			return false
		case *ast.LetClause:
			references(n.Expr, yield)
			return false
		case *ast.Alias:
			references(n.Expr, yield)
			return false
		case *ast.ForClause:
			references(n.Source, yield)
			return false
		case *ast.ImportDecl, *ast.Package, *ast.Attribute:
			return false
		}
		return true
	}, nil)
}

func labelReferences(label ast.Label, yield func(*ast.Ident)) {
	switch l := label.(type) {
	case *ast.Ident, *ast.BasicLit:
	case *ast.Alias:
		if inner, ok := l.Expr.(ast.Label); ok {
			labelReferences(inner, yield)
		} else {
			references(l.Expr, yield)
		}
	default:
		references(label, yield)
	}
}

// span is a stretch of a file, in bytes.
type span struct{ start, end int }

func (s span) holds(offset int) bool { return s.start <= offset && offset < s.end }

func spanOf(n ast.Node) span { return span{n.Pos().Offset(), n.End().Offset()} }

// within keeps a span inside the text: after a syntax error, a piece of the tree may end
// anywhere.
func (s *source) within(at span) span {
	at.start = min(max(at.start, 0), len(s.text))
	at.end = min(max(at.end, at.start), len(s.text))
	return at
}

// cutting is the text of a span.
func (s *source) cutting(at span) string {
	at = s.within(at)
	return s.text[at.start:at.end]
}

// leads tells where an identifier leads: to an import, to a place within the span, or
// out of it.
func leads(id *ast.Ident, within span) (spec *ast.ImportSpec, inside bool) {
	switch n := id.Node.(type) {
	case nil:
		return nil, false
	case *ast.ImportSpec:
		return n, false
	default:
		return nil, n.Pos().IsValid() && within.holds(n.Pos().Offset())
	}
}

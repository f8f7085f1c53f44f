package edit

import (
	"fmt"
	"slices"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"orgit.dk/orgit/schema"
)

// place is how far a path leads into a file.
type place struct {
	text  []byte
	path  []string
	field *ast.Field // the deepest field of the path that is written out
	depth int        // how many names of the path lead to it
	// of are the structs that field stands in: the innermost last. An element can be part of a struct without braces.
	of []within
}

// within is a struct, and the field whose value it is a part of; nil where it is embedded.
type within struct {
	lit   *ast.StructLit
	field *ast.Field
}

// locate follows a path as deep as it is written out in a file. Where a name is stated several times (addresses: phone: …,
// addresses: email: …) the deepest place counts, then the first.
func locate(text []byte, tree *ast.File, path []string) *place {
	best := &place{text: text, path: path}
	best.follow(tree.Decls, 0, nil)
	return best
}

func (p *place) follow(decls []ast.Decl, depth int, of []within) {
	for _, decl := range decls {
		switch d := decl.(type) {
		case *ast.Field:
			if name, ok := schema.LabelName(d.Label); !ok || d.Constraint != token.ILLEGAL || name != p.path[depth] {
				continue
			}
			if depth+1 > p.depth {
				p.field, p.depth, p.of = d, depth+1, slices.Clone(of)
			}
			if depth+1 < len(p.path) {
				p.into(d.Value, d, depth+1, of)
			}
		case *ast.EmbedDecl:
			p.into(d.Expr, nil, depth, of)
		}
	}
}

func (p *place) into(value ast.Expr, field *ast.Field, depth int, of []within) {
	for _, s := range structsOf(value) {
		p.follow(s.Elts, depth, append(slices.Clone(of), within{s, field}))
	}
}

// structsOf gives the structs that are written out in a value: itself, or parts of template & {…}.
func structsOf(value ast.Expr) []*ast.StructLit {
	switch v := value.(type) {
	case *ast.StructLit:
		return []*ast.StructLit{v}
	case *ast.ParenExpr:
		return structsOf(v.X)
	case *ast.BinaryExpr:
		if v.Op == token.AND {
			return append(structsOf(v.X), structsOf(v.Y)...)
		}
	}
	return nil
}

// whole reports whether the path was found to its end.
func (p *place) whole() bool { return p.depth == len(p.path) }

// set replaces the value that is there, or inserts what is missing.
func (p *place) set(value any) ([]splice, error) {
	if p.depth < 2 {
		return nil, ErrNoEntry
	}
	if p.whole() {
		return p.replace(value)
	}
	// What is missing above the value is made around it: on: {"2027-01-01": {unit: "x"}}.
	for i := len(p.path) - 1; i > p.depth; i-- {
		value = Struct{{Name: p.path[i], Value: value}}
	}
	return p.insert(p.path[p.depth], value)
}

func (p *place) replace(value any) ([]splice, error) {
	text, err := spell(p.path[len(p.path)-1], value)
	if err != nil {
		return nil, err
	}
	if s, ok := p.field.Value.(*ast.StructLit); ok && !s.Lbrace.IsValid() {
		return nil, fmt.Errorf("%w: several names stand before one value", ErrNotPlain)
	}
	if holdsComment(p.field.Value) {
		return nil, fmt.Errorf("%w: a comment stands in the value that is replaced, and would be lost", ErrNotPlain)
	}
	from, to := offsets(p.field.Value)
	return []splice{{from, to, text}}, nil
}

// holdsComment reports whether a comment stands inside a value, which would go with it.
func holdsComment(value ast.Expr) (found bool) {
	from, to := offsets(value)
	see := func(g *ast.CommentGroup) {
		for _, c := range g.List {
			at := c.Pos().Offset()
			found = found || from < at && at < to
		}
	}
	ast.Walk(value, func(n ast.Node) bool {
		if g, ok := n.(*ast.CommentGroup); ok {
			see(g)
		}
		for _, g := range ast.Comments(n) {
			see(g)
		}
		return true
	}, nil)
	return found
}

// byField reports whether a struct has to be replaced field by field, for the sake of the comments in it.
func (p *place) byField(value any) (fields Struct, is bool) {
	fields, is = value.(Struct)
	if !is || !p.whole() || p.depth < 3 {
		return nil, false
	}
	s, plain := p.field.Value.(*ast.StructLit)
	return fields, plain && s.Lbrace.IsValid() && holdsComment(s) && !slices.ContainsFunc(s.Elts, isOdd)
}

// isOdd reports whether an element is neither a field with a name nor a comment: a template, a comprehension.
func isOdd(element ast.Decl) bool {
	switch e := element.(type) {
	case *ast.CommentGroup:
		return false
	case *ast.Field:
		_, named := schema.LabelName(e.Label)
		return !named || e.Constraint != token.ILLEGAL
	}
	return true
}

// names are the fields that the place's value writes out.
func (p *place) names() (names []string) {
	for _, s := range structsOf(p.field.Value) {
		for _, element := range s.Elts {
			if f, ok := element.(*ast.Field); ok {
				if name, named := schema.LabelName(f.Label); named {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// offsets is the stretch of a node without the comments around it.
func offsets(n ast.Node) (from, to int) { return n.Pos().Offset(), n.End().Offset() }

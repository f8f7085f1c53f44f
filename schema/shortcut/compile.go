package shortcut

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"

	"orgit.dk/orgit/schema/plain"
)

// Compile makes rules of the files of definitions. kinds gives the name of the definition
// that binds each kind of entry, such as #Unit. The files are only read.
func Compile(files []*ast.File, kinds map[string]string) *Rules {
	c := &compiler{definitions: map[string]ast.Expr{}, rules: map[string]rule{}}
	for _, file := range files {
		for _, decl := range file.Decls {
			c.define(decl)
		}
	}
	r := &Rules{kinds: map[string]rule{}}
	for kind, name := range kinds {
		r.kinds[kind] = c.definition(name)
	}
	return r
}

// compiler turns syntax into rules.
type compiler struct {
	definitions map[string]ast.Expr // nil where a name is defined in more than one place
	rules       map[string]rule     // of the definitions that were asked for
}

func (c *compiler) define(decl ast.Decl) {
	f, ok := decl.(*ast.Field)
	if !ok {
		return
	}
	id, ok := f.Label.(*ast.Ident)
	if !ok {
		return
	}
	expr := f.Value
	if _, again := c.definitions[id.Name]; again || f.Constraint != token.ILLEGAL || len(f.Attrs) > 0 {
		expr = nil
	}
	c.definitions[id.Name] = expr
}

// definition gives the rule of a definition by its name.
func (c *compiler) definition(name string) rule {
	if r, ok := c.rules[name]; ok {
		return r
	}
	c.rules[name] = opaque{} // for a definition that refers to itself
	if expr := c.definitions[name]; expr != nil {
		c.rules[name] = c.rule(expr)
	}
	return c.rules[name]
}

func (c *compiler) rule(expr ast.Expr) rule {
	switch x := expr.(type) {
	case *ast.ParenExpr:
		return c.rule(x.X)
	case *ast.Ident:
		return c.named(x.Name)
	case *ast.BasicLit:
		return constantOf(x)
	case *ast.UnaryExpr:
		return c.unary(x)
	case *ast.CallExpr:
		return c.call(x)
	case *ast.BinaryExpr:
		switch x.Op {
		case token.AND:
			return meet(c.rule(x.X), c.rule(x.Y))
		case token.OR:
			return c.disjunction(x)
		}
	case *ast.ListLit:
		if len(x.Elts) == 1 {
			if e, ok := x.Elts[0].(*ast.Ellipsis); ok && e.Type != nil {
				return list{c.rule(e.Type)}
			}
		}
	case *ast.StructLit:
		return c.structure(x)
	}
	return opaque{}
}

func (c *compiler) named(name string) rule {
	if _, ours := c.definitions[name]; ours {
		return c.definition(name)
	}
	switch name {
	case "string":
		return anyOf(plain.Text)
	case "bool":
		return anyOf(plain.Bool)
	case "number":
		return anyOf(plain.Number)
	case "int":
		return whole{}
	}
	return opaque{}
}

func constantOf(lit *ast.BasicLit) rule {
	switch lit.Kind {
	case token.STRING:
		if text, err := literal.Unquote(lit.Value); err == nil {
			return constant{Kind: plain.Text, Text: text}
		}
	case token.TRUE, token.FALSE:
		return constant{Kind: plain.Bool, Text: lit.Value}
	case token.NULL:
		return constant{}
	}
	return opaque{} // a number may be written in several ways
}

func (c *compiler) unary(x *ast.UnaryExpr) rule {
	lit, ok := x.X.(*ast.BasicLit)
	if !ok {
		return opaque{}
	}
	if x.Op == token.MAT {
		text, err := literal.Unquote(lit.Value)
		if err != nil {
			return opaque{}
		}
		re, err := regexp.Compile(text)
		if err != nil {
			return opaque{}
		}
		return pattern{re}
	}
	admits := map[token.Token]func(a, b float64) bool{
		token.LSS: func(a, b float64) bool { return a < b },
		token.LEQ: func(a, b float64) bool { return a <= b },
		token.GTR: func(a, b float64) bool { return a > b },
		token.GEQ: func(a, b float64) bool { return a >= b },
	}[x.Op]
	s := &scanner{text: lit.Value}
	text, ok := s.number()
	than, err := strconv.ParseFloat(text, 64)
	if admits == nil || !ok || s.at != len(lit.Value) || err != nil {
		return opaque{}
	}
	return bound{than, admits}
}

// call understands the functions that definitions use: error, which is bottom and only
// words the fault, and the most characters that a text may have.
func (c *compiler) call(x *ast.CallExpr) rule {
	if id, ok := x.Fun.(*ast.Ident); ok && id.Name == "error" && c.definitions["error"] == nil {
		return bottom{}
	}
	sel, ok := x.Fun.(*ast.SelectorExpr)
	if !ok || len(x.Args) != 1 {
		return opaque{}
	}
	pkg, ok := sel.X.(*ast.Ident)
	name, named := sel.Sel.(*ast.Ident)
	lit, number := x.Args[0].(*ast.BasicLit)
	if !ok || !named || !number || pkg.Name != "strings" || name.Name != "MaxRunes" {
		return opaque{}
	}
	n, err := strconv.Atoi(lit.Value)
	if err != nil {
		return opaque{}
	}
	return length(n)
}

// meet is the unification of two rules for scalars. Rules for structs and lists are not
// put together.
func meet(a, b rule) rule {
	if (a.takes()|b.takes())&^scalars != 0 {
		return opaque{}
	}
	return both{a, b}
}

func (c *compiler) disjunction(x *ast.BinaryExpr) rule {
	r := oneOf{}
	for _, arm := range arms(x) {
		expr, marked := arm, false
		if u, ok := arm.(*ast.UnaryExpr); ok && u.Op == token.MUL {
			expr, marked = u.X, true
		}
		rule := c.rule(expr)
		value, known := rule.(constant)
		shared := r.known & rule.takes() &^ scalars // two arms for structs, or two for lists
		if rule == (opaque{}) || shared != 0 || marked && (!known || r.preferred != nil) {
			return opaque{}
		}
		if inner, ok := rule.(oneOf); ok && inner.preferred != nil {
			return opaque{} // defaults within defaults have rules of their own
		}
		if marked {
			r.preferred = (*plain.Value)(&value)
		}
		r.arms, r.known = append(r.arms, rule), r.known|rule.takes()
	}
	return r
}

// arms takes a disjunction apart.
func arms(expr ast.Expr) []ast.Expr {
	if x, ok := expr.(*ast.BinaryExpr); ok && x.Op == token.OR {
		return slices.Concat(arms(x.X), arms(x.Y))
	}
	return []ast.Expr{expr}
}

// structure understands structs that hold only named fields, or only one pattern.
func (c *compiler) structure(x *ast.StructLit) rule {
	r := &fields{named: map[string]int{}}
	for _, element := range x.Elts {
		f, ok := element.(*ast.Field)
		switch {
		case isComment(element):
			continue
		case !ok || len(f.Attrs) > 0 || f.Alias != nil || len(r.list) == most:
			return opaque{}
		}
		if names, ok := f.Label.(*ast.ListLit); ok {
			if len(x.Elts) != 1 || len(names.Elts) != 1 || f.Constraint != token.ILLEGAL {
				return opaque{}
			}
			return c.table(names.Elts[0], f.Value)
		}
		field, ok := c.field(f)
		if _, again := r.named[field.name]; again || !ok {
			return opaque{}
		}
		r.named[field.name] = len(r.list)
		r.list = append(r.list, field)
	}
	return r
}

func isComment(decl ast.Decl) bool {
	_, ok := decl.(*ast.CommentGroup)
	return ok
}

func (c *compiler) table(names, values ast.Expr) rule {
	t := table{c.rule(names), c.rule(values)}
	if t.names.takes() != only(plain.Text) {
		return opaque{}
	}
	return t
}

func (c *compiler) field(f *ast.Field) (namedField, bool) {
	n := namedField{rule: c.rule(f.Value)}
	switch label := f.Label.(type) {
	case *ast.Ident:
		n.name = label.Name
	case *ast.BasicLit:
		n.name, _ = literal.Unquote(label.Value)
	}
	if n.name == "" || strings.HasPrefix(n.name, "_") || strings.HasPrefix(n.name, "#") {
		return n, false
	}
	switch f.Constraint {
	case token.OPTION:
		n.need = optional
	case token.NOT:
		n.need = required
	default:
		n.need = defaulted
		d, ok := n.rule.(oneOf)
		if !ok || d.preferred == nil {
			n.need = required // CUE calls it incomplete
			break
		}
		n.absent = *d.preferred
	}
	return n, true
}

// Opaque lists, in alphabetical order, the kinds of entries that all go to CUE, because
// something in their definition is not understood.
func (r *Rules) Opaque() []string {
	var names []string
	for _, kind := range slices.Sorted(maps.Keys(r.kinds)) {
		if isOpaque(r.kinds[kind], map[*fields]bool{}) {
			names = append(names, kind)
		}
	}
	return names
}

func isOpaque(r rule, seen map[*fields]bool) bool {
	switch x := r.(type) {
	case opaque:
		return true
	case both:
		return isOpaque(x.a, seen) || isOpaque(x.b, seen)
	case oneOf:
		return slices.ContainsFunc(x.arms, func(arm rule) bool { return isOpaque(arm, seen) })
	case list:
		return isOpaque(x.of, seen)
	case table:
		return isOpaque(x.names, seen) || isOpaque(x.values, seen)
	case *fields:
		if seen[x] {
			return false
		}
		seen[x] = true
		return slices.ContainsFunc(x.list, func(f namedField) bool { return isOpaque(f.rule, seen) })
	}
	return false
}

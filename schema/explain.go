package schema

import (
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"
)

// explainer turns errors of CUE, which speak of disjunctions and conjuncts, into findings
// for people who wrote a file.
type explainer struct {
	decls    []ast.Decl               // what was written
	position func(token.Pos) Position // of a place in decls
	written  func(token.Pos) bool     // whether a place is in decls, not in the definitions
	whole    Position                 // where to point when nothing better is known
	prefix   []string                 // names that lead to all that was written
	allowed  *shape
}

func (f *fragment) explainer(allowed *shape) *explainer {
	e := f.entry
	return &explainer{
		decls:    f.file.Decls,
		position: f.position,
		written:  f.holds,
		whole:    Position{File: e.File, Line: e.Line, Column: e.Column},
		prefix:   []string{e.Kind, e.Key},
		allowed:  allowed,
	}
}

// rootExplainer explains errors in the root files together.
func rootExplainer(roots []File) *explainer {
	x := &explainer{
		position: func(pos token.Pos) Position {
			p := pos.Position()
			return Position{File: p.Filename, Line: p.Line, Column: p.Column}
		},
		written: func(pos token.Pos) bool {
			return pos.IsValid() && !strings.HasPrefix(pos.Filename(), VendorDir)
		},
		allowed: &shape{},
	}
	for _, root := range roots {
		// What cannot be read has an error of its own; what could be read is enough here.
		if file, _ := Parse(root.Name, root.Text); file != nil {
			x.decls = append(x.decls, file.Decls...)
		}
	}
	if len(roots) > 0 {
		x.whole.File = roots[0].Name
	}
	return x
}

// complaint is all that CUE has against one path.
type complaint struct {
	names  []string
	errors []errors.Error
}

// unsaid finds required fields that nothing states, and fields that are not allowed. CUE
// itself speaks of those only when nothing else is wrong around them.
func (x *explainer) unsaid(v cue.Value, names []string) []Diagnostic {
	fields, err := v.Fields(cue.Optional(true))
	if err != nil {
		return nil
	}
	var findings []Diagnostic
	for fields.Next() {
		if sel := fields.Selector(); sel.LabelType() != cue.StringLabel || sel.ConstraintType() >= cue.PatternConstraint {
			continue // a pattern such as [#Key], which nothing has to state
		}
		below := append(slices.Clone(names), fields.Selector().Unquoted())
		d := Diagnostic{Severity: Error, Path: JoinPath(below...), Position: x.whole}
		place := Locate(x.decls, below)
		if place.Pos.IsValid() {
			d.Position = x.position(place.Pos)
		}
		switch fields.Selector().ConstraintType() {
		case cue.RequiredConstraint:
			x.describeMissing(&d, below)
			findings = append(findings, d.Masked())
		case cue.OptionalConstraint:
		default:
			if len(names) > 0 && !x.allowed.allows(below) {
				x.describeUnknown(&d, below, place)
				findings = append(findings, d.Masked())
				continue
			}
			findings = append(findings, x.unsaid(fields.Value(), below)...)
		}
	}
	return findings
}

func (x *explainer) describeMissing(d *Diagnostic, names []string) {
	field := names[len(names)-1]
	d.Code, d.Message = "missing-field", field+" is missing"
	d.Hint = "add " + field + " to " + JoinPath(names[:len(names)-1]...)
}

// explainValue explains what is wrong with a value, and what it lacks besides.
func (x *explainer) explainValue(v cue.Value, names []string, err error) []Diagnostic {
	findings := x.explain(err)
	for _, d := range x.unsaid(v, names) {
		if !slices.ContainsFunc(findings, func(f Diagnostic) bool { return f.Path == d.Path }) {
			findings = append(findings, d)
		}
	}
	return findings
}

func (x *explainer) explain(err error) []Diagnostic {
	var complaints []*complaint
	for _, e := range errors.Errors(err) {
		names := unquoted(e.Path())
		i := slices.IndexFunc(complaints, func(c *complaint) bool { return slices.Equal(c.names, names) })
		if i < 0 {
			i = len(complaints)
			complaints = append(complaints, &complaint{names: names})
		}
		complaints[i].errors = append(complaints[i].errors, e)
	}
	var findings []Diagnostic
	for _, c := range complaints {
		if c.isOnlyAbout(complaints) {
			continue
		}
		findings = append(findings, x.finding(c).Masked())
	}
	return findings
}

func unquoted(path []string) []string {
	names := make([]string, len(path))
	for i, name := range path {
		names[i] = name
		if plain, err := literal.Unquote(name); err == nil && strings.HasPrefix(name, `"`) {
			names[i] = plain
		}
	}
	return names
}

// isOnlyAbout reports whether a complaint says no more than that something below its path
// is wrong: the arms of a disjunction that were never meant.
func (c *complaint) isOnlyAbout(all []*complaint) bool {
	deeper := slices.ContainsFunc(all, func(o *complaint) bool {
		return len(o.names) > len(c.names) && slices.Equal(o.names[:len(c.names)], c.names)
	})
	if !deeper {
		return false
	}
	return !slices.ContainsFunc(c.errors, func(e errors.Error) bool {
		return !isHeader(e) && !isNullConflict(e)
	})
}

func isHeader(e errors.Error) bool {
	format, _ := e.Msg()
	return strings.HasSuffix(format, "errors in empty disjunction:")
}

func isNullConflict(e errors.Error) bool {
	format, args := e.Msg()
	return strings.HasPrefix(format, "conflicting values") && len(args) == 4 &&
		(fmt.Sprint(args[2]) == "null" || fmt.Sprint(args[3]) == "null")
}

func (x *explainer) finding(c *complaint) Diagnostic {
	names := c.names
	if len(names) < len(x.prefix) {
		names = x.prefix
	}
	place := Locate(x.decls, names)
	d := Diagnostic{Severity: Error, Path: JoinPath(names...), Position: x.whole}
	if place.Pos.IsValid() {
		d.Position = x.position(place.Pos)
	}
	value := ""
	if place.Depth == len(names) && place.Value != nil {
		value = written(place.Value)
	} else if template, ok := x.template(c); ok {
		d.Hint = "the value comes from " + template.String()
	}
	x.describe(&d, c, names, place, value)
	return d
}

// template finds where a value that is not written at its path was written.
func (x *explainer) template(c *complaint) (Position, bool) {
	for _, e := range c.errors {
		for _, pos := range errors.Positions(e) {
			if name := pos.Filename(); name != "" && name != "binding" && !x.written(pos) &&
				!strings.HasPrefix(name, VendorDir) && !strings.HasSuffix(name, fragmentMark) {
				p := pos.Position()
				return Position{File: name, Line: p.Line, Column: p.Column}, true
			}
		}
	}
	return Position{}, false
}

// describe gives the finding its code and words. The order matters: CUE reports a value
// that is wrong in itself together with every arm of the definition that it then misses.
func (x *explainer) describe(d *Diagnostic, c *complaint, names []string, place Place, value string) {
	switch own := x.ownFault(c); {
	case c.has("field is required but not present"):
		x.describeMissing(d, names)
	case c.has("field not allowed"):
		x.describeUnknown(d, names, place)
	case own != nil:
		d.Code, d.Message = "bad-value", x.words(own)
		if pos := x.firstWritten(own); place.Depth < len(names) && pos.IsValid() {
			d.Position = x.position(pos)
		}
	case value != "" && len(x.allowed.choices(names)) > 0:
		choices := x.allowed.choices(names)
		d.Code, d.Message = "unknown-value", value+" is not one of "+strings.Join(choices, ", ")
		if near := Nearest(value, choices); near != "" {
			d.Hint = "did you mean " + near + "?"
		}
	default:
		x.describeMisfit(d, c, names, place, value)
	}
}

func (x *explainer) describeUnknown(d *Diagnostic, names []string, place Place) {
	if place.Name.IsValid() {
		d.Position = x.position(place.Name)
	}
	field, above := names[len(names)-1], names[:len(names)-1]
	if len(above) > 2 && isEntryKind(above[0]) && holdsKeys(above[0], above[len(above)-1]) {
		d.Code = "bad-key"
		switch above[len(above)-1] {
		case "on":
			d.Message = fmt.Sprintf("%q is not a day: it is written YYYY-MM-DD, such as 2026-12-01", field)
			return
		case "values":
			d.Message = fmt.Sprintf("%q names no constraint: it is written system/constraint, such as omsorg/distrikt", field)
			return
		case "choices":
			d.Message = fmt.Sprintf("%q cannot be a choice: it is one line of 1 to 200 characters without blanks at its ends", field)
			return
		}
		d.Message = fmt.Sprintf("%q cannot be a key: it has small letters a-z, digits and hyphens, at most 64, such as vej-og-park", field)
		return
	}
	if len(above) == 2 && above[0] == "classes" && above[1] == "kle" {
		d.Code = "bad-key"
		d.Message = fmt.Sprintf("%q is no KLE number: it is a main group, group or subject, such as 27, 27.12 or 27.12.04", field)
		return
	}
	d.Code, d.Message = "unknown-field", field+": field not allowed"
	allowed := x.allowed.fields(above)
	if near := Nearest(field, allowed); near != "" {
		d.Hint = "did you mean " + near + "?"
	} else if len(allowed) > 0 {
		d.Hint = "allowed here: " + strings.Join(allowed, ", ")
	}
}

func (x *explainer) describeMisfit(d *Diagnostic, c *complaint, names []string, place Place, value string) {
	wanted := x.allowed.kind(names)
	texts := c.texts()
	switch {
	case wanted != "" && place.Depth == len(names) && standsAs(place.Value) != "" && !fits(wanted, standsAs(place.Value)):
		d.Code = "wrong-type"
		d.Message = fmt.Sprintf("%s is %s; it should be %s", value, standsAs(place.Value), wanted)
		if len(texts) > 0 {
			d.Hint = strings.Join(texts, "; ")
		}
	case len(texts) > 0 && value != "":
		d.Code, d.Message = "bad-value", value+" does not fit: "+strings.Join(texts, "; ")
	case len(texts) > 0:
		d.Code, d.Message = "bad-value", strings.Join(texts, "; ")
	default:
		d.Code, d.Message = "bad-value", x.words(c.plainest())
	}
}

// standsAs says in words what kind of value is written; empty when that is not plain.
func standsAs(value ast.Expr) string {
	switch v := value.(type) {
	case *ast.StructLit:
		return "fields in braces"
	case *ast.ListLit:
		return "a list in brackets"
	case *ast.UnaryExpr:
		if v.Op == token.SUB {
			return standsAs(v.X)
		}
	case *ast.BasicLit:
		switch v.Kind {
		case token.STRING:
			return "a text in quotes"
		case token.INT:
			return "a whole number"
		case token.FLOAT:
			return "a number"
		case token.TRUE, token.FALSE:
			return "true or false"
		case token.NULL:
			return "null"
		}
	}
	return ""
}

func fits(wanted, stands string) bool {
	return wanted == stands || wanted == "a number" && stands == "a whole number"
}

func (c *complaint) has(message string) bool {
	return slices.ContainsFunc(c.errors, func(e errors.Error) bool {
		format, _ := e.Msg()
		return format == message
	})
}

// texts are what the definitions themselves say about the value: error("…").
func (c *complaint) texts() []string {
	var list []string
	for _, e := range c.errors {
		if format, args := e.Msg(); format == "%s" && len(args) == 1 {
			if text := fmt.Sprint(args[0]); !slices.Contains(list, text) {
				list = append(list, text)
			}
		}
	}
	return list
}

// plainest picks the error that says most: not a header, not a conflict with null, and
// a bound rather than a conflict with the default.
func (c *complaint) plainest() errors.Error {
	for _, e := range c.errors {
		if format, _ := e.Msg(); strings.Contains(format, "out of bound") {
			return e
		}
	}
	for _, e := range c.errors {
		if !isHeader(e) && !isNullConflict(e) {
			return e
		}
	}
	return c.errors[len(c.errors)-1]
}

// ownFault finds an error that is in what was written alone, such as two different
// values for one field or a reference that leads nowhere.
func (x *explainer) ownFault(c *complaint) errors.Error {
	for _, e := range c.errors {
		positions := errors.Positions(e)
		own := len(positions) > 0 && !slices.ContainsFunc(positions, func(pos token.Pos) bool {
			return !x.written(pos)
		})
		if format, _ := e.Msg(); own && format != "field not allowed" && !isHeader(e) {
			return e
		}
	}
	return nil
}

func (x *explainer) firstWritten(e errors.Error) token.Pos {
	for _, pos := range errors.Positions(e) {
		if x.written(pos) {
			return pos
		}
	}
	return token.NoPos
}

func (x *explainer) words(e errors.Error) string {
	format, args := e.Msg()
	short := make([]any, len(args))
	for i, a := range args {
		short[i] = a
		if text := fmt.Sprint(a); len(text) > 80 {
			short[i] = oneLine(text)
		}
	}
	text := strings.TrimSuffix(fmt.Sprintf(format, short...), ":")
	if strings.HasPrefix(format, "incomplete value") || strings.HasPrefix(format, "non-concrete") {
		return "it has no value yet"
	}
	return text
}

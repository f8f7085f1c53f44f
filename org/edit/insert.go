package edit

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"orgit.dk/orgit/schema"
)

// insert puts a field into the value of the place's field.
func (p *place) insert(name string, value any) ([]splice, error) {
	text, err := spell(name, value)
	if err != nil {
		return nil, err
	}
	structs := structsOf(p.field.Value)
	if len(structs) == 0 {
		return p.extend(name, text)
	}
	in := structs[len(structs)-1]
	named := label(p.path[p.depth-1], name)
	if !in.Lbrace.IsValid() {
		return wrap(in, named+": "+text)
	}
	before := predecessor(in, name)
	if before == nil {
		return p.first(in, named, text)
	}
	return p.behind(in, before, named, text), nil
}

// extend adds a struct to a value that is a reference: template & {…}.
func (p *place) extend(name, text string) ([]splice, error) {
	both, binary := p.field.Value.(*ast.BinaryExpr)
	switch p.field.Value.(type) {
	case *ast.Ident, *ast.SelectorExpr, *ast.BinaryExpr:
		if binary && both.Op != token.AND {
			break // & would bind to the last alternative alone
		}
		_, end := offsets(p.field.Value)
		return []splice{{end, end, " & {" + label(p.path[p.depth-1], name) + ": " + text + "}"}}, nil
	}
	return nil, fmt.Errorf("%w: %s is no struct", ErrNotPlain, schema.JoinPath(p.path[:p.depth]...))
}

// wrap puts braces around the one field of name: field: value, and the new one beside it.
func wrap(in *ast.StructLit, field string) ([]splice, error) {
	if len(in.Elts) != 1 {
		return nil, ErrNotPlain
	}
	from, to := offsets(in.Elts[0])
	return []splice{{from, from, "{"}, {to, to, ", " + field + "}"}}, nil
}

// predecessor is the element of a struct behind which a field of this name belongs: days among days are in order,
// everything else comes last. Nil is for the first place.
func predecessor(in *ast.StructLit, name string) ast.Decl {
	var last ast.Decl
	for _, element := range in.Elts {
		if f, ok := element.(*ast.Field); ok && isDay(name) {
			if other, named := schema.LabelName(f.Label); named && isDay(other) && other > name {
				return last
			}
		}
		if _, comment := element.(*ast.CommentGroup); !comment {
			last = element
		}
	}
	return last
}

// isDay reports whether a key has the form of a day, 2027-01-31.
func isDay(s string) bool {
	return len(s) == 10 && s[4] == '-' && s[7] == '-' && strings.Trim(s, "0123456789-") == ""
}

// behind puts a field on the line of an element, or on one of its own where elements have theirs.
func (p *place) behind(in *ast.StructLit, element ast.Decl, named, value string) []splice {
	from, end := offsets(element)
	indent, own := indentation(p.text, from)
	if !own {
		return []splice{{end, end, ", " + named + ": " + value}}
	}
	at := end
	if restIsComment(p.text, end) {
		at = len(bytes.TrimRight(p.text[:lineEnd(p.text, end)], "\r"))
		if at < end {
			at = end
		}
	}
	return []splice{{at, at, "\n" + indent + named + ":" + p.gap(in, element, named) + value}}
}

// gap is the white space between a label and its value: it puts the value below that of the element before it where the
// fields around have their values in one column.
func (p *place) gap(in *ast.StructLit, element ast.Decl, named string) string {
	column, _ := p.column(element)
	for _, other := range in.Elts {
		if at, blanks := p.column(other); at == column && blanks > 1 {
			return strings.Repeat(" ", max(1, column-len(named)-1))
		}
	}
	return " "
}

// column is how far behind the beginning of its label the value of a field stands, and the number of blanks before it; 0
// where it is no field or something else stands between.
func (p *place) column(element ast.Decl) (column, blanks int) {
	f, ok := element.(*ast.Field)
	if !ok {
		return 0, 0
	}
	from, _ := offsets(f.Value)
	start, end := offsets(f.Label)
	between, colon := strings.CutPrefix(string(p.text[end:from]), ":")
	if !colon || strings.Trim(between, " ") != "" {
		return 0, 0
	}
	return from - start, len(between)
}

// first puts a field at the beginning of a struct.
func (p *place) first(in *ast.StructLit, named, value string) ([]splice, error) {
	at := in.Lbrace.Offset() + 1
	elements := slices.DeleteFunc(slices.Clone(in.Elts), func(d ast.Decl) bool { _, comment := d.(*ast.CommentGroup); return comment })
	if len(elements) == 0 {
		return p.only(at, in.Rbrace.Offset(), named+": "+value), nil
	}
	slices.SortStableFunc(elements, func(a, b ast.Decl) int { return cmp.Compare(a.Pos().Offset(), b.Pos().Offset()) })
	from, _ := offsets(elements[0])
	if indent, own := indentation(p.text, from); own {
		if restIsComment(p.text, at) {
			at = len(bytes.TrimRight(p.text[:lineEnd(p.text, at)], "\r"))
		}
		return []splice{{at, at, "\n" + indent + named + ": " + value}}, nil
	}
	return []splice{{at, at, named + ": " + value + ", "}}, nil
}

// only puts a field between the braces of a struct that holds no other, behind the comments that it may hold.
func (p *place) only(from, to int, field string) []splice {
	comments := bytes.TrimRight(p.text[from:to], " \t\r\n")
	if len(bytes.TrimSpace(comments)) == 0 {
		return []splice{{from, to, field}}
	}
	at := from + len(comments)
	indent, own := indentation(p.text, to)
	if !own {
		indent = ""
	}
	return []splice{{at, at, "\n" + indent + "\t" + field}}
}

package schema

import (
	"slices"
	"strconv"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/format"
)

// shape answers what the definitions allow at a path. It is built when it is first asked,
// and must stay within one goroutine.
type shape struct {
	root  cue.Value
	built bool
}

// at gives the alternatives that the definitions name for a path: one value for each arm
// of a disjunction. It is empty when they say nothing about it.
func (s *shape) at(names []string) []cue.Value {
	if !s.built {
		s.built = true
		s.root = s.build()
	}
	values := []cue.Value{s.root}
	for _, name := range names {
		var below []cue.Value
		for _, v := range values {
			if w := step(v, name); w.Exists() {
				below = append(below, arms(w, 0)...)
			}
		}
		values = below
	}
	return values
}

func (s *shape) build() cue.Value {
	in := newInstance()
	file, err := Parse("binding", []byte("package org\nimport \""+ImportPath+"\"\n"+Binding))
	if err != nil || in.add(file) != nil {
		return cue.Value{}
	}
	root, err := in.build()
	if err != nil {
		return cue.Value{}
	}
	return root
}

func step(v cue.Value, name string) cue.Value {
	if v.IncompleteKind() == cue.ListKind {
		return v.LookupPath(cue.MakePath(cue.AnyIndex))
	}
	return v.LookupPath(cue.MakePath(cue.Str(name).Optional()))
}

// arms takes a disjunction apart.
func arms(v cue.Value, depth int) []cue.Value {
	op, parts := v.Expr()
	if op == cue.SelectorOp && depth <= 8 {
		return arms(cue.Dereference(v), depth+1)
	}
	if op != cue.OrOp || depth > 8 {
		return []cue.Value{v}
	}
	var list []cue.Value
	for _, part := range parts {
		list = append(list, arms(part, depth+1)...)
	}
	return list
}

// fields are the names that may stand below a path, in alphabetical order.
func (s *shape) fields(names []string) []string {
	var list []string
	for _, v := range s.at(names) {
		if v.IncompleteKind() != cue.StructKind {
			continue
		}
		fields, err := v.Fields(cue.Optional(true))
		if err != nil {
			continue
		}
		for fields.Next() {
			list = append(list, fields.Selector().Unquoted())
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// allows reports whether the definitions have a place for a field. They do not say so of
// anything below what they do not know.
func (s *shape) allows(names []string) bool {
	above := s.at(names[:len(names)-1])
	return len(above) == 0 || len(s.at(names)) > 0
}

// choices are the texts that may stand at a path, quoted, when nothing else may.
func (s *shape) choices(names []string) []string {
	var list []string
	for _, v := range s.at(names) {
		if v.IncompleteKind() == cue.NullKind {
			continue
		}
		text, err := v.String()
		if err != nil {
			return nil
		}
		if text = strconv.Quote(text); !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}

// kind is what may stand at a path, in words; empty when it is not known.
func (s *shape) kind(names []string) string {
	var all cue.Kind
	for _, v := range s.at(names) {
		all |= v.IncompleteKind()
	}
	switch all &^ cue.NullKind {
	case cue.StringKind:
		return "a text in quotes"
	case cue.StructKind:
		return "fields in braces"
	case cue.ListKind:
		return "a list in brackets"
	case cue.BoolKind:
		return "true or false"
	case cue.IntKind:
		return "a whole number"
	case cue.IntKind | cue.FloatKind:
		return "a number"
	}
	return ""
}

// written gives a value as it stands in the file, on one line and not too long.
func written(value ast.Expr) string {
	text, err := format.Node(value, format.Simplify())
	if err != nil {
		return ""
	}
	return oneLine(string(text))
}

func oneLine(text string) string {
	const most = 80
	var out []rune
	blank := false
	for _, r := range text {
		if r == '\n' || r == '\t' || r == ' ' {
			blank = true
			continue
		}
		if blank && len(out) > 0 {
			out = append(out, ' ')
		}
		blank = false
		if len(out) >= most {
			return string(out) + "…"
		}
		out = append(out, r)
	}
	return string(out)
}

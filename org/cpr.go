package org

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"cuelang.org/go/cue/ast"

	"orgit.dk/orgit/schema"
	"orgit.dk/orgit/schema/plain"
)

// searchCPR looks for what resembles a CPR number in the names and texts of all files,
// comments and keys included, and in what the entries evaluate to. Fields with a type of
// their own (P-number, phone) are exempt when they hold what the type says. No finding
// shows the number.
func (l *loading) searchCPR() {
	byFile := map[string][]*statement{}
	for _, of := range l.stated {
		for _, st := range of {
			byFile[st.File] = append(byFile[st.File], st)
		}
	}
	find := &positions{stated: l.stated, sources: l.sources}
	found := said{lines: map[fileLine]bool{}, full: map[string]bool{}}
	for _, s := range l.sources {
		l.searchName(s)
		l.searchSource(s, byFile[s.name], &found)
	}
	for _, s := range l.others {
		l.searchName(s)
		l.searchOther(s)
	}
	for _, st := range l.statements {
		if found.full[st.File] {
			continue
		}
		for _, names := range st.value.numbers {
			path := schema.JoinPath(names...)
			if d := cprFinding(schema.Error, find.of(Path(path)), path); !found.lines[lineOf(d.Position)] {
				l.report(d)
			}
		}
	}
}

// said is where numbers were found as they are written, so that what an entry evaluates
// to does not report them again.
type said struct {
	lines map[fileLine]bool
	full  map[string]bool // files of which not every line is noted
}

type fileLine struct {
	file string
	line int
}

func lineOf(p schema.Position) fileLine { return fileLine{p.File, p.Line} }

// searchSource looks through a CUE file that holds the entries.
func (l *loading) searchSource(s *source, entries []*statement, said *said) {
	offsets := untypedCPR(s)
	if more := len(offsets) - mostNumbers; more > 0 {
		said.full[s.name] = true
		l.report(moreNumbers(schema.Error, s.name, more))
		offsets = offsets[:mostNumbers]
	}
	for _, offset := range offsets {
		path := ""
		for _, st := range entries {
			if st.where.holds(offset) {
				path = schema.JoinPath(st.Kind, st.Key)
			}
		}
		at := s.at(offset)
		said.lines[lineOf(at)] = true
		l.report(cprFinding(schema.Error, at, path))
	}
}

// mostNumbers is how many numbers are pointed at in one file. Somebody may have put a
// whole payroll in.
const mostNumbers = 20

func moreNumbers(severity schema.Severity, file string, more int) schema.Diagnostic {
	d := cprFinding(severity, schema.Position{File: file}, "")
	d.Message = fmt.Sprintf("%d more places in this file look like CPR numbers", more)
	return d
}

func cprFinding(severity schema.Severity, at schema.Position, path string) schema.Diagnostic {
	return schema.Diagnostic{
		Severity: severity, Code: "cpr-number", Position: at, Path: path,
		Message: "this looks like a CPR number, and those must never stand in the repository",
		Hint:    "take it away before you commit; a P-number stands in numbers.p, a phone number in addresses with its country code",
	}
}

func (l *loading) searchName(s *source) {
	if len(schema.FindCPR(s.name)) > 0 {
		d := cprFinding(schema.Error, schema.Position{File: s.name}, "")
		d.Message = "the name of this file looks like a CPR number, and those must never stand in the repository"
		d.Hint = "give the file another name"
		l.report(d)
	}
}

// searchOther looks through a file that is not CUE. Ten digits without a dash may well be
// something else there, since nothing tells what they are; that is a warning.
func (l *loading) searchOther(s *source) {
	severityOf := func(found [2]int) schema.Severity {
		if found[1]-found[0] == 10 {
			return schema.Warning
		}
		return schema.Error
	}
	list := s.cprNumbers()
	if len(list) > mostNumbers {
		severity := schema.Warning
		for _, found := range list[mostNumbers:] {
			severity = min(severity, severityOf(found)) // "error" comes before "warning"
		}
		l.report(moreNumbers(severity, s.name, len(list)-mostNumbers))
		list = list[:mostNumbers]
	}
	for _, found := range list {
		l.report(cprFinding(severityOf(found), s.at(found[0]), ""))
	}
}

// untypedCPR gives the offsets of what looks like a CPR number in a CUE file, outside
// fields with a type of their own.
func untypedCPR(s *source) []int {
	found := s.cprNumbers()
	if len(found) == 0 {
		return nil
	}
	var typed []span
	if tree := s.syntax(); tree != nil {
		for _, decl := range tree.Decls {
			typed = appendTyped(typed, decl, "")
		}
	}
	slices.SortFunc(typed, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	var offsets []int
	for _, f := range found {
		// Literals do not overlap: only the last that begins before the number may hold it.
		after, _ := slices.BinarySearchFunc(typed, f[0]+1, func(s span, at int) int { return cmp.Compare(s.start, at) })
		if after == 0 || !typed[after-1].holds(f[0]) {
			offsets = append(offsets, f[0])
		}
	}
	return offsets
}

// appendTyped adds the places of literals in fields that have a type of their own. above
// is the name of the field that n stands in.
func appendTyped(typed []span, n ast.Node, above string) []span {
	ast.Walk(n, func(n ast.Node) bool {
		f, ok := n.(*ast.Field)
		if !ok {
			return true
		}
		name, ok := schema.LabelName(f.Label)
		if !ok || f.Value == nil {
			return true
		}
		if lit, ok := f.Value.(*ast.BasicLit); ok {
			if text, ok := schema.LabelName(lit); ok && hasOwnType(above, name, text) {
				typed = append(typed, spanOf(lit))
			}
			return false
		}
		typed = appendTyped(typed, f.Value, name)
		return false
	}, nil)
	return typed
}

// hasOwnType reports whether a field is of a type whose values may have the digits of a
// CPR number, and holds such a value.
func hasOwnType(above, name, text string) bool {
	switch {
	case above == "numbers" && name == "p":
		return schema.IsPNumber(text)
	case above == "addresses" && (name == "phone" || name == "mobile" || name == "landline"):
		return schema.IsPhone(text)
	}
	return false
}

// numbersIn looks through what an entry comes to, where an interpolation may have put a
// number together, and gives the paths of texts and names that look like one.
func numbersIn(v plain.Value, names []string) [][]string {
	var found [][]string
	for i, part := range v.Parts {
		name := part.Name
		if v.Kind == plain.List {
			name = strconv.Itoa(i)
		}
		below := append(names, name)
		text := part.Value.Text
		if len(schema.FindCPR(part.Name)) > 0 || len(schema.FindCPR(text)) > 0 && !hasOwnType(names[len(names)-1], name, text) {
			found = append(found, slices.Clone(below))
		}
		found = append(found, numbersIn(part.Value, below)...)
	}
	return found
}

package schema

import (
	"cmp"
	"fmt"
	"slices"
)

// Position is a place in a file. Line and Column count from 1; zero means not known.
type Position struct {
	File   string `json:"file,omitempty"` // relative to the repository's root, with slashes
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"` // in characters, not bytes
}

// String writes the position as file:line:column, leaving out what is not known.
func (p Position) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Severity says whether a repository with the finding may be planned.
type Severity string

// An Error stops plan and apply; a Warning is something a town must be able to commit.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Diagnostic is a finding about the files of a repository. It never holds a CPR number.
type Diagnostic struct {
	Severity Severity `json:"severity"`
	Code     string   `json:"code"`           // stable name of the rule, such as "unknown-unit"
	Position Position `json:"position"`       //
	Path     string   `json:"path,omitempty"` // CUE path, such as people."p7k3f9q".name
	Message  string   `json:"message"`        // what is wrong, in one sentence
	Hint     string   `json:"hint,omitempty"` // what to do about it
	From     string   `json:"from,omitempty"` // the day from which it is so (YYYY-MM-DD), when that matters
}

// SortDiagnostics orders findings by file, line, column, code, path and message.
func SortDiagnostics(list []Diagnostic) {
	slices.SortFunc(list, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Position.File, b.Position.File),
			cmp.Compare(a.Position.Line, b.Position.Line),
			cmp.Compare(a.Position.Column, b.Position.Column),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.Message, b.Message),
		)
	})
}

// HasErrors reports whether any finding is an error.
func HasErrors(list []Diagnostic) bool {
	return slices.ContainsFunc(list, func(d Diagnostic) bool { return d.Severity == Error })
}

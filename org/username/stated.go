package username

import (
	"path"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"

	"orgit.dk/orgit/schema"
)

// Stated gives the login names that a file of a repository states, in order: a CUE file's names of accounts, a file of the
// list of used names its lines, any other file none. The text is read as it is written and not evaluated, so what a template
// makes is not seen; a file that cannot be parsed gives what could be. It is for proposals that nobody has judged yet.
func Stated(file string, text []byte) []string {
	var names []string
	switch {
	case path.Ext(file) == ".cue":
		tree, _ := schema.Parse(file, text) // what could be read of a file with errors is enough here
		if tree != nil {
			names = accountNames(tree)
		}
	case path.Dir(file) == Folder && path.Ext(file) == ".txt":
		names = strings.Fields(string(text))
	}
	names = slices.DeleteFunc(names, func(name string) bool { return !loginShape.MatchString(name) })
	slices.Sort(names)
	return slices.Compact(names)
}

// accountNames finds the texts of all fields called name below fields called accounts.
func accountNames(tree *ast.File) (names []string) {
	inside := 0
	isAccounts := func(n ast.Node) bool {
		field, ok := n.(*ast.Field)
		return ok && label(field) == "accounts"
	}
	ast.Walk(tree, func(n ast.Node) bool {
		if isAccounts(n) {
			inside++
		}
		if field, ok := n.(*ast.Field); ok && inside > 0 && label(field) == "name" {
			names = append(names, texts(field.Value)...)
		}
		return true
	}, func(n ast.Node) {
		if isAccounts(n) {
			inside--
		}
	})
	return names
}

// texts are the texts that stand in an expression.
func texts(x ast.Expr) (found []string) {
	if x == nil {
		return nil
	}
	ast.Walk(x, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := literal.Unquote(lit.Value); err == nil {
				found = append(found, text)
			}
		}
		return true
	}, nil)
	return found
}

func label(field *ast.Field) string {
	name, _, err := ast.LabelName(field.Label)
	if err != nil {
		return ""
	}
	return name
}

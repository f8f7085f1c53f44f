package propose

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestRefusalsInDanish: every refusal can be said in Danish with the same values in the same order.
func TestRefusalsInDanish(t *testing.T) {
	used := map[string]bool{}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if f, ok := call.Fun.(*ast.Ident); !ok || f.Name != "refuse" {
				return true
			}
			literal, ok := call.Args[0].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s: a refusal is no text", name)
				return true
			}
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			used[text] = true
			if da := danish[text]; da == "" || strings.Count(strings.ReplaceAll(da, "%%", ""), "%") != strings.Count(text, "%") {
				t.Errorf("%q is %q in Danish", text, da)
			}
			return true
		})
	}
	for text := range danish {
		if !used[text] {
			t.Errorf("%q is said nowhere", text)
		}
	}
}

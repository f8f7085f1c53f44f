package review

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
)

// TestEveryChangeHasAKind reads the kinds of changes from the source of package change, so that a new one cannot be
// forgotten here, and holds what they become against the kinds of the rules.
func TestEveryChangeHasAKind(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../../org/change/change.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := spec.Type.(*ast.Ident); ok && typ.Name == "Kind" {
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			found++
			if kind := kindsOfChanges[change.Kind(value)]; kind == "" {
				t.Errorf("the change %s has no kind in the rules", value)
			}
		}
		return true
	})
	if found < 30 {
		t.Errorf("only %d kinds of changes were found", found)
	}
	for _, kinds := range []map[string]string{kindsOfSettings} {
		for from, kind := range kinds {
			if _, ok := org.ReviewKindNamed(kind); !ok {
				t.Errorf("%s becomes %s, which is no kind", from, kind)
			}
		}
	}
	for from, kind := range kindsOfChanges {
		if _, ok := org.ReviewKindNamed(kind); !ok {
			t.Errorf("%s becomes %s, which is no kind", from, kind)
		}
	}
	for kind, list := range causes {
		for _, name := range append(list, kind) {
			if _, ok := org.ReviewKindNamed(name); !ok {
				t.Errorf("%s is no kind", name)
			}
		}
	}
}

package intake

import (
	"io/fs"
	"strings"
	"testing"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"

	"orgit.dk/orgit/schema"
)

// TestShapesAreTheSchema: what a first load lets into a field is what the schema lets stand in it. The patterns stand in both places,
// because a register's hundred thousand values are not to be evaluated one by one.
func TestShapesAreTheSchema(t *testing.T) {
	text, err := fs.ReadFile(schema.Source(), "texts.cue")
	if err != nil {
		t.Fatal(err)
	}
	file, err := schema.Parse("texts.cue", text)
	if err != nil {
		t.Fatal(err)
	}
	patterns := map[string]string{}
	for _, decl := range file.Decls {
		if field, ok := decl.(*ast.Field); ok {
			name, _, _ := ast.LabelName(field.Label)
			patterns[name] = patternIn(t, field.Value)
		}
	}
	definitions := map[string]string{
		"phone": "#Phone", "mobile": "#Phone", "landline": "#Phone", "email": "#Email", "web": "#URL", "contactWeb": "#URL", "ean": "#EAN",
		"p": "#PNumber", "se": "#SE", "cvr": "#CVR", "kle": "#KLE", "login": "#Login",
	}
	for role, shape := range shapes() {
		definition := definitions[role]
		if definition == "" && shape.of == codeShape {
			continue // oneLine has made it a text, and #Code bounds only its length
		}
		if want := patterns[definition]; want == "" || shape.of.String() != want {
			t.Errorf("%s is let in by %s, and %s says %q", role, shape.of, definition, want)
		}
	}
}

// patternIn gives the regular expression that a definition begins with; empty where it begins with none.
func patternIn(t *testing.T, x ast.Expr) string {
	for {
		b, ok := x.(*ast.BinaryExpr)
		if !ok {
			break
		}
		x = b.X
	}
	u, ok := x.(*ast.UnaryExpr)
	if !ok || u.Op != token.MAT {
		return ""
	}
	quoted, ok := u.X.(*ast.BasicLit)
	if !ok || !strings.HasPrefix(quoted.Value, `"`) {
		return ""
	}
	text, err := literal.Unquote(quoted.Value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

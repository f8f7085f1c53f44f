package schema

import (
	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"

	"orgit.dk/orgit/schema/plain"
)

// EvaluateSettings holds the settings of the root files against the embedded definitions
// and gives them by top-level name, with defaults filled in. Entries of units, people
// and so on that stand in root files take part as well; they are not among the result.
func EvaluateSettings(roots []File) (map[string]plain.Value, []Diagnostic, error) {
	in := newInstance()
	for _, root := range roots {
		file, err := Parse(root.Name, root.Text)
		if err != nil {
			return nil, rootExplainer(roots).explain(err), nil
		}
		dropEntries(file)
		if err := in.add(file); err != nil {
			return nil, rootExplainer(roots).explain(err), nil
		}
	}
	root, err := in.build()
	if err != nil {
		return nil, rootExplainer(roots).explain(err), nil
	}
	var findings []Diagnostic
	if err := root.Validate(validation(true)...); err != nil {
		findings = rootExplainer(roots).explainValue(root, nil, err)
	}
	settings := map[string]plain.Value{}
	for _, name := range SettingNames() {
		v := root.LookupPath(cue.MakePath(cue.Str(name)))
		if !v.Exists() || v.Validate(validation(true)...) != nil {
			continue
		}
		data, _, err := plainOf(v)
		if err != nil {
			findings = append(findings, rootExplainer(roots).explain(err)...)
			continue
		}
		settings[name] = data
	}
	return settings, findings, nil
}

// dropEntries leaves only what binds the kinds of entries, not entries themselves: those
// are evaluated one by one.
func dropEntries(file *ast.File) {
	var kept []ast.Decl
	for _, decl := range file.Decls {
		if f, ok := decl.(*ast.Field); ok {
			if name, ok := LabelName(f.Label); ok && isEntryKind(name) && !isPattern(f.Value) {
				continue
			}
		}
		kept = append(kept, decl)
	}
	file.Decls = kept
}

// isPattern reports whether a value is a struct of nothing but pattern constraints.
func isPattern(value ast.Expr) bool {
	s, ok := value.(*ast.StructLit)
	if !ok {
		return false
	}
	for _, decl := range s.Elts {
		f, ok := decl.(*ast.Field)
		if !ok {
			return false
		}
		if _, ok := f.Label.(*ast.ListLit); !ok {
			return false
		}
	}
	return len(s.Elts) > 0
}

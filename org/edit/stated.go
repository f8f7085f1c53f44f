package edit

import (
	"slices"

	"cuelang.org/go/cue/ast"

	"orgit.dk/orgit/schema"
)

// File gives the file that states an entry; empty where none does.
func (f *Files) File(kind, key string) string { return f.where[[2]string{kind, key}] }

// Stated gives everything that the text of a file has of a field of an entry: what it states itself, and what each of the
// amendments (`on`) of the entry, or of the thing in it that the field belongs to, states from its day on; in the order of
// the text, the amendments with their day. entry is false when the file does not state the entry. A text that cannot be
// parsed states nothing.
func Stated(name string, text []byte, path []string) (values []string, entry bool) {
	tree, err := schema.Parse(name, text)
	if err != nil || len(path) < 3 || !locate(text, tree, path[:2]).whole() {
		return nil, false
	}
	value := func(path []string) (string, bool) {
		p := locate(text, tree, path)
		if !p.whole() {
			return "", false
		}
		from, to := offsets(p.field.Value)
		return string(text[from:to]), true
	}
	if v, ok := value(path); ok {
		values = append(values, v)
	}
	for depth := len(path) - 1; depth >= 2; depth-- {
		for _, day := range amendments(text, tree, path[:depth]) {
			if v, ok := value(slices.Concat(path[:depth], []string{"on", day}, path[depth:])); ok {
				values = append(values, day+" "+v)
			}
		}
	}
	return values, true
}

// amendments are the days of the `on` of a thing.
func amendments(text []byte, tree *ast.File, path []string) (days []string) {
	p := locate(text, tree, append(slices.Clone(path), "on"))
	if !p.whole() {
		return nil
	}
	for _, s := range structsOf(p.field.Value) {
		for _, element := range s.Elts {
			if f, ok := element.(*ast.Field); ok {
				if day, ok := schema.LabelName(f.Label); ok {
					days = append(days, day)
				}
			}
		}
	}
	return days
}

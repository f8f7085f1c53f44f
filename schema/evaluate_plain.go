package schema

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"

	"orgit.dk/orgit/internal/parallel"
	"orgit.dk/orgit/schema/shortcut"
)

// plainest gives take the entries that take the shortcut, and returns the places of all
// others, in order.
func plainest(rules *shortcut.Rules, entries []Entry, take func(i int, v Value)) []int {
	const chunk = 256
	others := make([][]int, (len(entries)+chunk-1)/chunk)
	parallel.Chunks(len(entries), chunk, func(from, to int) {
		reader := rules.Reader()
		for i := from; i < to; i++ {
			if v, ok := shortcutTo(reader, &entries[i]); ok {
				take(i, v)
			} else {
				others[from/chunk] = append(others[from/chunk], i)
			}
		}
	})
	return slices.Concat(others...)
}

func shortcutTo(reader *shortcut.Reader, e *Entry) (Value, bool) {
	if len(e.Imports) > 0 {
		return Value{}, false
	}
	data, ok := reader.Entry(e.Kind, e.Text)
	return Value{Plain: data, Verbatim: !strings.ContainsRune(e.Text, '\\'), Alone: true}, ok
}

// entryRules compiles the embedded definitions of entries.
func entryRules() (*shortcut.Rules, error) {
	names, err := fs.Glob(definitions, "*.cue")
	if err != nil {
		return nil, fmt.Errorf("list the definitions: %w", err)
	}
	var files []*ast.File
	for _, name := range names {
		text, err := fs.ReadFile(definitions, name)
		if err != nil {
			return nil, fmt.Errorf("read the definitions: %w", err)
		}
		file, err := Parse(VendorDir+"/"+name, text)
		if err != nil {
			return nil, fmt.Errorf("read the definitions: %w", err)
		}
		files = append(files, file)
	}
	binding, err := bindingFile()
	if err != nil {
		return nil, fmt.Errorf("read the binding: %w", err)
	}
	return shortcut.Compile(files, boundTo(binding)), nil
}

// boundTo reads from the binding which definition each kind of entry has.
func boundTo(binding *ast.File) map[string]string {
	kinds := map[string]string{}
	for _, decl := range binding.Decls {
		kind, ok := decl.(*ast.Field)
		if !ok {
			continue
		}
		entries, ok := kind.Value.(*ast.StructLit)
		if !ok || len(entries.Elts) != 1 {
			continue
		}
		each, ok := entries.Elts[0].(*ast.Field)
		if !ok {
			continue
		}
		name, named := LabelName(kind.Label)
		if sel, ok := each.Value.(*ast.SelectorExpr); ok && named {
			if definition, ok := sel.Sel.(*ast.Ident); ok {
				kinds[name] = definition.Name
			}
		}
	}
	return kinds
}

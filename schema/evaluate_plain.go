package schema

import (
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"cuelang.org/go/cue/ast"

	"orgit.dk/orgit/schema/shortcut"
)

// plainest gives take the entries that take the shortcut, and returns the places of all
// others, in order.
func plainest(rules *shortcut.Rules, entries []Entry, take func(i int, v Value)) []int {
	const chunk = 256
	others := make([][]int, (len(entries)+chunk-1)/chunk)
	var next atomic.Int64
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for {
				c := int(next.Add(1)) - 1
				if c >= len(others) {
					return
				}
				for i := c * chunk; i < min(len(entries), (c+1)*chunk); i++ {
					if v, ok := shortcutTo(rules, &entries[i]); ok {
						take(i, v)
					} else {
						others[c] = append(others[c], i)
					}
				}
			}
		})
	}
	group.Wait()
	return slices.Concat(others...)
}

func shortcutTo(rules *shortcut.Rules, e *Entry) (Value, bool) {
	if len(e.Imports) > 0 {
		return Value{}, false
	}
	data, ok := shortcut.Entry(e.Text)
	if !ok {
		return Value{}, false
	}
	data, ok = rules.Value(e.Kind, data)
	return Value{Plain: data}, ok
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

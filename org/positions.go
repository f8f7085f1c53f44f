package org

import (
	"slices"
	"sync"

	"orgit.dk/orgit/schema"
)

// positions finds where a path stands in the files, parsing a file when it is first
// asked about. It may be used by several goroutines.
type positions struct {
	stated  map[string]map[string]*statement
	sources []*source

	mu    sync.Mutex
	known map[Path]schema.Position
}

func (p *positions) of(path Path) schema.Position {
	p.mu.Lock()
	defer p.mu.Unlock()
	if pos, ok := p.known[path]; ok {
		return pos
	}
	pos := p.find(schema.SplitPath(string(path)))
	if p.known == nil {
		p.known = map[Path]schema.Position{}
	}
	p.known[path] = pos
	return pos
}

func (p *positions) find(names []string) schema.Position {
	switch {
	case len(names) == 0:
		return schema.Position{}
	case !slices.Contains(schema.EntryKinds(), names[0]):
		return p.findSetting(names)
	case len(names) == 1:
		return schema.Position{}
	}
	st := p.stated[names[0]][names[1]]
	switch {
	case st == nil:
		return schema.Position{}
	case len(names) == 2: // where the entry begins is known without its file's syntax
		return st.position()
	}
	if tree := st.source.syntax(); tree != nil {
		if place := schema.Locate(tree.Decls, names); place.Depth >= 2 && st.where.holds(place.Pos.Offset()) {
			return st.source.position(place.Pos)
		}
	}
	return st.position()
}

// findSetting looks through the root files for the one that says most about the path.
func (p *positions) findSetting(names []string) schema.Position {
	var best schema.Position
	depth := 0
	for _, s := range p.sources {
		if !s.inRoot() || s.syntax() == nil {
			continue
		}
		if place := schema.Locate(s.syntax().Decls, names); place.Depth > depth {
			best, depth = s.position(place.Pos), place.Depth
		}
	}
	return best
}

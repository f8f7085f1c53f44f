package org

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/parallel"
	"orgit.dk/orgit/schema"
)

// Merge puts the changes of a branch on top of what main says now, entry by entry, as
// merging the branch would, but in memory. base is where the branch left main. An entry
// that only one side has changed, added or removed is as that side has it, whatever
// file it stands in; a file that is not CUE entries goes as a whole. What both sides have
// changed in different ways is a finding that names the entry; main's version of it is
// in the result then.
//
// The result can be given to [Load]. Files are those of the branch as long as main has
// changed nothing in them, so that positions are those that the branch's author sees.
func Merge(base, main, branch fs.FS) (fs.FS, []schema.Diagnostic, error) {
	var texts [3]map[string][]byte
	known := map[string][]byte{}
	for i, fsys := range []fs.FS{base, main, branch} {
		var err error
		if texts[i], err = readTexts(fsys, known); err != nil {
			return nil, nil, fmt.Errorf("read the %s to merge: %w", [3]string{"base", "main", "branch"}[i], err)
		}
	}
	var sides [3]*side
	for i := range sides {
		sides[i] = newSide(texts[i], texts)
	}
	m := &merging{base: sides[0], main: sides[1], branch: sides[2], files: map[string][]byte{}}
	m.wholeFiles()
	m.entries()
	schema.SortDiagnostics(m.findings)
	return newMemoryFS(m.files), m.findings, nil
}

// side is the files of one side of a merge.
type side struct {
	whole   map[string][]byte // files that are merged as a whole
	pages   map[string]*page  // data files
	entries map[entryID]*statement
}

type entryID struct{ kind, key string }

func (id entryID) path() string { return schema.JoinPath(id.kind, id.key) }

// readTexts reads every ordinary file, but for those of git itself. known are texts by their
// identity (see Identifier), to which those are added that are read.
func readTexts(fsys fs.FS, known map[string][]byte) (map[string][]byte, error) {
	var names []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("list %s: %w", schema.MaskCPR(name), err)
		case d.IsDir() && name == ".git":
			return fs.SkipDir
		case d.Type().IsRegular():
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	list, identities, errs := make([][]byte, len(names)), make([]string, len(names)), make([]error, len(names))
	parallel.Chunks(len(names), 64, func(from, to int) {
		for i := from; i < to; i++ {
			identities[i] = identityOf(fsys, names[i])
			if list[i] = known[identities[i]]; list[i] == nil {
				list[i], errs[i] = fs.ReadFile(fsys, names[i])
			}
		}
	})
	texts := make(map[string][]byte, len(names))
	for i, name := range names {
		if errs[i] != nil {
			return nil, fmt.Errorf("read %s: %w", schema.MaskCPR(name), errs[i])
		}
		texts[name] = list[i]
		if identities[i] != "" {
			known[identities[i]] = list[i]
		}
	}
	return texts, nil
}

// newSide sorts the files of one side. What is the same file on all sides needs no
// taking apart.
func newSide(texts map[string][]byte, all [3]map[string][]byte) *side {
	s := &side{whole: map[string][]byte{}, pages: map[string]*page{}, entries: map[entryID]*statement{}}
	for _, name := range sortedKeys(texts) {
		if sameFile(all[0][name], all[1][name]) && sameFile(all[1][name], all[2][name]) {
			s.whole[name] = texts[name]
			continue
		}
		s.add(name, texts[name])
	}
	return s
}

// add takes a file in. A data file can be taken apart when it holds nothing but entries
// and each of them only once; any other goes as a whole.
func (s *side) add(name string, text []byte) {
	if !strings.HasSuffix(name, ".cue") || strings.HasPrefix(name, "cue.mod/") {
		s.whole[name] = text
		return
	}
	p := readPage(&source{name: name, text: string(text)})
	apart := !p.root && len(p.findings) == 0 && len(p.statements) > 0 && len(p.imports) == 0
	for _, st := range p.statements {
		if s.entries[entryID{st.Kind, st.Key}] != nil {
			apart = false
		}
	}
	if !apart {
		s.whole[name] = text
		return
	}
	s.pages[name] = p
	for _, st := range p.statements {
		s.entries[entryID{st.Kind, st.Key}] = st
	}
}

type merging struct {
	base, main, branch *side
	files              map[string][]byte
	findings           []schema.Diagnostic
}

func (m *merging) clash(d schema.Diagnostic) {
	d.Severity, d.Code = schema.Error, "merge-conflict"
	d.Hint = "bring the branch up to date with main and say there what is meant"
	m.findings = append(m.findings, d.Masked())
}

// choose gives what a merge comes to: the side that has changed something. same says
// that both are alike, or only one has changed it.
func choose[T any](base, main, branch T, equal func(a, b T) bool) (chosen T, same bool) {
	switch {
	case equal(main, branch), equal(base, branch):
		return main, true
	case equal(base, main):
		return branch, true
	}
	return main, false
}

func (m *merging) wholeFiles() {
	names := map[string]bool{}
	for _, s := range []*side{m.base, m.main, m.branch} {
		for name := range s.whole {
			names[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		text, ok := choose(m.base.whole[name], m.main.whole[name], m.branch.whole[name], sameFile)
		if !ok && strings.HasSuffix(name, ".cue") {
			m.clash(schema.Diagnostic{
				Position: schema.Position{File: name},
				Message:  fmt.Sprintf("main and the branch have changed %s in different ways", name),
			})
		}
		if text != nil {
			m.files[name] = text
		}
	}
}

func sameFile(a, b []byte) bool { return (a == nil) == (b == nil) && bytes.Equal(a, b) }

func sameEntry(a, b *statement) bool {
	return (a == nil) == (b == nil) && (a == nil || a.Text == b.Text)
}

// entries decides for each entry which side's text holds, and then for each file what
// it looks like.
func (m *merging) entries() {
	ids := map[entryID]bool{}
	for _, s := range []*side{m.base, m.main, m.branch} {
		for id := range s.entries {
			ids[id] = true
		}
	}
	chosen := map[entryID]*statement{}
	for id := range ids {
		base, main, branch := m.base.entries[id], m.main.entries[id], m.branch.entries[id]
		st, ok := choose(base, main, branch, sameEntry)
		if !ok {
			m.entryClash(id, main, branch)
		}
		switch {
		case st == nil:
		case branch != nil && branch.Text == st.Text && m.stays(base, main):
			chosen[id] = branch
		default:
			chosen[id] = st
		}
	}
	m.layOut(chosen)
}

// stays reports whether main has left the entry in the file where it was, so that the
// branch may say where it stands.
func (m *merging) stays(base, main *statement) bool {
	return base == nil || main == nil || base.File == main.File
}

func (m *merging) entryClash(id entryID, main, branch *statement) {
	d := schema.Diagnostic{Path: id.path()}
	switch {
	case branch == nil:
		d.Position = main.position()
		d.Message = fmt.Sprintf("main has changed %s and the branch has removed it", id.key)
	case main == nil:
		d.Position = branch.position()
		d.Message = fmt.Sprintf("the branch has changed %s and main has removed it", id.key)
	default:
		d.Position = branch.position()
		d.Message = fmt.Sprintf("main and the branch have changed %s in different ways", id.key)
	}
	m.clash(d)
}

// layOut writes the data files. A file in which every entry is as the branch (or else as
// main) has it is that side's file, byte for byte; any other is the side's file that
// holds most of it, with entries exchanged, taken out and added at the end.
func (m *merging) layOut(chosen map[entryID]*statement) {
	byFile := map[string][]*statement{}
	for _, st := range chosen {
		byFile[st.File] = append(byFile[st.File], st)
	}
	for _, name := range sortedKeys(byFile) {
		list := byFile[name]
		slices.SortFunc(list, func(a, b *statement) int {
			return strings.Compare(a.Kind+"\x00"+a.Key, b.Kind+"\x00"+b.Key)
		})
		page := m.branch.pages[name]
		if page == nil {
			page = m.main.pages[name]
		}
		if page == nil {
			page = m.base.pages[name]
		}
		text := rewrite(page, list)
		if whole := m.files[name]; whole != nil {
			text = slices.Concat(whole, rewrite(nil, list))
		}
		m.files[name] = text
	}
}

// rewrite gives a file that holds exactly the entries of the list, made from the page.
// Each entry keeps its lines as long as those before it have not changed.
func rewrite(p *page, list []*statement) []byte {
	want := map[entryID]*statement{}
	for _, st := range list {
		want[entryID{st.Kind, st.Key}] = st
	}
	var out bytes.Buffer
	if p == nil {
		p = &page{source: &source{}}
	}
	last := 0
	for _, st := range p.statements {
		id := entryID{st.Kind, st.Key}
		out.WriteString(p.text[last:st.where.start])
		last = st.where.end
		if w := want[id]; w != nil {
			out.WriteString(w.Text)
			delete(want, id)
			continue
		}
		out.Truncate(out.Len() - (st.where.start - st.cut.start))
		last = afterComma(p.text, st.cut.end)
	}
	out.WriteString(p.text[last:])
	for _, st := range list {
		if want[entryID{st.Kind, st.Key}] != nil {
			fmt.Fprintf(&out, "%s: {%s}\n", st.Kind, st.Text)
		}
	}
	return out.Bytes()
}

// afterComma passes over the comma that separated an entry from the next.
func afterComma(text string, at int) int {
	rest := strings.TrimLeft(text[at:], " \t")
	if len(rest) > 0 && rest[0] == ',' {
		return len(text) - len(rest) + 1
	}
	return at
}

package propose

import (
	"fmt"
	"maps"
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/edit"
)

// Session carries out typed changes one after the other, on files in memory. Where one builds on an entry that another has
// edited, the files are loaded anew in between; where all are about different entries, nothing is loaded twice.
type Session struct {
	texts   org.Texts
	editor  *Editor
	first   *edit.Files // the files as they were before everything
	written map[[2]string]bool
	changed map[string][]byte
	done    []Done
}

// Done is a change that was carried out, and the fields that it edited.
type Done struct {
	Change Change
	Edits  [][]string
}

// NewSession begins with files and what they were loaded as.
func NewSession(texts org.Texts, o *org.Organisation, today org.Day, ids IDs) (*Session, error) {
	e, err := New(o, texts, today, ids)
	if err != nil {
		return nil, err
	}
	return &Session{texts: texts, editor: e, first: e.files, written: map[[2]string]bool{}, changed: map[string][]byte{}}, nil
}

// Do carries a change out, as Editor.Do. After an error some of it may have been done: the files are then not to be used.
func (s *Session) Do(c Change) (Change, error) {
	if slices.ContainsFunc(c.Entries(), func(at [2]string) bool { return s.written[at] }) {
		if err := s.reload(); err != nil {
			return c, err
		}
	}
	before := len(s.editor.files.Edits())
	c, err := s.editor.Do(c)
	edits := s.editor.files.Edits()[before:]
	for _, path := range edits {
		s.written[[2]string{path[0], path[1]}] = true
	}
	if err != nil {
		return c, err
	}
	s.done = append(s.done, Done{c, edits})
	return c, nil
}

// reload reads the files as they are now.
func (s *Session) reload() error {
	maps.Copy(s.changed, s.editor.Changed())
	texts := s.texts.With(s.changed)
	o, _, err := org.Load(texts)
	if err != nil {
		return fmt.Errorf("read the organisation in between: %w", err)
	}
	e, err := New(o, texts, s.editor.today, s.editor.ids)
	if err != nil {
		return err
	}
	s.editor, s.written = e, map[[2]string]bool{}
	return nil
}

// Changed gives the files that differ from those of the beginning, with their new text.
func (s *Session) Changed() map[string][]byte {
	out := maps.Clone(s.changed)
	maps.Copy(out, s.editor.Changed())
	return out
}

// Texts gives all files with the changes made.
func (s *Session) Texts() org.Texts { return s.texts.With(s.Changed()) }

// Done gives the changes that were carried out, in order.
func (s *Session) Done() []Done { return slices.Clone(s.done) }

// Entries are all that a change names, by kind and key: what it edits, and what it looks at.
func (c Change) Entries() (list [][2]string) {
	add := func(kind string, keys ...string) {
		for _, key := range keys {
			if key != "" {
				list = append(list, [2]string{kind, key})
			}
		}
	}
	add("people", c.Person)
	for _, of := range c.People {
		add("people", of.Person)
	}
	add("units", c.Unit, c.Key, c.Parent, c.Successor)
	add("units", c.Units...)
	return list
}

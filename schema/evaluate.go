package schema

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"
	"golang.org/x/sync/errgroup"

	"orgit.dk/orgit/schema/plain"
)

// Entry is one element of units, people, robots, systems, role groups, assignments, conflicts or allowances, as it is written
// in a data file. It is text, so that whoever reads it needs nothing else of the file.
//
// An entry refers to nothing but itself, the templates of the root files and its
// imports. That makes its value the same whatever else the repository holds.
type Entry struct {
	Kind, Key string
	File      string   // name of the file
	Line      int      // of the key, from 1
	Column    int      // of the key, in bytes from 1
	Text      string   // "key": {…}
	Imports   []string // the import specs that it uses, as written
}

// Value is what an entry comes to.
type Value struct {
	Plain       plain.Value  // fields, with defaults filled in; null when there are findings
	Verbatim    bool         // every text in it stands so in the entry's text, or is a default
	Alone       bool         // it is the same whatever the root files hold
	Diagnostics []Diagnostic // what the definitions or CUE have against it
}

// Stands reports whether there is a value.
func (v Value) Stands() bool { return v.Plain.Kind == plain.Struct }

// batchSize is how many entries share a context. A context keeps everything that was
// ever evaluated in it, so small batches cost less memory and no more time.
const batchSize = 64

// Evaluator evaluates entries. The zero Evaluator is ready.
type Evaluator struct {
	Stage  func(name string) (end func()) // is told what is under way; may be nil
	Memory Memory                         // what CUE made of entries before; may be nil
}

func (e Evaluator) stage(name string) (end func()) {
	if e.Stage == nil {
		return func() {}
	}
	return e.Stage(name)
}

// Evaluate is [Evaluator.Evaluate] of the zero Evaluator.
func Evaluate(roots []File, entries []Entry, take func(i int, v Value)) error {
	return Evaluator{}.Evaluate(roots, entries, take)
}

// Evaluate holds each entry against the embedded definitions and gives take what it comes
// to, once for each entry by its place in entries, in any order and from several goroutines
// at a time; the parts of a value hold only until take returns. roots are the root files; only their templates matter here. The error is about
// the root files, never about an entry.
//
// Entries that are plain data take a shortcut; all others are CUE's. The result is the same.
func (e Evaluator) Evaluate(roots []File, entries []Entry, take func(i int, v Value)) error {
	end := e.stage("read plain entries")
	rules, err := entryRules()
	if err != nil {
		return err
	}
	others := plainest(rules, entries, take)
	end()
	sources, err := WithTemplates(roots)
	if err != nil {
		return err
	}
	var m *memo
	if e.Memory != nil && len(others) > 0 {
		end := e.stage("recall what CUE made of entries")
		if m, err = newMemo(e.Memory, sources); err != nil {
			return err
		}
		others = m.recall(entries, others, take)
		end()
	}
	defer e.stage("evaluate entries with CUE")()
	return evaluate(sources, entries, others, m, take)
}

// evaluate has CUE evaluate the entries at the places. sources are the root files that hold
// templates.
func evaluate(sources []File, entries []Entry, places []int, keep *memo, take func(i int, v Value)) error {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for batch := range slices.Chunk(places, batchSize) {
		group.Go(func() error {
			some := make([]Entry, len(batch))
			for i, place := range batch {
				some[i] = entries[place]
			}
			values := make([]made, len(batch))
			if err := evaluateBatch(sources, some, values); err != nil {
				return err
			}
			for i, place := range batch {
				keep.keep(&some[i], &values[i])
				take(place, values[i].Value)
			}
			return nil
		})
	}
	return group.Wait()
}

// WithTemplates gives the root files that hold templates: nothing of the others matters to
// entries.
func WithTemplates(roots []File) ([]File, error) {
	var sources []File
	for _, root := range roots {
		file, err := templatesOf(root)
		if err != nil {
			return nil, err
		}
		if file != nil {
			sources = append(sources, root)
		}
	}
	return sources, nil
}

// made is what CUE made of an entry.
type made struct {
	Value
	text []byte // the value as JSON; nil when there is none
}

func evaluateBatch(roots []File, entries []Entry, into []made) error {
	in, err := newEntryInstance(roots)
	if err != nil {
		return err
	}
	fragments := make([]*fragment, len(entries))
	for i := range entries {
		fragments[i], err = parseFragment(&entries[i])
		if err == nil {
			err = in.add(fragments[i].file)
		}
		if err != nil {
			return evaluateSingly(roots, entries, into, err)
		}
	}
	root, err := in.build()
	if err != nil {
		return evaluateSingly(roots, entries, into, err)
	}
	allowed := &shape{}
	for i, f := range fragments {
		into[i] = f.value(root, allowed)
	}
	return nil
}

// evaluateSingly finds the entries that keep a batch from being built.
func evaluateSingly(roots []File, entries []Entry, into []made, cause error) error {
	if len(entries) == 1 {
		f, err := parseFragment(&entries[0])
		if err != nil {
			cause = err
		}
		into[0].Diagnostics = f.explainer(&shape{}).explain(cause)
		return nil
	}
	for i := range entries {
		if err := evaluateBatch(roots, entries[i:i+1], into[i:i+1]); err != nil {
			return err
		}
	}
	return nil
}

func newEntryInstance(roots []File) (*instance, error) {
	in := newInstance()
	binding, err := bindingFile()
	if err != nil {
		return nil, fmt.Errorf("read the binding: %w", err)
	}
	if err := in.add(binding); err != nil {
		return nil, fmt.Errorf("bind the definitions: %w", err)
	}
	for _, root := range roots {
		file, err := templatesOf(root)
		if err != nil {
			return nil, err
		}
		if err := in.add(file); err != nil {
			return nil, fmt.Errorf("read the templates of %s: %w", root.Name, err)
		}
	}
	return in, nil
}

// validation is what `cue vet -c` asks of a value.
func validation(concrete bool) []cue.Option {
	return []cue.Option{cue.Attributes(true), cue.Definitions(true), cue.Hidden(true), cue.Concrete(concrete)}
}

// fragment is an entry as a file of its own.
type fragment struct {
	entry *Entry
	file  *ast.File
	shift int // what to add to a line of the fragment to get that of the entry's file
}

// fragmentMark ends the name of a fragment in positions, so that it cannot be mistaken
// for a file of the repository.
const fragmentMark = "\x00"

// parseFragment makes a file of the entry in which columns are those of the entry's own
// file and lines differ by shift.
func parseFragment(e *Entry) (*fragment, error) {
	var b strings.Builder
	b.WriteString("package org\n")
	for _, spec := range e.Imports {
		b.WriteString("import " + spec + "\n")
	}
	b.WriteString(e.Kind + ": {\n")
	f := &fragment{entry: e, shift: e.Line - 1 - strings.Count(b.String(), "\n")}
	b.WriteString(strings.Repeat(" ", e.Column-1) + e.Text + "\n}\n")
	var err error
	f.file, err = Parse(e.File+fragmentMark, []byte(b.String()))
	return f, err
}

// position turns a position in the fragment into one in the entry's file.
func (f *fragment) position(pos token.Pos) Position {
	p := pos.Position()
	return Position{File: f.entry.File, Line: p.Line + f.shift, Column: p.Column}
}

// holds reports whether the position is in this fragment.
func (f *fragment) holds(pos token.Pos) bool {
	return pos.IsValid() && pos.File() == f.file.Pos().File()
}

func (f *fragment) value(root cue.Value, allowed *shape) (m made) {
	v := root.LookupPath(cue.MakePath(cue.Str(f.entry.Kind), cue.Str(f.entry.Key)))
	if err := v.Validate(validation(true)...); err != nil {
		m.Diagnostics = f.explainer(allowed).explainValue(v, []string{f.entry.Kind, f.entry.Key}, err)
		return m
	}
	data, text, err := plainOf(v)
	if err != nil {
		m.Diagnostics = f.explainer(allowed).explain(err)
		return m
	}
	return made{Value{Plain: data}, text}
}

// plainOf gives a value as plain data, and as the JSON that this was read from.
func plainOf(v cue.Value) (plain.Value, []byte, error) {
	text, err := v.MarshalJSON()
	if err != nil {
		return plain.Value{}, nil, err
	}
	data, err := plain.FromJSON(text)
	return data, text, err
}

package org

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/parallel"
	"orgit.dk/orgit/schema"
	"orgit.dk/orgit/schema/plain"
)

// Load reads an organisation repository from a folder or a git tree. The findings are
// everything that is wrong with the form of the files and with what they state about one
// entry, all in one run, in order of file and line; [Organisation.Check] finds what is
// wrong between entries. What could be read is returned even when there are errors: an
// entry with a finding is left out, the rest is there. The error is about reading files,
// never about what they say.
//
// Entries are held against the definitions that are embedded in the program, never
// against the copy in the repository. What Load accepts, a stock `cue vet -c ./...`
// accepts too, when the copy is that of the program.
//
// Whoever loads several versions has a [Loader] for that.
func Load(fsys fs.FS) (*Organisation, []schema.Diagnostic, error) { return new(Loader).Load(fsys) }

// LoadAndCheck reads a repository and finds everything that [Load] and
// [Organisation.Check] find, in order of file and line.
func LoadAndCheck(fsys fs.FS, today Day) (*Organisation, []schema.Diagnostic, error) {
	return new(Loader).LoadAndCheck(fsys, today)
}

// load makes an organisation of the files of a repository.
func load(fsys fs.FS, r *repository, by *Loader) (*Organisation, []schema.Diagnostic, error) {
	l := &loading{repository: r, by: by, stated: map[string]map[string]*statement{}, unsure: map[string]bool{}}
	l.report(r.findings...)
	if err := l.checkSurroundings(fsys); err != nil {
		return nil, nil, err
	}
	end := by.stage("take the files apart")
	l.readPages()
	l.gather()
	end()
	if err := l.evaluate(); err != nil {
		return nil, nil, err
	}
	end = by.stage("put the organisation together")
	o := l.organisation()
	l.report(impossibleDays(o)...)
	end()
	defer by.stage("search for CPR numbers")()
	l.searchCPR()
	return o, l.finish(), nil
}

// loading is the work of one Load.
type loading struct {
	*repository
	by         *Loader // has what was evaluated before
	pages      []*page
	roots      []schema.File
	rootsRead  bool // every root file could be read
	unfit      bool // the templates cannot be used for entries
	templates  []string
	statements []*statement // those to evaluate, in order of file and place
	settings   map[string]plain.Value
	stated     map[string]map[string]*statement // by kind and key, whether or not they are right
	unsure     map[string]bool                  // keys that files with syntax errors seem to state
}

func (l *loading) report(findings ...schema.Diagnostic) {
	l.findings = append(l.findings, findings...)
}

func (l *loading) checkSurroundings(fsys fs.FS) error {
	organisation := l.source(organisationFile)
	missing := schema.Diagnostic{Severity: schema.Error, Position: schema.Position{File: organisationFile}}
	switch {
	case len(l.sources) == 0:
		missing.Code, missing.Message = "empty", "there are no CUE files here"
		missing.Hint = "make a new organisation repository with orgit init, or name the folder that holds one"
		l.report(missing)
		return nil
	case organisation == nil:
		missing.Code, missing.Message = "no-organisation", "the file organisation.cue is missing"
		missing.Hint = "name the root folder of an organisation repository; orgit init makes a new one"
		l.report(missing)
	default:
		l.report(checkBinding(organisation)...)
	}
	if l.moduleLinked {
		return nil // a link may lead out of the repository: it is not followed
	}
	findings, err := checkModule(fsys)
	if err != nil {
		return err
	}
	l.report(findings...)
	findings, err = checkVendored(fsys)
	if err != nil {
		return err
	}
	l.report(findings...)
	return nil
}

func (l *loading) readPages() {
	l.pages = make([]*page, len(l.sources))
	parallel.Chunks(len(l.sources), 64, func(from, to int) {
		for i := from; i < to; i++ {
			l.pages[i] = l.sources[i].page()
		}
	})
}

// gather puts together what the files state: root files, templates and entries.
func (l *loading) gather() {
	l.rootsRead = true
	for _, p := range l.pages {
		l.report(p.findings...)
		if p.root || p.broken && p.inRoot() {
			l.roots = append(l.roots, schema.File{Name: p.name, Text: []byte(p.text)})
			l.rootsRead = l.rootsRead && !p.broken
		}
		l.unfit = l.unfit || p.unfit
		l.templates = append(l.templates, p.declared...)
		for _, key := range p.keys {
			l.unsure[key] = true
		}
	}
	for _, p := range l.pages {
		for _, st := range p.statements {
			l.state(st)
		}
	}
	if len(l.sources) > 0 && len(l.stated["units"]) == 0 && len(l.unsure) == 0 {
		l.report(schema.Diagnostic{
			Severity: schema.Error, Code: "no-units", Position: schema.Position{File: organisationFile}, Path: "units",
			Message: "no file states any unit",
			Hint:    `begin with the root: units: {"…": {…}} in a file below units/`,
		})
	}
}

// state notes an entry. A key that occurs twice is refused, though CUE would unify the
// two: only so can each entry be evaluated alone.
func (l *loading) state(st *statement) {
	if l.stated[st.Kind] == nil {
		l.stated[st.Kind] = map[string]*statement{}
	}
	if first := l.stated[st.Kind][st.Key]; first != nil {
		l.report(schema.Diagnostic{
			Severity: schema.Error, Code: "duplicate-entry", Position: st.position(), Path: schema.JoinPath(st.Kind, st.Key),
			Message: fmt.Sprintf("%s is stated here and at %s", st.Key, first.position()),
			Hint:    "keep one of them; a new entry needs a key of its own",
		})
		return
	}
	l.stated[st.Kind][st.Key] = st
	refused := st.refused
	for _, name := range st.templates {
		if !slices.Contains(l.templates, name) && l.rootsRead {
			refused = true
			l.report(l.unknownTemplate(st, name))
		}
	}
	if !refused {
		l.statements = append(l.statements, st)
	}
}

func (l *loading) unknownTemplate(st *statement, name string) schema.Diagnostic {
	hint := "write it in templates.cue"
	if near := schema.Nearest(name, l.templates); near != "" {
		hint = "did you mean " + near + "?"
	}
	return schema.Diagnostic{
		Severity: schema.Error, Code: "reference", Position: st.position(), Path: schema.JoinPath(st.Kind, st.Key),
		Message: "the entry refers to " + name + ", which no root file states", Hint: hint,
	}
}

func (st *statement) position() schema.Position { return st.source.at(st.where.start) }

// evaluate holds settings and entries against the definitions.
func (l *loading) evaluate() error {
	roots := l.roots
	if l.rootsRead && len(roots) > 0 {
		end := l.by.stage("evaluate the settings")
		read, err := l.by.evaluateSettings(roots)
		end()
		if err != nil {
			return fmt.Errorf("evaluate the settings: %w", err)
		}
		l.settings = read.settings
		l.reportEvaluated(read.findings)
	}
	if l.settings == nil || l.unfit {
		roots = nil // their findings are reported; entries that need no template are evaluated all the same
		l.statements = slices.DeleteFunc(l.statements, func(st *statement) bool { return len(st.templates) > 0 })
	}
	if err := l.evaluateEntries(roots); err != nil {
		return fmt.Errorf("evaluate the entries: %w", err)
	}
	for _, st := range l.statements {
		l.reportEvaluated(st.value.findings)
	}
	return nil
}

// evaluateEntries gives every statement its value, where it has none that still holds.
func (l *loading) evaluateEntries(roots []schema.File) error {
	under, err := l.by.templatesOf(roots)
	if err != nil {
		return err
	}
	var anew []*statement
	for _, st := range l.statements {
		if st.value == nil || st.value.under != nil && st.value.under != under {
			anew = append(anew, st)
		}
	}
	entries := make([]schema.Entry, len(anew))
	for i, st := range anew {
		entries[i] = st.Entry
	}
	var decoder plain.Decoder
	return schema.Evaluator{Stage: l.by.Stage, Memory: l.by.Memory}.Evaluate(under.files, entries, func(i int, v schema.Value) {
		made := newValue(&decoder, &entries[i], v)
		if !v.Alone {
			made.under = under
		}
		anew[i].value = &made
	})
}

// value is what a statement comes to. It is not changed when it is there.
type value struct {
	under    *templates // the templates that it was evaluated with; nil when it depends on none
	entry    keyed      // nil when there is none
	findings []schema.Diagnostic
	unfit    error      // why the entry cannot hold what was stated
	numbers  [][]string // paths of what looks like a CPR number in it
}

func newValue(d *plain.Decoder, e *schema.Entry, from schema.Value) value {
	v := value{findings: from.Diagnostics}
	if !from.Stands() {
		return v
	}
	if !from.Verbatim || len(schema.FindCPR(e.Text)) > 0 { // what is in no text is in no value that is a part of it
		v.numbers = numbersIn(from.Plain, []string{e.Kind, e.Key})
	}
	if v.entry, v.unfit = newEntry(e.Kind); v.unfit == nil {
		v.unfit = d.Decode(from.Plain, v.entry)
	}
	if v.unfit != nil {
		v.entry = nil
		return v
	}
	v.entry.setKey(e.Key)
	return v
}

func newEntry(kind string) (keyed, error) {
	switch kind {
	case "units":
		return new(Unit), nil
	case "people":
		return new(Person), nil
	case "robots":
		return new(Robot), nil
	case "systems":
		return new(System), nil
	case "roleGroups":
		return new(RoleGroup), nil
	case "assignments":
		return new(Assignment), nil
	case "conflicts":
		return new(Conflict), nil
	case "allowances":
		return new(Allowance), nil
	}
	return nil, fmt.Errorf("%s is no kind of entry", kind)
}

// reportEvaluated takes over findings whose columns count bytes.
func (l *loading) reportEvaluated(findings []schema.Diagnostic) {
	for _, d := range findings {
		if s := l.source(d.Position.File); s != nil && d.Position.Line > 0 {
			d.Position.Column = s.characters(d.Position.Line, d.Position.Column)
		}
		l.report(d)
	}
}

// finish orders the findings and makes sure that none shows a CPR number.
func (l *loading) finish() []schema.Diagnostic {
	for i, d := range l.findings {
		l.findings[i] = d.Masked()
	}
	schema.SortDiagnostics(l.findings)
	return slices.CompactFunc(l.findings, func(a, b schema.Diagnostic) bool { return a == b })
}

// organisation decodes what was evaluated.
func (l *loading) organisation() *Organisation {
	var parts Organisation
	l.decodeSettings(&parts.Settings)
	for _, st := range l.statements {
		parts.add(st.value.entry)
		if err := st.value.unfit; err != nil {
			l.report(schema.Diagnostic{
				Severity: schema.Error, Code: "bad-value", Position: st.position(), Path: schema.JoinPath(st.Kind, st.Key),
				Message: "the entry holds a value that orgit has no room for: " + err.Error(),
			})
		}
	}
	o := New(parts, (&positions{stated: l.stated, sources: l.sources}).of)
	o.mayExist = l.mayExist
	o.digest = l.digest
	return o
}

// digest identifies the names and texts of the files.
func (l *loading) digest() (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, s := range l.sources {
		fmt.Fprintf(h, "%d %d ", len(s.name), len(s.text))
		io.WriteString(h, s.name)
		io.WriteString(h, s.text)
	}
	h.Sum(sum[:0])
	return sum
}

// mayExist reports whether the files state a thing that could not be read.
func (l *loading) mayExist(kind, key string) bool {
	switch setting, _, _ := strings.Cut(kind, "."); setting {
	case "classes", "hierarchies":
		_, ok := l.settings[setting]
		return !ok
	}
	return l.stated[kind][key] != nil || l.unsure[key]
}

func (o *Organisation) add(entry keyed) {
	switch e := entry.(type) {
	case *Unit:
		o.Units = append(o.Units, e)
	case *Person:
		o.People = append(o.People, e)
	case *Robot:
		o.Robots = append(o.Robots, e)
	case *System:
		o.Systems = append(o.Systems, e)
	case *RoleGroup:
		o.RoleGroups = append(o.RoleGroups, e)
	case *Assignment:
		o.Assignments = append(o.Assignments, e)
	case *Conflict:
		o.Conflicts = append(o.Conflicts, e)
	case *Allowance:
		o.Allowances = append(o.Allowances, e)
	}
}

func (l *loading) decodeSettings(into *Settings) {
	var all plain.Value
	for _, name := range sortedKeys(l.settings) {
		all.Kind = plain.Struct
		all.Parts = append(all.Parts, plain.Part{Name: name, Value: l.settings[name]})
	}
	if err := new(plain.Decoder).Decode(all, into); err != nil {
		l.report(schema.Diagnostic{
			Severity: schema.Error, Code: "bad-value", Position: schema.Position{File: organisationFile},
			Message: "the settings hold a value that orgit has no room for: " + err.Error(),
		})
	}
}

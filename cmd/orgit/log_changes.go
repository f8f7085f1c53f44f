package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/schema"
)

// logging finds what is known of one entry.
type logging struct {
	env          environment
	repo         *git.Repository
	organisation *org.Organisation
	hit          hit
}

// entry is the kind and the key of the entry in the files.
func (l *logging) entry() (kind, key string) {
	names := schema.SplitPath(string(l.hit.path()))
	return names[0], names[1]
}

// changes goes back through the approved branch from where it stands, and gives a change for each commit that has the entry in another
// form than the one before it, newest first.
func (l *logging) changes() ([]logEvent, error) {
	at, err := l.repo.Approved(approvedBranch(l.env))
	if err != nil {
		return nil, invalidInput(fmt.Errorf("find what is approved: %w", err), "fetch the branch main, or name the approved branch with ORGIT_BRANCH")
	}
	file, err := l.fileIn(at, "")
	if err != nil {
		return nil, err
	}
	var list []logEvent
	history := l.repo.FileHistory(path.Join(l.repo.Folder(), file))
	for at != "" && file != "" {
		past, err := history.Last(at)
		if errors.Is(err, git.ErrNoRevision) {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		before, from := "", ""
		if len(past.Parents) > 0 {
			before = past.Parents[0]
			if from, err = l.fileIn(before, past.Hash); err != nil {
				return nil, err
			}
		}
		event, err := l.changed(past, before, file, from)
		if err != nil {
			return nil, err
		}
		if event != nil {
			list = append(list, *event)
		}
		if from != file {
			history = l.repo.FileHistory(path.Join(l.repo.Folder(), from))
		}
		at, file = before, from
	}
	return list, nil
}

// fileIn gives the file that states the entry in a commit, from the repository's folder; empty where none does. beside is the commit after
// it, in which the entry is known to stand: what the two have in common need not be searched, unless it stands there.
func (l *logging) fileIn(commit, beside string) (string, error) {
	kind, key := l.entry()
	files, err := l.folder(commit)
	if err != nil {
		return "", err
	}
	states := func(name string) (bool, error) {
		text, err := fs.ReadFile(files, name)
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("read %s at %s: %w", name, short(commit), err)
		}
		found, _ := org.NewExcerpt(nil).Add(name, text, kind, key)
		return found, nil
	}
	candidates := []string{l.organisation.Position(l.hit.path()).File}
	if beside != "" {
		differing, err := l.repo.Differing(commit, beside)
		if err != nil {
			return "", err
		}
		for _, name := range differing {
			if below, ok := inFolder(l.repo.Folder(), name); ok && path.Ext(below) == ".cue" {
				candidates = append(candidates, below)
			}
		}
	}
	for _, name := range candidates {
		if found, err := states(name); err != nil || found {
			return name, err
		}
	}
	if beside != "" {
		return "", nil
	}
	return l.searched(files, states)
}

// searched looks through all files: where the newest approved commit has an entry elsewhere than the folder.
func (l *logging) searched(files fs.FS, states func(string) (bool, error)) (found string, err error) {
	err = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".cue" || strings.HasPrefix(name, "cue.mod/") {
			return err
		}
		is, err := states(name)
		if is {
			found = name
			return fs.SkipAll
		}
		return err
	})
	return found, err
}

func inFolder(folder, name string) (string, bool) {
	if folder == "." {
		return name, true
	}
	return strings.CutPrefix(name, folder+"/")
}

// folder gives the organisation's files at a commit.
func (l *logging) folder(commit string) (fs.FS, error) {
	files, _, err := l.repo.Tree(commit)
	if err != nil || l.repo.Folder() == "." {
		return files, err
	}
	return fs.Sub(files, l.repo.Folder())
}

// changed says what a commit changed about the entry; nil when nothing, such as where only its neighbours in the file did.
func (l *logging) changed(past git.Past, before, file, from string) (*logEvent, error) {
	head, err := l.excerpt(past.Hash, file)
	if err != nil {
		return nil, err
	}
	base, err := l.excerpt(before, from)
	if err != nil {
		return nil, err
	}
	event := &logEvent{Type: "changed", Time: past.When.UTC().Format(time.RFC3339), Commit: past.Hash}
	for _, c := range change.Compare(base, head) {
		if c.Subject.Kind == l.hit.kind() && c.Subject.Key == l.hit.key() {
			event.Changes = append(event.Changes, logChange{
				Kind: string(c.Kind), Field: c.Field, Effect: string(c.Effect), Text: change.Sentence(c, l.organisation.Settings.Language),
			})
		}
	}
	if len(event.Changes) == 0 {
		return nil, nil
	}
	event.Authors, err = l.authors(past, file)
	return event, err
}

// excerpt reads what a commit says of the entry, with what it refers to, so that units and people are called by the names that they had.
func (l *logging) excerpt(commit, file string) (*org.Organisation, error) {
	if commit == "" || file == "" {
		return org.New(org.Organisation{}, nil), nil
	}
	files, err := l.folder(commit)
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "*.cue")
	if err != nil {
		return nil, err
	}
	root := map[string][]byte{}
	for _, name := range names {
		if root[name], err = fs.ReadFile(files, name); err != nil {
			return nil, fmt.Errorf("read %s at %s: %w", name, short(commit), err)
		}
	}
	text, err := fs.ReadFile(files, file)
	if err != nil {
		return nil, fmt.Errorf("read %s at %s: %w", file, short(commit), err)
	}
	e := org.NewExcerpt(root)
	kind, key := l.entry()
	_, others := e.Add(file, text, kind, key)
	for _, other := range others {
		for _, kind := range []string{"units", "people"} {
			l.addOther(e, files, kind, other)
		}
	}
	return e.Load()
}

// addOther takes an entry along that is referred to, where it stands as today. One that is not found is called by its key.
func (l *logging) addOther(e *org.Excerpt, files fs.FS, kind, key string) {
	name := l.organisation.Position(org.PathOf(kind, key)).File
	if name == "" {
		return
	}
	if text, err := fs.ReadFile(files, name); err == nil {
		e.Add(name, text, kind, key)
	}
}

// authors are who wrote the change: of a merge, those of its commits that touch the file, and the merge's own where none does.
func (l *logging) authors(past git.Past, file string) ([]string, error) {
	merged, err := l.repo.Merged(past)
	if err != nil {
		return nil, err
	}
	name := path.Join(l.repo.Folder(), file)
	var list []string
	for _, c := range merged {
		if len(c.Parents) == 0 {
			continue
		}
		differing, err := l.repo.Differing(c.Parents[0], c.Hash)
		if err != nil {
			return nil, err
		}
		if slices.Contains(differing, name) && !slices.Contains(list, c.Author.Name) {
			list = append(list, c.Author.Name)
		}
	}
	if len(list) == 0 {
		list = append(list, past.Author.Name)
	}
	return list, nil
}

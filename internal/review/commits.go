package review

import (
	"context"
	"fmt"
	"io/fs"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// Repository is a repository whose commits are judged.
type Repository interface {
	Trees
	// ChangedFiles are the names of all files that differ, from the organisation's folder.
	ChangedFiles(before, after string) ([]string, error)
	Folder() string // the organisation's folder within the repository; "." for its root
}

// A repository on disk has everything that is asked of one.
var (
	_ Repository = (*git.Repository)(nil)
	_ History    = (*git.Repository)(nil)
)

// Effects works out what a change of the organisation does in the systems, such as plan.Effects does from what each system
// is asked for. A nil plan says that it is not known.
type Effects func(ctx context.Context, before, after *org.Organisation, day org.Day) (*plan.Plan, error)

// Commits is what the commits of a repository hold. It must stay in one goroutine, as its repository must.
type Commits struct {
	repo    Repository
	effects Effects
	loader  org.Loader
	read    map[string]*org.Organisation
	recent  []string // the commits in read, oldest first
}

// NewCommits reads commits from a repository. Without effects the consequences of a change are not known, and only the
// working group can approve it.
func NewCommits(repo Repository, effects Effects) *Commits {
	return &Commits{repo: repo, effects: effects, read: map[string]*org.Organisation{}}
}

// Organisation is what the files of a commit state. Files with errors give an error that wraps ErrFaulty.
func (c *Commits) Organisation(_ context.Context, commit string) (*org.Organisation, error) {
	if o := c.read[commit]; o != nil {
		return o, nil
	}
	files, _, err := c.repo.Tree(commit)
	if err == nil && c.repo.Folder() != "." {
		files, err = fs.Sub(files, c.repo.Folder())
	}
	if err != nil {
		return nil, fmt.Errorf("read the files of %s: %w", short(commit), err)
	}
	o, findings, err := c.loader.Load(files)
	if err != nil {
		return nil, fmt.Errorf("read the organisation at %s: %w", short(commit), err)
	}
	for _, d := range findings {
		if d.Severity == schema.Error {
			return nil, fmt.Errorf("%w at %s: %s: %s", ErrFaulty, short(commit), d.Position, d.Message)
		}
	}
	c.keep(commit, o)
	return o, nil
}

// keep holds on to the last two that were read: a step of main needs two, and the next step the second of them again.
func (c *Commits) keep(commit string, o *org.Organisation) {
	if len(c.recent) == 2 {
		delete(c.read, c.recent[0])
		c.recent = c.recent[1:]
	}
	c.read[commit] = o
	c.recent = append(c.recent, commit)
}

// Changed are the names of all files that differ between two commits.
func (c *Commits) Changed(_ context.Context, before, after string) ([]string, error) {
	return c.repo.ChangedFiles(before, after)
}

// Consequences is what the second commit does in the systems beside the first.
func (c *Commits) Consequences(ctx context.Context, before, after string, day org.Day) (*plan.Plan, error) {
	if c.effects == nil {
		return nil, nil
	}
	was, err := c.Organisation(ctx, before)
	if err != nil {
		return nil, err
	}
	is, err := c.Organisation(ctx, after)
	if err != nil {
		return nil, err
	}
	return c.effects(ctx, was, is, day)
}

// Unexpected says in what a merge commit differs from what merging gives.
func (c *Commits) Unexpected(_ context.Context, into, head, merge string) (Deviation, error) {
	return Remerge(c.repo, into, head, merge)
}

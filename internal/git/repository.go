// Package git is what orgit does with a git repository, without the git program: reading
// the files of a commit, comparing commits, committing, and keeping the mark of what was
// applied.
//
// A Repository must stay within one goroutine; open another one for each.
package git

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	gogit "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// ErrNoRepository says that a folder is in no git repository.
var ErrNoRepository = errors.New("not in a git repository")

// ErrCrossed says that two branches have parted at several commits, because each had parts of the other merged into it.
var ErrCrossed = errors.New("they have no single commit in common from which they parted; merge the one into the other first")

// ErrNoRevision says that a revision names no commit that is here.
var ErrNoRevision = errors.New("no such revision")

// Repository is a git repository with a work tree.
type Repository struct {
	repo   *gogit.Repository
	root   string // of the work tree
	folder string // the opened folder, relative to root, with slashes
}

// Open opens the repository that a folder belongs to.
func Open(dir string) (*Repository, error) {
	repo, err := gogit.PlainOpenWithOptions(dir, &gogit.PlainOpenOptions{DetectDotGit: true, EnableDotGitCommonDir: true})
	if errors.Is(err, gogit.ErrRepositoryNotExists) {
		return nil, fmt.Errorf("open %s: %w", dir, ErrNoRepository)
	}
	if err != nil {
		return nil, fmt.Errorf("open the git repository of %s: %w", dir, err)
	}
	return inWorkTree(repo, dir)
}

func inWorkTree(repo *gogit.Repository, dir string) (*Repository, error) {
	tree, err := repo.Worktree()
	if err != nil {
		return nil, fmt.Errorf("find the work tree of %s: %w", dir, err)
	}
	root, err := realPath(tree.Filesystem.Root())
	if err != nil {
		return nil, fmt.Errorf("find the work tree of %s: %w", dir, err)
	}
	at, err := realPath(dir)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", dir, err)
	}
	folder, err := filepath.Rel(root, at)
	if err != nil {
		return nil, fmt.Errorf("find %s in its work tree: %w", dir, err)
	}
	return &Repository{repo: repo, root: root, folder: filepath.ToSlash(folder)}, nil
}

func realPath(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}

// Init makes a repository in a folder, with a branch that has no commit yet.
func Init(dir, branch string) (*Repository, error) {
	repo, err := gogit.PlainInitWithOptions(dir, &gogit.PlainInitOptions{
		InitOptions: gogit.InitOptions{DefaultBranch: plumbing.NewBranchReferenceName(branch)},
	})
	if err != nil {
		return nil, fmt.Errorf("make a git repository in %s: %w", dir, err)
	}
	return inWorkTree(repo, dir)
}

// Root is the root folder of the work tree.
func (r *Repository) Root() string { return r.root }

// Folder is the opened folder within the work tree, with slashes; "." for its root.
func (r *Repository) Folder() string { return r.folder }

// Resolve gives the commit that a revision names: a branch, HEAD, a hash or its
// beginning, or one of these with ~n or ^.
func (r *Repository) Resolve(revision string) (string, error) {
	commit, err := r.commit(revision)
	if err != nil {
		return "", err
	}
	return commit.Hash.String(), nil
}

func (r *Repository) commit(revision string) (*object.Commit, error) {
	hash, err := r.repo.ResolveRevision(plumbing.Revision(revision))
	if errors.Is(err, plumbing.ErrReferenceNotFound) {
		return nil, fmt.Errorf("find the revision %s: %w", revision, ErrNoRevision)
	}
	if err != nil {
		return nil, fmt.Errorf("find the revision %s: %w", revision, err)
	}
	commit, err := r.repo.CommitObject(*hash)
	if errors.Is(err, plumbing.ErrObjectNotFound) {
		return nil, fmt.Errorf("find the commit %s: %w", revision, ErrNoRevision)
	}
	if err != nil {
		return nil, fmt.Errorf("read the commit %s: %w", revision, err)
	}
	return commit, nil
}

// Approved gives the commit of a branch as the server has it (origin's), or the local
// branch's where there is no server. ErrNoRevision says that there is neither.
func (r *Repository) Approved(branch string) (string, error) {
	for _, ref := range []plumbing.ReferenceName{
		plumbing.NewRemoteReferenceName("origin", branch),
		plumbing.NewBranchReferenceName(branch),
	} {
		found, err := r.repo.Reference(ref, true)
		if errors.Is(err, plumbing.ErrReferenceNotFound) {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("read the branch %s: %w", branch, err)
		}
		return found.Hash().String(), nil
	}
	return "", fmt.Errorf("find the branch %s: %w", branch, ErrNoRevision)
}

// PrivateDir is where the repository keeps what belongs to no commit (.git).
func (r *Repository) PrivateDir() (string, error) {
	storage, ok := r.repo.Storer.(*filesystem.Storage)
	if !ok {
		return "", errors.New("find the repository's own folder: it is not on a disk")
	}
	return storage.Filesystem().Root(), nil
}

// Branch is the name of the branch that is checked out; empty when none is.
func (r *Repository) Branch() (string, error) {
	head, err := r.repo.Reference(plumbing.HEAD, false)
	if err != nil {
		return "", fmt.Errorf("read HEAD: %w", err)
	}
	if !head.Target().IsBranch() {
		return "", nil
	}
	return head.Target().Short(), nil
}

// MergeBase gives the commit at which two revisions parted. It is ErrCut where the clone is shallow.
func (r *Repository) MergeBase(a, b string) (string, error) {
	one, err := r.commit(a)
	if err != nil {
		return "", err
	}
	other, err := r.commit(b)
	if err != nil {
		return "", err
	}
	bases, err := one.MergeBase(other)
	if errors.Is(err, plumbing.ErrObjectNotFound) {
		return "", fmt.Errorf("find where %s and %s parted: %w", a, b, ErrCut)
	}
	if err != nil {
		return "", fmt.Errorf("find where %s and %s parted: %w", a, b, err)
	}
	if len(bases) == 0 {
		return "", fmt.Errorf("find where %s and %s parted: they have no commit in common", a, b)
	}
	if len(bases) > 1 {
		// Which of them is taken decides what a branch seems to change, and git merges from all of them at once.
		return "", fmt.Errorf("find where %s and %s parted: %w", a, b, ErrCrossed)
	}
	return bases[0].Hash.String(), nil
}

// Author is who a commit is by.
type Author struct{ Name, Email string }

// Commit is what a new commit says.
type Commit struct {
	Message string
	Author  Author
	When    time.Time
	Signer  Signer // nil: it is not signed; CommitFiles alone signs
	// Follows is the head of a branch that the revision is merged into: the first parent, before the revision. CommitFiles
	// alone knows it.
	Follows string
}

// CommitAll commits every change in the work tree, new and deleted files included and
// ignored ones not, and gives the commit.
func (r *Repository) CommitAll(c Commit) (string, error) {
	tree, err := r.repo.Worktree()
	if err != nil {
		return "", fmt.Errorf("commit: %w", err)
	}
	if err := tree.AddWithOptions(&gogit.AddOptions{All: true}); err != nil {
		return "", fmt.Errorf("add the files to a commit: %w", err)
	}
	by := &object.Signature{Name: c.Author.Name, Email: c.Author.Email, When: c.When}
	hash, err := tree.Commit(c.Message, &gogit.CommitOptions{Author: by, Committer: by})
	if err != nil {
		return "", fmt.Errorf("commit: %w", err)
	}
	return hash.String(), nil
}

// CreateBranch makes a branch that begins at a revision. It must not exist.
func (r *Repository) CreateBranch(name, revision string) error {
	if err := (&config.Branch{Name: name}).Validate(); err != nil {
		return fmt.Errorf("make the branch %s: %w", name, err)
	}
	commit, err := r.commit(revision)
	if err != nil {
		return err
	}
	ref := plumbing.NewBranchReferenceName(name)
	switch _, err := r.repo.Reference(ref, false); {
	case err == nil:
		return fmt.Errorf("make the branch %s: it exists already", name)
	case !errors.Is(err, plumbing.ErrReferenceNotFound):
		return fmt.Errorf("make the branch %s: %w", name, err)
	}
	if err := r.repo.Storer.SetReference(plumbing.NewHashReference(ref, commit.Hash)); err != nil {
		return fmt.Errorf("make the branch %s: %w", name, err)
	}
	return nil
}

// Checkout puts the files of a branch into the work tree. It refuses when changed files
// would be lost.
func (r *Repository) Checkout(branch string) error {
	tree, err := r.repo.Worktree()
	if err != nil {
		return fmt.Errorf("check out %s: %w", branch, err)
	}
	if err := tree.Checkout(&gogit.CheckoutOptions{Branch: plumbing.NewBranchReferenceName(branch)}); err != nil {
		return fmt.Errorf("check out %s: %w", branch, err)
	}
	return nil
}

// FastForward moves a branch on to a revision that it leads to, and the work tree with
// it when the branch is checked out. It refuses when the revision does not come after
// the branch, or when changed files would be lost.
func (r *Repository) FastForward(branch, revision string) error {
	name := plumbing.NewBranchReferenceName(branch)
	old, err := r.repo.Reference(name, false)
	if err != nil {
		return fmt.Errorf("read the branch %s: %w", branch, err)
	}
	from, err := r.repo.CommitObject(old.Hash())
	if err != nil {
		return fmt.Errorf("read the branch %s: %w", branch, err)
	}
	to, err := r.commit(revision)
	if err != nil {
		return err
	}
	follows, err := from.IsAncestor(to)
	if err != nil {
		return fmt.Errorf("compare %s with %s: %w", branch, revision, err)
	}
	if !follows {
		return fmt.Errorf("move %s on to %s: that does not come after it", branch, revision)
	}
	current, err := r.Branch()
	if err != nil {
		return err
	}
	if current != branch {
		if err := r.repo.Storer.CheckAndSetReference(plumbing.NewHashReference(name, to.Hash), old); err != nil {
			return fmt.Errorf("move %s on to %s: %w", branch, revision, err)
		}
		return nil
	}
	tree, err := r.repo.Worktree()
	if err != nil {
		return fmt.Errorf("move %s on to %s: %w", branch, revision, err)
	}
	if err := tree.Reset(&gogit.ResetOptions{Commit: to.Hash, Mode: gogit.MergeReset}); err != nil {
		return fmt.Errorf("move %s on to %s: %w", branch, revision, err)
	}
	return nil
}

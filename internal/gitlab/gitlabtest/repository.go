package gitlabtest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// ErrNoGit: the program git is not there, or is too old.
var ErrNoGit = errors.New("the stand-in for GitLab needs the program git, version 2.38 or later, with git http-backend")

// repository is a bare git repository, and what GitLab's server would do with it.
type repository struct {
	dir     string // ROOT/GROUP/PROJECT.git
	root    string
	program string // where git is
}

const noCommit = "0000000000000000000000000000000000000000"

// newRepository makes an empty one, which refuses pushes that the environment of the push says are not allowed.
func newRepository(root, project, branch string) (*repository, error) {
	program, err := exec.LookPath("git")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoGit, err)
	}
	r := &repository{root: root, dir: filepath.Join(root, filepath.FromSlash(project)+".git"), program: program}
	if err := os.MkdirAll(r.dir, 0o700); err != nil {
		return nil, err
	}
	if _, err := r.git("init", "--quiet", "--bare", "--initial-branch="+branch, "."); err != nil {
		return nil, err
	}
	settings, err := os.OpenFile(filepath.Join(r.dir, "config"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	_, err = settings.WriteString(gitSettings)
	if err := errors.Join(err, settings.Close()); err != nil {
		return nil, err
	}
	if err := r.able(); err != nil {
		return nil, err
	}
	return r, os.WriteFile(filepath.Join(r.dir, "hooks", "pre-receive"), []byte(preReceive), 0o700)
}

// gitSettings are those of GitLab's server as far as they show: Gitaly hides some refs from pushes, three of them from
// fetches too.
const gitSettings = `[http]
	receivepack = true
[gc]
	auto = 0
[uploadpack]
	allowFilter = true
	allowAnySHA1InWant = true
	hideRefs = refs/keep-around/
	hideRefs = refs/remotes/
	hideRefs = refs/tmp/
[receive]
	advertisePushOptions = true
	autogc = false
	hideRefs = refs/environments/
	hideRefs = refs/keep-around/
	hideRefs = refs/merge-requests/
	hideRefs = refs/pipelines/
	hideRefs = refs/remotes/
	hideRefs = refs/tmp/
`

// able says whether this git can do what is needed of it.
func (r *repository) able() error {
	path, err := r.git("--exec-path")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoGit, err)
	}
	backends, err := filepath.Glob(filepath.Join(strings.TrimSpace(path), "git-http-backend*"))
	if err != nil || len(backends) == 0 {
		return fmt.Errorf("%w: there is no git-http-backend in %s", ErrNoGit, strings.TrimSpace(path))
	}
	empty, err := r.git("hash-object", "-t", "tree", "-w", "--stdin")
	if err != nil {
		return err
	}
	commit, err := r.git("-c", "user.name=GitLab", "-c", "user.email=gitlab@example", "commit-tree", "-m", "able", strings.TrimSpace(empty))
	if err != nil {
		return err
	}
	if _, err := r.git("merge-tree", "--write-tree", strings.TrimSpace(commit), strings.TrimSpace(commit)); err != nil {
		return fmt.Errorf("%w: %w", ErrNoGit, err)
	}
	return nil
}

// preReceive refuses what rules forbid. STANDIN_RULES has a line for each: the pattern, and 1 or 0 for whether this user may
// push, and whether with force; of several rules each one that allows something counts. The words are GitLab's.
const preReceive = `#!/bin/sh
zero=` + noCommit + `
refuse() { echo "GitLab: $1" >&2; exit 1; }
while read -r old new ref; do
	case "$ref" in refs/heads/*) ;; *) continue ;; esac
	branch=${ref#refs/heads/}
	if [ "$branch" = "$STANDIN_DEFAULT" ] && [ "$new" = "$zero" ]; then
		refuse "The default branch of a project cannot be deleted."
	fi
	protected=0 push=0 force=0
	while read -r pattern may may_force; do
		[ -n "$pattern" ] || continue
		case "$branch" in $pattern)
			protected=1
			[ "$may" = 1 ] && push=1
			[ "$may_force" = 1 ] && force=1
		esac
	done <<EOF
$STANDIN_RULES
EOF
	[ $protected = 1 ] || continue
	[ "$new" != "$zero" ] || refuse "You can only delete protected branches using the web interface."
	if [ "$old" != "$zero" ] && [ $force = 0 ] && ! git merge-base --is-ancestor "$old" "$new"; then
		refuse "You are not allowed to force push code to a protected branch on this project."
	fi
	[ $push = 1 ] || refuse "You are not allowed to push code to protected branches on this project."
done
`

// environ is what git is run with: nothing of the user's own settings.
func (r *repository) environ(more ...string) []string {
	return append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + r.root, "LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull,
		"GIT_TERMINAL_PROMPT=0",
	}, more...)
}

func (r *repository) git(args ...string) (string, error) { return r.gitWith(nil, args...) }

func (r *repository) gitWith(env []string, args ...string) (string, error) {
	cmd := exec.Command(r.program, args...)
	cmd.Dir, cmd.Env = r.dir, r.environ(env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(errs.String()))
	}
	return out.String(), nil
}

// branches gives the commit of each branch.
func (r *repository) branches() (map[string]string, error) {
	out, err := r.git("for-each-ref", "--format=%(objectname) %(refname)", "refs/heads/")
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for line := range strings.Lines(out) {
		sha, ref, _ := strings.Cut(strings.TrimSpace(line), " ")
		all[strings.TrimPrefix(ref, "refs/heads/")] = sha
	}
	return all, nil
}

// commit is one of the repository's.
type commit struct {
	sha, parents, message           string
	author, authorMail, authored    string
	committer, committerMail, given string
}

func (m commit) title() string {
	title, _, _ := strings.Cut(m.message, "\n")
	return title
}

// between gives the commits of head that base has not, newest first.
func (r *repository) between(base, head string) ([]commit, error) {
	const format = "--format=%H%x1f%P%x1f%an%x1f%ae%x1f%aI%x1f%cn%x1f%ce%x1f%cI%x1f%B%x1e"
	out, err := r.git("log", format, head, "^"+base, "--")
	if err != nil {
		return nil, err
	}
	var all []commit
	for record := range strings.SplitSeq(out, "\x1e") {
		f := strings.Split(strings.TrimPrefix(record, "\n"), "\x1f")
		if len(f) != 9 {
			continue
		}
		all = append(all, commit{
			sha: f[0], parents: f[1], author: f[2], authorMail: f[3], authored: f[4], committer: f[5], committerMail: f[6], given: f[7],
			message: strings.TrimSuffix(f[8], "\n"),
		})
	}
	return all, nil
}

func (r *repository) mergeBase(a, b string) (string, error) {
	out, err := r.git("merge-base", a, b)
	return strings.TrimSpace(out), err
}

// mergedTree gives the tree of both merged; clean is false when git cannot.
func (r *repository) mergedTree(target, source string) (tree string, clean bool, err error) {
	out, err := r.git("merge-tree", "--write-tree", "--no-messages", target, source)
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 1 {
		return "", false, nil
	}
	return strings.TrimSpace(out), err == nil, err
}

// mergeCommit makes a merge commit, on no branch yet.
func (r *repository) mergeCommit(tree, target, source, message string, by *User, at time.Time) (string, error) {
	out, err := r.gitWith(by.identity(at), "commit-tree", tree, "-p", target, "-p", source, "-m", message)
	return strings.TrimSpace(out), err
}

// setRef moves a ref from one commit to another, or not at all. The empty commit is none.
func (r *repository) setRef(ref, to, from string) error {
	if to == "" {
		_, err := r.git("update-ref", "-d", ref, from)
		return err
	}
	if from == "" {
		from = noCommit
	}
	_, err := r.git("update-ref", ref, to, from)
	return err
}

// mergedInto lists the numbers of the merge requests whose head a commit has.
func (r *repository) mergedInto(sha string) (map[string]bool, error) {
	out, err := r.git("for-each-ref", "--merged="+sha, "--format=%(refname)", "refs/merge-requests/")
	if err != nil {
		return nil, err
	}
	all := map[string]bool{}
	for line := range strings.Lines(out) {
		all[strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "refs/merge-requests/"), "/head")] = true
	}
	return all, nil
}

// broughtIn gives the merge commit by which a branch came to have a commit; empty when there is none.
func (r *repository) broughtIn(sha, branch string) (string, error) {
	out, err := r.git("rev-list", "--ancestry-path", "--merges", "--reverse", sha+".."+branch)
	first, _, _ := strings.Cut(out, "\n")
	return first, err
}

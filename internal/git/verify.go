package git

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// Signed is a commit as its signature covers it.
type Signed struct {
	Hash      string
	Parents   []string
	When      time.Time // of the committer
	Message   string
	Text      []byte // what the signature covers
	Signature string // with its armour; empty when the commit is not signed
}

// ErrOddCommit: a commit has another form than git gives it, so that programs may read it differently.
var ErrOddCommit = errors.New("the commit has an odd form")

// SignedCommit reads a commit from its bytes. It is strict, because what is verified must be what everybody reads: a header
// that git does not write, or one twice, is ErrOddCommit.
func (r *Repository) SignedCommit(revision string) (*Signed, error) {
	commit, err := r.commit(revision)
	if err != nil {
		return nil, err
	}
	raw, err := r.raw(commit.Hash)
	if err != nil {
		return nil, fmt.Errorf("read the commit %s: %w", commit.Hash, err)
	}
	s, err := parseSigned(raw)
	if err != nil {
		return nil, fmt.Errorf("read the commit %s: %w", commit.Hash, err)
	}
	s.Hash = commit.Hash.String()
	return s, nil
}

func (r *Repository) raw(hash plumbing.Hash) ([]byte, error) {
	stored, err := r.repo.Storer.EncodedObject(plumbing.CommitObject, hash)
	if err != nil {
		return nil, err
	}
	reader, err := stored.Reader()
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(reader)
	return raw, errors.Join(err, reader.Close())
}

// header is the one form of a commit's header, of which the groups are the parents, the committer's seconds and the signature.
var header = regexp.MustCompile(`\A(tree [0-9a-f]{40}\n((?:parent [0-9a-f]{40}\n)*)author [^\n]+\ncommitter [^\n]*> ([0-9]{1,12}) [+-][0-9]{4}\n(?:encoding [^\n]+\n)?)(?:gpgsig ([^\n]+\n(?: [^\n]*\n)*))?\z`)

func parseSigned(raw []byte) (*Signed, error) {
	head, message, ok := bytes.Cut(raw, []byte("\n\n"))
	if !ok {
		return nil, ErrOddCommit
	}
	parts := header.FindSubmatch(append(bytes.Clone(head), '\n'))
	if parts == nil || bytes.ContainsRune(raw, 0) {
		return nil, ErrOddCommit
	}
	seconds, err := strconv.ParseInt(string(parts[3]), 10, 64)
	if err != nil {
		return nil, ErrOddCommit
	}
	s := &Signed{When: time.Unix(seconds, 0), Message: string(message)}
	for line := range strings.Lines(string(parts[2])) {
		s.Parents = append(s.Parents, strings.TrimSpace(strings.TrimPrefix(line, "parent ")))
	}
	s.Signature = strings.ReplaceAll(string(parts[4]), "\n ", "\n")
	s.Text = append(append(bytes.Clone(parts[1]), '\n'), message...)
	return s, nil
}

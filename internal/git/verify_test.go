package git

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"orgit.dk/orgit/internal/sshsig"
)

// signing makes a key in a file, and a file of allowed signers that names it.
func signing(t *testing.T) (key *sshsig.Key, keyFile, allowedFile string, allowed *sshsig.AllowedSigners) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(block)
	if key, err = sshsig.ParseKey(text, nil, sshsig.Git, rand.Reader); err != nil {
		t.Fatal(err)
	}
	public, err := ssh.NewPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	line := append([]byte("orgit@korsbaek.example "), ssh.MarshalAuthorizedKey(public)...)
	if allowed, err = sshsig.ParseAllowedSigners(line, time.UTC); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	keyFile, allowedFile = filepath.Join(dir, "key"), filepath.Join(dir, "allowed")
	if err := errors.Join(os.WriteFile(keyFile, text, 0o600), os.WriteFile(keyFile+".pub", ssh.MarshalAuthorizedKey(public), 0o600),
		os.WriteFile(allowedFile, line, 0o600)); err != nil {
		t.Fatal(err)
	}
	return key, keyFile, allowedFile, allowed
}

func program(t *testing.T, r *Repository, stdin string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Stdin = r.root, strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func needsGit(t *testing.T) {
	t.Helper()
	for _, name := range []string{"git", "ssh-keygen"} {
		if _, err := exec.LookPath(name); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatal(name + " is not installed")
			}
			t.Skip("skipped: " + name + " is not installed")
		}
	}
}

// TestGitVerifiesOurs: git takes a commit that is signed here.
func TestGitVerifiesOurs(t *testing.T) {
	needsGit(t)
	r := newRepository(t, map[string]string{"a.cue": "a"})
	commit(t, r, "first")
	key, _, allowedFile, allowed := signing(t)
	made, err := r.CommitFiles("main", map[string][]byte{"b.cue": []byte("b")}, Commit{
		Message: "Æblegrød\n\nOrgit-Plan: x\n", Author: Author{"Åse", "aase@korsbaek.example"}, When: when, Signer: key,
	})
	if err != nil {
		t.Fatal(err)
	}
	if out, err := program(t, r, "", "-c", "gpg.ssh.allowedSignersFile="+allowedFile, "verify-commit", made); err != nil || !strings.Contains(out, "Good") {
		t.Errorf("git says %s, %v", out, err)
	}
	s, err := r.SignedCommit(made)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := allowed.Verify(s.Text, s.Signature, sshsig.Git, s.When); err != nil {
		t.Error(err)
	}
	if !s.When.Equal(when) || len(s.Parents) != 1 || !strings.HasPrefix(s.Message, "Æblegrød") {
		t.Errorf("it reads %+v", s)
	}
}

// TestGitsAreVerified: a commit that git has signed is taken, and not once anything in it is altered.
func TestGitsAreVerified(t *testing.T) {
	needsGit(t)
	r := newRepository(t, map[string]string{"a.cue": "a"})
	commit(t, r, "first")
	_, keyFile, _, allowed := signing(t)
	if out, err := program(t, r, "", "-c", "user.name=x", "-c", "user.email=x@example.dk", "-c", "gpg.format=ssh", "-c", "user.signingkey="+keyFile,
		"commit", "--allow-empty", "-S", "-m", "signed by git"); err != nil {
		t.Fatal(out, err)
	}
	s, err := r.SignedCommit("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := allowed.Verify(s.Text, s.Signature, sshsig.Git, s.When); err != nil {
		t.Error(err)
	}
	raw, err := program(t, r, "", "cat-file", "commit", "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	for name, alter := range map[string]string{"the message": "signed by Git", "the author": "author y <x@", "the tree": "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904"} {
		from := map[string]string{"the message": "signed by git", "the author": "author x <x@", "the tree": raw[:45]}[name]
		altered, err := program(t, r, strings.Replace(raw, from, alter, 1)+"\n", "hash-object", "-t", "commit", "-w", "--stdin")
		if err != nil {
			t.Fatal(altered, err)
		}
		if s, err = r.SignedCommit(altered); err != nil {
			t.Fatal(err)
		}
		if _, err := allowed.Verify(s.Text, s.Signature, sshsig.Git, s.When); !errors.Is(err, sshsig.ErrBad) {
			t.Errorf("with %s altered: %v", name, err)
		}
	}
}

// TestOddCommits: a commit that two programs could read differently is refused, signed or not.
func TestOddCommits(t *testing.T) {
	const tree, parent = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n", "parent 0123456789012345678901234567890123456789\n"
	const people = "author a <a@b> 1700000000 +0100\ncommitter a <a@b> 1700000000 +0100\n"
	for name, raw := range map[string]string{
		"two trees":              tree + tree + people + "\nx",
		"a parent after":         tree + people + parent + "\nx",
		"two signatures":         tree + people + "gpgsig a\n b\ngpgsig c\n\nx",
		"an unknown header":      tree + people + "odd x\n\nx",
		"a header after":         tree + people + "gpgsig a\n b\nodd x\n\nx",
		"another signature kind": tree + people + "gpgsig-sha256 a\n\nx",
		"a zero byte":            tree + people + "\nx\x00y",
		"no message":             tree + people,
		"no committer":           tree + "author a <a@b> 1700000000 +0100\n\nx",
		"a date that is none":    tree + "author a <a@b> 1 +0100\ncommitter a <a@b> -1 +0100\n\nx",
	} {
		if s, err := parseSigned([]byte(raw)); !errors.Is(err, ErrOddCommit) {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
	s, err := parseSigned([]byte(tree + parent + parent + people + "gpgsig a\n b\n \n c\n\nx\n\ny"))
	if err != nil || len(s.Parents) != 2 || s.Signature != "a\nb\n\nc\n" || string(s.Text) != tree+parent+parent+people+"\nx\n\ny" {
		t.Errorf("an ordinary one: %+v, %v", s, err)
	}
}

// TestContains: a commit contains itself and what came before it.
func TestContains(t *testing.T) {
	r := newRepository(t, map[string]string{"a.cue": "a"})
	commit(t, r, "first")
	first := resolve(t, r, "main")
	one, other := compose(t, r, first, "a.cue", "one"), compose(t, r, first, "a.cue", "other")
	for _, tt := range []struct {
		revision, earlier string
		want              bool
	}{{first, first, true}, {one, first, true}, {first, one, false}, {one, other, false}} {
		if got, err := r.Contains(tt.revision, tt.earlier); err != nil || got != tt.want {
			t.Errorf("%.4s contains %.4s: %v, %v", tt.revision, tt.earlier, got, err)
		}
	}
	if _, err := r.Contains(one, "0123456789012345678901234567890123456789"); !errors.Is(err, ErrNoRevision) {
		t.Errorf("a commit that is not here: %v", err)
	}
}

// FuzzParseSigned: what is taken apart is put together again the same.
func FuzzParseSigned(f *testing.F) {
	f.Add("tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\ngpgsig a\n b\n\nx")
	f.Fuzz(func(t *testing.T, raw string) {
		s, err := parseSigned([]byte(raw))
		if err != nil {
			return
		}
		signature := ""
		if s.Signature != "" {
			lines := strings.Split(strings.TrimSuffix(s.Signature, "\n"), "\n")
			signature = "gpgsig " + strings.Join(lines, "\n ") + "\n"
		}
		head, message, _ := strings.Cut(string(s.Text), "\n\n")
		if got := head + "\n" + signature + "\n" + message; got != raw {
			t.Errorf("%q becomes %q", raw, got)
		}
	})
}

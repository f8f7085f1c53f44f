package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"os/exec"
	"path/filepath"
	"strings"

	gogit "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/crypto/ssh"

	"orgit.dk/orgit/apply/serverlock"
	"orgit.dk/orgit/internal/git"
)

// cmdServed makes a server for a repository, server.git, which has its branch main, and a key that evidence is signed with: served DIR.
func cmdServed(ts *testscript.TestScript, _ bool, args []string) {
	bare := ts.MkAbs("server.git")
	_, err := gogit.PlainInit(bare, true)
	ts.Check(err)
	repo, err := gogit.PlainOpen(ts.MkAbs(args[0]))
	ts.Check(err)
	_, err = repo.CreateRemote(&config.RemoteConfig{Name: "origin", URLs: []string{"file://" + bare}})
	ts.Check(err)
	cmdPublish(ts, false, args)
	ts.Setenv("ORGIT_EVIDENCE", "branch")
	ts.Setenv("ORGIT_APPROVAL", "branch") // nobody is asked who approved what
	evidenceKey(ts)
}

// evidenceKey makes the key that evidence is signed with.
func evidenceKey(ts *testscript.TestScript) {
	private, public := newSSHKey(ts)
	ts.Setenv("ORGIT_SIGNING_KEY_FILE", secretFile(ts, ".signing-key", private))
	ts.Setenv("ORGIT_ALLOWED_SIGNERS_FILE", secretFile(ts, ".allowed-signers", []byte("orgit@korsbaek.example namespaces=\"git\" "+public)))
}

func newSSHKey(ts *testscript.TestScript) (private []byte, public string) {
	key, secret, err := ed25519.GenerateKey(rand.Reader)
	ts.Check(err)
	block, err := ssh.MarshalPrivateKey(secret, "")
	ts.Check(err)
	wrapped, err := ssh.NewPublicKey(key)
	ts.Check(err)
	return pem.EncodeToMemory(block), string(ssh.MarshalAuthorizedKey(wrapped))
}

// cmdPublish pushes a repository's main to its server: publish DIR.
func cmdPublish(ts *testscript.TestScript, _ bool, args []string) {
	repo, err := git.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	refs, err := repo.ServerRefs(context.Background(), git.Login{})
	ts.Check(err)
	main, err := repo.Resolve("refs/heads/main")
	ts.Check(err)
	ts.Check(repo.Push(context.Background(), git.Login{}, git.Update{Ref: "refs/heads/main", Old: refs["refs/heads/main"], New: main}))
}

// cmdClone clones the server: clone DIR.
func cmdClone(ts *testscript.TestScript, _ bool, args []string) {
	_, err := gogit.PlainClone(ts.MkAbs(args[0]), false, &gogit.CloneOptions{URL: "file://" + ts.MkAbs("server.git"), ReferenceName: "refs/heads/main"})
	ts.Check(err)
}

// cmdHolder puts the id of the lock on the server into LOCK.
func cmdHolder(ts *testscript.TestScript, _ bool, _ []string) {
	cmd := exec.Command("git", "show", "refs/orgit/lock:lock.json")
	cmd.Dir = ts.MkAbs("server.git")
	text, err := cmd.Output()
	ts.Check(err)
	var h serverlock.Holder
	ts.Check(json.Unmarshal(text, &h))
	ts.Setenv("LOCK", h.ID)
}

// cmdRef moves a reference of the server, as somebody does who may: ref NAME REVISION, or ref NAME for taking it away. UNSIGNED stands for a new
// commit on top of applied that nobody has signed.
func cmdRef(ts *testscript.TestScript, _ bool, args []string) {
	run := func(args ...string) string {
		cmd := exec.Command("git", append([]string{"-c", "user.name=x", "-c", "user.email=x@y"}, args...)...)
		cmd.Dir = filepath.Join(ts.MkAbs("server.git"))
		out, err := cmd.CombinedOutput()
		if err != nil {
			ts.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	switch {
	case len(args) == 1:
		run("update-ref", "-d", args[0])
	case args[1] == "UNSIGNED":
		run("update-ref", args[0], run("commit-tree", "-p", "applied", "-m", "Applied", "applied^{tree}"))
	default:
		run("update-ref", args[0], args[1])
	}
}

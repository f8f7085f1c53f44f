package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/pem"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"strings"

	"golang.org/x/crypto/ssh"

	"orgit.dk/orgit/apply/ledger"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/gitlab/gitlabtest"
)

// The people of the demonstration. HR proposes, and is not in the working group; the working group is that of the sample's
// review rules.
var (
	demoHR    = gitlabtest.User{Username: "hanne", Name: "Hanne Lind", Email: "hanne@korsbaek.example", Level: gitlabtest.Developer}
	demoGroup = []gitlabtest.User{
		{Username: "lone", Name: "Lone Winther", Level: gitlabtest.Developer},
		{Username: "per", Name: "Per Dalgaard", Level: gitlabtest.Developer},
		{Username: "ida", Name: "Ida Bach", Level: gitlabtest.Developer},
	}
)

// startGitLab starts a GitLab with its people; without the program git there is none, and that is no error.
func (d *demo) startGitLab() error {
	server, err := gitlabtest.Start(gitlabtest.Options{Clock: d.env.now})
	if errors.Is(err, gitlabtest.ErrNoGit) {
		return nil
	}
	if err != nil {
		return err
	}
	d.gitlab = server
	for _, u := range append([]gitlabtest.User{demoHR}, demoGroup...) {
		if _, err := server.AddUser(u); err != nil {
			return fmt.Errorf("prepare the stand-in for GitLab: %w", err)
		}
	}
	bot, err := server.AddBot("orgit", gitlabtest.Maintainer)
	if err != nil {
		return fmt.Errorf("prepare the stand-in for GitLab: %w", err)
	}
	d.bot = bot.Username
	d.env.random = mathrand.NewChaCha8(sha256.Sum256([]byte("orgit demo"))) // the same keys and branches each time
	return d.signing()
}

// signing makes a key to throw away, for the signed records of what is applied.
func (d *demo) signing() error {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("make a key to sign with: %w", err)
	}
	block, err := ssh.MarshalPrivateKey(private, "orgit demo")
	if err != nil {
		return fmt.Errorf("make a key to sign with: %w", err)
	}
	key, err := d.write("signing-key", pem.EncodeToMemory(block))
	if err != nil {
		return err
	}
	half, err := ssh.NewPublicKey(public)
	if err != nil {
		return fmt.Errorf("make a key to sign with: %w", err)
	}
	line := append([]byte(`orgit@korsbaek.example namespaces="git" `), ssh.MarshalAuthorizedKey(half)...)
	signers, err := d.write("allowed-signers", line)
	if err != nil {
		return err
	}
	d.env = d.env.with(map[string]string{
		"ORGIT_EVIDENCE": "branch", "ORGIT_SIGNING_KEY_FILE": key, "ORGIT_ALLOWED_SIGNERS_FILE": signers,
	})
	return nil
}

// as is the environment of somebody who comes to GitLab as a user.
func (d *demo) as(username string, more map[string]string) environment {
	env := d.env.with(map[string]string{
		"ORGIT_GITLAB_URL": d.gitlab.URL(), "ORGIT_GITLAB_PROJECT": d.gitlab.Project(), "ORGIT_GITLAB_TOKEN": d.gitlab.Token(username),
	})
	return env.with(more).withGitLab()
}

// hr is HR's own environment: it has no login to any system but GitLab.
func (d *demo) hr() environment {
	return d.as(demoHR.Username, map[string]string{"GIT_AUTHOR_NAME": demoHR.Name, "GIT_AUTHOR_EMAIL": demoHR.Email})
}

// pipeline is the environment of the jobs that GitLab runs; without a GitLab, that of the demonstration.
func (d *demo) pipeline(more map[string]string) environment {
	if d.gitlab == nil {
		return d.env.with(more)
	}
	env := d.as(d.bot, map[string]string{"ORGIT_TRUSTED_COMMIT": d.trusted, "ORGIT_OPERATOR": "orgit"})
	return env.with(more).withGitLab()
}

// publish brings the repository to GitLab, where nobody but orgit may write to main.
func (d *demo) publish() (err error) {
	if d.trusted, err = d.repo.Resolve("main"); err != nil {
		return err
	}
	if err := d.gitlab.Seed(d.dir); err != nil {
		return err
	}
	d.gitlab.Protect(gitlabtest.Rule{Name: ledger.Branch, Push: gitlabtest.Maintainer, Merge: gitlabtest.NoAccess})
	return d.runGit("remote", "add", "origin", d.gitlab.GitURL(""))
}

// checkout takes a branch from GitLab into the folder, as a pipeline does.
func (d *demo) checkout(ctx context.Context, branch string) error {
	login, err := serverLogin(d.pipeline(nil))
	if err != nil {
		return err
	}
	if err := d.repo.Fetch(ctx, login, branch); err != nil {
		return err
	}
	remote := "refs/remotes/origin/" + branch
	_, err = d.repo.Resolve("refs/heads/" + branch)
	switch {
	case errors.Is(err, git.ErrNoRevision):
		err = d.repo.CreateBranch(branch, remote)
	case err == nil:
		err = d.repo.FastForward(branch, remote)
	}
	if err != nil {
		return err
	}
	return d.repo.Checkout(branch)
}

// runGit runs the program git in the repository, with nothing of the user's own settings.
func (d *demo) runGit(args ...string) error {
	cmd := exec.Command("git", append([]string{"-C", d.dir}, args...)...)
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "GIT_") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Env = append(cmd.Env, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "LC_ALL=C")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("git %s: %w: %s", args[0], err, bytes.TrimSpace(out))
	}
	return nil
}

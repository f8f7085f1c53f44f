package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"orgit.dk/orgit/apply/ledger"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/sshsig"
)

// keepsOnServer reports whether evidence, mark and lock are kept on the server. The environment decides, never the files: a proposal
// must not choose what its plan is compared with.
func keepsOnServer(env environment) (bool, error) {
	switch where := env.getenv("ORGIT_EVIDENCE"); where {
	case "", "local":
		return false, nil
	case "branch":
		return true, nil
	default:
		return false, invalidInput(fmt.Errorf("ORGIT_EVIDENCE is %q", where),
			"branch keeps the evidence on the server's branch applied; local, or nothing, keeps the mark in this clone")
	}
}

// serverLogin is how to log in to the git server: with a token, whose user does not matter to GitLab. None is no error: the
// address of origin may have a login of its own, or need none.
func serverLogin(env environment) (git.Login, error) {
	var l git.Login
	for _, name := range []string{"ORGIT_PUSH_TOKEN", "ORGIT_GITLAB_TOKEN"} {
		token, err := secret(env, name)
		if err != nil {
			return l, err
		}
		if token = bytes.TrimSpace(token); len(token) > 0 {
			l.User, l.Password = "orgit", string(token)
			break
		}
	}
	for _, name := range []string{"ORGIT_GITLAB_CA_FILE", "CI_SERVER_TLS_CA_FILE"} {
		file := env.getenv(name)
		if file == "" {
			continue
		}
		var err error
		if l.CA, err = os.ReadFile(file); err != nil {
			return l, invalidInput(fmt.Errorf("read the authorities (%s): %w", name, err), "")
		}
		break
	}
	return l, nil
}

// secret reads what NAME_FILE names, or else NAME itself; nil where neither is set.
func secret(env environment, name string) ([]byte, error) {
	if file := env.getenv(name + "_FILE"); file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, invalidInput(fmt.Errorf("%s_FILE: %w", name, err), "")
		}
		return bytes.TrimRight(text, "\r\n"), nil
	}
	if text := env.getenv(name); text != "" {
		return []byte(text), nil
	}
	return nil, nil
}

// openLedger makes the ledger of a clone's server. It does not ask the server anything yet.
func openLedger(env environment, dir string) (*ledger.Ledger, error) {
	repo, err := openRepository(dir)
	if err != nil {
		return nil, err
	}
	private, err := privateFolder(dir)
	if err != nil {
		return nil, err
	}
	c := ledger.Config{
		Repository: repo, Folder: filepath.Join(private, "evidence"), Author: author(env), Now: env.now, Tool: version, Job: env.getenv("CI_JOB_URL"),
	}
	c.CheckpointFolder = env.getenv("ORGIT_EVIDENCE_FOLDER")
	if c.Login, err = serverLogin(env); err != nil {
		return nil, err
	}
	if c.Signers, err = allowedSigners(env); err != nil {
		return nil, err
	}
	if c.Key, err = signingKey(env); err != nil {
		return nil, err
	}
	return ledger.Open(c), nil
}

func allowedSigners(env environment) (*sshsig.AllowedSigners, error) {
	const name = "ORGIT_ALLOWED_SIGNERS_FILE"
	file := env.getenv(name)
	if file == "" {
		return nil, invalidInput(errors.New("it is not known whose signatures count: "+name+" is not set"),
			"name a file with the public key that orgit signs with, in git's form of allowed signers; it must not come from the repository")
	}
	return signersIn(name, file)
}

// signersIn reads a file of allowed signers that a variable names.
func signersIn(variable, file string) (*sshsig.AllowedSigners, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, invalidInput(fmt.Errorf("%s: %w", variable, err), "")
	}
	list, err := sshsig.ParseAllowedSigners(text, time.Local)
	if err != nil {
		return nil, invalidInput(fmt.Errorf("%s: %s: %w", variable, file, err), "see ALLOWED SIGNERS in ssh-keygen(1)")
	}
	return list, nil
}

// signingKey is the key that records are signed with; nil where none is named.
func signingKey(env environment) (*sshsig.Key, error) { return sshKey(env, "ORGIT_SIGNING_KEY") }

// sshKey is the key in the file that a variable, NAME_FILE, names; nil where it names none.
func sshKey(env environment, variable string) (*sshsig.Key, error) {
	name := variable + "_FILE"
	file := env.getenv(name)
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, invalidInput(fmt.Errorf("%s: %w", name, err), "")
	}
	passphrase, err := secret(env, variable+"_PASSPHRASE")
	if err != nil {
		return nil, err
	}
	key, err := sshsig.ParseKey(text, passphrase, sshsig.Git, rand.Reader)
	if errors.Is(err, sshsig.ErrPassphrase) {
		return nil, invalidInput(fmt.Errorf("%s: %w", name, err), "name a file with the passphrase in "+variable+"_PASSPHRASE_FILE")
	}
	if err != nil {
		return nil, invalidInput(fmt.Errorf("%s: %w", name, err), "make one with ssh-keygen -t ed25519")
	}
	return key, nil
}

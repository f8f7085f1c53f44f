package ad

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"filippo.io/age"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// Passwords makes first passwords and hands them over. Several writers may share it.
type Passwords struct {
	domain   Domain
	length   int
	settings *org.ADPasswords
	to       map[plan.ID]recipient
	run      CommandRunner

	mutex    sync.Mutex
	random   io.Reader
	outcomes map[plan.ID]HandOver
}

// CommandRunner runs a program with a text on its standard input. What the program prints
// must be thrown away, and must not be in the error: it may repeat what it was given.
type CommandRunner func(ctx context.Context, argv []string, stdin []byte) error

// HandOver is how a password was handed over.
type HandOver string

// The ways.
const (
	HandedToCommand HandOver = "command"
	HandedToFile    HandOver = "file"
	// ReplacedFile: there was a file already, of a password that was never in use.
	ReplacedFile HandOver = "replaced"
)

// recipient is who gets to know an account's password, as keys of the files.
type recipient struct {
	Account  org.UUID `json:"account"`
	Login    string   `json:"login"`
	Person   string   `json:"person"`
	Unit     string   `json:"unit,omitempty"`
	Leader   string   `json:"leader,omitempty"`
	FirstDay org.Day  `json:"firstDay"`

	name string // of the leader, for the plan
}

// handed is the line that is handed over.
type handed struct {
	recipient
	Password string `json:"password"`
}

// NewPasswords prepares the first passwords that the organisation asks for on a day; nil
// when it asks for none. o must be the approved organisation: a proposal must not choose
// who gets passwords, or which program runs.
func (x Domain) NewPasswords(o *org.Organisation, day org.Day, random io.Reader, run CommandRunner) (*Passwords, error) {
	s := x.Settings(o)
	if s == nil || s.Passwords == nil {
		return nil, nil
	}
	if err := x.checkPasswords(s.Passwords); err != nil {
		return nil, err
	}
	d, err := x.newDesired(o, day)
	if err != nil {
		return nil, err
	}
	p := &Passwords{
		domain: x, length: s.Passwords.Length, settings: s.Passwords, run: run, random: random,
		to: map[plan.ID]recipient{}, outcomes: map[plan.ID]HandOver{},
	}
	for _, a := range d.accounts() {
		p.to[a.id] = d.recipientOf(a)
	}
	return p, nil
}

// Outcome is how an account's password was handed over in this run; empty when none was.
func (p *Passwords) Outcome(account org.UUID) HandOver {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.outcomes[plan.ID{Kind: KindUser, UUID: account}]
}

// checkPasswords finds what in the settings about passwords cannot be followed.
func (x Domain) checkPasswords(s *org.ADPasswords) error {
	at := x.setting() + ".passwords"
	switch {
	case len(s.Command) == 0 && s.Folder == "":
		return errors.New(at + ": nobody would get to know the passwords; give a command, or a folder with recipients")
	case len(s.Command) > 0 && s.Folder != "":
		return errors.New(at + ": give a command or a folder, not both: a password is handed over once")
	case len(s.Command) > 0 && filepath.Base(s.Command[0]) != s.Command[0] && !filepath.IsAbs(s.Command[0]):
		// What is checked out here need not be what is approved.
		return fmt.Errorf("%s.command: %s depends on where orgit is started; give the whole path", at, s.Command[0])
	case s.Folder != "" && !filepath.IsAbs(s.Folder):
		return fmt.Errorf("%s.folder: %s depends on where orgit is started; give the whole path", at, s.Folder)
	case s.Folder != "" && len(s.Recipients) == 0 && s.Fallback == "":
		return errors.New(at + ": a folder needs recipients, or a fallback: the keys that the files are encrypted to")
	}
	for leader, key := range s.Recipients {
		if _, err := age.ParseX25519Recipient(key); err != nil {
			return fmt.Errorf("%s.recipients.%s: it is no public key of age (age1…)", at, leader)
		}
	}
	if s.Fallback != "" {
		if _, err := age.ParseX25519Recipient(s.Fallback); err != nil {
			return errors.New(at + ".fallback: it is no public key of age (age1…)")
		}
	}
	return nil
}

// keyFor is the key that a leader's files are encrypted to; empty when there is none.
func keyFor(s *org.ADPasswords, leader string) string {
	if key := s.Recipients[leader]; key != "" {
		return key
	}
	return s.Fallback
}

// handOver gives the password to whom it is for. It is through when the command has ended
// well, or the file is on the disk.
func (p *Passwords) handOver(ctx context.Context, id plan.ID, password string) error {
	to, ok := p.to[id]
	if !ok {
		return errors.New("it is not known to whom: the account is not in the files")
	}
	line, err := json.Marshal(handed{to, password})
	if err != nil {
		return errors.New("the line to hand over cannot be made")
	}
	line = append(line, '\n')
	how := HandedToCommand
	if p.settings.Folder != "" {
		how, err = p.toFile(to, line)
	} else if err = p.run(ctx, slices.Clone(p.settings.Command), line); err != nil {
		err = fmt.Errorf("%s: %w", p.settings.Command[0], err)
	}
	if err != nil {
		return err
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.outcomes[id] = how
	return nil
}

// toFile writes the line into a file of the account's own, encrypted. A file that is there
// is that of an earlier try, or of an earlier account: its password does not work, so it
// is replaced, and that is told.
func (p *Passwords) toFile(to recipient, line []byte) (how HandOver, err error) {
	key, err := age.ParseX25519Recipient(keyFor(p.settings, to.Leader))
	if err != nil {
		return "", fmt.Errorf("neither the leader %s nor the fallback has a key in %s.passwords", to.Leader, p.domain.setting())
	}
	name := filepath.Join(p.settings.Folder, string(to.Account)+".age")
	how = HandedToFile
	if _, err := os.Lstat(name); err == nil {
		how = ReplacedFile
	}
	f, err := os.CreateTemp(p.settings.Folder, ".new-*.age") // readable by its owner alone
	if err != nil {
		return "", fmt.Errorf("write the file: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("write the file: %w", err), os.Remove(f.Name()))
		}
	}()
	w, err := age.Encrypt(f, key)
	if err == nil {
		_, err = w.Write(line)
		err = errors.Join(err, w.Close())
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", err
	}
	return how, os.Rename(f.Name(), name)
}

package ad

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/plan"
)

// passwordClasses are the characters of a first password: no two that look alike, and none
// that has to be written differently in JSON or in the address of a page.
func passwordClasses() []string {
	return []string{"abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-_."}
}

// errNoRandomness says that the source of randomness gives the same over and over.
var errNoRandomness = errors.New("the source of random numbers gives no usable password")

// newPassword makes a random password with at least one character of each class. Every
// such password is as likely as any other.
func newPassword(random io.Reader, length int) (string, error) {
	classes := passwordClasses()
	alphabet := strings.Join(classes, "")
	for range 1000 {
		password := make([]byte, length)
		for i := range password {
			n, err := below(random, len(alphabet))
			if err != nil {
				return "", fmt.Errorf("make a password: %w", err)
			}
			password[i] = alphabet[n]
		}
		if hasAll(string(password), classes) {
			return string(password), nil
		}
	}
	return "", errNoRandomness
}

func hasAll(password string, classes []string) bool {
	for _, class := range classes {
		if !strings.ContainsAny(password, class) {
			return false
		}
	}
	return true
}

// below gives a number from 0 up to n, which is at most 256, each as likely as the others.
func below(random io.Reader, n int) (int, error) {
	var b [1]byte
	for range 1000 {
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return 0, err
		}
		if fair := 256 / n * n; int(b[0]) < fair {
			return int(b[0]) % n, nil
		}
	}
	return 0, errNoRandomness
}

// quotedPassword is a password as the directory takes it: in quotes, in UTF-16 with the low byte
// first.
func quotedPassword(password string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(`"` + password + `"`)) {
		b.WriteByte(byte(unit))
		b.WriteByte(byte(unit >> 8))
	}
	return b.String()
}

// needsPassword reports whether the account is one that orgit made, that is still closed,
// and whose password nobody knows.
func (o *object) needsPassword() bool {
	return o.kind == KindUser && o.mark.first && o.disabled() && o.GetEqualFoldAttributeValue("pwdLastSet") == "0"
}

// passwordTries bounds how many passwords are tried: the directory may refuse one that
// happens to hold a part of the name.
const passwordTries = 3

// givePassword gives a new account its first password and hands it over, while the account
// is still closed. The mark says that this is under way until both are done: a run that
// ends in between leaves an account that the next one gives another password, so that
// none is ever in use that nobody got, and none is lost unseen.
func (w *Writer) givePassword(ctx context.Context, op plan.Operation, o *object) error {
	if op.Attr(attrPassword) == nil || !o.needsPassword() {
		return nil
	}
	if w.passwords == nil {
		return fmt.Errorf("the plan gives a first password, and this run hands none over: %s.passwords has changed; plan again", w.k.config.Domain.setting())
	}
	password, err := w.setPassword(ctx, o)
	if err != nil {
		return err
	}
	if err := w.passwords.handOver(ctx, op.Object, password); err != nil {
		return fmt.Errorf("the first password was set and could not be handed over, so nobody knows it; the account stays closed, "+
			"and the next run sets another one: %w", err)
	}
	goal := op.Attr(attrEnabled)
	if goal != nil && len(goal.New) == 1 && goal.New[0] == "true" {
		return nil // opening the account takes the mark away
	}
	done := o.mark
	done.first, done.attempt = false, ""
	if done.state == markNew {
		done.state = markDisabled
	}
	change := ldap.NewModifyRequest(o.handle(), nil)
	o.setMark(change, markAttribute(w.k.config.Anchor), done)
	return w.modify(ctx, change)
}

// setPassword sets a random password that has to be changed at the first login.
func (w *Writer) setPassword(ctx context.Context, o *object) (password string, err error) {
	for range passwordTries {
		if password, err = w.passwords.password(); err != nil {
			return "", err
		}
		under := o.mark
		if under.attempt, err = w.passwords.attempt(); err != nil {
			return "", err
		}
		before, marked := o.mark, o.marked
		change := ldap.NewModifyRequest(o.handle(), nil)
		o.setMark(change, markAttribute(w.k.config.Anchor), under)
		change.Replace("unicodePwd", []string{quotedPassword(password)})
		change.Replace("pwdLastSet", []string{"0"})
		err = w.modify(ctx, change)
		if err == nil {
			return password, nil
		}
		o.mark, o.marked = before, marked
		if !hasCode(err, ldap.LDAPResultUnwillingToPerform, ldap.LDAPResultConstraintViolation) {
			break
		}
	}
	if strings.Contains(err.Error(), password) { // what a directory says about a request is its own affair
		err = fmt.Errorf("%w: the directory does not take the password (result code %d)", ErrRefused, code(err))
	}
	return "", err
}

// attemptBytes is how many random bytes tell two tries apart.
const attemptBytes = 8

// password makes a password.
func (p *Passwords) password() (string, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return newPassword(p.random, p.length)
}

// attempt names a try.
func (p *Passwords) attempt() (string, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	var b [attemptBytes]byte
	if _, err := io.ReadFull(p.random, b[:]); err != nil {
		return "", fmt.Errorf("make a password: %w", err)
	}
	return hex.EncodeToString(b[:]), nil
}

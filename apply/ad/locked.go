package ad

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// Locker closes accounts at once. It has no other writing than the bit that disables an
// account and orgit's mark on it, and it never enables one.
type Locker struct{ w *Writer }

// OpenLocker connects for closing accounts, which takes somebody who may do that.
func OpenLocker(ctx context.Context, c Config, granted apply.Closing) (*Locker, error) {
	if granted == nil {
		return nil, apply.ErrNotAuthorised
	}
	k, err := connect(ctx, c, 1)
	if err != nil {
		return nil, err
	}
	return &Locker{newWriter(k)}, nil
}

// Close ends the connection.
func (l *Locker) Close() error { return l.w.Close() }

// LockState is what an account is after Lock or Lift.
type LockState string

// The states.
const (
	LockClosed    LockState = "closed"    // it was open, and is disabled and locked now
	LockHeld      LockState = "held"      // it was disabled already, and is not opened any more
	LockAlready   LockState = "already"   // it was locked or suspended before: nothing was written
	LockOutside   LockState = "outside"   // somebody outside orgit has disabled it: nothing was written
	LockMissing   LockState = "missing"   // there is no such account in the directory
	LockForeign   LockState = "foreign"   // its login name belongs to an object that is not orgit's
	LockProtected LockState = "protected" // the directory protects it as an administrator's; nothing was written
	LockLifted    LockState = "lifted"    // the lock is gone; a plan opens what was open before
	LockNone      LockState = "none"      // there is no lock to lift
)

// lockTries bounds how often somebody else may change the account in between.
const lockTries = 5

// Lock disables an account, finding it by its identity, and marks it so that no plan opens
// it. Doing it again changes nothing.
func (l *Locker) Lock(ctx context.Context, account org.UUID, login string) (LockState, error) {
	return l.change(ctx, account, login, lockOf)
}

// Lift takes a lock away, and what bars an account that was closed while it was locked or
// suspended. It opens nothing: the next plan does, when the files want the account open.
func (l *Locker) Lift(ctx context.Context, account org.UUID, login string) (LockState, error) {
	return l.change(ctx, account, login, liftOf)
}

// change reads the account and writes what becomes of it while it still is the one that
// was read; somebody who changes it in between only makes it read again.
func (l *Locker) change(ctx context.Context, account org.UUID, login string, next func(*object, org.Day) (mark, LockState)) (LockState, error) {
	id := plan.ID{Kind: KindUser, UUID: account}
	today, err := org.DayOf(l.w.k.config.Now())
	if err != nil {
		return "", err
	}
	var sent LockState // what a request asked for of which no answer came
	for try := 1; ; try++ {
		o, err := l.w.find(ctx, id)
		if err != nil {
			return "", l.w.k.config.Domain.explain(err)
		}
		if o == nil {
			return l.absent(ctx, login)
		}
		fresh, state := next(o, today)
		if state == LockAlready && sent != "" {
			return sent, nil
		}
		if (state == LockClosed || state == LockHeld) && o.GetEqualFoldAttributeValue("adminCount") == "1" {
			return LockProtected, nil
		}
		err = l.write(ctx, o, fresh, state)
		switch {
		case err == nil:
			return state, nil
		case isLost(err):
			sent = state
		}
		if try < lockTries && ctx.Err() == nil && (errors.Is(err, apply.ErrStale) || isLost(err)) {
			continue
		}
		return "", fmt.Errorf("%s: %w", id, l.w.k.config.Domain.explainWrite(err))
	}
}

// absent says whether an account that orgit does not have is there as somebody else's.
func (l *Locker) absent(ctx context.Context, login string) (LockState, error) {
	root, err := l.w.k.readOne(ctx, "", []string{"defaultNamingContext"})
	if err != nil {
		return "", fmt.Errorf("look for the login name %s: %w", login, l.w.k.config.Domain.explain(err))
	}
	if root == nil {
		return "", fmt.Errorf("look for the login name %s: %w", login, apply.ErrUnreachable)
	}
	found, err := l.w.k.search(ctx, ldap.NewSearchRequest(root.GetEqualFoldAttributeValue("defaultNamingContext"),
		ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false,
		"("+attrLogin+"="+ldap.EscapeFilter(login)+")", []string{"1.1"}, nil))
	switch {
	case err != nil:
		return "", fmt.Errorf("look for the login name %s: %w", login, l.w.k.config.Domain.explain(err))
	case len(found) > 0:
		return LockForeign, nil
	}
	return LockMissing, nil
}

func (l *Locker) write(ctx context.Context, o *object, fresh mark, state LockState) error {
	change := ldap.NewModifyRequest(o.handle(), nil)
	if state == LockClosed {
		swap(change, "userAccountControl", o.values("userAccountControl"), []string{strconv.FormatInt(o.uac()|uacDisabled, 10)})
	}
	o.setMark(change, markAttribute(l.w.k.config.Anchor), fresh)
	return l.w.modify(ctx, change)
}

// lockOf is the mark of an account that is locked on a day.
func lockOf(o *object, today org.Day) (mark, LockState) {
	m := o.mark
	switch {
	case !o.disabled() && m.state == markClosed: // somebody opened what orgit had closed
		m.barred = orDay(m.barred, today)
		return m, LockClosed
	case !o.disabled():
		return mark{state: markLocked, since: today, was: wasOpen, first: m.first, attempt: m.attempt}, LockClosed
	case o.disabledOutside():
		return m, LockOutside
	case m.state == markLocked, m.barred != "", m.suspended:
		return m, LockAlready
	case m.state == markClosed:
		m.barred = today
		return m, LockHeld
	}
	was := markDisabled
	if m.state == markNew || m.state == markLifted {
		was = wasOpen
	}
	return mark{state: markLocked, since: today, was: was, first: m.first, attempt: m.attempt}, LockHeld
}

// liftOf is the mark of an account whose lock is lifted.
func liftOf(o *object, _ org.Day) (mark, LockState) {
	m := o.mark
	switch {
	case m.state == markLocked && !o.disabled(): // somebody opened it by hand
		return mark{}, LockLifted
	case m.state == markLocked && m.was == wasOpen:
		return mark{state: markLifted, first: m.first, attempt: m.attempt}, LockLifted
	case m.state == markLocked:
		return mark{state: markDisabled, first: m.first, attempt: m.attempt}, LockLifted
	case m.barred != "":
		m.barred = ""
		return m, LockLifted
	}
	return m, LockNone
}

func orDay(day, otherwise org.Day) org.Day {
	if day != "" {
		return day
	}
	return otherwise
}

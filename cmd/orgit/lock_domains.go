package main

import (
	"context"
	"errors"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/org"
)

// locker is a connection to one domain, or why there is none.
type locker struct {
	locker *ad.Locker
	err    error
}

// open connects to every domain in which the person has an account. One that cannot be reached does not keep the accounts in
// the others open; an error means that none could be.
func (e *emergency) open(ctx context.Context, granted apply.Closing) (map[ad.Domain]locker, error) {
	lockers := map[ad.Domain]locker{}
	var failed error
	reached := false
	for _, a := range e.person.Accounts {
		domain := accountDomain(e.approved, a.At(e.day))
		if domain == nil {
			continue
		}
		if _, done := lockers[*domain]; done {
			continue
		}
		l, err := e.openOne(ctx, *domain, granted)
		lockers[*domain] = locker{l, err}
		failed, reached = errors.Join(failed, err), reached || err == nil
	}
	if failed != nil && !reached {
		return nil, failed
	}
	return lockers, nil
}

func (e *emergency) openOne(ctx context.Context, domain ad.Domain, granted apply.Closing) (*ad.Locker, error) {
	config, err := domain.ConfigFrom(domain.Settings(e.approved), e.env.getenv)
	if err != nil {
		return nil, configured(err)
	}
	config.Now = e.env.now
	return ad.OpenLocker(ctx, config, granted)
}

// accountDomain is the domain that an account belongs to; nil for that of another system.
func accountDomain(o *org.Organisation, a *org.Account) *ad.Domain {
	for _, domain := range ad.Domains(&o.Settings) {
		if domain.System() == a.System {
			return &domain
		}
	}
	return nil
}

func (e *emergency) act(ctx context.Context, in locker, a *org.Account) (ad.LockState, error) {
	switch {
	case in.err != nil:
		return "", in.err
	case e.opts.lift:
		return in.locker.Lift(ctx, a.UUID(), a.Name)
	}
	return in.locker.Lock(ctx, a.UUID(), a.Name)
}

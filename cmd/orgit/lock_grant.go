package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"orgit.dk/orgit/apply"
)

// grant asks whether whoever runs the command may close this person's accounts now.
func (e *emergency) grant(journal string) (apply.Closing, error) {
	guarded := e.approved.Settings.Safeguarded
	if !e.opts.lift && (slices.Contains(guarded.People, e.person.Key) || slices.Contains(guarded.UUIDs, e.person.UUID)) {
		return nil, withHint(fmt.Errorf("%w: %s stands in safeguarded of organisation.cue", errSafeguarded, e.person.Key),
			"close the account in the directory by hand, or change safeguarded")
	}
	locked, err := e.lockedRecently(journal)
	if err != nil {
		return nil, err
	}
	granted, err := apply.Emergency(e.approved.Settings.Review.Emergency, operator(e.env), locked)
	switch {
	case errors.Is(err, apply.ErrNotNamed):
		return nil, withHint(err, "ORGIT_OPERATOR says who you are, as review.emergency.people has it")
	case errors.Is(err, apply.ErrTooMany):
		return nil, withHint(err, "wait, or let somebody with rights in the directory do it there")
	}
	return granted, err
}

// operator is who runs the command, by the names that review has: GitLab's.
func operator(env environment) string {
	if name := env.getenv("ORGIT_OPERATOR"); name != "" {
		return name
	}
	return env.getenv("GITLAB_USER_LOGIN")
}

// lockedRecently counts the other people who were locked within the last hour. Lifting a
// lock is not counted.
func (e *emergency) lockedRecently(journal string) (int, error) {
	if e.opts.lift {
		return 0, nil
	}
	f, err := os.Open(journal)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the journal: %w", err)
	}
	locked, err := apply.LockedSince(f, e.env.now().Add(-time.Hour))
	if err = errors.Join(err, f.Close()); err != nil {
		return 0, err
	}
	delete(locked, e.person.UUID)
	return len(locked), nil
}

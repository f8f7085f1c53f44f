package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org"
)

// errOld: a register has said nothing for a long time, or something newer has been taken in already.
var errOld = errors.New("the register is old")

// oldest is how many days old what a register says may be. Payroll that has stopped sending leaves its last file where it was.
const oldest = 7

// timely refuses a register that says what was so long ago, what was so before something that has been taken in already, or what
// cannot be known yet.
func (i *importing) timely(ctx context.Context) error {
	x := i.x
	days := x.Day.DaysUntil(i.day)
	if days < -1 {
		return invalidInput(fmt.Errorf("what %s says is of %s, which is still to come", x.Name, x.Day), "look at the name of the file, and at the clock of this machine")
	}
	if i.opts.old {
		return nil
	}
	if days > oldest {
		return withHint(fmt.Errorf("%w: what %s says is of %s, %d days ago; nothing was taken from it", errOld, x.Name, x.Day, days),
			"see why nothing newer has come; --old takes it all the same")
	}
	newest, err := i.newestTaken(ctx)
	if err != nil {
		return fmt.Errorf("see what of %s was taken in already: %w", x.Name, err)
	}
	if newest > x.Day {
		return withHint(fmt.Errorf("%w: what %s says is of %s, and what it said on %s has been taken in already; nothing was taken from it", errOld, x.Name, x.Day, newest),
			"give the newest; --old takes this one all the same")
	}
	return nil
}

// aheadOfClock is how far before its day a register can be taken in, by the clocks of those who commit.
const aheadOfClock = 48 * time.Hour

// newestTaken is the newest day of which the register's word was merged or proposed, as far as that is after the day of this one;
// empty where nothing is. What is of a later day was committed later than this register's day, so older commits are not looked at.
func (i *importing) newestTaken(ctx context.Context) (newest org.Day, err error) {
	day, err := time.Parse(time.DateOnly, string(i.x.Day))
	if err != nil {
		return "", err
	}
	open, err := i.openImports(ctx)
	if err != nil {
		return "", err
	}
	history, err := i.repo.Since(day.Add(-aheadOfClock), append(open, i.provenance.Base)...)
	if err != nil {
		return "", err
	}
	for _, past := range history {
		// A day that is still to come is no register's: it would keep every other one out.
		if said := review.SourceDay(past.Message, i.x.Source); said <= i.day.Add(1) {
			newest = max(newest, said)
		}
	}
	return newest, nil
}

// openImports are the newest commits of the branches on which the register's word is proposed.
func (i *importing) openImports(ctx context.Context) (commits []string, err error) {
	var refs map[string]string
	if i.server {
		if refs, err = i.fetchProposals(ctx); err != nil {
			return nil, err
		}
	}
	list, err := i.repo.Branches(importBranches)
	if err != nil {
		return nil, err
	}
	for _, b := range list {
		isGone := refs != nil && b.Server && refs["refs/heads/"+b.Name] != b.Commit
		if review.ImportsFrom(b.Name, i.x.Source) && !isGone {
			commits = append(commits, b.Commit)
		}
	}
	return commits, nil
}

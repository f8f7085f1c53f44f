package main

import (
	"context"
	"fmt"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/plan"
)

// leaveRecord leaves the evidence of a lock on the server, where it is kept there. It comes last, and what fails undoes nothing: a lock must
// not wait for a server. Without a key, or when the server does not take it, the record is kept in this clone.
func (e *emergency) leaveRecord(ctx context.Context, done []lockedAccount) error {
	onServer, err := keepsOnServer(e.env)
	if err != nil || !onServer {
		return err
	}
	l, err := openLedger(e.env, e.opts.dir)
	if err != nil {
		return fmt.Errorf("leave a record of what was done: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), atTheEnd)
	defer cancel()
	_, err = l.Keep(ctx, nil, nil, e.evidence(done))
	return evidenceHint(err)
}

// evidence is the record of a lock, or of one that is lifted.
func (e *emergency) evidence(done []lockedAccount) apply.Record {
	r := apply.Record{
		Kind: apply.RecordLock, Run: string(newUUID()), Day: e.day, Commit: e.provenance.Base, By: operator(e.env), Person: e.person.UUID,
	}
	if e.opts.lift {
		r.Kind = apply.RecordLift
	}
	for _, a := range done {
		op := apply.OperationRecord{
			ID: a.target + "/" + string(ad.KindUser) + "/" + string(a.Account), Target: a.target,
			Object: plan.ID{Kind: ad.KindUser, UUID: a.Account}, Entry: e.person.Path(), Action: e.action, Outcome: apply.Done,
		}
		if a.failed() {
			op.Outcome = apply.Failed
		}
		r.Operations = append(r.Operations, op)
	}
	return r
}

package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ledger"
	"orgit.dk/orgit/org"
)

// proven is what the evidence says about an entry.
type proven struct {
	known     bool
	approvals map[string]apply.Approval // by commit
	done      []logEvent                // newest first
}

// evidence reads the records of the server, where they are kept there.
func (l *logging) evidence(ctx context.Context, dir string) (*proven, error) {
	found := &proven{approvals: map[string]apply.Approval{}}
	onServer, err := keepsOnServer(l.env)
	if err != nil || !onServer {
		return found, err
	}
	chain, err := openLedger(l.env, dir)
	if err != nil {
		return nil, err
	}
	found.known = true
	ended := map[string]bool{} // runs
	err = chain.VerifyAll(ctx, func(e *ledger.Entry) bool {
		for _, a := range e.Record.Approvals {
			found.approvals[a.Commit] = a
		}
		// A run that has an end says there what became of its operations; one that was cut says only what it was about to do.
		if e.Record.Kind != apply.RecordBegin || !ended[e.Record.Run] {
			found.done = append(found.done, l.doneIn(&e.Record)...)
		}
		ended[e.Record.Run] = true
		return true
	})
	return found, evidenceHint(err)
}

// doneIn gives what a record says was done about the entry.
func (l *logging) doneIn(r *apply.Record) []logEvent {
	var list []logEvent
	for i := range r.Operations {
		op := &r.Operations[i]
		if !l.concerns(op) {
			continue
		}
		list = append(list, logEvent{
			Type: "done", Time: cmp.Or(op.Time, r.Time), Target: op.Target, Object: op.Object.String(), Action: string(op.Action),
			Attributes: op.Attributes, Outcome: string(op.Outcome), By: r.By, Record: r.Sequence,
		})
	}
	slices.Reverse(list)
	return list
}

// concerns reports whether an operation comes from the entry, or is about an object with its UUID.
func (l *logging) concerns(op *apply.OperationRecord) bool {
	entry := string(l.hit.path())
	if rest, ok := strings.CutPrefix(string(op.Entry), entry); ok && (rest == "" || rest[0] == '.') {
		return true
	}
	return slices.Contains(l.uuids(), op.Object.UUID)
}

// uuids are the entry's own and those of its accounts.
func (l *logging) uuids() []org.UUID {
	var list []org.UUID
	accounts := func(all org.Keyed[*org.Account]) {
		for _, a := range all {
			list = append(list, a.UUID())
		}
	}
	switch {
	case l.hit.unit != nil:
		list = append(list, l.hit.unit.UUID)
	case l.hit.person != nil:
		list = append(list, l.hit.person.UUID)
		accounts(l.hit.person.Accounts)
	default:
		list = append(list, l.hit.robot.UUID)
		accounts(l.hit.robot.Accounts)
	}
	return list
}

// timeline puts changes and what was done together, newest first. Each of the two keeps its own order, whatever the clocks said; at the
// same moment what was done stands above what it follows from.
func (l *logging) timeline(changes []logEvent, facts *proven) []logEvent {
	list, done := []logEvent{}, facts.done
	for _, c := range changes {
		if a, ok := facts.approvals[c.Commit]; ok {
			c.MergeRequest, c.Class, c.Rule, c.Approvers, c.Proposer = a.MergeRequest, a.Class, a.Rule, a.Approvers, a.Proposer
		}
		for len(done) > 0 && done[0].Time >= c.Time {
			list, done = append(list, done[0]), done[1:]
		}
		list = append(list, c)
	}
	return append(list, done...)
}

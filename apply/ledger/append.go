package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/git"
)

// mostTries is how often a record is put on top of what others have written meanwhile.
const mostTries = 5

// Start begins the evidence with a mark. ErrStarted says that it has begun already.
func (l *Ledger) Start(ctx context.Context, mark []byte, by string) (*Entry, error) {
	_, err := l.Head(ctx)
	if err == nil {
		return nil, ErrStarted
	}
	if !errors.Is(err, ErrNotStarted) {
		return nil, err
	}
	e, err := l.push(ctx, nil, mark, apply.Record{Kind: apply.RecordStart, By: by})
	if errors.Is(err, git.ErrMoved) {
		return nil, ErrStarted
	}
	return e, err
}

// Append writes a record that follows base, with the mark that holds after it; without a mark that of base goes on. Where others
// have written since base, what was done beside runs only moves the record on; after another run the mark stays that of the other, and
// the record says so. An error leaves the branch as it is.
func (l *Ledger) Append(ctx context.Context, base *Entry, mark []byte, r apply.Record) (*Entry, error) {
	if r.Time == "" {
		r.Time = l.Now().UTC().Format(time.RFC3339)
	}
	for range mostTries {
		if mark == nil {
			mark = base.Mark
		}
		e, err := l.push(ctx, base, mark, r)
		if !errors.Is(err, git.ErrMoved) {
			return e, err
		}
		head, err := l.Head(ctx)
		if err != nil {
			return nil, err
		}
		if known, err := l.has(head, base.Commit, r); err != nil || known {
			return head, err // an earlier try was done, and its answer was lost
		}
		overtaken, err := l.ranSince(head, base)
		if err != nil {
			return nil, err
		}
		if overtaken {
			if r.Kind == apply.RecordBegin {
				return nil, fmt.Errorf("%w: record %d was written meanwhile", apply.ErrLocked, head.Record.Sequence)
			}
			r.Overtaken, mark = r.Kind == apply.RecordApply, nil
		}
		if !r.Kind.Run() {
			mark = nil
		}
		base = head
	}
	return nil, fmt.Errorf("write the record: %w again and again", git.ErrMoved)
}

// ranSince reports whether a run has written anything after base.
func (l *Ledger) ranSince(head, base *Entry) (bool, error) {
	for e := head; e.Commit != base.Commit; {
		if e.Record.Kind.Run() {
			return true, nil
		}
		if e.parent == "" {
			return false, fmt.Errorf("%w: record %d is not there any more", ErrForged, base.Record.Sequence)
		}
		before, err := l.read(e.parent)
		if err != nil {
			return false, err
		}
		e = before
	}
	return false, nil
}

// push makes the commit that follows base and moves the branch on to it.
func (l *Ledger) push(ctx context.Context, base *Entry, mark []byte, r apply.Record) (*Entry, error) {
	if l.Key == nil {
		return nil, ErrNoKey
	}
	now := l.Now()
	r.Sequence, r.Previous = 1, ""
	parent := ""
	if base != nil {
		r.Sequence, r.Previous, parent = base.Record.Sequence+1, base.digest, base.Commit
		if now.Before(base.When) {
			now = base.When // another machine's clock is ahead; the order counts
		}
	}
	if r.Time == "" {
		r.Time = now.UTC().Format(time.RFC3339)
	}
	r.Tool = l.Tool
	if r.Job == "" {
		r.Job = l.Job
	}
	if err := l.Signers.Allows(l.Key, now); err != nil {
		return nil, fmt.Errorf("sign the record: %w", err)
	}
	data, err := r.Bytes()
	if err != nil {
		return nil, err
	}
	commit, err := l.Repository.CommitFiles(parent, map[string][]byte{recordFile: data, markFile: mark}, git.Commit{
		Message: message(r), Author: l.Author, When: now, Signer: l.Key,
	})
	if err != nil {
		return nil, fmt.Errorf("write the record: %w", err)
	}
	if err := l.Repository.Push(ctx, l.Login, git.Update{Ref: branchRef, Old: parent, New: commit}); err != nil {
		return nil, fmt.Errorf("write the record: %w", err)
	}
	e, err := l.read(commit)
	if err != nil {
		return nil, err
	}
	l.head = e
	return e, l.writeCheckpoint(e)
}

// message is what git log shows of a record.
func message(r apply.Record) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", summary(r))
	trailer := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "Orgit-%s: %s\n", name, strings.Join(strings.Fields(value), " "))
		}
	}
	trailer("Record", fmt.Sprint(r.Sequence))
	trailer("Run", r.Run)
	trailer("Plan", r.Plan)
	trailer("Commit", r.Commit)
	approvals := r.Approvals
	if r.Merge != nil {
		trailer("Head", r.Merge.Head)
		approvals = append(slices.Clone(approvals), r.Merge.Approval)
	}
	for _, a := range approvals {
		if a.MergeRequest > 0 {
			trailer("Merge-Request", fmt.Sprintf("!%d", a.MergeRequest))
		}
		for _, who := range a.Approvers {
			trailer("Approved-By", who)
		}
		trailer("Approved-By-Rule", a.Rule)
	}
	trailer("By", r.By)
	trailer("Person", string(r.Person))
	trailer("Job", r.Job)
	return b.String()
}

// summary is the first line of the message.
func summary(r apply.Record) string {
	switch r.Kind {
	case apply.RecordStart:
		return "Evidence is kept from here on"
	case apply.RecordBegin:
		return fmt.Sprintf("Begin to apply %s: %s", short(r.Commit), counted(len(r.Operations)))
	case apply.RecordMerge:
		return fmt.Sprintf("Approved for merging: !%d", mergeRequestOf(r))
	case apply.RecordLock, apply.RecordLift:
		return fmt.Sprintf("Accounts closed at once: %s (%s)", counted(len(r.Operations)), r.Kind)
	}
	if len(r.Operations) == 0 {
		return fmt.Sprintf("Applied %s: nothing to do", short(r.Commit))
	}
	good := 0
	for _, op := range r.Operations {
		if op.Outcome == apply.Done || op.Outcome == apply.Already {
			good++
		}
	}
	return fmt.Sprintf("Applied %s: %d of %s", short(r.Commit), good, counted(len(r.Operations)))
}

func mergeRequestOf(r apply.Record) int {
	if r.Merge == nil {
		return 0
	}
	return r.Merge.Approval.MergeRequest
}

func counted(n int) string {
	if n == 1 {
		return "1 operation"
	}
	return fmt.Sprintf("%d operations", n)
}

func short(commit string) string { return commit[:min(len(commit), 10)] }

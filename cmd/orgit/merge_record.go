package main

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ledger"
	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// mergeRecorder leaves in the evidence what each merge brings, so that apply can tell whether it would do more.
type mergeRecorder struct {
	env    environment
	ledger *ledger.Ledger
}

// newMergeRecorder is nil where no evidence is kept on the server, or where there is no key to sign it with: then it says so,
// unless records are required.
func newMergeRecorder(env environment, dir string) (*mergeRecorder, error) {
	required, err := recordsRequired(env)
	if err != nil {
		return nil, err
	}
	onServer, err := keepsOnServer(env)
	if err != nil {
		return nil, err
	}
	if !onServer {
		if required {
			return nil, invalidInput(errors.New("ORGIT_MERGE_RECORDS is required, and evidence is kept in this clone only"), "set ORGIT_EVIDENCE=branch")
		}
		return nil, nil
	}
	l, err := openLedger(env, dir)
	if err != nil {
		return nil, err
	}
	if l.Key == nil {
		if required {
			return nil, evidenceHint(ledger.ErrNoKey)
		}
		fmt.Fprintln(env.stderr, "orgit: ORGIT_SIGNING_KEY_FILE is not set, so no record is left of what is merged")
		return nil, nil
	}
	return &mergeRecorder{env, l}, nil
}

// record notes what the plan of a merge request does that is about to be merged into what it was planned on. Nothing may be
// merged when it fails. A merge that was tried before, with the same plan, is noted already.
func (r *mergeRecorder) record(ctx context.Context, mr gitlab.MergeRequest, p *planning, made *plan.Plan, v review.Verdict) error {
	if r == nil {
		return nil
	}
	if unread(made) {
		return r.incomplete(mr)
	}
	head, err := r.ledger.Head(ctx)
	if err != nil {
		return evidenceHint(err)
	}
	merge := ledger.Merge{Into: p.provenance.Base, Head: mr.Head}
	known, err := r.ledger.Merges(ctx, []ledger.Merge{merge}, []string{merge.Into})
	if err != nil {
		return evidenceHint(err)
	}
	noted := &apply.MergeRecord{
		Into: merge.Into, Head: merge.Head, Plan: made.Digest, Approval: approvalOf("", mr.IID, merge.Into, &v),
	}
	if before := known[merge]; before != nil && before.Plan == noted.Plan && reflect.DeepEqual(before.Approval, noted.Approval) {
		return nil
	}
	noted.Outline = outlineOf(p, made, v, string(newUUID()))
	_, err = r.ledger.Append(ctx, head, nil, apply.Record{
		Kind: apply.RecordMerge, Run: string(newUUID()), Day: made.Day, By: operator(r.env),
		Merge: noted,
	})
	return evidenceHint(err)
}

// unread reports whether a plan leaves out what the snapshot that it was made from does not hold.
func unread(made *plan.Plan) bool {
	return slices.ContainsFunc(made.Attention, func(a plan.Attention) bool { return a.Code == plan.AttentionUnread })
}

// incomplete is what becomes of a merge request whose plan does not tell all that it brings.
func (r *mergeRecorder) incomplete(mr gitlab.MergeRequest) error {
	const says = "the snapshot does not hold what its settings begin to manage, so its plan does not tell all that it brings"
	required, err := recordsRequired(r.env)
	if err != nil {
		return err
	}
	if required {
		return withHint(fmt.Errorf("%w of !%d: %s", apply.ErrNotRecorded, mr.IID, says), "run orgit merge without --snapshot")
	}
	fmt.Fprintf(r.env.stderr, "orgit: no record is left of !%d: %s\n", mr.IID, says)
	return nil
}

// outlineOf is what is seen to be approved of a plan. The working group decides about everything, so what waits from before is
// approved with it; a leader, or a rule, decides about the proposal alone.
func outlineOf(p *planning, made *plan.Plan, v review.Verdict, salt string) apply.Outline {
	if v.By == org.ByGroup {
		return apply.OutlineAll(made, salt)
	}
	return apply.OutlineChanges(made, salt, p.brings)
}

// brings reports whether the planned organisation asks for another value of an attribute than the approved one does.
func (p *planning) brings(target string, object plan.ID, attribute string) bool {
	for i := range p.input.Targets {
		t := &p.input.Targets[i]
		if t.Desired.Target != target || t.Base == nil {
			continue
		}
		return !slices.Equal(askedValue(t.Base, object, attribute), askedValue(&t.Desired, object, attribute))
	}
	return false
}

func askedValue(s *plan.State, object plan.ID, attribute string) []string {
	o := s.Object(object)
	if o == nil {
		return nil
	}
	for i := range o.Attrs {
		if o.Attrs[i].Name == attribute {
			return o.Attrs[i].Value
		}
	}
	return nil
}

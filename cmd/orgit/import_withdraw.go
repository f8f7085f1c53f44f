package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/review"
)

// withdrawn is the label of a merge request that the import has closed because the register says it no longer. People have not
// rejected it, so it comes again when the register does.
func (i *importing) withdrawn() string { return i.say("trukket-tilbage", "withdrawn") }

// withdraw closes the merge requests of earlier nights that the register no longer says: whoever approved one now would carry
// out what is no longer so. One that has approvals is not closed over the heads of those who gave them, but held.
func (p *importPublishing) withdraw(ctx context.Context) error {
	if p.server == nil {
		return nil
	}
	open, err := p.server.MergeRequests(ctx, gitlab.Filter{Target: p.main, State: gitlab.Opened})
	if err != nil {
		return err
	}
	var failed error
	for _, mr := range open {
		tonight := slices.ContainsFunc(p.groups, func(g *importGroup) bool { return g.branch == mr.Source })
		if tonight || mr.SourceProject != mr.TargetProject || !review.ImportsFrom(mr.Source, p.x.Source) {
			continue
		}
		if err := p.withdrawOne(ctx, mr); err != nil {
			failed = errors.Join(failed, fmt.Errorf("withdraw !%d: %w", mr.IID, err))
		}
	}
	return failed
}

func (p *importPublishing) withdrawOne(ctx context.Context, mr gitlab.MergeRequest) error {
	approved, err := p.server.Approvals(ctx, mr.IID)
	if err != nil {
		return err
	}
	changes, says := gitlab.Changes{State: gitlab.Close, AddLabels: []string{p.withdrawn()}}, p.say("trukket tilbage: registret siger ikke længere det, som !%d foreslog", "withdrawn: the register no longer says what !%d proposed")
	if len(approved) > 0 {
		hold := cmp.Or(p.approved.Settings.Review.HoldLabel, "orgit::hold")
		changes = gitlab.Changes{AddLabels: []string{hold}}
		says = p.say("registret siger ikke længere det, som !%d foreslår, men nogen har godkendt det. Det holdes tilbage med etiketten "+hold+", til nogen lukker det eller fjerner etiketten",
			"the register no longer says what !%d proposes, but somebody has approved it. The label "+hold+" holds it until somebody closes it or takes the label away")
	}
	if _, err := p.server.Update(ctx, mr.IID, changes); err != nil {
		return err
	}
	p.gone = append(p.gone, importBranch{Branch: mr.Source, Request: mr.IID, Says: fmt.Sprintf(says, mr.IID)})
	return nil
}

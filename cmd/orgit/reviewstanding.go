package main

import (
	"context"
	"fmt"

	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/plan/view"
)

// standing says how the merge request stands with the rules of the approved branch: its class, who has to approve it, and
// who has. nil where there is no merge request, or no GitLab to ask.
func (r *reviewRun) standing(ctx context.Context, p *planning, made *plan.Plan) (*view.Standing, error) {
	iid, err := r.mergeRequest()
	if err != nil || iid == 0 {
		return nil, err
	}
	j, err := newJudging(r.env, p.repo)
	if err != nil || j == nil {
		return nil, err
	}
	mr, err := j.server.MergeRequest(ctx, iid)
	if err != nil {
		return nil, fmt.Errorf("read merge request !%d: %w", iid, err)
	}
	c, v, err := j.proposal(ctx, mr, r.proposed(), p, made)
	if err != nil {
		return nil, err
	}
	language := made.Language
	s := &view.Standing{Class: c.Sentence(language), Held: v.Held(language)}
	if v.Satisfied || v.By != "" {
		s.Given = v.Standing(language)
	} else {
		s.Missing = v.Standing(language)
	}
	if uncounted := v.Uncounted(language); uncounted != "" {
		s.Given = joinSentences(s.Given, uncounted)
	}
	return s, nil
}

func joinSentences(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}

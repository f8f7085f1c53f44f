package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org/change"
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
	language := made.Language
	unapproved, err := j.unapproved(ctx, p, r.opts.dir)
	if err != nil {
		return nil, err
	}
	c, v, held, err := j.standing(ctx, mr, r.proposed(), p, made, unapproved)
	if err != nil {
		return nil, err
	}
	s := &view.Standing{Class: c.Sentence(language), Held: v.Held(language)}
	if held {
		s.Held = joinSentences(unapprovedSentence(j.terms.Target, language), s.Held)
	}
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

// unapproved is what the approved branch holds that nobody approved; nil when there is nothing, or when it cannot be told
// here, as in a job of a branch before the first apply.
func (j *judging) unapproved(ctx context.Context, p *planning, dir string) (*review.Coverage, error) {
	judges, err := judgesApproval(j.env)
	if err != nil || !judges {
		return nil, err
	}
	covered, err := j.covered(ctx, p.provenance.Base, markReader(j.env, j.repo, dir))
	if errors.Is(err, review.ErrNoStart) {
		return nil, nil
	}
	if err != nil || covered.Err() == nil {
		return nil, err
	}
	return covered, nil
}

// standing judges a merge request. held says that it has to wait until what nobody approved is taken back.
func (j *judging) standing(ctx context.Context, mr gitlab.MergeRequest, head string, p *planning, made *plan.Plan, unapproved *review.Coverage) (c review.Classification, v review.Verdict, held bool, err error) {
	if unapproved != nil {
		takes, err := j.takesBack(head, p.provenance.Base, approvedUpTo(unapproved))
		if err != nil {
			return c, v, false, err
		}
		if takes {
			c, v, err = j.takingBack(ctx, mr, head, approvedUpTo(unapproved))
			return c, v, false, err
		}
	}
	facts, err := j.gather(ctx, mr, head, p)
	if err != nil {
		return c, v, false, err
	}
	if c, v = facts.byPlan(made); v.Satisfied {
		c, v, err = j.byFiles(ctx, facts)
	}
	return c, v, unapproved != nil, err
}

func unapprovedSentence(branch, language string) string {
	if language == change.English {
		return "There is something on " + branch + " that nobody has approved; until it is taken back, nothing is merged."
	}
	return "På " + branch + " er der noget, som ingen har godkendt; indtil det er ført tilbage, flettes ingenting."
}

func joinSentences(a, b string) string {
	return strings.TrimSpace(a + " " + b)
}

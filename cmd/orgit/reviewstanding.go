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
	unapproved, err := j.unapproved(ctx, p, r.opts.dir)
	if err != nil {
		return nil, err
	}
	st, err := j.standing(ctx, mr, r.proposed(), p, unapproved)
	if err != nil {
		return nil, err
	}
	said := st.said(made, j.terms.Target, made.Language)
	return &said, nil
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

// judgement is how a merge request stands, as it was judged by what its files alone do, which is what apply will ask.
type judgement struct {
	head     string
	class    review.Classification
	verdict  review.Verdict
	proposed *proposed // by which it is judged with a plan; nil where no plan counts
	held     bool      // it has to wait until what nobody approved is taken back
}

// standing judges a merge request.
func (j *judging) standing(ctx context.Context, mr gitlab.MergeRequest, head string, p *planning, unapproved *review.Coverage) (*judgement, error) {
	if unapproved != nil {
		approved := approvedUpTo(unapproved)
		takes, err := j.takesBack(head, p.provenance.Base, approved)
		if err != nil {
			return nil, err
		}
		if takes {
			c, v, err := j.takingBack(ctx, mr, head, approved)
			return &judgement{head: head, class: c, verdict: v}, err
		}
	}
	facts, err := j.gather(ctx, mr, head, p)
	if err != nil {
		return nil, err
	}
	c, v, err := j.byFiles(ctx, facts)
	return &judgement{head: head, class: c, verdict: v, proposed: facts, held: unapproved != nil}, err
}

// said is the standing as the note says it: what the plan asks for, which may be more than the files alone do, or what the files
// ask for where that is what is missing. Without a plan it is what the files ask for.
func (s *judgement) said(made *plan.Plan, target, language string) view.Standing {
	byFiles := s.words(s.class, s.verdict, target, language)
	said := byFiles
	mark := view.StandingMark{Head: s.head, Language: language, Files: byFiles.Digest()}
	if made != nil && s.proposed != nil {
		c, v := s.proposed.byPlan(made)
		mark.ByPlan = !c.AsksTheSame(s.class)
		if !v.Satisfied || s.verdict.Satisfied {
			said = s.words(c, v, target, language)
		}
	}
	said.Mark = mark
	return said
}

func (s *judgement) words(c review.Classification, v review.Verdict, target, language string) view.Standing {
	said := view.Standing{Class: c.Sentence(language), Held: v.Held(language)}
	if s.held {
		said.Held = joinSentences(unapprovedSentence(target, language), said.Held)
	}
	if v.Satisfied || v.By != "" {
		said.Given = v.Standing(language)
	} else {
		said.Missing = v.Standing(language)
	}
	if uncounted := v.Uncounted(language); uncounted != "" {
		said.Given = joinSentences(said.Given, uncounted)
	}
	return said
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

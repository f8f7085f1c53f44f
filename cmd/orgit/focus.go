package main

import (
	"errors"
	"fmt"
	"strings"

	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/plan/view"
)

// checkFocus refuses what cannot be done with a part of a plan.
func (o *planOptions) checkFocus() error {
	switch {
	case o.only == "" && o.explain:
		return invalidInput(errors.New("--explain explains one person, unit or robot"), "name it with --only KEY")
	case o.only == "":
		return nil
	case o.out != "":
		return invalidInput(errors.New("--out saves whole plans, and --only shows a part"), "leave one of them out")
	case o.format == "markdown":
		return invalidInput(errors.New("--only is not shown as markdown"), "use --format text or json")
	}
	return nil
}

// showFocus shows the part of a plan that is about one entry.
func showFocus(env environment, p *planning, made *plan.Plan, look view.Lookup, opts planOptions) error {
	h, err := oneHit(env, p.planned, opts.only)
	if err != nil {
		return err
	}
	f := view.Focus{Key: h.key(), Name: h.name(), Part: p.input.Focus(made, h.path()), Whole: made}
	if opts.explain {
		if f.Explained, err = p.explain(made, h.path()); err != nil {
			return err
		}
	}
	if opts.format == "json" {
		return view.FocusJSON(env.stdout, f, look)
	}
	return view.FocusText(env.stdout, f, look, textOptions(env, opts.verbose))
}

// soughtText is what is looked for.
func soughtText(arg string) (string, error) {
	text := strings.TrimSpace(arg)
	if text == "" {
		return "", invalidInput(errors.New("there is nothing to look for"), "give a key, a UUID, a login name or a part of a name")
	}
	return text, nil
}

// oneHit finds the one entry that a text names: by its key before anything else.
func oneHit(env environment, o *org.Organisation, text string) (hit, error) {
	hits := search(o, text)
	var keyed []hit
	for _, h := range hits {
		if h.key() == text {
			keyed = append(keyed, h)
		}
	}
	if len(keyed) > 0 {
		hits = keyed
	}
	switch {
	case len(hits) == 0:
		return hit{}, invalidInput(fmt.Errorf("nothing fits %q", text), "`orgit list people` and `orgit list units` list what there is")
	case len(hits) > 1:
		printHits(env.stderr, hits)
		return hit{}, invalidInput(fmt.Errorf("%d fit %q", len(hits), text), "give the key")
	}
	return hits[0], nil
}

// path is where the entry stands in the files.
func (h hit) path() org.Path {
	switch {
	case h.unit != nil:
		return h.unit.Path()
	case h.person != nil:
		return h.person.Path()
	}
	return h.robot.Path()
}

// explain says of each object of an entry in Active Directory why the plan does what it
// does with it.
func (p *planning) explain(made *plan.Plan, entry org.Path) ([]plan.Explanation, error) {
	explained := []plan.Explanation{}
	for _, domain := range ad.Domains(&p.planned.Settings) {
		sources, err := domain.Sources(p.planned, p.day, entry)
		if err != nil {
			return nil, fmt.Errorf("explain what %s is asked for: %w", domain.Target(), err)
		}
		for i := range p.input.Targets {
			if t := &p.input.Targets[i]; t.Desired.Target == domain.Target() {
				explained = append(explained, t.Explain(made, entry, sources)...)
			}
		}
	}
	return explained, nil
}

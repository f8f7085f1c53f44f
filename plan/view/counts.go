package view

import "orgit.dk/orgit/plan"

// Counts are how many objects of a target a plan makes, changes, and closes, takes out of use or deletes.
type Counts struct{ Create, Update, Delete int }

// CountsOf counts a target's objects as the text of the plan does: an operation that only does the rest of another one is
// not counted.
func CountsOf(p *plan.Plan, target string) Counts {
	var c Counts
	for _, verbs := range tallyOf(target, p.Operations) {
		for v, n := range verbs {
			switch v {
			case verbCreate:
				c.Create += n
			case verbClose, verbRetire, verbDelete:
				c.Delete += n
			default:
				c.Update += n
			}
		}
	}
	return c
}

// Refusals says in the plan's language why it may not be carried out, a sentence for each reason.
func Refusals(p *plan.Plan, look Lookup) []string {
	c := composer{plan: shielded(p, look), look: look, lang: p.Language}
	var sentences []string
	for _, r := range p.Refusals {
		sentences = append(sentences, c.refusal(r))
	}
	return sentences
}

package view

import (
	"encoding/json"
	"fmt"
	"io"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// JSONVersion is the version of the form that JSON writes. Fields may be added within a
// version; none changes its meaning.
const JSONVersion = 1

// Verdicts of a plan in JSON.
const (
	VerdictRefused = "refused"
	VerdictChanges = "changes"
	VerdictEmpty   = "empty"
)

// planJSON is what other programs read of a plan. It is no plan file: apply takes none.
type planJSON struct {
	Version      int             `json:"version"`
	Municipality string          `json:"municipality"`
	Day          org.Day         `json:"day"`
	Verdict      string          `json:"verdict"`
	Counts       []countJSON     `json:"counts"`
	Irreversible []string        `json:"irreversible"` // identities of operations
	Refusals     []refusalJSON   `json:"refusals"`
	Attention    []attentionJSON `json:"attention"`
	Waiting      []waitingJSON   `json:"waiting"`
	Changes      []changeJSON    `json:"changes"`
	Coming       []plan.Coming   `json:"coming"`
	Operations   []operationJSON `json:"operations"`
	Drift        []plan.Drift    `json:"drift"`
	Foreign      []foreignJSON   `json:"foreign"`
	Provenance   plan.Provenance `json:"provenance"`
	Digest       string          `json:"digest"`
}

type countJSON struct {
	Target string      `json:"target"`
	Kind   plan.Kind   `json:"kind"`
	Action plan.Action `json:"action"`
	Count  int         `json:"count"`
}

type refusalJSON struct {
	plan.Refusal
	Sentence string           `json:"sentence"`
	Position *schema.Position `json:"position,omitempty"`
}

type attentionJSON struct {
	plan.Attention
	Sentence string `json:"sentence"`
}

type waitingJSON struct {
	Target string `json:"target"`
	plan.Waiting
}

type changeJSON struct {
	change.Change
	Sentence string `json:"sentence"`
}

type operationJSON struct {
	plan.Operation
	Reasons []reasonJSON `json:"reasons"` // every fact behind the operation, once
}

type reasonJSON struct {
	org.Fact
	Position *schema.Position `json:"position,omitempty"`
}

type foreignJSON struct {
	Target string `json:"target"`
	plan.Foreign
}

// JSON writes a plan for other programs, indented, in an order that does not change.
func JSON(w io.Writer, p *plan.Plan, look Lookup) error {
	c := composer{plan: shielded(p, look), look: look, lang: p.Language}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(c.json()); err != nil {
		return fmt.Errorf("write the plan as JSON: %w", err)
	}
	return nil
}

func (c *composer) json() planJSON {
	p := c.plan
	out := planJSON{
		Version: JSONVersion, Municipality: p.Municipality, Day: p.Day, Verdict: verdictOf(p),
		Counts: []countJSON{}, Irreversible: []string{}, Refusals: []refusalJSON{}, Attention: []attentionJSON{},
		Waiting: []waitingJSON{}, Changes: []changeJSON{}, Coming: orEmpty(p.Coming), Operations: []operationJSON{},
		Drift: orEmpty(p.Drift), Foreign: []foreignJSON{}, Provenance: p.Provenance, Digest: p.Digest,
	}
	for _, r := range p.Refusals {
		out.Refusals = append(out.Refusals, refusalJSON{r, c.refusal(r), c.position(r.Path)})
	}
	for _, a := range p.Attention {
		out.Attention = append(out.Attention, attentionJSON{a, c.attention(a)})
	}
	for _, ch := range p.Changes {
		out.Changes = append(out.Changes, changeJSON{ch, change.Sentence(ch, c.lang)})
	}
	for i := range p.Operations {
		op := &p.Operations[i]
		out.Operations = append(out.Operations, operationJSON{*op, c.reasonsJSON(op)})
		if len(op.Loss) > 0 {
			out.Irreversible = append(out.Irreversible, op.ID)
		}
	}
	for _, t := range p.Targets {
		out.Counts = append(out.Counts, countsJSON(t, p.Operations)...)
		for _, w := range t.Waiting {
			out.Waiting = append(out.Waiting, waitingJSON{t.Name, w})
		}
		for _, f := range t.Foreign {
			out.Foreign = append(out.Foreign, foreignJSON{t.Name, f})
		}
	}
	return out
}

func verdictOf(p *plan.Plan) string {
	switch {
	case len(p.Refusals) > 0:
		return VerdictRefused
	case p.Empty():
		return VerdictEmpty
	}
	return VerdictChanges
}

func countsJSON(t plan.Target, ops []plan.Operation) []countJSON {
	actions := []plan.Action{plan.ActionCreate, plan.ActionAdopt, plan.ActionUpdate, plan.ActionRetire, plan.ActionDelete}
	var counts []countJSON
	for _, kind := range tallyOf(t.Name, ops).kindsOf(t) {
		for _, action := range actions {
			n := 0
			for i := range ops {
				op := &ops[i]
				if op.Target == t.Name && op.Object.Kind == kind && op.Action == action && !isLink(op) {
					n++
				}
			}
			if n > 0 {
				counts = append(counts, countJSON{t.Name, kind, action, n})
			}
		}
	}
	return counts
}

func (c *composer) reasonsJSON(op *plan.Operation) []reasonJSON {
	reasons := []reasonJSON{}
	for _, f := range factsOf(op) {
		reasons = append(reasons, reasonJSON{f, c.position(f.Path)})
	}
	return reasons
}

func (c *composer) position(path org.Path) *schema.Position {
	at := c.look.Position(path)
	if at.File == "" {
		return nil
	}
	return &at
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

package apply

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// Journal writes one line of JSON for the beginning and the end of every operation: what
// an operator reads after a bad night. It holds identities and outcomes, no values.
type Journal struct {
	out    io.Writer
	now    func() time.Time
	digest string // of the plan
	err    error  // the first failure to write
}

// NewJournal returns a journal of the plan's run.
func NewJournal(out io.Writer, p *plan.Plan, now func() time.Time) *Journal {
	return &Journal{out: out, now: now, digest: p.Digest}
}

type journalLine struct {
	Time      string      `json:"time"` // RFC 3339, UTC
	Plan      string      `json:"plan"`
	Operation string      `json:"operation"`
	Action    plan.Action `json:"action"`
	Outcome   Outcome     `json:"outcome,omitempty"` // empty at the beginning
	Error     string      `json:"error,omitempty"`
	By        string      `json:"by,omitempty"` // who acted without a plan
}

// Begin notes that an operation begins.
func (j *Journal) Begin(op *plan.Operation) { j.write(op, "", nil) }

// End notes what became of it.
func (j *Journal) End(r Result, _, _ int) { j.write(r.Operation, r.Outcome, r.Err) }

func (j *Journal) write(op *plan.Operation, outcome Outcome, cause error) {
	line := journalLine{
		Time: j.now().UTC().Format(time.RFC3339), Plan: j.digest,
		Operation: op.ID, Action: op.Action, Outcome: outcome,
	}
	if cause != nil {
		line.Error = schema.MaskCPR(cause.Error()) // a system may quote what was sent
	}
	data, err := json.Marshal(line)
	if err == nil {
		_, err = j.out.Write(append(data, '\n'))
	}
	if err != nil && j.err == nil {
		j.err = fmt.Errorf("write the journal: %w", err)
	}
}

// Err returns the first failure to write the journal.
func (j *Journal) Err() error { return j.err }

// Observers tells several observers of everything, in their order.
type Observers []Observer

// Begin tells them that an operation begins.
func (list Observers) Begin(op *plan.Operation) {
	for _, o := range list {
		o.Begin(op)
	}
}

// End tells them what became of it.
func (list Observers) End(r Result, through, of int) {
	for _, o := range list {
		o.End(r, through, of)
	}
}

package apply

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// recordVersion is the version of the record's form.
const recordVersion = 1

// RecordKind is what a record is about.
type RecordKind string

// The kinds of records.
const (
	// RecordStart: the first record; evidence is kept from here on.
	RecordStart RecordKind = "start"
	// RecordBegin: a run begins to write. One without a RecordApply of the same Run after it was cut.
	RecordBegin RecordKind = "begin"
	// RecordApply: a run is through, or there was nothing to do.
	RecordApply RecordKind = "apply"
	// RecordLock and RecordLift: a person's accounts were closed at once, or that was lifted.
	RecordLock RecordKind = "lock"
	RecordLift RecordKind = "lift"
	// RecordMerge: a merge request is about to be merged, with what its plan does.
	RecordMerge RecordKind = "merge"
)

// ErrRecord says that a record cannot be read.
var ErrRecord = errors.New("it is no record of what was applied")

// Record is the evidence of one run: what was carried out, of which approved commit, by whose approval, and what became of each
// operation. It holds keys, UUIDs, user names of GitLab and outcomes: no names, no values, no texts of the systems.
type Record struct {
	Version  int        `json:"version"`
	Sequence int        `json:"sequence"`           // 1 for the first record, one more for each
	Previous string     `json:"previous,omitempty"` // RecordDigest of the one before
	Kind     RecordKind `json:"kind"`
	Run      string     `json:"run,omitempty"` // the same in a run's beginning and end
	Time     string     `json:"time"`          // RFC 3339, UTC
	Tool     string     `json:"tool"`          // the program's version
	Day      org.Day    `json:"day,omitempty"` // the planning day
	Plan     string     `json:"plan,omitempty"`
	Commit   string     `json:"commit,omitempty"` // the approved commit that was carried out
	// Overtaken: another run has written its record since this one began, so that the mark stayed that of the other.
	Overtaken bool `json:"overtaken,omitempty"`
	// Unproven: there was no key when it was done; the record lay in a clone, unsigned, until it was written.
	Unproven    bool              `json:"unproven,omitempty"`
	Interrupted bool              `json:"interrupted,omitempty"`
	Job         string            `json:"job,omitempty"`    // address of the CI job
	By          string            `json:"by,omitempty"`     // who acted without a plan, or started the evidence
	Person      org.UUID          `json:"person,omitempty"` // who was locked
	Approvals   []Approval        `json:"approvals,omitempty"`
	Operations  []OperationRecord `json:"operations,omitempty"` // in the plan's order
	Merge       *MergeRecord      `json:"merge,omitempty"`      // of a RecordMerge
}

// MergeRecord is what was judged, and planned, just before a merge. The merge's two parents tell which merge it belongs to, whoever
// made it: it is written before there is one.
type MergeRecord struct {
	Into     string   `json:"into"` // the commit of the approved branch on which it was planned
	Head     string   `json:"head"` // the commit that is merged into it
	Plan     string   `json:"plan"` // the digest of the plan
	Approval Approval `json:"approval"`
	Outline  Outline  `json:"outline"`
}

// Approval is why a commit counts as approved.
type Approval struct {
	Commit       string   `json:"commit,omitempty"` // on the approved branch; empty while it is not there yet
	MergeRequest int      `json:"mergeRequest,omitempty"`
	Class        string   `json:"class,omitempty"`
	Rule         string   `json:"rule,omitempty"`      // the rule that approved it, where nobody did
	Approvers    []string `json:"approvers,omitempty"` // user names, in order
	Proposer     string   `json:"proposer,omitempty"`
}

// OperationRecord is one operation without its values.
type OperationRecord struct {
	ID         string      `json:"id"`
	Target     string      `json:"target"`
	Object     plan.ID     `json:"object"`
	Entry      org.Path    `json:"entry,omitempty"`
	Action     plan.Action `json:"action"`
	Attributes []string    `json:"attributes,omitempty"` // names, in order
	Origin     plan.Origin `json:"origin,omitempty"`
	Effect     org.Day     `json:"effect,omitempty"`
	Outcome    Outcome     `json:"outcome,omitempty"` // empty in a record that a run begins
	Time       string      `json:"time,omitempty"`    // when it was through, RFC 3339, UTC
}

// RecordOperation takes from an operation what evidence may hold.
func RecordOperation(op *plan.Operation) OperationRecord {
	r := OperationRecord{
		ID: op.ID, Target: op.Target, Object: op.Object, Entry: op.Entry, Action: op.Action, Origin: op.Origin, Effect: op.Effect,
	}
	for i := range op.Attrs {
		r.Attributes = append(r.Attributes, op.Attrs[i].Name)
	}
	return r
}

// BeginRecord is the record with which a run of a plan begins.
func BeginRecord(p *plan.Plan, run string, approvals []Approval) Record {
	r := Record{Kind: RecordBegin, Run: run, Day: p.Day, Plan: p.Digest, Commit: p.Provenance.Commit, Approvals: slices.Clone(approvals)}
	for i := range p.Operations {
		r.Operations = append(r.Operations, RecordOperation(&p.Operations[i]))
	}
	return r
}

// Recorder watches a run and notes when each operation was through.
type Recorder struct {
	now   func() time.Time
	times map[string]string // by the operation's ID
}

// NewRecorder returns a recorder.
func NewRecorder(now func() time.Time) *Recorder { return &Recorder{now, map[string]string{}} }

// Begin does nothing.
func (r *Recorder) Begin(*plan.Operation) {}

// End notes the time.
func (r *Recorder) End(res Result, _, _ int) {
	r.times[res.Operation.ID] = r.now().UTC().Format(time.RFC3339)
}

// Ended turns the record that a run began with into the one that it ends with. Without a report there was nothing to do.
func (r *Recorder) Ended(begun Record, report *Report) Record {
	begun.Kind, begun.Operations = RecordApply, nil
	if report == nil {
		return begun
	}
	begun.Interrupted = report.Interrupted
	for _, res := range report.Results {
		done := RecordOperation(res.Operation)
		done.Outcome = res.Outcome
		if res.Outcome != NotReached {
			done.Time = r.times[res.Operation.ID]
		}
		begun.Operations = append(begun.Operations, done)
	}
	return begun
}

// ParseRecord reads a record. ErrRecord says that it cannot be.
func ParseRecord(data []byte) (Record, error) {
	var r Record
	if err := json.Unmarshal(data, &r); err != nil {
		return Record{}, fmt.Errorf("%w: %w", ErrRecord, err)
	}
	if r.Version != recordVersion {
		return Record{}, fmt.Errorf("%w of a version that this program knows: it has %d, and this program knows %d", ErrRecord, r.Version, recordVersion)
	}
	return r, nil
}

// Bytes writes the record in the form that ParseRecord reads; the same record gives the same bytes.
func (r Record) Bytes() ([]byte, error) {
	r.Version = recordVersion
	data, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write the record of what was applied: %w", err)
	}
	return append(data, '\n'), nil
}

// RecordDigest identifies a record by the bytes in which it is kept.
func RecordDigest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Run reports whether the record is one of a run, which moves the mark, and not of what is done beside runs.
func (k RecordKind) Run() bool { return k == RecordStart || k == RecordBegin || k == RecordApply }

// Package plan compares what the organisation asks for with what the systems hold, and
// says what has to be done, why, and whether it may be done.
//
// It is pure: it reads nothing and writes nothing. A target (package apply/ad, for
// example) gives it a State, what the organisation asks of that target, and an Actual,
// what is there; Compute makes a Plan of them.
//
// # Three reasons for a difference
//
// An attribute of a target may differ from what the files ask because the proposal under
// review changes it (FromChange), because it was approved and has not been carried out
// yet (FromPending), or because somebody changed the target by hand (FromDrift). Only the
// first two become operations; drift is reported, and repaired only where the settings
// say so.
//
// # What a plan never does
//
// It never takes an empty side for "remove everything", never removes what is safeguarded
// or what orgit does not own, never opens an account that somebody else closed, and never
// takes away more than the limits allow. What it leaves out for such a reason it says.
package plan

import (
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/schema"
)

// FileVersion is the version of the plan file's format.
const FileVersion = 1

// Plan is what is to be done, and everything that a reader needs to judge it.
type Plan struct {
	Version      int        `json:"version"`
	Municipality string     `json:"municipality"`
	CVR          string     `json:"cvr"`
	Language     string     `json:"language"` // da or en
	Day          org.Day    `json:"day"`      // the planning day
	Provenance   Provenance `json:"provenance"`

	Changes    []change.Change `json:"changes"`    // what the proposal changes, in HR's words
	Targets    []Target        `json:"targets"`    // in the order in which they are written
	Operations []Operation     `json:"operations"` // in the order in which they are carried out
	Coming     []Coming        `json:"coming"`     // what later days will bring, in order of day
	Drift      []Drift         `json:"drift"`      // in order of target and object
	Attention  []Attention     `json:"attention"`  // what needs a human
	Refusals   []Refusal       `json:"refusals"`   // why the plan may not be applied; none when it may

	// Digest identifies the content: everything above but Provenance.Read and
	// what Provenance.Snapshot says beyond that there was one.
	Digest string `json:"digest"`
}

// Provenance is what the plan was computed from.
type Provenance struct {
	Commit      string `json:"commit,omitempty"` // the planned commit; empty for uncommitted files
	Base        string `json:"base,omitempty"`   // the approved commit that it was compared with
	Uncommitted bool   `json:"uncommitted,omitempty"`
	Tool        string `json:"tool"`
	Schema      string `json:"schema"` // digest of the schema
	// Read is when the targets were read, RFC 3339 in UTC. It is shown at the end and is
	// no part of the digest.
	Read string `json:"read,omitempty"`
	// Snapshot is set where the targets were not read for the plan. That they were not is
	// part of the digest; which snapshot it was is not, for the next night's gives the same
	// plan.
	Snapshot *SnapshotSource `json:"snapshot,omitempty"`
}

// SnapshotSource is the snapshot that a plan was made from. It was read at Provenance.Read.
type SnapshotSource struct {
	Commit string `json:"commit"` // what was approved when it was read
	Digest string `json:"digest"`
	Old    bool   `json:"old,omitempty"` // older than one should be
	// Unseen counts, by target, objects that the files state now and did not then: nobody has
	// looked for them, and the plan takes them not to be there.
	Unseen map[string]int `json:"unseen,omitempty"`
}

// Target is one system that the plan is about.
type Target struct {
	Name    string       `json:"name"`
	Mode    string       `json:"mode"`            // adopt or full
	First   bool         `json:"first,omitempty"` // nothing was ever applied to it
	Kinds   []KindInfo   `json:"kinds"`
	Found   map[Kind]int `json:"found"` // objects of orgit's that are in use there, by kind
	Foreign []Foreign    `json:"foreign"`
	Waiting []Waiting    `json:"waiting,omitempty"`
	// Recognised are the foreign objects that are surely the same as one that is asked for, by
	// Candidate.Handle, whether or not this plan adopts them: what refers to one of them was
	// compared as if it were orgit's already, and apply has to read it so too.
	Recognised map[string]ID `json:"recognised,omitempty"`
	// Undecided are objects that the plan leaves alone, or leaves a part of, until somebody
	// has decided: what differs in them still waits after a run. In order, each once.
	Undecided []ID `json:"undecided,omitempty"`
}

// Coming is what a later day brings, if nothing else changes.
type Coming struct {
	Day    org.Day      `json:"day"`
	Target string       `json:"target"`
	Object ID           `json:"object"`
	Name   string       `json:"name"`
	Action Action       `json:"action"`
	Attrs  []AttrChange `json:"attrs,omitempty"`
	Entry  org.Path     `json:"entry,omitempty"`
	Unit   string       `json:"unit,omitempty"`
	Origin Origin       `json:"origin"` // FromChange when the proposal brings it about
}

// Drift is a difference that nobody approved: it is reported, not carried out.
type Drift struct {
	Target  string `json:"target"`
	Object  ID     `json:"object"`
	Name    string `json:"name"`
	Ref     string `json:"ref,omitempty"`
	Missing bool   `json:"missing,omitempty"` // the object was removed in the target
	// Unmarked: it is there, and what says that it is orgit's was taken off.
	Unmarked bool         `json:"unmarked,omitempty"`
	Attrs    []AttrChange `json:"attrs,omitempty"` // Old is what the target holds, New what the files ask
	Reason   string       `json:"reason,omitempty"`
	Repair   bool         `json:"repair,omitempty"` // the settings say that it is put right: see the operations
	Entry    org.Path     `json:"entry,omitempty"`
}

// AttentionCode says what kind of decision is asked for.
type AttentionCode string

// What needs a human.
const (
	AttentionHeld AttentionCode = "held" // somebody outside orgit has decided about it
	// AttentionLocked: somebody closed it with orgit lock, and the files do not say so yet.
	AttentionLocked AttentionCode = "locked"
	// AttentionBarred: it was suspended when it was closed, so coming back does not open it.
	AttentionBarred  AttentionCode = "barred"
	AttentionPinned  AttentionCode = "pinned"  // it cannot be deleted now
	AttentionAdopt   AttentionCode = "adopt"   // kept because the target is in adopt mode
	AttentionProblem AttentionCode = "problem" // a target cannot hold what is stated
	AttentionOrphan  AttentionCode = "orphan"  // orgit owns it, and no entry states it
	// AttentionUnmarked: orgit has written the target, and the mark of when is not here.
	AttentionUnmarked AttentionCode = "unmarked"
	AttentionTaken    AttentionCode = "taken" // a foreign object has its login name, or its name in its place
	AttentionMatch    AttentionCode = "match" // it may be there already: see Possible
	// AttentionExisting: what the organisation says about which object it is cannot be; Detail
	// is an ExistingProblem.
	AttentionExisting  AttentionCode = "existing"
	AttentionProtected AttentionCode = "protected" // orgit may not touch it; Detail is a Protection
	// AttentionUnread: the snapshot that the plan was made from does not hold the attribute
	// Name; Detail is the number of objects there of which the organisation states it.
	AttentionUnread AttentionCode = "unread"
)

// Attention is something that a person has to look at; the rest of the plan goes on.
type Attention struct {
	Code     AttentionCode   `json:"code"`
	Target   string          `json:"target"`
	Object   ID              `json:"object"`
	Name     string          `json:"name"`
	Detail   string          `json:"detail,omitempty"`
	Hint     string          `json:"hint,omitempty"`
	Day      org.Day         `json:"day,omitempty"` // since when, for AttentionLocked and AttentionBarred
	Path     org.Path        `json:"path,omitempty"`
	Position schema.Position `json:"position,omitempty"`
	// Possible are the objects that it may be, for AttentionMatch.
	Possible []Possible `json:"possible,omitempty"`
}

// RefusalCode is a reason why a plan may not be applied.
type RefusalCode string

// The reasons.
const (
	RefusedLimit     RefusalCode = "limit"
	RefusedSafeguard RefusalCode = "safeguarded"
	RefusedEmpty     RefusalCode = "empty"
	RefusedVanished  RefusalCode = "vanished" // an entry was removed from the files outside orgit prune
	RefusedProblem   RefusalCode = "problem"  // a target cannot hold what is stated
	// RefusedExisting: the proposal says that something is an object that it cannot be; Detail
	// is an ExistingProblem.
	RefusedExisting RefusalCode = "existing"
)

// Refusal is why a plan may not be applied as it is.
type Refusal struct {
	Code    RefusalCode `json:"code"`
	Target  string      `json:"target,omitempty"`
	Kind    Kind        `json:"kind,omitempty"`
	Object  *ID         `json:"object,omitempty"`
	Name    string      `json:"name,omitempty"`
	Count   int         `json:"count,omitempty"`   // how much the plan takes away
	Allowed int         `json:"allowed,omitempty"` // how much it may
	Of      int         `json:"of,omitempty"`      // how much there is
	Path    org.Path    `json:"path,omitempty"`
	Detail  string      `json:"detail,omitempty"`
}

// Empty reports whether there is nothing to carry out.
func (p *Plan) Empty() bool { return len(p.Operations) == 0 }

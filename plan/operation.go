package plan

import "orgit.dk/orgit/org"

// Action is what an operation does to its object.
type Action string

// The actions.
const (
	ActionCreate Action = "create"
	ActionUpdate Action = "update"
	ActionRetire Action = "retire" // take out of use: disable, quarantine, make Inaktiv
	ActionDelete Action = "delete"
	// ActionAdopt makes an object orgit's that was there before, and changes what differs.
	ActionAdopt Action = "adopt"
)

// Origin says why a target differs from what the organisation asks.
type Origin string

// The origins.
const (
	// FromChange: the proposal that is planned asks for it.
	FromChange Origin = "change"
	// FromPending: it was approved earlier, or its day has come, and it has not been
	// carried out yet (godkendt, afventer).
	FromPending Origin = "pending"
	// FromDrift: it was carried out, and somebody changed the target since.
	FromDrift Origin = "drift"
)

// AttrChange is one attribute that an operation changes.
type AttrChange struct {
	Name    string   `json:"name"`
	Old     []string `json:"old,omitempty"`
	New     []string `json:"new,omitempty"`
	ShowOld string   `json:"showOld,omitempty"` // as people read it, when Old is a reference
	ShowNew string   `json:"showNew,omitempty"`
	Origin  Origin   `json:"origin"`
	Loss    Loss     `json:"loss,omitempty"`
	// Despite is the hold (Found.Held) that the files overrule with this value: the target
	// writes it while that is the reason, and none while there is another.
	Despite string     `json:"despite,omitempty"`
	Why     []org.Fact `json:"why,omitempty"`
}

// Operation is one change of one object, carried out whole or not at all as far as the
// target can.
type Operation struct {
	// ID is unique in the plan and the same for the same difference: target/kind/uuid,
	// with /link for the pass that sets references, /later for what a new object gets last,
	// /rest for what a closing leaves because it has to wait.
	ID     string       `json:"id"`
	Target string       `json:"target"`
	Object ID           `json:"object"`
	Name   string       `json:"name"`
	Ref    string       `json:"ref,omitempty"` // the target's handle when it was read
	Unit   string       `json:"unit,omitempty"`
	Entry  org.Path     `json:"entry,omitempty"`
	Action Action       `json:"action"`
	Attrs  []AttrChange `json:"attrs,omitempty"` // in order of name; all of them for a creation
	Origin Origin       `json:"origin"`
	Effect org.Day      `json:"effect"`          // the day from which the facts hold
	Loss   []Loss       `json:"loss,omitempty"`  // in order, each once
	Note   string       `json:"note,omitempty"`  // what it does beside the attributes: Object.Notes
	Why    []org.Fact   `json:"why,omitempty"`   // why the object comes, goes or is out of use
	Needs  []string     `json:"needs,omitempty"` // operations that must have succeeded first
	// LastResort is what may be done where the target refuses the change, in words that the
	// plan shows; empty when nothing may.
	LastResort string `json:"lastResort,omitempty"`
	// Signs are those by which an object that is adopted was recognised, Handle is what
	// names it in the target for ever, and Claim the attribute, among Attrs, by which it
	// becomes orgit's.
	Signs  []SignMatch `json:"signs,omitempty"`
	Handle string      `json:"handle,omitempty"`
	Claim  string      `json:"claim,omitempty"`
	// Digest is that of the object when it was read. It is empty when the object did not
	// exist, and for /link, /later and /rest, which come after an operation on the same
	// object: there the old values of the attributes decide.
	Digest string `json:"digest,omitempty"`
}

// LinkID is the ID of the operation that sets the references of the object that op makes,
// where the plan has one.
func (op *Operation) LinkID() string { return op.ID + linkSuffix }

// Attr returns the change of the attribute with the name, or nil.
func (op *Operation) Attr(name string) *AttrChange {
	for i := range op.Attrs {
		if op.Attrs[i].Name == name {
			return &op.Attrs[i]
		}
	}
	return nil
}

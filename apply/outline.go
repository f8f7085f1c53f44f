package apply

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"io"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// Outline is what a plan does to which object, as far as another plan can be held against it (WithinOutlines), and no more:
// evidence keeps it, which is for ever, so it names nobody. Of a value it has a digest, which tells whether another value is
// the same one.
type Outline struct {
	Salt       string             `json:"salt"` // a text of its own for each outline, part of every digest
	Operations []OutlineOperation `json:"operations,omitempty"`
}

// OutlineOperation is an operation of the plan, or what it shows for a later day.
type OutlineOperation struct {
	Target string        `json:"target"`
	Object plan.ID       `json:"object"`
	Day    org.Day       `json:"day,omitempty"`    // the later day; empty for an operation
	Action plan.Action   `json:"action,omitempty"` // empty where only the attributes are from the proposal
	Effect org.Day       `json:"effect,omitempty"`
	Handle string        `json:"handle,omitempty"`
	Loss   []plan.Loss   `json:"loss,omitempty"`
	Attrs  []OutlineAttr `json:"attrs,omitempty"`
}

// OutlineAttr is the change of an attribute.
type OutlineAttr struct {
	Name  string  `json:"name"`
	Value string  `json:"value"`          // the digest of its new value
	From  org.Day `json:"from,omitempty"` // the day from which it holds
}

// Brings tells of an attribute that stands in an operation which as a whole waits from before whether the proposal gives it
// another value than what is approved does.
type Brings func(target string, object plan.ID, attribute string) bool

// OutlineChanges is the outline of what a proposal's plan does because of the proposal. What waits from before is left out: to
// approve this proposal is not to approve that.
func OutlineChanges(p *plan.Plan, salt string, brings Brings) Outline {
	o := Outline{Salt: salt}
	for i := range p.Operations {
		op := &p.Operations[i]
		whole := op.Origin == plan.FromChange
		out := o.operation(op, func(a plan.AttrChange) bool {
			return a.Origin == plan.FromChange || !whole && brings(op.Target, op.Object, a.Name)
		})
		if !whole {
			out.Action, out.Effect, out.Handle, out.Loss = "", "", "", nil
			for _, a := range op.Attrs {
				if a.Loss != plan.LossNone && a.Origin == plan.FromChange {
					out.Loss = append(out.Loss, a.Loss)
				}
			}
		}
		if whole || len(out.Attrs) > 0 {
			o.Operations = append(o.Operations, out)
		}
	}
	for i := range p.Coming {
		if p.Coming[i].Origin == plan.FromChange {
			o.Operations = append(o.Operations, o.coming(&p.Coming[i]))
		}
	}
	return o
}

// OutlineAll is the outline of a whole plan, with what waits from before: of one that people have approved who may approve
// all of it.
func OutlineAll(p *plan.Plan, salt string) Outline {
	o := Outline{Salt: salt}
	for i := range p.Operations {
		o.Operations = append(o.Operations, o.operation(&p.Operations[i], func(plan.AttrChange) bool { return true }))
	}
	for i := range p.Coming {
		o.Operations = append(o.Operations, o.coming(&p.Coming[i]))
	}
	return o
}

func (o *Outline) operation(op *plan.Operation, keep func(plan.AttrChange) bool) OutlineOperation {
	out := OutlineOperation{Target: op.Target, Object: op.Object, Action: op.Action, Effect: op.Effect, Handle: op.Handle, Loss: op.Loss}
	for _, a := range op.Attrs {
		if keep(a) {
			out.Attrs = append(out.Attrs, o.attr(op.Target, op.Object, a))
		}
	}
	return out
}

func (o *Outline) coming(c *plan.Coming) OutlineOperation {
	out := OutlineOperation{Target: c.Target, Object: c.Object, Day: c.Day, Action: c.Action}
	for _, a := range c.Attrs {
		out.Loss = append(out.Loss, lossesComing(a)...)
		out.Attrs = append(out.Attrs, o.attr(c.Target, c.Object, a))
	}
	return out
}

func (o *Outline) attr(target string, object plan.ID, a plan.AttrChange) OutlineAttr {
	return OutlineAttr{Name: a.Name, Value: valueDigest(o.Salt, objectKey{target, object}, a.Name, a.New), From: attrDay(a)}
}

// valueDigest identifies the value of one attribute of one object within an outline. The same value elsewhere, or in another
// outline, has another digest.
func valueDigest(salt string, object objectKey, attribute string, values []string) string {
	h := sha256.New()
	for _, text := range append([]string{salt, object.target, string(object.id.Kind), string(object.id.UUID), attribute}, values...) {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(text)))
		h.Write(length[:])
		_, _ = io.WriteString(h, text) // a hash takes everything
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16])
}

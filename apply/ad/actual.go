package ad

import (
	"context"
	"fmt"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// Reader reads orgit's part of the directory. It cannot write.
type Reader struct{ k *connection }

// OpenReader connects for reading.
func OpenReader(ctx context.Context, c Config) (*Reader, error) {
	k, err := connect(ctx, c)
	if err != nil {
		return nil, err
	}
	return &Reader{k}, nil
}

// Close ends the connection.
func (r *Reader) Close() error { return r.k.Close() }

// Actual reads everything below the base DN, completely or not at all.
func (r *Reader) Actual(ctx context.Context) (plan.Actual, error) {
	attributes := r.k.attributes()
	if r.k.config.CPRAttribute != "" {
		attributes = append(attributes, r.k.config.CPRAttribute)
	}
	entries, err := r.k.subtree(ctx, "(objectClass=*)", attributes)
	if err != nil {
		return plan.Actual{}, fmt.Errorf("read %s: %w", r.k.config.BaseDN, err)
	}
	t := tree{k: r.k, byDN: map[string]*object{}, pins: map[*object]*pin{}, cpr: cprPersonsOf(r.k.config.CPR)}
	for _, e := range entries {
		o, err := r.k.parse(e)
		if err != nil {
			return plan.Actual{}, err
		}
		if !o.dn.EqualFold(r.k.base) {
			t.objects = append(t.objects, o)
			t.byDN[dnKey(o.dn)] = o
		}
	}
	return t.actual()
}

// tree is everything below the base DN.
type tree struct {
	k       *connection
	objects []*object
	byDN    map[string]*object
	pins    map[*object]*pin
	cpr     cprPersons // nil where accounts are not recognised by CPR numbers
}

// pin is what keeps an object of orgit's from being deleted.
type pin struct {
	count   int
	example string
}

func (t *tree) actual() (plan.Actual, error) {
	a := plan.Actual{Target: Target, Mark: func(id plan.ID) (string, string) {
		return t.k.config.Anchor, ownerMark(id.UUID)
	}}
	for _, o := range t.objects {
		if o.owned {
			continue
		}
		f, err := t.foreign(o)
		if err != nil {
			return plan.Actual{}, err
		}
		a.Foreign = append(a.Foreign, f.Masked())
		t.pin(o)
	}
	for _, o := range t.objects {
		if !o.owned {
			continue
		}
		f, err := o.found(t.refer)
		if err != nil {
			return plan.Actual{}, err
		}
		f.Pinned = schema.MaskCPR(t.pinned(o))
		f.Protected = t.k.protection(o)
		a.Objects = append(a.Objects, f)
	}
	return a, a.Sort()
}

// refer says what a DN is in the plan.
func (t *tree) refer(dn *ldap.DN) (reference, error) {
	if dn.EqualFold(t.k.base) {
		return reference{atBase, t.k.config.BaseDN}, nil
	}
	if o := t.byDN[dnKey(dn)]; o != nil && o.owned {
		return o.reference(), nil
	}
	return reference{foreignDN + dnKey(dn), firstValue(dn)}, nil
}

// reference is what an object of orgit's is called in the values of others.
func (o *object) reference() reference {
	show := o.GetEqualFoldAttributeValue("displayName")
	if show == "" {
		show = firstValue(o.dn)
	}
	return reference{o.id().String(), show}
}

// foreign is what the plan knows of an object that is not orgit's: that it is there, and
// which names it keeps from others.
func (t *tree) foreign(o *object) (plan.Foreign, error) {
	f := plan.Foreign{Kind: o.kind, Ref: o.DN, Name: firstValue(o.dn)}
	for _, name := range []string{attrLogin, attrUPN} {
		if v := o.GetEqualFoldAttributeValue(name); v != "" {
			f.Holds = append(f.Holds, map[string]string{name: v})
		}
	}
	at, err := t.refer(parentOf(o.dn))
	if err != nil {
		return f, err
	}
	for _, name := range []string{attrCN, attrOU} {
		if rdn := o.dn.RDNs[0].Attributes; len(rdn) == 1 && strings.EqualFold(rdn[0].Type, name) {
			f.Holds = append(f.Holds, map[string]string{attrContainer: at.value, name: f.Name})
		}
	}
	if f.Candidate, err = t.candidate(o); err != nil {
		return f, err
	}
	if len(o.anchor) >= len(ownPrefix) && o.anchor[:len(ownPrefix)] == ownPrefix {
		f.Note = t.k.config.Anchor + " begins like orgit's mark and is none: " + o.anchor
	}
	return f, nil
}

// pin keeps every object of orgit's above a foreign one from being deleted.
func (t *tree) pin(foreign *object) {
	for dn := parentOf(foreign.dn); len(dn.RDNs) > len(t.k.base.RDNs); dn = parentOf(dn) {
		above := t.byDN[dnKey(dn)]
		if above == nil || !above.owned {
			continue
		}
		if t.pins[above] == nil {
			t.pins[above] = &pin{example: foreign.DN}
		}
		p := t.pins[above]
		p.count++
		p.example = min(p.example, foreign.DN)
	}
}

func (t *tree) pinned(o *object) string {
	if p := t.pins[o]; p != nil {
		return fmt.Sprintf("it holds what is not orgit's: %s and %d more", p.example, p.count-1)
	}
	return ""
}

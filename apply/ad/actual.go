package ad

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"
	"golang.org/x/sync/errgroup"

	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// Reader reads orgit's part of the directory. It cannot write.
type Reader struct{ k *connection }

// OpenReader connects for reading.
func OpenReader(ctx context.Context, c Config) (*Reader, error) {
	k, err := connect(ctx, c, 1)
	if err != nil {
		return nil, err
	}
	return &Reader{k}, nil
}

// Close ends the connection.
func (r *Reader) Close() error { return r.k.Close() }

// Actual reads everything below the base DN, completely or not at all. With
// Config.Changes it asks for what changed since the last read, and gives the same.
func (r *Reader) Actual(ctx context.Context) (plan.Actual, error) {
	if err := r.k.checkSchema(ctx); err != nil {
		return plan.Actual{}, err
	}
	t, err := r.read(ctx)
	if err != nil {
		return plan.Actual{}, fmt.Errorf("read %s: %w", r.k.config.BaseDN, err)
	}
	a, err := t.actual()
	if err == nil {
		r.k.config.run.keepHandles(t.handles())
	}
	return a, err
}

func (r *Reader) read(ctx context.Context) (*tree, error) {
	switch {
	case !r.k.config.Changes:
	case r.k.config.CPRAttribute != "":
		// What is kept between two reads must hold no CPR number.
		r.k.config.Warn("accounts are recognised by CPR numbers, so everything is read")
	default:
		return r.k.readChanges(ctx)
	}
	return r.k.readAll(ctx)
}

// readAll reads the tree, and tries a second time when the answer is lost.
func (k *connection) readAll(ctx context.Context) (*tree, error) {
	t, err := k.readOnce(ctx)
	if isLost(err) && ctx.Err() == nil {
		t, err = k.readOnce(ctx)
	}
	return t, k.explainBase(err)
}

func (k *connection) readOnce(ctx context.Context) (*tree, error) {
	t := k.newTree()
	attributes := k.attributes()
	if k.config.CPRAttribute != "" {
		attributes = append(attributes, k.config.CPRAttribute)
	}
	return t, k.pages(ctx, k.below("(objectClass=*)", attributes), t.add)
}

func (k *connection) newTree() *tree {
	return &tree{k: k, byDN: map[string]*object{}, pins: map[*object]*pin{}, cpr: cprPersonsOf(k.config.CPR)}
}

// tree is everything below the base DN.
type tree struct {
	k       *connection
	root    *object // the base
	objects []*object
	byDN    map[string]*object
	pins    map[*object]*pin
	cpr     cprPersons // nil where accounts are not recognised by CPR numbers
}

// add puts an entry into the tree. The base is none of its objects.
func (t *tree) add(e *ldap.Entry) error {
	o, err := t.k.parse(e)
	if err != nil {
		return err
	}
	if o.dn.EqualFold(t.k.base) {
		t.root = o
		return nil
	}
	t.objects = append(t.objects, o)
	t.byDN[dnKey(o.dn)] = o
	return nil
}

// handles are those of what orgit owns.
func (t *tree) handles() map[plan.ID]string {
	handles := map[plan.ID]string{}
	for _, o := range t.objects {
		if o.owned {
			handles[o.id()] = o.handle()
		}
	}
	return handles
}

// pin is what keeps an object of orgit's from being deleted.
type pin struct {
	count   int
	example string
}

func (t *tree) actual() (plan.Actual, error) {
	a := plan.Actual{Target: t.k.config.Domain.Target(), Mark: func(id plan.ID) (string, string) {
		return t.k.config.Anchor, ownerMark(id.UUID)
	}, Fold: fold}
	for _, o := range t.objects {
		if o.owned {
			if o.hasPolicies() {
				t.pin(o) // what is kept for its policies keeps those above it
			}
			continue
		}
		f, err := t.foreign(o)
		if err != nil {
			return plan.Actual{}, err
		}
		a.Foreign = append(a.Foreign, f.Masked())
		t.pin(o)
	}
	var err error
	if a.Objects, err = t.found(); err != nil {
		return plan.Actual{}, err
	}
	return a, a.Sort()
}

// found gives the objects of orgit's as the plan knows them. The tree does not change any more, so each processor takes a part.
func (t *tree) found() ([]plan.Found, error) {
	owned := slices.DeleteFunc(slices.Clone(t.objects), func(o *object) bool { return !o.owned })
	found := make([]plan.Found, len(owned))
	var parts errgroup.Group
	size := len(owned)/runtime.GOMAXPROCS(0) + 1
	for from := 0; from < len(owned); from += size {
		parts.Go(func() (err error) {
			for i := from; i < min(from+size, len(owned)); i++ {
				if found[i], err = owned[i].found(t.refer); err != nil {
					return err
				}
				found[i].Pinned = schema.MaskCPR(t.pinned(owned[i]))
				found[i].Protected = t.k.protection(owned[i])
			}
			return nil
		})
	}
	return found, parts.Wait()
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

// hasPolicies reports whether group policies are linked to an OU.
func (o *object) hasPolicies() bool {
	return o.kind == KindOU && strings.TrimSpace(o.GetEqualFoldAttributeValue(attrGPLink)) != ""
}

// pin keeps every object of orgit's above one that stays from being deleted: above a
// foreign one, or an OU with group policies.
func (t *tree) pin(stays *object) {
	for dn := parentOf(stays.dn); len(dn.RDNs) > len(t.k.base.RDNs); dn = parentOf(dn) {
		above := t.byDN[dnKey(dn)]
		if above == nil || !above.owned {
			continue
		}
		if t.pins[above] == nil {
			t.pins[above] = &pin{example: stays.DN}
		}
		p := t.pins[above]
		p.count++
		p.example = min(p.example, stays.DN)
	}
}

func (t *tree) pinned(o *object) string {
	if p := t.pins[o]; p != nil {
		return fmt.Sprintf("it holds what stays, being not orgit's or an OU with group policies: %s and %d more", p.example, p.count-1)
	}
	if o.hasPolicies() {
		return "group policies are linked to it (gPLink); they would be gone with it"
	}
	return ""
}

package adtest

import (
	"slices"
	"strings"
)

// The kinds of modification, with RFC 4511's numbers.
const (
	addValues     = 0
	deleteValues  = 1
	replaceValues = 2
)

// modification is one step of a modify request.
type modification struct {
	kind int64
	attributeValues
}

// modify carries out a modify request: all of it or nothing.
func (d *directory) modify(dn string, steps []modification) *refusal {
	n, r := d.find(dn)
	if r != nil {
		return r
	}
	t := draftOf(n)
	for _, step := range steps {
		if r := d.step(&t, n, step); r != nil {
			return r
		}
	}
	if r := d.settlePassword(&t, n.first("pwdlastset")); r != nil {
		return r
	}
	if r := d.checkWhole(n, n.class, t); r != nil {
		return r
	}
	if !t.equals(n) {
		d.commit(n, t) // a change of nothing leaves uSNChanged alone
	}
	d.writes++
	return nil
}

func (d *directory) step(t *draft, n *node, m modification) *refusal {
	if strings.EqualFold(m.name, n.rdnType) || strings.EqualFold(m.name, "name") {
		return refuse(67, "Modify of RDN '%s' not permitted, must use 'rename' operation instead", m.name)
	}
	if strings.EqualFold(m.name, "objectClass") {
		return refuse(53, "objectClass cannot be changed")
	}
	a, r := d.writable(n.class, m.name)
	if r != nil {
		return r
	}
	if a.hidden {
		return d.stepPassword(t, m)
	}
	t.pwdAsked = t.pwdAsked || a.name == "pwdLastSet"
	if a.syntax == link {
		return d.stepLink(t, a, m)
	}
	return d.stepValue(t, a, m)
}

func (d *directory) stepValue(t *draft, a *attribute, m modification) *refusal {
	key := strings.ToLower(a.name)
	old := t.values[key]
	if m.kind != deleteValues {
		for _, v := range m.values {
			if r := d.checkValue(a, v); r != nil {
				return r
			}
		}
	}
	var next []string
	var r *refusal
	switch m.kind {
	case addValues:
		next, r = withAdded(a, old, m.values)
	case deleteValues:
		next, r = withDeleted(a, old, m.values)
	case replaceValues:
		next, r = slices.Clone(m.values), checkReplaced(a, len(m.values))
	default:
		return refuse(2, "unknown kind of modification")
	}
	if r != nil {
		return r
	}
	t.put(key, next)
	return nil
}

func indexFold(list []string, v string) int {
	return slices.IndexFunc(list, func(x string) bool { return strings.EqualFold(x, v) })
}

func withAdded(a *attribute, old, more []string) ([]string, *refusal) {
	if r := checkAdded(a, len(old), len(more)); r != nil {
		return nil, r
	}
	for _, v := range more {
		if indexFold(old, v) >= 0 {
			return nil, refuse(20, "attribute '%s': value already exists", a.name)
		}
	}
	return append(slices.Clone(old), more...), nil
}

// withDeleted takes values away; all of them when none is named.
func withDeleted(a *attribute, old, less []string) ([]string, *refusal) {
	if len(less) == 0 && len(old) == 0 {
		return nil, refuse(16, "no such attribute: '%s'", a.name)
	}
	if len(less) == 0 {
		return nil, nil
	}
	next := slices.Clone(old)
	for _, v := range less {
		i := indexFold(next, v)
		if i < 0 {
			return nil, refuse(16, "attribute '%s': no matching attribute value while deleting attribute", a.name)
		}
		next = slices.Delete(next, i, i+1)
	}
	return next, nil
}

func (t *draft) put(key string, values []string) {
	if len(values) == 0 {
		delete(t.values, key)
		return
	}
	t.values[key] = values
}

// checkAdded checks how many values an attribute would have after an add.
func checkAdded(a *attribute, old, more int) *refusal {
	switch {
	case more == 0:
		return refuse(19, "attribute '%s' specified, but with 0 values", a.name)
	case !a.multi && old > 0:
		return refuse(20, "SINGLE-VALUE attribute %s specified more than once", a.name)
	case !a.multi && more > 1:
		return refuse(20, "SINGLE-VALUE attribute %s specified more than once", a.name)
	}
	return nil
}

func (d *directory) stepLink(t *draft, a *attribute, m modification) *refusal {
	key := strings.ToLower(a.name)
	old := t.links[key]
	var targets []*node
	for _, v := range m.values {
		target, r := d.linkTarget(a, v)
		if r != nil && m.kind == deleteValues {
			r = refuse(noSuchValue(a), "attribute '%s': no such value", a.name)
		}
		if r != nil {
			return r
		}
		targets = append(targets, target)
	}
	next, r := targets, (*refusal)(nil)
	switch m.kind {
	case addValues:
		next, r = withLinked(a, old, targets)
	case deleteValues:
		next, r = withUnlinked(a, old, targets)
	case replaceValues:
		r = checkReplaced(a, len(targets))
	default:
		return refuse(2, "unknown kind of modification")
	}
	if r != nil {
		return r
	}
	if len(next) == 0 {
		delete(t.links, key)
	} else {
		t.links[key] = next
	}
	return nil
}

func withLinked(a *attribute, old, more []*node) ([]*node, *refusal) {
	for _, target := range more {
		if slices.Contains(old, target) {
			return nil, refuse(68, "Attribute %s already exists for target", a.name)
		}
	}
	return append(slices.Clone(old), more...), checkAdded(a, len(old), len(more))
}

// withUnlinked takes links away; all of them when none is named.
func withUnlinked(a *attribute, old, less []*node) ([]*node, *refusal) {
	if len(less) == 0 && len(old) == 0 {
		return nil, refuse(16, "no such attribute: '%s'", a.name)
	}
	if len(less) == 0 {
		return nil, nil
	}
	next := slices.Clone(old)
	for _, target := range less {
		i := slices.Index(next, target)
		if i < 0 {
			return nil, refuse(noSuchValue(a), "Attribute %s already deleted for target", a.name)
		}
		next = slices.Delete(next, i, i+1)
	}
	return next, nil
}

func checkReplaced(a *attribute, count int) *refusal {
	if !a.multi && count > 1 {
		return refuse(20, "SINGLE-VALUE attribute %s specified more than once", a.name)
	}
	return nil
}

// noSuchValue is the code for deleting a link value that is not there.
func noSuchValue(a *attribute) uint16 {
	if a.multi {
		return 53
	}
	return 16
}

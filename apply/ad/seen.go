package ad

import (
	"maps"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/plan"
)

// place is where an object stood when this run read or made it.
type place struct {
	dn  *ldap.DN
	ref reference
}

// keepHandles notes the handles that the run's reader saw, so that its writer need not
// read them again. What has become of them is seen when they are used.
func (r *run) keepHandles(known map[plan.ID]string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known = known
}

// handles are those that the reader saw, nil when it has not read.
func (r *run) handles() map[plan.ID]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.known)
}

// see notes an object as it was just read.
func (w *Writer) see(o *object) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.guids != nil {
		w.guids[o.id()] = o.handle()
	}
	w.note(o.id(), place{o.dn, o.reference()})
}

// made notes an object that was just made under a name. Its handle is not known yet: it is
// read when somebody asks for the object.
func (w *Writer) made(id plan.ID, name string, dn *ldap.DN) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.guids != nil {
		w.guids[id] = spell(dn)
	}
	w.note(id, place{dn, reference{id.String(), name}})
}

func (w *Writer) note(id plan.ID, p place) {
	if old, ok := w.seen[id]; ok {
		delete(w.refs, dnKey(old.dn))
	}
	w.seen[id] = p
	w.refs[dnKey(p.dn)] = id
}

// forget drops what is known of an object that is gone or not where it was.
func (w *Writer) forget(id plan.ID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.guids, id)
	w.drop(id)
}

func (w *Writer) drop(id plan.ID) {
	if old, ok := w.seen[id]; ok {
		delete(w.refs, dnKey(old.dn))
		delete(w.seen, id)
	}
}

// moved drops the names that are not right any more after an object has moved, and what
// was read under them.
func (w *Writer) moved(o *object) {
	w.mu.Lock()
	clear(w.last)
	w.mu.Unlock()
	if o.kind == KindOU {
		w.forgetAll()
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drop(o.id())
}

// forgetAll drops all names, and reports whether there were any.
func (w *Writer) forgetAll() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	had := len(w.seen) > 0
	clear(w.seen)
	clear(w.refs)
	return had
}

// placeOf is where an object stood, nil when that is not known.
func (w *Writer) placeOf(id plan.ID) *ldap.DN {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seen[id].dn
}

// referenceAt is what an object that is known to stand under a name is called in a plan.
func (w *Writer) referenceAt(dn *ldap.DN) (reference, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	id, ok := w.refs[dnKey(dn)]
	return w.seen[id].ref, ok
}

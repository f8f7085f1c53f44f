package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"

	"orgit.dk/orgit/org"
)

// Found is an object as it is in a target.
type Found struct {
	ID
	Name string // as the target shows it
	Ref  string // the target's own handle: a DN; never compared
	// Attrs are the attributes that orgit may own, by name, canonical as in Attr.Value.
	// An attribute that is missing has no value.
	Attrs map[string][]string
	// Shows are values as people read them, where Attrs hold references.
	Shows map[string]string
	// Uses are the objects of orgit's that it stands in or hangs on now, such as its
	// container: they are not removed before it has let go of them. References that may
	// run in circles (Attr.Link) are left out.
	Uses []ID
	// Out reports that the object is out of use already (disabled in quarantine,
	// Inaktiv); OutSince is the day since which, as the target keeps it.
	Out      bool
	OutSince org.Day
	// Held are attributes about which somebody outside orgit has decided, with the
	// reason: an account that an administrator closed. Orgit never changes them.
	Held map[string]string
	// Holds say more about entries of Held, where there is more to say.
	Holds map[string]Hold
	// Unfinished are attributes that orgit itself left to be written: a difference there
	// waits to be carried out, and is nobody's drift.
	Unfinished map[string]bool
	// Overruled are attributes that orgit had written otherwise, as its own marks in the target
	// say, and that somebody has changed since.
	Overruled map[string]bool
	// Pinned is why the object cannot be deleted now, such as foreign objects below it.
	Pinned string
	// Protected is why orgit may not change the object at all; empty when it may.
	Protected Protection
	// Handle is what names the object in the target for ever, where that is not ID.
	Handle string
}

// Digest identifies what the object's own attributes hold. Apply writes only while it is
// still the same.
func (f Found) Digest() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%t\x00%s\x00", f.ID, f.Out, f.OutSince)
	for _, name := range sortedKeys(f.Attrs) {
		fmt.Fprintf(h, "%q=%q\x00", name, f.Attrs[name])
	}
	for _, name := range sortedKeys(f.Held) {
		fmt.Fprintf(h, "held %q\x00", name)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Actual is everything that orgit may own in a target, read completely.
type Actual struct {
	Target  string
	Objects []Found   // in order of ID
	Foreign []Foreign // what is in orgit's part of the target and not orgit's, in order of Ref
	// Mark is the attribute and the value by which a foreign object becomes orgit's with an
	// identity; nil in a target that keeps no marks.
	Mark func(ID) (attribute, value string)
	// Fold makes two names equal that the target takes for one; nil: it compares without
	// regard to case.
	Fold func(name string) string
	// Unread is what was not read though it is asked for; nil: everything was.
	Unread *Unread
}

// Foreign is an object in orgit's part of a target that orgit does not own.
type Foreign struct {
	Kind Kind   `json:"kind,omitempty"`
	Ref  string `json:"ref"`
	Name string `json:"name,omitempty"`
	Note string `json:"note,omitempty"`
	// Holds is what it keeps others from having: each a set of attributes, such as a login
	// name, or a name and the place in which it is unique.
	Holds []map[string]string `json:"-"`
	// Candidate is what it may be recognised by; nil when it can be nothing that is asked for.
	Candidate *Candidate `json:"-"`
}

// Object returns the object with the identity, or nil.
func (a *Actual) Object(id ID) *Found {
	i, ok := sort.Find(len(a.Objects), func(i int) int { return id.Compare(a.Objects[i].ID) })
	if !ok {
		return nil
	}
	return &a.Objects[i]
}

// Sort puts what was found in order and refuses two objects that claim one identity.
func (a *Actual) Sort() error {
	if !inOrder(len(a.Objects), func(i, j int) int { return a.Objects[i].ID.Compare(a.Objects[j].ID) }) {
		slices.SortFunc(a.Objects, func(x, y Found) int { return x.ID.Compare(y.ID) })
	}
	for i := 1; i < len(a.Objects); i++ {
		if a.Objects[i].ID == a.Objects[i-1].ID {
			return fmt.Errorf("%s: two objects claim the identity %s: %s and %s",
				a.Target, a.Objects[i].ID, a.Objects[i-1].Ref, a.Objects[i].Ref)
		}
	}
	slices.SortFunc(a.Foreign, func(x, y Foreign) int { return cmp.Compare(x.Ref, y.Ref) })
	return nil
}

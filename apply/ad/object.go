package ad

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// The bit of userAccountControl for a disabled account, and what a new account gets: a
// normal one, disabled.
const (
	uacDisabled = 0x2
	uacNew      = 514
)

// rawNever is accountExpires of an account without an end; 0 means the same.
const rawNever = "9223372036854775807"

// secondsTo1970 lie between the beginnings of the directory's time (1601) and Unix's.
const secondsTo1970 = 11644473600

// object is an object as it was read.
type object struct {
	*ldap.Entry
	dn     *ldap.DN
	kind   plan.Kind // empty for what is neither OU nor user
	owner  org.UUID
	owned  bool // the anchor is orgit's
	anchor string
	mark   mark
	reads  []attribute // the plain attributes that were read of it
	marked string      // the mark as this writer has written it since; empty: as it was read
}

// attributes lists the attributes that are read of every object.
func (k *connection) attributes() []string {
	list := []string{"objectClass", "objectGUID", "name", "userAccountControl", "pwdLastSet", attrExpires, attrManager, "adminCount",
		"isCriticalSystemObject", "servicePrincipalName",
		k.config.Anchor, markAttribute(k.config.Anchor), attrGPLink}
	for _, a := range k.plain {
		list = append(list, a.name)
	}
	return list
}

// parse understands an entry.
func (k *connection) parse(e *ldap.Entry) (*object, error) {
	dn, err := ldap.ParseDN(e.DN)
	if err != nil {
		return nil, fmt.Errorf("read %s: its name cannot be understood: %w", e.DN, err)
	}
	o := &object{Entry: e, dn: dn, reads: k.plain, anchor: e.GetEqualFoldAttributeValue(k.config.Anchor)}
	o.owner, o.owned = parseOwner(o.anchor)
	o.mark = parseMark(e.GetEqualFoldAttributeValue(markAttribute(k.config.Anchor)))
	classes := e.GetEqualFoldAttributeValues("objectClass")
	is := func(class string) bool {
		return slices.ContainsFunc(classes, func(c string) bool { return strings.EqualFold(c, class) })
	}
	switch {
	case is("organizationalUnit"):
		o.kind = KindOU
	case is("user") && !is("computer"):
		o.kind = KindUser
	}
	o.owned = o.owned && o.kind != ""
	return o, nil
}

// id is the identity of an object of orgit's.
func (o *object) id() plan.ID { return plan.ID{Kind: o.kind, UUID: o.owner} }

// handle names the object in a request, whatever it is called by then.
func (o *object) handle() string {
	return fmt.Sprintf("<GUID=%x>", o.GetEqualFoldRawAttributeValue("objectGUID"))
}

// values are an attribute's values, nil when it has none.
func (o *object) values(name string) []string {
	if v := o.GetEqualFoldAttributeValues(name); len(v) > 0 {
		return v
	}
	return nil
}

// uac is userAccountControl.
func (o *object) uac() int64 {
	n, err := strconv.ParseInt(o.GetEqualFoldAttributeValue("userAccountControl"), 10, 64)
	if err != nil {
		return 0 // the directory gives every account one, and numbers only
	}
	return n
}

func (o *object) disabled() bool { return o.uac()&uacDisabled != 0 }

// reference is what another object is called in a plan, and how people read it.
type reference struct{ value, show string }

// found gives the object as the plan knows it, without anything that looks like a CPR
// number. refer says what an object with a DN is in the plan.
func (o *object) found(refer func(dn *ldap.DN) (reference, error)) (plan.Found, error) {
	f, err := o.read(refer)
	if err != nil {
		return plan.Found{}, err
	}
	return f.Masked(func(attribute, value string) bool {
		a, _ := plainNamed(attribute)
		return a.form == formPhone && schema.IsPhone(value)
	}), nil
}

func (o *object) read(refer func(dn *ldap.DN) (reference, error)) (plan.Found, error) {
	f := plan.Found{ID: o.id(), Name: firstValue(o.dn), Ref: o.DN, Handle: o.guid(), Attrs: map[string][]string{}, Shows: map[string]string{}}
	at, err := refer(parentOf(o.dn))
	if err != nil {
		return f, err
	}
	f.Attrs[attrContainer], f.Shows[attrContainer] = []string{at.value}, at.show
	if id, ok := parseID(at.value); ok {
		f.Uses = []plan.ID{id}
	}
	if o.kind == KindOU {
		f.Attrs[attrOU] = []string{f.Name}
		return f, nil
	}
	f.Attrs[attrCN] = []string{f.Name}
	for _, a := range o.reads {
		v := o.values(a.name)
		if a.set {
			v = slices.Sorted(slices.Values(v)) // the directory gives them in no order
		}
		if v != nil {
			f.Attrs[a.name] = v
		}
	}
	if v := o.values("displayName"); v != nil {
		f.Name = v[0]
	}
	if err := o.addManager(&f, refer); err != nil {
		return f, err
	}
	if f.Attrs[attrExpires], f.Shows[attrExpires], err = o.expires(); err != nil {
		return f, err
	}
	o.addState(&f)
	return f, nil
}

func (o *object) addManager(f *plan.Found, refer func(dn *ldap.DN) (reference, error)) error {
	v := o.values(attrManager)
	if v == nil {
		return nil
	}
	dn, err := ldap.ParseDN(v[0])
	if err != nil {
		return fmt.Errorf("read %s: its manager cannot be understood: %w", o.DN, err)
	}
	leader, err := refer(dn)
	if err != nil {
		return err
	}
	f.Attrs[attrManager], f.Shows[attrManager] = []string{leader.value}, leader.show
	return nil
}

// addState says whether the account is enabled, and by whose will it is not. An account
// that somebody else disabled and put into quarantine is out of use since nobody knows
// when, so it is never deleted.
func (o *object) addState(f *plan.Found) {
	switch {
	case !o.disabled():
		f.Attrs[attrEnabled] = []string{"true"}
	case o.mark.state != markNew:
		f.Attrs[attrEnabled] = []string{"false"}
	}
	if !o.disabled() && o.mark.state != "" {
		f.Overruled = map[string]bool{attrEnabled: true}
	}
	if reason, hold := o.held(); reason != "" {
		f.Held, f.Holds = map[string]string{attrEnabled: reason}, map[string]plan.Hold{attrEnabled: hold}
	}
	if !o.needsPassword() {
		f.Attrs[attrPassword] = []string{passwordGiven}
	}
	if o.disabled() && (o.mark.state == markNew || o.mark.state == markLifted || o.mark.first) {
		f.Unfinished = map[string]bool{attrEnabled: true}
	}
	if o.mark.suspended {
		f.Attrs[attrSuspended] = []string{"true"}
	}
	if o.disabled() && f.Attrs[attrContainer][0] == ownOU(quarantineRole).String() {
		f.Out = true
		if o.mark.state == markClosed && !o.mark.before { // what somebody else closed is theirs to delete
			f.OutSince = o.mark.since
		}
	}
}

// expires reads accountExpires, and gives it as people in the municipality read it too.
func (o *object) expires() (value []string, show string, err error) {
	text := expiresOf(o.GetEqualFoldAttributeValue(attrExpires))
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return []string{text}, "", nil // no end, or none that a calendar has
	}
	zone, err := org.Copenhagen()
	if err != nil {
		return nil, "", err
	}
	return []string{text}, at.In(zone).Format("2006-01-02 15:04"), nil
}

// oddExpires begins the form of an accountExpires that is no time in this calendar:
// one account with such a number must not keep all others from being read.
const oddExpires = "raw:"

// expiresOf reads the directory's count of 100 ns since 1601. No value, 0 and the
// greatest number mean that the account has no end.
func expiresOf(raw string) string {
	if raw == "" || raw == "0" || raw == rawNever {
		return neverExpires
	}
	n, err := strconv.ParseInt(raw, 10, 64)
	if err != nil {
		return oddExpires + raw
	}
	at := time.Unix(n/1e7-secondsTo1970, n%1e7*100).UTC()
	if at.Year() < 1601 || at.Year() > 9999 {
		return oddExpires + raw
	}
	return at.Format(time.RFC3339Nano)
}

// rawExpires writes an instant as accountExpires.
func rawExpires(value string) (string, error) {
	if value == neverExpires {
		return rawNever, nil
	}
	at, err := time.Parse(time.RFC3339Nano, value)
	if err != nil {
		return "", fmt.Errorf("accountExpires: %w", err)
	}
	if at = at.UTC(); at.Year() < 1601 || at.Year() > 9999 {
		return "", fmt.Errorf("accountExpires cannot lie in the year %d", at.Year())
	}
	return strconv.FormatInt((at.Unix()+secondsTo1970)*1e7+int64(at.Nanosecond()/100), 10), nil
}

// parseID reads a reference to an object of orgit's.
func parseID(value string) (plan.ID, bool) {
	kind, id, ok := strings.Cut(value, ":")
	if !ok || plan.Kind(kind) != KindOU && plan.Kind(kind) != KindUser {
		return plan.ID{}, false
	}
	return plan.ID{Kind: plan.Kind(kind), UUID: org.UUID(id)}, true
}

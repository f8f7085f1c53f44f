package ad

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// Reading by changes. The directory says by the DirSync control which objects of the domain
// have changed since a cookie, deleted ones too; those are read again, and with them what
// hangs on their names: what stands below one that moved, and whose leader it is. The
// control is asked without the flag by which a directory leaves out what orgit may not
// see, so that nothing can be missing: that takes the right "Replicating Directory Changes"
// (DS-Replication-Get-Changes) on the domain, which shows no passwords. Without it, and
// whenever something is odd, everything is read.

// matchNothing matches nothing: a read that wants only the cookie.
const matchNothing = `(objectGUID=\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00)`

// readChanges gives the tree as readAll does.
func (k *connection) readChanges(ctx context.Context) (*tree, error) {
	d, err := k.domain(ctx)
	if err != nil {
		k.config.Warn("everything is read: " + err.Error())
		return k.readAll(ctx)
	}
	t, cookie, err := k.fromSnapshot(ctx, d)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return nil, ctx.Err()
	default:
		k.config.Warn("everything is read: " + err.Error())
		// The cookie comes first: what changes during the read is told of the next time.
		if _, cookie, err = k.dirSync(ctx, d.root, nil, matchNothing); err != nil {
			k.config.Warn("nothing is kept for the next read: " + k.config.Domain.explain(err).Error())
			return k.readAll(ctx)
		}
		if t, err = k.readAll(ctx); err != nil {
			return nil, err
		}
	}
	s := &snapshot{Key: d.key, Cookie: cookie, entries: make(map[string]kept, len(t.objects)+1)}
	for _, o := range append([]*object{t.root}, t.objects...) {
		if o != nil {
			e := keep(o.Entry)
			s.entries[e.GUID] = e
		}
	}
	if err := s.store(k.config.CacheDir); err != nil {
		k.config.Warn("nothing is kept for the next read: " + err.Error())
	}
	return t, nil
}

// domain is whose changes are asked for.
type domain struct {
	root string // its DN
	key  string // of what is kept
}

// domain finds out which controller this is, and what a snapshot of it is called.
func (k *connection) domain(ctx context.Context) (domain, error) {
	if k.config.CacheDir == "" {
		return domain{}, errors.New("there is no folder to keep anything in; give ORGIT_CACHE_DIR")
	}
	dse, err := k.readOne(ctx, "", []string{"defaultNamingContext", "dsServiceName"})
	if err != nil || dse == nil {
		return domain{}, fmt.Errorf("the directory does not describe itself: %w", err)
	}
	root := dse.GetEqualFoldAttributeValue("defaultNamingContext")
	at, err := ldap.ParseDN(root)
	if err != nil || !at.EqualFold(k.base) && !at.AncestorOfFold(k.base) {
		return domain{}, fmt.Errorf("%s does not lie in the controller's domain %s", k.config.BaseDN, root)
	}
	service, err := k.readOne(ctx, dse.GetEqualFoldAttributeValue("dsServiceName"), []string{"invocationId"})
	if err != nil || service == nil || len(service.GetEqualFoldRawAttributeValue("invocationId")) == 0 {
		return domain{}, errors.New("the controller does not say which one it is (invocationId)")
	}
	h := sha256.New()
	fmt.Fprintf(h, "%x\x00%s\x00%q\x00%s", service.GetEqualFoldRawAttributeValue("invocationId"), dnKey(k.base), k.attributes(), k.config.Version)
	return domain{root, hex.EncodeToString(h.Sum(nil))}, nil
}

// dirSync asks what of a filter has changed since a cookie, and gives the next cookie.
func (k *connection) dirSync(ctx context.Context, root string, cookie []byte, filter string) (changed []*ldap.Entry, next []byte, err error) {
	attributes := append([]string{"parentGUID", "isDeleted", "objectGUID"}, k.attributes()...)
	err = k.request(ctx, func(c *session) error {
		for {
			q := ldap.NewSearchRequest(root, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, filter, attributes,
				[]ldap.Control{ldap.NewRequestControlDirSync(0, 0, cookie)})
			answer, err := c.Search(q)
			if err != nil {
				return err
			}
			changed = append(changed, answer.Entries...)
			said, ok := ldap.FindControl(answer.Controls, ldap.ControlTypeDirSync).(*ldap.ControlDirSync)
			if !ok || len(said.Cookie) == 0 {
				return fmt.Errorf("%w: the directory gives no cookie", errPartial)
			}
			cookie = said.Cookie
			if said.Flags == 0 {
				return nil
			}
		}
	})
	if hasCode(err, ldap.LDAPResultInsufficientAccessRights, ldap.LDAPResultUnwillingToPerform) {
		err = fmt.Errorf("orgit's account may not ask for changes; give it the right Replicating Directory Changes on the domain, or set read: \"full\": %w", err)
	}
	return changed, cookie, err
}

// fromSnapshot brings what was kept up to date.
func (k *connection) fromSnapshot(ctx context.Context, d domain) (*tree, []byte, error) {
	s, err := loadSnapshot(k.config.CacheDir, d.key)
	if err != nil {
		return nil, nil, err
	}
	changed, cookie, err := k.dirSync(ctx, d.root, s.Cookie, "(objectClass=*)")
	if err != nil {
		return nil, nil, err
	}
	u, err := newUpdate(k, s)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range changed {
		u.doubt(hex.EncodeToString(e.GetEqualFoldRawAttributeValue("objectGUID")))
	}
	if err := u.settle(ctx); err != nil {
		return nil, nil, err
	}
	t, err := u.tree()
	return t, cookie, err
}

// update is a snapshot on its way to the present.
type update struct {
	k       *connection
	objects map[string]*object // by GUID
	doubts  map[string]bool    // GUIDs whose object may not be as it is here
	fresh   map[string]bool    // GUIDs that were read just now
	gone    map[string]bool    // names, by dnKey, that are nobody's or another's by now
}

func newUpdate(k *connection, s *snapshot) (*update, error) {
	u := &update{k: k, objects: make(map[string]*object, len(s.entries)), doubts: map[string]bool{}, fresh: map[string]bool{}, gone: map[string]bool{}}
	for guid, one := range s.entries {
		if one.DN == "" {
			u.doubts[guid] = true
			continue
		}
		e, err := one.entry()
		if err != nil {
			return nil, err
		}
		if u.objects[guid], err = k.parse(e); err != nil {
			return nil, err
		}
	}
	return u, nil
}

// doubt wants an object read again.
func (u *update) doubt(guid string) {
	if guid != "" && !u.fresh[guid] {
		u.doubts[guid] = true
	}
}

// settle reads what is in doubt until nothing is: each reading can bring names into doubt.
func (u *update) settle(ctx context.Context) error {
	u.doubtLeaders()
	for len(u.doubts) > 0 {
		guids := slices.Sorted(maps.Keys(u.doubts))
		clear(u.doubts)
		found, err := u.k.byGUID(ctx, guids)
		if err != nil {
			return err
		}
		now := map[string]*object{}
		for _, e := range found {
			o, err := u.k.parse(e)
			if err != nil {
				return err
			}
			now[o.rawGUID()] = o
		}
		var moved []string
		for _, guid := range guids {
			u.fresh[guid] = true
			old, o := u.objects[guid], now[guid]
			if old == nil && o != nil || old != nil && (o == nil || !old.dn.EqualFold(o.dn)) {
				moved = append(moved, guid)
			}
			if old != nil && (o == nil || !old.dn.EqualFold(o.dn)) {
				u.gone[dnKey(old.dn)] = true
			}
			delete(u.objects, guid)
			if o != nil {
				u.objects[guid] = o
			}
		}
		if err := u.followMoves(ctx, moved, now); err != nil {
			return err
		}
		u.doubtLeaders()
	}
	return nil
}

// followMoves doubts what stood below objects that are elsewhere now, and what stands below
// them there.
func (u *update) followMoves(ctx context.Context, moved []string, now map[string]*object) error {
	if len(moved) == 0 {
		return nil
	}
	for guid, o := range u.objects {
		for dn := parentOf(o.dn); len(dn.RDNs) >= len(u.k.base.RDNs); dn = parentOf(dn) {
			if u.gone[dnKey(dn)] {
				u.doubt(guid)
				break
			}
		}
	}
	for _, guid := range moved {
		o := now[guid]
		if o == nil {
			continue
		}
		below, err := u.k.search(ctx, ldap.NewSearchRequest(o.DN, ldap.ScopeSingleLevel, ldap.NeverDerefAliases,
			0, 0, false, "(objectClass=*)", []string{"objectGUID"}, nil))
		if err != nil && !hasCode(err, ldap.LDAPResultNoSuchObject) {
			return err
		}
		for _, e := range below {
			u.doubt(hex.EncodeToString(e.GetEqualFoldRawAttributeValue("objectGUID")))
		}
	}
	return nil
}

// doubtLeaders doubts objects whose leader is not under its name any more, or stands outside,
// where nobody follows the name.
func (u *update) doubtLeaders() {
	names := make(map[string]bool, len(u.objects))
	for _, o := range u.objects {
		names[dnKey(o.dn)] = true
	}
	for guid, o := range u.objects {
		for _, leader := range o.values(attrManager) {
			dn, err := ldap.ParseDN(leader)
			if err != nil || !names[dnKey(dn)] || u.gone[dnKey(dn)] {
				u.doubt(guid)
			}
		}
	}
}

// tree is the result, which must hang together: everything stands in something.
func (u *update) tree() (*tree, error) {
	t := u.k.newTree()
	names := make(map[string]bool, len(u.objects))
	for _, guid := range slices.Sorted(maps.Keys(u.objects)) {
		o := u.objects[guid]
		key := dnKey(o.dn)
		if names[key] {
			return nil, fmt.Errorf("two objects are kept under one name")
		}
		names[key] = true
		if err := t.add(o.Entry); err != nil {
			return nil, err
		}
	}
	for _, o := range t.objects {
		if !names[dnKey(parentOf(o.dn))] {
			return nil, fmt.Errorf("an object is kept whose parent is not")
		}
	}
	if t.root == nil {
		return nil, errors.New("the base is not kept")
	}
	return t, nil
}

// byGUID reads objects below the base.
func (k *connection) byGUID(ctx context.Context, guids []string) ([]*ldap.Entry, error) {
	const atATime = 100
	var all []*ldap.Entry
	for some := range slices.Chunk(guids, atATime) {
		var filter strings.Builder
		filter.WriteString("(|")
		for _, guid := range some {
			filter.WriteString("(objectGUID=")
			for i := 0; i+1 < len(guid); i += 2 {
				filter.WriteString(`\` + guid[i:i+2])
			}
			filter.WriteString(")")
		}
		found, err := k.search(ctx, k.below(filter.String()+")", k.attributes()))
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// rawGUID is objectGUID in hexadecimal, as it stands.
func (o *object) rawGUID() string {
	return hex.EncodeToString(o.GetEqualFoldRawAttributeValue("objectGUID"))
}

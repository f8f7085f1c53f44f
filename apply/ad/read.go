package ad

import (
	"context"
	"fmt"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/apply"
)

// pageSize is how many objects the directory sends at a time; Windows gives at most 1,000.
const pageSize = 500

// pages reads what a search finds, page by page, and gives each object to take, which takes a page apart while the directory
// makes the next one. It pages always, since Windows cuts what is not paged. The read is complete when it returns nil:
// the directory has then said of every page whether another one follows. It is not tried
// again: take has seen a part by then. take is called in one goroutine, and not any more when pages has returned.
func (k *connection) pages(ctx context.Context, q *ldap.SearchRequest, take func(*ldap.Entry) error) error {
	read := make(chan [][]byte, 1)
	refused := make(chan error, 1) // what take says is nothing that the network said
	stop, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		err := takeAll(read, take)
		if err != nil {
			cancel()
		}
		refused <- err
	}()
	err := k.request(ctx, func(c *session) error {
		paging := ldap.NewControlPaging(pageSize)
		for more := true; more; {
			page, err := k.page(stop, c, q, paging)
			if err != nil {
				return err
			}
			select {
			case read <- page:
			case <-stop.Done():
				return stop.Err()
			}
			more = len(paging.Cookie) > 0
		}
		return nil
	})
	close(read)
	if taken := <-refused; taken != nil {
		return taken
	}
	return err
}

// takeAll gives the objects of pages, which are messages still, to take until it refuses one.
func takeAll(read <-chan [][]byte, take func(*ldap.Entry) error) error {
	for page := range read {
		for _, message := range page {
			e, err := decodeEntry(message)
			if err != nil {
				return err
			}
			if err := take(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// page reads the messages of the next page of a search; paging has no cookie any more when it was the last.
func (k *connection) page(ctx context.Context, c *session, q *ldap.SearchRequest, paging *ldap.ControlPaging) ([][]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	q.Controls = []ldap.Control{paging}
	c.wire.keep()
	page, err := c.Search(q)
	entries := c.wire.kept()
	if err != nil {
		return nil, err
	}
	if err := k.elsewhere(q, page.Referrals); err != nil {
		return nil, err
	}
	next, ok := ldap.FindControl(page.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging)
	if !ok {
		return nil, fmt.Errorf("%w: the directory does not say whether there is more than the page of %d objects that it sent", errPartial, len(entries))
	}
	paging.SetCookie(next.Cookie)
	return entries, nil
}

// elsewhere refuses an answer that says that a part of what was asked for is kept by
// another server. The configuration and the zones of DNS hang below a domain without being
// a part of it.
func (k *connection) elsewhere(q *ldap.SearchRequest, referrals []string) error {
	for _, r := range referrals {
		if !harmless(r) && strings.EqualFold(q.BaseDN, k.config.BaseDN) {
			return fmt.Errorf("%w: a part of %s is kept by another server (%s); choose a base DN below which everything is in one domain",
				errPartial, q.BaseDN, r)
		}
	}
	return nil
}

// harmless reports whether a reference leads to what holds no users of the domain.
func harmless(referral string) bool {
	_, dn, ok := strings.Cut(strings.TrimPrefix(strings.ToLower(referral), "ldap://"), "/")
	if !ok {
		return false
	}
	for _, part := range []string{"cn=configuration,", "dc=domaindnszones,", "dc=forestdnszones,"} {
		if strings.HasPrefix(dn, part) {
			return true
		}
	}
	return false
}

// search reads a few objects, and tries a second time when the answer is lost: reading
// changes nothing.
func (k *connection) search(ctx context.Context, q *ldap.SearchRequest) ([]*ldap.Entry, error) {
	var found []*ldap.Entry
	read := func() error {
		found = nil
		return k.pages(ctx, q, func(e *ldap.Entry) error {
			found = append(found, e)
			return nil
		})
	}
	err := read()
	if isLost(err) && ctx.Err() == nil {
		err = read()
	}
	if err != nil {
		return nil, err
	}
	return found, nil
}

// readOne reads the object with the DN, nil when there is none.
func (k *connection) readOne(ctx context.Context, dn string, attributes []string) (*ldap.Entry, error) {
	q := ldap.NewSearchRequest(dn, ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", attributes, nil)
	var found *ldap.SearchResult
	read := func() error {
		return k.request(ctx, func(c *session) (err error) {
			found, err = c.Search(q)
			return err
		})
	}
	err := read()
	if isLost(err) && ctx.Err() == nil {
		err = read()
	}
	if hasCode(err, ldap.LDAPResultNoSuchObject) || err == nil && len(found.Entries) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return found.Entries[0], nil
}

// below asks for what a filter finds below the base DN.
func (k *connection) below(filter string, attributes []string) *ldap.SearchRequest {
	return ldap.NewSearchRequest(k.config.BaseDN, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, filter, attributes, nil)
}

// subtree reads what a filter finds below the base DN.
func (k *connection) subtree(ctx context.Context, filter string, attributes []string) ([]*ldap.Entry, error) {
	entries, err := k.search(ctx, k.below(filter, attributes))
	return entries, k.explainBase(err)
}

// explainBase says what an error of reading below the base DN means.
func (k *connection) explainBase(err error) error {
	switch {
	case hasCode(err, ldap.LDAPResultNoSuchObject):
		return fmt.Errorf("%w: the base DN %s does not exist, or orgit may not see it; make it, or correct %s.baseDN: %w",
			ErrNotConfigured, k.config.BaseDN, k.config.Domain.setting(), err)
	case hasCode(err, ldap.LDAPResultReferral):
		return fmt.Errorf("%w: the base DN %s lies on another server: %w", apply.ErrUnreachable, k.config.BaseDN, err)
	}
	return k.config.Domain.explain(err)
}

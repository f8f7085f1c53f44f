package ad

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/directory"
)

// SourceOptions say how the domain is read as a register, over a connection or from a file: as its settings say.
func (x Domain) SourceOptions(s *org.ADSettings) directory.Options {
	return directory.Options{
		Source: x.System(), System: x.System(), BaseDN: s.BaseDN, Anchor: s.Anchor, CPR: cprAttribute(s),
		Grace:  time.Duration(s.GraceHours) * time.Hour,
		OwnOUs: []org.UUID{ownOU(quarantineRole).UUID, ownOU(usersRole).UUID},
	}
}

// Source reads the directory as a register: everything below the base DN, completely or not at all. Options that are
// left empty follow the configuration. What the login may not see is not there for it, and nothing says so: the login
// must be one that sees every account.
func Source(ctx context.Context, c Config, o directory.Options) (_ *source.Extract, err error) {
	k, err := connect(ctx, c, 1)
	if err != nil {
		return nil, err
	}
	defer func() {
		if closing := k.Close(); err == nil && closing != nil {
			k.config.Warn("the connection did not end well: " + closing.Error()) // all had been read by then
		}
	}()
	o.BaseDN, o.Anchor = k.config.BaseDN, k.config.Anchor
	o.Document = cmp.Or(o.Document, k.config.address())
	o.CPR = cmp.Or(o.CPR, k.config.CPRAttribute)
	if o.Day == "" {
		if o.Day, err = org.DayOf(k.config.Now()); err != nil {
			return nil, err
		}
	}
	x, err := k.source(ctx, o)
	if isLost(err) && ctx.Err() == nil {
		x, err = k.source(ctx, o)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", k.config.BaseDN, k.explainBase(err))
	}
	return x, nil
}

// source reads once. What was collected when an answer is lost is thrown away.
func (k *connection) source(ctx context.Context, o directory.Options) (*source.Extract, error) {
	all, err := directory.NewCollector(o)
	if err != nil {
		return nil, err
	}
	err = k.pages(ctx, k.below("(objectClass=*)", directory.Attributes(o)), func(e *ldap.Entry) error { return all.Add(registerEntry(e)) })
	if err != nil {
		return nil, err
	}
	return all.Extract()
}

// registerEntry is an entry as package directory knows it. Windows adds to the name of an attribute with very many values which of them it gives.
func registerEntry(e *ldap.Entry) directory.Entry {
	entry := directory.Entry{DN: e.DN}
	for _, a := range e.Attributes {
		name, _, _ := strings.Cut(a.Name, ";range=")
		entry.Add(name, a.Values...)
	}
	return entry
}

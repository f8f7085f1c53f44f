package directory

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/payroll"
	"orgit.dk/orgit/schema"
)

// Codes of notes of this reader's own; it writes some of package payroll's too.
const (
	NoteOutside    = "outside"          // entries that are not below the base DN
	NoteOther      = "other-objects"    // computers, contacts, groups and other objects
	NoteService    = "service-account"  // an account that programs run as
	NoteUnnamed    = "unnamed-account"  // an account on which nothing says whose it is
	NoteProtected  = "protected"        // an account that the directory protects as an administrator's
	NoteState      = "state"            // an account of which it cannot be read whether it is disabled
	NoteExpires    = "expires"          // an account whose end is no day
	NoteManager    = "unknown-manager"  // a manager who is nobody in the extract
	NoteSameNumber = "same-number"      // an employee number on accounts that are not known to be one person's
	NoteEmployee   = "employee-number"  // an employee number that is none
	NoteNotAUnit   = "account-not-unit" // accounts that stand in no OU
)

// ErrIncomplete is the error for entries that cannot be all that there is.
var ErrIncomplete = errors.New("the directory was not read whole")

// FromLDIF reads a file in LDIF: all of it, or an error.
func FromLDIF(r io.Reader, o Options) (*source.Extract, error) {
	c, err := NewCollector(o)
	if err != nil {
		return nil, err
	}
	if err := ReadLDIF(r, Attributes(o), c.Add); err != nil {
		return nil, fmt.Errorf("read %s: %w", o.Document, err)
	}
	return c.Extract()
}

// Collector makes an extract of entries: Add takes each, in any order, and Extract gives the
// result when all have been read. A Collector is good for one read.
type Collector struct {
	o        Options
	base     *ldap.DN
	notes    payroll.Notes
	places   map[string]*place // everything below the base, by key
	guids    map[org.UUID]bool
	accounts []*account
	outside  int
	others   map[string]int // what is neither unit nor account, by what it is called
}

// place is an object and where it stands.
type place struct {
	above string // key of the object above
	dn    string // of a unit, as it is written
	guid  org.UUID
	unit  *source.Unit // nil for what is no unit
	own   bool         // an OU of orgit's own, for accounts without a unit
}

// NewCollector makes a collector. The error is for options that cannot be followed.
func NewCollector(o Options) (*Collector, error) {
	o, base, err := o.check()
	if err != nil {
		return nil, fmt.Errorf("read a directory: %w", err)
	}
	return &Collector{o: o, base: base, places: map[string]*place{}, guids: map[org.UUID]bool{}, others: map[string]int{}}, nil
}

// Add takes an entry. The error is for one without which the directory is not whole.
func (c *Collector) Add(e Entry) error {
	dn, err := ldap.ParseDN(e.DN)
	if err != nil || len(dn.RDNs) == 0 || strings.ContainsRune(e.DN, '\uFFFD') {
		return errors.New("the DN of an entry cannot be understood")
	}
	at := key(dn)
	if !c.base.EqualFold(dn) && !c.base.AncestorOfFold(dn) {
		c.outside++
		return nil
	}
	if within(at, c.o.Skip) {
		return nil
	}
	if c.places[at] != nil {
		return fmt.Errorf("%w: an entry occurs twice", ErrIncomplete)
	}
	p := &place{above: key(&ldap.DN{RDNs: dn.RDNs[1:]})}
	c.places[at] = p
	switch {
	case c.base.EqualFold(dn), e.is("organizationalUnit"):
		return c.unit(&e, dn, p)
	case e.is("user") && !e.is("computer"):
		return c.account(&e, at, p)
	}
	c.others[called(&e)]++
	return nil
}

// called is what people call an object that is neither unit nor account.
func called(e *Entry) string {
	for _, kind := range [][2]string{{"computer", "computere"}, {"contact", "kontakter"}, {"group", "grupper"}, {"container", "beholdere"}} {
		if e.is(kind[0]) {
			return kind[1]
		}
	}
	return "andre objekter"
}

// guid gives the objectGUID, without which nothing can be known again.
func (c *Collector) guid(e *Entry) (org.UUID, error) {
	id, ok := GUID(e.first("objectGUID"))
	switch {
	case !ok:
		return "", fmt.Errorf("%w: an entry has no objectGUID; export that attribute too", ErrIncomplete)
	case c.guids[id]:
		return "", fmt.Errorf("%w: two entries have the objectGUID %s", ErrIncomplete, id)
	}
	c.guids[id] = true
	return id, nil
}

// unit takes the base, or an OU.
func (c *Collector) unit(e *Entry, dn *ldap.DN, p *place) (err error) {
	if p.guid, err = c.guid(e); err != nil {
		return err
	}
	mark := markOf(e.first(c.o.Anchor))
	if slices.Contains(c.o.OwnOUs, mark) && mark != "" {
		p.own = true
		return nil
	}
	name := e.first("ou")
	if name == "" {
		name = dn.RDNs[0].Attributes[0].Value
	}
	p.dn = e.DN
	origin := source.Origin{Document: c.o.Document, Line: e.Line, Record: schema.MaskCPR(e.DN)}
	p.unit = &source.Unit{ID: string(p.guid), UUID: mark, Origin: origin, States: []source.UnitState{{Name: c.notes.Text(origin, "ou", name)}}}
	return nil
}

// Extract gives the extract. The error is for entries that cannot be the whole directory.
func (c *Collector) Extract() (*source.Extract, error) {
	if err := c.whole(); err != nil {
		return nil, fmt.Errorf("read %s: %w", c.o.Document, err)
	}
	x := &source.Extract{Source: c.o.Source, Name: c.o.Name, Day: c.o.Day,
		Says: source.Says{Tree: true, Accounts: true, CPR: c.o.CPR != ""}}
	for at, p := range c.places {
		if p.unit == nil {
			continue
		}
		if at != key(c.base) {
			above, _ := c.unitAbove(p)
			p.unit.States[0].Parent = above
		}
		x.Units = append(x.Units, *p.unit)
	}
	slices.SortFunc(c.accounts, func(a, b *account) int { return strings.Compare(string(a.guid), string(b.guid)) })
	if c.people(x); len(x.People) == 0 {
		return nil, fmt.Errorf("read %s: %w: none of %d user accounts is a person's", c.o.Document, ErrIncomplete, len(c.accounts))
	}
	c.count()
	x.Notes = c.notes.List()
	x.Sort()
	return x, x.Check()
}

// whole refuses what shows that entries are missing.
func (c *Collector) whole() error {
	if c.places[key(c.base)] == nil {
		return fmt.Errorf("%w: the base %s is not among the entries", ErrIncomplete, c.o.BaseDN)
	}
	for at, p := range c.places {
		if at != key(c.base) && c.places[p.above] == nil {
			return fmt.Errorf("%w: what stands in %s is there, and that itself is not; export everything below the base, with the filter (objectClass=*)",
				ErrIncomplete, schema.MaskCPR(p.above))
		}
	}
	if len(c.accounts) == 0 {
		return fmt.Errorf("%w: there is no user account", ErrIncomplete)
	}
	return nil
}

// unitAbove is the ID of the unit in which an object stands; direct is false where that is not the object
// next above it. There is none below an OU of orgit's own.
func (c *Collector) unitAbove(p *place) (id string, direct bool) {
	direct = true
	for above := c.places[p.above]; above != nil; above = c.places[above.above] {
		if above.own {
			return "", true
		}
		if above.unit != nil {
			return above.unit.ID, direct
		}
		direct = false
	}
	return "", false
}

// count notes how many objects were not taken.
func (c *Collector) count() {
	at := source.Origin{Document: c.o.Document}
	if c.outside > 0 {
		c.notes.Add(at, NoteOutside, "%d objekter ligger uden for %s og er ikke taget med.", c.outside, c.o.BaseDN)
	}
	for _, kind := range []string{"computere", "kontakter", "grupper", "beholdere", "andre objekter"} {
		if n := c.others[kind]; n > 0 {
			c.notes.Add(at, NoteOther, "%d %s er ikke taget med.", n, kind)
		}
	}
}

package source

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

// Extract is what one register says.
type Extract struct {
	Source  string  // key of the source in the settings: opus, sd, ad, os2mo
	Name    string  // what people call it: "OPUS", "SD-Løn", "AD"
	Day     org.Day // the day on which the register said this, in Copenhagen
	Says    Says
	Classes []Class      // the classes that the register has names for, by kind and ID
	Units   []Unit       // in order of ID
	People  []Person     // in order of ID
	Leaders []Leadership // in order of ID
	Notes   []Note       // what was read and could not be used, in order of where it stands
}

// Says is what a register is able to say. A field that it is not able to say is no
// difference from a register that says it.
type Says struct {
	Tree         bool // which unit is above which
	Leaders      bool
	Engagements  bool // paid jobs, by number
	Accounts     bool
	Associations bool
	History      bool // what was before Day
	Future       bool // what comes after Day
	Numbers      bool // employee numbers
	CPR          bool
}

// Class is a choice in a list of the register's: a title, a type of unit or engagement.
type Class struct {
	Kind string // unitType, title, engagementType, associationType, managerRole, leaveType, system
	ID   string // as records refer to it
	UUID org.UUID
	Name string
	Code string // what payroll and people know it by, where that is not its ID
}

// Kinds of classes.
const (
	ClassUnitType        = "unitType"
	ClassTitle           = "title"
	ClassEngagementType  = "engagementType"
	ClassAssociationType = "associationType"
	ClassManagerRole     = "managerRole"
	ClassSystem          = "system" // an IT system; accounts refer to it
)

// Origin is where a register says something. It never holds a name or a CPR number.
type Origin struct {
	Document string // the file, request or collection
	Line     int    // from 1; 0 where there are no lines
	Record   string // the record in the register's words: "employee 1003", "unit 22", a DN without its people
}

// String gives the origin as people look it up: document, line, record.
func (o Origin) String() string {
	var parts []string
	if o.Document != "" {
		at := o.Document
		if o.Line > 0 {
			at = fmt.Sprintf("%s:%d", at, o.Line)
		}
		parts = append(parts, at)
	}
	if o.Record != "" {
		parts = append(parts, o.Record)
	}
	return strings.Join(parts, ", ")
}

// Note is something that was read and not taken, or taken with doubt.
type Note struct {
	Origin
	Code string // what kind of note it is, one of a few of the reader's own, for counting and for tests
	Text string // one Danish sentence for HR; no CPR number
}

// Sort brings an extract into its order. Readers call it last.
func (x *Extract) Sort() {
	slices.SortFunc(x.Classes, func(a, b Class) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(x.Units, func(a, b Unit) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(x.People, func(a, b Person) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(x.Leaders, func(a, b Leadership) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortStableFunc(x.Notes, func(a, b Note) int {
		return cmp.Or(cmp.Compare(a.Document, b.Document), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Record, b.Record))
	})
}

// Check says what is wrong with the extract as such: identifiers that occur twice, periods
// out of order, a CPR number outside its place. It is the reader's fault, not the register's.
func (x *Extract) Check() error {
	c := checker{seen: map[string]bool{}}
	for _, u := range x.Units {
		c.identifier("unit", u.ID)
		c.order("unit "+u.ID, periods(u.States))
		c.texts(u.Origin.Document, u.Origin.Record)
	}
	for _, p := range x.People {
		c.identifier("person", p.ID)
		c.order("person "+p.ID, periods(p.States))
		c.texts(p.Origin.Document, p.Origin.Record)
		for _, e := range p.Engagements {
			c.identifier("engagement", e.ID)
			c.order("engagement "+e.ID, periods(e.States))
		}
	}
	for _, l := range x.Leaders {
		c.identifier("leadership", l.ID)
	}
	for _, n := range x.Notes {
		c.texts(n.Document, n.Record, n.Text)
	}
	return c.err
}

type checker struct {
	seen map[string]bool
	err  error
}

func (c *checker) fault(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("extract: %s", schema.MaskCPR(fmt.Sprintf(format, args...)))
	}
}

func (c *checker) identifier(kind, id string) {
	switch {
	case id == "":
		c.fault("%s without an identifier", kind)
	case c.seen[kind+" "+id]:
		c.fault("%s %s occurs twice", kind, id)
	}
	c.seen[kind+" "+id] = true
	c.texts(id)
}

func (c *checker) order(what string, list []org.Period) {
	for i, p := range list {
		if p.To != "" && p.From > p.To || i > 0 && (list[i-1].To == "" || list[i-1].To >= p.From) {
			c.fault("the periods of %s are not in order", what)
		}
	}
}

func (c *checker) texts(list ...string) {
	for _, text := range list {
		if len(schema.FindCPR(text)) > 0 {
			c.fault("what looks like a CPR number stands outside its place: %s", text)
		}
	}
}

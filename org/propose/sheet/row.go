package sheet

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/spreadsheet"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/schema"
)

// reader reads the rows of one file.
type reader struct {
	o     *org.Organisation
	today org.Day
	made  map[string]string // keys of units that rows make, by their small name; empty where several rows do
}

// announce notes the unit that a row makes.
func (r *reader) announce(row spreadsheet.Row, columns []string) {
	value := func(heading string) string {
		if i := slices.Index(columns, heading); i >= 0 && i < len(row.Cells) {
			return row.Cells[i]
		}
		return ""
	}
	if !strings.EqualFold(value(headDo), newUnit) || value(headUnitName) == "" {
		return
	}
	name := strings.ToLower(value(headUnitName))
	if _, twice := r.made[name]; twice {
		r.made[name] = ""
		return
	}
	r.made[name] = propose.KeyOf(name)
}

// cells are the filled cells of a row, by heading.
type cells struct {
	line   spreadsheet.Row
	at     map[string]int
	texts  map[string]string
	faults []Fault
}

func (c *cells) fault(heading, format string, args ...any) {
	f := Fault{Row: c.line.Number, Text: schema.MaskCPR(fmt.Sprintf(format, args...))}
	if column, ok := c.at[heading]; ok {
		f.Cell, f.Heading = spreadsheet.CellName(c.line.Number, column), heading
	}
	c.faults = append(c.faults, f)
}

// row reads one row.
func (r *reader) row(row spreadsheet.Row, columns []string) (propose.Change, []Fault) {
	c := &cells{line: row, at: map[string]int{}, texts: map[string]string{}}
	for i, heading := range columns {
		if heading != "" {
			c.at[heading] = i
		}
		if i < len(row.Cells) && heading != "" && row.Cells[i] != "" {
			c.texts[heading] = row.Cells[i]
		}
	}
	for i, text := range row.Cells {
		if text != "" && (i >= len(columns) || columns[i] == "") {
			c.faults = append(c.faults, Fault{Row: row.Number, Cell: spreadsheet.CellName(row.Number, i), Text: "står i en kolonne uden overskrift"})
		}
	}
	k, ok := r.kind(c)
	if !ok {
		return propose.Change{}, c.faults
	}
	for _, heading := range k.needs {
		if c.texts[heading] == "" && !(heading == headFrom && c.corrects(k)) {
			c.fault(heading, "%s mangler; %s skal have den", heading, k.name)
		}
	}
	for _, heading := range columns {
		if c.texts[heading] != "" && heading != headDo && !slices.Contains(k.needs, heading) && !slices.Contains(k.may, heading) {
			c.fault(heading, "bruges ikke ved %s; slet den, eller vælg en anden ændring", k.name)
		}
	}
	change := r.change(c, k)
	if strings.EqualFold(change.Login, noAccount) {
		change.Login, change.NoAccount = "", true
	}
	return change, c.faults
}

// corrects reports whether the row says that it always was so: then it needs no day from which it is.
func (c *cells) corrects(k kind) bool {
	return slices.Contains(k.may, headCorrect) && isYes(c.texts[headCorrect])
}

func (r *reader) kind(c *cells) (kind, bool) {
	text := c.texts[headDo]
	var names []string
	for _, k := range kinds() {
		if strings.EqualFold(k.name, text) {
			return k, true
		}
		names = append(names, k.name)
	}
	if text == "" {
		c.fault(headDo, "skriv, hvilken ændring det er: %s", strings.Join(names, ", "))
		return kind{}, false
	}
	if near := schema.Nearest(text, names); near != "" {
		c.fault(headDo, "%q er ingen ændring; mente du %s?", text, near)
	} else {
		c.fault(headDo, "%q er ingen ændring; vælg en af %s", text, strings.Join(names, ", "))
	}
	return kind{}, false
}

// change reads the values of a row.
func (r *reader) change(c *cells, k kind) propose.Change {
	classes := r.o.Settings.Classes
	p := propose.Change{
		Do: k.do, Engagement: c.texts[headEngagement],
		Title: c.class(headTitle, classes.Titles), Fraction: c.fraction(), Primary: c.yes(headPrimary),
		ClosesAccounts: c.yes(headCloses), Correct: c.yes(headCorrect),
		Person: r.person(c, k), Unit: r.unit(c, headUnit), Parent: r.unit(c, headParent), Successor: r.unit(c, headSuccessor),
		From: c.day(headFrom),
	}
	p.Name = org.Name{Given: c.texts[headGiven], Surname: c.texts[headSurname], Called: r.called(c, k, p)}
	p.Login, p.UnitName, p.Addresses = c.texts[headLogin], c.texts[headUnitName], c.addresses()
	p.Type = c.class(headType, classes.EngagementTypes) + c.class(headUnitType, classes.UnitTypes)
	until := c.day(headUntil)
	if k.do == propose.DoLeave || k.do == propose.DoCloseUnit {
		p.Last = until
	} else {
		p.Until = until
	}
	if p.Until != "" && p.From != "" && p.Until < p.From {
		c.fault(headUntil, "ligger før %q", headFrom)
	}
	r.whole(c, k, &p)
	return p
}

// called is the name to show: of somebody who gets another name the one that they have, unless the cell says something else.
func (r *reader) called(c *cells, k kind, change propose.Change) string {
	text := c.texts[headCalled]
	switch who := r.o.Person(change.Person); {
	case k.do == propose.DoName && strings.EqualFold(text, takeAway):
		return ""
	case k.do == propose.DoName && text == "" && who != nil:
		return who.At(cmp.Or(change.From, r.today)).Name.Called
	}
	return text
}

// whole looks at what cells say together.
func (r *reader) whole(c *cells, k kind, p *propose.Change) {
	named := p.Name.Given + p.Name.Surname + p.Name.Called + p.Login
	switch {
	case k.do == propose.DoHire && c.isNew() && (p.Name.Given == "" || p.Name.Surname == ""):
		c.fault(headGiven, "skriv fornavn og efternavn på en ny medarbejder, eller personens nøgle for en, der er ansat i forvejen")
	case k.do == propose.DoHire && !c.isNew() && named != "":
		c.fault(headPerson, "er en, der er ansat i forvejen, så navn og brugernavn skal ikke udfyldes")
	case k.do == propose.DoCreateUnit && p.UnitName != "":
		p.Key = propose.KeyOf(p.UnitName)
		if r.made[strings.ToLower(p.UnitName)] == "" {
			c.fault(headUnitName, "oprettes to gange i arket")
		}
	case (k.do == propose.DoContact || k.do == propose.DoUnitContact) && len(p.Addresses) == 0:
		c.fault(headDo, "ved %s skal mindst én oplysning være udfyldt; skriv \"fjern\" for at fjerne en", k.name)
	}
}

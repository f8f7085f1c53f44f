package view

import (
	"bufio"
	_ "embed" // the page's parts
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/agenda"
)

var (
	//go:embed page.gohtml
	pageTemplate string
	//go:embed page.css
	pageStyle string
	//go:embed page.js
	pageScript string
)

// page is what the template shows. It is in Danish whatever the agenda's language is; a command
// makes the agenda for it in Danish.
type page struct {
	Title     string
	Style     template.CSS
	Script    template.JS
	Registers []pageRegister
	Total     string   // empty: nothing
	Units     []string // to filter by
	Sections  []section
	Lead      string // the heading of the leading register's column
	Other     string
	Several   bool // there are several other registers, so a cell says which
}

type pageRegister struct {
	Name, Date    string
	Leads         bool
	Units, People string
	Found         string // how much of it the leading register has too
	Notes         string // how many
	NoteList      []agenda.Note
}

type section struct {
	Anchor, Heading, Help, Subject string
	Units                          bool // of units: no column for the unit
	Doubled                        bool // both sides are of one register
	Named                          bool // a cell says which register it is of
	Lead, Other                    string
	Rows                           []row
}

type row struct {
	ID, Name, Unit string
	Lead, Other    cell
	Why            []string
}

type cell struct {
	Text, Register, Origin string
	Absent                 bool
}

// HTML writes the page.
func HTML(to io.Writer, a *agenda.Agenda) error {
	t, err := template.New("page").Parse(pageTemplate)
	if err != nil {
		return fmt.Errorf("read the page's template: %w", err)
	}
	out := bufio.NewWriterSize(to, 1<<16)
	if err := t.Execute(out, pageOf(a)); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

func pageOf(a *agenda.Agenda) page {
	// The parts are this package's own and nobody else's text: they may stand in the page as they are.
	p := page{Title: title(a), Style: template.CSS(pageStyle), Script: template.JS(pageScript), Lead: a.Registers[0].Name, Other: "Andet register"}
	for i, r := range a.Registers {
		register := pageRegister{Name: r.Name, Date: change.Day(r.Day, "da"), Leads: i == 0, Units: units(r.Units, "da"), People: people(r.People, "da")}
		if i > 0 {
			register.Found = units(a.Found[i-1].Units, "da") + " og " + people(a.Found[i-1].People, "da")
		}
		if len(r.Notes) > 0 {
			register.NoteList, register.Notes = r.Notes, counted(len(r.Notes), phrase{da: "bemærkning"}, phrase{da: "bemærkninger"}, "da")
		}
		p.Registers = append(p.Registers, register)
	}
	if len(a.Items) > 0 {
		p.Total = counted(len(a.Items), phrase{da: "punkt"}, phrase{da: "punkter"}, "da")
	}
	if p.Several = len(a.Registers) > 2; !p.Several {
		p.Other = a.Registers[1].Name
	}
	for _, kind := range agenda.Kinds() {
		if items := a.Of(kind); len(items) > 0 {
			p.Sections = append(p.Sections, p.section(kind, items))
		}
	}
	p.Units = unitNames(a)
	return p
}

func (p page) section(kind compare.Kind, items []agenda.Item) section {
	s := section{Anchor: strings.ReplaceAll(string(kind), " ", "-"), Heading: agenda.Heading(kind, "da"), Help: agenda.Help(kind, "da"),
		Subject: "Person", Units: agenda.OfUnits(kind), Doubled: kind == compare.Doubled, Lead: p.Lead, Other: p.Other}
	if s.Named = p.Several || s.Doubled; s.Units {
		s.Subject = "Enhed"
	}
	if s.Doubled {
		s.Lead, s.Other = "Den ene", "Den anden"
	}
	for _, item := range items {
		s.Rows = append(s.Rows, row{ID: item.ID, Name: item.Name, Unit: strings.Join(item.Units, ", "), Lead: cellOf(item.Lead), Other: cellOf(item.Other), Why: item.Why})
	}
	return s
}

func cellOf(s agenda.Side) cell {
	return cell{Text: s.Text, Register: s.Register, Origin: s.Origin, Absent: s.Source == ""}
}

// unitNames are the units that items are about, for the filter.
func unitNames(a *agenda.Agenda) []string {
	seen := map[string]bool{}
	var names []string
	for _, item := range a.Items {
		for _, name := range item.Units {
			if !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	slices.SortFunc(names, org.DanishOrder())
	return names
}

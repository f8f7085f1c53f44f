package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/org"
)

const listHelp = `List what is valid on a day: units, people (one line for each engagement and
association), leaders (with vacancies) or accounts.`

type listOptions struct {
	question
	what string
	unit string
}

func newListCmd(env environment) *cobra.Command {
	var opts listOptions
	kinds := []string{"units", "people", "leaders", "accounts"}
	cmd := &cobra.Command{
		Use:       "list {units|people|leaders|accounts}",
		Short:     "List units, people, leaders or accounts on a day",
		Long:      listHelp,
		ValidArgs: kinds,
		Example: `  orgit list people --unit oestre-skole
  orgit list leaders --on 2027-01-01 --json`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(kinds, args[0]) {
				return invalidInput(fmt.Errorf("%q cannot be listed", args[0]), "one of "+strings.Join(kinds, ", "))
			}
			opts.what = args[0]
			return runList(env, opts)
		},
	}
	opts.addFlags(cmd)
	cmd.Flags().StringVar(&opts.unit, "unit", "", "only this unit (a `KEY`) and the units below it")
	return cmd
}

func runList(env environment, opts listOptions) error {
	view, err := opts.view(env)
	if err != nil {
		return err
	}
	units := view.Roots()
	if opts.unit != "" {
		u := view.Unit(opts.unit)
		if u == nil {
			return noSuchUnit(view, opts.unit)
		}
		units = []*org.UnitView{u}
	}
	l := lister{view: view, words: wordsFor(view)}
	t := l.table(opts.what, inTree(units))
	if opts.json {
		return writeJSON(env.stdout, t.rows)
	}
	return t.print(env.stdout, l.words)
}

// inTree returns the units and all below them in the order of the tree.
func inTree(units []*org.UnitView) []*org.UnitView {
	var list []*org.UnitView
	for _, u := range units {
		list = append(list, u)
		list = append(list, inTree(u.Below())...)
	}
	return list
}

// table is rows under columns. A row is what a program gets as JSON; its cells are what
// people read.
type table struct {
	labels []string
	rows   []row
}

type row interface{ cells(words) []string }

func (t *table) print(w io.Writer, words words) error {
	var text strings.Builder
	tw := tabwriter.NewWriter(&text, 0, 4, 2, ' ', 0)
	fmt.Fprintln(tw, strings.Join(t.labels, "\t"))
	for _, row := range t.rows {
		fmt.Fprintln(tw, strings.Join(row.cells(words), "\t"))
	}
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("write the list: %w", err)
	}
	for line := range strings.Lines(text.String()) {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return fmt.Errorf("write the list: %w", err)
		}
	}
	return nil
}

type lister struct {
	view  *org.View
	words words
}

func (l *lister) table(what string, units []*org.UnitView) table {
	switch what {
	case "people":
		return l.people(units)
	case "leaders":
		return l.leaders(units)
	case "accounts":
		return l.accounts(units)
	}
	return l.units(units)
}

type unitRow struct {
	Key        string   `json:"key"`
	UUID       org.UUID `json:"uuid"`
	Name       string   `json:"name"`
	Type       string   `json:"type"`
	TypeName   string   `json:"typeName"`
	Parent     string   `json:"parent,omitempty"`
	ParentName string   `json:"parentName,omitempty"`
	People     int      `json:"people"`
}

func (r unitRow) cells(words) []string {
	return []string{r.Key, r.Name, r.TypeName, r.ParentName, fmt.Sprint(r.People)}
}

func (l *lister) units(units []*org.UnitView) table {
	w := l.words
	t := table{labels: []string{w.key, w.unit, w.kind, w.above, capital(w.people)}, rows: []row{}}
	types := l.view.Organisation().Settings.Classes.UnitTypes
	for _, u := range units {
		r := unitRow{Key: u.Key, UUID: u.UUID, Name: u.Name, Type: u.Type, TypeName: types[u.Type].Name, People: headCount(u)}
		if u.Above != nil {
			r.Parent, r.ParentName = u.Above.Key, u.Above.Name
		}
		t.rows = append(t.rows, r)
	}
	return t
}

// personRow is an engagement or an association: one of the two has its key.
type personRow struct {
	Person      string  `json:"person"`
	Name        string  `json:"name"`
	Title       string  `json:"title"`
	Engagement  string  `json:"engagement,omitempty"`
	Association string  `json:"association,omitempty"`
	Unit        string  `json:"unit"`
	UnitName    string  `json:"unitName"`
	From        org.Day `json:"from,omitempty"`
	To          org.Day `json:"to,omitempty"`
	Number      string  `json:"number,omitempty"`
	OnLeave     bool    `json:"onLeave,omitempty"`
}

func (r personRow) cells(w words) []string {
	title := r.Title
	if r.OnLeave {
		title += " (" + w.onLeave + ")"
	}
	return []string{r.Person, r.Name, title, r.UnitName, string(r.From), string(r.To), r.Number}
}

func (l *lister) people(units []*org.UnitView) table {
	w := l.words
	t := table{labels: []string{w.key, w.name, w.title, w.unit, capital(w.since), capital(w.until), w.number}, rows: []row{}}
	for _, u := range units {
		for _, p := range byName(u.Posts()) {
			r := personRow{
				Person: p.Person.Key, Name: p.Person.Name.Full(), Title: l.view.Title(p), Unit: u.Key, UnitName: u.Name,
				From: p.Period().From, To: p.Period().To, OnLeave: p.Leave != nil,
			}
			if p.Association != nil {
				r.Association = p.Key()
			} else if r.Engagement = p.Key(); p.Engagement.Payroll != nil {
				r.Number = p.Engagement.Payroll.Number
			}
			t.rows = append(t.rows, r)
		}
	}
	return t
}

// leaderRow is a leader of a unit, a vacancy, or the leader of a unit above whom it
// inherits. A unit that nobody leads has no person.
type leaderRow struct {
	Unit      string  `json:"unit"`
	UnitName  string  `json:"unitName"`
	Person    string  `json:"person,omitempty"`
	Name      string  `json:"name,omitempty"`
	Role      string  `json:"role,omitempty"`
	RoleName  string  `json:"roleName,omitempty"`
	From      org.Day `json:"from,omitempty"`
	To        org.Day `json:"to,omitempty"`
	Vacant    bool    `json:"vacant,omitempty"`
	Inherited bool    `json:"inherited,omitempty"`
}

func (r leaderRow) cells(w words) []string {
	name := r.Name
	switch {
	case r.Vacant:
		name = w.vacant
	case r.Inherited:
		name += " (" + w.inherited + ")"
	}
	return []string{r.Unit, r.UnitName, r.Person, name, r.RoleName, string(r.From), string(r.To)}
}

func (l *lister) leaders(units []*org.UnitView) table {
	w := l.words
	t := table{labels: []string{w.key, w.unit, w.person, w.name, w.role, capital(w.since), capital(w.until)}, rows: []row{}}
	roles := l.view.Organisation().Settings.Classes.ManagerRoles
	for _, u := range units {
		for _, m := range u.Managers {
			r := leaderRow{Unit: u.Key, UnitName: u.Name, From: m.From, To: m.To, Vacant: m.Vacant}
			if !m.Vacant {
				r.Person, r.Role, r.RoleName = m.Person, m.Role, roles[m.Role].Name
			}
			if s := l.view.Person(m.Person); s != nil {
				r.Name = s.Name.Full()
			}
			t.rows = append(t.rows, r)
		}
		if len(u.Managers) == 0 {
			r := leaderRow{Unit: u.Key, UnitName: u.Name}
			if m := l.view.LeaderOf(u, ""); m != nil {
				r.Person, r.Name, r.Inherited = m.Person, l.view.Person(m.Person).Name.Full(), true
			}
			t.rows = append(t.rows, r)
		}
	}
	return t
}

type accountRow struct {
	Login    string   `json:"login"`
	System   string   `json:"system"`
	Kind     string   `json:"kind"`
	Person   string   `json:"person"`
	Name     string   `json:"name"`
	Unit     string   `json:"unit"`
	UnitName string   `json:"unitName"`
	UUID     org.UUID `json:"uuid"`
}

func (r accountRow) cells(w words) []string {
	return []string{r.Login, r.System, w.accountKind(r.Kind), r.Person, r.Name, r.UnitName, string(r.UUID)}
}

func (l *lister) accounts(units []*org.UnitView) table {
	w := l.words
	t := table{labels: []string{w.login, w.system, w.kind, w.person, w.name, w.unit, w.uuid}, rows: []row{}}
	for _, u := range units {
		for _, post := range byName(u.Posts()) {
			for _, a := range post.Person.Accounts {
				holder := org.Holder{Person: l.view.Organisation().Person(post.Person.Key)}
				main, ok := post.Person.PrimaryPost(a.At(l.view.Day).For...)
				tenure, open := holder.TenureOn(a, l.view.Day, 0)
				if !ok || !open || main.UUID() != post.UUID() || !tenure.Contains(l.view.Day) {
					continue
				}
				at := a.At(l.view.Day)
				t.rows = append(t.rows, accountRow{
					Login: at.Name, System: at.System, Kind: at.Kind, Person: post.Person.Key, Name: post.Person.Name.Full(),
					Unit: u.Key, UnitName: u.Name, UUID: a.UUID(),
				})
			}
		}
	}
	return t
}

// byName puts posts in the order in which people look for names.
func byName(posts []org.Post) []org.Post {
	order, sorted := org.DanishOrder(), slices.Clone(posts)
	slices.SortStableFunc(sorted, func(a, b org.Post) int { return order(a.Person.Name.Full(), b.Person.Name.Full()) })
	return sorted
}

// headCount is how many people are in a unit: two jobs there are one person.
func headCount(u *org.UnitView) int {
	people := map[string]bool{}
	for _, p := range u.Posts() {
		people[p.Person.Key] = true
	}
	return len(people)
}

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
		return writeJSON(env.stdout, t.objects())
	}
	return t.print(env.stdout)
}

// inTree returns the units and all below them in the order of the tree.
func inTree(units []*org.UnitView) []*org.UnitView {
	var list []*org.UnitView
	for _, u := range units {
		list = append(list, u)
		list = append(list, inTree(u.Below)...)
	}
	return list
}

// table is rows under columns; a column has a name for programs and a label for people.
type table struct {
	names, labels []string
	rows          [][]string
}

func (t *table) print(w io.Writer) error {
	var text strings.Builder
	tw := tabwriter.NewWriter(&text, 0, 4, 2, ' ', 0)
	fmt.Fprintln(tw, strings.Join(t.labels, "\t"))
	for _, row := range t.rows {
		fmt.Fprintln(tw, strings.Join(row, "\t"))
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

func (t *table) objects() []map[string]string {
	list := make([]map[string]string, 0, len(t.rows))
	for _, row := range t.rows {
		o := map[string]string{}
		for i, name := range t.names {
			if row[i] != "" {
				o[name] = row[i]
			}
		}
		list = append(list, o)
	}
	return list
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

func (l *lister) units(units []*org.UnitView) table {
	w := l.words
	t := table{names: []string{"key", "name", "type", "parent", "posts"}, labels: []string{w.key, w.unit, w.kind, w.above, w.people}}
	types := l.view.Organisation().Settings.Classes.UnitTypes
	for _, u := range units {
		t.rows = append(t.rows, []string{u.Key, u.Name, types[u.Type].Name, nameOf(u.Above), fmt.Sprint(len(u.Posts))})
	}
	return t
}

func nameOf(u *org.UnitView) string {
	if u == nil {
		return ""
	}
	return u.Name
}

func (l *lister) people(units []*org.UnitView) table {
	w := l.words
	t := table{
		names:  []string{"key", "name", "title", "unit", "from", "to", "number"},
		labels: []string{w.key, w.name, w.title, w.unit, w.since, w.until, w.number},
	}
	for _, u := range units {
		for _, p := range u.Posts {
			number := ""
			if p.Engagement != nil && p.Engagement.Payroll != nil {
				number = p.Engagement.Payroll.Number
			}
			t.rows = append(t.rows, []string{
				p.Person.Key, p.Person.Name.Full(), l.view.Title(p), u.Name,
				string(p.Period().From), string(p.Period().To), number,
			})
		}
	}
	return t
}

func (l *lister) leaders(units []*org.UnitView) table {
	w := l.words
	t := table{
		names:  []string{"unit", "unitName", "person", "name", "role", "from", "to"},
		labels: []string{w.key, w.unit, w.key, w.name, w.kind, w.since, w.until},
	}
	roles := l.view.Organisation().Settings.Classes.ManagerRoles
	for _, u := range units {
		for _, m := range u.Managers {
			row := []string{u.Key, u.Name, m.Person, w.vacant, roles[m.Role].Name, string(m.From), string(m.To)}
			if s := l.view.Person(m.Person); s != nil {
				row[3] = s.Name.Full()
			}
			if m.Vacant {
				row[4] = ""
			}
			t.rows = append(t.rows, row)
		}
		if len(u.Managers) == 0 {
			row := []string{u.Key, u.Name, "", "", "", "", ""}
			if m := l.view.LeaderOf(u, ""); m != nil {
				row[2], row[3] = m.Person, l.view.Person(m.Person).Name.Full()+" ("+w.inherited+")"
			}
			t.rows = append(t.rows, row)
		}
	}
	return t
}

func (l *lister) accounts(units []*org.UnitView) table {
	w := l.words
	t := table{
		names:  []string{"login", "system", "kind", "person", "name", "unit", "uuid"},
		labels: []string{w.login, w.system, w.kind, w.key, w.name, w.unit, w.uuid},
	}
	for _, u := range units {
		for _, post := range u.Posts {
			for _, a := range post.Person.Accounts {
				holder := org.Holder{Person: l.view.Organisation().Person(post.Person.Key)}
				main, ok := post.Person.PrimaryPost(a.At(l.view.Day).For...)
				tenure, open := holder.TenureOn(a, l.view.Day, 0)
				if !ok || !open || main.Key() != post.Key() || !tenure.Contains(l.view.Day) {
					continue
				}
				at := a.At(l.view.Day)
				t.rows = append(t.rows, []string{
					at.Name, at.System, at.Kind, post.Person.Key, post.Person.Name.Full(), u.Name, string(a.UUID()),
				})
			}
		}
	}
	return t
}

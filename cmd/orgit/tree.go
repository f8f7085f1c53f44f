package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/org"
)

const treeHelp = `Show the tree of units as it is valid on a day, with leaders and head-counts.
Without UNIT (a key) the whole tree is shown.`

type treeOptions struct {
	question
	unit   string
	depth  int
	people bool
}

func newTreeCmd(env environment) *cobra.Command {
	var opts treeOptions
	cmd := &cobra.Command{
		Use:   "tree [UNIT]",
		Short: "Show the tree of units on a day",
		Long:  treeHelp,
		Example: `  orgit tree
  orgit tree boern-og-unge --on 2027-01-01 --people`,
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				opts.unit = args[0]
			}
			if opts.depth < 0 {
				return invalidInput(fmt.Errorf("--depth: %d is no number of levels", opts.depth), "give 1 or more, or 0 for all")
			}
			return runTree(env, opts)
		},
	}
	opts.addFlags(cmd)
	cmd.Flags().IntVar(&opts.depth, "depth", 0, "show at most `N` levels; 0 means all")
	cmd.Flags().BoolVar(&opts.people, "people", false, "show who works in each unit")
	return cmd
}

func runTree(env environment, opts treeOptions) error {
	view, err := opts.view(env)
	if err != nil {
		return err
	}
	roots := view.Roots()
	if opts.unit != "" {
		u := view.Unit(opts.unit)
		if u == nil {
			return noSuchUnit(view, opts.unit)
		}
		roots = []*org.UnitView{u}
	}
	if opts.json {
		return writeJSON(env.stdout, treeJSON(view, roots, opts))
	}
	t := treePrinter{out: env.stdout, view: view, words: wordsFor(view), opts: opts}
	fmt.Fprintf(env.stdout, "%s, %s\n", view.Organisation().Settings.Name, t.words.date(view.Day))
	if len(roots) == 0 {
		fmt.Fprintln(env.stdout, t.words.noUnits)
	}
	t.level("", roots, 1)
	return nil
}

func noSuchUnit(view *org.View, key string) error {
	u := view.Organisation().Unit(key)
	if u == nil {
		return invalidInput(fmt.Errorf("there is no unit with the key %q", key), "`orgit list units` lists the keys; `orgit show TEXT` searches")
	}
	return invalidInput(fmt.Errorf("the unit %s (%s) is not valid on %s: it is valid from %s to %s",
		u.Name, key, view.Day, orOpen(u.From), orOpen(u.To)), "give another day with --on")
}

func orOpen(d org.Day) string {
	if d == "" {
		return "open"
	}
	return string(d)
}

type treePrinter struct {
	out   io.Writer
	view  *org.View
	words words
	opts  treeOptions
}

func (t *treePrinter) level(indent string, units []*org.UnitView, depth int) {
	for i, u := range units {
		branch, below := "├─ ", "│  "
		if i == len(units)-1 {
			branch, below = "└─ ", "   "
		}
		fmt.Fprintf(t.out, "%s%s%s\n", indent, branch, t.line(u))
		deeper := len(u.Below()) > 0 && (t.opts.depth == 0 || depth < t.opts.depth)
		if t.opts.people {
			t.posts(indent+below, u, deeper)
		}
		if deeper {
			t.level(indent+below, u.Below(), depth+1)
		}
	}
}

func (t *treePrinter) line(u *org.UnitView) string {
	parts := []string{u.Name}
	if m := t.view.Manager(u); m != nil {
		parts = append(parts, t.words.leader+" "+t.view.Person(m.Person).Name.Full())
	} else if u.Vacant() {
		parts = append(parts, t.words.vacant)
	}
	if n := headCount(u); n > 0 {
		parts = append(parts, t.words.count(n))
	}
	return strings.Join(parts, " · ")
}

// posts writes who works in a unit; the line of the tree goes on beside them when units
// follow.
func (t *treePrinter) posts(indent string, u *org.UnitView, followed bool) {
	if followed {
		indent += "│  "
	} else {
		indent += "   "
	}
	for _, p := range byName(u.Posts()) {
		line := p.Person.Name.Full() + ", " + t.view.Title(p)
		if p.Leave != nil {
			line += " (" + t.words.onLeave + ")"
		}
		fmt.Fprintf(t.out, "%s%s\n", indent, line)
	}
}

type unitTree struct {
	Key    string       `json:"key"`
	UUID   org.UUID     `json:"uuid"`
	Name   string       `json:"name"`
	Leader string       `json:"leader,omitempty"` // key of the person
	Vacant bool         `json:"vacant,omitempty"`
	Count  int          `json:"people"`
	Staff  []unitPerson `json:"staff,omitempty"` // with --people
	Below  []unitTree   `json:"below,omitempty"`
}

type unitPerson struct {
	Person  string `json:"person"`
	Name    string `json:"name"`
	Title   string `json:"title"`
	OnLeave bool   `json:"onLeave,omitempty"`
}

func treeJSON(view *org.View, units []*org.UnitView, opts treeOptions) []unitTree {
	list := make([]unitTree, 0, len(units))
	for _, u := range units {
		node := unitTree{Key: u.Key, UUID: u.UUID, Name: u.Name, Vacant: u.Vacant(), Count: headCount(u)}
		if m := view.Manager(u); m != nil {
			node.Leader = m.Person
		}
		if opts.people {
			for _, p := range byName(u.Posts()) {
				node.Staff = append(node.Staff, unitPerson{p.Person.Key, p.Person.Name.Full(), view.Title(p), p.Leave != nil})
			}
		}
		if opts.depth != 1 {
			deeper := opts
			deeper.depth = max(opts.depth-1, 0)
			node.Below = treeJSON(view, u.Below(), deeper)
		}
		list = append(list, node)
	}
	return list
}

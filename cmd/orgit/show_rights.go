package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/rights"
)

const showRightsHelp = `Show what one person may do on a day: the job-function roles that they hold, what these are
narrowed to, and what is taken away from them again. With --why, each is followed by the
way that leads to it, with the file and line of every step. TEXT is what orgit show takes.`

type showRightsOptions struct {
	question
	text string
	why  bool
}

func newShowRightsCmd(env environment) *cobra.Command {
	var opts showRightsOptions
	cmd := &cobra.Command{
		Use:     "rights TEXT",
		Short:   "Show what a person may do on a day, and why",
		Long:    showRightsHelp,
		Example: `  orgit show rights p7k3f9q --why --on 2026-12-05`,
		Args:    exactly(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if opts.text, err = soughtText(args[0]); err != nil {
				return err
			}
			return runShowRights(env, opts)
		},
	}
	opts.addFlags(cmd)
	cmd.Flags().BoolVar(&opts.why, "why", false, "show the way that leads to each, with file and line")
	return cmd
}

func runShowRights(env environment, opts showRightsOptions) error {
	view, err := opts.view(env)
	if err != nil {
		return err
	}
	h, err := oneHit(env, view.Organisation(), opts.text)
	if err != nil {
		return err
	}
	if h.person == nil {
		return invalidInput(fmt.Errorf("%s (%s) is no person", h.name(), h.key()), "rights belong to people: `orgit show` shows units and robots")
	}
	c := newRightsCard(view, h.person)
	if opts.json {
		return writeJSON(env.stdout, c)
	}
	c.print(env.stdout, wordsFor(view), opts.why)
	return nil
}

// rightsCard is what somebody may do on a day, for programs and for print.
type rightsCard struct {
	Key      string      `json:"key"`
	Name     string      `json:"name"`
	Day      org.Day     `json:"day"`
	Jobs     []rightsJob `json:"jobs"`
	Denied   []rightsJob `json:"denied"`
	Excepted []rightsWay `json:"excepted"`
}

// rightsJob is a job that is held, or taken away by what By tells.
type rightsJob struct {
	Job       org.JobRef   `json:"job"`
	Name      string       `json:"name"`
	System    string       `json:"system"`
	Sensitive string       `json:"sensitive"`
	Roles     []rightsRole `json:"roles,omitempty"`
	Why       []rightsWay  `json:"why"`
	By        []rightsWay  `json:"by,omitempty"`
}

type rightsRole struct {
	Role        string             `json:"role"`
	Name        string             `json:"name"`
	Outweighed  bool               `json:"outweighed"`
	Constraints []rightsConstraint `json:"constraints,omitempty"`
}

type rightsConstraint struct {
	Constraint string   `json:"constraint"`
	Name       string   `json:"name"`
	Values     []string `json:"values"` // none: no data at all
	shown      []string // as people call them
}

// rightsWay is how an assignment reaches somebody, step by step.
type rightsWay []rightsStep

type rightsStep struct {
	Kind     string   `json:"kind"` // assignment, group, unit, post, leadership or except
	Key      string   `json:"key"`
	Name     string   `json:"name,omitempty"`
	Path     org.Path `json:"path"`
	Position string   `json:"position"`
}

func newRightsCard(view *org.View, stated *org.Person) *rightsCard {
	p, o := stated.At(view.Day), view.Organisation()
	c := &rightsCard{Key: p.Key, Name: p.Name.Full(), Day: view.Day, Jobs: []rightsJob{}, Denied: []rightsJob{}, Excepted: []rightsWay{}}
	h := rights.On(view).Of(p.Key)
	if h == nil {
		return c
	}
	for _, held := range h.Jobs {
		j := newRightsJob(view, held.Job, held.Reasons)
		for _, r := range held.Roles {
			role := rightsRole{Role: r.Key, Name: r.Name, Outweighed: r.Outweighed}
			for _, k := range r.Constraints {
				role.Constraints = append(role.Constraints, rightsConstraint{k.Key, k.Name, append([]string{}, k.Values...), shownValues(view, k)})
			}
			j.Roles = append(j.Roles, role)
		}
		c.Jobs = append(c.Jobs, j)
	}
	for _, d := range h.Denied {
		j := newRightsJob(view, d.Job, d.Reasons)
		for _, r := range d.By {
			j.By = append(j.By, newRightsWay(o, r))
		}
		c.Denied = append(c.Denied, j)
	}
	for _, e := range h.Excepted {
		c.Excepted = append(c.Excepted, append(newRightsWay(o, e.Reason), rightsStep{"except", "", "", e.Path, o.Position(e.Path).String()}))
	}
	return c
}

// shownValues are the values of a constraint as people call them: units and choices by their names.
func shownValues(view *org.View, k rights.Constraint) []string {
	var shown []string
	for _, value := range k.Values {
		if u := view.Unit(value); u != nil && k.Kind == org.ConstraintUnit {
			value = u.Name
		} else if name := k.Choices[value]; name != "" {
			value = name
		}
		shown = append(shown, value)
	}
	return shown
}

func newRightsJob(view *org.View, j *org.Job, why []rights.Reason) rightsJob {
	made := rightsJob{Job: j.Ref(), Name: j.Name, System: view.Organisation().System(j.System.Key).At(view.Day).Name, Sensitive: j.Sensitive}
	for _, r := range why {
		made.Why = append(made.Why, newRightsWay(view.Organisation(), r))
	}
	return made
}

func newRightsWay(o *org.Organisation, r rights.Reason) rightsWay {
	var way rightsWay
	step := func(kind, key, name string, path org.Path) {
		way = append(way, rightsStep{kind, key, name, path, o.Position(path).String()})
	}
	step("assignment", r.Assignment.Key, "", r.Assignment.Path())
	if r.Group != nil {
		step("group", r.Group.Key, r.Group.Name, r.Group.Path())
	}
	if r.Unit != nil && r.Leadership == nil {
		step("unit", r.Unit.Key, r.Unit.Name, r.Unit.Path())
	}
	if r.Post != nil {
		step("post", r.Post.Key(), "", r.Post.Path())
	}
	if r.Leadership != nil {
		step("leadership", r.Leadership.Key, r.Unit.Name, r.Leadership.Path())
	}
	return way
}

func (c *rightsCard) print(w io.Writer, words words, why bool) {
	t := words.rights
	fmt.Fprintf(w, "%s, %s\n", c.Name, words.date(c.Day))
	if len(c.Jobs) == 0 {
		fmt.Fprintf(w, "  %s\n", t.none)
	}
	system := ""
	for _, j := range c.Jobs {
		if j.System != system {
			system = j.System
			fmt.Fprintf(w, "  %s\n", system)
		}
		fmt.Fprintf(w, "    %s (%s)%s\n", j.Name, j.Job, t.sensitive[j.Sensitive])
		for _, r := range j.Roles {
			fmt.Fprintf(w, "      %s%s\n", r.Name, r.narrowed(t))
		}
		if why {
			printWays(w, t, "      "+t.because+" ", j.Why)
		}
	}
	for _, j := range c.Denied {
		fmt.Fprintf(w, "  %s: %s (%s)\n", t.denied, j.Name, j.Job)
		if why {
			printWays(w, t, "      "+t.because+" ", j.Why)
			printWays(w, t, "      "+t.by+" ", j.By)
		}
	}
	if why {
		printWays(w, t, "  "+t.excepted+": ", c.Excepted)
	}
}

// narrowed says what a role is narrowed to, or that it has no effect.
func (r rightsRole) narrowed(t rightsWords) string {
	if r.Outweighed {
		return ": " + t.outweighed
	}
	var parts []string
	for _, k := range r.Constraints {
		values := strings.Join(k.shown, ", ")
		if values == "" {
			values = t.nothing
		}
		parts = append(parts, k.Name+" = "+values)
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, "; ")
}

func printWays(w io.Writer, t rightsWords, before string, ways []rightsWay) {
	for _, way := range ways {
		var steps []string
		for _, s := range way {
			name := s.Name
			if name == "" {
				name = s.Key
			}
			steps = append(steps, strings.TrimSpace(t.steps[s.Kind]+" "+name)+" ("+s.Position+")")
		}
		fmt.Fprintln(w, before+strings.Join(steps, ", "))
	}
}

// rightsWords are the words of an answer about rights.
type rightsWords struct {
	none, because, by, denied, excepted, outweighed, nothing string
	sensitive, steps                                         map[string]string
}

func rightsWordsDanish() rightsWords {
	return rightsWords{
		none: "ingen rettigheder", because: "fordi", by: "ved", denied: "Fratages", excepted: "Undtaget",
		outweighed: "har ingen virkning, fordi en rolle med større vægt gælder", nothing: "intet",
		sensitive: map[string]string{org.Sensitive: ", følsom", org.ExtraSensitive: ", særligt følsom"},
		steps: map[string]string{
			"assignment": "tildelingen", "group": "rollebuketten", "unit": "enheden", "post": "stillingen", "leadership": "ledelsen af", "except": "undtagelsen",
		},
	}
}

func rightsWordsEnglish() rightsWords {
	return rightsWords{
		none: "no rights", because: "because of", by: "by", denied: "Taken away", excepted: "Excepted",
		outweighed: "has no effect, because a role of greater weight holds", nothing: "nothing",
		sensitive: map[string]string{org.Sensitive: ", sensitive", org.ExtraSensitive: ", extra sensitive"},
		steps: map[string]string{
			"assignment": "the assignment", "group": "the role group", "unit": "the unit", "post": "the post", "leadership": "the leadership of", "except": "the exception",
		},
	}
}

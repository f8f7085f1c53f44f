package ad

import (
	"fmt"
	"maps"
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// checkAhead is how many days ahead Check looks, as plans do.
const checkAhead = 60

// mostAlike is how many accounts are named one by one for which a template fails.
const mostAlike = 5

// CheckSettings finds what in the settings of the directory orgit cannot follow: templates
// that cannot be read, attributes that it does not write, areas of no unit.
func CheckSettings(o *org.Organisation) []schema.Diagnostic {
	if o == nil {
		return nil
	}
	c := checking{o: o}
	for _, x := range Domains(&o.Settings) {
		c.settings(x)
	}
	return c.findings
}

func (c *checking) settings(x Domain) {
	set := x.attributeSetOf(x.Settings(c.o))
	if f := x.checkSettings(x.Settings(c.o), set); f != nil {
		c.setting(*f)
	}
	for _, f := range append(set.faults, x.areaFaults(c.o)...) {
		c.setting(f)
	}
}

// Check finds what the directory cannot hold of what an organisation without errors asks
// for: every value is made for everybody, as on the day, and for the coming 60 days for
// those whom what changes can concern. What is wrong today is an error; what will be is a
// warning with its day.
func Check(o *org.Organisation, today org.Day) ([]schema.Diagnostic, error) {
	c := checking{o: o, findings: CheckSettings(o), said: map[plan.Problem]bool{}}
	if schema.HasErrors(c.findings) {
		return c.findings, nil
	}
	for _, x := range Domains(&o.Settings) {
		if err := c.domain(x, today); err != nil {
			return nil, err
		}
	}
	return c.findings, nil
}

func (c *checking) domain(x Domain, today org.Day) error {
	o := c.o
	d, err := x.newDesired(o, today)
	if err != nil {
		return err
	}
	d.problemsOnly = true // what is asked of a directory takes several times the memory of the files
	now, err := d.whole()
	if err != nil {
		return err
	}
	c.values(now.Problems, "")
	concerns := o.Concerns(today, today.Add(checkAhead), org.Margins{})
	for _, day := range slices.Sorted(maps.Keys(concerns)) {
		problems, err := x.problemsAhead(o, day, concerns[day])
		if err != nil {
			return err
		}
		c.values(problems, day)
	}
	return nil
}

// checking collects findings.
type checking struct {
	o        *org.Organisation
	findings []schema.Diagnostic
	said     map[plan.Problem]bool
}

func (c *checking) setting(f fault) {
	c.add(schema.Diagnostic{
		Severity: schema.Error, Code: "ad-setting", Position: c.o.Position(f.path), Path: string(f.path), Message: f.message, Hint: f.hint,
	})
}

func (c *checking) add(d schema.Diagnostic) { c.findings = append(c.findings, d.Masked()) }

// values says the problems of a day that were not said before; no day is today.
func (c *checking) values(problems []plan.Problem, from org.Day) {
	alike := map[org.Path]int{}
	for _, p := range problems {
		if c.said[p] {
			continue
		}
		c.said[p] = true
		if p.Setting != "" {
			if alike[p.Setting]++; alike[p.Setting] > mostAlike {
				continue
			}
		}
		d := schema.Diagnostic{
			Severity: schema.Error, Code: "ad-value", Position: c.o.Position(p.Path), Path: string(p.Path),
			Message: "Active Directory: " + p.Message, Hint: p.Hint, From: string(from),
		}
		if from != "" {
			d.Severity = schema.Warning
		}
		if at := c.o.Position(p.Setting); p.Setting != "" && at.File != "" {
			d.Message += "; it is made by the template at " + at.String()
		}
		c.add(d)
	}
	for _, path := range slices.Sorted(maps.Keys(alike)) {
		if n := alike[path]; n > mostAlike {
			c.add(schema.Diagnostic{
				Severity: schema.Error, Code: "ad-value", Position: c.o.Position(path), Path: string(path), From: string(from),
				Message: fmt.Sprintf("the template fails for %d more accounts in the same way", n-mostAlike),
				Hint:    "correct the template first",
			})
		}
	}
}

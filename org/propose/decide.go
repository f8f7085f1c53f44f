package propose

import (
	"cmp"
	"maps"
	"slices"

	"orgit.dk/orgit/org"
)

// decide fills in what a change leaves open, so that it says the same whenever it is read again.
func (e *Editor) decide(c *Change) error {
	if err := e.decideEngagements(c); err != nil {
		return err
	}
	switch c.Do {
	case DoAnnul, DoReturn, DoUnitContact:
		c.From = cmp.Or(c.From, e.today)
	case DoContact:
		if p := e.o.Person(c.Person); p != nil && !c.Correct && c.From == "" {
			c.From = max(e.today, firstDay(p))
		}
		c.From = cmp.Or(c.From, e.today)
	case DoMove, DoTitle, DoFraction, DoType, DoName, DoRenameUnit, DoMoveUnit:
		if c.Correct {
			c.From = cmp.Or(c.From, e.today)
		}
	}
	e.decideIdentity(c)
	if len(c.Addresses) > 0 {
		c.Roles = slices.Sorted(maps.Keys(c.Addresses))
	}
	return e.decideText(c)
}

func (e *Editor) decideEngagements(c *Change) error {
	day, isAbout := c.From, true
	switch c.Do {
	case DoLeave:
		day = c.Last
	case DoExtend, DoAnnul, DoNumber:
		day = ""
	case DoMove, DoTitle, DoFraction, DoType, DoAbsence, DoReturn:
	default:
		isAbout = false
	}
	if isAbout {
		x, err := e.of(c.of(), day)
		if err != nil {
			return err
		}
		c.Engagement = x.Key
	}
	c.People = slices.Clone(c.People)
	for i, of := range c.People {
		x, err := e.of(of, c.From)
		if err != nil {
			return err
		}
		c.People[i].Engagement = x.Key
	}
	return nil
}

// decideIdentity gives what is new its UUID, and a person and an engagement their key, from which UUIDs are derived.
func (e *Editor) decideIdentity(c *Change) {
	if c.Do == DoHire && c.Engagement == "" {
		c.Engagement = e.jobKey(e.o.Person(c.Person))
	}
	switch {
	case c.New != "":
	case c.Do == DoHire && c.Person == "":
		c.New = e.ids.UUID()
		for c.Person = e.ids.Key(); e.o.Person(c.Person) != nil || e.files.Has("people", c.Person); {
			c.Person = e.ids.Key()
		}
	case c.Do == DoCreateUnit, c.Do == DoSplitUnit:
		c.New = e.ids.UUID()
	}
}

// decideText refuses a change that says nothing.
func (e *Editor) decideText(c *Change) error {
	named := c.Name.Given != "" && c.Name.Surname != ""
	switch {
	case c.Do == DoName && !named, c.Do == DoHire && c.New != "" && !named:
		return refuse("say the whole name (--given and --surname)")
	case (c.Do == DoCreateUnit || c.Do == DoRenameUnit || c.Do == DoSplitUnit) && c.UnitName == "":
		return refuse("say what the unit is called (--name)")
	case (c.Do == DoContact || c.Do == DoUnitContact) && len(c.Addresses) == 0:
		return refuse("say what changes, such as --phone; an empty value takes one away")
	case c.Do == DoMergeUnits && len(c.Units) == 0:
		return refuse("say which units become one")
	case c.Do == DoTitle && c.Title == "":
		return refuse("say which title (--title)")
	case c.Do == DoType && c.Type == "":
		return refuse("say which type of engagement")
	case c.Do == DoNumber && (c.Payroll.System == "" || c.Payroll.Number == ""):
		return refuse("say which number the engagement has in which payroll system")
	}
	return nil
}

// WithTexts reads the texts of a change from the organisation as the commit that proposes it has it. The day of a change is
// the one on which they are looked up, so a change that was decided by Do finds its own.
func (c Change) WithTexts(o *org.Organisation) (Change, error) {
	missing := func() (Change, error) {
		return c, refuse("the files of the commit do not have what it says to have changed (%s)", cmp.Or(c.Person, c.Key, c.Unit))
	}
	switch c.Do {
	case DoHire, DoName, DoContact, DoNumber:
		p := o.Person(c.Person)
		if p == nil {
			return missing()
		}
		if x := p.Engagement(c.Engagement); x != nil && x.Payroll != nil {
			c.Payroll = *x.Payroll
		}
		if c.Do == DoNumber || c.Do == DoHire && c.New == "" {
			return c, nil
		}
		c.Name = p.At(c.From).Name
		if c.Do == DoHire {
			c.Name, c.Shielded = p.Name, p.Shielded
			c = c.WithLogin(o)
		}
		c.Addresses = pick(p.At(c.From).Addresses, c.Roles)
	case DoCreateUnit, DoSplitUnit, DoRenameUnit, DoUnitContact:
		u := o.Unit(cmp.Or(c.Key, c.Unit))
		if u == nil {
			return missing()
		}
		if c.Key == "" {
			u = u.At(c.From)
		}
		c.UnitName = u.Name
		if c.Do == DoCreateUnit {
			for system, codes := range u.Sources {
				if c.Codes == nil {
					c.Codes = map[string]string{}
				}
				c.Codes[system] = codes[0]
			}
		}
		c.Addresses = pick(u.Addresses, c.Roles)
	}
	return c, nil
}

// pick gives the values of some roles; what is not stated is taken away.
func pick(values org.Values, roles []string) map[string]string {
	if len(roles) == 0 {
		return nil
	}
	out := map[string]string{}
	for _, role := range roles {
		out[role] = values[role]
	}
	return out
}

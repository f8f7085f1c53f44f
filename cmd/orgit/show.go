package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/org"
)

const showHelp = `Show one unit or person as valid on a day. TEXT is a key, a UUID, a login name, or a
part of a name; when it fits several, they are listed.`

type showOptions struct {
	question
	text string
}

func newShowCmd(env environment) *cobra.Command {
	var opts showOptions
	cmd := &cobra.Command{
		Use:   "show TEXT",
		Short: "Show a unit or a person on a day",
		Long:  showHelp,
		Example: `  orgit show oestre-skole
  orgit show "Anna Jensen" --on 2026-12-05`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if opts.text, err = soughtText(args[0]); err != nil {
				return err
			}
			return runShow(env, opts)
		},
	}
	opts.addFlags(cmd)
	cmd.AddCommand(newShowRightsCmd(env))
	return cmd
}

func runShow(env environment, opts showOptions) error {
	view, err := opts.view(env)
	if err != nil {
		return err
	}
	h, err := oneHit(env, view.Organisation(), opts.text)
	if err != nil {
		return err
	}
	s := shower{view: view, words: wordsFor(view)}
	card := s.card(h)
	if opts.json {
		return writeJSON(env.stdout, card)
	}
	card.print(env.stdout, s.words.date(view.Day))
	return nil
}

type shower struct {
	view  *org.View
	words words
}

func (s *shower) card(h hit) *card {
	switch {
	case h.unit != nil:
		return s.unit(h.unit)
	case h.person != nil:
		return s.person(h.person)
	}
	return s.robot(h.robot)
}

func (s *shower) unit(stated *org.Unit) *card {
	w, u := s.words, stated.At(s.view.Day)
	c := &card{Kind: "unit", Key: u.Key, Name: u.Name, Day: s.view.Day}
	c.add("key", w.key, u.Key)
	c.add("uuid", w.uuid, string(u.UUID))
	c.add("period", w.valid, w.period(u.Period))
	c.add("type", w.kind, s.view.Organisation().Settings.Classes.UnitTypes[u.Type].Name)
	now := s.view.Unit(u.Key)
	if now == nil {
		c.add("note", w.note, w.notThen)
		c.add("successor", w.closed, s.unitName(u.Successor))
		return c
	}
	c.add("above", w.above, s.path(now.Above))
	c.add("successor", w.closed, s.unitName(u.Successor))
	c.add("leader", capital(w.leader), s.leader(now))
	for _, name := range u.Numbers.Names() {
		c.add("number."+name, w.field(name), u.Numbers[name])
	}
	for _, role := range u.Addresses.Names() {
		c.add("address."+role, w.field(role), u.Addresses[role])
	}
	for _, below := range now.Below() {
		c.add("below", w.below, below.Name+" ("+below.Key+")")
	}
	for _, p := range byName(now.Posts()) {
		c.add("person", capital(w.people), p.Person.Name.Full()+", "+s.view.Title(p)+s.onLeave(p))
	}
	return c
}

func (s *shower) unitName(key string) string {
	if u := s.view.Organisation().Unit(key); u != nil {
		return u.At(s.view.Day).Name + " (" + key + ")"
	}
	return ""
}

// path writes a unit and those above it, from the top down, as plans do.
func (s *shower) path(u *org.UnitView) string {
	var names []string
	for ; u != nil; u = u.Above {
		names = append(names, u.Name)
	}
	slices.Reverse(names)
	return strings.Join(names, " › ")
}

func (s *shower) leader(u *org.UnitView) string {
	if m := s.view.Manager(u); m != nil {
		role := s.view.Organisation().Settings.Classes.ManagerRoles[m.Role].Name
		return strings.TrimSpace(s.view.Person(m.Person).Name.Full() + ", " + role + " " + s.words.period(m.Period))
	}
	if u.Vacant() {
		return s.words.vacant
	}
	if m := s.view.LeaderOf(u, ""); m != nil {
		return s.view.Person(m.Person).Name.Full() + " (" + s.words.inherited + ")"
	}
	return ""
}

func (s *shower) onLeave(p org.Post) string {
	if p.Leave == nil {
		return ""
	}
	return " (" + s.words.onLeave + " " + s.words.period(p.Leave.Period) + ")"
}

func (s *shower) person(stated *org.Person) *card {
	w, p := s.words, stated.At(s.view.Day)
	c := &card{Kind: "person", Key: p.Key, Name: p.Name.Full(), Day: s.view.Day}
	c.add("key", w.key, p.Key)
	c.add("uuid", w.uuid, string(p.UUID))
	if p.Shielded {
		c.add("shielded", w.note, w.shielded)
	}
	if p.Suspended {
		c.add("suspended", w.note, w.suspended)
	}
	c.add("title", w.title, p.Title)
	for _, e := range stated.Engagements {
		s.engagement(c, p.Key, e)
	}
	for _, a := range stated.Associations {
		at := a.At(s.view.Day)
		text := s.view.Title(org.Post{Association: at}) + ", " + s.workplace(p.Key, a.UUID(), at.Unit) + " " + w.period(a.Period)
		if sponsor := s.view.Organisation().Person(at.Sponsor); sponsor != nil {
			text += "; " + strings.ToLower(w.sponsor) + " " + sponsor.Name.Full()
		}
		c.add("association."+a.Key, w.association+" "+a.Key, strings.TrimSpace(text))
	}
	s.accounts(c, stated.Accounts)
	if !p.Shielded {
		for _, role := range p.Addresses.Names() {
			c.add("address."+role, w.field(role), p.Addresses[role])
		}
	}
	if now := s.view.Person(p.Key); now != nil {
		for _, u := range now.Leads() {
			c.add("leads", capital(w.leads), u.Name+" ("+u.Key+")")
		}
	}
	return c
}

// workplace is where somebody works by an engagement or association: on the day the unit
// that is stated or its successor; before and after it what is stated.
func (s *shower) workplace(person string, post org.UUID, stated string) string {
	if now := s.view.Person(person); now != nil {
		for _, p := range now.Posts {
			if p.UUID() == post && p.Unit != nil {
				return s.unitName(p.Unit.Key)
			}
		}
	}
	return s.unitName(stated)
}

func (s *shower) engagement(c *card, person string, e *org.Engagement) {
	at := e.At(s.view.Day)
	text := s.view.Title(org.Post{Engagement: at}) + ", " + s.workplace(person, e.UUID(), at.Unit) + " " + s.words.period(e.Period)
	if at.Payroll != nil {
		text += "; " + strings.ToLower(s.words.number) + " " + at.Payroll.Number
	}
	if at.Covers != nil {
		if covered := s.view.Organisation().Person(at.Covers.Person); covered != nil {
			text += "; " + strings.ToLower(s.words.covers) + " " + covered.Name.Full()
		}
	}
	if e.Annulled != "" {
		text += "; " + s.words.annulled
	}
	for _, l := range e.Leaves {
		text += "; " + s.words.onLeave + " " + s.words.period(l.Period)
	}
	c.add("engagement."+e.Key, s.words.engagement+" "+e.Key, text)
}

func (s *shower) accounts(c *card, accounts org.Keyed[*org.Account]) {
	for _, a := range accounts {
		at := a.At(s.view.Day)
		c.add("account."+a.Key, s.words.account+" "+a.Key, at.Name+" ("+at.System+", "+s.words.accountKind(at.Kind)+")")
	}
}

func (s *shower) robot(stated *org.Robot) *card {
	r := stated.At(s.view.Day)
	c := &card{Kind: "robot", Key: r.Key, Name: r.Name, Day: s.view.Day}
	c.add("key", s.words.key, r.Key)
	c.add("uuid", s.words.uuid, string(r.UUID))
	if owner := s.view.Organisation().Person(r.Owner); owner != nil {
		c.add("owner", s.words.sponsor, owner.Name.Full())
	}
	c.add("unit", s.words.unit, s.unitName(r.Unit))
	s.accounts(c, stated.Accounts)
	return c
}

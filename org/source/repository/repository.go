// Package repository gives an organisation repository as an extract, so that it can be
// compared with other registers and with other revisions of itself.
//
// Identifiers are the repository's keys, and the UUIDs are those that outside systems know. What
// is annulled is left out. CPR numbers are not in a repository; whoever has the CPR store may
// give them.
package repository

import (
	"maps"
	"slices"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
)

// Numbers knows the CPR numbers of persons. The CPR store does.
type Numbers interface {
	CPR(person org.UUID) (number cpr.Number, ok bool)
}

// Options say what an extract is called and what is joined to it.
type Options struct {
	Source  string // key of the source
	Name    string
	Day     org.Day
	Numbers Numbers // nil: without CPR numbers
}

// Extract gives everything that an organisation states, past and future. The error is for a
// state of the organisation that makes no extract.
func Extract(o *org.Organisation, opts Options) (*source.Extract, error) {
	x := &source.Extract{
		Source: opts.Source, Name: opts.Name, Day: opts.Day,
		Says: source.Says{Tree: true, Leaders: true, Engagements: true, Accounts: true, Associations: true, History: true, Future: true, Numbers: true, CPR: opts.Numbers != nil},
	}
	r := reader{o: o, x: x, opts: opts}
	r.classes()
	for _, u := range o.Units {
		r.unit(u)
	}
	for _, p := range o.People {
		r.person(p)
	}
	x.Sort()
	return x, x.Check()
}

type reader struct {
	o    *org.Organisation
	x    *source.Extract
	opts Options
}

func (r *reader) origin(path org.Path) source.Origin {
	at := r.o.Position(path)
	return source.Origin{Document: at.File, Line: at.Line, Record: string(path)}
}

func (r *reader) classes() {
	c := r.o.Settings.Classes
	for kind, list := range map[string]map[string]org.Class{
		source.ClassUnitType: c.UnitTypes, source.ClassTitle: c.Titles, source.ClassEngagementType: c.EngagementTypes,
		source.ClassAssociationType: c.AssociationTypes, source.ClassManagerRole: c.ManagerRoles,
	} {
		for _, key := range slices.Sorted(maps.Keys(list)) {
			r.x.Classes = append(r.x.Classes, source.Class{Kind: kind, ID: key, UUID: list[key].UUID, Name: list[key].Name})
		}
	}
}

// spans are the stretches of a period between which something changes: each amendment begins
// one.
func spans[T any](whole org.Period, base *T, versions []org.Version[T], each func(org.Period, *T)) {
	from, state := whole.From, base
	for _, v := range versions {
		if whole.To != "" && v.From > whole.To {
			break
		}
		if v.From > from {
			each(org.Period{From: from, To: v.From.Add(-1)}, state)
			from = v.From
		}
		state = v.State
	}
	each(org.Period{From: from, To: whole.To}, state)
}

func (r *reader) unit(u *org.Unit) {
	out := source.Unit{ID: u.Key, UUID: u.UUID, Origin: r.origin(u.Path()), Successor: u.Successor}
	spans(u.Period, u, u.Versions, func(p org.Period, s *org.Unit) {
		tasks := map[string][]string{}
		for aspect, list := range s.KLE {
			tasks[aspect] = list
		}
		out.States = append(out.States, source.UnitState{
			Period: p, Name: s.Name, ShortName: s.ShortName, Code: r.code(s), Parent: s.Parent, Type: s.Type,
			Numbers: s.Numbers, Addresses: s.Addresses, Tasks: tasks, Related: s.Related, Hidden: s.Internal,
		})
	})
	r.x.Units = append(r.x.Units, out)
	for _, m := range u.Managers {
		l := source.Leadership{ID: u.Key + "/" + m.Key, UUID: m.UUID(), Origin: r.origin(m.Path())}
		spans(m.Period, m, m.Versions, func(p org.Period, s *org.Manager) {
			l.States = append(l.States, source.LeadershipState{Period: p, Unit: u.Key, Person: s.Person, Role: s.Role, Responsibilities: s.Responsibilities})
		})
		r.x.Leaders = append(r.x.Leaders, l)
	}
}

// code is what payroll calls a unit, where one system has one code for it.
func (r *reader) code(u *org.Unit) string {
	var codes []string
	for _, list := range u.Sources {
		codes = append(codes, list...)
	}
	if len(codes) != 1 {
		return ""
	}
	return codes[0]
}

func (r *reader) person(p *org.Person) {
	out := source.Person{ID: p.Key, UUID: p.UUID, Origin: r.origin(p.Path())}
	if r.opts.Numbers != nil {
		out.CPR, _ = r.opts.Numbers.CPR(p.UUID)
	}
	spans(org.Period{}, p, p.Versions, func(period org.Period, s *org.Person) {
		out.States = append(out.States, source.PersonState{
			Period: period, Given: s.Name.Given, Surname: s.Name.Surname, Called: s.Name.Called, Shielded: s.Shielded, Addresses: s.Addresses,
		})
	})
	for _, e := range p.Engagements {
		if e.Annulled == "" {
			out.Engagements = append(out.Engagements, r.engagement(p, e))
		}
	}
	for _, a := range p.Associations {
		if a.Annulled == "" {
			out.Associations = append(out.Associations, r.association(p, a))
		}
	}
	for _, a := range p.Accounts {
		out.Accounts = append(out.Accounts, r.account(p, a))
	}
	r.x.People = append(r.x.People, out)
}

func (r *reader) engagement(p *org.Person, e *org.Engagement) source.Engagement {
	out := source.Engagement{ID: p.Key + "/" + e.Key, UUID: e.UUID(), Origin: r.origin(e.Path())}
	if e.Payroll != nil {
		out.Institution, out.Number = e.Payroll.Institution, e.Payroll.Number
	}
	spans(e.Period, e, e.Versions, func(period org.Period, s *org.Engagement) {
		if s.Payroll != nil {
			out.Institution, out.Number = s.Payroll.Institution, s.Payroll.Number
		}
		out.States = append(out.States, source.EngagementState{
			Period: period, Unit: s.Unit, Title: r.o.Settings.Classes.Titles[s.Title].Name, TitleCode: s.Title, Type: s.Type, Fraction: s.Fraction, Primary: s.Primary,
		})
	})
	for _, l := range e.Leaves {
		out.Leaves = append(out.Leaves, source.Leave{Period: l.Period, Origin: out.Origin, KeepsAccounts: !l.ClosesAccounts})
	}
	return out
}

func (r *reader) association(p *org.Person, a *org.Association) source.Association {
	out := source.Association{ID: p.Key + "/" + a.Key, UUID: a.UUID(), Origin: r.origin(a.Path())}
	spans(a.Period, a, a.Versions, func(period org.Period, s *org.Association) {
		out.States = append(out.States, source.AssociationState{Period: period, Unit: s.Unit, Type: s.Type, Title: s.Title})
	})
	return out
}

func (r *reader) account(p *org.Person, a *org.Account) source.Account {
	out := source.Account{
		ID: p.Key + "/" + a.Key, System: a.System, Name: a.Name, UUID: a.UUID(), Origin: r.origin(a.Path()),
		Kind: a.Kind, Disabled: a.Suspended || p.Suspended, Period: a.Period,
	}
	if a.Existing != "" && a.Existing != org.NotExisting {
		out.UUID = org.UUID(a.Existing)
	}
	for _, key := range a.For {
		out.Engagements = append(out.Engagements, p.Key+"/"+key)
	}
	return out
}

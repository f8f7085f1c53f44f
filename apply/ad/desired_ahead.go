package ad

import (
	"fmt"
	"maps"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// Ahead gives a function that says what the organisation asks of the domain on a later day,
// of those alone whom what changes on the day can concern: everybody else's objects are as
// on the day before. The changes are those with [Domain.Margins].
func (x Domain) Ahead(o *org.Organisation) func(org.Day, org.Concern) (plan.State, error) {
	alike, protected := namesakesOf(o), protectedLogins(x, o)
	return func(day org.Day, concern org.Concern) (plan.State, error) {
		d, err := x.newAhead(o, day, concern)
		if err != nil {
			return plan.State{}, err
		}
		d.protected = protected
		// What somebody is called, and since when, decides about the names of those who are called the same.
		for _, p := range concern.By.People {
			alike.add(d.only, p)
		}
		d.beside = map[string]bool{}
		for key := range d.only {
			alike.add(d.beside, o.Person(key))
		}
		d.addConcerned(concern)
		if err := d.state.Sort(); err != nil {
			return plan.State{}, err
		}
		return d.state, nil
	}
}

// problemsAhead gives what the directory cannot hold on a later day of what is asked for of
// those whom its changes can concern. Who is called the same does not matter for that.
func (x Domain) problemsAhead(o *org.Organisation, day org.Day, concern org.Concern) ([]plan.Problem, error) {
	d, err := x.newAhead(o, day, concern)
	if err != nil {
		return nil, err
	}
	d.problemsOnly = true
	d.addConcerned(concern)
	err = d.state.Sort()
	return d.state.Problems, err
}

func (x Domain) newAhead(o *org.Organisation, day org.Day, concern org.Concern) (*desired, error) {
	if x.Settings(o) == nil {
		return nil, fmt.Errorf("%w: the settings have no %s", ErrNotConfigured, x.setting())
	}
	d, err := x.newDesired(o, day)
	if err != nil {
		return nil, err
	}
	d.only = maps.Clone(concern.People)
	return d, nil
}

// addConcerned adds those whose objects are made, and the OUs where a unit itself changes:
// their names depend on those beside them.
func (d *desired) addConcerned(concern org.Concern) {
	if len(concern.By.Units) > 0 {
		d.addOwnOUs()
		d.addUnits()
	}
	d.addAccounts()
}

// Margins are how long before and after its period something counts in the domain: accounts
// are made ahead of the first day, and close when the hours of grace are over.
func (x Domain) Margins(o *org.Organisation) org.Margins {
	s := x.Settings(o)
	return org.Margins{Before: s.PrepareDays, After: graceDays(s)}
}

// graceDays is how many whole days the hours of grace reach into.
func graceDays(s *org.ADSettings) int { return (s.GraceHours + 23) / 24 }

// namesakes are people whose accounts may come to have the same name, by its beginning.
type namesakes map[string][]string

func namesakesOf(o *org.Organisation) namesakes {
	n := namesakes{}
	for _, p := range o.People {
		for key := range beginnings(p) {
			n[key] = append(n[key], p.Key)
		}
	}
	return n
}

// add adds a person and those who may have the same name.
func (n namesakes) add(keys map[string]bool, p *org.Person) {
	for name := range beginnings(p) {
		for _, key := range n[name] {
			keys[key] = true
		}
	}
}

// beginnings are how all the names begin that a person ever has, so that a name and the same
// with a suffix, for which it is cut, begin alike.
func beginnings(p *org.Person) map[string]bool {
	keys := map[string]bool{beginning(p.Name.Full()): true}
	for _, v := range p.Versions {
		keys[beginning(v.State.Name.Full())] = true
	}
	return keys
}

func beginning(name string) string {
	name, _, _ = strings.Cut(fold(name), " (")
	return cut(name, maxCN-maxSuffix-1)
}

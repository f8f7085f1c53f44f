package fkorg

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// opgaverolle is the class of a task's role in an aspect; empty where nobody has told it. That of those who answer for a
// task is published, the others are not.
func opgaverolle(s *org.Settings, aspekt string) string {
	fk := s.Targets.FKOrganisation
	switch {
	case aspekt == org.TaskResponsible:
		return opgaveAnsvarlig
	case fk == nil:
		return ""
	case aspekt == org.TaskPerforming:
		return string(fk.TaskRoles.Performing)
	}
	return string(fk.TaskRoles.Informed)
}

// opgaveroller are the roles in which orgit writes tasks, by aspect.
func opgaveroller(s *org.Settings) map[string]string {
	roller := map[string]string{}
	for _, aspekt := range org.TaskAspects() {
		if r := opgaverolle(s, aspekt); r != "" {
			roller[aspekt] = r
		}
	}
	return roller
}

// unitTasks states the tasks of a unit (opgaver) in the aspects that it states, or has stated: an amendment replaces all
// aspects, so one that it leaves out has none from then on. Numbers are written as they are stated: a main group is the
// class of the main group, and does not become those below it.
func (e *entry) unitTasks(u *org.Unit, now *org.Unit) {
	for _, aspekt := range org.TaskAspects() {
		if opgaverolle(&e.org.Settings, aspekt) == "" || !everStated(u, e.day, func(u *org.Unit) bool { return u.KLE[aspekt] != nil }) {
			continue
		}
		since := stated(u, u.Versions, e.day, func(u *org.Unit) string { return strings.Join(u.KLE[aspekt], " ") })
		e.tasks(attrAspekt(aspekt), now.KLE[aspekt], fact(u.Path, since, u.From, strings.Join(now.KLE[aspekt], ", "), "kle", aspekt))
	}
}

// everStated reports whether a unit states something on the day or did before.
func everStated(u *org.Unit, day org.Day, states func(*org.Unit) bool) bool {
	return states(u) || slices.ContainsFunc(u.Versions, func(v org.Version[org.Unit]) bool { return v.From <= day && states(v.State) })
}

// tasks states an attribute of KLE numbers as their classes, and what the table of classes lacks.
func (e *entry) tasks(attr string, numbers []string, why org.Fact) {
	classes := map[string]string{}
	var missing []string
	for _, number := range numbers {
		if class := e.org.Settings.Classes.KLE[number]; class != "" {
			classes[string(class)] = number
		} else if !slices.Contains(missing, number) {
			missing = append(missing, number)
		}
	}
	e.refs(attr, classes, why)
	if len(missing) == 0 {
		return
	}
	slices.Sort(missing)
	e.state.Known[delvis(e.UUID, attr)] = true
	e.state.Problems = append(e.state.Problems, plan.Problem{
		Object: e.ID, Path: why.Path, Bearable: true,
		Message: fmt.Sprintf("classes.kle has no class for KLE %s, so FK Organisation is not told of it; what stands there already stays", strings.Join(missing, ", ")),
		Hint:    "add the UUIDs of the classes from STS Klassifikation to classes.kle; orgit doctor lists all that are missing",
	})
}

// entries says which entries of lists that others write to as well are orgit's: all that the unit states, today and before.
// What it will state orgit has not written yet: where that stands already it is somebody else's.
func (b *builder) entries(u *org.Unit) {
	contact := funktionUUID(u.UUID, KindHenvendelse)
	states := []*org.Unit{u}
	for _, v := range u.Versions {
		if v.From <= b.day {
			states = append(states, v.State)
		}
	}
	for _, s := range states {
		for _, key := range s.Systems {
			if it := b.org.System(key); it != nil {
				b.state.Known[indslag(u.UUID, attrItSystemer, it.UUID)] = true
			}
		}
		for aspekt, numbers := range s.KLE {
			b.taskEntries(u.UUID, attrAspekt(aspekt), numbers)
		}
		b.taskEntries(contact, attrOpgaver, s.ContactTasks)
	}
}

func (b *builder) taskEntries(ejer org.UUID, attr string, numbers []string) {
	for _, number := range numbers {
		if class := b.org.Settings.Classes.KLE[number]; class != "" {
			b.state.Known[indslag(ejer, attr, class)] = true
		}
	}
}

// tilstande are the states that a unit's amendments make of it.
func tilstande(u *org.Unit) []*org.Unit {
	var all []*org.Unit
	for _, v := range u.Versions {
		all = append(all, v.State)
	}
	return all
}

// KLEGap is a KLE number that the files use and for which the table of classes has no class.
type KLEGap struct {
	Number string
	Units  []string // keys of the units that state it, in order
}

// MissingKLE lists, in order of number, the KLE numbers that units state on the day or later in what orgit writes to FK
// Organisation, and that classes.kle has no class for.
func MissingKLE(o *org.Organisation, day org.Day) []KLEGap {
	units := map[string][]string{}
	for _, u := range o.Units {
		for _, s := range statesFrom(u, day) {
			numbers := slices.Clone([]string(s.ContactTasks))
			for aspekt := range opgaveroller(&o.Settings) {
				numbers = append(numbers, s.KLE[aspekt]...)
			}
			for _, n := range numbers {
				if o.Settings.Classes.KLE[n] == "" && !slices.Contains(units[n], u.Key) {
					units[n] = append(units[n], u.Key)
				}
			}
		}
	}
	var gaps []KLEGap
	for _, n := range slices.Sorted(maps.Keys(units)) {
		gaps = append(gaps, KLEGap{n, units[n]})
	}
	return gaps
}

// UnwrittenTaskAspects lists the aspects of tasks that units state on the day or later and that orgit cannot write,
// because the settings do not tell the class of the role (targets.fkOrganisation.taskRoles).
func UnwrittenTaskAspects(o *org.Organisation, day org.Day) []string {
	roller := opgaveroller(&o.Settings)
	var aspects []string
	for _, aspekt := range org.TaskAspects() {
		if roller[aspekt] == "" && slices.ContainsFunc(o.Units, func(u *org.Unit) bool {
			return slices.ContainsFunc(statesFrom(u, day), func(s *org.Unit) bool { return len(s.KLE[aspekt]) > 0 })
		}) {
			aspects = append(aspects, aspekt)
		}
	}
	return aspects
}

// statesFrom are the states that a unit has on the day and later; none when it has ended.
func statesFrom(u *org.Unit, day org.Day) []*org.Unit {
	if u.Ended(day) {
		return nil
	}
	states := []*org.Unit{u.At(day)}
	for _, v := range u.Versions {
		if v.From > day {
			states = append(states, v.State)
		}
	}
	return states
}

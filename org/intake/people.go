package intake

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/org/edit"
	"orgit.dk/orgit/org/source"
)

// writePeople writes every person who works here, is tied to the municipality, or was within
// the time that is taken.
func (l *load) writePeople() error {
	for i := range l.town.People {
		if l.people[i].skipped {
			continue
		}
		if err := l.files.Add("people", l.people[i].key, l.personFields(i)); err != nil {
			return err
		}
		for _, r := range l.town.People[i] {
			if number := l.town.Extracts[r.Extract].People[r.Index].CPR; number != (source.Number{}) {
				l.numbers[l.people[i].uuid] = number
				break
			}
		}
	}
	return nil
}

// choosePeople tells who is taken: those with a job or tie that is not over, in the leading register or one that decides
// about who is employed. An account alone makes nobody: whose it is, people have to say.
func (l *load) choosePeople() {
	for i, c := range l.town.People {
		p := &l.people[i]
		p.skipped = len(l.posts(i)) == 0 || !slices.ContainsFunc(c, func(r Record) bool { return r.Extract == 0 || l.town.WantedPeople[r] || l.owns(r, "hire") })
		if !p.skipped {
			continue
		}
		for _, r := range c {
			x := l.town.Extracts[r.Extract]
			if record := x.People[r.Index]; len(record.Accounts) > 0 {
				l.finding(NoPost, record.Origin, record.Accounts[0].Name, "Kontoen hører ikke til nogen, der er ansat eller tilknyttet ifølge registrene. Den er ikke taget med; den bliver, som den er.")
				break
			}
		}
	}
}

func (l *load) personFields(i int) edit.Struct {
	p, c := l.people[i], l.town.People[i]
	states, _, _ := decide(l, c, "name", func(x *source.Extract, at int) ([]source.PersonState, bool) {
		list := x.People[at].States
		return list, len(list) > 0 && list[0].Given+list[0].Surname != ""
	})
	first := source.PersonState{}
	if len(states) > 0 {
		first = states[0]
	}
	if first.Given == "" || first.Surname == "" {
		l.finding(NoName, l.origin(c), p.key, "Personen mangler fornavn eller efternavn i registrene. Der er sat en bindestreg.")
	}
	fields := edit.Struct{{Name: "uuid", Value: string(p.uuid)}, {Name: "name", Value: nameOf(first)}}
	if l.shielded(c) {
		fields = append(fields, edit.Field{Name: "shielded", Value: true})
	}
	if addresses := textFields(l.addresses(c)); len(addresses) > 0 {
		fields = append(fields, edit.Field{Name: "addresses", Value: addresses})
	}
	var engagements, associations edit.Struct
	keys := map[string][]string{}
	for n, post := range l.posts(i) {
		key := letterKey(n)
		keys[post.id] = append(keys[post.id], key)
		if post.association {
			associations = append(associations, edit.Field{Name: key, Value: post.fields})
		} else {
			engagements = append(engagements, edit.Field{Name: key, Value: post.fields})
		}
	}
	for _, f := range []edit.Field{{Name: "engagements", Value: engagements}, {Name: "associations", Value: associations}, {Name: "accounts", Value: l.accounts(i, keys)}} {
		if len(f.Value.(edit.Struct)) > 0 {
			fields = append(fields, f)
		}
	}
	if on := namesLater(states); len(on) > 0 {
		fields = append(fields, edit.Field{Name: "on", Value: on})
	}
	return fields
}

func (l *load) origin(c Cluster) source.Origin {
	return l.town.Extracts[c[0].Extract].People[c[0].Index].Origin
}

func nameOf(s source.PersonState) edit.Struct {
	name := edit.Struct{{Name: "given", Value: cmp.Or(oneLine(s.Given), "-")}, {Name: "surname", Value: cmp.Or(oneLine(s.Surname), "-")}}
	if called := oneLine(s.Called); called != "" {
		name = append(name, edit.Field{Name: "called", Value: called})
	}
	return name
}

// namesLater are the amendments of a person: a name that is another from a day on.
func namesLater(states []source.PersonState) edit.Struct {
	var on edit.Struct
	for i := 1; i < len(states); i++ {
		a, b := states[i-1], states[i]
		if a.Given != b.Given || a.Surname != b.Surname || a.Called != b.Called {
			on = append(on, edit.Field{Name: string(b.From), Value: edit.Struct{{Name: "name", Value: nameOf(b)}}})
		}
	}
	return on
}

// shielded reports whether any register says that somebody's address is protected: one is
// enough.
func (l *load) shielded(c Cluster) bool {
	for _, r := range c {
		for _, s := range l.town.Extracts[r.Extract].People[r.Index].States {
			if s.Shielded {
				return true
			}
		}
	}
	return false
}

// addresses are somebody's addresses at work, each from the first register that has one.
func (l *load) addresses(c Cluster) map[string]string {
	out := map[string]string{}
	for _, i := range l.order("contact") {
		for _, r := range c {
			if r.Extract != i {
				continue
			}
			s, _ := source.Near(l.town.Extracts[i].People[r.Index].States, l.opts.Day)
			for _, role := range slices.Sorted(maps.Keys(s.Addresses)) {
				if out[role] == "" {
					out[role] = s.Addresses[role]
				}
			}
		}
	}
	return out
}

// accounts are somebody's logins, by the system and, from the second on, a letter.
func (l *load) accounts(i int, keys map[string][]string) edit.Struct {
	var fields edit.Struct
	for _, r := range l.town.People[i] {
		x := l.town.Extracts[r.Extract]
		for _, a := range x.People[r.Index].Accounts {
			system := l.system(a)
			if system != "ad" && l.org.System(system) == nil {
				l.foreign[[2]string{x.Source, system}]++
				continue
			}
			name := system + "\x00" + strings.ToLower(a.Name)
			if other := l.logins[name]; other == l.people[i].key {
				continue // a second register says the same
			} else if other != "" {
				l.finding(SharedLogin, a.Origin, a.Name, "Brugernavnet står på to personer i registrene. Det er kun sat på den første.")
				continue
			}
			l.logins[name] = l.people[i].key
			fields = append(fields, edit.Field{Name: accountKey(fields, system), Value: l.account(a, x, keys)})
		}
	}
	return fields
}

// foreignAccounts tells of accounts in IT systems that the files do not have: once for each system.
func (l *load) foreignAccounts() {
	for _, x := range l.town.Extracts {
		for at, n := range l.foreign {
			if at[0] == x.Source {
				l.finding(ForeignSystem, source.Origin{Document: x.Name}, at[1], fmt.Sprintf("%d konti hører til it-systemet, som ikke er oprettet i systems/. De er ikke taget med.", n))
			}
		}
	}
}

// system is the key of an account's IT system: as the register calls it, else that of the system of the same name.
func (l *load) system(a source.Account) string {
	said := cmp.Or(a.System, "ad")
	if said == "ad" || l.org.System(said) != nil {
		return said
	}
	for _, s := range l.org.Systems {
		if strings.EqualFold(s.Key, said) || strings.EqualFold(s.Name, said) {
			return s.Key
		}
	}
	return said
}

func accountKey(taken edit.Struct, system string) string {
	key := system
	for n := 2; slices.ContainsFunc(taken, func(f edit.Field) bool { return f.Name == key }); n++ {
		key = system + "-" + letterKey(n-1)
	}
	return key
}

func (l *load) account(a source.Account, x *source.Extract, keys map[string][]string) edit.Struct {
	var fields edit.Struct
	if system := l.system(a); system != "ad" {
		fields = append(fields, edit.Field{Name: "system", Value: system})
	}
	fields = append(fields, edit.Field{Name: "name", Value: a.Name})
	if a.Kind == "admin" || a.Kind == "service" {
		fields = append(fields, edit.Field{Name: "kind", Value: a.Kind})
	}
	var tied []string
	for _, id := range slices.Concat(a.Engagements, a.Associations) {
		tied = append(tied, keys[x.Source+"\x00"+id]...)
	}
	if len(tied) > 0 {
		fields = append(fields, edit.Field{Name: "for", Value: tied})
	}
	switch inAD := l.system(a) == "ad"; {
	case a.Mark != "":
		fields = append(fields, edit.Field{Name: "uuid", Value: string(a.Mark)})
	case a.UUID != "" && inAD:
		fields = append(fields, edit.Field{Name: "existing", Value: string(a.UUID)})
		if ad := l.org.Settings.Targets.AD; ad != nil && ad.AccountUUID == "objectGUID" {
			fields = append(fields, edit.Field{Name: "uuid", Value: string(a.UUID)})
		}
	}
	if a.Disabled {
		fields = append(fields, edit.Field{Name: "suspended", Value: true})
		l.finding(ClosedAccount, a.Origin, a.Name, "Kontoen er lukket i registret. Her er den sat til spærret, så at den ikke åbnes, før nogen siger det.")
	}
	if a.From != "" {
		fields = append(fields, edit.Field{Name: "from", Value: string(a.From)})
	}
	if a.To != "" {
		fields = append(fields, edit.Field{Name: "to", Value: string(a.To)})
	}
	return fields
}

package directory

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/payroll"
)

// person is somebody with one account or several.
type person struct {
	id       string
	accounts []*account // the one that the person is known by first
}

// people joins the accounts, which are in order of GUID, to people.
func (c *Collector) people(x *source.Extract) {
	people := c.joined()
	byKey := map[string]*account{}
	for _, a := range c.accounts {
		byKey[a.key] = a
	}
	for _, p := range people {
		for _, a := range p.accounts {
			x.Says.Numbers = x.Says.Numbers || a.number != ""
		}
		x.People = append(x.People, c.person(p, byKey))
	}
	x.Says.Engagements = x.Says.Numbers
}

// joined tells which accounts are one person's: those with the same CPR number, and those
// without one that have the same employee number and share a name. An account for programs is
// joined to a person who has another one; by itself it is nobody.
func (c *Collector) joined() []*person {
	var people []*person
	byCPR, byNumber := map[source.Number]*person{}, map[string][]*person{}
	join := func(p *person, a *account) *person {
		if p == nil {
			p = &person{}
			people = append(people, p)
		}
		p.accounts, a.person = append(p.accounts, a), p
		if a.number != "" && !slices.Contains(byNumber[a.number], p) {
			byNumber[a.number] = append(byNumber[a.number], p)
		}
		return p
	}
	for _, a := range c.accounts {
		if a.kind != org.AccountService && (a.cpr != source.Number{}) {
			byCPR[a.cpr] = join(byCPR[a.cpr], a)
		}
	}
	for _, a := range c.accounts {
		if a.kind != org.AccountService && a.person == nil && !a.unnamed() {
			join(c.byNumber(a, byNumber[a.number]), a)
		}
	}
	for _, a := range c.accounts {
		if a.person != nil {
			continue
		}
		p := byCPR[a.cpr]
		if p == nil && a.number != "" && len(byNumber[a.number]) == 1 && a.cpr == (source.Number{}) {
			p = byNumber[a.number][0]
		}
		if p != nil && !a.system {
			join(p, a)
			continue
		}
		c.nobody(a)
	}
	c.sameNumbers(byNumber)
	for _, p := range people {
		slices.SortFunc(p.accounts, func(a, b *account) int {
			return cmp.Or(cmp.Compare(rank(a.kind), rank(b.kind)), cmp.Compare(a.guid, b.guid))
		})
		p.id = string(p.accounts[0].guid)
	}
	return people
}

// rank orders kinds: a person is known by the account that they use every day.
func rank(kind string) int {
	return slices.Index([]string{org.AccountPersonal, org.AccountAdmin, org.AccountService}, kind)
}

// byNumber is whose an account is by its employee number; nil where that is not sure.
func (c *Collector) byNumber(a *account, known []*person) *person {
	if a.number == "" || len(known) != 1 || !slices.ContainsFunc(known[0].accounts, a.sharesName) {
		return nil
	}
	return known[0]
}

// sharesName reports whether the names on two accounts have a word in common, or one has none:
// accounts to administer with are often named in a way of their own, but not after another person.
func (a *account) sharesName(b *account) bool {
	mine, theirs := a.words(), b.words()
	return len(mine) == 0 || len(theirs) == 0 || slices.ContainsFunc(mine, func(w string) bool { return slices.Contains(theirs, w) })
}

func (a *account) words() []string {
	return slices.DeleteFunc(strings.FieldsFunc(strings.ToLower(a.given+" "+a.surname), func(r rune) bool { return strings.ContainsRune(" -(),./", r) }),
		func(w string) bool { return len(w) < 2 })
}

// sameNumbers notes the numbers that are on accounts of several people.
func (c *Collector) sameNumbers(byNumber map[string][]*person) {
	for _, number := range slices.Sorted(maps.Keys(byNumber)) {
		if people := byNumber[number]; len(people) > 1 {
			var logins []string
			for _, p := range people {
				for _, a := range p.accounts {
					if a.number == number {
						logins = append(logins, a.login)
					}
				}
			}
			slices.Sort(logins)
			more := ""
			if len(logins) > 10 {
				logins, more = logins[:10], " …"
			}
			c.notes.Add(people[0].accounts[0].at, NoteSameNumber, "Medarbejdernummeret %s står på konti, der ikke ligner én persons: %s%s.", number, strings.Join(logins, ", "), more)
		}
	}
}

// nobody notes an account that is not a person's.
func (c *Collector) nobody(a *account) {
	if a.kind == org.AccountService {
		c.notes.Add(a.at, NoteService, "Kontoen %s bruges af et program og er ikke taget med som en person.", a.login)
		return
	}
	c.notes.Add(a.at, NoteUnnamed, "På kontoen %s står hverken fornavn, efternavn eller medarbejdernummer. Den er ikke taget med som en person.", a.login)
}

// person makes the person.
func (c *Collector) person(p *person, byKey map[string]*account) source.Person {
	main := p.accounts[0]
	out := source.Person{ID: p.id, Origin: main.at}
	state := source.PersonState{Given: main.given, Surname: main.surname, Called: main.called(), Addresses: main.addresses, Manager: c.manager(main, byKey)}
	if state.Given == "" || state.Surname == "" {
		c.notes.Add(main.at, payroll.NoteName, "På kontoen %s mangler fornavn eller efternavn.", main.login)
	}
	out.States = []source.PersonState{state}
	jobs := map[string]string{} // ID of the engagement by number
	for _, a := range p.accounts {
		if out.CPR == (source.Number{}) {
			out.CPR = a.cpr
		}
		out.Accounts = append(out.Accounts, c.login(a, &out, jobs))
	}
	return out
}

// login makes the account, and the engagement or association that it tells of.
func (c *Collector) login(a *account, out *source.Person, jobs map[string]string) source.Account {
	login := source.Account{ID: string(a.guid), System: c.o.System, Name: a.login, UUID: a.guid, Mark: a.mark, Origin: a.at, UPN: a.upn, Mail: a.mail,
		Number: a.number, Disabled: a.disabled, Kind: a.kind, Period: a.period()}
	if a.kind != org.AccountPersonal && (a.number == "" || jobs[a.number] == "" && len(out.Accounts) > 0) {
		return login // where it stands says nothing of its holder
	}
	unit, direct := c.unitAbove(a.place)
	if !direct {
		c.notes.Add(a.at, NoteNotAUnit, "Kontoen %s ligger ikke i en OU. Den regnes til den nærmeste OU ovenfor.", a.login)
	}
	switch {
	case a.number != "" && jobs[a.number] != "":
		login.Engagements = []string{jobs[a.number]}
	case a.number != "":
		jobs[a.number] = string(a.guid)
		login.Engagements = []string{string(a.guid)}
		out.Engagements = append(out.Engagements, source.Engagement{ID: string(a.guid), Number: a.number, Origin: a.at,
			States: []source.EngagementState{{Unit: unit, Title: a.title}}})
	case unit != "":
		login.Associations = []string{string(a.guid)}
		out.Associations = append(out.Associations, source.Association{ID: string(a.guid), Origin: a.at,
			States: []source.AssociationState{{Unit: unit, Title: a.title}}})
	}
	return login
}

// called is the displayName where it is another name than the given name and the surname. What
// stands in parentheses is no name.
func (a *account) called() string {
	plain := a.shown
	for {
		from := strings.IndexAny(plain, "([")
		if from < 0 {
			break
		}
		to := strings.IndexAny(plain[from:], ")]")
		if to < 0 {
			plain = plain[:from]
			break
		}
		plain = plain[:from] + " " + plain[from+to+1:]
	}
	plain = strings.Join(strings.Fields(plain), " ")
	for _, same := range []string{a.given + " " + a.surname, a.surname + ", " + a.given, a.surname + " " + a.given, a.login} {
		if strings.EqualFold(plain, strings.TrimSpace(same)) {
			return ""
		}
	}
	return plain
}

// manager is the ID of the person whose account an account's manager is.
func (c *Collector) manager(a *account, byKey map[string]*account) string {
	if a.manager == "" {
		return ""
	}
	dn, err := ldap.ParseDN(a.manager)
	if err == nil {
		switch found := byKey[key(dn)]; {
		case found == nil || found.person == nil:
		case found.person == a.person:
			return "" // themselves, by way of another account of theirs
		default:
			return found.person.id
		}
	}
	c.notes.Add(a.at, NoteManager, "Lederen på kontoen %s er ikke en person, der er taget med.", a.login)
	return ""
}

package review

import (
	"slices"
	"strings"

	"orgit.dk/orgit/org"
)

// logins ties usernames in GitLab to people, by their accounts in the system that review.login names, as main has them on
// one day. Usernames are compared without regard to capitals, as GitLab does.
type logins struct {
	people map[string]*org.Person // by username; nil where two people claim it: then it is nobody's
	names  map[string][]string    // usernames by the person's key
}

func loginsOf(o *org.Organisation, day org.Day) *logins {
	l := &logins{people: map[string]*org.Person{}, names: map[string][]string{}}
	system := o.Settings.Review.Login
	if system == "" {
		return l
	}
	for h, stated := range o.Accounts {
		a := stated.At(day)
		if a.System != system || a.Name == "" || !stated.Contains(day) || a.Suspended || h.Person == nil || h.Person.At(day).Suspended {
			continue
		}
		if a.Kind != org.AccountPersonal && a.Kind != "" {
			continue
		}
		name := strings.ToLower(a.Name)
		if other, taken := l.people[name]; taken && other != h.Person {
			l.people[name] = nil
			continue
		}
		l.people[name] = h.Person
		l.names[h.Person.Key] = append(l.names[h.Person.Key], a.Name)
	}
	return l
}

// person is who has the username; nil where that is not known.
func (l *logins) person(username string) *org.Person {
	if l == nil {
		return nil
	}
	return l.people[strings.ToLower(username)]
}

// of are the usernames by which a person can be recognised.
func (l *logins) of(key string) []string {
	var names []string
	for _, name := range l.names[key] {
		if l.people[strings.ToLower(name)] != nil {
			names = append(names, name)
		}
	}
	return names
}

// who is the one behind a username: the person, where they are known, else the username itself. Two usernames of one person
// are one.
func (l *logins) who(username string) string {
	if p := l.person(username); p != nil {
		return "person " + p.Key
	}
	return strings.ToLower(username)
}

// Usernames gives the names in GitLab by which people can be recognised on a day, by the keys of the people; empty where the
// rules name no system whose accounts tell.
func Usernames(o *org.Organisation, day org.Day) map[string][]string {
	l := loginsOf(o, day)
	names := map[string][]string{}
	for key := range l.names {
		if of := l.of(key); len(of) > 0 {
			slices.Sort(of)
			names[key] = of
		}
	}
	return names
}

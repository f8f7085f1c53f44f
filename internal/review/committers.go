package review

import (
	"strings"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/org"
)

// wroteOne reports whether a user may have written one of the commits, as author or committer. A commit says a name and a
// mail address, and nobody has checked either; so whatever points to the user is believed: their username, their name, the
// part of the address before the @, or, where the person is known, their names and address on main. Somebody who writes
// under a name that points to nobody is not found by this.
func wroteOne(u gitlab.User, p *org.Person, commits []gitlab.Commit) bool {
	names, mails := map[string]bool{}, map[string]bool{}
	add := func(set map[string]bool, text string) {
		if text = folded(text); text != "" {
			set[text] = true
		}
	}
	add(names, u.Username)
	add(names, u.Name)
	if p != nil {
		for _, state := range append([]*org.Person{p}, personVersions(p)...) {
			add(names, state.Name.Full())
			add(names, state.Name.Given+" "+state.Name.Surname)
			add(mails, state.Addresses["email"])
		}
	}
	for _, c := range commits {
		for _, name := range []string{c.AuthorName, c.CommitterName} {
			if names[folded(name)] {
				return true
			}
		}
		for _, mail := range []string{c.AuthorEmail, c.CommitterEmail} {
			mail = folded(mail)
			if mails[mail] || names[mail] || names[localPart(mail)] {
				return true
			}
		}
	}
	return false
}

func personVersions(p *org.Person) []*org.Person {
	var states []*org.Person
	for _, v := range p.Versions {
		states = append(states, v.State)
	}
	return states
}

// folded writes a name as it is compared: small letters, single blanks.
func folded(name string) string { return strings.Join(strings.Fields(strings.ToLower(name)), " ") }

// localPart is what stands before the @ of a mail address, without the number that GitLab puts before the username in
// addresses that hide one (123-lone@users.noreply.gitlab.example).
func localPart(mail string) string {
	local, domain, _ := strings.Cut(mail, "@")
	if number, name, ok := strings.Cut(local, "-"); ok && strings.HasPrefix(domain, "users.noreply.") && strings.Trim(number, "0123456789") == "" {
		return name
	}
	local, _, _ = strings.Cut(local, "+")
	return local
}

package propose

import (
	"errors"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/edit"
	"orgit.dk/orgit/org/username"
)

// activeDirectory is the system of accounts of which the settings name none.
const activeDirectory = "ad"

// Logins gives those who are hired as new their login names, by the municipality's rules, and refuses names that are given
// by hand and not free. Each name that it gives is taken from then on.
type Logins struct {
	rules org.Usernames
	taken []reservation
	given *username.Taken
}

// reservation are names that cannot be given, and who has them.
type reservation struct {
	names *username.Taken
	by    words
}

// NewLogins begins with no name taken.
func NewLogins(rules org.Usernames) *Logins {
	l := &Logins{rules: rules, given: &username.Taken{}}
	l.taken = []reservation{{l.given, words{"somebody else in this proposal gets it", "en anden i dette forslag får det"}}}
	return l
}

// TakenByAccounts says which names accounts have, had or are going to have, or the settings protect.
func (l *Logins) TakenByAccounts(names *username.Taken) {
	l.taken = append(l.taken, reservation{names, words{
		"an account has it, had it or is going to, or the settings protect it",
		"en konto har det, har haft det eller får det, eller det er beskyttet",
	}})
}

// TakenBefore says which names are on the list of used ones; rules of reuse may let them be given again.
func (l *Logins) TakenBefore(names *username.Taken) {
	if l.rules.Reuse == org.ReuseUnlisted {
		return
	}
	l.taken = append(l.taken, reservation{names, words{
		"it has been used before (it is on the list in " + username.Folder + "/)",
		"det har været brugt før (det står på listen i " + username.Folder + "/)",
	}})
}

// TakenByProposal says which names the proposal of a branch has, which nobody has approved yet.
func (l *Logins) TakenByProposal(branch string, names *username.Taken) {
	l.taken = append(l.taken, reservation{names, words{"the open proposal " + branch + " has it", "det åbne forslag " + branch + " har det"}})
}

// Wanted reports whether a change makes an account, so that its name is to be looked at or chosen.
func (l *Logins) Wanted(c Change) bool {
	isNew := c.Do == DoHire && (c.Person == "" || c.New != "")
	return isNew && !c.NoAccount && (c.Login != "" || len(l.rules.Patterns) > 0)
}

// Give gives a change its login name: the one that it has where that may be had, else the first by the rules that is free.
func (l *Logins) Give(c Change) (Change, error) {
	if !l.Wanted(c) {
		return c, nil
	}
	c.System = l.rules.System
	if c.Login != "" {
		return c, l.claim(c.Login)
	}
	if c.Name.Given == "" || c.Name.Surname == "" {
		return c, nil // Do says what is missing
	}
	login, err := username.Choose(l.rules, c.Name, func(login string) bool { return l.holder(login) != nil })
	switch {
	case errors.Is(err, username.ErrNoneFits):
		return c, refuse("no login name can be made of the name: no pattern of usernames.patterns fits it; say the login name (--login), or that there is no account (--no-account)")
	case errors.Is(err, username.ErrAllTaken):
		return c, refuse("all login names that usernames.patterns makes of the name are taken; say the login name (--login), or that there is no account (--no-account)")
	case err != nil:
		return c, err
	}
	c.Login, c.LoginByRule = login, true
	return c, l.claim(login)
}

// Keep takes the login name of a change that is carried out again, and reports whether it is still to be had. What was
// reviewed stays as it is where it can, so all are kept that can be, before others are exchanged.
func (l *Logins) Keep(c Change) bool {
	if c.Login == "" || l.holder(c.Login) != nil {
		return false
	}
	l.given.Add(c.Login)
	return true
}

// Exchange gives a change that is carried out again another login name where the rules made the one that cannot be kept. A
// name that somebody gave by hand is refused.
func (l *Logins) Exchange(c Change) (Change, error) {
	if c.LoginByRule {
		c.Login = ""
	}
	return l.Give(c)
}

// claim takes a name, or says why it cannot be had.
func (l *Logins) claim(login string) error {
	if username.Forbidden(l.rules, login) {
		return refuse("the login name %s is one of the forbidden words (usernames.forbidden)", login)
	}
	if by := l.holder(login); by != nil {
		return refuse("the login name %s is taken: %s", login, *by)
	}
	l.given.Add(login)
	return nil
}

// holder says who has a name; nil where nobody does.
func (l *Logins) holder(login string) *words {
	for _, r := range l.taken {
		if r.names.Has(login) {
			return &r.by
		}
	}
	return nil
}

// accounts are the accounts of somebody who is hired: one, or none where there is no login name.
func (h Hire) accounts() edit.Struct {
	switch {
	case h.Login == "":
		return nil
	case h.System == "", h.System == activeDirectory:
		return edit.Struct{{Name: activeDirectory, Value: edit.Struct{{Name: "name", Value: h.Login}}}}
	}
	return edit.Struct{{Name: h.System, Value: edit.Struct{{Name: "system", Value: h.System}, {Name: "name", Value: h.Login}}}}
}

// WithLogin gives a hire the login name and system that the account has in an organisation: a branch that was carried out
// again may have another one than its first commit.
func (c Change) WithLogin(o *org.Organisation) Change {
	if p := o.Person(c.Person); c.Do == DoHire && c.New != "" && p != nil {
		for _, a := range p.Accounts {
			c.Login, c.System = a.Name, a.System
		}
	}
	return c
}

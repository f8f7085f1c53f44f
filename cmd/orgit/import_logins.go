package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/edit"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/org/username"
	"orgit.dk/orgit/schema"
)

// importLogins is what has to be known to give those whom a register hires their login names. It is read once a night, before
// the first group is carried out.
type importLogins struct {
	accounts, used *username.Taken
	open           []openLogins        // the newest first
	given          map[string][]string // in this run, by branch
}

// openLogins are the login names that an open proposal has.
type openLogins struct {
	branch string
	names  []string
	taken  *username.Taken   // the same
	people map[string]string // of the register's own branches: who has which, by the person's key
}

// without are the names but those that the proposal has for some people: these are theirs already.
func (l openLogins) without(people []propose.Change) *username.Taken {
	theirs := map[string]bool{}
	for _, c := range people {
		if login := l.people[c.Person]; login != "" {
			theirs[login] = true
		}
	}
	if len(theirs) == 0 {
		return l.taken
	}
	rest := &username.Taken{}
	for _, name := range l.names {
		if !theirs[name] {
			rest.Add(name)
		}
	}
	return rest
}

// readNames finds out which login names are taken, where the register hires anybody who is to have one.
func (i *importing) readNames(ctx context.Context) error {
	people := map[string]bool{}
	for _, p := range i.proposed.Proposals {
		i.addHired(people, p.Changes)
	}
	for _, q := range i.proposed.Questions {
		i.addHired(people, q.Would)
	}
	if len(people) == 0 {
		return nil
	}
	l := &importLogins{accounts: username.TakenIn(i.approved), used: &username.Taken{}, given: map[string][]string{}}
	used, _, err := username.Used(i.approve) // what is wrong with the list, the check of what is approved says
	if err != nil {
		return err
	}
	l.used.Add(used...)
	list, err := i.openProposals(ctx)
	if err != nil {
		return err
	}
	reader := loginReader{importing: i, people: slices.Sorted(maps.Keys(people)), read: map[string]openLogins{}}
	for _, b := range list[:min(len(list), mostProposals)] {
		names, err := reader.branch(b)
		if err != nil {
			i.unsure("the open proposal " + b.Name + " could not be read (" + err.Error() + ")")
		}
		l.open = append(l.open, names) // what could be read of it counts
	}
	if len(list) > mostProposals || len(reader.read) >= mostProposedFiles {
		i.unsure(fmt.Sprintf("not all that the %d open proposals change was looked at, only the newest of them", len(list)))
	}
	i.names = l
	return ctx.Err()
}

// hired are the changes that hire somebody who is to have a login name.
func (i *importing) hired(changes []propose.Change) (hires []propose.Change) {
	rules := propose.NewLogins(i.approved.Settings.Usernames)
	for _, c := range changes {
		if rules.Wanted(c) {
			hires = append(hires, c)
		}
	}
	return hires
}

func (i *importing) addHired(people map[string]bool, changes []propose.Change) {
	for _, c := range i.hired(changes) {
		people[c.Person] = true
	}
}

// loginReader reads the login names that branches have. Branches that began together have most texts in common; each is read
// once.
type loginReader struct {
	*importing
	people []string              // keys of those whom the register hires
	read   map[string]openLogins // by the text's ID
}

// branch gives the login names in what a branch has and the approved files have not.
func (r *loginReader) branch(b git.Branch) (openLogins, error) {
	all := openLogins{branch: b.Name, taken: &username.Taken{}, people: map[string]string{}}
	blobs, err := r.repo.Brought(r.provenance.Base, b.Commit)
	if err != nil {
		return all, err
	}
	for _, blob := range blobs {
		l, known := r.read[blob.ID]
		if !known {
			if len(r.read) >= mostProposedFiles {
				continue
			}
			text, ok, err := r.repo.Text(blob, mostProposedText)
			if err != nil {
				return all, err
			}
			if !ok {
				return all, fmt.Errorf("the file %s is too large", blob.File)
			}
			l = openLogins{names: username.Stated(blob.File, text), people: r.accounts(blob.File, text)}
			r.read[blob.ID] = l
		}
		all.names = append(all.names, l.names...)
		all.taken.Add(l.names...)
		if ours := importBranches + r.x.Source; b.Name == ours+everyoneElse || strings.HasPrefix(b.Name, ours+"/") {
			maps.Copy(all.people, l.people)
		}
	}
	return all, nil
}

// accounts are the login names that a file has for people whom the register hires, by the person's key. The register's person
// has the same key every night.
func (r *loginReader) accounts(file string, text []byte) map[string]string {
	system := r.approved.Settings.Usernames.System
	if system == "" {
		system = "ad"
	}
	found := map[string]string{}
	for _, key := range r.people {
		if !bytes.Contains(text, []byte(key)) {
			continue
		}
		values, _ := edit.Stated(file, text, []string{"people", key, "accounts", system, "name"})
		if len(values) == 0 {
			continue
		}
		if names := username.Stated(file, []byte("accounts: x: name: "+values[0])); len(names) == 1 {
			found[key] = names[0]
		}
	}
	return found
}

// proposed is the login name that the register's branches have for somebody, the group's own before others: whoever a rule no
// longer approves with the rest comes from there.
func (l *importLogins) proposed(branch, person string) string {
	name := ""
	for _, open := range l.open {
		switch login := open.people[person]; {
		case login != "" && open.branch == branch:
			return login
		case name == "":
			name = login
		}
	}
	return name
}

// groupLogins gives the people of one group their login names, in one try to carry it out.
type groupLogins struct {
	*propose.Logins
	kept     map[string]propose.Change // by the person's key: with the name that was proposed before
	nameless []namelessHire
}

// namelessHire is somebody who is hired without an account, because the rules give no login name.
type namelessHire struct {
	Entry [2]string `json:"entry"`
	Name  string    `json:"name"`
}

// loginsFor begins to give a group its login names. Those that were proposed before are kept before any is given, so that
// nobody's changes because somebody else comes.
func (i *importing) loginsFor(g *importGroup) *groupLogins {
	rules := i.approved.Settings.Usernames
	l := &groupLogins{Logins: propose.NewLogins(rules), kept: map[string]propose.Change{}}
	if i.names == nil {
		return l
	}
	l.TakenByAccounts(i.names.accounts)
	l.TakenBefore(i.names.used)
	var hires []propose.Change
	for _, p := range g.proposals {
		hires = append(hires, i.hired(p.Changes)...)
	}
	for _, open := range i.names.open {
		l.TakenByProposal(open.branch, open.without(hires))
	}
	for _, branch := range slices.Sorted(maps.Keys(i.names.given)) {
		names := &username.Taken{}
		names.Add(i.names.given[branch]...)
		l.TakenByProposal(branch, names)
	}
	for _, c := range hires {
		c.Login, c.System = i.names.proposed(g.branch, c.Person), rules.System
		if !username.Forbidden(rules, c.Login) && l.Keep(c) {
			c.LoginByRule = madeByRule(rules, c)
			l.kept[c.Person] = c
		}
	}
	return l
}

// give gives somebody who is hired as new a login name. For whom there is none, they have no account.
func (l *groupLogins) give(c propose.Change) (propose.Change, error) {
	if !l.Wanted(c) {
		return c, nil
	}
	if kept, ok := l.kept[c.Person]; ok {
		return kept, nil
	}
	with, err := l.Give(c)
	var refusal *propose.Refusal
	if errors.As(err, &refusal) {
		l.nameless = append(l.nameless, namelessHire{[2]string{"people", c.Person}, c.Name.Full()})
		c.NoAccount = true
		return c, nil
	}
	return with, err
}

// keepGiven keeps the names that a group has got from the groups that come after it.
func (i *importing) keepGiven(g *importGroup) {
	if i.names == nil {
		return
	}
	for _, c := range g.outcome.Typed {
		if c.Login != "" {
			i.names.given[g.branch] = append(i.names.given[g.branch], c.Login)
		}
	}
}

// madeByRule reports whether the rules make somebody's login name. One that is on the branch and was chosen by hand is not
// exchanged without asking.
func madeByRule(rules org.Usernames, c propose.Change) bool {
	for login := range username.Candidates(rules, c.Name) {
		if login == c.Login {
			return true
		}
	}
	return false
}

// nameless says who is hired without an account, and what to do about it.
func (i *importing) nameless(n namelessHire) string {
	return schema.MaskCPR(fmt.Sprintf(i.say("%s: intet mønster i usernames.patterns giver et ledigt brugernavn. Kommer der et mønster til, før forslaget er godkendt, får vedkommende navn næste gang.",
		"%s: no pattern of usernames.patterns gives a login name that is free. With one more pattern, before this is approved, the next import gives one."), n.Name))
}

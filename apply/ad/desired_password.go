package ad

import (
	"fmt"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// passwordGiven is what the attribute has when orgit has no password to give.
const passwordGiven = "given"

// password states that the account's holder can log in: a new account gets its first
// password in a pass of its own. It is prepared with it, so that the leader has it on the
// first day; who is suspended or on a leave that closes gets none.
func (u *userAttributes) password(enabled bool) {
	s := u.d.s.Passwords
	if s == nil || u.a.stage != prepared && !enabled {
		return
	}
	if _, suspended := suspendedOn(u.a, u.d.day); suspended {
		return
	}
	to := u.d.recipientOf(u.a)
	if s.Folder != "" && keyFor(s, to.Leader) == "" {
		who := "whoever leads it"
		if to.Leader != "" {
			who = "the leader " + to.Leader
		}
		p := plan.Problem{
			Object: u.a.id, Path: u.a.base.Path(), Bearable: true,
			Message: fmt.Sprintf("a new account's first password cannot be handed over: %s has no key", who),
			Hint:    "give one in " + u.d.domain.setting() + ".passwords.recipients, or a fallback",
		}
		u.d.state.Problems = append(u.d.state.Problems, p)
		return
	}
	u.attrs = append(u.attrs, plan.Attr{
		Name: attrPassword, Value: []string{passwordGiven}, Show: u.d.handedTo(to), Rule: plan.Force, Own: true, Later: true,
		Said: words(u.d.o, "med første adgangskode", "with a first password"), Why: []org.Fact{u.a.tenure.Opens},
	})
}

// handedTo says in the plan who gets the password.
func (d *desired) handedTo(to recipient) string {
	switch {
	case to.name == "":
		return words(d.o, "til den, der tager imod", "to whoever receives it")
	case d.s.Passwords.Folder != "" && d.s.Passwords.Recipients[to.Leader] == "":
		return words(d.o, "til den, der tager imod for lederen ", "to whoever receives it for the leader ") + to.name
	}
	return words(d.o, "til lederen ", "to the leader ") + to.name
}

// words chooses by the organisation's language.
func words(o *org.Organisation, danish, english string) string {
	if o.Settings.Language == "en" {
		return english
	}
	return danish
}

// recipientOf is who gets to know the password of an account: the leader of its post.
func (d *desired) recipientOf(a *account) recipient {
	to := recipient{Account: a.id.UUID, Login: a.at.Name, Person: a.holder.Person.Key, FirstDay: a.tenure.From}
	if !a.hasPost || a.post.Unit == nil {
		return to
	}
	to.Unit = a.post.Unit.Key
	if m := d.view(a.ref).LeaderOf(a.post.Unit, a.holder.Person.Key); m != nil {
		to.Leader = m.Person
		if leader := d.o.Person(m.Person); leader != nil {
			to.name = leader.At(a.ref).Name.Full()
		}
	}
	return to
}

package os2mo

import (
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
)

// accountDraft is an account while others add to it.
type accountDraft struct {
	source.Account
	person id
}

// readAccounts reads IT users. An account is what it is on the day, from its first day to its
// last; names that it had before are kept.
func (a *assembly) readAccounts(r *register) {
	a.accounts = map[id]*accountDraft{}
	for _, o := range r.itUsers {
		at := origin("itusers", "ituser", o.UUID)
		list := take(a, at, o)
		if len(list) == 0 {
			continue
		}
		now, _ := near(list, a.day)
		if now.Person == nil && now.Unit != nil {
			a.notes.count("itusers", noUnitAccount, "Antal IT-konti, der tilhører en enhed og ikke en person: %d. De er ikke taget med; opret dem som robotter.")
			continue
		}
		person, ok := belongsTo(a, at, list, func(u itUser) *ref { return u.Person })
		if !ok {
			a.dangling(at, "IT-kontoens person findes ikke i OS2mo. Kontoen er udeladt.")
			continue
		}
		if made, ok := a.account(at, o.UUID, list, now); ok {
			a.engagementsOf(at, &made, now, person)
			a.accounts[o.UUID] = &accountDraft{made, person}
		}
	}
}

func (a *assembly) account(at source.Origin, uuid id, list []span[itUser], now itUser) (source.Account, bool) {
	system, ok := a.systems[now.System.id()]
	if !ok {
		a.dangling(at, "IT-kontoens IT-system findes ikke i OS2mo. Kontoen er udeladt.")
		return source.Account{}, false
	}
	made := source.Account{
		ID: string(uuid), System: system, Name: a.text(at, now.UserKey), UUID: a.externalID(at, now.ExternalID), Origin: at,
		Period: org.Period{From: list[0].From, To: list[len(list)-1].To},
	}
	switch {
	case made.Name == "" || strings.EqualFold(made.Name, string(uuid)):
		a.notes.add(at, doubtAccountName, "IT-kontoen har intet brugernavn. Den er udeladt.")
		return source.Account{}, false
	case uuidShape.MatchString(strings.ToLower(made.Name)):
		a.notes.add(at, doubtAccountName, "IT-kontoens brugernavn i %s er et UUID og formentlig ikke et brugernavn.", system)
	}
	for i, s := range list {
		if i > 0 && list[i-1].To.Add(1) != s.From {
			a.notes.add(at, doubtAccountGap, "IT-kontoen har været lukket en tid og åbnet igen. Her står den fra sin første dag til sin sidste.")
		}
		name := a.text(at, s.Value.UserKey)
		if name != "" && name != made.Name && s.Ended(a.day) && !slices.Contains(made.Former, name) {
			made.Former = append(made.Former, name)
		}
	}
	if now.Primary != nil {
		a.notes.count("itusers", noITPrimary, "Antal IT-konti, der er markeret som primær eller ikke: %d. orgit har ikke plads til det.")
	}
	return made, true
}

// externalID gives the identity of an account in its own system, which is the ObjectGUID in
// the directory.
func (a *assembly) externalID(at source.Origin, text string) org.UUID {
	text = strings.ToLower(strings.Trim(strings.TrimSpace(text), "{}"))
	switch {
	case text == "":
		return ""
	case uuidShape.MatchString(text):
		return org.UUID(text)
	}
	a.notes.add(at, doubtExternalID, "IT-kontoens eksterne ID er ikke et UUID. Det er udeladt.")
	return ""
}

func (a *assembly) engagementsOf(at source.Origin, made *source.Account, now itUser, person id) {
	for _, e := range now.Engagements.ids {
		d := a.engagements[e]
		if d == nil || d.person != person {
			a.dangling(at, "IT-kontoen er for en ansættelse, som personen ikke har i OS2mo. Den er taget med uden den ansættelse.")
			continue
		}
		made.Engagements = with(made.Engagements, string(e))
	}
}

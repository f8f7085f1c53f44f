package main

import (
	"fmt"
	"strconv"
	"strings"

	"orgit.dk/orgit/org"
)

// words are the labels of answers about the organisation, in its language.
type words struct {
	leader, vacant, people, onLeave, acting, inherited string
	unit, above, kind, key, uuid, valid, address       string
	title, number, account, closed, sponsor, covers    string
	name, login, phone, email, engagement, association string
	open, shielded, below, system, until, since        string
	annulled                                           string
	months                                             [12]string
}

func wordsFor(v *org.View) words {
	if v.Organisation().Settings.Language == "en" {
		return words{
			leader: "leader", vacant: "leader's post vacant", people: "people", onLeave: "on leave", acting: "acting", inherited: "from above",
			unit: "Unit", above: "Above", kind: "Type", key: "Key", uuid: "UUID", valid: "Valid", address: "Address",
			title: "Title", number: "Employee no.", account: "Account", closed: "Successor", sponsor: "Sponsor", covers: "Covers for",
			name: "Name", login: "Login", phone: "Phone", email: "E-mail", engagement: "Engagement", association: "Association",
			open: "open", shielded: "protected address", below: "Below", system: "System", until: "until", since: "since", annulled: "annulled",
			months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		}
	}
	return words{
		leader: "leder", vacant: "lederstillingen er ledig", people: "medarbejdere", onLeave: "på orlov", acting: "konstitueret", inherited: "arvet",
		unit: "Enhed", above: "Overordnet", kind: "Type", key: "Nøgle", uuid: "UUID", valid: "Gyldig", address: "Adresse",
		title: "Titel", number: "Lønnummer", account: "It-bruger", closed: "Afløses af", sponsor: "Ansvarlig", covers: "Vikar for",
		name: "Navn", login: "Brugernavn", phone: "Telefon", email: "E-mail", engagement: "Ansættelse", association: "Tilknytning",
		open: "åben", shielded: "adressebeskyttelse", below: "Underenheder", system: "System", until: "til og med", since: "fra", annulled: "annulleret",
		months: [12]string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"},
	}
}

// date writes a day as people do: 1. december 2026, or 1 December 2026.
func (w words) date(d org.Day) string {
	parts := strings.Split(string(d), "-")
	if len(parts) != 3 {
		return string(d)
	}
	month, errMonth := strconv.Atoi(parts[1])
	day, errDay := strconv.Atoi(parts[2])
	if errMonth != nil || errDay != nil || month < 1 || month > 12 {
		return string(d)
	}
	dot := "."
	if w.months[0] == "January" {
		dot = ""
	}
	return fmt.Sprintf("%d%s %s %s", day, dot, w.months[month-1], parts[0])
}

// period writes a period as people do, or nothing when it has no ends.
func (w words) period(p org.Period) string {
	var parts []string
	if p.From != "" {
		parts = append(parts, w.since+" "+w.date(p.From))
	}
	if p.To != "" {
		parts = append(parts, w.until+" "+w.date(p.To))
	}
	return strings.Join(parts, " ")
}

package main

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"orgit.dk/orgit/org"
)

// words are the labels of answers about the organisation, in its language.
type words struct {
	leader, vacant, onLeave, inherited              string
	people, person, role, notThen, leads            string
	onePerson, manyPeople                           string
	unit, above, kind, key, uuid, valid             string
	title, number, account, closed, sponsor, covers string
	name, login, engagement, association            string
	note, shielded, below, system, until, since     string
	annulled, suspended, noUnits                    string
	months                                          [12]string
	fields                                          map[string]string // addresses and numbers
	kinds                                           map[string]string // of accounts
	rights                                          rightsWords
}

func wordsFor(v *org.View) words {
	if v.Organisation().Settings.Language == "en" {
		return words{
			leader: "leader", vacant: "leader's post vacant", onLeave: "on leave", inherited: "from above",
			people: "people", person: "Person", role: "Role", leads: "leads", onePerson: "person", manyPeople: "people",
			notThen: "the unit does not exist on this day", noUnits: "No unit exists on this day.",
			unit: "Unit", above: "Above", kind: "Type", key: "Key", uuid: "UUID", valid: "Valid",
			title: "Title", number: "Employee no.", account: "Account", closed: "Successor", sponsor: "Sponsor", covers: "Covers for",
			name: "Name", login: "Login", engagement: "Engagement", association: "Association",
			note: "Note", shielded: "protected address; phone, e-mail and room are not shown", suspended: "all accounts are closed", below: "Below", system: "System", until: "until", since: "from", annulled: "annulled",
			fields: map[string]string{
				"phone": "Phone", "landline": "Landline", "mobile": "Mobile", "email": "E-mail", "room": "Room", "web": "Web",
				"post": "Postal address", "postReturn": "Return address", "visit": "Visiting address", "location": "Place",
				"phoneHours": "Phone hours", "visitHours": "Opening hours", "emailRemarks": "About e-mail",
				"p": "P-number", "ean": "EAN number", "se": "SE number", "cvr": "CVR number",
			},
			rights: rightsWordsEnglish(),
			kinds:  map[string]string{"personal": "personal", "admin": "administrator", "service": "service"},
			months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		}
	}
	return words{
		leader: "leder", vacant: "lederstillingen er ledig", onLeave: "på orlov", inherited: "nedarvet",
		people: "personer", person: "Person", role: "Rolle", leads: "leder af", onePerson: "person", manyPeople: "personer",
		notThen: "enheden findes ikke på denne dag", noUnits: "Der findes ingen enheder på denne dag.",
		unit: "Enhed", above: "Overordnet", kind: "Type", key: "Nøgle", uuid: "UUID", valid: "Gyldig",
		title: "Titel", number: "Lønnummer", account: "It-bruger", closed: "Afløses af", sponsor: "Ansvarlig", covers: "Vikar for",
		name: "Navn", login: "Brugernavn", engagement: "Ansættelse", association: "Tilknytning",
		note: "Bemærk", shielded: "adressebeskyttelse; telefon, e-mail og lokale vises ikke", suspended: "alle brugerkonti er lukket", below: "Underenhed", system: "System", until: "til og med", since: "fra", annulled: "annulleret",
		fields: map[string]string{
			"phone": "Telefon", "landline": "Fastnettelefon", "mobile": "Mobil", "email": "E-mail", "room": "Lokale", "web": "Hjemmeside",
			"post": "Postadresse", "postReturn": "Returadresse", "visit": "Besøgsadresse", "location": "Sted",
			"phoneHours": "Telefontid", "visitHours": "Åbningstid", "emailRemarks": "Om e-mail",
			"p": "P-nummer", "ean": "EAN-nummer", "se": "SE-nummer", "cvr": "CVR-nummer",
		},
		rights: rightsWordsDanish(),
		kinds:  map[string]string{"personal": "personlig", "admin": "administrator", "service": "tjeneste"},
		months: [12]string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"},
	}
}

// field is what an address or number is called.
func (w words) field(name string) string { return orItself(w.fields, name) }

// accountKind is what a kind of account is called.
func (w words) accountKind(kind string) string { return orItself(w.kinds, kind) }

func orItself(names map[string]string, name string) string {
	if label, ok := names[name]; ok {
		return label
	}
	return name
}

// count writes how many people there are: 1 person, 2 personer.
func (w words) count(n int) string { return count(n, w.onePerson, w.manyPeople) }

// capital begins a word with a capital.
func capital(word string) string {
	first, size := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(first)) + word[size:]
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

package table

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/schema"
)

// column is what orgit calls a column.
type column string

// The columns of people, one row for each employment.
const (
	colPerson      column = "person"
	colNumber      column = "number"
	colInstitution column = "institution"
	colCPR         column = "cpr"
	colGiven       column = "given"
	colSurname     column = "surname"
	colCalled      column = "called"
	colShielded    column = "shielded"
	colUnit        column = "unit"
	colTitle       column = "title"
	colType        column = "type"
	colFraction    column = "fraction"
	colPrimary     column = "primary"
	colFrom        column = "from"
	colTo          column = "to"
	colLogin       column = "login"
	colEmail       column = "email"
	colPhone       column = "phone"
	colMobile      column = "mobile"
	colLandline    column = "landline"
	colRoom        column = "room"
	colManager     column = "manager"
)

// The columns of units.
const (
	colUnitCode  column = "unitCode"
	colUnitName  column = "unitName"
	colParent    column = "parent"
	colUnitType  column = "unitType"
	colLeader    column = "leader"
	colUnitFrom  column = "unitFrom"
	colUnitTo    column = "unitTo"
	colUnitPhone column = "unitPhone"
	colUnitEmail column = "unitEmail"
	colP         column = "p"
	colEAN       column = "ean"
)

// heading is a column with the heading that is expected where the settings say nothing, and what belongs in it.
type heading struct {
	column
	text, note string
}

func peopleHeadings() []heading {
	return []heading{
		{colPerson, "Personnøgle", "Kun når en person har flere rækker: den samme tekst i hver af dem. Aldrig CPR-nummer."},
		{colNumber, "Medarbejdernummer", "Nummeret i lønsystemet."},
		{colInstitution, "Institution", "Kun når det samme medarbejdernummer kan findes i flere institutioner."},
		{colCPR, "CPR-nummer", "Må udelades. CPR-numre må kun stå i denne kolonne. De kommer aldrig i git."},
		{colGiven, "Fornavn", "Fornavn og mellemnavne."},
		{colSurname, "Efternavn", "Efternavn."},
		{colCalled, "Kaldenavn", "Hele navnet, som det skal vises, hvis det er et andet."},
		{colShielded, "Adressebeskyttet", "ja, hvis personen har adressebeskyttelse."},
		{colUnit, "Enhed", "Enhedens kode, som den står i arket Enheder, eller dens navn, hvis kun én hedder sådan."},
		{colTitle, "Titel", "Stillingen."},
		{colType, "Ansættelsesform", "Månedslønnet, timelønnet …"},
		{colFraction, "Beskæftigelsesgrad", "Del af fuld tid: 80 % eller 0,8."},
		{colPrimary, "Hovedansættelse", "ja, hvis personen har flere ansættelser, og dette er hovedansættelsen."},
		{colFrom, "Fra dato", "Den første dag i ansættelsen, for eksempel 31-12-2026."},
		{colTo, "Til og med", "Den sidste dag i ansættelsen. Tom: ingen slutdato."},
		{colLogin, "Brugernavn", "Brugernavnet i AD."},
		{colEmail, "E-mail", "E-mail på arbejdet."},
		{colPhone, "Telefon", "Telefon på arbejdet. Aldrig en privat."},
		{colMobile, "Mobil", "Arbejdsmobil."},
		{colLandline, "Fastnet", "Fastnet på arbejdet."},
		{colRoom, "Lokale", "Lokale."},
		{colManager, "Nærmeste leder", "Lederens medarbejdernummer, personnøgle eller brugernavn."},
	}
}

func unitHeadings() []heading {
	return []heading{
		{colUnitCode, "Enhedskode", "Den kode, som enheden har i lønsystemet, eller en anden, der ikke bliver lavet om."},
		{colUnitName, "Enhedsnavn", "Hvad enheden hedder."},
		{colParent, "Overordnet enhed", "Koden på enheden ovenfor. Tom ved den øverste enhed."},
		{colUnitType, "Enhedstype", "Forvaltning, afdeling, skole …"},
		{colLeader, "Leder", "Lederens medarbejdernummer, personnøgle eller brugernavn."},
		{colUnitFrom, "Oprettet", "Den første dag, enheden findes."},
		{colUnitTo, "Nedlagt", "Den sidste dag, enheden findes."},
		{colUnitPhone, "Enhedens telefon", "Hovednummeret."},
		{colUnitEmail, "Enhedens e-mail", "Den fælles postkasse."},
		{colP, "P-nummer", "Ti cifre."},
		{colEAN, "EAN-nummer", "Tretten cifre."},
	}
}

// Names are what orgit calls the columns, with the Danish heading that each has where the settings say nothing.
func Names() map[string]string {
	names := map[string]string{}
	for _, h := range slices.Concat(peopleHeadings(), unitHeadings()) {
		names[string(h.column)] = h.text
	}
	return names
}

// mapping is the headings of one source.
type mapping map[column]string

// mappingOf puts the settings' headings in the place of the expected ones.
func mappingOf(columns map[string]string) (mapping, error) {
	m := mapping{}
	known := Names()
	for name, text := range known {
		m[column(name)] = text
	}
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		if known[name] == "" {
			hint := ""
			if near := schema.Nearest(name, slices.Collect(maps.Keys(known))); near != "" {
				hint = "; did you mean " + near + "?"
			}
			return nil, fmt.Errorf("the settings give a heading to the column %q, which orgit does not have%s", name, hint)
		}
		m[column(name)] = columns[name]
	}
	seen := map[string]column{}
	for _, h := range slices.Concat(peopleHeadings(), unitHeadings()) {
		text := plain(m[h.column])
		if other, twice := seen[text]; twice {
			return nil, fmt.Errorf("the columns %s and %s have the same heading, %q", other, h.column, m[h.column])
		}
		seen[text] = h.column
	}
	return m, nil
}

// plain makes two spellings of a heading equal.
func plain(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

// among is which of the headings a text is; empty when it is none.
func (m mapping) among(list []heading, text string) column {
	for _, h := range list {
		if plain(m[h.column]) == plain(text) {
			return h.column
		}
	}
	return ""
}

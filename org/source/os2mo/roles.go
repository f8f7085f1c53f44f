package os2mo

import "strings"

// unitRole tells what a type of address of a unit is in orgit, by its scope and the words of
// its names; "" where there is no place for it.
func unitRole(c classInfo) string {
	has := func(words ...string) bool { return hasWord(c, words) }
	switch c.scope {
	case "PHONE":
		switch {
		case has("fax"):
			return ""
		case has("fastnet", "landline"):
			return "landline"
		}
		return "phone"
	case "EMAIL":
		return "email"
	case "WWW":
		return "web"
	case "EAN":
		return "ean"
	case "PNUMBER":
		return "p"
	case "DAR":
		return placeRole(has)
	case "TEXT":
		switch {
		case has("telefontid", "phonehours", "telephone hours"):
			return "phoneHours"
		case has("åbningstid", "aabningstid", "openinghours", "opening hours"):
			return "visitHours"
		}
		return placeRole(has)
	}
	return ""
}

// placeRole tells what a place is for.
func placeRole(has func(...string) bool) string {
	switch {
	case has("retur", "return"):
		return "postReturn"
	case has("besøg", "besoeg", "visit", "henvendelse"):
		return "visit"
	case has("lokation", "location", "placering", "bygning"):
		return "location"
	case has("post", "mail"):
		return "post"
	}
	return ""
}

// personRole is unitRole for a person's addresses at work.
func personRole(c classInfo) string {
	has := func(words ...string) bool { return hasWord(c, words) }
	switch c.scope {
	case "PHONE":
		switch {
		case has("fax"):
			return ""
		case has("mobil", "cell"):
			return "mobile"
		case has("fastnet", "landline", "lokalnummer"):
			return "landline"
		}
		return "phone"
	case "EMAIL":
		return "email"
	case "TEXT":
		if has("lokale", "kontor", "room", "office") {
			return "room"
		}
	}
	return ""
}

// isPrivate tells a type of address that is not of the work.
func isPrivate(c classInfo) bool {
	return hasWord(c, []string{"privat", "hjemme", "home address", "homeaddress", "bopæl", "bopael", "pårørende", "paaroerende"})
}

func hasWord(c classInfo, words []string) bool {
	all := c.words()
	for _, w := range words {
		if strings.Contains(all, w) {
			return true
		}
	}
	return false
}

// isNumber tells a role that is a number of a unit.
func isNumber(role string) bool {
	switch role {
	case "p", "ean", "se", "cvr", "losShortName", "losID", "dtrID", "foa", "sor":
		return true
	}
	return false
}

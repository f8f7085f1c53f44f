package sheet

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"orgit.dk/orgit/internal/spreadsheet"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/schema"
)

var danishDay = regexp.MustCompile(`^(\d{1,2})[-./ ]+(\d{1,2}|[a-zæøå]+)[-./ ]+(\d{4})$`)

// day reads a day: 1-1-2027, 1.1.2027, 01/01/2027, 1. januar 2027, 2027-01-01, or what Excel keeps for one.
func (c *cells) day(heading string) org.Day {
	text := c.texts[heading]
	if text == "" {
		return ""
	}
	day, ok := ParseDay(text)
	if !ok {
		c.fault(heading, "%q er ingen dato; skriv dag-måned-år, for eksempel 31-12-2026", text)
	}
	return day
}

// ParseDay reads a day as people in Denmark write it. Years have four digits.
func ParseDay(text string) (org.Day, bool) {
	if t, ok := spreadsheet.ExcelDay(text); ok {
		return org.Day(t.Format("2006-01-02")), true
	}
	text = strings.TrimSuffix(text, " 00:00:00")
	if day, err := org.ParseDay(text); err == nil {
		return day, true
	}
	m := danishDay.FindStringSubmatch(strings.ToLower(text))
	if m == nil {
		return "", false
	}
	month := m[2]
	months := []string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"}
	for i, name := range months {
		if month == name || len(month) >= 3 && month == name[:3] {
			month = strconv.Itoa(i + 1)
		}
	}
	pad := func(s string) string {
		if len(s) == 1 {
			return "0" + s
		}
		return s
	}
	day, err := org.ParseDay(m[3] + "-" + pad(month) + "-" + pad(m[1]))
	return day, err == nil
}

// fraction reads a part of full time: 80 %, 0,8 or 0.8. What is above 1 without a percent sign is not guessed.
func (c *cells) fraction() float64 {
	text := c.texts[headFraction]
	if text == "" {
		return 0
	}
	plain, percent := strings.CutSuffix(strings.ReplaceAll(text, " ", ""), "%")
	n, err := strconv.ParseFloat(strings.ReplaceAll(plain, ",", "."), 64)
	if percent {
		n /= 100
	}
	if err != nil || !(n > 0 && n <= 1) {
		c.fault(headFraction, "%q er ingen beskæftigelsesgrad; skriv for eksempel 80 %% eller 0,8", text)
		return 0
	}
	return n
}

func (c *cells) yes(heading string) bool {
	switch text := strings.ToLower(c.texts[heading]); text {
	case "ja", "x", "1", "true", "sand":
		return true
	case "", "nej", "0", "false", "falsk":
	default:
		c.fault(heading, "skal være ja eller nej")
	}
	return false
}

// class is the key of a class that is named by key or name.
func (c *cells) class(heading string, classes map[string]org.Class) string {
	text := c.texts[heading]
	if _, ok := classes[text]; ok || text == "" {
		return text
	}
	var found, names []string
	for _, key := range slices.Sorted(maps.Keys(classes)) {
		names = append(names, classes[key].Name)
		if strings.EqualFold(classes[key].Name, text) {
			found = append(found, key)
		}
	}
	switch len(found) {
	case 1:
		return found[0]
	case 0:
		hint := ""
		if near := schema.Nearest(text, names); near != "" {
			hint = "; mente du " + near + "?"
		}
		c.fault(heading, "%q findes ikke i kommunens lister (classes.cue)%s", text, hint)
	default:
		c.fault(heading, "%q er navnet på flere; brug nøglen: %s", text, strings.Join(found, ", "))
	}
	return ""
}

// addresses reads the contact data: empty is unchanged, "fjern" takes away.
func (c *cells) addresses() map[string]string {
	out := map[string]string{}
	for heading, role := range map[string]string{headPhone: "phone", headMobile: "mobile", headLandline: "landline", headEmail: "email", headRoom: "room"} {
		text := c.texts[heading]
		switch {
		case text == "":
			continue
		case strings.EqualFold(text, "fjern"):
			text = ""
		case role != "email" && role != "room":
			text = propose.Phone(text)
		}
		out[role] = text
	}
	return out
}

package sheet

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/schema"
)

var danishDay = regexp.MustCompile(`^(\d{1,2})[-./ ]+(\d{1,2}|[a-zæøå]+)[-./ ]+(\d{4})$`)

// day reads a day: 1-1-2027, 1.1.2027, 31/1/2027, 1. januar 2027, 2027-01-01, or what Excel keeps for one.
func (c *cells) day(heading string) org.Day {
	text := c.texts[heading]
	if text == "" {
		return ""
	}
	if t, ok := c.line.Day(c.at[heading]); ok {
		return org.Day(t.Format("2006-01-02"))
	}
	if one, other, ok := twoDays(text); ok {
		c.fault(heading, "%q kan være både %s og %s; skriv %s eller %s", text, change.Day(one, change.Danish), change.Day(other, change.Danish), dashed(one), dashed(other))
		return ""
	}
	day, ok := ParseDay(text)
	if !ok {
		c.fault(heading, "%q er ingen dato; skriv dag-måned-år, for eksempel 31-12-2026", text)
	}
	return day
}

// twoDays gives the two days that a text with slashes can mean: programs in English write the month first. Where the first
// number is no month, or both are the same, there is only one.
func twoDays(text string) (one, other org.Day, ok bool) {
	m := danishDay.FindStringSubmatch(text)
	if m == nil || !strings.Contains(text, "/") {
		return "", "", false
	}
	one, errOne := org.ParseDay(m[3] + "-" + twoDigits(m[2]) + "-" + twoDigits(m[1]))
	other, errOther := org.ParseDay(m[3] + "-" + twoDigits(m[1]) + "-" + twoDigits(m[2]))
	return one, other, errOne == nil && errOther == nil && one != other
}

// dashed writes a day so that it can be read in one way only.
func dashed(d org.Day) string {
	return strings.TrimLeft(string(d[8:]), "0") + "-" + strings.TrimLeft(string(d[5:7]), "0") + "-" + string(d[:4])
}

func twoDigits(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// ParseDay reads a day as people in Denmark write it, the day before the month. Years have four digits.
func ParseDay(text string) (org.Day, bool) {
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
	day, err := org.ParseDay(m[3] + "-" + twoDigits(month) + "-" + twoDigits(m[1]))
	return day, err == nil
}

// fractionSteps is how finely a part of full time is told: in hundredths of a per cent, as payroll systems have it.
const fractionSteps = 10000

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
	rounded := math.Round(n*fractionSteps) / fractionSteps
	if err != nil || !(rounded > 0 && n <= 1) {
		c.fault(headFraction, "%q er ingen beskæftigelsesgrad; skriv for eksempel 80 %% eller 0,8", text)
		return 0
	}
	return rounded
}

func (c *cells) yes(heading string) bool {
	text := c.texts[heading]
	if !isYes(text) && !slices.Contains([]string{"", "nej", "0", "false", "falsk"}, strings.ToLower(text)) {
		c.fault(heading, "skal være ja eller nej")
	}
	return isYes(text)
}

func isYes(text string) bool {
	return slices.Contains([]string{"ja", "x", "1", "true", "sand"}, strings.ToLower(text))
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

// takeAway is the word in a cell that takes a value away; an empty cell leaves it as it is.
const takeAway = "fjern"

// addresses reads the contact data.
func (c *cells) addresses() map[string]string {
	out := map[string]string{}
	for heading, role := range map[string]string{headPhone: "phone", headMobile: "mobile", headLandline: "landline", headEmail: "email", headRoom: "room"} {
		text := c.texts[heading]
		switch {
		case text == "":
			continue
		case strings.EqualFold(text, takeAway):
			text = ""
		case role != "email" && role != "room":
			text = propose.Phone(text)
		}
		out[role] = text
	}
	return out
}

package directory

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/schema"
)

// account is a user account as it was read.
type account struct {
	at     source.Origin
	key    string
	place  *place
	guid   org.UUID
	mark   org.UUID // the account's UUID in orgit's files
	system bool     // the directory's own, or with a service's name

	login, upn, mail      string
	given, surname, shown string
	title, number         string
	cpr                   source.Number
	manager               string // as it is written
	addresses             map[string]string
	disabled              bool
	last                  org.Day
	kind                  string
	person                *person // nil for an account that is not a person's
}

// uacDisabled is the bit of userAccountControl for a disabled account.
const uacDisabled = 0x2

// account takes a user account.
func (c *Collector) account(e *Entry, at string, p *place) (err error) {
	a := &account{key: at, place: p, addresses: map[string]string{}}
	if a.guid, err = c.guid(e); err != nil {
		return err
	}
	a.at = source.Origin{Document: c.o.Document, Line: e.Line, Record: "account " + string(a.guid)}
	if a.login = c.notes.Text(a.at, "sAMAccountName", e.first("sAMAccountName")); a.login == "" {
		return fmt.Errorf("%w: the user %s has no sAMAccountName; export that attribute too", ErrIncomplete, a.guid)
	}
	a.mark = markOf(e.first(c.o.Anchor))
	a.upn = c.notes.Text(a.at, "userPrincipalName", e.first("userPrincipalName"))
	a.mail = c.notes.Mail(a.at, e.first("mail"))
	a.given, a.surname = c.notes.Text(a.at, "givenName", e.first("givenName")), c.notes.Text(a.at, "sn", e.first("sn"))
	a.shown = c.notes.Text(a.at, "displayName", e.first("displayName"))
	a.title = c.notes.Text(a.at, "title", e.first("title"))
	a.manager = e.first("manager")
	c.numbers(a, e)
	c.addresses(a, e)
	c.state(a, e)
	c.kind(a, e)
	c.accounts = append(c.accounts, a)
	return nil
}

// numbers takes the employee number and the CPR number.
func (c *Collector) numbers(a *account, e *Entry) {
	number := strings.TrimSpace(e.first(c.o.Number))
	switch {
	case strings.Trim(number, "0-") == "":
	case len(schema.FindCPR(number)) > 0:
		c.notes.Add(a.at, NoteEmployee, "Der står et CPR-nummer i %s, hvor medarbejdernummeret skulle stå. Det er ikke brugt.", c.o.Number)
	case len(number) > 20 || strings.ContainsAny(number, " \t\r\n\uFFFD"):
		c.notes.Add(a.at, NoteEmployee, "Det, der står i %s, er ikke et medarbejdernummer og er ikke taget med.", c.o.Number)
	default:
		a.number = number
	}
	if text := strings.TrimSpace(e.first(c.o.CPR)); c.o.CPR != "" && strings.Trim(text, "0-") != "" {
		if parsed, err := cpr.Parse(text); err == nil {
			a.cpr = parsed
		} else {
			c.notes.CPR(a.at, text) // says that it is none
		}
	}
}

func (c *Collector) addresses(a *account, e *Entry) {
	for role, value := range map[string]string{
		"phone": c.notes.Phone(a.at, e.first("telephoneNumber")), "mobile": c.notes.Phone(a.at, e.first("mobile")),
		"email": a.mail, "room": c.notes.Text(a.at, "physicalDeliveryOfficeName", e.first("physicalDeliveryOfficeName")),
	} {
		if value != "" {
			a.addresses[role] = value
		}
	}
}

// state takes whether an account is disabled and until when it works.
func (c *Collector) state(a *account, e *Entry) {
	control, err := strconv.ParseInt(e.first("userAccountControl"), 10, 64)
	if err != nil {
		c.notes.Add(a.at, NoteState, "Det kan ikke læses, om kontoen %s er spærret. Den regnes for åben.", a.login)
	}
	a.disabled = control&uacDisabled != 0
	grace := time.Duration(0)
	if a.mark != "" {
		grace = c.o.Grace
	}
	if a.last, err = lastDay(e.first("accountExpires"), grace); err != nil {
		c.notes.Add(a.at, NoteExpires, "Udløbsdatoen for kontoen %s er ikke en dato. Den er ikke taget med.", a.login)
	}
}

// never is accountExpires of an account without an end; 0 means the same.
const never = "9223372036854775807"

// secondsTo1970 lie between the beginnings of the directory's time (1601) and Unix's.
const secondsTo1970 = 11644473600

// lastDay is the last day in Denmark on which an account works, of accountExpires: the instant
// from which it does not, in steps of 100 ns since 1601. It is empty for an account without an end.
func lastDay(expires string, grace time.Duration) (org.Day, error) {
	if expires == "" || expires == "0" || expires == never {
		return "", nil
	}
	n, err := strconv.ParseInt(expires, 10, 64)
	if err != nil || n < 0 {
		return "", errors.New("it is no count of time")
	}
	at := time.Unix(n/1e7-secondsTo1970, n%1e7*100).Add(-grace - 1)
	if at.Year() < 1601 || at.Year() > 9998 {
		return "", errors.New("it lies in no year")
	}
	return org.DayOf(at)
}

// kind tells whose account it is. What has neither a name nor a number is nobody's.
func (c *Collector) kind(a *account, e *Entry) {
	a.system = strings.EqualFold(e.first("isCriticalSystemObject"), "TRUE") ||
		len(e.values("servicePrincipalName")) > 0 && a.number == "" && a.cpr == source.Number{} && a.mark == ""
	switch {
	case a.system || c.o.Service.matches(a.key, a.login):
		a.kind = org.AccountService
	case c.o.Admin.matches(a.key, a.login):
		a.kind = org.AccountAdmin
	default:
		a.kind = org.AccountPersonal
	}
	if e.first("adminCount") == "1" && !a.system {
		c.notes.Add(a.at, NoteProtected, "Kontoen %s er beskyttet som en administrators (adminCount=1). orgit rører den ikke.", a.login)
	}
}

// unnamed reports whether nothing on an account says whose it is.
func (a *account) unnamed() bool {
	return a.given == "" && a.surname == "" && a.number == "" && a.cpr == source.Number{}
}

// period is the time in which the account works.
func (a *account) period() org.Period { return org.Period{To: a.last} }

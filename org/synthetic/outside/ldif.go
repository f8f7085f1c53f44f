package outside

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/synthetic"
)

// Domain is the town's, in which nothing can exist.
const Domain = "DC=synteby,DC=invalid"

// ServicePrefix begins the names of the accounts that programs run as.
const ServicePrefix = "svc-"

// BaseDN is below what the town stands in the directory. A town with one root has its OU as the base; one with
// several has the domain above them, which is a unit that only the directory knows.
func BaseDN(t *synthetic.Town) string {
	if root, ok := onlyRoot(t); ok {
		return unitDN(t, root)
	}
	return Domain
}

func onlyRoot(t *synthetic.Town) (root int, ok bool) {
	root = -1
	for i := range t.Units {
		if t.Units[i].Parent >= 0 {
			continue
		}
		if root >= 0 {
			return -1, false
		}
		root = i
	}
	return root, root >= 0
}

func unitDN(t *synthetic.Town, at int) string {
	dn := Domain
	if at >= 0 {
		dn = "OU=" + ldap.EscapeDN(t.Units[at].Name) + "," + unitDN(t, t.Units[at].Parent)
	}
	return dn
}

// userDN names an account as people find it: name and login, in the OU in which somebody works.
func userDN(t *synthetic.Town, i int) string {
	p := &t.People[i]
	return "CN=" + ldap.EscapeDN(p.Given+" "+p.Surname+" ("+p.Account.Name+")") + "," + unitDN(t, p.Jobs[0].Unit)
}

// LDIF writes the town as an export of its Active Directory, everything below [BaseDN], as ldapsearch
// writes it. Beside the town's units and accounts there are a group, a computer and a program's account, as
// in every directory. Two units of one name below one unit are an error: a directory cannot have them.
func LDIF(w io.Writer, t *synthetic.Town) error {
	l := &ldif{w: bufio.NewWriter(w), town: t, seen: map[string]bool{}}
	l.w.WriteString("# extended LDIF\n#\n# LDAPv3\n# filter: (objectClass=*)\n#\n\n")
	if _, ok := onlyRoot(t); !ok {
		l.entry(Domain, "objectClass", "domainDNS", "objectGUID", guid("0d0d0d0d-0d0d-4d0d-8d0d-0d0d0d0d0d0d"), "dc", "synteby")
	}
	for i := range t.Units {
		l.entry(unitDN(t, i), "objectClass", "organizationalUnit", "ou", t.Units[i].Name, "objectGUID", guid(t.Units[i].UUID))
	}
	for i := range t.People {
		if p := &t.People[i]; p.Account != nil && len(p.Jobs) > 0 {
			l.user(i)
		}
	}
	l.others()
	fmt.Fprintf(l.w, "# search result\nsearch: 2\nresult: 0 Success\n\n# numResponses: %d\n# numEntries: %d\n", l.entries+1, l.entries)
	if l.err == nil {
		l.err = l.w.Flush()
	}
	if l.err != nil {
		return fmt.Errorf("write the directory: %w", l.err)
	}
	return nil
}

// ldif is an export that is being written.
type ldif struct {
	w       *bufio.Writer
	town    *synthetic.Town
	seen    map[string]bool // DNs, in small letters
	entries int
	err     error
}

func (l *ldif) entry(dn string, pairs ...string) {
	if low := strings.ToLower(dn); l.seen[low] && l.err == nil {
		l.err = fmt.Errorf("there would be two entries %q", dn)
	} else {
		l.seen[low] = true
	}
	l.line("dn", dn)
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			l.line(pairs[i], pairs[i+1])
		}
	}
	l.w.WriteString("\n")
	l.entries++
}

// longestLine is where ldapsearch folds.
const longestLine = 76

// line writes an attribute; a value that RFC 2849 does not call safe is in base64.
func (l *ldif) line(name, value string) {
	text := name + ": " + value
	if !safe(value) {
		text = name + ":: " + base64.StdEncoding.EncodeToString([]byte(value))
	}
	for len(text) > longestLine {
		l.w.WriteString(text[:longestLine] + "\n")
		text = " " + text[longestLine:]
	}
	l.w.WriteString(text + "\n")
}

func safe(value string) bool {
	for i := range len(value) {
		if c := value[i]; c < ' ' || c > '~' || i == 0 && strings.ContainsRune(" :<", rune(c)) || i == len(value)-1 && c == ' ' {
			return false
		}
	}
	return true
}

// What userAccountControl is of an account: an ordinary one, and whether it is disabled.
const (
	ordinary = 0x200
	disabled = 0x2
)

func (l *ldif) user(i int) {
	p, job := &l.town.People[i], &l.town.People[i].Jobs[0]
	control, manager := ordinary, ""
	if p.Account.Disabled {
		control |= disabled
	}
	if leader := l.town.Manager(i); leader >= 0 {
		manager = userDN(l.town, leader)
	}
	l.entry(userDN(l.town, i), "objectClass", "top", "objectClass", "person", "objectClass", "user", "objectGUID", guid(p.Account.UUID),
		"sAMAccountName", p.Account.Name, "userPrincipalName", p.Account.Name+"@synteby.invalid", "userAccountControl", strconv.Itoa(control),
		"accountExpires", l.expires(job.To), "givenName", p.Given, "sn", p.Surname, "displayName", p.Given+" "+p.Surname, "title", job.Title,
		"mail", p.Mail, "telephoneNumber", p.Phone, "employeeNumber", job.Number, "manager", manager)
}

// expires is accountExpires for a last day: the midnight after it, in steps of 100 ns since 1601.
func (l *ldif) expires(last org.Day) string {
	if last == "" {
		return "9223372036854775807"
	}
	zone, err := org.Copenhagen()
	if err == nil {
		var end time.Time
		if end, err = time.ParseInLocation(time.DateOnly, string(next(last)), zone); err == nil {
			return strconv.FormatInt((end.Unix()+11644473600)*1e7, 10)
		}
	}
	l.err = fmt.Errorf("the last day %s: %w", last, err)
	return ""
}

// others writes what is in a directory beside units and people.
func (l *ldif) others() {
	base := BaseDN(l.town)
	l.entry("CN=Alle medarbejdere,"+base, "objectClass", "group", "objectGUID", guid("0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a"), "sAMAccountName", "alle")
	l.entry("CN=PC-0001,"+base, "objectClass", "user", "objectClass", "computer", "objectGUID", guid("0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b"), "sAMAccountName", "PC-0001$")
	l.entry("CN=Backup,"+base, "objectClass", "user", "objectGUID", guid("0c0c0c0c-0c0c-4c0c-8c0c-0c0c0c0c0c0c"), "sAMAccountName", ServicePrefix+"backup",
		"givenName", "Backup", "userAccountControl", strconv.Itoa(ordinary))
}

// guid is the 16 bytes of an objectGUID, the least byte first in each of the first three groups.
func guid(uuid org.UUID) string {
	b, err := hex.DecodeString(strings.ReplaceAll(string(uuid), "-", ""))
	if err != nil || len(b) != 16 {
		return ""
	}
	b[0], b[1], b[2], b[3] = b[3], b[2], b[1], b[0]
	b[4], b[5], b[6], b[7] = b[5], b[4], b[7], b[6]
	return string(b)
}

package os2mo

import (
	"regexp"
	"slices"
	"strings"

	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/schema"
)

// readAddresses adds addresses to units, people and accounts, in the periods in which they
// are in force. Secret ones are left out altogether.
func (a *assembly) readAddresses(r *register) {
	for _, o := range r.addresses {
		at := origin("addresses", "address", o.UUID)
		list := take(a, at, o)
		// One that is secret at any time is left out whole: before that it had the same value.
		if slices.ContainsFunc(list, func(s span[address]) bool { return a.visibility(at, s.Value.Visibility) == secret }) {
			a.notes.count("addresses", noSecret, "Antal adresser, der er eller har været hemmelige: %d. De er ikke taget med.")
			continue
		}
		for _, s := range list {
			a.readAddress(at, o.UUID, s)
		}
		a.accountMail(at, list)
	}
}

// Who may see an address.
const (
	public = iota
	internal
	unsaid
	secret
	unknown
)

func (a *assembly) readAddress(at source.Origin, by id, s span[address]) {
	v := s.Value
	seen := a.visibility(at, v.Visibility)
	if seen == unknown {
		a.notes.add(at, doubtVisibility, "Det kan ikke ses, hvem der må se adressen. Den er regnet for hemmelig og er udeladt.")
		return
	}
	facets := []string{facetPersonAddress, facetManagerAddress}
	if v.Unit != nil {
		facets = []string{facetUnitAddress, facetManagerAddress}
	}
	kind, _, ok := a.class(at, v.Type, facets...)
	switch {
	case !ok:
	case v.Unit != nil:
		a.unitAddress(at, by, s, kind, seen)
	case v.Person != nil:
		a.personAddress(at, by, s, kind, seen)
	case v.ITUser == nil && v.Engagement == nil:
		a.dangling(at, "Adressen hører hverken til en enhed eller en person. Den er udeladt.")
	}
}

// visibility says who may see an address, by the class's scope or its names. What says
// something unknown is not taken.
func (a *assembly) visibility(at source.Origin, r *ref) int {
	if r == nil {
		return unsaid
	}
	info, right, ok := a.class(at, r, facetVisibility)
	if ok && right {
		for _, text := range []string{strings.ToLower(info.scope), strings.ToLower(info.key), strings.ToLower(info.name)} {
			switch {
			case strings.Contains(text, "secret"), strings.Contains(text, "hemmelig"):
				return secret
			case strings.Contains(text, "internal"), strings.Contains(text, "intern"):
				return internal
			case strings.Contains(text, "public"), strings.Contains(text, "external"), strings.Contains(text, "ekstern"), strings.Contains(text, "offentlig"):
				return public
			}
		}
	}
	return unknown
}

func (a *assembly) unitAddress(at source.Origin, by id, s span[address], kind classInfo, seen int) {
	role, named := a.opts.Roles[kind.key]
	if !named {
		role = unitRole(kind)
	}
	value := a.value(at, role, kind, s.Value)
	if value == "" {
		return
	}
	a.overUnit(at, s.Value.Unit.id(), by, seen, s.Period, func(state *source.UnitState) {
		if isNumber(role) {
			a.put(at, &state.Numbers, role, value, kind)
			return
		}
		role := role
		if role == "post" && state.Addresses["post"] != "" && state.Addresses["post"] != value {
			role = "postSecondary"
		}
		if a.put(at, &state.Addresses, role, value, kind) && seen != public {
			state.Hidden = with(state.Hidden, role)
		}
	})
}

func (a *assembly) personAddress(at source.Origin, by id, s span[address], kind classInfo, seen int) {
	role, named := a.opts.Roles[kind.key]
	if !named {
		role = personRole(kind)
	}
	if !named && (isPrivate(kind) || kind.scope == "DAR") {
		a.notes.count("addresses", noPrivate, "Antal perioder med en persons postadresse eller private adresse: %d. De hører ikke hjemme i orgit og er ikke taget med.")
		return
	}
	if role != "" && isNumber(role) {
		role = ""
	}
	value := a.value(at, role, kind, s.Value)
	if value == "" {
		return
	}
	if seen != public {
		a.notes.count("addresses", noVisibility, "Antal perioder, hvor en persons arbejdsadresse kun må vises internt eller ikke har nogen synlighed: %d. De er taget med, men orgit har ikke plads til synligheden.")
	}
	rank := seen
	if s.Value.Engagement != nil || s.Value.ITUser != nil {
		rank += secret // what is said of the person comes before what is said of a job
	}
	a.overPerson(at, s.Value.Person.id(), by, rank, s.Period, func(state *source.PersonState) {
		a.put(at, &state.Addresses, role, value, kind)
	})
}

// put sets a value for a role, unless there is another: the first one counts.
func (a *assembly) put(at source.Origin, values *map[string]string, role, value string, kind classInfo) bool {
	switch (*values)[role] {
	case "":
	case value:
		return false
	default:
		a.notes.add(at, doubtSecondAddress, "Der er mere end én adresse, som orgit ville kalde %s. Denne (af typen „%s“) er udeladt.", role, kind.name)
		return false
	}
	if *values == nil {
		*values = map[string]string{}
	}
	(*values)[role] = value
	return true
}

// accountMail gives an account the mail address that is tied to it.
func (a *assembly) accountMail(at source.Origin, list []span[address]) {
	now, ok := near(list, a.day)
	if !ok || now.ITUser == nil || a.visibility(at, now.Visibility) >= secret {
		return
	}
	d := a.accounts[now.ITUser.UUID]
	if d == nil {
		a.dangling(at, "Adressen hører til en IT-konto, som ikke findes i OS2mo eller ikke er taget med.")
		return
	}
	if list[len(list)-1].Ended(a.day) && !d.Ended(a.day) {
		return
	}
	kind, _, ok := a.class(at, now.Type, facetPersonAddress, facetUnitAddress, facetManagerAddress)
	if ok && kind.scope == "EMAIL" && !isPrivate(kind) && d.Mail == "" {
		d.Mail = a.value(at, "email", kind, now)
	}
}

var (
	emailShape = regexp.MustCompile(`^[^@\s\p{C}]+@[^@\s\p{C}.]+(\.[^@\s\p{C}.]+)+$`)
	urlShape   = regexp.MustCompile(`^https?://[^\s\p{C}]+$`)
	eanShape   = regexp.MustCompile(`^57[0-9]{11}$`)
	cvrShape   = regexp.MustCompile(`^[1-9][0-9]{7}$`)
)

// value gives what an address says in the form of its role; "" where there is no role, where
// it says nothing, or where it has another form, with a note.
func (a *assembly) value(at source.Origin, role string, kind classInfo, v address) string {
	if role == "" {
		a.notes.count("addresses", noType, "Antal perioder med en adresse af typen „"+strings.ReplaceAll(kind.name, "%", "%%")+"“, som orgit ikke har plads til: %d.")
		return ""
	}
	text := strings.TrimSpace(v.Value)
	if kind.scope == "DAR" {
		// The value is the address's identifier in DAR; the name is what it is called.
		text = strings.TrimSpace(v.Name)
		if uuidShape.MatchString(strings.ToLower(text)) || strings.EqualFold(text, "ukendt") {
			a.notes.add(at, doubtValue, "Adressen af typen „%s“ kan OS2mo ikke slå op i DAR. Den er udeladt.", kind.name)
			return ""
		}
	}
	if nothing(text) {
		return ""
	}
	ok := true
	switch role {
	case "phone", "landline", "mobile":
		text = propose.Phone(text)
		ok = schema.IsPhone(text)
	case "p":
		ok = schema.IsPNumber(text)
	case "ean":
		ok = eanShape.MatchString(text)
	case "se", "cvr":
		ok = cvrShape.MatchString(text)
	case "email":
		text = a.text(at, text)
		ok = text == "" || emailShape.MatchString(text)
	case "web", "contactWeb":
		text = a.text(at, text)
		ok = text == "" || urlShape.MatchString(text)
	default:
		text = a.text(at, text)
	}
	if !ok {
		a.notes.add(at, doubtValue, "Adressen af typen „%s“ er ikke skrevet, som orgit kan bruge den (%s). Den er udeladt.", kind.name, role)
		return ""
	}
	return text
}

// nothing tells the values that registers write where there is none.
func nothing(text string) bool {
	switch strings.ToLower(text) {
	case "", "00000000", "0000000000", "9999999999999", "empty@empty":
		return true
	}
	return false
}

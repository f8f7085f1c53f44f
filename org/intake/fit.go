package intake

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/schema"
)

// fit takes extracts into a form that the files have room for: texts of one line that are not too long, numbers and addresses
// that are some, times that the municipality has existed in. What does not fit is a finding and is left out.
func (l *load) fit() {
	l.town.Extracts = slices.Clone(l.town.Extracts)
	for i, x := range l.town.Extracts {
		made := *x
		made.Classes, made.Units, made.People = slices.Clone(x.Classes), slices.Clone(x.Units), slices.Clone(x.People)
		for n := range made.Classes {
			c := &made.Classes[n]
			c.Name = l.text(c.Name, source.Origin{Document: x.Name, Record: c.Kind}, c.Name, "betegnelse")
		}
		for n := range made.Units {
			l.fitUnit(&made.Units[n])
		}
		for n := range made.People {
			l.fitPerson(&made.People[n])
		}
		l.town.Extracts[i] = &made
	}
}

func (l *load) fitUnit(u *source.Unit) {
	u.States = clip(u.States, l.org.Units[0].From, func(s *source.UnitState) *org.Period { return &s.Period })
	for i := range u.States {
		s := &u.States[i]
		s.Name = l.text(s.Name, u.Origin, s.Name, "navn")
		s.ShortName = l.text(s.ShortName, u.Origin, s.Name, "kort navn")
		s.Code = oneLine(s.Code)
		s.Numbers = l.values(s.Numbers, u.Origin, s.Name)
		s.Addresses = l.values(s.Addresses, u.Origin, s.Name)
		tasks := map[string][]string{}
		for aspect, list := range s.Tasks {
			for _, number := range list {
				if l.fits("kle", number, u.Origin, s.Name) {
					tasks[aspect] = append(tasks[aspect], number)
				}
			}
		}
		s.Tasks = tasks
	}
}

func (l *load) fitPerson(p *source.Person) {
	p.States, p.Engagements, p.Associations = slices.Clone(p.States), slices.Clone(p.Engagements), slices.Clone(p.Associations)
	about := ""
	for i := range p.States {
		s := &p.States[i]
		about = oneLine(s.Given + " " + s.Surname)
		s.Given, s.Surname = l.text(s.Given, p.Origin, "", "fornavn"), l.text(s.Surname, p.Origin, "", "efternavn")
		s.Called = l.text(s.Called, p.Origin, "", "kaldenavn")
		s.Addresses = l.values(s.Addresses, p.Origin, about)
	}
	about = schema.MaskCPR(about)
	from := l.org.Units[0].From
	for i := range p.Engagements {
		e := &p.Engagements[i]
		e.Number, e.Institution = oneLine(e.Number), oneLine(e.Institution)
		if !e.EndsOnly() {
			e.States = clip(e.States, from, func(s *source.EngagementState) *org.Period { return &s.Period })
			fillStates(e.States)
		}
		for n := range e.States {
			e.States[n].Title = l.text(e.States[n].Title, e.Origin, about, "titel")
			e.States[n].Type = oneLine(e.States[n].Type)
		}
	}
	for i := range p.Associations {
		a := &p.Associations[i]
		a.States = clip(a.States, from, func(s *source.AssociationState) *org.Period { return &s.Period })
		for n := range a.States {
			a.States[n].Title = l.text(a.States[n].Title, a.Origin, about, "titel")
		}
	}
	p.Accounts = slices.DeleteFunc(slices.Clone(p.Accounts), func(a source.Account) bool { return !l.fits("login", a.Name, a.Origin, about) })
}

// clip leaves out what was before the municipality was. What ended before it is empty.
func clip[T any](states []T, first org.Day, at func(*T) *org.Period) []T {
	kept := slices.Clone(states)
	for len(kept) > 0 {
		p := at(&kept[0])
		if p.To == "" || p.To >= first {
			if p.From != "" {
				p.From = max(p.From, first)
			}
			break
		}
		kept = kept[1:]
	}
	return kept
}

// fillStates gives states the unit, title and type of the next state that has them: a register that does not know what was
// before its day has them empty there, and they are not known to have been anything else.
func fillStates(states []source.EngagementState) {
	for i := len(states) - 2; i >= 0; i-- {
		s, next := &states[i], states[i+1]
		if s.To.Add(1) != next.From {
			continue
		}
		s.Unit, s.Type = cmp.Or(s.Unit, next.Unit), cmp.Or(s.Type, next.Type)
		if s.Title == "" && s.TitleCode == "" {
			s.Title, s.TitleCode = next.Title, next.TitleCode
		}
	}
}

// longestName is how long a name may be (#Name).
const longestName = 128

// text makes a name that fits: cut where it is too long, masked where it holds what looks like a CPR number.
func (l *load) text(text string, at source.Origin, about, word string) string {
	text = oneLine(text)
	if masked := schema.MaskCPR(text); masked != text {
		text = masked
		l.misfit(at, masked, "Der står noget, der ligner et CPR-nummer, i feltet "+word+". Det er skjult.")
	}
	if runes := []rune(text); len(runes) > longestName {
		text = strings.TrimSpace(string(runes[:longestName]))
		l.misfit(at, schema.MaskCPR(oneLine(about)), fmt.Sprintf("Feltet %s er længere end %d tegn. Det er kortet af.", word, longestName))
	}
	return text
}

// values are the numbers or addresses that fit, by role.
func (l *load) values(m map[string]string, at source.Origin, about string) map[string]string {
	made := map[string]string{}
	for role, value := range m {
		value = oneLine(value)
		if value != "" && l.fits(role, value, at, about) {
			made[role] = value
		}
	}
	return made
}

// fits reports whether a value may stand in a field, and notes where it may not. The value is not repeated: it may be anything.
func (l *load) fits(role, value string, at source.Origin, about string) bool {
	rule, ok := shapes()[role]
	if !ok {
		rule = shape{role, anyText}
	}
	if rule.of.MatchString(value) && (role != "ean" || org.IsEAN(value)) && (rule.of != anyText && rule.of != loginShape || len(schema.FindCPR(value)) == 0) {
		return true
	}
	l.misfit(at, schema.MaskCPR(oneLine(about)), "Det, der står som "+rule.word+", kan ikke være det. Det er ikke taget med.")
	return false
}

func (l *load) misfit(at source.Origin, about, text string) {
	key := at.String() + "\x00" + text
	if !l.misfits[key] {
		l.misfits[key] = true
		l.finding(BadValue, at, about, text)
	}
}

type shape struct {
	word string
	of   *regexp.Regexp
}

var (
	anyText    = regexp.MustCompile(`^.{1,1000}$`)
	codeShape  = regexp.MustCompile(`^.{1,200}$`)
	phoneShape = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	emailShape = regexp.MustCompile(`^[^@\s\p{C}]+@[^@\s\p{C}.]+(\.[^@\s\p{C}.]+)+$`)
	urlShape   = regexp.MustCompile(`^https?://[^\s\p{C}]+$`)
	eight      = regexp.MustCompile(`^[1-9][0-9]{7}$`)
	ten        = regexp.MustCompile(`^[1-9][0-9]{9}$`)
	eanShape   = regexp.MustCompile(`^57[0-9]{11}$`)
	kleShape   = regexp.MustCompile(`^[0-9]{2}(\.[0-9]{2}(\.[0-9]{2})?)?$`)
	loginShape = regexp.MustCompile(`^[^\s\p{C}"/\\\[\]:;|=,+*?<>@]{1,64}$`)
)

// shapes are what the schema demands of values, by the field; a test holds them against it.
func shapes() map[string]shape {
	return map[string]shape{
		"phone": {"telefonnummer", phoneShape}, "mobile": {"mobilnummer", phoneShape}, "landline": {"fastnetnummer", phoneShape}, "email": {"e-mailadresse", emailShape},
		"web": {"hjemmeside", urlShape}, "contactWeb": {"hjemmeside", urlShape}, "ean": {"EAN-nummer", eanShape}, "p": {"P-nummer", ten},
		"se": {"SE-nummer", eight}, "cvr": {"CVR-nummer", eight}, "kle": {"KLE-nummer", kleShape}, "login": {"brugernavn", loginShape},
		"losShortName": {"LOS-kortnavn", codeShape}, "losID": {"LOS-id", codeShape}, "dtrID": {"DTR-id", codeShape}, "foa": {"FOA-nummer", codeShape}, "sor": {"SOR-nummer", codeShape},
	}
}

// oneLine takes out what is no text, and all blanks but one between words.
func oneLine(text string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.C, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	return strings.Join(strings.Fields(clean), " ")
}

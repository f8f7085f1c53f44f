package fkorgtest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// Namespaces of the schemas.
const (
	sd      = "urn:oio:sagdok:3.0.0"
	faelles = "http://stoettesystemerne.dk/organisation/6/"
	sts     = "urn:oio:sts:6"
)

// typ is the content of an element: text that check accepts, or children in sequence.
type typ struct {
	check    func(string) error
	children []part
	open     bool // anything
}

// part is an element of a sequence, or a choice between several.
type part struct {
	space, local string
	min, max     int // max -1: unbounded
	typ          *typ
	oneOf        []part
}

func seq(parts ...part) *typ { return &typ{children: parts} }

func text(check func(string) error) *typ { return &typ{check: check} }

func must(space, local string, t *typ) part {
	return part{space: space, local: local, min: 1, max: 1, typ: t}
}
func may(space, local string, t *typ) part  { return part{space: space, local: local, max: 1, typ: t} }
func many(space, local string, t *typ) part { return part{space: space, local: local, max: -1, typ: t} }
func choice(parts ...part) part             { return part{min: 1, max: 1, oneOf: parts} }

// holdAgainst reports the first place where n is not as the schema wants it.
func holdAgainst(n *xmltree.Node, t *typ) error {
	if t.open {
		return nil
	}
	children := n.Elements()
	if t.check != nil {
		if len(children) > 0 {
			return fmt.Errorf("%s: element %s is not allowed here", n.Name.Local, children[0].Name.Local)
		}
		if err := t.check(n.RawContent()); err != nil {
			return fmt.Errorf("%s: %w", n.Name.Local, err)
		}
		return nil
	}
	if s := n.Content(); s != "" {
		return fmt.Errorf("%s: text is not allowed here", n.Name.Local)
	}
	for _, p := range t.children {
		count := 0
		for len(children) > 0 && (p.max < 0 || count < p.max) {
			matched := p.match(children[0])
			if matched == nil {
				break
			}
			if err := holdAgainst(children[0], matched.typ); err != nil {
				return fmt.Errorf("%s/%w", n.Name.Local, err)
			}
			children, count = children[1:], count+1
		}
		if count < p.min {
			return fmt.Errorf("%s: %s is missing", n.Name.Local, p.name())
		}
	}
	if len(children) > 0 {
		return fmt.Errorf("%s: element %s of %s is not allowed here", n.Name.Local, children[0].Name.Local, children[0].Name.Space)
	}
	return nil
}

func (p part) match(n *xmltree.Node) *part {
	for _, alt := range p.oneOf {
		if m := alt.match(n); m != nil {
			return m
		}
	}
	if n.Is(p.space, p.local) {
		return &p
	}
	return nil
}

func (p part) name() string {
	if len(p.oneOf) == 0 {
		return p.local
	}
	return "one of " + p.oneOf[0].local + " …"
}

func anyText(string) error { return nil }

func upTo(n int) func(string) error {
	return func(s string) error {
		if k := utf8.RuneCountInString(s); k > n {
			return fmt.Errorf("%d characters, %d are allowed", k, n)
		}
		return nil
	}
}

func pattern(expr string) func(string) error {
	re := regexp.MustCompile("^(?:" + expr + ")$")
	return func(s string) error {
		if !re.MatchString(s) {
			return fmt.Errorf("the value does not match %s", expr)
		}
		return nil
	}
}

func oneOf(values ...string) func(string) error {
	return func(s string) error {
		if !slices.Contains(values, s) {
			return fmt.Errorf("the value is none of %v", values)
		}
		return nil
	}
}

func integer(s string) error {
	_, err := strconv.Atoi(s)
	return err
}

// dateTime accepts xs:dateTime, with and without fraction and offset.
func dateTime(s string) error {
	_, err := parseTime(s)
	return err
}

func parseTime(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("the value is no xs:dateTime")
}

// The types of SagDokObjekt.xsd that the services share.
var (
	uuidText = text(pattern(`[a-fA-F0-9]{8}(-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}`))
	moment   = seq(choice(must(sd, "TidsstempelDatoTid", text(dateTime)), must(sd, "GraenseIndikator", text(oneOf("true", "1")))))
	uniqueID = choice(must(sd, "UUIDIdentifikator", uuidText), must(sd, "URNIdentifikator", text(upTo(255))))
	idType   = seq(uniqueID)
	labelled = seq(uniqueID, may(sd, "Label", text(anyText)))
	note     = may(sd, "NoteTekst", text(upTo(1024)))
	actors   = oneOf("Organisation", "OrganisationEnhed", "OrganisationFunktion", "Bruger", "ItSystem", "Interessefaellesskab")
	validity = seq(may(sd, "FraTidspunkt", moment), may(sd, "TilTidspunkt", moment), may(sd, "AktoerRef", idType),
		may(sd, "AktoerTypeKode", text(actors)), note)
	virkning  = may(sd, "Virkning", validity)
	plain     = seq(virkning, may(sd, "ReferenceID", idType))
	dynamic   = seq(virkning, may(sd, "ReferenceID", idType), must(sd, "Rolle", labelled), must(sd, "Type", labelled), must(sd, "Indeks", text(anyText)))
	lifecycle = oneOf("Opstaaet", "Importeret", "Passiveret", "Slettet")
	extension = may(sd, "LokalUdvidelse", &typ{open: true})
	filters   = []part{may(sd, "VirkningFraFilter", moment), may(sd, "VirkningTilFilter", moment),
		may(sd, "RegistreringFraFilter", moment), may(sd, "RegistreringTilFilter", moment)}
	searchHead = []part{may(sd, "FoersteResultatReference", text(integer)), may(sd, "MaksimalAntalKvantitet", text(integer)),
		may(sd, "SoegRegistrering", seq(may(sd, "FraTidspunkt", moment), may(sd, "TilTidspunkt", moment),
			may(sd, "LivscyklusKode", text(lifecycle)), may(sd, "BrugerRef", idType))),
		may(sd, "SoegVirkning", validity)}
)

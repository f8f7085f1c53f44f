package ad

import (
	"fmt"
	"strings"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// CPRNumbers is where persons' CPR numbers come from, to recognise accounts by.
type CPRNumbers interface {
	Persons() []org.UUID
	CPR(person org.UUID) (number cpr.Number, ok bool)
}

// cprPersons says whose number each is. A number that was read in the directory is looked
// up here and forgotten: what goes on is the persons' UUIDs.
type cprPersons map[cpr.Number][]string

func cprPersonsOf(numbers CPRNumbers) cprPersons {
	if numbers == nil {
		return nil
	}
	persons := cprPersons{}
	for _, p := range numbers.Persons() {
		if n, ok := numbers.CPR(p); ok {
			persons[n] = append(persons[n], string(p))
		}
	}
	return persons
}

// candidate is what a foreign object may be recognised by.
func (t *tree) candidate(o *object) (*plan.Candidate, error) {
	at, err := t.refer(parentOf(o.dn))
	if err != nil {
		return nil, err
	}
	c := &plan.Candidate{
		Handle: o.guid(), Value: foreignDN + dnKey(o.dn), In: at.value, Kind: o.class(), Owner: o.anchor,
		Protected: t.k.protection(o), Signs: map[string][]string{}, Shows: map[string]string{},
	}
	if o.kind != "" {
		f, err := o.found(t.refer)
		if err != nil {
			return nil, err
		}
		c.Found = &f
	}
	if rdn := o.dn.RDNs[0].Attributes; len(rdn) == 1 {
		c.Signs[signPlace] = []string{placeName(rdn[0].Type, rdn[0].Value)}
	}
	for sign, attribute := range map[string]string{
		signNumber: "employeeNumber", signLogin: attrLogin, signUPN: attrUPN, signMail: "mail",
	} {
		if v := o.GetEqualFoldAttributeValue(attribute); v != "" {
			c.Signs[sign], c.Shows[sign] = []string{fold(v)}, v
		}
	}
	if t.k.config.CPRAttribute != "" && o.kind == KindUser {
		t.addCPR(c, o.GetEqualFoldAttributeValue(t.k.config.CPRAttribute))
	}
	o.addNames(c)
	return c, nil
}

// addCPR says whose number stands on an account; where the numbers are not to be had, that
// there is one.
func (t *tree) addCPR(c *plan.Candidate, text string) {
	n, err := cpr.Parse(text)
	if err != nil {
		return // a system's own numbers stand in the same attribute
	}
	if t.cpr == nil {
		c.Hides = signCPR
		return
	}
	if persons := t.cpr[n]; persons != nil {
		c.Signs[signCPR] = persons
	}
}

// addNames gives a candidate the words of the names that stand on the account. A cn that is
// only the login name says nothing about who it is.
func (o *object) addNames(c *plan.Candidate) {
	if o.kind != KindUser {
		return
	}
	given, shown := o.GetEqualFoldAttributeValue("givenName"), o.GetEqualFoldAttributeValue("displayName")
	all := given + " " + o.GetEqualFoldAttributeValue("sn") + " " + shown
	if strings.TrimSpace(all) == "" && fold(firstValue(o.dn)) != fold(o.GetEqualFoldAttributeValue(attrLogin)) {
		all = firstValue(o.dn)
	}
	if shown == "" {
		shown = strings.TrimSpace(all)
	}
	// A number that people wrote beside a name is no word of it, in two parts either.
	all, shown, given = schema.MaskCPR(all), schema.MaskCPR(shown), schema.MaskCPR(given)
	if words := nameWords(all); words != nil {
		// A given name may stand anywhere: many directories have nothing but a displayName.
		c.Signs[signName], c.Shows[signName] = words, shown
		c.Signs[signGiven], c.Shows[signGiven] = words, shown
		if given != "" {
			c.Signs[signGiven], c.Shows[signGiven] = nameWords(schema.MaskCPR(given+" "+o.GetEqualFoldAttributeValue("displayName"))), given
		}
	}
}

// guid is objectGUID as the directory's own tools write it: its first three groups are
// kept with the least byte first.
func (o *object) guid() string {
	b := o.GetEqualFoldRawAttributeValue("objectGUID")
	if len(b) != 16 {
		return ""
	}
	return fmt.Sprintf("%02x%02x%02x%02x-%02x%02x-%02x%02x-%x-%x", b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6], b[8:10], b[10:16])
}

// byGUID names an object by its objectGUID in a request.
func byGUID(guid string) string { return "<GUID=" + guid + ">" }

// class is the most special class of an object, as the directory calls it.
func (o *object) class() string {
	classes := o.GetEqualFoldAttributeValues("objectClass")
	if len(classes) == 0 {
		return ""
	}
	return classes[len(classes)-1]
}

// cprAttribute is the attribute that holds CPR numbers, where accounts are recognised by
// them; empty where they are not.
func cprAttribute(s *org.ADSettings) string {
	if !matchesBy(s, signCPR) {
		return ""
	}
	if s.CPRAttribute != "" {
		return s.CPRAttribute
	}
	return "employeeID"
}

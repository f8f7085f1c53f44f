package view

import (
	"strings"

	"orgit.dk/orgit/plan"
)

// targetNames are what people call the systems.
var targetNames = map[string]string{"ad": "AD", "fkOrganisation": "FK Organisation", "rollekatalog": "OS2rollekatalog"}

// TargetName is what people call a system.
func TargetName(target string) string {
	if name, ok := targetNames[target]; ok {
		return name
	}
	if system, key, ok := strings.Cut(target, ":"); ok {
		return TargetName(system) + " (" + key + ")" // one of several domains
	}
	return target
}

// settingOf is where in the settings a system's own stand.
func settingOf(target string) string {
	if _, key, ok := strings.Cut(target, ":"); ok {
		return "targets.domains." + key
	}
	return "targets." + target
}

// attributes are what people call the attributes of each system's objects.
var attributes = map[string]map[string]phrase{
	"ad": {
		"accountExpires":             {"udløbsdato", "expiry"},
		"adminDescription":           {"orgits mærke", "orgit's mark"},
		"cn":                         {"navn i AD", "name in AD"},
		"company":                    {"virksomhed", "company"},
		"container":                  {"placering i AD", "place in AD"},
		"department":                 {"afdeling", "department"},
		"description":                {"beskrivelse", "description"},
		"displayName":                {"vist navn", "display name"},
		"employeeNumber":             {"medarbejdernummer", "employee number"},
		"enabled":                    {"åben for login", "open for login"},
		"givenName":                  {"fornavn", "given name"},
		"mail":                       {"e-mail", "e-mail"},
		"manager":                    {"leder", "manager"},
		"mobile":                     {"mobiltelefon", "mobile phone"},
		"ou":                         {"navn på OU", "name of the OU"},
		"physicalDeliveryOfficeName": {"lokale", "room"},
		"sAMAccountName":             {"brugernavn", "login name"},
		"password":                   {"første adgangskode", "first password"},
		"sn":                         {"efternavn", "surname"},
		"suspended":                  {"spærret", "suspended"},
		"telephoneNumber":            {"telefon", "phone"},
		"title":                      {"titel", "title"},
		"userPrincipalName":          {"login-adresse", "login address"},
	},
	"fkOrganisation": {
		"brugernavn":        {"brugernavn", "login name"},
		"brugertype":        {"brugertype", "type of user"},
		"brugervendtnoegle": {"brugervendt nøgle", "user key"},
		"bruger":            {"bruger", "user"},
		"enhed":             {"enhed", "unit"},
		"enhedstype":        {"enhedstype", "type of unit"},
		"fra":               {"fra", "from"},
		"gyldighed":         {"gyldighed", "validity"},
		"navn":              {"navn", "name"},
		"overordnet":        {"overordnet enhed", "unit above"},
		"person":            {"person", "person"},
		"til":               {"til", "until"},
		"rod":               {"øverste enhed", "top unit"},

		"henvendelsessteder":  {"henvendelsessteder", "contact places"},
		"itsystemer":          {"it-systemer", "IT systems"},
		"opgaver":             {"henvendelse om KLE-emner", "contact place for KLE tasks"},
		"opgaver.responsible": {"ansvarlig for KLE-emner", "answers for KLE tasks"},
		"opgaver.performing":  {"udfører KLE-emner", "carries out KLE tasks"},
		"opgaver.informed":    {"orienteres om KLE-emner", "is informed of KLE tasks"},
		"udbetalingsenhed":    {"udbetalingsenhed", "payout unit"},

		"adresse.dtrID":         {"DTR-id", "DTR id"},
		"adresse.fmk":           {"FMK-id", "FMK id"},
		"adresse.foa":           {"FOA-kode", "FOA code"},
		"adresse.losID":         {"LOS-id", "LOS id"},
		"adresse.losShortName":  {"LOS-kortnavn", "LOS short name"},
		"adresse.postSecondary": {"sekundær postadresse", "second postal address"},
		"adresse.racf":          {"RACF-id", "RACF id"},
		"adresse.sor":           {"SOR-kode", "SOR code"},

		"adresse.ean":          {"EAN-nummer", "EAN number"},
		"adresse.email":        {"e-mail", "e-mail"},
		"adresse.emailRemarks": {"bemærkning om e-mail", "remark on e-mail"},
		"adresse.landline":     {"fastnettelefon", "landline"},
		"adresse.location":     {"lokale", "location"},
		"adresse.p":            {"P-nummer", "P-number"},
		"adresse.phone":        {"telefon", "phone"},
		"adresse.phoneHours":   {"telefontid", "phone hours"},
		"adresse.post":         {"postadresse", "postal address"},
		"adresse.postReturn":   {"returadresse", "return address"},
		"adresse.visit":        {"besøgsadresse", "visiting address"},
		"adresse.visitHours":   {"åbningstid", "opening hours"},
		"adresse.web":          {"hjemmeside", "web page"},
	},
}

// attribute is what people call an attribute; its own name when there is no other.
func attribute(target, name, lang string) string {
	system, _, _ := strings.Cut(target, ":")
	if p, ok := attributes[system][name]; ok {
		return p.in(lang)
	}
	return name
}

// attributeBoth adds the attribute's own name, for those who run the system.
func attributeBoth(target, name, lang string) string {
	label := attribute(target, name, lang)
	if strings.EqualFold(label, name) {
		return label
	}
	return label + " (" + name + ")"
}

// hiddenOf are the attributes that are not shown of somebody whose address is protected.
var hiddenOf = map[string]bool{
	"telephoneNumber": true, "mobile": true, "physicalDeliveryOfficeName": true,
	"adresse.phone": true, "adresse.landline": true, "adresse.mobile": true, "adresse.location": true,
	"adresse.post": true, "adresse.postSecondary": true, "adresse.visit": true,
}

// places are attributes whose change means that the object moves.
var places = map[string]bool{"container": true, "overordnet": true, "enhed": true}

// values are words of the systems as people say them.
var values = map[string]map[string]phrase{
	"enabled":        {"true": {"ja", "yes"}, "false": {"nej", "no"}},
	"suspended":      {"true": {"ja", "yes"}},
	"accountExpires": {"never": {"udløber aldrig", "never expires"}},
	"container":      {"base": {"øverst", "at the top"}},
	"til":            {"uendelig": {"ingen slutdato", "no end"}},
	"enhedstype":     {"department": {"afdeling", "department"}},
	"brugertype":     {"external": {"ekstern", "external"}},
}

// kindName is what people call n objects of a kind.
func kindName(t plan.Target, k plan.Kind, n int, lang string) string {
	for _, info := range t.Kinds {
		if info.Kind != k {
			continue
		}
		name := counted{phrase{info.Singular, info.English}, phrase{info.Plural, info.Englishs}}
		one, many := name.one.in(lang), name.many.in(lang)
		switch {
		case n == 1 && one != "":
			return one
		case n != 1 && many != "":
			return many
		}
	}
	return string(k)
}

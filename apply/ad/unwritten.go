package ad

import (
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/schema"
)

// unwritten says why orgit never writes an attribute, whatever the settings ask; the names
// are in small letters. Each of them would give somebody rights, take an account's identity
// away, belong to the directory itself, or tell what must not stand in one.
var unwritten = map[string]string{
	"unicodepwd": whyPassword, "userpassword": whyPassword, "dbcspwd": whyPassword, "supplementalcredentials": whyPassword,
	"ntpwdhistory": whyPassword, "lmpwdhistory": whyPassword, "pwdlastset": whyPassword, "ms-mcs-admpwd": whyPassword,
	"mslaps-password": whyPassword,

	"useraccountcontrol": "its bits open and close the account, which orgit does from the dates in the files",
	"enabled":            "whether an account is open follows from the dates in the files",
	"lockouttime":        "the directory locks and unlocks accounts itself",

	"objectsid": whyIdentity, "objectguid": whyIdentity, "objectclass": whyIdentity, "objectcategory": whyIdentity,
	"sidhistory": "it lends the account another one's rights",

	"admincount": whyRights, "memberof": "memberships stand on the group", "member": "memberships stand on the group",
	"primarygroupid": whyRights, "ntsecuritydescriptor": whyRights, "serviceprincipalname": whyRights,
	"msds-allowedtodelegateto": whyRights, "msds-allowedtoactonbehalfofotheridentity": whyRights,
	"altsecurityidentities":  "whoever holds the certificate or name in it logs in as the account",
	"msds-keycredentiallink": "whoever holds a key in it logs in as the account",
	"usercertificate":        "certificates are given out by whoever issues them", "usersmimecertificate": "certificates are given out by whoever issues them",
	"scriptpath": whyScript, "profilepath": whyScript, "homedirectory": whyScript, "homedrive": whyScript,
	"userparameters": whyScript, "msnpallowdialin": whyRights, "logonhours": whyLogon, "userworkstations": whyLogon, "logonworkstation": whyLogon,
	"gplink": "group policies are not orgit's",

	"thumbnailphoto": whyPhoto, "jpegphoto": whyPhoto, "photo": whyPhoto, "thumbnaillogo": whyPhoto,
	"homephone": whyPrivate, "otherhomephone": whyPrivate, "homepostaladdress": whyPrivate,

	"name": whyName, "distinguishedname": whyName, "canonicalname": whyName, "ou": whyName,
	"directreports": whySystem, "managedobjects": whySystem, "whencreated": whySystem, "whenchanged": whySystem,
	"usnchanged": whySystem, "usncreated": whySystem, "samaccounttype": whySystem, "instancetype": whySystem,
	"lastlogon": whySystem, "lastlogontimestamp": whySystem, "badpwdcount": whySystem, "logoncount": whySystem,

	"secretary": whyReference, "assistant": whyReference, "seealso": whyReference, "managedby": whyReference,
	"showinaddressbook": whyReference, "homemdb": whyReference,

	"admindescription": whyMark, "admindisplayname": whyMark,
}

// Why orgit does not write some attributes.
const (
	whyPassword  = "passwords do not stand in a repository; see docs/active-directory.md, First passwords"
	whyIdentity  = "it is the object's identity, which the directory gives"
	whyRights    = "it gives rights in the directory, which follow from groups and delegation and never from a template"
	whyScript    = "what it names runs or is opened when somebody logs in"
	whyLogon     = "when and where somebody may log in is not orgit's"
	whyPhoto     = "photos do not stand in the repository"
	whyPrivate   = "private numbers and addresses do not stand in the repository"
	whyName      = "it follows from the object's name and place"
	whySystem    = "the directory writes it itself"
	whyReference = "it refers to another object by its name in the directory, which a template cannot know"
	whyMark      = "orgit keeps its own marks there"
)

// refusedName says why the settings cannot ask for an attribute, with what to do instead.
func (x Domain) refusedName(name string) (message, hint string) {
	low := strings.ToLower(name)
	if why, never := unwritten[low]; never {
		return "orgit never writes " + name + ": " + why, "take it out of " + x.setting() + ".attributes"
	}
	known := map[string]string{}
	for _, a := range catalogue() {
		known[strings.ToLower(a.name)] = a.name
	}
	for _, other := range []string{attrCN, attrContainer, attrManager, attrExpires} {
		known[strings.ToLower(other)] = other
	}
	hint = "docs/active-directory.md lists the attributes that orgit writes; for anything else there are extensionAttribute1 to 15 and msDS-cloudExtensionAttribute1 to 20"
	if near := schema.Nearest(low, slices.Sorted(maps.Keys(known))); near != "" {
		hint = "did you mean " + known[near] + "?"
	}
	return "orgit does not know an attribute " + name + " of accounts", hint
}

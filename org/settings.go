package org

import (
	"fmt"
	"maps"
	"slices"

	"orgit.dk/orgit/schema/plain"
)

// Settings is what the root of the repository says about the municipality and its
// systems. Plan and apply take it from main, never from a branch, so that a proposal
// cannot weaken the rules that judge it or send credentials elsewhere.
type Settings struct {
	Name        string                      `json:"name"`
	CVR         string                      `json:"cvr"`
	Language    string                      `json:"language"` // of texts for HR and leaders: da or en
	Hierarchies map[string]Class            `json:"hierarchies"`
	Classes     Classes                     `json:"classes"`
	Review      Review                      `json:"review"`
	Targets     Targets                     `json:"targets"`
	Limits      map[string]map[string]Limit `json:"limits"` // by target and kind of object; the kind "*" holds for the rest
	Safeguarded Safeguarded                 `json:"safeguarded"`
	Sources     map[string]Source           `json:"sources"`
	Usernames   Usernames                   `json:"usernames"`
}

// Class is a named choice, such as a unit type or a title.
type Class struct {
	Name string `json:"name"`
	UUID UUID   `json:"uuid"`
	FK   string `json:"fk"` // unit types: what FK Organisation calls it, department or team
	// External says of association types that whoever has no other tie is an external user in FK Organisation.
	External bool `json:"external"`
}

// Classes are the choices that entries refer to by key.
type Classes struct {
	UnitTypes        map[string]Class `json:"unitTypes"`
	Titles           map[string]Class `json:"titles"`
	EngagementTypes  map[string]Class `json:"engagementTypes"`
	AssociationTypes map[string]Class `json:"associationTypes"`
	ManagerRoles     map[string]Class `json:"managerRoles"`
	KLE              map[string]UUID  `json:"kle"` // the class of each KLE number in STS Klassifikation
}

// Targets are the systems that apply writes to; nil means that it is not connected.
type Targets struct {
	AD *ADSettings `json:"ad"`
	// Domains are further directories, by the key of the system that their accounts name.
	Domains        map[string]*ADSettings `json:"domains"`
	FKOrganisation *FKSettings            `json:"fkOrganisation"`
}

// Modes of a target.
const (
	ModeAdopt = "adopt" // objects that were there before are added to and updated, never removed
	ModeFull  = "full"
)

// ADSettings is how the organisation is kept in Active Directory. Addresses of servers
// may be given here or in the environment; secrets only in the environment.
type ADSettings struct {
	Mode            string                 `json:"mode"`
	URL             string                 `json:"url"`    // ldaps://HOST, or ldap://HOST for StartTLS
	Domain          string                 `json:"domain"` // the DNS name whose SRV records name a controller; used without URL
	Login           string                 `json:"login"`  // simple or kerberos
	Kerberos        Kerberos               `json:"kerberos"`
	BindDN          string                 `json:"bindDN"`
	CAFile          string                 `json:"caFile"`
	BaseDN          string                 `json:"baseDN"`       // the part of the directory that orgit keeps
	Writers         int                    `json:"writers"`      // connections that write at a time
	Read            string                 `json:"read"`         // full or changes
	QuarantineOU    string                 `json:"quarantineOU"` // name of the OU below BaseDN for accounts of leavers
	Layout          string                 `json:"layout"`       // mirror: OUs as the tree of units; flat: all accounts in UsersOU
	UsersOU         string                 `json:"usersOU"`
	Units           []string               `json:"units"`  // keys of the units with whose OUs those below them have one; nil: all
	Areas           map[string]ADArea      `json:"areas"`  // by the key of the unit that an area begins with
	Anchor          string                 `json:"anchor"` // attribute that marks what orgit owns
	UPNSuffix       string                 `json:"upnSuffix"`
	AccountUUID     string                 `json:"accountUUID"`     // anchor or objectGUID
	PrepareDays     int                    `json:"prepareDays"`     // days before the first day on which an account is made
	GraceHours      int                    `json:"graceHours"`      // hours after the last day on which it still works
	DeleteAfterDays int                    `json:"deleteAfterDays"` // days in quarantine before it is deleted; 0 means never
	Attributes      map[string]ADAttribute `json:"attributes"`      // by attribute
	Protected       []string               `json:"protected"`       // login names that are never touched
	Match           []string               `json:"match"`           // signs by which an account that is there is recognised, in order
	CPRAttribute    string                 `json:"cprAttribute"`
	Passwords       *ADPasswords           `json:"passwords"` // nil: orgit sets none
	Repair          []string               `json:"repair"`    // attributes whose drift is put right
}

// ADAttribute is how an attribute of an account is kept. In the files it is the rule alone, or
// the rule with a value of the municipality's own.
type ADAttribute struct {
	Rule  string   `json:"rule"`  // force, keep, create or ignore; empty: the one that the attribute has without settings
	Value []string `json:"value"` // templates; nil: the value that the attribute has without settings
}

// UnmarshalPlain reads a rule, or a rule with one value or several.
func (a *ADAttribute) UnmarshalPlain(d *plain.Decoder, v plain.Value) error {
	if v.Kind != plain.Struct {
		return d.Decode(v, &a.Rule)
	}
	if rule, ok := v.Field("rule"); ok {
		if err := d.Decode(rule, &a.Rule); err != nil {
			return fmt.Errorf("rule: %w", err)
		}
	}
	value, _ := v.Field("value")
	if value.Kind == plain.Text {
		a.Value = []string{value.Text}
		return nil
	}
	return d.Decode(value, &a.Value)
}

// ADArea is how the part of the tree that begins with a unit is kept.
type ADArea struct {
	Layout string `json:"layout"` // mirror or flat
	OU     string `json:"ou"`     // name of its OU; empty: the unit's name
}

// Kerberos is how orgit logs in with a ticket.
type Kerberos struct {
	Principal  string `json:"principal"`
	KeytabFile string `json:"keytabFile"`
	CacheFile  string `json:"cacheFile"`
	ConfigFile string `json:"configFile"`
	Service    string `json:"service"` // the controller's principal; empty: ldap/HOST
}

// ADPasswords says that new accounts get a random password, and who gets to know it.
type ADPasswords struct {
	Length     int               `json:"length"`
	Command    []string          `json:"command"`    // gets a line of JSON on its standard input
	Folder     string            `json:"folder"`     // for files that are encrypted to the leader's key
	Recipients map[string]string `json:"recipients"` // public keys of age, by the leader's person
	Fallback   string            `json:"fallback"`   // for those whose leader has no key
}

// JoinCPR in FKSettings.CPR says that persons are made with their CPR number.
const JoinCPR = "join"

// FKSettings is how the organisation is kept in FK Organisation. Keys and passwords are only in the environment.
type FKSettings struct {
	Mode                    string         `json:"mode"`
	Organisation            UUID           `json:"organisation"` // the municipality's Organisation object
	Environment             string         `json:"environment"`  // test or production: KOMBIT's addresses; empty: URL and STS.URL say
	URL                     string         `json:"url"`          // the service's base, such as https://…/organisation/
	EntityID                string         `json:"entityID"`     // of the service, in tokens
	STS                     FKTokenService `json:"sts"`
	CertificateFile         string         `json:"certificateFile"`         // orgit's own: PEM, or PKCS#12 with its key
	ServiceCertificateFiles []string       `json:"serviceCertificateFiles"` // PEM; old and new overlap
	Workers                 int            `json:"workers"`                 // calls at a time
	PageSize                int            `json:"pageSize"`                // of searches
	ListSize                int            `json:"listSize"`                // objects in one read
	TimeoutSeconds          int            `json:"timeoutSeconds"`          // of one call
	History                 string         `json:"history"`                 // current or whole: whether a change sends ended entries back too
	CPR                     string         `json:"cpr"`                     // never or JoinCPR
	Recreate                []UUID         `json:"recreate"`                // may be passivated and imported again as a last resort
	TaskRoles               FKTaskRoles    `json:"taskRoles"`
	Privileges              FKPrivileges   `json:"privileges"`
	Repair                  []string       `json:"repair"`
}

// FKTokenService is the token service (SF1514).
type FKTokenService struct {
	Way                string   `json:"way"` // soap or rest
	URL                string   `json:"url"`
	Issuer             string   `json:"issuer"` // its entity ID, as tokens name it
	CertificateFiles   []string `json:"certificateFiles"`
	LifetimeMinutes    int      `json:"lifetimeMinutes"`
	RenewBeforeMinutes int      `json:"renewBeforeMinutes"`
}

// FKTaskRoles are the classes of the aspects of KLE tasks that are not published. An aspect without one is not written.
type FKTaskRoles struct {
	Performing UUID `json:"performing"`
	Informed   UUID `json:"informed"`
}

// FKPrivileges are the names that the token service has for the roles of reading and writing; empty where not known.
type FKPrivileges struct {
	Read  string `json:"read"`
	Write string `json:"write"`
}

// Limit is how much one plan may take away from a kind of object: more than Floor and
// more than Percent of what is there, or more than Count, is refused. Count 0 means
// that there is no such bound.
type Limit struct {
	Percent float64 `json:"percent"`
	Count   int     `json:"count"`
	Floor   int     `json:"floor"`
}

// Allowance lifts a limit once, reviewed like everything else.
type Allowance struct {
	Key    string `json:"-"`
	Target string `json:"target"`
	Kind   string `json:"kind"`
	Number int    `json:"number"`
	Day    Day    `json:"day"` // the effect day of the losses that it allows
	Reason string `json:"reason"`
}

func (a *Allowance) setKey(key string) { a.Key = key }

// Safeguarded is what no plan may remove or close.
type Safeguarded struct {
	Units    []string `json:"units"`
	People   []string `json:"people"`
	Accounts []string `json:"accounts"` // login names
	UUIDs    []UUID   `json:"uuids"`
}

// ClassNames gives the keys of a set of classes in alphabetical order.
func ClassNames(classes map[string]Class) []string { return slices.Sorted(maps.Keys(classes)) }

package org

// Source is a register outside orgit that says something about the organisation. Logins and
// passwords are only in the environment.
type Source struct {
	Kind         string   `json:"kind"` // opus, sd, ad, os2mo, fkOrganisation, table or repository
	Name         string   `json:"name"` // as people know it: OPUS, SD-Løn
	URL          string   `json:"url"`
	Institutions []string `json:"institutions"` // of SD-Løn
	SkipUnits    []string `json:"skipUnits"`    // codes of units that are left out with all that is below them
	Owns         []string `json:"owns"`         // what is as the register says
	Precedence   int      `json:"precedence"`   // whose UUID is kept when several registers have one: the lowest

	// By the register's code or text, the key of the class.
	Titles          map[string]string `json:"titles"`
	EngagementTypes map[string]string `json:"engagementTypes"`
	UnitTypes       map[string]string `json:"unitTypes"`
	ManagerRoles    map[string]string `json:"managerRoles"`

	Columns map[string]string `json:"columns"` // what a spreadsheet calls a column, by what orgit calls it

	// Of a directory.
	ServiceAccounts AccountPattern `json:"serviceAccounts"` // programs run as them
	AdminAccounts   AccountPattern `json:"adminAccounts"`   // people have them beside their own, to administer with
	NumberAttribute string         `json:"numberAttribute"` // where the employee number stands; empty: employeeNumber
}

// AccountPattern tells accounts of a directory by their login names or by where they stand.
type AccountPattern struct {
	Logins []string `json:"logins"` // without regard to case; * at an end stands for anything
	OUs    []string `json:"ous"`    // DNs; everything below counts
}

// Usernames are the rules by which new login names are made (brugernavne).
type Usernames struct {
	Patterns      []string          `json:"patterns"` // tried in order; none: orgit makes no names
	Letters       map[string]string `json:"letters"`  // what stands for a letter
	WithoutVowels bool              `json:"withoutVowels"`
	Forbidden     []string          `json:"forbidden"` // small letters; * at an end stands for anything
	Reuse         string            `json:"reuse"`     // never or unlisted
	MinLength     int               `json:"minLength"` // characters
	System        string            `json:"system"`    // of the accounts that are made
}

// ReuseUnlisted in Usernames.Reuse says that a name that no entry has any more may be given again.
const ReuseUnlisted = "unlisted"

// LongestLogin is the most characters that a login name may have: sAMAccountName of users, as Windows enforces it.
const LongestLogin = 20

package source

import "orgit.dk/orgit/org"

// Person is a person as a register knows them.
type Person struct {
	ID     string   // the register's own identifier, unique among its people, never a CPR number
	UUID   org.UUID // the identity that the register has for the person; empty when none
	CPR    Number   // the zero value where the register does not say
	Origin Origin
	States []PersonState // in order of From, without overlap

	Engagements  []Engagement
	Associations []Association
	Accounts     []Account
}

// PersonState is what a register says of a person in a period.
type PersonState struct {
	org.Period
	Origin    Origin
	Given     string
	Surname   string
	Called    string            // nickname (kaldenavn), the whole name
	Shielded  bool              // protected address (adressebeskyttelse)
	Addresses map[string]string // work addresses by role: phone, mobile, landline, email, room
	Manager   string            // ID of the person whom the register calls their manager, where it says so
}

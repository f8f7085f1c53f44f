package org

import "orgit.dk/orgit/schema/plain"

// Account kinds (it-bruger). Service accounts are declared so that nobody else claims
// them; orgit never writes them.
const (
	AccountPersonal = "personal"
	AccountAdmin    = "admin"
	AccountService  = "service"
)

// NotExisting in Account.Existing says that a new account is made, whatever is there.
const NotExisting = "none"

// Account is a login in an IT system. Targets know accounts, not people: its UUID is
// what FK Organisation and the role catalogue have for the user.
type Account struct {
	Key        string   `json:"-"`
	StatedUUID UUID     `json:"uuid"`   // empty when derived; use UUID
	System     string   `json:"system"` // "ad", or a key of systems
	Name       string   `json:"name"`   // the login name
	Kind       string   `json:"kind"`
	For        []string `json:"for"` // keys of the engagements and associations it exists for; empty: all
	FK         bool     `json:"fk"`  // whether it is a user in FK Organisation
	Suspended  bool     `json:"suspended"`
	IDs        Values   `json:"ids"` // what further systems know the user by: racf, fmk
	// Existing is the account's objectGUID where it was in the directory before orgit, NotExisting where none of
	// those there is it; empty: nobody has said.
	Existing string `json:"existing"`
	Period

	Versions []Version[Account] `json:"-"`

	owner           UUID
	holder, holding string // "people" or "robots", and the key there
}

// UnmarshalPlain reads an account as the schema's #Account states it.
func (a *Account) UnmarshalPlain(d *plain.Decoder, v plain.Value) (err error) {
	type own Account
	versions, err := decodeDated(d, v, (*own)(a))
	for _, v := range versions {
		a.Versions = append(a.Versions, Version[Account]{v.From, (*Account)(v.State)})
	}
	return err
}

func (a *Account) setKey(key string) {
	a.Key = key
	for _, v := range a.Versions {
		v.State.setKey(key)
	}
}

func (a *Account) bind(owner UUID, holder, key string) {
	a.owner, a.holder, a.holding = owner, holder, key
	for _, v := range a.Versions {
		v.State.bind(owner, holder, key)
	}
}

// At returns what is stated of the account on the day, whether or not it holds then.
func (a *Account) At(day Day) *Account { return versionAt(a, a.Versions, day) }

// UUID is the identity of the account: its own when stated, else derived from its
// holder's.
func (a *Account) UUID() UUID {
	if a.StatedUUID != "" {
		return a.StatedUUID
	}
	return DeriveUUID(a.owner, "accounts", a.Key)
}

// Path is where the account stands in the files.
func (a *Account) Path(fields ...string) Path {
	return PathOf(a.holder, a.holding, append([]string{"accounts", a.Key}, fields...)...)
}

// Robot is an account holder that is not a person (robot, fælles konto), with somebody
// who answers for it.
type Robot struct {
	Key      string          `json:"-"`
	UUID     UUID            `json:"uuid"`
	Name     string          `json:"name"`
	Owner    string          `json:"owner"` // key of the responsible person
	Unit     string          `json:"unit"`
	Accounts Keyed[*Account] `json:"accounts"`
	Period

	Versions []Version[Robot] `json:"-"`
}

// UnmarshalPlain reads a robot as the schema's #Robot states it.
func (r *Robot) UnmarshalPlain(d *plain.Decoder, v plain.Value) (err error) {
	type own Robot
	versions, err := decodeDated(d, v, (*own)(r))
	for _, v := range versions {
		r.Versions = append(r.Versions, Version[Robot]{v.From, (*Robot)(v.State)})
	}
	return err
}

func (r *Robot) setKey(key string) {
	r.Key = key
	for _, v := range r.Versions {
		v.State.setKey(key)
	}
	for _, a := range r.Accounts {
		a.bind(r.UUID, "robots", key)
	}
}

// At returns what the robot states on the day, whether or not it exists then.
func (r *Robot) At(day Day) *Robot { return versionAt(r, r.Versions, day) }

// Path is where the robot stands in the files.
func (r *Robot) Path(fields ...string) Path { return PathOf("robots", r.Key, fields...) }

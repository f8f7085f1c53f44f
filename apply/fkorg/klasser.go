package fkorg

// Classes of STS Klassifikation that relations refer to. They are the same for every municipality; the published
// source of the clients in production is where they can be read.
const (
	typeEnhedsadresse  = "9b33c0a0-a566-4ec0-8200-325cb1e5bb9a"
	typeBrugeradresse  = "71a08d28-3af7-4bb4-9964-bc2b76b93d64"
	funktionStilling   = "02e61900-33e0-407f-a2a7-22f70221f003" // "Enhedsrolle": an engagement
	funktionLeder      = "46c73630-f7ad-4000-9624-c06131cde671" // "Lederrolle"
	enhedstypeAfdeling = "16bf18c3-ed6f-44b0-b7a1-35f94984e519" // department
	enhedstypeTeam     = "2d9710bf-e9cc-465f-8ec7-46d5f2a64412"
	brugertypeRobot    = "fb24bae4-beb1-4970-9a94-cf7ce215f63c"
)

// rolle is a role of an address: what orgit's files call it and the class that FK Organisation knows it by.
type rolle struct{ navn, klasse string }

// enhedsroller are the roles of units' addresses that orgit manages, by the name of the address or number in the
// files. Roles that are not here, such as SOR, belong to somebody else and pass through untouched.
var enhedsroller = []rolle{
	{"ean", "9ccaafe4-c4b2-4d25-942a-2ec5730d4ed8"},
	{"email", "2b670843-ce42-411a-8fb5-311dfdd5caf0"},
	{"emailRemarks", "d4939781-f2c4-401c-8c2f-0d08221127b9"},
	{"landline", "02826f64-5613-468e-ace5-3f089cb3ed20"},
	{"location", "ec387d90-263c-4cce-8de2-63b407a0daac"},
	{"p", "7c6e2a82-ec39-4ec4-a2b7-fdfe667e1d2b"},
	{"phone", "8dcfa714-5ed3-4000-b551-2ba520e7d8ad"},
	{"phoneHours", "f6fd6117-c718-4254-a6f5-92538ad5a2f4"},
	{"post", "80b610c6-314b-485a-a014-a9a1d7070bc4"},
	{"postReturn", "3629ce92-594b-4380-9527-81d6e53edc11"},
	{"visit", "639a3ed9-86b0-4968-825b-434666cf6220"},
	{"visitHours", "f37e5877-1549-4b5d-a53b-819491f0b933"},
	{"web", "a99c073d-482e-47d3-9275-13c79f453c3a"},
}

// brugerroller are the roles of users' addresses that orgit manages: the phone is the stated phone, or the mobile where
// no phone is stated; the location is the room.
var brugerroller = []rolle{
	{"email", "5d13e891-162a-456b-abf2-fd9b864df96d"},
	{"location", "ad04ac80-e24a-45a5-9dd9-8537a916ac74"},
	{"phone", "5ef6be2d-59f4-4652-a680-585929924ba9"},
}

// rollerFor gives the roles that orgit manages on a type of object, and the class "address of such an object".
func rollerFor(s *Slags) (roller []rolle, adressetype string) {
	switch s {
	case Enhed:
		return enhedsroller, typeEnhedsadresse
	case Bruger:
		return brugerroller, typeBrugeradresse
	}
	return nil, ""
}

package fkorg

import "slices"

// Classes of STS Klassifikation that relations refer to. They are the same for every municipality; the published
// source of the clients in production is where they can be read.
const (
	typeEnhedsadresse    = "9b33c0a0-a566-4ec0-8200-325cb1e5bb9a"
	typeBrugeradresse    = "71a08d28-3af7-4bb4-9964-bc2b76b93d64"
	funktionStilling     = "02e61900-33e0-407f-a2a7-22f70221f003" // "Enhedsrolle": an engagement
	typeFunktionsadresse = "1a8374f6-0ee8-4201-b27c-0e84d57db0ba"
	funktionLeder        = "46c73630-f7ad-4000-9624-c06131cde671" // "Lederrolle"
	funktionUdbetaling   = "faf29ba2-da6d-49c4-8a2f-0739172f4227" // "Udbetalingsenhed"
	funktionHenvendelse  = "7368482a-177e-4e04-8574-f558e6f1ef45" // "Henvendelsessted": a contact place for tasks
	enhedstypeAfdeling   = "16bf18c3-ed6f-44b0-b7a1-35f94984e519" // department
	enhedstypeTeam       = "2d9710bf-e9cc-465f-8ec7-46d5f2a64412"
	brugertypeRobot      = "fb24bae4-beb1-4970-9a94-cf7ce215f63c"
	brugertypeEkstern    = "9de1426d-2ffb-4d3b-95aa-2afdec22c133"
	opgaveAnsvarlig      = "2a5f38d8-7092-4b3f-85cc-7e272c3c4bb0" // the role of a task: "Ansvarlig"
	typeOpgave           = "9870b51e-3bc0-4f98-8827-eba991dd89a9"
)

// rolle is a role of an address: what orgit's files call it and the class that FK Organisation knows it by. Two roles of
// one class are told apart by the first character of Indeks.
type rolle struct{ navn, klasse, indeks string }

// Readers sort postal addresses by Indeks and take its first character for primary (1) or secondary (2).
const (
	klassePost      = "80b610c6-314b-485a-a014-a9a1d7070bc4"
	indeksPrimaer   = "1"
	indeksSekundaer = "2"
)

// enhedsroller are the roles of units' addresses, by the name of the address or number in the files. What a unit does not
// state in them belongs to somebody else and passes through untouched.
var enhedsroller = []rolle{
	{"dtrID", "81912344-ef86-4cff-a522-a0001607d2ce", ""},
	{"ean", "9ccaafe4-c4b2-4d25-942a-2ec5730d4ed8", ""},
	{"email", "2b670843-ce42-411a-8fb5-311dfdd5caf0", ""},
	{"emailRemarks", "d4939781-f2c4-401c-8c2f-0d08221127b9", ""},
	{"foa", "0dac99a2-c419-4113-bb1d-757e00669bf2", ""},
	{"landline", "02826f64-5613-468e-ace5-3f089cb3ed20", ""},
	{"location", "ec387d90-263c-4cce-8de2-63b407a0daac", ""},
	{"losID", "ee78e99a-6220-48ea-81fe-e4db239ee10a", ""},
	{"losShortName", "47a33082-4687-4a68-b82f-5bf6f9d8ee13", ""},
	{"p", "7c6e2a82-ec39-4ec4-a2b7-fdfe667e1d2b", ""},
	{"phone", "8dcfa714-5ed3-4000-b551-2ba520e7d8ad", ""},
	{"phoneHours", "f6fd6117-c718-4254-a6f5-92538ad5a2f4", ""},
	{"post", klassePost, indeksPrimaer},
	{"postSecondary", klassePost, indeksSekundaer},
	{"postReturn", "3629ce92-594b-4380-9527-81d6e53edc11", ""},
	{"sor", "b44138cf-72df-45d1-8821-83db39b62093", ""},
	{"visit", "639a3ed9-86b0-4968-825b-434666cf6220", ""},
	{"visitHours", "f37e5877-1549-4b5d-a53b-819491f0b933", ""},
	{"web", "a99c073d-482e-47d3-9275-13c79f453c3a", ""},
}

// erNummer reports whether a role is about one of a unit's numbers, not one of its addresses.
func erNummer(navn string) bool {
	switch navn {
	case "dtrID", "ean", "foa", "losID", "losShortName", "p", "sor":
		return true
	}
	return false
}

// kontaktroller are the roles of users' addresses that a person states: the phone is the stated phone, or the mobile
// where no phone is stated; the location is the room. idroller are those that an account states.
var (
	kontaktroller = []rolle{
		{"email", "5d13e891-162a-456b-abf2-fd9b864df96d", ""},
		{"landline", "47c05422-5379-4c27-9ddf-e02b52b3d961", ""},
		{"location", "ad04ac80-e24a-45a5-9dd9-8537a916ac74", ""},
		{"phone", "5ef6be2d-59f4-4652-a680-585929924ba9", ""},
	}
	idroller = []rolle{
		{"fmk", "85760831-0671-4127-93f7-0eee227c5ff9", ""},
		{"racf", "519a2d12-d099-434a-a3a2-a7397db7c741", ""},
	}
	brugerroller = slices.Concat(kontaktroller, idroller)
)

// funktionsroller are the roles of functions' addresses: a contact place has a web page.
var funktionsroller = []rolle{{"web", "560cb83d-386d-43c0-aaa2-986a915b087c", ""}}

// rollerFor gives the roles that orgit manages on a type of object, and the class "address of such an object".
func rollerFor(s *Slags) (roller []rolle, adressetype string) {
	switch s {
	case Enhed:
		return enhedsroller, typeEnhedsadresse
	case Bruger:
		return brugerroller, typeBrugeradresse
	case Funktion:
		return funktionsroller, typeFunktionsadresse
	}
	return nil, ""
}

package compare

// Answer is whether two records are of one person or unit.
type Answer string

// The three answers.
const (
	Same      Answer = "same"
	Different Answer = "different"
	Ask       Answer = "ask"
)

// What chance makes which answer. The chance that a pair is the same, all other candidates of
// both sides considered, decides: from SameFrom on they are, from AskFrom on somebody has to say.
const (
	SameFrom = 0.995
	AskFrom  = 0.05
)

// Match is the answer for one person or one unit.
type Match struct {
	Answer Answer
	// Lead and Other are identifiers in the leading and the other extract. Of a Same both are
	// there; else one of them, which is the one that is asked about, or that only one extract has.
	Lead, Other string
	// Candidates are who it could be, the likeliest first: one of a Same (whose
	// identifier the match has too), at least one of an Ask, none of a Different.
	Candidates []Candidate
}

// Candidate is somebody whom a match may mean.
type Candidate struct {
	ID      string  // in the extract in which the match has no identifier
	Chance  float64 // that it is the same, from 0 to 1
	Reasons []Reason
	Doubts  []Doubt // why the answer is not Same; none of a Same
}

// Doubt is why two are not taken for the same.
type Doubt string

// The doubts.
const (
	TooLittle     Doubt = "too little"        // too little speaks for it
	Several       Doubt = "several"           // another has as good a claim
	OtherCPR      Doubt = "other CPR"         // the CPR numbers differ
	OtherName     Doubt = "other name"        // the names have nothing in common, or the given names have not
	NotPersonal   Doubt = "not personal"      // one has only accounts of an administrator or a service
	MatchedBetter Doubt = "matched elsewhere" // one of the two is the same as somebody else
)

// Reason is what two records say of one field.
type Reason struct {
	Field Field
	Level Level
	// Lead and Other are what the two say, as it is written there. Empty of CPR numbers and
	// identities, of phones of who has a protected address, and where the record says nothing.
	Lead, Other string
	Bits        float64 // the weight: above zero for, below zero against
}

// Field is what is held against each other.
type Field int

// The fields of people, the sure keys first, and those of units.
const (
	CPR Field = iota
	Identity
	Number
	Account
	Mail
	Given
	Surname
	Middle
	Unit
	Manager
	SharedPhone
	Phone
	Title
	Code
	Name
	Parent
	People
	Decided // somebody has said so
	fields
)

var fieldNames = [fields]string{"CPR", "identity", "number", "account", "mail", "given name", "surname", "middle name", "unit", "manager",
	"shared phone", "phone", "title", "code", "name", "parent", "people", "decided"}

// String names the field.
func (f Field) String() string { return fieldNames[f] }

// Level is how two records agree on a field.
type Level int

// The levels. A field has some of them.
const (
	Differs  Level = iota
	Equal          // up to capitals, and æ/ae, ø/oe, å/aa
	Spelling       // it sounds alike: Kristian, Christian
	Nickname       // Pernille, Nille
	Initial        // M., Mette
	Part           // a part is equal: a second given name, one half of a double name
	Typo           // one or two letters apart
	Swapped        // given name and surname are exchanged
	Near           // units: one is above the other, or they have one above them
	levels
)

var levelNames = [levels]string{"differs", "equal", "spelling", "nickname", "initial", "part", "typo", "swapped", "near"}

// String names the level.
func (l Level) String() string { return levelNames[l] }

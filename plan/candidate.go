package plan

// Sign is something by which an object that is in a target already can be recognised as
// one that is asked for. Which signs there are, and what each is worth, the target says.
type Sign struct {
	Name string
	// Values are in a form in which equal values are equal; any of them counts.
	Values []string
	// In is the container in which the values mean something, as the container attribute
	// has it; empty for a sign that means the same everywhere.
	In       string
	Finds    bool   // objects are looked for by it
	Strong   bool   // whoever has it needs no sign that confirms
	Confirms bool   // what was found by signs that are not strong must have it too
	Against  bool   // another value than the ones asked for speaks against an object
	Unsure   bool   // the organisation itself has the value for several: it proves nothing alone
	Show     string // the values as people read them; empty where they are not shown
}

// SignExisting is the sign by which an object is adopted that the organisation names.
const SignExisting = "existing"

// Candidate is what is known of a foreign object by which it may turn out to be one that
// is asked for. It stays in memory: no plan and no output holds more of it than the
// signs that matched or spoke against it.
type Candidate struct {
	Handle string // names the object in the target for ever
	Value  string // how the values of other objects refer to it
	// Found is the object as it would be found if it were orgit's, without an identity;
	// nil for an object of a kind that orgit does not keep.
	Found *Found
	Kind  string              // what it is, for one without Found: "group"
	Signs map[string][]string // by Sign.Name, in the form of Sign.Values
	In    string              // the container that it stands in, in the form of Sign.In
	Shows map[string]string   // the values of signs as people read them
	// Hides names a sign that the object has and that could not be read here; whether it is
	// one that is asked for is then not known. Empty when everything could be.
	Hides string
	// Protected is why orgit may not touch the object; empty when it may.
	Protected Protection
	// Owner is what stands where orgit would write that it owns the object.
	Owner string
}

// SignMatch is a sign by which an object was recognised.
type SignMatch struct {
	Name  string `json:"name"`
	Value string `json:"value,omitempty"` // empty where it is not shown
}

// ObjectionCode is what speaks against taking an object for the one that is asked for.
type ObjectionCode string

// The objections.
const (
	ObjectionDiffers   ObjectionCode = "differs"   // the sign Name has another value
	ObjectionLacks     ObjectionCode = "lacks"     // the sign Name, which would confirm it, is not there
	ObjectionUnsure    ObjectionCode = "unsure"    // the organisation has the sign Name for several
	ObjectionClaimed   ObjectionCode = "claimed"   // it may be Ours just as well: another object that is asked for
	ObjectionProtected ObjectionCode = "protected" // orgit may not touch it; Name is the Protection
	ObjectionKind      ObjectionCode = "kind"      // it is something else: Theirs
	ObjectionOwner     ObjectionCode = "owner"     // Theirs stands where orgit would write that it owns it
)

// Objection is one thing that speaks against an object.
type Objection struct {
	Code   ObjectionCode `json:"code"`
	Name   string        `json:"name,omitempty"`
	Theirs string        `json:"theirs,omitempty"`
	Ours   string        `json:"ours,omitempty"`
}

// Possible is an object in a target that may be the one that is asked for.
type Possible struct {
	Ref     string      `json:"ref"`
	Handle  string      `json:"handle"`
	Signs   []SignMatch `json:"signs"`
	Against []Objection `json:"against,omitempty"`
}

package apply

// CheckState is how a check came out.
type CheckState string

// The states.
const (
	CheckGood    CheckState = "ok"
	CheckWarning CheckState = "warning" // it works, and something should be looked at
	CheckFault   CheckState = "fault"   // it does not work
	CheckSkipped CheckState = "skipped" // something before it has to work first
)

// Check is one thing that was looked at to find out whether a target can be used. Nothing
// is written for it but what a target makes to try orgit's rights, and removes again.
type Check struct {
	Subject string     `json:"subject"` // a word or two: "certificate"
	State   CheckState `json:"state"`
	Text    string     `json:"text"` // what was found, one line
	Hint    string     `json:"hint,omitempty"`
	Err     error      `json:"-"` // behind a fault; it decides the exit code
}

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

// lockOutcome is what a lock did, and what it could not do.
type lockOutcome struct {
	Person   string          `json:"person"` // key
	Action   string          `json:"action"` // lock or lift
	Day      org.Day         `json:"day"`
	Accounts []lockedAccount `json:"accounts"`
	Record   *lockRecord     `json:"record,omitempty"`
}

// lockedAccount is what became of one account.
type lockedAccount struct {
	Account org.UUID `json:"account"`
	Login   string   `json:"login"`
	State   string   `json:"state"`
	Error   string   `json:"error,omitempty"`
	err     error
	target  string
}

// lockRecord is the branch that says of a lock that it was done.
type lockRecord struct {
	Branch string `json:"branch,omitempty"`
	Commit string `json:"commit,omitempty"`
	State  string `json:"state"` // made, already, stated or failed
	Error  string `json:"error,omitempty"`
	// MergeRequest is the one that proposes the branch, where a GitLab is configured.
	MergeRequest *openedRequest `json:"mergeRequest,omitempty"`
	// Ends is the day on which the approved files end the suspension that they state.
	Ends org.Day `json:"ends,omitempty"`
}

// failed reports whether the account may still be open.
func (a *lockedAccount) failed() bool {
	switch a.State {
	case stateNotOurs, stateSafeguarded, stateFailed, string(ad.LockProtected), string(ad.LockForeign):
		return true
	}
	return false
}

// says is a state in words.
func (a *lockedAccount) says() string {
	return map[string]string{
		string(ad.LockClosed):    "closed: it was open, and is disabled and locked now",
		string(ad.LockHeld):      "locked: it was disabled already, and no plan opens it now",
		string(ad.LockAlready):   "was locked or suspended already",
		string(ad.LockOutside):   "was disabled outside orgit already, and orgit does not open it",
		string(ad.LockMissing):   "is not in the directory",
		string(ad.LockForeign):   "NOT CLOSED: the login name belongs to an object that is not orgit's; close it in the directory by hand",
		string(ad.LockProtected): "NOT CLOSED: the directory protects it as an administrator's (adminCount=1); close it there by hand",
		string(ad.LockLifted):    "the lock is lifted; the next plan opens it where the files want it open",
		string(ad.LockNone):      "was not locked",
		stateNotOurs:             "NOT CLOSED: orgit does not write service accounts; close it in the directory by hand",
		stateSafeguarded:         "NOT CLOSED: it is safeguarded in organisation.cue; close it in the directory by hand",
		stateFailed:              "NOT CLOSED: " + a.Error,
	}[a.State]
}

func (o *lockOutcome) printJSON(w io.Writer) error {
	for i := range o.Accounts {
		o.Accounts[i].Error = schema.MaskCPR(o.Accounts[i].Error)
	}
	if o.Accounts == nil {
		o.Accounts = []lockedAccount{}
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(o)
}

func (o *lockOutcome) printText(w io.Writer) error {
	var text strings.Builder
	if len(o.Accounts) == 0 {
		fmt.Fprintf(&text, "%s has no account in Active Directory.\n", o.Person)
	}
	width := 0
	for _, a := range o.Accounts {
		width = max(width, len(a.Login))
	}
	for _, a := range o.Accounts {
		says := a.says()
		if o.Action != "lock" {
			says = strings.Replace(says, "NOT CLOSED", "NOT LIFTED", 1)
		}
		fmt.Fprintf(&text, "%-*s  %s\n", width, a.Login, schema.MaskCPR(says))
	}
	if o.Record != nil {
		text.WriteString(o.Record.says())
	}
	if o.Action == "lock" {
		text.WriteString("FK Organisation is not touched: its users follow the files, when they are approved and applied.\n")
	}
	_, err := io.WriteString(w, text.String())
	return err
}

func (r *lockRecord) says() string {
	switch r.State {
	case recordStated:
		if r.Ends != "" {
			return "The approved files say already that the person is suspended, but ONLY UNTIL " + string(r.Ends) + ": the accounts open on that day. " +
				"Take that change out of the files to keep them closed.\n"
		}
		return "The approved files say already that the person is suspended: there is nothing to record.\n"
	case recordFailed:
		return "NOT RECORDED: " + r.Error + "\nThe lock holds all the same. State suspended: true in the person's entry and propose it.\n"
	}
	if r.Error != "" {
		return fmt.Sprintf("Recorded on the branch %s, and NOT PROPOSED: %s\nThe lock holds all the same. Push the branch and open a merge request from it.\n", r.Branch, r.Error)
	}
	if r.MergeRequest != nil {
		return fmt.Sprintf("Recorded on the branch %s, which merge request !%d proposes: %s\n", r.Branch, r.MergeRequest.IID, r.MergeRequest.URL)
	}
	return fmt.Sprintf("Recorded on the branch %s. To propose it: git push -u origin %s, and open a merge request from it.\n", r.Branch, r.Branch)
}

// verdict is how the command ends when there is nothing more to say.
func (o *lockOutcome) verdict() error {
	failed := o.Record != nil && o.Record.Error != ""
	good := false
	var first error
	for i := range o.Accounts {
		a := &o.Accounts[i]
		good = good || !a.failed()
		failed = failed || a.failed()
		if first == nil {
			first = a.err
		}
	}
	switch {
	case !failed:
		return nil
	case !good && first != nil:
		return &shownError{first}
	}
	return errPartly
}

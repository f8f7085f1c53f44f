package soap

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// Outcome says what is known about a call that failed.
type Outcome int

const (
	// Refused: the receiver answered and did not do it.
	Refused Outcome = iota
	// NotSent: the request never reached the receiver.
	NotSent
	// Unknown: it may have been done. Before a write is repeated, the object must be read again.
	Unknown
)

// String names the outcome in a sentence about the call.
func (o Outcome) String() string {
	switch o {
	case Refused:
		return "refused"
	case NotSent:
		return "not sent"
	default:
		return "outcome unknown"
	}
}

// Error is every error of Client.Call. It never holds a body: bodies hold names, and may hold CPR numbers.
type Error struct {
	Action  string
	URL     string
	IDs     IDs
	Status  int // of HTTP, 0 when there was no answer
	Outcome Outcome
	Err     error
}

func (e *Error) Error() string {
	at := ""
	if e.Status != 0 {
		at = fmt.Sprintf(", HTTP %d", e.Status)
	}
	return fmt.Sprintf("call %s (%s%s, transaction %s, message %s): %v", e.Action, e.Outcome, at, e.IDs.Transaction, e.IDs.Message, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// OutcomeOf tells what an error of Client.Call says about the call; Refused for any other error.
func OutcomeOf(err error) Outcome {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Outcome
	}
	return Refused
}

// Fault is a SOAP fault.
type Fault struct {
	Code    string // local name of the code: Sender, Receiver, MustUnderstand, VersionMismatch …
	Subcode string // as it stands, "" when absent
	Reason  string
	Detail  *xmltree.Node // nil when absent. It may quote the request, so it is not for a log
}

func (f *Fault) Error() string {
	code := strings.TrimSuffix(f.Code+"/"+f.Subcode, "/")
	return fmt.Sprintf("SOAP fault %s: %s", code, f.Reason)
}

// securityFaults are the local names of fault codes that say that the message's security was not accepted: those of
// SOAP Message Security 1.1, section 12, of WS-Trust 1.3, section 11, and what WSS4J says instead of all of them.
var securityFaults = []string{
	"UnsupportedSecurityToken", "InvalidSecurity", "InvalidSecurityToken", "FailedAuthentication", "FailedCheck", "SecurityTokenUnavailable",
	"MessageExpired", "SecurityError", "ExpiredData", "RenewNeeded",
}

// Security reports whether the receiver did not accept the message's security, its token for instance. Then it has
// not looked at what the message says.
func (f *Fault) Security() bool {
	local := f.Subcode[strings.LastIndex(f.Subcode, ":")+1:]
	return slices.Contains(securityFaults, local) || slices.Contains(securityFaults, f.Code)
}

// readFault reads the parts of a fault.
func readFault(n *xmltree.Node) *Fault {
	code := n.Child(NamespaceEnvelope, "Code")
	local := func(qname string) string { return qname[strings.LastIndex(qname, ":")+1:] }
	return &Fault{
		Code:    local(code.Child(NamespaceEnvelope, "Value").Content()),
		Subcode: code.Child(NamespaceEnvelope, "Subcode").Child(NamespaceEnvelope, "Value").Content(),
		Reason:  n.Child(NamespaceEnvelope, "Reason").Child(NamespaceEnvelope, "Text").Content(),
		Detail:  n.Child(NamespaceEnvelope, "Detail"),
	}
}

// outcome: whoever calls a message wrong (Sender, MustUnderstand, VersionMismatch) has not acted on it; a receiver that
// broke down may have.
func (f *Fault) outcome() Outcome {
	if f.Security() {
		return Refused
	}
	if f.Code == "Receiver" || f.Code == "" {
		return Unknown
	}
	return Refused
}

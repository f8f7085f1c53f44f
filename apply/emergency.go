package apply

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// Errors of Emergency, by which the exit code is chosen.
var (
	// ErrNotNamed: review.emergency does not name whoever asks.
	ErrNotNamed = errors.New("not one of those who may close accounts at once")
	// ErrTooMany: more people were locked within an hour than the rules allow.
	ErrTooMany = errors.New("too many within an hour")
)

// Closing is what Emergency gives to somebody who may close accounts at once. It is a pass
// of its own kind and no Pass: what a target makes of it can disable accounts and say so on
// them, and can write nothing else. Nobody approved a plan, so nothing that a plan does may
// be done with it.
type Closing interface{ mayClose() }

type closing struct{}

func (closing) mayClose() {}

// Emergency lets somebody close a person's accounts at once, without an approved plan, or
// says why not. rules are those of the approved organisation; where they state none,
// whoever can log in to the system may. locked are the other people who were locked within
// the last hour.
func Emergency(rules *org.Emergency, operator string, locked int) (Closing, error) {
	switch {
	case rules == nil:
		return closing{}, nil
	case operator == "":
		return nil, fmt.Errorf("%w: it is not known who you are", ErrNotNamed)
	case !slices.Contains(rules.People, operator):
		return nil, fmt.Errorf("%w: %s does not stand in review.emergency.people on the approved branch", ErrNotNamed, operator)
	case locked >= rules.PerHour:
		return nil, fmt.Errorf("%w: %d people were locked within the last hour, and review.emergency.perHour is %d", ErrTooMany, locked, rules.PerHour)
	}
	return closing{}, nil
}

// What an emergency does, as the journal has it.
const (
	ActionLock plan.Action = "lock"
	ActionLift plan.Action = "lift"
)

// emergencyPlan stands in the journal where an operation's plan would.
const emergencyPlan = "emergency"

// EmergencyJournal writes what was done without a plan into the journal of runs: who was
// locked, and what became of each account. It holds identities, the operator and outcomes.
type EmergencyJournal struct {
	out io.Writer
	now func() time.Time
}

// NewEmergencyJournal returns a journal that is appended to out.
func NewEmergencyJournal(out io.Writer, now func() time.Time) *EmergencyJournal {
	return &EmergencyJournal{out, now}
}

const personOperation = "person/"

// Begin notes that the accounts of a person are about to be closed, or the lock lifted. It
// must be written before anything is done: later commands count it.
func (j *EmergencyJournal) Begin(action plan.Action, person org.UUID, operator string) error {
	return j.write(journalLine{Operation: personOperation + string(person), Action: action, By: operator})
}

// Account notes what became of one account; cause is why it was not done.
func (j *EmergencyJournal) Account(action plan.Action, target string, id plan.ID, outcome Outcome, cause string) error {
	return j.write(journalLine{
		Operation: target + "/" + string(id.Kind) + "/" + string(id.UUID), Action: action, Outcome: outcome, Error: schema.MaskCPR(cause),
	})
}

func (j *EmergencyJournal) write(line journalLine) error {
	line.Time, line.Plan = j.now().UTC().Format(time.RFC3339), emergencyPlan
	data, err := json.Marshal(line)
	if err == nil {
		_, err = j.out.Write(append(data, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	return nil
}

// LockedSince reads in a journal who was locked at or after a moment. Lines that cannot be
// read, such as one that was cut, are passed over.
func LockedSince(journal io.Reader, since time.Time) (map[org.UUID]bool, error) {
	locked := map[org.UUID]bool{}
	lines := bufio.NewScanner(journal)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line journalLine
		if json.Unmarshal(lines.Bytes(), &line) != nil || line.Plan != emergencyPlan || line.Action != ActionLock {
			continue
		}
		person, ok := strings.CutPrefix(line.Operation, personOperation)
		if at, err := time.Parse(time.RFC3339, line.Time); ok && err == nil && !at.Before(since) {
			locked[org.UUID(person)] = true
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	return locked, nil
}

package apply

import (
	"encoding/json"
	"fmt"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// markVersion is the version of the mark's form.
const markVersion = 1

// Mark is what was carried out last, by target. It is kept beside the organisation's
// history, and it is how a plan tells what is approved and waits from what somebody has
// changed by hand.
type Mark struct {
	Version int                   `json:"version"`
	Targets map[string]TargetMark `json:"targets"`
}

// TargetMark is the state that a target was last written to, but for the objects in Open:
// their operations did not succeed, so they still wait. One without a commit says that the
// first run has begun and was cut: everything that differs waits then.
type TargetMark struct {
	Commit string    `json:"commit,omitempty"`
	Day    org.Day   `json:"day"`  // the planning day of that run
	Tool   string    `json:"tool"` // the version of the program that wrote it
	Open   []plan.ID `json:"open,omitempty"`
	// Closing are those in Open that were to be taken out of use.
	Closing []plan.ID `json:"closing,omitempty"`
}

// ParseMark reads a mark. No data is the mark of a repository from which nothing was ever
// carried out.
func ParseMark(data []byte) (Mark, error) {
	m := Mark{Version: markVersion, Targets: map[string]TargetMark{}}
	if len(data) == 0 {
		return m, nil
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return Mark{}, fmt.Errorf("read the mark of what was applied: %w", err)
	}
	if m.Version != markVersion {
		return Mark{}, fmt.Errorf("read the mark of what was applied: it has version %d, and this program knows %d", m.Version, markVersion)
	}
	if m.Targets == nil {
		m.Targets = map[string]TargetMark{}
	}
	return m, nil
}

// Day is the latest planning day that was carried out in any target; empty when none was.
func (m Mark) Day() org.Day {
	var latest org.Day
	for _, t := range m.Targets {
		latest = max(latest, t.Day)
	}
	return latest
}

// Bytes writes the mark in the form that ParseMark reads; the same mark gives the same
// bytes.
func (m Mark) Bytes() ([]byte, error) {
	m.Version = markVersion
	data, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write the mark of what was applied: %w", err)
	}
	return append(data, '\n'), nil
}

package ad

import (
	"regexp"
	"strings"

	"orgit.dk/orgit/org"
)

// ownPrefix begins every value that orgit keeps for itself in the directory.
const ownPrefix = "orgit:"

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// ownerMark is what the anchor of an object of orgit's holds.
func ownerMark(id org.UUID) string { return ownPrefix + string(id) }

// parseOwner reads an anchor. ok is false for what orgit did not write.
func parseOwner(anchor string) (id org.UUID, ok bool) {
	rest, ok := strings.CutPrefix(strings.ToLower(anchor), ownPrefix)
	if !ok || !uuidForm.MatchString(rest) {
		return "", false
	}
	return org.UUID(rest), true
}

// markAttribute is the attribute in which orgit keeps why an account is disabled.
func markAttribute(anchor string) string {
	if strings.EqualFold(anchor, "adminDisplayName") {
		return "adminDescription"
	}
	return "adminDisplayName"
}

// The reasons for which orgit has an account disabled.
const (
	// markNew: it was made a moment ago and is to be enabled next.
	markNew = "new"
	// markDisabled: the organisation wants it disabled: prepared, suspended, on leave.
	markDisabled = "disabled"
	// markClosed: its time is over; it is in quarantine or on its way there.
	markClosed = "closed"
)

// mark is what orgit notes on an account that it has disabled. The zero mark means that
// orgit has not.
type mark struct {
	state string
	since org.Day // the day on which orgit closed it
	// before: somebody else had disabled it before orgit closed it, so that it stays
	// disabled when its holder comes back.
	before bool
}

// String writes the mark as it is kept: orgit:closed;since=2026-12-01;before
func (m mark) String() string {
	if m.state == "" {
		return ""
	}
	s := ownPrefix + m.state
	if m.since != "" {
		s += ";since=" + string(m.since)
	}
	if m.before {
		s += ";before"
	}
	return s
}

// parseMark reads a mark. What orgit did not write is no mark.
func parseMark(s string) mark {
	rest, ok := strings.CutPrefix(s, ownPrefix)
	if !ok {
		return mark{}
	}
	parts := strings.Split(rest, ";")
	m := mark{state: parts[0]}
	if m.state != markNew && m.state != markDisabled && m.state != markClosed {
		return mark{}
	}
	for _, part := range parts[1:] {
		if since, ok := strings.CutPrefix(part, "since="); ok {
			day, err := org.ParseDay(since)
			if err != nil {
				return mark{}
			}
			m.since = day
		}
		m.before = m.before || part == "before"
	}
	return m
}

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
	// markLocked: somebody closed it at once, with orgit lock, and the files do not say so.
	markLocked = "locked"
	// markLifted: it was locked while it was open, and that is over: it is to be enabled by
	// the next plan.
	markLifted = "lifted"
)

// wasOpen in mark.was says that a locked account was open, or about to be.
const wasOpen = "open"

// mark is what orgit notes on an account that it has disabled. The zero mark means that
// orgit has not.
type mark struct {
	state string
	since org.Day // the day on which orgit closed or locked it
	was   string  // of a locked account: wasOpen, or the state that its mark had
	// before: somebody else had disabled it before orgit closed it, so that it stays
	// disabled when its holder comes back.
	before bool
	// suspended: the files say that it is suspended.
	suspended bool
	// barred is the day on which it was closed while it was suspended or locked: who comes
	// back is not let in before the files, from that day on, say so.
	barred org.Day
	// first: it never had a password, or one that nobody got to know yet. attempt names the
	// try that set one, so that two runs at once do not hand over each other's.
	first   bool
	attempt string
}

// longestMark is as long as a mark can be, for whoever makes sure that the directory takes it.
func longestMark() mark {
	return mark{state: markDisabled, since: "2026-12-02", was: markDisabled, before: true, suspended: true, barred: "2026-12-02",
		first: true, attempt: strings.Repeat("0", 2*attemptBytes)}
}

// String writes the mark as it is kept: orgit:closed;since=2026-12-01;before
func (m mark) String() string {
	if m.state == "" {
		return ""
	}
	s := ownPrefix + m.state
	for _, part := range []struct{ name, value string }{
		{"since", string(m.since)}, {"was", m.was}, {"before", flag(m.before)}, {"suspended", flag(m.suspended)},
		{"barred", string(m.barred)}, {"first", flag(m.first)}, {"attempt", m.attempt},
	} {
		switch part.value {
		case "":
		case flagSet:
			s += ";" + part.name
		default:
			s += ";" + part.name + "=" + part.value
		}
	}
	return s
}

// flagSet stands for a part of a mark that has no value.
const flagSet = ";"

func flag(set bool) string {
	if set {
		return flagSet
	}
	return ""
}

var (
	markStates  = regexp.MustCompile(`^(new|disabled|closed|locked|lifted)$`)
	attemptForm = regexp.MustCompile(`^[0-9a-f]{1,32}$`)
)

// parseMark reads a mark. What orgit did not write is no mark.
func parseMark(s string) mark {
	rest, ok := strings.CutPrefix(s, ownPrefix)
	if !ok {
		return mark{}
	}
	parts := strings.Split(rest, ";")
	if !markStates.MatchString(parts[0]) {
		return mark{}
	}
	m := mark{state: parts[0]}
	for _, part := range parts[1:] {
		if !m.read(part) {
			return mark{}
		}
	}
	return m
}

// read takes one part of a mark. A part that is not known is passed over: a later version
// of orgit wrote it. ok is false for one that cannot be understood.
func (m *mark) read(part string) (ok bool) {
	name, value, _ := strings.Cut(part, "=")
	var err error
	switch name {
	case "since":
		m.since, err = org.ParseDay(value)
	case "barred":
		m.barred, err = org.ParseDay(value)
	case "was":
		m.was = value
		return value == wasOpen || value == markDisabled
	case "attempt":
		m.attempt = value
		return attemptForm.MatchString(value)
	case "before":
		m.before = true
	case "suspended":
		m.suspended = true
	case "first":
		m.first = true
	}
	return err == nil
}

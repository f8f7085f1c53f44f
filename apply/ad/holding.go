package ad

import (
	"slices"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// disabledOutside reports whether somebody else disabled the account, or had done so
// before orgit did.
func (o *object) disabledOutside() bool {
	return o.kind == KindUser && o.disabled() && (o.mark.state == "" || o.mark.before)
}

// held is why orgit does not enable the account; empty when it may. The reason names the
// day, so that one that the files have overruled is not taken for a later one.
func (o *object) held() (reason string, hold plan.Hold) {
	switch {
	case o.kind != KindUser || !o.disabled():
		return "", plan.Hold{}
	case o.disabledOutside():
		return "the account was disabled outside orgit", plan.Hold{Code: plan.AttentionHeld}
	case o.mark.state == markLocked:
		return "the account was locked with orgit lock on " + string(o.mark.since),
			plan.Hold{Code: plan.AttentionLocked, Day: o.mark.since}
	case o.mark.barred != "":
		return "the account was suspended when it was closed on " + string(o.mark.barred),
			plan.Hold{Code: plan.AttentionBarred, Day: o.mark.barred, FilesDecide: true}
	}
	return "", plan.Hold{}
}

// orOpenable says why an account is not enabled that was held when the plan was made.
func orOpenable(reason string) string {
	if reason == "" {
		return "what kept it closed is gone since the plan was made"
	}
	return reason
}

// nextMark is the mark that an account has after an operation, its opening aside.
func nextMark(op plan.Operation, o *object, closing bool, today org.Day) mark {
	next, was := o.mark, o.mark
	goal := op.Attr(attrEnabled)
	switch {
	case closing && (was.state != markClosed || !o.disabled()):
		next = mark{state: markClosed, since: today, before: o.disabledOutside(), suspended: was.suspended, barred: was.barred}
		if was.state == markLocked && was.barred == "" {
			next.barred = today
		}
	case op.Action != plan.ActionRetire && op.Attr(attrContainer) != nil && was.state == markClosed: // it leaves the quarantine
		next = mark{state: markDisabled, before: was.before, suspended: was.suspended, barred: was.barred}
	case goal != nil && !slices.Equal(goal.New, []string{"true"}) && (!o.disabled() || was.state == markNew || was.state == markLifted):
		next = mark{state: markDisabled, suspended: was.suspended, barred: was.barred}
	}
	next.first, next.attempt = was.first, was.attempt
	if a := op.Attr(attrSuspended); a != nil {
		next = next.statedSuspended(slices.Equal(a.New, []string{"true"}), o.disabledOutside())
	}
	return next.settled(today)
}

// statedSuspended is the mark when the files begin, or cease, to say that the account is
// suspended. A lock that they state is a suspension like any other.
func (m mark) statedSuspended(stated, outside bool) mark {
	m.suspended = stated
	switch {
	case !stated:
	case m.state == "":
		m.state, m.before = markDisabled, outside
	case m.state != markClosed:
		m.state, m.since, m.was = markDisabled, "", ""
	}
	return m
}

// settled keeps what being suspended means for later: who is closed so is barred from
// coming back unseen, and who is in use and suspended by the files is not barred besides.
func (m mark) settled(today org.Day) mark {
	switch {
	case m.state == markClosed && m.suspended && m.barred == "":
		m.barred = today
	case m.state == markDisabled && m.suspended:
		m.barred = ""
	}
	return m
}

// setMark adds the change of the mark to a request, and remembers it: what comes after
// compares with it.
func (o *object) setMark(change *ldap.ModifyRequest, attribute string, next mark) {
	if next == o.mark {
		return
	}
	var old, fresh []string
	if old = o.values(attribute); o.marked != "" {
		old = []string{o.marked}
	}
	if text := next.String(); text != "" {
		fresh = []string{text}
	}
	swap(change, attribute, old, fresh)
	o.mark, o.marked = next, next.String()
}

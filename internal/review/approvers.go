package review

import (
	"slices"
	"strings"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/org"
)

// standsFor gives the usernames, in small letters, in whose place an approval counts: the approver's own, and that of
// everybody for whom they were a substitute on the day of the approval.
func (j *judging) standsFor(a gitlab.Approval) []string {
	names := []string{strings.ToLower(a.User.Username)}
	day, err := org.DayOf(a.At)
	if err != nil {
		return names
	}
	for _, s := range j.Substitutes {
		if strings.EqualFold(s.Is, a.User.Username) && s.From != "" && s.To != "" && s.Contains(day) {
			names = append(names, strings.ToLower(s.For))
		}
	}
	return names
}

// group gives as many approvals as can be a place in the working group each, and reports whether they are enough. A member
// and their substitute share one place; a member who also stands in for another has one approval all the same.
func (j *judging) group() bool {
	members := map[string]bool{}
	for _, member := range j.Group {
		members[strings.ToLower(member)] = true
	}
	holder := map[string]int{} // by member, the approval that has the place
	var place func(approval int, tried map[string]bool) bool
	place = func(approval int, tried map[string]bool) bool {
		for _, seat := range j.standsFor(j.valid[approval]) {
			if !members[seat] || tried[seat] {
				continue
			}
			tried[seat] = true
			other, occupied := holder[seat]
			if !occupied || place(other, tried) {
				holder[seat] = approval
				return true
			}
		}
		return false
	}
	for i := range j.valid {
		place(i, map[string]bool{})
	}
	j.seated = map[string]string{}
	for seat, approval := range holder {
		j.seated[strings.ToLower(j.valid[approval].User.Username)] = seat
	}
	return len(j.seated) >= max(j.Classification.Approvals, 1)
}

// unseated says why an approval has no part in what was asked.
func (j *judging) unseated(a gitlab.Approval) Reason {
	named := func(name string) bool {
		return slices.ContainsFunc(j.Group, func(member string) bool { return strings.EqualFold(member, name) })
	}
	for _, name := range j.standsFor(a) {
		if named(name) && j.verdict.By != org.ByLeader {
			return NotTwice
		}
	}
	for _, s := range j.Substitutes {
		if strings.EqualFold(s.Is, a.User.Username) && (named(s.For) || j.asked(s.For)) && !slices.Contains(j.standsFor(a), strings.ToLower(s.For)) {
			return NotSubstitute
		}
	}
	return NotNamed
}

// asked reports whether the username is one of a leader who is asked.
func (j *judging) asked(username string) bool {
	return slices.ContainsFunc(j.Areas, func(area Area) bool {
		return slices.ContainsFunc(j.nearest(area), func(name string) bool { return strings.EqualFold(name, username) })
	})
}

// areasApproved notes the areas whose leader has not approved, and reports whether there is none.
func (j *judging) areasApproved() bool {
	for _, area := range j.Areas {
		if !slices.ContainsFunc(j.valid, func(a gitlab.Approval) bool { _, ok := j.leaderFor(area, a); return ok }) {
			j.verdict.Areas = append(j.verdict.Areas, MissingArea{Unit: area.Unit, Name: area.Name, Usernames: j.nearest(area)})
		}
	}
	return len(j.Areas) > 0 && len(j.verdict.Areas) == 0
}

// leaderFor gives the leader's username in whose place an approval counts for an area.
func (j *judging) leaderFor(area Area, a gitlab.Approval) (string, bool) {
	nearest := j.nearest(area)
	for _, name := range j.standsFor(a) {
		for _, leader := range nearest {
			if strings.EqualFold(name, leader) {
				return leader, true
			}
		}
	}
	return "", false
}

// nearest are the usernames of the leaders nearest above who may approve. One who proposes it is passed over for the next
// above; where the nearest cannot be recognised there is none, and the group decides.
func (j *judging) nearest(area Area) []string {
	for i := 0; i < len(area.Leaders); {
		unit := area.Leaders[i].Unit
		var names []string
		unknown := false
		for ; i < len(area.Leaders) && area.Leaders[i].Unit == unit; i++ {
			leader := area.Leaders[i]
			unknown = unknown || len(leader.Logins) == 0
			if !slices.ContainsFunc(leader.Logins, func(name string) bool { return j.proposes(name, leader.Name) }) {
				names = append(names, leader.Logins...)
			}
		}
		if len(names) > 0 || unknown {
			return names
		}
	}
	return nil
}

// proposes reports whether somebody is, or may be, one of those who made the proposal.
func (j *judging) proposes(username, name string) bool {
	reason := j.excluded(gitlab.User{Username: username, Name: name})
	return reason == NotOwn || reason == NotCommitter
}

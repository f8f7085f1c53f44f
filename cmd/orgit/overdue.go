package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
)

// remind tells the working group of a lock on which it has not decided within the hours of review.emergency.expiresHours: once,
// with a note that names its members, and with a label. It opens no account and closes no merge request: only a decision does.
func (m *merging) remind(ctx context.Context, mr gitlab.MergeRequest, o mergeOutcome) mergeOutcome {
	if o.Outcome == mergeDone || mr.State != gitlab.Opened || !strings.HasPrefix(mr.Source, lockBranches) {
		return o
	}
	waited, rules, err := m.overdue(ctx, mr.IID)
	if err == nil && waited > 0 {
		o.Says = fmt.Sprintf("%s. The accounts have been closed for %d hours, and the group has not decided within %d",
			strings.TrimSuffix(o.Says, "."), int(waited.Hours()), rules.Review.Emergency.ExpiresHours)
		err = m.escalate(ctx, mr, rules)
	}
	if err != nil { // what became of the merge request is so all the same
		printError(m.env.stderr, fmt.Errorf("remind of the lock that merge request !%d records: %w", mr.IID, err))
	}
	return o
}

// overdue is for how long the merge request of a lock has been open, where that is longer than the rules of the approved branch
// allow; else 0.
func (m *merging) overdue(ctx context.Context, iid int) (time.Duration, *org.Settings, error) {
	o, err := review.NewCommits(m.repo, nil).Organisation(ctx, m.main)
	if err != nil {
		return 0, nil, err
	}
	rules := o.Settings.Review.Emergency
	if rules == nil || rules.ExpiresHours == 0 {
		return 0, &o.Settings, nil
	}
	versions, err := m.server.Versions(ctx, iid)
	if err != nil || len(versions) == 0 {
		return 0, &o.Settings, err
	}
	opened := slices.MinFunc(versions, func(a, b gitlab.Version) int { return a.Created.Compare(b.Created) }).Created
	waited := m.env.now().Sub(opened)
	if waited < time.Duration(rules.ExpiresHours)*time.Hour {
		return 0, &o.Settings, nil
	}
	return waited, &o.Settings, nil
}

// escalate says so on the merge request, unless its label tells that it was said. The note comes first: rather twice than never.
func (m *merging) escalate(ctx context.Context, mr gitlab.MergeRequest, s *org.Settings) error {
	label, text := "haster", "Kontiene har været lukket i mere end %d timer, uden at gruppen har taget stilling. De bliver ved med at være lukket, til dette er godkendt og udført, eller vagten ophæver spærringen.\n\n%s: godkend, eller luk forslaget og bed vagten ophæve spærringen.\n"
	if s.Language == change.English {
		label, text = "urgent", "The accounts have been closed for more than %d hours, and the group has not decided. They stay closed until this is approved and carried out, or those on call lift the lock.\n\n%s: approve, or close the merge request and have those on call lift the lock.\n"
	}
	if slices.Contains(mr.Labels, label) {
		return nil
	}
	group := make([]string, len(s.Review.Group))
	for i, member := range s.Review.Group {
		group[i] = "@" + member
	}
	if _, err := m.server.CreateNote(ctx, mr.IID, fmt.Sprintf(text, s.Review.Emergency.ExpiresHours, strings.Join(group, " "))); err != nil {
		return err
	}
	_, err := m.server.Update(ctx, mr.IID, gitlab.Changes{AddLabels: []string{label}})
	return err
}

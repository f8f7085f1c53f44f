package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan/view"
	"orgit.dk/orgit/schema"
)

// proposalServer opens merge requests.
type proposalServer interface {
	// Propose sees to it that there is an open merge request that says what p says; created: there was none before.
	Propose(ctx context.Context, p gitlab.Proposal) (mr gitlab.MergeRequest, created bool, err error)
}

// request opens the merge request of a branch that was pushed, or brings the one that is open up to date.
func (p *proposal) request(ctx context.Context, o *proposeOutcome) error {
	if !o.Pushed || p.env.proposals == nil {
		return nil
	}
	server, err := p.env.proposals(ctx)
	if err != nil {
		return fmt.Errorf("connect to GitLab: %w", err)
	}
	if server == nil {
		return nil
	}
	w := requestWriter{language: p.approved.Settings.Language, day: p.day, o: p.planned, changes: o.Changes}
	mr, created, err := server.Propose(ctx, gitlab.Proposal{
		Source: o.Branch, Target: p.main, Title: schema.MaskCPR(w.title()), Description: schema.MaskCPR(w.description()),
		Labels: w.labels(), Reviewers: w.reviewers(usernames(p.approved, p.day)),
	})
	if err != nil {
		return withHint(fmt.Errorf("the branch %s is on the server, but it has no merge request: %w", o.Branch, err), "open one in GitLab, or try again")
	}
	o.MergeRequest = &openedRequest{IID: mr.IID, URL: mr.URL, Created: created}
	return nil
}

// requestWriter says in a merge request what is proposed. Only members see merge requests, so names may stand there; what
// is shielded does not.
type requestWriter struct {
	language string
	day      org.Day
	o        *org.Organisation
	changes  []change.Change
}

func (w requestWriter) say(da, en string) string {
	if w.language == change.English {
		return en
	}
	return da
}

// longestTitle is what GitLab takes, in characters.
const longestTitle = 255

// title is the one change, or how many there are and where.
func (w requestWriter) title() string {
	if len(w.changes) == 1 {
		title := strings.TrimSuffix(change.Sentence(w.changes[0], w.language), ".")
		title = strings.Join(strings.Fields(title), " ")
		if runes := []rune(title); len(runes) > longestTitle {
			title = string(runes[:longestTitle-1]) + "…"
		}
		return title
	}
	var units []string
	for _, c := range w.changes {
		if c.Unit != "" && !slices.Contains(units, c.Unit) {
			units = append(units, c.Unit)
		}
	}
	title := fmt.Sprintf(w.say("%d ændringer", "%d changes"), len(w.changes))
	switch {
	case len(units) == 1:
		return title + w.say(" i ", " in ") + w.unit(units[0])
	case len(units) > 1:
		return title + fmt.Sprintf(w.say(" i %d enheder", " in %d units"), len(units))
	}
	return title
}

func (w requestWriter) unit(key string) string {
	if u := w.o.Unit(key); u != nil {
		return u.At(w.day).Name
	}
	return key
}

// description lists what happens, by unit.
func (w requestWriter) description() string {
	var b strings.Builder
	b.WriteString(w.say("Når forslaget er godkendt, sker der dette:\n", "When the proposal is approved, this happens:\n"))
	last := "\x00"
	for _, c := range w.changes {
		if c.Unit != last {
			last = c.Unit
			heading := w.unit(c.Unit)
			if heading == "" {
				heading = w.say("Hele organisationen", "The whole organisation")
			}
			fmt.Fprintf(&b, "\n**%s**\n\n", view.Escape(heading))
		}
		fmt.Fprintf(&b, "- %s\n", view.Escape(change.Sentence(c, w.language)))
	}
	b.WriteString(w.say("\nHvad det betyder i de tilsluttede systemer, skriver orgit i en kommentar, så snart det er regnet ud.\n",
		"\nWhat it does in the connected systems is said in a note from orgit, when the pipeline has run.\n"))
	return b.String()
}

// labels say what kinds of changes there are.
func (w requestWriter) labels() []string {
	labels := []string{w.say("forslag", "proposal")}
	add := func(label string) {
		if !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	for _, c := range w.changes {
		if c.Correction {
			add(w.say("rettelse", "correction"))
		}
		switch c.Kind {
		case change.Hire, change.Rehire:
			add(w.say("ansættelse", "hire"))
		case change.Leave, change.Annul:
			add(w.say("fratrædelse", "leaver"))
		case change.Move:
			add(w.say("flytning", "move"))
		case change.Absence:
			add(w.say("orlov", "leave of absence"))
		case change.Appoint, change.AppointActing, change.Vacate, change.LeaderChange, change.LeaderCorrect:
			add(w.say("leder", "leader"))
		case change.UnitCreate, change.UnitClose, change.UnitMerge, change.UnitMove, change.UnitRename, change.Unit, change.UnitRemoved:
			add(w.say("enhed", "unit"))
		}
	}
	slices.Sort(labels[1:])
	return labels
}

// reviewers are the leaders of the units that the changes are about, and of those above where there is none, as the server
// knows them; where it knows none of them, the working group.
func (w requestWriter) reviewers(username func(*org.Person) string) []string {
	var found []string
	view := w.o.On(w.day)
	for _, c := range w.changes {
		u := view.Unit(c.Unit)
		if u == nil || username == nil {
			continue
		}
		m := view.LeaderOf(u, c.Subject.Key)
		if m == nil || w.o.Person(m.Person) == nil {
			continue
		}
		if name := username(w.o.Person(m.Person)); name != "" && !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	if len(found) == 0 {
		return slices.Clone(w.o.Settings.Review.Group)
	}
	slices.Sort(found)
	return found
}

// usernames tells what somebody is called on the server, by the approved review rules; nil where these do not say it.
func usernames(o *org.Organisation, day org.Day) func(*org.Person) string {
	names := review.Usernames(o, day)
	if len(names) == 0 {
		return nil
	}
	return func(p *org.Person) string {
		if of := names[p.Key]; len(of) > 0 {
			return of[0]
		}
		return ""
	}
}

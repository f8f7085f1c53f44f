package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/plan/view"
)

// logWords are the words of the log in one language.
type logWords struct {
	changedBy, proposedBy, approvedBy, byRule, class, nobodySays, noEvidence, nothing, by, notDone, begun string
	actions                                                                                               map[string]string
	outcomes                                                                                              map[string]string
}

var logDanish = logWords{
	changedBy: "ændret af", proposedBy: "foreslået af", approvedBy: "godkendt af", byRule: "godkendt efter reglen", class: "klasse",
	nobodySays: "godkendelsen står ikke i beviserne", by: "af", notDone: "ikke gennemført", begun: "begyndt; om det blev gennemført, er ikke noteret",
	noEvidence: "Godkendelser og gennemførelse kendes ikke: der føres ikke beviser på serveren (se orgit evidence --help).",
	nothing:    "Der er ingen ændringer i den historik, der er her.",
	actions: map[string]string{
		string(plan.ActionCreate): "oprettet", string(plan.ActionUpdate): "ændret", string(plan.ActionRetire): "taget ud af brug",
		string(plan.ActionDelete): "slettet", string(plan.ActionAdopt): "overtaget", string(apply.ActionLock): "spærret straks", string(apply.ActionLift): "spærring ophævet",
	},
	outcomes: map[string]string{
		string(apply.Failed): "systemet afviste", string(apply.Stale): "objektet var ændret", string(apply.Skipped): "noget før det lykkedes ikke",
		string(apply.NotReached): "kørslen stoppede før",
	},
}

var logEnglish = logWords{
	changedBy: "changed by", proposedBy: "proposed by", approvedBy: "approved by", byRule: "approved by the rule", class: "class",
	nobodySays: "the evidence does not say who approved it", by: "by", notDone: "not done", begun: "begun; whether it was done is not recorded",
	noEvidence: "Approvals and effects are not known: no evidence is kept on the server (see orgit evidence --help).",
	nothing:    "There are no changes in the history that is here.",
	actions: map[string]string{
		string(plan.ActionCreate): "created", string(plan.ActionUpdate): "changed", string(plan.ActionRetire): "taken out of use",
		string(plan.ActionDelete): "deleted", string(plan.ActionAdopt): "taken over", string(apply.ActionLock): "closed at once", string(apply.ActionLift): "lock lifted",
	},
	outcomes: map[string]string{
		string(apply.Failed): "the system refused", string(apply.Stale): "the object had changed", string(apply.Skipped): "something before it did not succeed",
		string(apply.NotReached): "the run stopped before it",
	},
}

func (l *logging) print(h logHistory) error {
	w := logDanish
	if l.organisation.Settings.Language == change.English {
		w = logEnglish
	}
	zone, err := org.Copenhagen()
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n", h.Name, h.Key)
	if len(h.Events) == 0 {
		b.WriteString(w.nothing + "\n")
	}
	for i := range h.Events {
		e := &h.Events[i]
		at, err := time.Parse(time.RFC3339, e.Time)
		if err != nil {
			return fmt.Errorf("read the time %q: %w", e.Time, err)
		}
		fmt.Fprintf(&b, "\n%s  ", at.In(zone).Format("2006-01-02 15.04"))
		if e.Type == "done" {
			w.done(&b, e)
			continue
		}
		w.changed(&b, e, h.Evidence)
	}
	if !h.Evidence {
		b.WriteString("\n" + w.noEvidence + "\n")
	}
	_, err = io.WriteString(l.env.stdout, b.String())
	return err
}

func (w *logWords) done(b *strings.Builder, e *logEvent) {
	kind, _, _ := strings.Cut(e.Object, ":")
	fmt.Fprintf(b, "%s, %s: ", view.TargetName(e.Target), kind)
	action := orItself(w.actions, e.Action)
	switch outcome := apply.Outcome(e.Outcome); outcome {
	case apply.Done, apply.Already:
		b.WriteString(action)
	case "":
		fmt.Fprintf(b, "%s (%s)", action, w.begun)
	default:
		fmt.Fprintf(b, "%s: %s (%s)", w.notDone, action, orItself(w.outcomes, e.Outcome))
	}
	if e.By != "" {
		fmt.Fprintf(b, " %s %s", w.by, e.By)
	}
	if len(e.Attributes) > 0 && e.Action != string(plan.ActionCreate) {
		fmt.Fprintf(b, " (%s)", strings.Join(e.Attributes, ", "))
	}
	b.WriteString("\n")
}

func (w *logWords) changed(b *strings.Builder, e *logEvent, evidence bool) {
	parts := []string{w.changedBy + " " + strings.Join(e.Authors, ", ")}
	if e.MergeRequest > 0 {
		parts = append(parts, fmt.Sprintf("!%d", e.MergeRequest))
	}
	if e.Proposer != "" {
		parts = append(parts, w.proposedBy+" "+e.Proposer)
	}
	switch {
	case len(e.Approvers) > 0:
		parts = append(parts, w.approvedBy+" "+strings.Join(e.Approvers, ", "))
	case e.Rule != "":
		parts = append(parts, w.byRule+" "+e.Rule)
	case evidence:
		parts = append(parts, w.nobodySays)
	}
	if e.Class != "" {
		parts = append(parts, w.class+" "+e.Class)
	}
	fmt.Fprintf(b, "%s [%s]\n", strings.Join(parts, "; "), short(e.Commit))
	for _, c := range e.Changes {
		b.WriteString("    " + c.Text + "\n")
	}
}

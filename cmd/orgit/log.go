package main

import (
	"context"

	"github.com/spf13/cobra"
)

const logHelp = `Say what was changed about a unit or a person, newest first: who changed it and when, the
merge request, who approved it, and when it took effect in each system.

TEXT is what orgit show takes. Changes come from the history of the approved branch; a
key is followed wherever its file moves. Approvals and effects come from the evidence on
the server (see orgit evidence), which is verified; without it only the changes are
known.`

type logOptions struct {
	dir  string
	text string
	json bool
}

func newLogCmd(env environment) *cobra.Command {
	var opts logOptions
	cmd := &cobra.Command{
		Use:   "log TEXT",
		Short: "Who changed a unit or person, who approved it, and when it took effect",
		Long:  logHelp,
		Example: `  orgit log oestre-skole
  orgit log "Anna Jensen" --json`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if opts.text, err = soughtText(args[0]); err != nil {
				return err
			}
			return runLog(cmd.Context(), env, opts)
		},
	}
	cmd.Flags().StringVarP(&opts.dir, "dir", "C", ".", "the organisation repository's `DIR`")
	cmd.Flags().BoolVar(&opts.json, "json", false, "write JSON")
	return cmd
}

func runLog(ctx context.Context, env environment, opts logOptions) error {
	view, err := (&question{dir: opts.dir}).view(env)
	if err != nil {
		return err
	}
	h, err := oneHit(env, view.Organisation(), opts.text)
	if err != nil {
		return err
	}
	repo, err := openRepository(opts.dir)
	if err != nil {
		return err
	}
	l := &logging{env: env, repo: repo, organisation: view.Organisation(), hit: h}
	history := logHistory{Kind: h.kind(), Key: h.key(), Name: h.name()}
	past, err := l.changes()
	if err != nil {
		return err
	}
	facts, err := l.evidence(ctx, opts.dir)
	if err != nil {
		return err
	}
	history.Evidence, history.Events = facts.known, l.timeline(past, facts)
	if opts.json {
		return writeJSON(env.stdout, history)
	}
	return l.print(history)
}

// kind is the kind of entry, in the files' words for one of it.
func (h hit) kind() string {
	switch {
	case h.unit != nil:
		return "unit"
	case h.person != nil:
		return "person"
	}
	return "robot"
}

// logHistory is everything that is known of one entry, newest first.
type logHistory struct {
	Kind     string     `json:"kind"` // unit, person or robot
	Key      string     `json:"key"`
	Name     string     `json:"name"`     // today's
	Evidence bool       `json:"evidence"` // whether approvals and effects could be looked up
	Events   []logEvent `json:"events"`
}

// logEvent is a change of the files, or something that was done in a system.
type logEvent struct {
	Time string `json:"time"` // RFC 3339, UTC
	Type string `json:"type"` // changed, or done

	// Of a change:
	Commit       string      `json:"commit,omitempty"` // on the approved branch
	Authors      []string    `json:"authors,omitempty"`
	MergeRequest int         `json:"mergeRequest,omitempty"`
	Class        string      `json:"class,omitempty"`
	Rule         string      `json:"rule,omitempty"`
	Approvers    []string    `json:"approvers,omitempty"`
	Proposer     string      `json:"proposer,omitempty"`
	Changes      []logChange `json:"changes,omitempty"`

	// Of what was done:
	Target     string   `json:"target,omitempty"`
	Object     string   `json:"object,omitempty"` // kind:uuid
	Action     string   `json:"action,omitempty"`
	Attributes []string `json:"attributes,omitempty"`
	Outcome    string   `json:"outcome,omitempty"`
	By         string   `json:"by,omitempty"`
	Record     int      `json:"record,omitempty"` // the number of the evidence
}

// logChange is one change in words.
type logChange struct {
	Kind   string `json:"kind"`
	Field  string `json:"field,omitempty"`
	Effect string `json:"effect,omitempty"`
	Text   string `json:"text"`
}

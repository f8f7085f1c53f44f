package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/schema"
)

// proposeOutcome is what a proposal came to.
type proposeOutcome struct {
	DryRun       bool                `json:"dryRun,omitempty"`
	Base         string              `json:"base"`
	Branch       string              `json:"branch,omitempty"`
	Commit       string              `json:"commit,omitempty"`
	Pushed       bool                `json:"pushed"`
	Typed        []propose.Change    `json:"proposed"` // what was asked for, in keys
	Says         []string            `json:"says"`
	Changes      []change.Change     `json:"changes"` // what the branch comes to, against what is approved
	Files        []editedFile        `json:"files"`
	Warnings     []schema.Diagnostic `json:"warnings,omitempty"`
	Plan         proposedPlan        `json:"plan"`
	MergeRequest *openedRequest      `json:"mergeRequest,omitempty"`
	// Again is what became of a proposal that was to be carried out again; empty for a new one.
	Again  string     `json:"again,omitempty"`
	Stands []standing `json:"stands,omitempty"` // what stands against what is approved
}

// editedFile is a file and the lines of it that differ. Where somebody stands in it who is or was shielded they are left out,
// whatever it is that changes: a line may hold their phone beside it.
type editedFile struct {
	Name   string `json:"name"`
	Diff   string `json:"diff"`
	Hidden bool   `json:"hidden,omitempty"`
}

// proposedPlan is what became of the plan.
type proposedPlan struct {
	State      string `json:"state"`
	Why        string `json:"why,omitempty"` // there is none
	Operations int    `json:"operations"`
	Refused    bool   `json:"refused,omitempty"` // by a limit or a safeguard
	text       string
}

// openedRequest is the merge request of a proposal.
type openedRequest struct {
	IID     int    `json:"iid"`
	URL     string `json:"url"`
	Created bool   `json:"created"` // else it was there, and was brought up to date
}

// describeFiles notes which lines of which files differ from those that the proposal follows.
func (p *proposal) describeFiles(o *proposeOutcome) error {
	before, err := p.tree(p.parent)
	if err != nil {
		return err
	}
	organisations := []*org.Organisation{p.approved, p.planned}
	if p.before != nil { // the branch that is added to
		organisations = append(organisations, p.before)
	}
	hidden := shieldedFiles(organisations)
	for _, name := range slices.Sorted(maps.Keys(p.edited)) {
		old, err := fs.ReadFile(before, name)
		if err != nil {
			old = nil // it is new
		}
		edited := editedFile{Name: name, Hidden: hidden[name]}
		if !edited.Hidden {
			edited.Diff = changedLines(old, p.edited[name])
		}
		o.Files = append(o.Files, edited)
	}
	return nil
}

// shieldedFiles are the files in which people stand who are shielded at any time in one of the organisations.
func shieldedFiles(organisations []*org.Organisation) map[string]bool {
	files := map[string]bool{}
	for _, o := range organisations {
		for _, p := range o.People {
			if p.EverShielded() {
				files[o.Position(p.Path()).File] = true
			}
		}
	}
	return files
}

// changedLines gives the lines that differ, without those around them.
func changedLines(old, text []byte) string {
	var b strings.Builder
	for line := range bytes.Lines(diff.Diff("old", old, "new", text)) {
		if s := string(line); (s[0] == '+' || s[0] == '-') && !strings.HasPrefix(s, "+++ ") && !strings.HasPrefix(s, "--- ") {
			b.WriteString(s)
		}
	}
	return b.String()
}

// printProposal tells what was proposed.
func printProposal(env environment, o *proposeOutcome, opts proposeOptions) error {
	if opts.json {
		return writeJSON(env.stdout, o)
	}
	w := env.stdout
	switch o.Again {
	case againCurrent:
		fmt.Fprintf(w, "The branch %s follows what is approved now; there is nothing to do.\n", o.Branch)
		return nil
	case againApproved:
		fmt.Fprintf(w, "All that the branch %s proposes is approved already; its merge request can be closed.\n", o.Branch)
		return nil
	}
	for _, text := range o.Says {
		fmt.Fprintln(w, text)
	}
	printDiagnostics(env.stderr, o.Warnings)
	fmt.Fprintln(w)
	for _, f := range o.Files {
		fmt.Fprintln(w, f.Name)
		if opts.dryRun {
			if f.Hidden {
				fmt.Fprintln(w, "  (its lines are not shown: protected address)")
			}
			for line := range strings.Lines(f.Diff) {
				fmt.Fprint(w, "  "+line)
			}
		}
	}
	fmt.Fprintln(w)
	o.Plan.print(w)
	o.printWhere(w)
	return nil
}

func (p proposedPlan) print(w io.Writer) {
	switch p.State {
	case planMade:
		fmt.Fprintln(w, strings.TrimRight(p.text, "\n"))
		fmt.Fprintln(w)
	case planMissing:
		fmt.Fprintf(w, "There is no plan here: %s.\nThe pipeline makes one and writes it in the merge request.\n\n", p.Why)
	}
}

func (o *proposeOutcome) printWhere(w io.Writer) {
	switch {
	case o.DryRun:
		fmt.Fprintln(w, "Nothing was committed (--dry-run).")
		return
	case o.Again != "" && o.MergeRequest == nil:
		fmt.Fprintf(w, "The branch %s was carried out again on what is approved now (commit %.10s).\n", o.Branch, o.Commit)
		return
	case o.MergeRequest != nil && o.MergeRequest.Created:
		fmt.Fprintf(w, "Proposed on the branch %s, merge request !%d: %s\n", o.Branch, o.MergeRequest.IID, o.MergeRequest.URL)
		return
	case o.MergeRequest != nil:
		fmt.Fprintf(w, "Added to the branch %s; merge request !%d is up to date: %s\n", o.Branch, o.MergeRequest.IID, o.MergeRequest.URL)
		return
	}
	fmt.Fprintf(w, "Proposed on the branch %s (commit %.10s).\n", o.Branch, o.Commit)
	if o.Pushed {
		fmt.Fprintln(w, "Next: open a merge request of the branch in GitLab. With ORGIT_GITLAB_URL, ORGIT_GITLAB_PROJECT and ORGIT_GITLAB_TOKEN_FILE orgit does it.")
		return
	}
	fmt.Fprintf(w, "Next: git push origin %s, and open a merge request of it.\n", o.Branch)
}

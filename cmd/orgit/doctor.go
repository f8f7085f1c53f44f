package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/fkorg"
	"orgit.dk/orgit/apply/ledger"
	"orgit.dk/orgit/plan/view"
	"orgit.dk/orgit/schema"
)

const doctorHelp = `Connect to every system in targets of organisation.cue, as it stands on the approved
branch, and say what works and what does not: addresses, certificates, logins and
tokens, the rights that orgit has, the clocks. Where the environment names a GitLab, also
whether its project is set up as the review needs it.

In Active Directory rights are tried: below the base DN an OU and a disabled account,
orgit-doctor-trial, are made, changed, moved and deleted again, and what a trial that was
killed left is removed. With --read-only that is left out. Nothing else is written.

Exit code 0 when everything works, else that of the first fault: 3 when something is
not configured, 4 when a system refuses orgit, 7 when one does not answer.`

type doctorOptions struct {
	dir      string
	target   string
	json     bool
	readOnly bool
}

func newDoctorCmd(env environment) *cobra.Command {
	var opts doctorOptions
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Connect to every configured system and say what works",
		Long:  doctorHelp,
		Args:  exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runDoctor(cmd.Context(), env, opts)
		},
	}
	cmd.Flags().StringVarP(&opts.dir, "dir", "C", ".", "the organisation repository's `DIR`")
	cmd.Flags().StringVar(&opts.target, "target", "", "look at this system alone: ad, fkOrganisation or gitlab")
	cmd.Flags().BoolVar(&opts.json, "json", false, "for programs")
	cmd.Flags().BoolVar(&opts.readOnly, "read-only", false, "write nothing: do not try rights on objects of orgit's own")
	return cmd
}

// examination is what was found out about one target.
type examination struct {
	Target string        `json:"target"`
	Checks []apply.Check `json:"checks"`
}

func runDoctor(ctx context.Context, env environment, opts doctorOptions) error {
	p, err := readPlanning(env, opts.dir)
	if err != nil {
		return err
	}
	patients := p.patients(opts)
	if opts.target != "" {
		patients = slices.DeleteFunc(patients, func(e patient) bool { return e.target != opts.target })
		if len(patients) == 0 {
			return invalidInput(fmt.Errorf("%q is no system that is connected", opts.target), "targets of organisation.cue names those that are")
		}
	}
	if len(patients) == 0 {
		return invalidInput(errors.New("no system is connected"), "connect one in targets of organisation.cue")
	}
	list := make([]examination, 0, len(patients))
	for _, e := range patients {
		list = append(list, examination{e.target, e.examine(ctx)})
	}
	if opts.json {
		err = printExaminationsJSON(env.stdout, list)
	} else {
		printExaminations(env.stdout, list)
	}
	if err != nil {
		return err
	}
	return firstFault(list)
}

// firstFault is how the command ends: what there is to say has been printed.
func firstFault(list []examination) error {
	for _, e := range list {
		for _, c := range e.Checks {
			if c.State == apply.CheckFault {
				return &shownError{fmt.Errorf("%s: %s: %w", e.Target, c.Subject, c.Err)}
			}
		}
	}
	return nil
}

func printExaminationsJSON(w io.Writer, list []examination) error {
	for _, e := range list {
		for i := range e.Checks {
			e.Checks[i].Text = schema.MaskCPR(e.Checks[i].Text)
		}
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(list)
}

// printExaminations writes a line for each check, with advice below it.
func printExaminations(w io.Writer, list []examination) {
	counts := map[apply.CheckState]int{}
	for i, e := range list {
		if i > 0 {
			fmt.Fprintln(w)
		}
		name := view.TargetName(e.Target)
		if e.Target == gitlabTarget {
			name = "GitLab"
		}
		fmt.Fprintln(w, name)
		width := 0
		for _, c := range e.Checks {
			width = max(width, len(c.Subject))
		}
		for _, c := range e.Checks {
			counts[c.State]++
			fmt.Fprintf(w, "  %-7s  %-*s  %s\n", c.State, width, c.Subject, schema.MaskCPR(c.Text))
			if c.Hint != "" {
				fmt.Fprintf(w, "  %-7s  %-*s  hint: %s\n", "", width, "", c.Hint)
			}
		}
	}
	fmt.Fprintf(w, "\n%d ok, %s, %s, %d skipped.\n", counts[apply.CheckGood],
		count(counts[apply.CheckWarning], "warning", "warnings"), count(counts[apply.CheckFault], "fault", "faults"), counts[apply.CheckSkipped])
}

// patient is a target that can be examined.
type patient struct {
	target  string
	examine func(context.Context) []apply.Check
}

// patients are the systems that the approved settings connect. One that is not configured well is told of like any other
// fault, so that the others are still looked at.
func (p *planning) patients(opts doctorOptions) []patient {
	var list []patient
	s := &p.approved.Settings
	for _, domain := range ad.Domains(s) {
		list = append(list, patient{domain.Target(), func(ctx context.Context) []apply.Check {
			config, err := domain.ConfigFrom(domain.Settings(p.approved), p.env.getenv)
			if err != nil {
				return notConfigured(err)
			}
			config.Now, config.ReadOnly = p.env.now, opts.readOnly
			return append(ad.Examine(ctx, config), domain.ExaminePasswords(domain.Settings(p.approved))...)
		}})
	}
	if s.Targets.FKOrganisation != nil {
		list = append(list, patient{fkorg.Target, func(ctx context.Context) []apply.Check {
			config, err := fkorg.ConfigFrom(s, p.env.getenv, p.env.now)
			if err != nil {
				return notConfigured(err)
			}
			return fkorg.Examine(ctx, config, p.planned, p.day)
		}})
	}
	return append(list, p.gitlabPatient()...)
}

// gitlabPatient is the server of the merge requests, where the environment names one.
func (p *planning) gitlabPatient() []patient {
	client, err := openGitLab(p.env)
	if client == nil && err == nil {
		return nil
	}
	return []patient{{gitlabTarget, func(ctx context.Context) []apply.Check {
		if err != nil {
			return []apply.Check{faultOf("configuration", err)}
		}
		branches := []string{approvedBranch(p.env)}
		if onServer, err := keepsOnServer(p.env); err == nil && onServer {
			branches = append(branches, ledger.Branch)
		}
		return examineGitLab(ctx, client, p.approved.Settings.Review, branches...)
	}}}
}

func notConfigured(err error) []apply.Check {
	return []apply.Check{{
		Subject: "configuration", State: apply.CheckFault, Text: err.Error(), Err: err,
		Hint: "connections are set in targets of organisation.cue, secrets in the environment; see `orgit plan --help`",
	}}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/gitlab/gitlabtest"
	"orgit.dk/orgit/org/korsbaek"
)

const demoHelp = `Show the whole line on this machine, with nothing to install: Korsbæk Kommune (which
does not exist) as an organisation repository, stand-ins for GitLab, FK Organisation and
Active Directory on a loopback address, the first load, HR's proposal, the plan in its
merge request, the approval of the working group, the change carried out, the record of
it, and a second plan that is empty.

The stand-in for GitLab needs the program git (2.38 or later). Without it the proposal is
a branch, and its approval a merge.

The demonstration takes place on ` + string(korsbaek.Today) + `. Everything is removed at the end unless
--keep or --dir says otherwise.`

type demoOptions struct {
	dir  string
	keep bool
}

func newDemoCmd(env environment) *cobra.Command {
	var opts demoOptions
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Show the whole line on a sample municipality",
		Long:  demoHelp,
		Args:  exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runDemo(cmd.Context(), env, opts)
		},
	}
	cmd.Flags().BoolVar(&opts.keep, "keep", false, "keep the repository at the end")
	cmd.Flags().StringVar(&opts.dir, "dir", "", "make the repository in `DIR`, and keep it")
	return cmd
}

func runDemo(ctx context.Context, env environment, opts demoOptions) (err error) {
	d, err := prepareDemo(env, opts)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := d.close(); err == nil {
			err = closeErr
		}
	}()
	for _, step := range d.steps() {
		if err := step(ctx); err != nil {
			return err
		}
		d.clock.advance()
	}
	return d.farewell(ctx)
}

// demo is a demonstration under way.
type demo struct {
	env     environment // with the demonstration's clock and the stand-ins' addresses
	clock   *demoClock
	dir     string // the organisation repository
	work    string // what is thrown away at the end
	keep    bool
	ad      *adtest.Server
	fk      *fkorgtest.Server
	gitlab  *gitlabtest.Server // nil where the program git is not there
	bot     string             // the username of orgit's own account in GitLab
	trusted string             // the commit that everything begins with
	request int                // the merge request of the proposal
	repo    *git.Repository
	told    int // steps
}

// steps are what is shown, in this order.
func (d *demo) steps() []func(context.Context) error {
	if d.gitlab == nil {
		return []func(context.Context) error{d.repository, d.firstLoad, d.change, d.merge, d.again}
	}
	return []func(context.Context) error{
		d.repository, d.firstLoad, d.propose, d.review, d.tooEarly, d.approve, d.carryOut, d.record, d.again,
	}
}

func prepareDemo(env environment, opts demoOptions) (d *demo, err error) {
	work, err := os.MkdirTemp("", "orgit-demo-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the demonstration: %w", err)
	}
	d = &demo{env: env, work: work, dir: filepath.Join(work, "korsbaek"), keep: opts.keep || opts.dir != ""}
	defer func() {
		if err != nil {
			d.keep = false
			_ = d.close() // the first error is the one to tell
		}
	}()
	if opts.dir != "" {
		if d.dir, err = filepath.Abs(opts.dir); err != nil {
			return d, fmt.Errorf("find the folder for the repository: %w", err)
		}
		if err := emptyFolder(d.dir); err != nil {
			return d, err
		}
	}
	morning, err := demoMorning(korsbaek.Today)
	if err != nil {
		return d, err
	}
	d.clock = &demoClock{at: morning}
	d.env.now = d.clock.now
	d.env.getenv = withoutSettings(env.getenv)
	if err := d.startStandIns(); err != nil {
		return d, err
	}
	return d, d.startGitLab()
}

// withoutSettings hides the settings of the user's own systems and pipelines from the demonstration.
func withoutSettings(getenv func(string) string) func(string) string {
	return func(name string) string {
		for _, prefix := range []string{"ORGIT_", "CI_", "GITLAB_", "GIT_"} {
			if strings.HasPrefix(name, prefix) {
				return ""
			}
		}
		return getenv(name)
	}
}

// close ends the stand-ins and removes what is not kept.
func (d *demo) close() error {
	var faults []error
	if d.ad != nil {
		faults = append(faults, d.ad.Close())
	}
	if d.fk != nil {
		faults = append(faults, d.fk.Close())
	}
	if d.gitlab != nil {
		faults = append(faults, d.gitlab.Close())
	}
	if !d.keep {
		return errors.Join(append(faults, os.RemoveAll(d.work))...)
	}
	// The repository may lie in the working folder: only the stand-ins' things go.
	faults = append(faults, os.RemoveAll(d.private()))
	_ = os.Remove(d.work) // it stays where anything is in it
	return errors.Join(faults...)
}

// private is the folder of what the stand-ins and the demonstration's people need: certificates, keys, the spreadsheet.
func (d *demo) private() string { return filepath.Join(d.work, "standins") }

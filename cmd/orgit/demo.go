package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/korsbaek"
)

const demoHelp = `Show the whole line on this machine, with nothing to install: Korsbæk Kommune (which
does not exist) as an organisation repository, stand-ins for FK Organisation and Active
Directory on a loopback address, the first load, a change on a branch with its plan,
the change carried out, and a second plan that is empty.

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
	for _, step := range []func(context.Context) error{
		d.repository, d.firstLoad, d.change, d.approve, d.again,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	d.farewell()
	return nil
}

// demo is a demonstration under way.
type demo struct {
	env   environment // with the demonstration's day and the stand-ins' addresses
	dir   string      // the organisation repository
	work  string      // what is thrown away at the end
	keep  bool
	ad    *adtest.Server
	fk    *fkorgtest.Server
	repo  *git.Repository
	steps int
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
	d.env.now = func() time.Time { return morning }
	return d, d.startStandIns()
}

// demoMorning is six o'clock in Copenhagen, when the nightly run is done.
func demoMorning(day org.Day) (time.Time, error) {
	zone, err := org.Copenhagen()
	if err != nil {
		return time.Time{}, err
	}
	t, err := time.ParseInLocation(time.DateOnly, string(day), zone)
	return t.Add(6 * time.Hour), err
}

// startStandIns starts the systems on loopback and points the demonstration's environment
// at them.
func (d *demo) startStandIns() (err error) {
	if d.ad, err = adtest.Start(adtest.Options{Now: d.env.now}); err != nil {
		return fmt.Errorf("start the stand-in for Active Directory: %w", err)
	}
	if d.fk, err = fkorgtest.Start(fkorgtest.Options{Clock: d.env.now}); err != nil {
		return fmt.Errorf("start the stand-in for FK Organisation: %w", err)
	}
	d.fk.Seed(fkorgtest.Owned{Name: "Korsbæk Kommune", CVR: korsbaek.CVR, Organisation: korsbaek.FKOrganisation})
	base := "OU=Organisation," + d.ad.BaseDN()
	if err := d.ad.Put(base, map[string][]string{"objectClass": {"top", "organizationalUnit"}, "ou": {"Organisation"}}); err != nil {
		return fmt.Errorf("prepare the stand-in for Active Directory: %w", err)
	}
	ca := filepath.Join(d.work, "ca.pem")
	if err := os.WriteFile(ca, d.ad.CAPEM(), 0o600); err != nil {
		return fmt.Errorf("write the stand-in's certificate: %w", err)
	}
	addresses := map[string]string{
		"ORGIT_AD_URL": d.ad.URL(), "ORGIT_AD_BASE_DN": base, "ORGIT_AD_BIND_DN": d.ad.BindDN(),
		"ORGIT_AD_PASSWORD": d.ad.Password(), "ORGIT_AD_PASSWORD_FILE": "", "ORGIT_AD_CA_FILE": ca,
		"ORGIT_FK_URL": d.fk.URL(), "ORGIT_FK_STS_URL": "",
	}
	outer := d.env.getenv
	d.env.getenv = func(name string) string {
		if value, ok := addresses[name]; ok {
			return value
		}
		return outer(name)
	}
	return nil
}

func (d *demo) say(format string, args ...any) {
	d.steps++
	heading := fmt.Sprintf("%d. %s", d.steps, fmt.Sprintf(format, args...))
	if d.env.colour() {
		heading = "\x1b[1m" + heading + "\x1b[0m"
	}
	fmt.Fprintf(d.env.stdout, "\n%s\n\n", heading)
}

func (d *demo) repository(context.Context) error {
	d.say("The organisation repository, on %s", korsbaek.Today)
	if err := korsbaek.Write(d.dir); err != nil {
		return err
	}
	if err := firstCommit(d.env, d.dir, "Opret organisationen Korsbæk Kommune"); err != nil {
		return err
	}
	repo, err := git.Open(d.dir)
	if err != nil {
		return err
	}
	d.repo = repo
	if err := runCheck(d.env, checkOptions{dir: d.dir}); err != nil {
		return err
	}
	fmt.Fprintln(d.env.stdout)
	return runTree(d.env, treeOptions{question: question{dir: d.dir}, depth: 2})
}

func (d *demo) firstLoad(ctx context.Context) error {
	d.say("The first load: orgit apply on empty stand-ins for Active Directory and FK Organisation")
	return runApply(ctx, d.env, applyOptions{dir: d.dir, yes: true})
}

func (d *demo) change(ctx context.Context) error {
	d.say("A change on the branch forslag: a unit moves, a leader is replaced, two are hired, one leaves")
	if err := d.repo.CreateBranch("forslag", "main"); err != nil {
		return err
	}
	if err := d.repo.Checkout("forslag"); err != nil {
		return err
	}
	if err := korsbaek.DemoChange(d.dir); err != nil {
		return err
	}
	_, err := d.repo.CommitAll(git.Commit{
		Message: "Flyt Ungdomsskolen, skift leder i Biblioteket, to ansættelser, en fratræden",
		Author:  author(d.env), When: d.env.now(),
	})
	if err != nil {
		return err
	}
	return runPlan(ctx, d.env, planOptions{dir: d.dir, format: "text", verbose: true})
}

func (d *demo) approve(ctx context.Context) error {
	d.say("Approved and merged into main: orgit apply carries it out")
	if err := d.repo.FastForward("main", "forslag"); err != nil {
		return err
	}
	if err := d.repo.Checkout("main"); err != nil {
		return err
	}
	return runApply(ctx, d.env, applyOptions{dir: d.dir, yes: true})
}

func (d *demo) again(ctx context.Context) error {
	d.say("A second plan: nothing is left to do")
	return runPlan(ctx, d.env, planOptions{dir: d.dir, format: "text"})
}

func (d *demo) farewell() {
	if !d.keep {
		fmt.Fprintf(d.env.stdout, "\nThe repository lay in %s and is removed now.\nKeep it next time with orgit demo --keep, or --dir DIR.\n", d.dir)
		return
	}
	fmt.Fprintf(d.env.stdout, `
The repository lies in %[1]s. Try next:

  orgit tree -C %[1]s boern-og-unge --people
  orgit show -C %[1]s %[2]s
  orgit list -C %[1]s leaders --on 2027-01-01
  orgit check %[1]s
  git -C %[1]s log --stat
`, d.dir, korsbaek.TeacherAtTwoSchools)
}

// close ends the stand-ins and removes what is not kept.
func (d *demo) close() error {
	var first error
	note := func(err error) {
		if first == nil {
			first = err
		}
	}
	if d.ad != nil {
		note(d.ad.Close())
	}
	if d.fk != nil {
		note(d.fk.Close())
	}
	if !d.keep {
		note(os.RemoveAll(d.work))
		return first
	}
	// The repository may lie in the working folder: only the stand-ins' things go.
	if err := os.Remove(filepath.Join(d.work, "ca.pem")); err != nil && !os.IsNotExist(err) {
		note(err)
	}
	return first
}

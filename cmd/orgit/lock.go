package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/internal/filelock"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

const lockHelp = `Close all of a person's accounts in Active Directory at once, without a plan: they are
disabled and marked so that no plan opens them. PERSON is a key, a UUID or a login name.
No reason is asked for, and none should be given anywhere. Doing it again is harmless.

The lock is recorded as a commit on a new branch lock/…, whose only change is that the
person is suspended from today. Nothing that is checked out is touched. Where a GitLab is
configured (see orgit propose --help) its merge request is opened too, which names nobody;
else propose the branch yourself: when it is approved and applied, the files hold the
accounts closed.
The lock holds until then, or until orgit lock --lift PERSON. Lifting opens nothing; the
next plan does, where the files want it.

Who may stands in review.emergency of organisation.cue on the approved branch: its people,
as ORGIT_OPERATOR (in GitLab CI also GITLAB_USER_LOGIN) names the one who asks, and
perHour people within an hour, counted in this clone's journal. Safeguarded people and
accounts are refused. FK Organisation is not touched: its users follow the files.
With ORGIT_PROPOSAL_KEY_FILE the record says who asked; their approval of it does not count
(see orgit propose --help).

Exit codes: 0 every account is closed, 8 some could not be, 4 you may not, 5 safeguarded or
too many, 7 the directory does not answer.`

type lockOptions struct {
	dir    string
	person string
	lift   bool
	json   bool
}

func newLockCmd(env environment) *cobra.Command {
	var opts lockOptions
	cmd := &cobra.Command{
		Use:   "lock PERSON",
		Short: "Close a person's accounts at once",
		Long:  lockHelp,
		Args:  wordless(1, "give the key, UUID or login name of a person"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.person = strings.TrimSpace(args[0])
			return runLock(cmd.Context(), env, opts)
		},
	}
	cmd.Flags().StringVarP(&opts.dir, "dir", "C", ".", "the organisation repository's `DIR`")
	cmd.Flags().BoolVar(&opts.lift, "lift", false, "take the lock away")
	cmd.Flags().BoolVar(&opts.json, "json", false, "for programs")
	return cmd
}

// Errors of lock that choose the exit code.
var errSafeguarded = errors.New("safeguarded")

// emergency is a lock under way.
type emergency struct {
	*planning
	opts    lockOptions
	person  *org.Person
	private string // the folder of the journal
	action  plan.Action
	journal *apply.EmergencyJournal
}

func runLock(ctx context.Context, env environment, opts lockOptions) (err error) {
	e, err := readEmergency(env, opts)
	if err != nil {
		return err
	}
	release, err := filelock.Take(filepath.Join(e.private, "lock.lock"))
	if errors.Is(err, filelock.ErrHeld) {
		return withHint(fmt.Errorf("%w: another orgit lock", apply.ErrLocked), "try again in a moment")
	}
	if err != nil {
		return err
	}
	defer func() {
		if releaseErr := release(); err == nil {
			err = releaseErr
		}
	}()
	file := filepath.Join(e.private, "journal.jsonl")
	granted, err := e.grant(file)
	if err != nil {
		return err
	}
	log, err := openJournal(file)
	if err != nil {
		return err
	}
	defer closeInto(log, &err)
	e.journal = apply.NewEmergencyJournal(log, env.now)
	accounts, err := e.carryOut(ctx, granted)
	if err != nil {
		return err
	}
	outcome := lockOutcome{Person: e.person.Key, Action: string(e.action), Day: e.day, Accounts: accounts}
	if !opts.lift {
		outcome.Record = e.record()
		e.propose(ctx, outcome.Record)
	}
	if err := outcome.print(env.stdout, opts); err != nil {
		return err
	}
	if err := e.leaveRecord(ctx, accounts); err != nil {
		if verdict := outcome.verdict(); verdict != nil {
			printError(env.stderr, err)
			return verdict
		}
		return err
	}
	return outcome.verdict()
}

// readEmergency reads what is approved, and nothing of what lies in the folder: whatever
// somebody is working on there must not stand in the way.
func readEmergency(env environment, opts lockOptions) (*emergency, error) {
	repo, err := openRepository(opts.dir)
	if err != nil {
		return nil, err
	}
	p := &planning{env: env, repo: repo, earlier: map[string]*org.Organisation{}}
	if p.day, err = env.today(); err != nil {
		return nil, err
	}
	if p.provenance.Base, err = repo.Approved(approvedBranch(env)); err != nil {
		return nil, invalidInput(fmt.Errorf("find what is approved: %w", err), "fetch the branch main, or name the approved branch with ORGIT_BRANCH")
	}
	if p.approved, err = p.load(p.provenance.Base); err != nil {
		return nil, err
	}
	e := &emergency{planning: p, opts: opts, action: apply.ActionLock}
	if opts.lift {
		e.action = apply.ActionLift
	}
	if len(ad.Domains(&p.approved.Settings)) == 0 {
		return nil, invalidInput(errors.New("orgit lock closes accounts in Active Directory, which is not connected"),
			"connect it in targets.ad or targets.domains of organisation.cue")
	}
	if e.person = whose(p.approved, opts.person); e.person == nil {
		return nil, invalidInput(errors.New("no person has the key, UUID or login name that was given"),
			"`orgit list people` lists keys; only what is approved is looked at")
	}
	if e.private, err = privateFolder(opts.dir); err != nil {
		return nil, err
	}
	return e, os.MkdirAll(e.private, 0o700)
}

// whose is the person with a key, a UUID or a login name in Active Directory.
func whose(o *org.Organisation, text string) *org.Person {
	if found := peopleOf(o).find(text); found != nil {
		return found
	}
	for h, a := range o.Accounts {
		if h.Person != nil && accountDomain(o, a) != nil && strings.EqualFold(a.Name, text) {
			return h.Person
		}
	}
	return nil
}

// carryOut closes the accounts, or lifts their lock, and says what became of each. An
// error means that the directory could not be reached before anything was done.
func (e *emergency) carryOut(ctx context.Context, granted apply.Closing) (done []lockedAccount, err error) {
	lockers, err := e.open(ctx, granted)
	if err != nil {
		return nil, fmt.Errorf("nothing was closed: %w", err)
	}
	defer func() {
		for _, l := range lockers {
			if l.locker != nil {
				closeInto(l.locker, &err)
			}
		}
	}()
	if err := e.journal.Begin(e.action, e.person.UUID, operator(e.env)); err != nil {
		return nil, fmt.Errorf("nothing was closed: %w", err)
	}
	for _, a := range e.person.Accounts {
		at := a.At(e.day)
		domain := accountDomain(e.approved, at)
		if domain == nil || e.opts.lift && !ours(at) {
			continue
		}
		account := e.one(ctx, lockers[*domain], at)
		account.target = domain.Target()
		done = append(done, account)
		outcome := apply.Done
		if account.failed() {
			outcome = apply.Failed
		}
		noted := e.journal.Account(e.action, domain.Target(), plan.ID{Kind: ad.KindUser, UUID: a.UUID()}, outcome, account.Error)
		err = errors.Join(err, noted) // the other accounts are closed all the same
	}
	return done, err
}

// ours reports whether orgit writes accounts of the kind.
func ours(a *org.Account) bool { return a.Kind == org.AccountPersonal || a.Kind == org.AccountAdmin }

// guarded reports whether an account is kept from being closed.
func (e *emergency) guarded(a *org.Account) bool {
	s := &e.approved.Settings
	same := func(login string) bool { return strings.EqualFold(login, a.Name) }
	return slices.Contains(s.Safeguarded.UUIDs, a.UUID()) || slices.ContainsFunc(s.Safeguarded.Accounts, same) ||
		slices.ContainsFunc(accountDomain(e.approved, a).Settings(e.approved).Protected, same)
}

// one closes one account, unless it is not orgit's to close, or lifts its lock.
func (e *emergency) one(ctx context.Context, in locker, a *org.Account) lockedAccount {
	r := lockedAccount{Account: a.UUID(), Login: a.Name}
	switch {
	case e.opts.lift:
	case !ours(a):
		r.State = stateNotOurs
		return r
	case e.guarded(a):
		r.State = stateSafeguarded
		return r
	}
	state, err := e.act(ctx, in, a)
	r.State = string(state)
	if err != nil {
		r.State, r.Error, r.err = stateFailed, err.Error(), err
	}
	return r
}

// Further states of an account, beside those of package ad.
const (
	stateNotOurs     = "service"
	stateSafeguarded = "safeguarded"
	stateFailed      = "failed"
)

func (o *lockOutcome) print(w io.Writer, opts lockOptions) error {
	if opts.json {
		return o.printJSON(w)
	}
	return o.printText(w)
}

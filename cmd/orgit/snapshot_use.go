package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/sealed"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// errStaleSnapshot: the snapshot was good once.
var errStaleSnapshot = errors.New("the snapshot is stale")

// defaultMaxAge is how old a snapshot may be: two nights, so that one that failed stops
// nobody's proposals. From half of it on the plan warns.
const defaultMaxAge = 48 * time.Hour

// clockSkew is how far the clocks of two machines may differ.
const clockSkew = 15 * time.Minute

// snapshotHint is what helps against every snapshot that is stale.
const snapshotHint = "run orgit snapshot on the approved branch (the pipeline of main does, after each apply and every night), and take the new file"

// snapshotted is what the targets held when a snapshot was made.
type snapshotted struct {
	*plan.Snapshot
	then *org.Organisation // what was approved then
}

// useSnapshot makes a snapshot what the plan is computed from: what the systems hold, and
// what was applied to them by then. One that does not fit what is approved now is refused.
func (p *planning) useSnapshot(s *plan.Snapshot) (err error) {
	for _, fits := range []func(*plan.Snapshot) error{p.sameMunicipality, p.notTooOld, p.sameProgram, p.approvedSince, p.sameSettings} {
		if err := fits(s); err != nil {
			return err
		}
	}
	if p.mark, err = apply.ParseMark([]byte(s.Mark)); err != nil {
		return err
	}
	then := p.approved
	if s.Commit != p.provenance.Base {
		if then, err = p.load(s.Commit); err != nil {
			return err
		}
		p.earlier[s.Commit] = then
	}
	p.snapshot = &snapshotted{s, then}
	p.provenance.Read = s.Read
	p.provenance.Snapshot.Commit, p.provenance.Snapshot.Digest = s.Commit, s.Digest
	return nil
}

func openSnapshot(env environment, file string) (*plan.Snapshot, error) {
	key := env.getenv(snapshotIdentityFile)
	if key == "" {
		return nil, invalidInput(errors.New("a snapshot is encrypted, and no key is named"), snapshotIdentityFile+" names the file with the age identity")
	}
	text, err := os.ReadFile(key)
	if err != nil {
		return nil, invalidInput(fmt.Errorf("read %s: %w", snapshotIdentityFile, err), "")
	}
	identities, err := sealed.Identities(string(text))
	if err != nil {
		return nil, invalidInput(fmt.Errorf("read %s: %w", snapshotIdentityFile, err), "age-keygen makes such a file")
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, invalidInput(fmt.Errorf("open the snapshot: %w", err), "orgit snapshot makes one, in the pipeline of main")
	}
	defer f.Close()
	plain, err := sealed.NewReader(f, identities)
	if err != nil {
		return nil, unusable(file, err)
	}
	s, err := plan.ReadSnapshot(plain)
	if err != nil {
		return nil, unusable(file, err)
	}
	return s, nil
}

// unusable makes what is wrong with a snapshot file the user's to correct.
func unusable(file string, err error) error {
	hint := snapshotHint
	if errors.Is(err, sealed.ErrKey) {
		hint = "the key's public part has to be among the recipients when the snapshot is written (" + snapshotRecipients + ")"
	}
	return invalidInput(fmt.Errorf("read the snapshot %s: %w", file, err), hint)
}

func (p *planning) sameMunicipality(s *plan.Snapshot) error {
	if s.CVR == p.approved.Settings.CVR {
		return nil
	}
	return invalidInput(fmt.Errorf("it is a snapshot of %s (CVR %s), and the files are of %s (CVR %s)",
		s.Municipality, s.CVR, p.approved.Settings.Name, p.approved.Settings.CVR), "take the snapshot of this repository's own pipeline")
}

// notTooOld also sets the plan's warning about a snapshot that is getting old.
func (p *planning) notTooOld(s *plan.Snapshot) error {
	most := defaultMaxAge
	if text := p.env.getenv(snapshotMaxAge); text != "" {
		var err error
		if most, err = time.ParseDuration(text); err != nil || most <= 0 {
			return invalidInput(fmt.Errorf("%s is %q, which is no length of time", snapshotMaxAge, text), "write it as 48h or 90m")
		}
	}
	read, err := time.Parse(time.RFC3339, s.Read)
	if err != nil {
		return fmt.Errorf("the time of its read: %w", err)
	}
	age := p.env.now().Sub(read)
	switch {
	case age < -clockSkew:
		return withHint(fmt.Errorf("%w: it was read at %s, and it is %s now", errStaleSnapshot, s.Read, p.env.now().UTC().Format(time.RFC3339)),
			"the clock of this machine or of the one that made it is wrong")
	case age > most:
		return withHint(fmt.Errorf("%w: it was read at %s, %s ago, and %s is the most (%s)",
			errStaleSnapshot, s.Read, age.Truncate(time.Minute), most, snapshotMaxAge), snapshotHint)
	}
	p.provenance.Snapshot = &plan.SnapshotSource{Old: age > most/2}
	return nil
}

// sameProgram refuses a snapshot of another version of orgit: it may know other attributes,
// and what it did not read would look as if it were not there.
func (p *planning) sameProgram(s *plan.Snapshot) error {
	if s.Tool == p.provenance.Tool && s.Schema == p.provenance.Schema {
		return nil
	}
	return withHint(fmt.Errorf("%w: orgit %s made it, and this is orgit %s", errStaleSnapshot, s.Tool, p.provenance.Tool), snapshotHint)
}

// approvedSince demands that what was approved when the snapshot was made is approved
// still: else this repository knows less than the snapshot, and what was carried out since
// would look like somebody's changes by hand.
func (p *planning) approvedSince(s *plan.Snapshot) error {
	base, err := p.repo.MergeBase(s.Commit, p.provenance.Base)
	if err == nil && base == s.Commit {
		return nil
	}
	if err != nil && !errors.Is(err, git.ErrNoRevision) && !errors.Is(err, git.ErrCut) {
		return err
	}
	return withHint(fmt.Errorf("%w: it was made from %s, which is not in the approved branch (%s) as this repository has it",
		errStaleSnapshot, short(s.Commit), short(p.provenance.Base)), "fetch the approved branch with its whole history: git fetch origin "+approvedBranch(p.env)+" (GIT_DEPTH: 0 in GitLab CI)")
}

func (p *planning) sameSettings(s *plan.Snapshot) error {
	for _, t := range p.targets {
		r := s.Reading(t.name)
		if r == nil {
			return withHint(fmt.Errorf("%w: it does not hold %s, which the approved settings connect", errStaleSnapshot, t.name), snapshotHint)
		}
		settings, err := settingsDigest(t)
		if err != nil {
			return err
		}
		if r.Settings != settings {
			return withHint(fmt.Errorf("%w: it was made with other settings of %s than those that are approved now", errStaleSnapshot, t.name), snapshotHint)
		}
	}
	return nil
}

// fromSnapshot gives what a target held as a read for the planned organisation would have
// given it.
func (p *planning) fromSnapshot(t target, now knowledge, side *plan.TargetInput) (plan.Actual, error) {
	then := knowledge{organisation: p.snapshot.then}
	states := []*plan.State{side.Applied}
	switch {
	case side.Desired.Known == nil: // it has marks of its own
	case p.snapshot.then == p.approved:
		states = append(states, side.Base)
	default:
		asked, err := p.asked(t, p.snapshot.then, p.snapshot.Day)
		if err != nil {
			return plan.Actual{}, err
		}
		states = append(states, asked)
	}
	for _, s := range states {
		if s != nil {
			then.stated = append(then.stated, s.Known)
		}
	}
	return t.seen(p.snapshot.Reading(t.name).Seen(t.attributes(p.planned)), now, then), nil
}

// noteUnseen says in the plan's provenance what nobody has looked for.
func (p *planning) noteUnseen(in *plan.Input) {
	if in.Provenance.Snapshot == nil {
		return
	}
	source := *in.Provenance.Snapshot
	for i := range in.Targets {
		if u := in.Targets[i].Actual.Unread; u != nil && u.Unseen > 0 {
			if source.Unseen == nil {
				source.Unseen = map[string]int{}
			}
			source.Unseen[in.Targets[i].Desired.Target] = u.Unseen
		}
	}
	in.Provenance.Snapshot = &source
}

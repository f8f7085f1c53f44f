package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/sealed"
	"orgit.dk/orgit/plan"
)

const snapshotHelp = `Read what every connected system holds and write it to FILE, encrypted, so that
orgit plan --snapshot can plan proposals where nobody may have the systems' credentials.

It is made from what is approved (the branch main) with nothing changed in the folder,
and with the same variables as orgit plan. FILE is encrypted with age for the recipients
in ORGIT_SNAPSHOT_RECIPIENTS (age1…, with blanks or commas between them) or in the file
that ORGIT_SNAPSHOT_RECIPIENTS_FILE names; it is never written in another way. It holds
what orgit may own in the systems, and what it needs to know of what it does not own. It
holds no CPR numbers.

Exit codes: 3 no recipients, 4 not made from what is approved, 6 another run is under way,
7 a system does not answer.`

// The variables of snapshots.
const (
	snapshotRecipients     = "ORGIT_SNAPSHOT_RECIPIENTS"
	snapshotRecipientsFile = "ORGIT_SNAPSHOT_RECIPIENTS_FILE"
	snapshotIdentityFile   = "ORGIT_SNAPSHOT_IDENTITY_FILE"
	snapshotMaxAge         = "ORGIT_SNAPSHOT_MAX_AGE"
)

type snapshotOptions struct {
	dir string
	out string
}

func newSnapshotCmd(env environment) *cobra.Command {
	var opts snapshotOptions
	cmd := &cobra.Command{
		Use:   "snapshot --out FILE",
		Short: "Write what the systems hold, encrypted, for plans without credentials",
		Long:  snapshotHelp,
		Args:  exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runSnapshot(cmd.Context(), env, opts)
		},
	}
	cmd.Flags().StringVarP(&opts.dir, "dir", "C", ".", "the organisation repository's `DIR`")
	cmd.Flags().StringVar(&opts.out, "out", "", "write the snapshot to `FILE`")
	return cmd
}

func runSnapshot(ctx context.Context, env environment, opts snapshotOptions) (err error) {
	if opts.out == "" {
		return invalidInput(errors.New("it is not said where the snapshot goes"), "give --out FILE")
	}
	recipients, err := recipientsFrom(env)
	if err != nil {
		return err
	}
	ctx, turn, err := takeTurn(ctx, env, opts.dir) // a run that writes meanwhile would be in the snapshot in part
	if err != nil {
		return err
	}
	defer func() {
		if endErr := turn.end(); err == nil {
			err = endErr
		}
	}()
	p, err := preparePlanning(env, opts.dir)
	if err != nil {
		return err
	}
	if err := p.readMark(ctx); err != nil {
		return err
	}
	// What nobody approved must not say which systems are asked with the passwords of main's job.
	if err := p.cover(ctx); err != nil {
		return err
	}
	s, err := p.takeSnapshot(ctx)
	if err != nil {
		return err
	}
	if err := writeSealed(opts.out, recipients, func(w io.Writer) error { return plan.WriteSnapshot(w, s) }); err != nil {
		return err
	}
	for _, r := range s.Targets {
		fmt.Fprintf(env.stdout, "%s: %s\n", r.Actual.Target, count(len(r.Actual.Objects)+len(r.Actual.Foreign), "object", "objects"))
	}
	fmt.Fprintf(env.stdout, "Snapshot %s written to %s, encrypted for %s.\n", s.Digest[:12], opts.out, count(len(recipients), "recipient", "recipients"))
	return nil
}

// recipientsFrom reads who may read a snapshot. They come from the environment: what a
// proposal may change must not choose them.
func recipientsFrom(env environment) ([]age.Recipient, error) {
	const hint = "age-keygen makes a key; its public part (age1…) goes into " + snapshotRecipients
	text := env.getenv(snapshotRecipients)
	if file := env.getenv(snapshotRecipientsFile); file != "" {
		more, err := os.ReadFile(file)
		if err != nil {
			return nil, invalidInput(fmt.Errorf("read %s: %w", snapshotRecipientsFile, err), hint)
		}
		text += "\n" + string(more)
	}
	if strings.TrimSpace(text) == "" {
		return nil, invalidInput(errors.New("a snapshot is only written encrypted, and nobody is named who may read it"), hint)
	}
	recipients, err := sealed.Recipients(text)
	if err != nil {
		return nil, invalidInput(fmt.Errorf("read %s: %w", snapshotRecipients, err), hint)
	}
	return recipients, nil
}

// takeSnapshot reads every connected system for what is approved.
func (p *planning) takeSnapshot(ctx context.Context) (*plan.Snapshot, error) {
	if len(p.targets) == 0 {
		return nil, invalidInput(errors.New("no system is connected"), "connect one in targets of organisation.cue")
	}
	if p.provenance.Commit != p.provenance.Base || p.provenance.Uncommitted {
		return nil, withHint(fmt.Errorf("%w: a snapshot is made from what is approved, for that says what is orgit's in the systems, and the folder holds something else",
			apply.ErrNotApproved), "check the approved branch out, without changes")
	}
	if err := p.readMark(ctx); err != nil {
		return nil, err
	}
	if err := p.readApplied(); err != nil {
		return nil, err
	}
	mark, err := p.mark.Bytes()
	if err != nil {
		return nil, err
	}
	s := &plan.Snapshot{
		Municipality: p.approved.Settings.Name, CVR: p.approved.Settings.CVR, Day: p.day, Commit: p.provenance.Base,
		Read: p.env.now().UTC().Format(time.RFC3339), Tool: p.provenance.Tool, Schema: p.provenance.Schema, Mark: string(mark),
		Targets: make([]plan.Reading, len(p.targets)),
	}
	group, ctx := errgroup.WithContext(ctx)
	for i, t := range p.targets {
		group.Go(func() (err error) {
			s.Targets[i], err = p.readBare(ctx, t)
			return err
		})
	}
	return s, group.Wait()
}

// readBare reads a target for a snapshot.
func (p *planning) readBare(ctx context.Context, t target) (plan.Reading, error) {
	settings, err := settingsDigest(t)
	if err != nil {
		return plan.Reading{}, err
	}
	desired, err := p.asked(t, p.approved, p.day)
	if err != nil {
		return plan.Reading{}, err
	}
	applied, err := p.applied(t)
	if err != nil {
		return plan.Reading{}, err
	}
	found, err := readWhole(ctx, t, t.bare, p.knowledge(desired, applied))
	return plan.Reading{Settings: settings, Attributes: t.attributes(p.approved), Actual: found}, err
}

// settingsDigest identifies the settings of a target.
func settingsDigest(t target) (string, error) {
	text, err := json.Marshal(t.settings)
	if err != nil {
		return "", fmt.Errorf("digest of the settings of %s: %w", t.name, err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// writeSealed puts an encrypted file in the place of the one that is there, when it is
// whole.
func writeSealed(path string, recipients []age.Recipient, content func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".orgit-snapshot-")
	if err != nil {
		return invalidInput(fmt.Errorf("write the snapshot: %w", err), "give --out a file in a folder that you may write to")
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	err = sealed.Write(f, recipients, content)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write the snapshot: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("put the snapshot in its place: %w", err)
	}
	return nil
}

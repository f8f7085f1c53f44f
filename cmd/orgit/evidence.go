package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ledger"
)

const evidenceHelp = `The evidence of what was applied: signed records on the branch applied of the server, one
before orgit merge merges, one when a run begins to write, one when it is through, and one
for each orgit lock. They say which commit was carried out, who approved it, and what
became of each operation; they hold keys, UUIDs and outcomes, no names and no values (of a
merge's values salted digests). Plans take from them what was
applied last. git log --show-signature applied shows them too.

The environment says that and how it is kept, never the files:
  ORGIT_EVIDENCE=branch        keep it on the server (local, or nothing: in this clone only)
  ORGIT_ALLOWED_SIGNERS_FILE   whose signatures count, in git's form of allowed signers
  ORGIT_SIGNING_KEY_FILE       the SSH key that orgit merge and apply sign with (ed25519)
  ORGIT_SIGNING_KEY_PASSPHRASE_FILE  its passphrase, where it has one
  ORGIT_EVIDENCE_FOLDER        where it is kept which record was verified last; a folder
                               that outlives the clone lets CI notice a branch set back
  ORGIT_GITLAB_TOKEN_FILE, ORGIT_GITLAB_CA_FILE  how to log in to the server`

func newEvidenceCmd(env environment) *cobra.Command {
	cmd := &cobra.Command{Use: "evidence", Short: "The signed records of what was applied", Long: evidenceHelp}
	for _, sub := range []struct {
		use, short string
		run        func(context.Context, environment, *ledger.Ledger, string) error
	}{
		{"start", "Begin to keep evidence on the server, once", startEvidence},
		{"verify", "Verify every record, back to the first", verifyEvidence},
		{"push", "Bring to the server what could not be brought before", pushEvidence},
	} {
		var dir string
		c := &cobra.Command{Use: sub.use, Short: sub.short, Args: exactly(0), RunE: func(cmd *cobra.Command, _ []string) error {
			if onServer, err := keepsOnServer(env); err != nil {
				return err
			} else if !onServer {
				return invalidInput(errors.New("evidence is kept in this clone only"), "set ORGIT_EVIDENCE=branch; see orgit evidence --help")
			}
			l, err := openLedger(env, dir)
			if err != nil {
				return err
			}
			return evidenceHint(sub.run(cmd.Context(), env, l, dir))
		}}
		c.Flags().StringVarP(&dir, "dir", "C", ".", "the organisation repository's `DIR`")
		cmd.AddCommand(c)
	}
	return cmd
}

// startEvidence begins the evidence with what this clone knows to be applied.
func startEvidence(ctx context.Context, env environment, l *ledger.Ledger, dir string) error {
	repo, err := openRepository(dir)
	if err != nil {
		return err
	}
	data, _, err := repo.Mark()
	if err != nil {
		return err
	}
	mark, err := apply.ParseMark(data)
	if err != nil {
		return err
	}
	if data, err = mark.Bytes(); err != nil {
		return err
	}
	e, err := l.Start(ctx, data, operator(env))
	if errors.Is(err, ledger.ErrStarted) {
		return invalidInput(err, "orgit evidence verify looks at it")
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "Evidence is kept on the branch %s from now on (%s). Protect the branch, if it is not.\n", ledger.Branch, short(e.Commit))
	return err
}

func verifyEvidence(ctx context.Context, env environment, l *ledger.Ledger, _ string) error {
	var newest *ledger.Entry
	n := 0
	err := l.VerifyAll(ctx, func(e *ledger.Entry) bool {
		if newest == nil {
			newest = e
		}
		n++
		return true
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "%s verified: unbroken, and signed by those who may. The newest is of %s (%s), signed by %s.\n",
		count(n, "record", "records"), newest.Record.Time, short(newest.Commit), newest.Signers)
	return err
}

func pushEvidence(ctx context.Context, env environment, l *ledger.Ledger, _ string) error {
	n, err := l.CatchUp(ctx)
	if err != nil {
		return err
	}
	text := "Nothing waits.\n"
	if n > 0 {
		text = count(n, "record", "records") + " brought to the server.\n"
	}
	_, err = fmt.Fprint(env.stdout, text)
	return err
}

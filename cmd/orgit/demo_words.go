package main

import (
	"context"
	"fmt"
	"strings"

	"orgit.dk/orgit/apply/ledger"
	"orgit.dk/orgit/org/korsbaek"
)

// say begins a step.
func (d *demo) say(format string, args ...any) {
	d.told++
	heading := fmt.Sprintf("%d. %s", d.told, fmt.Sprintf(format, args...))
	if d.env.colour() {
		heading = "\x1b[1m" + heading + "\x1b[0m"
	}
	fmt.Fprintf(d.env.stdout, "\n%s\n\n", heading)
}

// tell says what happens.
func (d *demo) tell(text string) { fmt.Fprintf(d.env.stdout, "%s\n\n", text) }

// command is what a person would type now.
func (d *demo) command(line string) { fmt.Fprintf(d.env.stdout, "$ %s\n\n", line) }

// noteBeginning is a note down to its drawings, which a terminal cannot show, without the signs of Markdown. Where a line
// begins with the sign of what happens, that stands for the dot of the list.
func noteBeginning(note string) string {
	note, _, _ = strings.Cut(note, "#### Før og efter")
	var b strings.Builder
	for line := range strings.Lines(note) {
		if strings.HasPrefix(line, "<!--") {
			continue
		}
		line = strings.TrimLeft(line, "# ")
		if rest, isItem := strings.CutPrefix(line, "- "); isItem && !strings.HasPrefix(rest, "`") {
			line = "• " + rest
		} else if isItem {
			line = rest
		}
		b.WriteString("  | " + strings.NewReplacer("**", "", "`", "", `\`, "").Replace(line))
	}
	return b.String() + "  | …\n"
}

// withoutOperations is a plan as text without its single operations, which the note has already.
func withoutOperations(text string) string {
	before, rest, found := strings.Cut(text, "\nHandlinger i ")
	_, after, ended := strings.Cut(rest, "\nGrundlag: ")
	if !found || !ended {
		return text
	}
	return before + "\n… (here follow the operations, one by one)\n\nGrundlag: " + after
}

func (d *demo) farewell(ctx context.Context) error {
	if !d.keep {
		_, err := fmt.Fprintf(d.env.stdout, "\nThe repository lay in %s and is removed now.\nKeep it next time with orgit demo --keep, or --dir DIR.\n", d.dir)
		return err
	}
	evidence := ""
	if d.gitlab != nil {
		if err := d.detach(ctx); err != nil {
			return err
		}
		evidence = fmt.Sprintf("  git -C %s log %s\n", d.dir, ledger.Branch)
	}
	_, err := fmt.Fprintf(d.env.stdout, `
The repository lies in %[1]s. Try next:

  orgit tree -C %[1]s boern-og-unge --people
  orgit show -C %[1]s %[2]s
  orgit list -C %[1]s leaders --on 2027-01-01
  orgit log -C %[1]s biblioteket
  orgit check %[1]s
  orgit propose -C %[1]s move-unit museet --parent boern-og-unge --from 2027-01-01 --no-plan
  git -C %[1]s log --stat
%[3]s
The stand-ins have ended with the demonstration. So orgit plan, apply, review, merge
and evidence have nothing to ask here, and orgit log knows the changes but not who
approved them. orgit propose works and leaves its branch in this repository.
`, d.dir, korsbaek.TeacherAtTwoSchools, evidence)
	return err
}

// detach makes the repository stand by itself: GitLab is gone in a moment.
func (d *demo) detach(ctx context.Context) error {
	login, err := serverLogin(d.pipeline(nil))
	if err != nil {
		return err
	}
	if err := d.repo.Fetch(ctx, login, ledger.Branch); err != nil {
		return err
	}
	if err := d.repo.CreateBranch(ledger.Branch, "refs/remotes/origin/"+ledger.Branch); err != nil {
		return err
	}
	return d.runGit("remote", "remove", "origin")
}

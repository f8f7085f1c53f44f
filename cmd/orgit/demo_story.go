package main

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/org/korsbaek"
)

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
	if d.gitlab == nil {
		d.tell(`A file for each unit and person, in git. The program git (2.38 or later) is not on
this machine, so there is no stand-in for GitLab: you see the line without merge
requests and approvals.`)
	} else {
		if err := d.publish(); err != nil {
			return err
		}
		d.tell(fmt.Sprintf(`A file for each unit and person, kept on GitLab: here on a stand-in for it, at
%s, for as long as this takes. What is approved is on the
branch main, which orgit alone may change. Hanne Lind (hanne) works in HR. The
working group is Lone Winther (lone), Per Dalgaard (per) and Ida Bach (ida); two
of them have to approve.`, d.gitlab.URL()))
	}
	d.command("orgit check")
	if err := runCheck(d.env, checkOptions{dir: d.dir}); err != nil {
		return err
	}
	fmt.Fprintln(d.env.stdout)
	d.command("orgit tree --depth 2")
	return runTree(d.env, treeOptions{question: question{dir: d.dir}, depth: 2})
}

func (d *demo) firstLoad(ctx context.Context) error {
	d.say("The first load of Active Directory and FK Organisation")
	d.tell("Both are empty stand-ins, and get now what the files say. IT does this once.")
	env := d.pipeline(nil)
	if d.gitlab != nil {
		d.tell("From now on each run leaves signed records of what it did on GitLab.")
		d.command("orgit evidence start")
		l, err := openLedger(env, d.dir)
		if err != nil {
			return err
		}
		if err := startEvidence(ctx, env, l, d.dir); err != nil {
			return err
		}
		fmt.Fprintln(d.env.stdout)
	}
	d.command("orgit apply --yes")
	return runApply(ctx, env, applyOptions{dir: d.dir, yes: true})
}

// demoSheet is HR's spreadsheet: the change of korsbaek.DemoChange.
const demoSheet = `Ændring;Person;Fra dato;Til og med;Enhed;Overordnet enhed;Titel;Ansættelsesform;Beskæftigelsesgrad;Fornavn;Efternavn;Brugernavn
Enhed flyttes;;1-12-2026;;Korsbæk Ungdomsskole;Kultur og Fritid;;;;;;
Fratrædelse;jytov;;30-11-2026;;;;;;;;
Ny titel;Esben Nørgaard;1-12-2026;;;;Biblioteksleder;;;;;
Ny leder;Esben Nørgaard;1-12-2026;;Korsbæk Bibliotek;;;;;;;
Ansættelse;;1-12-2026;;Vestre Skole;;Lærer;Månedslønnet;1;Signe;Østergaard Lund;siglu
Ansættelse;;1-12-2026;;Hjemmesygeplejen;;Sygeplejerske;Månedslønnet;0,8649;Özlem;Kjærgaard;ozlkj
Fratrædelse;winpe;;30-11-2026;;;;;;;;
`

func (d *demo) propose(ctx context.Context) error {
	d.say("HR proposes: a unit moves, a leader is replaced, two are hired, one leaves")
	d.tell(`Hanne has filled in a spreadsheet, a row for each change. orgit puts it into the
files on a branch of its own, checks it, says in Danish what it has understood,
and opens a merge request. No system has been touched. (--no-plan: HR's machine
need not reach the systems; the plan comes in the next step.)`)
	file, err := d.write("ændringer.csv", []byte(demoSheet))
	if err != nil {
		return err
	}
	fmt.Fprintf(d.env.stdout, "ændringer.csv\n\n%s\n", demoSheet)
	d.command("orgit propose --from ændringer.csv --no-plan")
	env := d.hr()
	if err := runProposeFile(ctx, env, proposeOptions{dir: d.dir, file: file, noPlan: true}); err != nil {
		return err
	}
	client, err := openGitLab(env)
	if err != nil {
		return err
	}
	open, err := client.MergeRequests(ctx, gitlab.Filter{State: gitlab.Opened})
	if err != nil {
		return err
	}
	if len(open) != 1 {
		return fmt.Errorf("the proposal has %d merge requests", len(open))
	}
	d.request = open[0].IID
	return nil
}

func (d *demo) review(ctx context.Context) error {
	d.say("GitLab has the proposal examined: what it does")
	d.tell(`GitLab runs this by itself whenever the proposal changes. orgit works out what it
does in the systems and says it in one note on the merge request. This is the
beginning of the note, as plain text; in GitLab drawings follow, and each
operation for IT, folded.`)
	client, err := openGitLab(d.pipeline(nil))
	if err != nil {
		return err
	}
	mr, err := client.MergeRequest(ctx, d.request)
	if err != nil {
		return err
	}
	if err := d.checkout(ctx, mr.Source); err != nil {
		return err
	}
	d.command("orgit review")
	env := d.pipeline(map[string]string{"CI_MERGE_REQUEST_IID": strconv.Itoa(d.request)})
	if err := runReview(ctx, env, reviewOptions{dir: d.dir}); err != nil {
		return err
	}
	for _, n := range d.gitlab.Notes(d.request) {
		if n.Author == d.bot {
			fmt.Fprintf(d.env.stdout, "\n%s\n%s\n", noteBeginning(n.Body), mr.URL)
		}
	}
	return d.checkout(ctx, "main")
}

func (d *demo) tooEarly(ctx context.Context) error {
	d.say("Too early: nobody has approved it")
	d.tell(`Hanne presses Approve herself. That does not count: nobody approves their own
proposal. orgit merge, which GitLab runs every ten minutes, says who is missing
and merges nothing.`)
	if err := d.gitlab.Approve(demoHR.Username, d.request); err != nil {
		return err
	}
	d.command("orgit merge")
	return runMerge(ctx, d.pipeline(nil), mergeOptions{dir: d.dir})
}

func (d *demo) approve(ctx context.Context) error {
	d.say("The working group approves")
	d.tell(`Lone and Per read the note and press Approve. The next run of orgit merge makes
the plan once more, on what is approved by now, and merges the branch into main.`)
	for _, u := range demoGroup[:2] {
		if err := d.gitlab.Approve(u.Username, d.request); err != nil {
			return err
		}
		d.clock.advance()
	}
	d.command("orgit merge")
	return runMerge(ctx, d.pipeline(nil), mergeOptions{dir: d.dir})
}

func (d *demo) carryOut(ctx context.Context) error {
	d.say("Carried out")
	d.tell(`orgit asks GitLab who approved each thing that has come to main, and then carries
it out in Active Directory and FK Organisation.`)
	if err := d.checkout(ctx, "main"); err != nil {
		return err
	}
	d.command("orgit apply --yes")
	env := d.pipeline(nil)
	var out bytes.Buffer
	env.stdout = &out
	err := runApply(ctx, env, applyOptions{dir: d.dir, yes: true})
	fmt.Fprint(d.env.stdout, withoutOperations(out.String()))
	return err
}

func (d *demo) record(ctx context.Context) error {
	d.say("The record: who changed what, who approved it, when it took effect")
	d.tell(`The signed records are on GitLab's branch applied, which orgit alone may change.
orgit log reads them, and the history of the files.`)
	env := d.pipeline(nil)
	d.command("orgit evidence verify")
	l, err := openLedger(env, d.dir)
	if err != nil {
		return err
	}
	if err := verifyEvidence(ctx, env, l, d.dir); err != nil {
		return err
	}
	fmt.Fprintln(d.env.stdout)
	d.command("orgit log " + korsbaek.ReplacedUnit)
	return runLog(ctx, env, logOptions{dir: d.dir, text: korsbaek.ReplacedUnit})
}

func (d *demo) again(ctx context.Context) error {
	d.say("A second plan: nothing is left to do")
	d.tell("What comes on later days of its own is approved already, and happens on its day.")
	d.command("orgit plan")
	return runPlan(ctx, d.pipeline(nil), planOptions{dir: d.dir, format: "text"})
}

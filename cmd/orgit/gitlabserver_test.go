package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/gitlab/gitlabtest"
)

// gitlabServer is the stand-in of one script. Everybody there has a user name, and nobody a password: see cmdAs.
type gitlabServer struct {
	*gitlabtest.Server
	bot      string // orgit's own user
	reviewer string // the one of the jobs of merge requests; empty: the same
	steps    atomic.Int64
}

// gitlabServers are those of the running scripts, by working folder.
var gitlabServers sync.Map

func gitlabOf(ts *testscript.TestScript) *gitlabServer {
	g, ok := gitlabServers.Load(ts.Getenv("WORK"))
	if !ok {
		ts.Fatalf("start the server first, with gitlab")
	}
	return g.(*gitlabServer)
}

// gitlabCommands are what the scripts with a GitLab need: people do what they do in the browser and with git.
func gitlabCommands() map[string]func(*testscript.TestScript, bool, []string) {
	type acting = func(g *gitlabServer, user string, iid int) error
	act := func(do acting) func(*testscript.TestScript, bool, []string) {
		return func(ts *testscript.TestScript, neg bool, args []string) {
			if len(args) != 2 {
				ts.Fatalf("usage: COMMAND USER IID")
			}
			iid, err := strconv.Atoi(args[1])
			ts.Check(err)
			if err := do(gitlabOf(ts), args[0], iid); (err != nil) != neg {
				ts.Fatalf("%v; want an error: %v", err, neg)
			}
		}
	}
	return map[string]func(*testscript.TestScript, bool, []string){
		"gitlab":   cmdGitLab,
		"as":       cmdAs,
		"gitclone": cmdGitClone,
		"request":  cmdRequest,
		"edit":     cmdEdit,
		"note":     cmdNote,
		"comment":  cmdComment,
		"label":    cmdLabel,
		"pipeline": cmdPipeline,
		"sshkey":   cmdSSHKey,
		"quiet":    cmdQuiet,
		"onebyte":  cmdOneByte,
		"trouble":  cmdTrouble,
		"says":     cmdSays,
		"reviewer": cmdReviewer,
		"rewrote":  cmdRewrote,
		"approve":  act(func(g *gitlabServer, user string, iid int) error { return g.Approve(user, iid) }),
		"press":    act(func(g *gitlabServer, user string, iid int) error { return g.Merge(user, iid) }),
		"shut":     act(func(g *gitlabServer, user string, iid int) error { return g.CloseMergeRequest(user, iid) }),
	}
}

// cmdGitLab starts the stand-in and fills it with a repository: gitlab DIR, or gitlab DIR old for one that does not say when
// an approval was given. Its clock stands where that of the systems does, and goes on with every look at it.
func cmdGitLab(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: gitlab DIR [old]")
	}
	d, g := directoryOf(ts), &gitlabServer{}
	s, err := gitlabtest.Start(gitlabtest.Options{
		NoApprovedAt: len(args) > 1 && args[1] == "old",
		Clock:        func() time.Time { return d.clock.Load().Add(time.Duration(g.steps.Add(1)) * time.Second) },
	})
	ts.Check(err)
	g.Server = s
	ts.Defer(func() { ts.Check(s.Close()) })
	gitlabServers.Store(ts.Getenv("WORK"), g)
	for _, name := range []string{"lone", "per", "ida", "kim", "mette", "mallory", "bokja"} {
		_, err := s.AddUser(gitlabtest.User{Username: name, Name: strings.ToUpper(name[:1]) + name[1:], Level: gitlabtest.Developer})
		ts.Check(err)
	}
	_, err = s.AddUser(gitlabtest.User{Username: "ole", Level: gitlabtest.Maintainer})
	ts.Check(err)
	bot, err := s.AddBot("orgit", gitlabtest.Maintainer)
	ts.Check(err)
	g.bot = bot.Username
	ts.Check(s.Seed(ts.MkAbs(args[0])))
	ts.Setenv("ORGIT_GITLAB_URL", s.URL())
	ts.Setenv("ORGIT_GITLAB_PROJECT", s.Project())
	ts.Setenv("ORGIT_EVIDENCE", "branch")
	ts.Setenv("SERVER", s.Repository())
	evidenceKey(ts)
	cmdAs(ts, false, []string{"orgit"})
}

// cmdAs makes somebody the one who does what follows, with git, with orgit and on the server; orgit is its own user, as in
// the jobs of main: as USER.
func cmdAs(ts *testscript.TestScript, _ bool, args []string) {
	g, name := gitlabOf(ts), args[0]
	user := name
	if name == "orgit" {
		user = g.bot
	}
	ts.Setenv("ORGIT_GITLAB_TOKEN_FILE", secretFile(ts, ".token", []byte(g.Token(user))))
	for _, who := range []string{"AUTHOR", "COMMITTER"} {
		ts.Setenv("GIT_"+who+"_NAME", name)
		ts.Setenv("GIT_"+who+"_EMAIL", name+"@korsbaek.example")
	}
	ts.Setenv("GITLAB_USER", user)
	ts.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
}

// cmdGitClone clones the server as whoever acts; a clone that was there before goes: gitclone DIR [BRANCH].
func cmdGitClone(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.RemoveAll(ts.MkAbs(args[0])))
	branch := "main"
	if len(args) > 1 {
		branch = args[1]
	}
	ts.Check(ts.Exec("git", "clone", "--quiet", "--branch", branch, gitlabOf(ts).GitURL(ts.Getenv("GITLAB_USER")), ts.MkAbs(args[0])))
}

// client is the API for whoever acts.
func client(ts *testscript.TestScript) *gitlab.Client {
	c, err := openGitLab(environment{getenv: ts.Getenv})
	ts.Check(err)
	return c
}

// cmdRequest opens the merge request of a branch, as whoever acts: request BRANCH TITLE.
func cmdRequest(ts *testscript.TestScript, _ bool, args []string) {
	_, _, err := client(ts).Propose(context.Background(), gitlab.Proposal{Source: args[0], Target: "main", Title: args[1]})
	ts.Check(err)
}

// cmdEdit writes a file in the browser: edit USER BRANCH PATH FILE.
func cmdEdit(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 4 {
		ts.Fatalf("usage: edit USER BRANCH PATH FILE")
	}
	if _, err := gitlabOf(ts).Edit(args[0], args[1], args[2], ts.ReadFile(args[3]), "Ændring"); (err != nil) != neg {
		ts.Fatalf("%v; want an error: %v", err, neg)
	}
}

// cmdNote writes orgit's one note on a merge request: note IID FILE.
func cmdNote(ts *testscript.TestScript, _ bool, args []string) {
	iid, err := strconv.Atoi(args[0])
	ts.Check(err)
	g := gitlabOf(ts)
	var own []string
	for _, n := range g.Notes(iid) {
		if (n.Author == g.bot || n.Author == g.reviewer) && !n.System {
			own = append(own, n.Body)
		}
	}
	if len(own) != 1 {
		ts.Fatalf("orgit has %d notes on !%d, want one", len(own), iid)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(own[0]), 0o600))
}

// cmdComment has somebody write a note with a file's text: comment USER IID FILE.
func cmdComment(ts *testscript.TestScript, _ bool, args []string) {
	iid, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(gitlabOf(ts).Comment(args[0], iid, ts.ReadFile(args[2])))
}

// cmdLabel has somebody add a label: label USER IID LABEL.
func cmdLabel(ts *testscript.TestScript, _ bool, args []string) {
	iid, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(gitlabOf(ts).Label(args[0], iid, args[2]))
}

// cmdPipeline does what the job of a merge request does: in a fresh clone of its branch, as orgit's user, with the snapshot
// in $SNAPSHOT and without any other secret, it runs orgit review and demands an exit code: pipeline CODE IID ARGS….
func cmdPipeline(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: pipeline CODE IID ARGS…")
	}
	iid, err := strconv.Atoi(args[1])
	ts.Check(err)
	cmdAs(ts, false, []string{"orgit"})
	mr, err := client(ts).MergeRequest(context.Background(), iid)
	ts.Check(err)
	dir := "pipeline-" + args[1]
	cmdGitClone(ts, false, []string{dir, mr.Source})
	if file := ts.Getenv("ORGIT_REVIEW_TOKEN_FILE"); file != "" {
		ts.Setenv("ORGIT_GITLAB_TOKEN_FILE", file)
		defer cmdAs(ts, false, []string{"orgit"})
	}
	secrets := map[string]string{"CI_MERGE_REQUEST_IID": "", "ORGIT_SIGNING_KEY_FILE": ts.Getenv("ORGIT_SIGNING_KEY_FILE"),
		"ORGIT_TRUSTED_COMMIT": ts.Getenv("ORGIT_TRUSTED_COMMIT")}
	cmdOffline(ts, false, nil)
	for name := range secrets {
		ts.Setenv(name, "")
	}
	ts.Setenv("CI_MERGE_REQUEST_IID", args[1])
	cmdExits(ts, false, append([]string{args[0], "review", "-C", dir, "--snapshot", ts.Getenv("SNAPSHOT")}, args[2:]...))
	cmdOnline(ts, false, nil)
	for name, value := range secrets {
		ts.Setenv(name, value)
	}
}

// cmdSSHKey makes a key, and another line of the file of trusted signers for it where principals are given: sshkey FILE
// [PRINCIPALS].
func cmdSSHKey(ts *testscript.TestScript, _ bool, args []string) {
	private, public := newSSHKey(ts)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), private, 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[0])+".pub", []byte(public), 0o600))
	if len(args) < 2 {
		return
	}
	file := ts.MkAbs("trusted-signers")
	before, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		ts.Fatalf("%v", err)
	}
	ts.Check(os.WriteFile(file, append(before, []byte(args[1]+" namespaces=\"git\" "+public)...), 0o600))
	ts.Setenv("ORGIT_TRUSTED_SIGNERS_FILE", file)
}

// cmdQuiet demands that no text of the server's history names somebody: neither a message of a commit nor the name of a
// branch has one of the texts. What GitLab itself writes when ole presses the button is not orgit's: quiet TEXT….
func cmdQuiet(ts *testscript.TestScript, _ bool, args []string) {
	for _, look := range [][]string{{"log", "--all", "--format=%an%x1f%B%x1e"}, {"for-each-ref", "--format=%(refname)"}} {
		cmd := exec.Command("git", look...)
		cmd.Dir = ts.Getenv("SERVER")
		out, err := cmd.CombinedOutput()
		if err != nil {
			ts.Fatalf("git %v: %v\n%s", look, err, out)
		}
		for part := range strings.SplitSeq(strings.ToLower(string(out)), "\x1e") {
			by, _, _ := strings.Cut(strings.TrimSpace(part), "\x1f")
			for _, text := range args {
				if by != "ole" && strings.Contains(part, text) {
					ts.Fatalf("git %s: %q stands there:\n%s", look[0], text, part)
				}
			}
		}
	}
}

// cmdOneByte copies a plan file with one digit of its first operation's digest changed: onebyte FROM TO.
func cmdOneByte(ts *testscript.TestScript, _ bool, args []string) {
	text := []byte(ts.ReadFile(args[0]))
	at := strings.Index(string(text), `"operations"`)
	for ; at >= 0 && (text[at] < '1' || text[at] > '8'); at++ {
	}
	text[at]++
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), text, 0o600))
}

// cmdReviewer gives the jobs of merge requests a user of their own, as docs/gitlab.md has it.
func cmdReviewer(ts *testscript.TestScript, _ bool, _ []string) {
	g := gitlabOf(ts)
	bot, err := g.AddBot("orgit-review", gitlabtest.Developer)
	ts.Check(err)
	g.reviewer = bot.Username
	ts.Setenv("ORGIT_REVIEW_TOKEN_FILE", secretFile(ts, ".review-token", []byte(g.Token(bot.Username))))
}

// noteRoute is where notes are rewritten.
const noteRoute = "/projects/{project}/merge_requests/{iid}/notes/{note}"

// cmdRewrote demands how often notes were rewritten up to now: rewrote TIMES.
func cmdRewrote(ts *testscript.TestScript, _ bool, args []string) {
	if n := gitlabOf(ts).Count("PUT", noteRoute); fmt.Sprint(n) != args[0] {
		ts.Fatalf("notes were rewritten %d times, want %s", n, args[0])
	}
}

// cmdTrouble lets a page for logging in stand before what the server says of the merge requests of commits, or before
// rewriting notes, or takes it away: trouble, trouble notes, trouble over.
func cmdTrouble(ts *testscript.TestScript, _ bool, args []string) {
	fault := gitlabtest.Fault{Kind: gitlabtest.LoginPage, Method: "GET", Route: "/projects/{project}/repository/commits/{sha}/merge_requests", Times: -1}
	switch {
	case len(args) == 0:
	case args[0] == "notes":
		fault.Method, fault.Route = "PUT", noteRoute
	default:
		gitlabOf(ts).Heal()
		return
	}
	gitlabOf(ts).Inject(fault)
}

// cmdSays writes title, description and labels of a merge request: says IID FILE.
func cmdSays(ts *testscript.TestScript, _ bool, args []string) {
	iid, err := strconv.Atoi(args[0])
	ts.Check(err)
	mr, err := client(ts).MergeRequest(context.Background(), iid)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(mr.Title+"\n\n"+mr.Description+"\n\nlabels: "+strings.Join(mr.Labels, ", ")+"\n"), 0o600))
}

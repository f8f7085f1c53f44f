package main

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/internal/sshsig"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/schema"
)

// importServer is where an import's merge requests are.
type importServer interface {
	proposalServer
	MergeRequests(ctx context.Context, f gitlab.Filter) ([]gitlab.MergeRequest, error)
	Approvals(ctx context.Context, iid int) ([]gitlab.Approval, error)
	Update(ctx context.Context, iid int, ch gitlab.Changes) (gitlab.MergeRequest, error)
}

// importPublishing brings groups to the server.
type importPublishing struct {
	*importing
	server importServer      // nil: no GitLab is configured
	key    *sshsig.Key       // nil: the commits are not signed
	refs   map[string]string // of origin; nil where it is not asked
}

// publishAll makes the merge requests. One that fails does not stop the others.
func (i *importing) publishAll(ctx context.Context) error {
	p := &importPublishing{importing: i}
	var err error
	if p.key, err = sshKey(i.env, "ORGIT_IMPORT_KEY"); err != nil {
		return err
	}
	if i.proposal.server {
		if p.refs, err = i.repo.ServerRefs(ctx, i.login); err != nil {
			return err
		}
		client, err := openGitLab(i.env)
		if err != nil {
			return err
		}
		if client != nil {
			p.server = client
		}
	}
	var failed error
	for _, g := range i.groups {
		if err := p.publish(ctx, g); err != nil {
			g.says = i.say("mislykkedes", "failed")
			failed = errors.Join(failed, fmt.Errorf("propose on %s: %w", g.branch, err))
		}
	}
	return errors.Join(failed, p.withdraw(ctx), i.keepNumbers())
}

// publish brings one group to its branch and merge request, unless people have had their say there.
func (p *importPublishing) publish(ctx context.Context, g *importGroup) error {
	head, err := p.headOf(ctx, g.branch)
	if err != nil {
		return err
	}
	var request *gitlab.MergeRequest
	if p.server != nil {
		if request, err = p.newest(ctx, g.branch); err != nil {
			return err
		}
	}
	same, err := p.isAt(g, head)
	if err != nil {
		return err
	}
	rejected, err := p.isRejected(ctx, g, request, same)
	if err != nil {
		return err
	}
	switch {
	case rejected:
		g.says = fmt.Sprintf(p.say("afvist i !%d; foreslås ikke igen, så længe registret siger det samme", "rejected in !%d; not proposed again while the register says the same"), request.IID)
		return nil
	case same && request != nil && request.State == gitlab.Opened:
		g.says = fmt.Sprintf(p.say("uændret: !%d venter på svar", "unchanged: !%d waits for an answer"), request.IID)
		return nil
	case same && p.server == nil:
		g.says = p.say("uændret på grenen ", "unchanged on the branch ") + g.branch
		return nil
	case request != nil && request.State == gitlab.Opened:
		approved, err := p.server.Approvals(ctx, request.IID)
		if err != nil {
			return err
		}
		if len(approved) > 0 {
			g.says = fmt.Sprintf(p.say("registret siger nu noget andet end !%d, men det er godkendt af nogen og røres ikke", "the register says something else than !%d by now, but that has approvals and is left alone"), request.IID)
			return nil
		}
	}
	if !same {
		if err := p.push(ctx, g, head); err != nil {
			return err
		}
	}
	return p.open(ctx, g)
}

// isRejected reports whether people have closed the merge request that said what a group does, also where they have deleted
// its branch since. One that the import itself has withdrawn is none of those.
func (p *importPublishing) isRejected(ctx context.Context, g *importGroup, request *gitlab.MergeRequest, same bool) (bool, error) {
	if request == nil || request.State != gitlab.Closed || slices.Contains(request.Labels, p.withdrawn()) {
		return false, nil
	}
	if same || p.refs == nil || p.refs["refs/heads/"+g.branch] != "" {
		return same, nil
	}
	err := p.repo.FetchRefs(ctx, p.login, fmt.Sprintf("refs/merge-requests/%d/head", request.IID))
	if errors.Is(err, git.ErrNoRevision) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return p.isAt(g, request.Head)
}

// headOf is the commit of a branch where it is published; empty when there is none.
func (p *importPublishing) headOf(ctx context.Context, branch string) (string, error) {
	if p.refs != nil {
		head := p.refs["refs/heads/"+branch]
		if head == "" {
			return "", nil
		}
		return head, p.repo.Fetch(ctx, p.login, branch)
	}
	head, err := p.repo.Resolve("refs/heads/" + branch)
	if errors.Is(err, git.ErrNoRevision) {
		return "", nil
	}
	return head, err
}

// newest is the last merge request of a branch; nil when there is none.
func (p *importPublishing) newest(ctx context.Context, branch string) (*gitlab.MergeRequest, error) {
	list, err := p.server.MergeRequests(ctx, gitlab.Filter{Source: branch, Target: p.main, State: gitlab.All})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	last := slices.MaxFunc(list, func(a, b gitlab.MergeRequest) int { return a.IID - b.IID })
	return &last, nil
}

// isAt reports whether merging a commit now would do just what a group does.
func (p *importPublishing) isAt(g *importGroup, head string) (bool, error) {
	if head == "" {
		return false, nil
	}
	parted, err := p.repo.MergeBase(p.provenance.Base, head)
	if err != nil {
		return false, err
	}
	base, there := p.approve, org.Texts{}
	if parted != p.provenance.Base {
		if base, err = p.textsAt(parted); err != nil {
			return false, err
		}
	}
	if there, err = p.textsAt(head); err != nil {
		return false, err
	}
	merged, conflicts, err := org.Merge(base, p.approve, there)
	if err != nil || len(conflicts) > 0 {
		return false, err
	}
	texts, err := org.ReadTexts(merged)
	if err != nil {
		return false, err
	}
	differ, err := differing(texts, g.session.Texts())
	return len(differ) == 0, err
}

// push commits a group on what is approved now, and lets its branch point there, wherever it was.
func (p *importPublishing) push(ctx context.Context, g *importGroup, head string) error {
	message, err := propose.Message(subject(g.outcome.Typed), g.outcome.Typed)
	if err != nil {
		return err
	}
	message += review.TrailerSource + ": " + p.x.Source + "\n" + review.TrailerSourceDay + ": " + string(p.x.Day) + "\n"
	c := git.Commit{Message: message, Author: author(p.env), When: p.env.now()}
	if p.key != nil {
		c.Signer = p.key
	}
	if len(schema.FindCPR(c.Message)) > 0 {
		return errors.New("the commit's message holds something that looks like a CPR number; nothing was committed")
	}
	files := map[string][]byte{}
	for name, text := range g.edited {
		files[path.Join(p.repo.Folder(), name)] = text
	}
	if g.outcome.Commit, err = p.repo.CommitFiles(p.provenance.Base, files, c); err != nil {
		return err
	}
	g.outcome.Branch = g.branch
	switch {
	case p.refs != nil:
		if err := p.repo.Push(ctx, p.login, git.Update{Ref: "refs/heads/" + g.branch, Old: head, New: g.outcome.Commit}); err != nil {
			return err
		}
		g.outcome.Pushed = true
	case head == "":
		return p.repo.CreateBranch(g.branch, g.outcome.Commit)
	default:
		return p.repo.MoveBranch(g.branch, head, g.outcome.Commit)
	}
	return nil
}

// open opens a group's merge request, or brings it up to date.
func (p *importPublishing) open(ctx context.Context, g *importGroup) error {
	if p.server == nil {
		g.says = p.say("på grenen ", "on the branch ") + g.branch
		return nil
	}
	w := requestWriter{language: p.approved.Settings.Language, day: p.day, o: g.planned, changes: g.outcome.Changes}
	mr, created, err := p.server.Propose(ctx, gitlab.Proposal{
		Source: g.branch, Target: p.main, Title: schema.MaskCPR(p.title(g, w)), Description: schema.MaskCPR(p.description(g, w)),
		Labels: append(w.labels(), "import"), Reviewers: w.reviewers(usernames(p.approved, p.day)),
	})
	if err != nil {
		return err
	}
	g.outcome.MergeRequest = &openedRequest{IID: mr.IID, URL: mr.URL, Created: created}
	words := p.say("ajourført: !%d %s", "brought up to date: !%d %s")
	if created {
		words = p.say("åbnet: !%d %s", "opened: !%d %s")
	}
	g.says = fmt.Sprintf(words, mr.IID, mr.URL)
	return nil
}

// keepNumbers puts the CPR numbers of those who are proposed as new into the CPR store, so that they are recognised when they
// come back.
func (i *importing) keepNumbers() error {
	if i.store == nil {
		return nil
	}
	fresh := map[org.UUID]cpr.Number{}
	for _, g := range i.groups {
		for _, c := range g.outcome.Typed {
			number, has := i.proposed.Numbers[c.New]
			if _, known := i.store.CPR(c.New); has && !known {
				fresh[c.New] = number
			}
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	place, err := cprPlace(i.env)
	if err != nil {
		return err
	}
	return cprFault(cpr.Edit(place, func(s *cpr.Store) error {
		for person, number := range fresh {
			s.Set(person, number)
		}
		return nil
	}))
}

package gitlab

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	gl "github.com/xanzy/go-gitlab"
)

const (
	settleTries = 30          // about a minute
	settlePause = time.Second // before the second look; later ones wait two
)

// Settled reads a merge request when the server has found out whether it can be merged, which it does by and by after every
// push. It is ErrUnreachable when that takes more than about a minute.
func (c *Client) Settled(ctx context.Context, iid int) (MergeRequest, error) {
	pause := settlePause
	for range settleTries {
		m, err := c.MergeRequest(ctx, iid)
		if err != nil || !unsettled(m) {
			return m, err
		}
		if err := c.sleep(ctx, pause); err != nil {
			return MergeRequest{}, fmt.Errorf("wait for merge request !%d: %w", iid, err)
		}
		pause = 2 * settlePause
	}
	return MergeRequest{}, &Error{
		Kind: ErrUnreachable, Did: fmt.Sprintf("wait for merge request !%d", iid),
		Cause: errors.New("GitLab does not come to an end of checking whether it can be merged"), Hint: "run it again later",
	}
}

// unsettled says that the server is still about something. A status that it does not give is none to wait for.
func unsettled(m MergeRequest) bool {
	switch m.Status {
	case "unchecked", "checking", "preparing", "approvals_syncing":
		return m.State == Opened
	}
	return m.State == Locked
}

// Merge merges a merge request at a commit, with a message for the merge commit. What was merged is exactly that commit, or
// nothing. The errors are ErrMoved (the branch is elsewhere), ErrMergeConflict, ErrNotMergeable (a draft, closed, merged
// before, an open thread, a pipeline, …: the text says the server's status), ErrNotAllowed (the rules of the target branch)
// and those of any request. An answer that was lost is looked for: the merge request it gives was merged by MergedBy.
func (c *Client) Merge(ctx context.Context, iid int, sha, message string) (MergeRequest, error) {
	did := fmt.Sprintf("merge merge request !%d", iid)
	if sha == "" {
		return MergeRequest{}, invalid(did, "the commit is not named")
	}
	before, err := c.Settled(ctx, iid)
	switch {
	case err != nil:
		return MergeRequest{}, err
	case before.State != Opened:
		return MergeRequest{}, &Error{Kind: ErrNotMergeable, Did: did, Cause: fmt.Errorf("it is %s", words(before.State))}
	case before.Head != sha:
		return MergeRequest{}, moved(did, before.Head, sha)
	}
	m, resp, err := c.api.MergeRequests.AcceptMergeRequest(c.project, iid, &gl.AcceptMergeRequestOptions{
		SHA: &sha, MergeCommitMessage: &message, Squash: gl.Ptr(false),
	}, gl.WithContext(ctx))
	if err != nil {
		return c.notMerged(ctx, iid, sha, c.explain(did, resp, err))
	}
	merged, err := converted(did, m)
	if err == nil && merged.State == Locked {
		merged, err = c.Settled(ctx, iid)
	}
	if err != nil {
		return MergeRequest{}, err
	}
	if merged.State != Merged {
		return MergeRequest{}, &Error{Kind: ErrNotMergeable, Did: did, Cause: fmt.Errorf("it is %s afterwards (%s)", words(merged.State), words(merged.Status))}
	}
	return merged, nil
}

// notMerged looks at what became of a merge request that could not be merged, or of which the answer was lost.
func (c *Client) notMerged(ctx context.Context, iid int, sha string, err error) (MergeRequest, error) {
	var e *Error
	if !errors.As(err, &e) {
		return MergeRequest{}, err
	}
	after, again := c.Settled(ctx, iid) // it may be about to be merged
	if again == nil && after.State == Merged && after.Head == sha {
		return after, nil
	}
	switch e.Status {
	case http.StatusConflict:
		if again == nil && after.Head == sha {
			return MergeRequest{}, err // another conflict than that of the commit
		}
		return MergeRequest{}, c.refused(ctx, err)
	case http.StatusUnauthorized:
		return MergeRequest{}, c.refused(ctx, err)
	case http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusUnprocessableEntity:
		e.Kind = ErrNotMergeable
		if again == nil {
			e.Hint = "GitLab's status is " + words(after.Status)
			if after.Status == "conflict" {
				e.Kind, e.Hint = ErrMergeConflict, "bring the branch up to date with the target branch"
			}
		}
	}
	return MergeRequest{}, err
}

func moved(did, is, named string) error {
	return &Error{
		Kind: ErrMoved, Did: did, Cause: fmt.Errorf("it is at %s, and not at %s", words(is), words(named)),
		Hint: "what was looked at is not what is there now; look again",
	}
}

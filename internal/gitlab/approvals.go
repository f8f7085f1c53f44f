package gitlab

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	gl "github.com/xanzy/go-gitlab"
)

// Approvals lists those that were given and not taken back, in GitLab's order. On Free, also those given before the last
// push are among them, and the author's own. The library drops when they were given, so the answer is read here.
func (c *Client) Approvals(ctx context.Context, iid int) ([]Approval, error) {
	did := fmt.Sprintf("read who approved merge request !%d", iid)
	var answer bytes.Buffer
	path := fmt.Sprintf("projects/%s/merge_requests/%d/approvals", gl.PathEscape(c.project), iid)
	req, err := c.api.NewRequest(http.MethodGet, path, nil, []gl.RequestOptionFunc{gl.WithContext(ctx)})
	if err != nil {
		return nil, c.explain(did, nil, err)
	}
	resp, err := c.api.Do(req, &answer)
	if err != nil {
		return nil, c.explain(did, resp, err)
	}
	approvals, err := parseApprovals(answer.Bytes())
	if err != nil {
		return nil, incomplete(did, "read the answer: %w", err)
	}
	return approvals, nil
}

// parseApprovals reads GitLab's answer. It believes approved_by alone: approved and approvals_left mean different things
// on different tiers, and are not there on some.
func parseApprovals(answer []byte) ([]Approval, error) {
	var a struct {
		By *[]struct {
			User *struct {
				ID       int    `json:"id"`
				Username string `json:"username"`
				Name     string `json:"name"`
			} `json:"user"`
			At *time.Time `json:"approved_at"`
		} `json:"approved_by"`
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		return nil, err
	}
	if a.By == nil {
		return nil, errors.New("it has no approved_by")
	}
	approvals := make([]Approval, 0, len(*a.By))
	for _, by := range *a.By {
		if by.User == nil || by.User.ID <= 0 || by.User.Username == "" {
			return nil, errors.New("an approval does not say whose it is")
		}
		approvals = append(approvals, Approval{User: user(by.User.ID, by.User.Username, by.User.Name), At: at(by.At)})
	}
	return approvals, nil
}

// Approve approves a merge request at a commit, as the token's user. It is ErrMoved when the branch is elsewhere, and
// ErrNotAllowed when the user may not or has already.
func (c *Client) Approve(ctx context.Context, iid int, sha string) error {
	did := fmt.Sprintf("approve merge request !%d", iid)
	if sha == "" {
		return invalid(did, "the commit is not named")
	}
	_, resp, err := c.api.MergeRequestApprovals.ApproveMergeRequest(c.project, iid, &gl.ApproveMergeRequestOptions{SHA: &sha}, gl.WithContext(ctx))
	return c.refused(ctx, c.explain(did, resp, err))
}

// Unapprove takes the approval of the token's user back. It is ErrNotFound when there is none.
func (c *Client) Unapprove(ctx context.Context, iid int) error {
	did := fmt.Sprintf("take back the approval of merge request !%d", iid)
	resp, err := c.api.MergeRequestApprovals.UnapproveMergeRequest(c.project, iid, gl.WithContext(ctx))
	return c.refused(ctx, c.explain(did, resp, err))
}

// refused gives an error of approving or merging its kind: there 409 says that the commit is not the head, and 401 may mean
// the user as well as the token, which one more question tells apart.
func (c *Client) refused(ctx context.Context, err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Status {
	case http.StatusConflict:
		e.Kind, e.Hint = ErrMoved, "what was looked at is not what is there now; look again"
	case http.StatusUnauthorized:
		if _, again := c.Me(ctx); again == nil {
			e.Kind, e.Hint = ErrNotAllowed, "the token's user has no right to it in this project, or has done it already"
		}
	}
	return err
}

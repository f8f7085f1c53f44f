package gitlabtest

import (
	"net/http"
	"slices"
	"time"
)

type approval struct {
	user *User
	at   time.Time
}

// approvalsOf is what Free says of the approvals, and Premium's further fields where there are rules.
func (s *Server) approvalsOf(u *User, m *mergeRequest) answer {
	by := []any{}
	for _, a := range m.approvals {
		one := object{"user": a.user.json(s)}
		if !s.opts.NoApprovedAt {
			one["approved_at"] = stamp(a.at)
		}
		by = append(by, one)
	}
	mine := m.approvedBy(u)
	o := object{
		"user_has_approved": mine, "user_can_approve": !mine && u.Level >= Developer && m.state == opened,
		"approved": len(m.approvals) > 0, "approved_by": by,
	}
	if s.opts.Premium {
		o["approvals_required"], o["approvals_left"] = s.opts.ApprovalsRequired, max(s.opts.ApprovalsRequired-len(m.approvals), 0)
		o["approved"] = len(m.approvals) >= s.opts.ApprovalsRequired
		o["iid"], o["project_id"], o["state"] = m.iid, s.opts.ProjectID, m.state
	}
	return answer{body: o}
}

func (m *mergeRequest) approvedBy(u *User) bool {
	return slices.ContainsFunc(m.approvals, func(a approval) bool { return a.user == u })
}

func (s *Server) getApprovals(r *request, m *mergeRequest) answer { return s.approvalsOf(r.user, m) }

// approve lets developers approve, the author too.
func (s *Server) approve(r *request, m *mergeRequest) answer {
	if r.user.Level < Developer {
		return refuse(http.StatusForbidden, "403 Forbidden")
	}
	if a := checkSHA(r, m); a.status != 0 {
		return a
	}
	if m.state != opened || m.approvedBy(r.user) {
		return refuse(http.StatusUnauthorized, "401 Unauthorized")
	}
	m.approvals = append(m.approvals, approval{user: r.user, at: s.now()})
	s.systemNote(m, r.user, "approved this merge request")
	return s.approvalsOf(r.user, m)
}

func (s *Server) unapprove(r *request, m *mergeRequest) answer {
	if r.user.Level < Developer {
		return refuse(http.StatusForbidden, "403 Forbidden")
	}
	if m.state != opened || !m.approvedBy(r.user) {
		return refuse(http.StatusNotFound, "404 Not Found")
	}
	m.approvals = slices.DeleteFunc(m.approvals, func(a approval) bool { return a.user == r.user })
	s.systemNote(m, r.user, "unapproved this merge request")
	return s.approvalsOf(r.user, m)
}

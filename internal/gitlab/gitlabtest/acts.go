package gitlabtest

import (
	"encoding/json"
	"fmt"
	"slices"
)

// act does what a call of the API would, for somebody who sits before the browser.
func (s *Server) act(username string, iid int, params object, do func(*Server, *request, *mergeRequest) answer) error {
	u := s.named(username)
	if u == nil {
		return fmt.Errorf("merge request !%d: there is no user %s", iid, username)
	}
	m, ok := s.numbered(fmt.Sprint(iid))
	if !ok {
		return fmt.Errorf("there is no merge request !%d", iid)
	}
	a := do(s, &request{user: u, params: params}, m)
	if a.status < 400 {
		return nil
	}
	text, err := json.Marshal(a.body)
	if err != nil {
		return fmt.Errorf("merge request !%d: %s is refused: %d", iid, username, a.status)
	}
	return fmt.Errorf("merge request !%d: %s is refused: %d %s", iid, username, a.status, text)
}

// Approve has somebody approve a merge request as it is now.
func (s *Server) Approve(username string, iid int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.act(username, iid, nil, (*Server).approve)
}

// Unapprove has somebody take their approval back.
func (s *Server) Unapprove(username string, iid int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.act(username, iid, nil, (*Server).unapprove)
}

// Merge has somebody press the button.
func (s *Server) Merge(username string, iid int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.act(username, iid, object{}, (*Server).acceptMergeRequest)
}

// CloseMergeRequest has somebody close a merge request.
func (s *Server) CloseMergeRequest(username string, iid int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.act(username, iid, object{"state_event": "close"}, (*Server).updateMergeRequest)
}

// Label has somebody add a label.
func (s *Server) Label(username string, iid int, label string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.act(username, iid, object{"add_labels": label}, (*Server).updateMergeRequest)
}

// Comment has somebody write a note.
func (s *Server) Comment(username string, iid int, body string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.act(username, iid, object{"body": body}, (*Server).createNote)
}

// OpenThread has somebody begin a thread, which stands against the merge request until ResolveThreads.
func (s *Server) OpenThread(username string, iid int, body string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.act(username, iid, object{"body": body}, func(s *Server, r *request, m *mergeRequest) answer {
		a := s.createNote(r, m)
		if a.status == 0 {
			m.notes[len(m.notes)-1].thread = true
		}
		return a
	})
}

// ResolveThreads has somebody resolve all threads.
func (s *Server) ResolveThreads(username string, iid int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.act(username, iid, nil, func(_ *Server, _ *request, m *mergeRequest) answer {
		for _, n := range m.notes {
			n.resolved = true
		}
		return answer{}
	})
}

// Note is one that stands on a merge request.
type Note struct {
	ID     int
	Author string // username
	Body   string
	System bool
}

// Notes gives those of a merge request, oldest first; none where there is no such merge request.
func (s *Server) Notes(iid int) []Note {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.numbered(fmt.Sprint(iid))
	if !ok {
		return nil
	}
	var all []Note
	for _, n := range m.notes {
		all = append(all, Note{ID: n.id, Author: n.author.Username, Body: n.body, System: n.system})
	}
	return slices.Clip(all)
}

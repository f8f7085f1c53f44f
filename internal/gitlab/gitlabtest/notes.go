package gitlabtest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

type note struct {
	id               int
	author           *User
	body             string
	system           bool
	created, updated time.Time
	thread           bool // it can be resolved
	resolved         bool
}

func (n *note) json(s *Server, m *mergeRequest) object {
	o := object{
		"id": n.id, "type": nil, "body": n.body, "author": n.author.json(s), "created_at": stamp(n.created), "updated_at": stamp(n.updated),
		"system": n.system, "noteable_id": m.id, "noteable_iid": m.iid, "noteable_type": "MergeRequest", "project_id": s.opts.ProjectID,
		"resolvable": n.thread, "confidential": false, "internal": false, "commands_changes": object{},
	}
	if n.thread {
		o["type"], o["resolved"] = "DiscussionNote", n.resolved
	}
	return o
}

func (m *mergeRequest) userNotes() int {
	n := 0
	for _, note := range m.notes {
		if !note.system {
			n++
		}
	}
	return n
}

func (m *mergeRequest) openThread() bool {
	return slices.ContainsFunc(m.notes, func(n *note) bool { return n.thread && !n.resolved })
}

func (s *Server) systemNote(m *mergeRequest, by *User, body string) {
	m.notes = append(m.notes, &note{id: s.nextID(), author: by, body: body, system: true, created: s.now(), updated: s.now()})
}

// listNotes gives the newest first unless it is told otherwise, as GitLab does.
func (s *Server) listNotes(r *request, m *mergeRequest) answer {
	notes := slices.Clone(m.notes)
	if r.URL.Query().Get("sort") != "asc" {
		slices.Reverse(notes)
	}
	var all []any
	for _, n := range notes {
		all = append(all, n.json(s, m))
	}
	return r.page(all, totals)
}

func (s *Server) createNote(r *request, m *mergeRequest) answer {
	if a, lacks := r.missing("body"); lacks {
		return a
	}
	body, _ := r.text("body")
	if a := fits(body); a.status != 0 {
		return a
	}
	n := &note{id: s.nextID(), author: r.user, body: body, created: s.now(), updated: s.now()}
	m.notes = append(m.notes, n)
	return answer{body: n.json(s, m)}
}

func fits(body string) answer {
	switch {
	case strings.TrimSpace(body) == "":
		return refuse(http.StatusBadRequest, object{"note": []any{"can't be blank"}})
	case utf8.RuneCountInString(body) > 1_000_000:
		return refuse(http.StatusBadRequest, object{"note": []any{"is too long (maximum is 1000000 characters)"}})
	}
	return answer{}
}

// own finds a note that somebody may change: one's own, or anybody's for maintainers. Nobody changes the server's.
func (s *Server) own(r *request, m *mergeRequest) (int, answer) {
	id, _ := strconv.Atoi(r.PathValue("note"))
	i := slices.IndexFunc(m.notes, func(n *note) bool { return n.id == id })
	switch {
	case i < 0:
		return i, refuse(http.StatusNotFound, "404 Note Not Found")
	case m.notes[i].system, m.notes[i].author != r.user && r.user.Level < Maintainer:
		return i, refuse(http.StatusForbidden, "403 Forbidden")
	}
	return i, answer{}
}

func (s *Server) updateNote(r *request, m *mergeRequest) answer {
	i, a := s.own(r, m)
	if a.status != 0 {
		return a
	}
	if a, lacks := r.missing("body"); lacks {
		return a
	}
	body, _ := r.text("body")
	if a := fits(body); a.status != 0 {
		return a
	}
	m.notes[i].body, m.notes[i].updated = body, s.now()
	return answer{body: m.notes[i].json(s, m)}
}

func (s *Server) deleteNote(r *request, m *mergeRequest) answer {
	i, a := s.own(r, m)
	if a.status != 0 {
		return a
	}
	m.notes = slices.Delete(m.notes, i, i+1)
	return answer{}
}

package note_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/note"
)

var (
	bot    = gitlab.User{ID: 7, Username: "orgit", Bot: true}
	mallet = gitlab.User{ID: 13, Username: "mallet"}
)

// server is a merge request's notes in memory.
type server struct {
	notes []gitlab.Note
	next  int
	calls []string
	// meanwhile is what another job does while a note is created or deleted.
	meanwhile func(*server)
	fail      map[string]error
}

func (s *server) did(call string) error {
	if call != "list" {
		s.calls = append(s.calls, call)
	}
	if s.meanwhile != nil && call != "list" {
		other := s.meanwhile
		s.meanwhile = nil
		other(s)
	}
	return s.fail[call]
}

func (s *server) Notes(context.Context, int) ([]gitlab.Note, error) {
	return slices.Clone(s.notes), s.did("list")
}

func (s *server) CreateNote(_ context.Context, _ int, body string) (gitlab.Note, error) {
	if err := s.did("create"); err != nil {
		return gitlab.Note{}, err
	}
	return s.add(bot, body), nil
}

func (s *server) UpdateNote(_ context.Context, _, id int, body string) (gitlab.Note, error) {
	if err := s.did("update"); err != nil {
		return gitlab.Note{}, err
	}
	for i := range s.notes {
		if s.notes[i].ID == id {
			s.notes[i].Body = body
			return s.notes[i], nil
		}
	}
	return gitlab.Note{}, errors.New("404 Not Found")
}

func (s *server) DeleteNote(_ context.Context, _, id int) error {
	if err := s.did("delete"); err != nil {
		return err
	}
	before := len(s.notes)
	s.notes = slices.DeleteFunc(s.notes, func(n gitlab.Note) bool { return n.ID == id })
	if len(s.notes) == before {
		return errors.New("404 Not Found")
	}
	return nil
}

func (s *server) add(by gitlab.User, body string) gitlab.Note {
	s.next++
	n := gitlab.Note{ID: s.next, Author: by, Body: body}
	s.notes = append(s.notes, n)
	return n
}

func keeper(s *server) note.Keeper {
	return note.Keeper{
		Server: s, Me: bot,
		IsNote: func(body string) bool { return strings.HasPrefix(body, "<plan>") },
		Same:   func(a, b string) bool { return a == b },
	}
}

func TestKeep(t *testing.T) {
	system := func(s *server) {
		s.add(bot, "<plan> old")
		s.notes[0].System = true
	}
	tests := []struct {
		name    string
		before  func(*server)
		outcome note.Outcome
		calls   []string
		bodies  []string
	}{
		{"there is none", func(*server) {}, note.Created, []string{"create"}, []string{"<plan> new"}},
		{"it says something else", func(s *server) { s.add(bot, "<plan> old") }, note.Rewritten, []string{"update"}, []string{"<plan> new"}},
		{"it says the same", func(s *server) { s.add(bot, "<plan> new") }, note.Untouched, nil, []string{"<plan> new"}},
		{"somebody else's looks like it", func(s *server) { s.add(mallet, "<plan> new") }, note.Created, []string{"create"},
			[]string{"<plan> new", "<plan> new"}},
		{"our own say other things", func(s *server) { s.add(bot, "hello") }, note.Created, []string{"create"}, []string{"hello", "<plan> new"}},
		{"the server's own looks like it", system, note.Created, []string{"create"}, []string{"<plan> old", "<plan> new"}},
		{"there are several", func(s *server) {
			s.add(mallet, "<plan> forged")
			s.add(bot, "<plan> first")
			s.add(bot, "<plan> second")
			slices.Reverse(s.notes)
		}, note.Rewritten, []string{"update", "delete"}, []string{"<plan> new", "<plan> forged"}},
		{"another job was faster", func(s *server) {
			s.meanwhile = func(s *server) { s.add(bot, "<plan> other") }
		}, note.Rewritten, []string{"create", "update", "delete"}, []string{"<plan> new"}},
		{"the other job deletes ours first", func(s *server) {
			s.add(bot, "<plan> new")
			s.add(bot, "<plan> second")
			s.meanwhile = func(s *server) { s.notes = s.notes[:1] }
		}, note.Untouched, []string{"delete"}, []string{"<plan> new"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &server{}
			tt.before(s)
			outcome, err := keeper(s).Keep(t.Context(), 4, "<plan> new")
			if err != nil {
				t.Fatal(err)
			}
			if outcome != tt.outcome {
				t.Errorf("the note was %s, want %s", outcome, tt.outcome)
			}
			if diff := cmp.Diff(tt.calls, s.calls); diff != "" {
				t.Errorf("calls (-want +got)\n%s", diff)
			}
			var bodies []string
			for _, n := range s.notes {
				bodies = append(bodies, n.Body)
			}
			if diff := cmp.Diff(tt.bodies, bodies); diff != "" {
				t.Errorf("notes (-want +got)\n%s", diff)
			}
		})
	}
}

func TestKeepRefuses(t *testing.T) {
	down := errors.New("502")
	for call, before := range map[string]func(*server){
		"list": func(*server) {}, "create": func(*server) {},
		"update": func(s *server) { s.add(bot, "<plan> old") },
		"delete": func(s *server) { s.add(bot, "<plan> new"); s.add(bot, "<plan> b") },
	} {
		s := &server{fail: map[string]error{call: down}}
		before(s)
		if _, err := keeper(s).Keep(t.Context(), 4, "<plan> new"); !errors.Is(err, down) {
			t.Errorf("%s: %v", call, err)
		}
	}
	nobody := keeper(&server{})
	nobody.Me = gitlab.User{}
	if _, err := nobody.Keep(t.Context(), 4, "<plan> new"); !errors.Is(err, note.ErrNobody) {
		t.Errorf("without an account: %v", err)
	}
	s := &server{}
	if _, err := keeper(s).Keep(t.Context(), 4, "hello"); err == nil || len(s.notes) > 0 {
		t.Errorf("a note that would not be found again was written: %v", err)
	}
}

func TestAmend(t *testing.T) {
	failed := errors.New("no plan")
	to := func(text string, another bool, err error) func(string) (string, bool, error) {
		return func(string) (string, bool, error) { return text, another, err }
	}
	tests := map[string]struct {
		amend   func(string) (string, bool, error)
		bodies  []string // of orgit's own notes
		outcome note.Outcome
		err     error
		want    []string
	}{
		"there is none":         {to("<plan> new", true, nil), nil, note.Absent, nil, []string{"<plan> forged"}},
		"it stays":              {to("<plan> new", false, nil), []string{"<plan> old"}, note.Untouched, nil, []string{"<plan> forged", "<plan> old"}},
		"it says the same":      {to("<plan> old", true, nil), []string{"<plan> old"}, note.Untouched, nil, []string{"<plan> forged", "<plan> old"}},
		"it says another thing": {to("<plan> new", true, nil), []string{"hello", "<plan> old"}, note.Rewritten, nil, []string{"<plan> forged", "hello", "<plan> new"}},
		"it cannot be told":     {to("", true, failed), []string{"<plan> old"}, note.Untouched, failed, []string{"<plan> forged", "<plan> old"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := &server{}
			s.add(mallet, "<plan> forged")
			for _, body := range tt.bodies {
				s.add(bot, body)
			}
			outcome, err := keeper(s).Amend(t.Context(), 4, tt.amend)
			if outcome != tt.outcome || !errors.Is(err, tt.err) {
				t.Errorf("the note was %q, %v", outcome, err)
			}
			var bodies []string
			for _, n := range s.notes {
				bodies = append(bodies, n.Body)
			}
			if diff := cmp.Diff(tt.want, bodies); diff != "" {
				t.Errorf("notes (-want +got)\n%s", diff)
			}
		})
	}
	nobody := keeper(&server{})
	nobody.Me = gitlab.User{}
	if _, err := nobody.Amend(t.Context(), 4, to("<plan> new", true, nil)); !errors.Is(err, note.ErrNobody) {
		t.Errorf("without an account: %v", err)
	}
}

package gitlabtest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Levels of access to the project.
const (
	NoAccess   = 0
	Guest      = 10
	Reporter   = 20
	Developer  = 30
	Maintainer = 40
	Owner      = 50
)

// User is somebody with an account, and what they may do in the project.
type User struct {
	ID       int // given by the server when 0
	Username string
	Name     string
	Email    string // of their commits; made from the username when empty
	Level    int
	Bot      bool
	Blocked  bool
}

// Scopes of tokens.
const (
	API             = "api"
	ReadAPI         = "read_api"
	ReadRepository  = "read_repository"
	WriteRepository = "write_repository"
)

// grant is what a token lets its user do.
type grant struct {
	user   *User
	scopes []string
}

// AddUser makes a user, with a token that may do what the user may. A username that is taken is an error.
func (s *Server) AddUser(u User) (User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.Username == "" || s.named(u.Username) != nil {
		return User{}, fmt.Errorf("add user %q: the username is empty or taken", u.Username)
	}
	if u.ID == 0 {
		u.ID = s.nextID()
	}
	u.Name = cmp.Or(u.Name, u.Username)
	u.Email = cmp.Or(u.Email, fmt.Sprintf("%d-%s@users.noreply.gitlab.example", u.ID, u.Username))
	s.users = append(s.users, &u)
	s.tokens[s.Token(u.Username)] = grant{user: &u, scopes: []string{API}}
	return u, nil
}

// AddBot makes a project access token with scope api, and gives its user.
func (s *Server) AddBot(name string, level int) (User, error) {
	s.mu.Lock()
	id := s.nextID()
	s.mu.Unlock()
	return s.AddUser(User{ID: id, Username: fmt.Sprintf("project_%d_bot_%032x", s.opts.ProjectID, id), Name: name, Level: level, Bot: true})
}

// SetLevel gives a user another level of access.
func (s *Server) SetLevel(username string, level int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.named(username)
	if u == nil {
		return fmt.Errorf("set the level of %s: no such user", username)
	}
	u.Level = level
	return nil
}

// Token is the token that a user has from the beginning, with scope api.
func (s *Server) Token(username string) string { return "standin-token-of-" + username }

// TokenWith makes a token of a user that has only these scopes.
func (s *Server) TokenWith(username string, scopes ...string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.named(username)
	if u == nil {
		return "", fmt.Errorf("make a token for %s: no such user", username)
	}
	token := s.Token(username) + "-" + strings.Join(scopes, "-")
	s.tokens[token] = grant{user: u, scopes: scopes}
	return token, nil
}

// Revoke ends a token.
func (s *Server) Revoke(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tokens, token)
}

// named finds a user; upper and lower case do not matter. The caller holds the lock.
func (s *Server) named(username string) *User {
	for _, u := range s.users {
		if strings.EqualFold(u.Username, username) {
			return u
		}
	}
	return nil
}

func (s *Server) byID(id int) *User {
	for _, u := range s.users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// caller finds whose token a request has.
func (s *Server) caller(r *http.Request) (grant, bool) {
	token := r.Header.Get("PRIVATE-TOKEN")
	if token == "" {
		token, _ = strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	}
	return s.holder(token)
}

func (s *Server) holder(token string) (grant, bool) {
	g, ok := s.tokens[token]
	return g, ok && !g.user.Blocked
}

func (g grant) has(scopes ...string) bool {
	return slices.ContainsFunc(scopes, func(scope string) bool { return slices.Contains(g.scopes, scope) })
}

// identity has git commit as a user.
func (u *User) identity(at time.Time) []string {
	when := fmt.Sprintf("%d +0000", at.Unix())
	return []string{
		"GIT_AUTHOR_NAME=" + u.Name, "GIT_AUTHOR_EMAIL=" + u.Email, "GIT_AUTHOR_DATE=" + when,
		"GIT_COMMITTER_NAME=" + u.Name, "GIT_COMMITTER_EMAIL=" + u.Email, "GIT_COMMITTER_DATE=" + when,
	}
}

// json is how other answers mention a user.
func (u *User) json(s *Server) object {
	state := "active"
	if u.Blocked {
		state = "blocked"
	}
	return object{
		"id": u.ID, "username": u.Username, "name": u.Name, "state": state, "locked": false, "avatar_url": nil,
		"web_url": s.url + "/" + u.Username,
	}
}

func (s *Server) getUser(r *request) answer {
	u := r.user.json(s)
	u["bot"], u["email"], u["commit_email"], u["is_admin"] = r.user.Bot, r.user.Email, r.user.Email, false
	return answer{body: u}
}

func (s *Server) listUsers(r *request) answer {
	name := r.URL.Query().Get("username")
	var all []any
	for _, u := range s.users {
		if name == "" || strings.EqualFold(u.Username, name) {
			all = append(all, u.json(s))
		}
	}
	return r.page(all, totals)
}

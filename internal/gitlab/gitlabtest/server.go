package gitlabtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"
)

// Options are how a stand-in is started. The zero value works.
type Options struct {
	Addr  string           // where it listens; a free port on 127.0.0.1 when empty
	Clock func() time.Time // the server's clock; time.Now when nil

	Project       string // path with groups; korsbaek/organisation when empty
	ProjectID     int    // 42 when 0
	DefaultBranch string // main when empty; protected for maintainers
	MergeMethod   string // merge (when empty) or ff
	CIConfig      string // ci_config_path

	Premium           bool // there are rules of approval
	ApprovalsRequired int  // on Premium: so many, or it cannot be merged
	ResetOnPush       bool // on Premium: a push takes approvals away
	NoApprovedAt      bool // an older version, which does not say when an approval was given

	ThreadsHold     bool // nothing with an open thread can be merged
	CheckingAnswers int  // so many answers after each push say that it is still being checked
	RequestsPerHour int  // the rate limit for each user; 0 for none
}

// Server is a running stand-in.
type Server struct {
	opts   Options
	url    string
	dir    string
	repo   *repository
	http   *http.Server
	served chan struct{}

	mu       sync.Mutex
	users    []*User
	tokens   map[string]grant
	rules    []Rule
	requests []*mergeRequest
	statuses []Status
	faults   []*Fault
	calls    map[Call]int
	windows  map[string]*window
	lastID   int
	held     bool // pushes are not noticed
}

// Call is a route that was asked, such as GET /projects/{project}/merge_requests/{iid}. Git's own are GET /info/refs, POST
// /git-upload-pack and POST /git-receive-pack.
type Call struct{ Method, Route string }

// Start starts a stand-in. Close ends it, and its repository with it.
func Start(opts Options) (*Server, error) {
	opts = opts.filled()
	if opts.MergeMethod != "merge" && opts.MergeMethod != "ff" {
		return nil, fmt.Errorf("start the stand-in for GitLab: it has no merge method %q", opts.MergeMethod)
	}
	dir, err := os.MkdirTemp("", "gitlabtest-")
	if err != nil {
		return nil, fmt.Errorf("start the stand-in for GitLab: %w", err)
	}
	repo, err := newRepository(dir, opts.Project, opts.DefaultBranch)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the stand-in for GitLab: %w", err), os.RemoveAll(dir))
	}
	listener, err := net.Listen("tcp", opts.Addr)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the stand-in for GitLab: %w", err), os.RemoveAll(dir))
	}
	s := &Server{
		opts: opts, url: "http://" + listener.Addr().String(), dir: dir, repo: repo, served: make(chan struct{}),
		tokens: map[string]grant{}, calls: map[Call]int{}, windows: map[string]*window{}, lastID: 1000,
		rules: []Rule{{Name: opts.DefaultBranch, Push: Maintainer, Merge: Maintainer}},
	}
	s.http = &http.Server{Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		defer close(s.served)
		// Serve always returns an error; after Close it is ErrServerClosed, and nobody is left to hear of another.
		_ = s.http.Serve(listener)
	}()
	return s, nil
}

func (o Options) filled() Options {
	set := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	set(&o.Addr, "127.0.0.1:0")
	set(&o.Project, "korsbaek/organisation")
	set(&o.DefaultBranch, "main")
	set(&o.MergeMethod, "merge")
	if o.ProjectID == 0 {
		o.ProjectID = 42
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return o
}

// Close ends the server and takes its repository away. Answers that are under way are given first, for five seconds.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.http.Close()
	}
	<-s.served
	return errors.Join(err, os.RemoveAll(s.dir))
}

// URL is the server's address, without a slash at the end.
func (s *Server) URL() string { return s.url }

// Project is the project's path with its groups.
func (s *Server) Project() string { return s.opts.Project }

// ProjectID is the project's number.
func (s *Server) ProjectID() int { return s.opts.ProjectID }

// Repository is the folder of the project's bare repository, for looking at and for doing what no user may.
func (s *Server) Repository() string { return s.repo.dir }

// GitURL is the repository's address with a user's name and token in it; without them for the empty username.
func (s *Server) GitURL(username string) string {
	address := s.url + "/" + s.opts.Project + ".git"
	if username == "" {
		return address
	}
	return strings.Replace(address, "://", "://"+url.UserPassword(username, s.Token(username)).String()+"@", 1)
}

// Calls says how often each route was asked so far.
func (s *Server) Calls() map[Call]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[Call]int, len(s.calls))
	for c, n := range s.calls {
		all[c] = n
	}
	return all
}

// Count says how often a route was asked so far; any method when it is empty.
func (s *Server) Count(method, route string) int {
	n := 0
	for c, times := range s.Calls() {
		if c.Route == route && (method == "" || c.Method == method) {
			n += times
		}
	}
	return n
}

// nextID gives a number that no other thing of the server has. The caller holds the lock.
func (s *Server) nextID() int {
	s.lastID++
	return s.lastID
}

func (s *Server) now() time.Time { return s.opts.Clock().UTC() }

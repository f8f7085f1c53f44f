package gitlabtest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/cgi"
	"os/exec"
	"strings"
)

// serveGit answers git itself, through git http-backend. Whoever may see the project's code may fetch; developers may push,
// to protected branches as the rules say.
func (s *Server) serveGit(w http.ResponseWriter, r *http.Request) {
	route := strings.TrimPrefix(r.URL.Path, "/"+s.opts.Project+".git")
	pushing := route == "/git-receive-pack" || r.URL.Query().Get("service") == "git-receive-pack"

	s.mu.Lock()
	s.calls[Call{r.Method, route}]++
	fault := s.faultFor(r.Method, route)
	_, token, _ := r.BasicAuth()
	g, ok := s.holder(token)
	env := s.pushRules(g)
	status, text := s.mayGit(g, ok, pushing)
	s.mu.Unlock()

	if fault != nil && fault.before(w) {
		return
	}
	if status != 0 {
		if status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Basic realm="GitLab"`)
		}
		http.Error(w, text, status)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the caller has gone
	}
	// CGI wants to know the length beforehand, and git sends long packs without.
	r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
	backend := s.repo.backend(env)
	if route != "/git-receive-pack" {
		backend.ServeHTTP(w, r)
		return
	}
	kept := &keptAnswer{header: http.Header{}}
	if err := s.receive(backend, kept, r, g.user); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if fault != nil && fault.after(w, answer{}) {
		return
	}
	kept.send(w)
}

// receive takes a push; its answer goes out when its merge requests know of it. Pushes come one after the other, so that
// each is known to be by whoever pushed.
func (s *Server) receive(backend http.Handler, w http.ResponseWriter, r *http.Request, by *User) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	backend.ServeHTTP(w, r)
	return s.notice(by)
}

// keptAnswer is an answer that has not gone out yet.
type keptAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (k *keptAnswer) Header() http.Header { return k.header }

func (k *keptAnswer) WriteHeader(status int) { k.status = status }

func (k *keptAnswer) Write(p []byte) (int, error) { return k.body.Write(p) }

func (k *keptAnswer) send(w http.ResponseWriter) {
	for name, values := range k.header {
		w.Header()[name] = values
	}
	if k.status != 0 {
		w.WriteHeader(k.status)
	}
	_, _ = w.Write(k.body.Bytes()) // whoever pushed may have gone
}

// mayGit says why somebody may not; 0 when they may.
func (s *Server) mayGit(g grant, known, pushing bool) (status int, text string) {
	switch {
	case !known:
		return http.StatusUnauthorized, "HTTP Basic: Access denied. The provided password or token is incorrect or your account has 2FA enabled and you must use a personal access token instead of a password."
	case g.user.Level < Reporter:
		return http.StatusNotFound, "The project you were looking for could not be found or you don't have permission to view it."
	case pushing && (g.user.Level < Developer || !g.has(API, WriteRepository)):
		return http.StatusForbidden, "You are not allowed to push code to this project."
	case !g.has(API, WriteRepository, ReadRepository):
		return http.StatusForbidden, "You are not allowed to download code from this project."
	}
	return 0, ""
}

// pushRules tells the hook what a user may do.
func (s *Server) pushRules(g grant) []string {
	bit := func(yes bool) int {
		if yes {
			return 1
		}
		return 0
	}
	var lines []string
	if g.user != nil {
		for _, rule := range s.rules {
			lines = append(lines, fmt.Sprintf("%s %d %d", rule.Name, bit(rule.Push != NoAccess && g.user.Level >= rule.Push), bit(rule.ForcePush)))
		}
	}
	return []string{"STANDIN_DEFAULT=" + s.opts.DefaultBranch, "STANDIN_RULES=" + strings.Join(lines, "\n")}
}

func (r *repository) backend(env []string) *cgi.Handler {
	return &cgi.Handler{
		Path: r.program, Args: []string{"http-backend"}, Root: "/", Dir: r.dir, Stderr: io.Discard,
		Env: append(r.environ(env...), "GIT_PROJECT_ROOT="+r.root, "GIT_HTTP_EXPORT_ALL=1", "REMOTE_USER=standin"),
	}
}

// Seed fills the repository with the branches of another one, such as one that orgit init made; only an empty one can be.
func (s *Server) Seed(dir string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	there, err := s.repo.branches()
	if err != nil {
		return fmt.Errorf("fill the repository: %w", err)
	}
	if len(there) > 0 {
		return fmt.Errorf("fill the repository: it has %d branches", len(there))
	}
	cmd := exec.Command(s.repo.program, "-C", dir, "push", "--quiet", s.repo.dir, "refs/heads/*:refs/heads/*")
	cmd.Env = s.repo.environ("STANDIN_DEFAULT="+s.opts.DefaultBranch, "STANDIN_RULES=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("fill the repository from %s: %w: %s", dir, err, bytes.TrimSpace(out))
	}
	return nil
}

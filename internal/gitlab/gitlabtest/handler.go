package gitlabtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

type object = map[string]any

// request is a call of the API by somebody who may see the project.
type request struct {
	*http.Request
	route  route
	user   *User
	params object // of the body
}

// answer is what a call comes to. Status 0 is the usual one of its method.
type answer struct {
	status int
	body   any // made JSON; nothing when nil
	header http.Header
}

// route is one call of the API.
type route struct {
	method, path string
	level        int // what the caller has to be in the project; NoAccess for calls that are about no project
	do           func(*Server, *request) answer
}

const apiPrefix = "/api/v4"

func routes() []route {
	const project = "/projects/{project}"
	const mr = project + "/merge_requests/{iid}"
	return []route{
		{"GET", "/user", NoAccess, (*Server).getUser},
		{"GET", "/users", NoAccess, (*Server).listUsers},
		{"GET", "/version", NoAccess, (*Server).getVersion},
		{"GET", project, Guest, (*Server).getProject},
		{"GET", project + "/approval_rules", Guest, (*Server).listApprovalRules},
		{"GET", project + "/protected_branches", Maintainer, (*Server).listRules},
		{"GET", project + "/repository/commits/{sha}/merge_requests", Reporter, (*Server).listOfCommit},
		{"POST", project + "/statuses/{sha}", Developer, (*Server).setStatus},
		{"GET", project + "/merge_requests", Reporter, (*Server).listMergeRequests},
		{"POST", project + "/merge_requests", Developer, (*Server).createMergeRequest},
		{"GET", mr, Reporter, onOne((*Server).getMergeRequest)},
		{"PUT", mr, Reporter, onOne((*Server).updateMergeRequest)},
		{"PUT", mr + "/merge", Reporter, onOne((*Server).acceptMergeRequest)},
		{"GET", mr + "/commits", Reporter, onOne((*Server).listCommits)},
		{"GET", mr + "/versions", Reporter, onOne((*Server).listVersions)},
		{"GET", mr + "/approvals", Reporter, onOne((*Server).getApprovals)},
		{"POST", mr + "/approve", Reporter, onOne((*Server).approve)},
		{"POST", mr + "/unapprove", Reporter, onOne((*Server).unapprove)},
		{"GET", mr + "/notes", Reporter, onOne((*Server).listNotes)},
		{"POST", mr + "/notes", Reporter, onOne((*Server).createNote)},
		{"PUT", mr + "/notes/{note}", Reporter, onOne((*Server).updateNote)},
		{"DELETE", mr + "/notes/{note}", Reporter, onOne((*Server).deleteNote)},
	}
}

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	for _, rt := range routes() {
		mux.HandleFunc(rt.method+" "+apiPrefix+rt.path, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, rt) })
	}
	mux.HandleFunc(apiPrefix+"/", func(w http.ResponseWriter, _ *http.Request) {
		send(w, answer{status: http.StatusNotFound, body: object{"error": "404 Not Found"}})
	})
	mux.HandleFunc("/"+s.opts.Project+".git/", s.serveGit)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "<!DOCTYPE html><title>Not Found (404)</title>", http.StatusNotFound)
	})
	return mux
}

// serve answers one call of the API, with whatever fault a test has laid in its way.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, rt route) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the caller has gone
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[Call{rt.method, rt.path}]++
	fault := s.faultFor(rt.method, rt.path)
	if fault != nil && fault.before(w) {
		return
	}
	a, limits := s.limited(r)
	if a.status == 0 {
		a = s.answer(r, rt, body)
	}
	for name, values := range limits {
		if a.header == nil {
			a.header = http.Header{}
		}
		a.header[name] = values
	}
	if fault != nil && fault.after(w, a) {
		return
	}
	send(w, a)
}

func (s *Server) answer(r *http.Request, rt route, body []byte) answer {
	g, ok := s.caller(r)
	switch {
	case !ok:
		return refuse(http.StatusUnauthorized, "401 Unauthorized")
	case rt.method == http.MethodGet && !g.has(API, ReadAPI), rt.method != http.MethodGet && !g.has(API):
		return answer{status: http.StatusForbidden, body: object{
			"error": "insufficient_scope", "error_description": "The request requires higher privileges than provided by the access token.",
			"scope": "api",
		}}
	}
	if project := r.PathValue("project"); project != "" {
		known := project == strconv.Itoa(s.opts.ProjectID) || strings.EqualFold(project, s.opts.Project)
		if !known || g.user.Level < Guest {
			return refuse(http.StatusNotFound, "404 Project Not Found")
		}
		if g.user.Level < rt.level {
			return refuse(http.StatusForbidden, "403 Forbidden")
		}
	}
	params, err := parseParams(r.Header.Get("Content-Type"), body)
	if err != nil {
		return answer{status: http.StatusBadRequest, body: object{"error": "Problems parsing JSON"}}
	}
	a := rt.do(s, &request{Request: r, route: rt, user: g.user, params: params})
	if a.status == 0 {
		a.status = map[string]int{http.MethodPost: http.StatusCreated, http.MethodDelete: http.StatusNoContent}[rt.method]
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a
}

// parseParams reads a body as JSON or as a form.
func parseParams(contentType string, body []byte) (object, error) {
	params := object{}
	if len(bytes.TrimSpace(body)) == 0 {
		return params, nil
	}
	if kind, _, _ := mime.ParseMediaType(contentType); kind == "application/x-www-form-urlencoded" {
		form, err := url.ParseQuery(string(body))
		for name := range form {
			params[name] = form.Get(name)
		}
		return params, err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	err := d.Decode(&params)
	return params, err
}

// text gives a parameter of the body as a string; whether it was there at all is the second result.
func (r *request) text(name string) (string, bool) {
	v, ok := r.params[name]
	if !ok || v == nil {
		return "", false
	}
	return fmt.Sprint(v), true
}

// words gives a list that is an array or has commas.
func (r *request) words(name string) (list []string, ok bool) {
	v, ok := r.params[name]
	if !ok || v == nil {
		return nil, false
	}
	if array, isArray := v.([]any); isArray {
		for _, item := range array {
			list = append(list, fmt.Sprint(item))
		}
		return list, true
	}
	for word := range strings.SplitSeq(fmt.Sprint(v), ",") {
		if word = strings.TrimSpace(word); word != "" {
			list = append(list, word)
		}
	}
	return list, true
}

// missing is what the API says of parameters that it cannot do without.
func (r *request) missing(names ...string) (answer, bool) {
	var lacks []string
	for _, name := range names {
		if v, ok := r.text(name); !ok {
			lacks = append(lacks, name+" is missing")
		} else if v == "" {
			lacks = append(lacks, name+" is empty")
		}
	}
	return answer{status: http.StatusBadRequest, body: object{"error": strings.Join(lacks, ", ")}}, len(lacks) > 0
}

func refuse(status int, message any) answer {
	return answer{status: status, body: object{"message": message}}
}

func send(w http.ResponseWriter, a answer) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	text, err := json.Marshal(a.body)
	kind := "application/json"
	if p, ok := a.body.(plain); ok {
		text, kind = []byte(p), "text/plain"
	}
	if err != nil {
		text, a.status = []byte(`{"message":"500 Internal Server Error"}`), http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(a.status)
	// Whoever asked may have gone.
	_, _ = w.Write(text)
}

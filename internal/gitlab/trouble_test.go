package gitlab_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"encoding/pem"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/gitlab/gitlabtest"
)

const (
	one  = "/projects/{project}/merge_requests/{iid}"
	many = "/projects/{project}/merge_requests"
)

// Each fault strikes once: what may be done twice is done again, and a POST is sent once.
func TestOneFault(t *testing.T) {
	const half = 500 * time.Millisecond
	w := newWorld(t, gitlabtest.Options{})
	m := w.propose("b")
	for _, tt := range []struct {
		name  string
		fault gitlabtest.Fault
		want  error // nil: it succeeds all the same
		says  string
		sent  int
		slept []time.Duration
	}{
		{name: "reading through a gateway", fault: gitlabtest.Fault{Kind: gitlabtest.BadGateway, Method: "GET", Route: one}, sent: 2, slept: []time.Duration{half}},
		// net/http itself asks again when a connection that was used before is cut.
		{name: "reading over a cut connection", fault: gitlabtest.Fault{Kind: gitlabtest.Cut, Method: "GET", Route: one}, sent: 2},
		{name: "half an answer", fault: gitlabtest.Fault{Kind: gitlabtest.HalfAnswer, Method: "GET", Route: one}, sent: 2, slept: []time.Duration{half}},
		{name: "too often, said when to come back", fault: gitlabtest.Fault{Kind: gitlabtest.Throttled, RetryAfter: 7, Method: "GET", Route: one}, sent: 2, slept: []time.Duration{7 * time.Second}},
		{name: "too often, not said", fault: gitlabtest.Fault{Kind: gitlabtest.TooManyRequests, Method: "GET", Route: one}, sent: 2, slept: []time.Duration{15 * time.Second}},
		{name: "too often for an hour", fault: gitlabtest.Fault{Kind: gitlabtest.Throttled, RetryAfter: 3600, Method: "GET", Route: one}, sent: 1, want: gitlab.ErrUnreachable, says: "after 3600 seconds"},
		{name: "a page for logging in", fault: gitlabtest.Fault{Kind: gitlabtest.LoginPage, Method: "GET", Route: one}, sent: 1, want: gitlab.ErrUnreachable, says: "login"},
		{name: "a change through a gateway", fault: gitlabtest.Fault{Kind: gitlabtest.BadGatewayAfter, Method: "PUT", Route: one}, sent: 2, slept: []time.Duration{half}},
		{name: "a change whose answer is lost", fault: gitlabtest.Fault{Kind: gitlabtest.LostAnswer, Method: "PUT", Route: one}, sent: 2, slept: []time.Duration{half}},
		{name: "a note through a gateway", fault: gitlabtest.Fault{Kind: gitlabtest.BadGateway, Method: "POST", Route: one + "/notes"}, sent: 1, want: gitlab.ErrUnreachable, says: "502: an HTML page"},
		{name: "a note whose answer is lost", fault: gitlabtest.Fault{Kind: gitlabtest.LostAnswer, Method: "POST", Route: one + "/notes"}, sent: 1, want: gitlab.ErrUnreachable, says: "may have been done"},
		{name: "notes too often, said", fault: gitlabtest.Fault{Kind: gitlabtest.Throttled, RetryAfter: 3, Method: "POST", Route: one + "/notes"}, sent: 2, slept: []time.Duration{3 * time.Second}},
		{name: "notes too often, not said", fault: gitlabtest.Fault{Kind: gitlabtest.TooManyRequests, Method: "POST", Route: one + "/notes"}, sent: 2, slept: []time.Duration{15 * time.Second}},
		{name: "deleting whose answer is lost", fault: gitlabtest.Fault{Kind: gitlabtest.LostAnswer, Method: "DELETE", Route: one + "/notes/{note}"}, sent: 2, slept: []time.Duration{half}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			note, err := w.c.CreateNote(t.Context(), m.IID, "Plan")
			check(t, err)
			do := map[string]func() error{
				"GET": func() error { _, err := w.c.MergeRequest(t.Context(), m.IID); return err },
				"PUT": func() error {
					_, err := w.c.Update(t.Context(), m.IID, gitlab.Changes{AddLabels: []string{"x"}})
					return err
				},
				"POST":   func() error { _, err := w.c.CreateNote(t.Context(), m.IID, "En til"); return err },
				"DELETE": func() error { return w.c.DeleteNote(t.Context(), m.IID, note.ID) },
			}[tt.fault.Method]
			before := w.Count(tt.fault.Method, tt.fault.Route)
			w.clock.sleeps()
			w.Inject(tt.fault)
			err = do()
			if tt.want != nil {
				wantError(t, err, tt.want, tt.says)
			} else {
				check(t, err)
			}
			if sent := w.Count(tt.fault.Method, tt.fault.Route) - before; sent != tt.sent {
				t.Errorf("it was sent %d times, want %d", sent, tt.sent)
			}
			if diff := cmp.Diff(tt.slept, w.clock.sleeps()); diff != "" {
				t.Errorf("pauses (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRetriesEnd(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	w.Inject(gitlabtest.Fault{Kind: gitlabtest.BadGateway, Times: -1})
	_, err := w.c.Me(t.Context())
	wantError(t, err, gitlab.ErrUnreachable, "GET /api/v4/user answered 502: an HTML page", "run it again later")
	if n := w.Count("GET", "/user"); n != 5 {
		t.Errorf("asked %d times, want 5", n)
	}
	w.Heal()
	w.Inject(gitlabtest.Fault{Kind: gitlabtest.Throttled, RetryAfter: 120, Times: -1})
	before := w.Count("GET", "/user")
	_, err = w.c.Me(t.Context())
	wantError(t, err, gitlab.ErrUnreachable, "429")
	if n := w.Count("GET", "/user") - before; n != 3 {
		t.Errorf("asked %d times in five minutes with pauses of two, want 3", n)
	}
}

func TestCancelledWhileWaiting(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	c, err := gitlab.Open(gitlab.Config{
		URL: w.URL(), Project: w.Project(), Token: w.Token("lone"), Now: w.clock.Now,
		Sleep: func(ctx context.Context, _ time.Duration) error { cancel(); return ctx.Err() },
	})
	check(t, err)
	w.Inject(gitlabtest.Fault{Kind: gitlabtest.BadGateway, Times: -1})
	if _, err = c.Me(ctx); !errors.Is(err, context.Canceled) || errors.Is(err, gitlab.ErrUnreachable) {
		t.Errorf("error %v, want that it was cancelled", err)
	}
	if n := w.Count("GET", "/user"); n != 1 {
		t.Errorf("asked %d times, want once", n)
	}
}

func TestRateLimitOfTheServer(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{RequestsPerHour: 3})
	w.clock.now = day.Add(58 * time.Minute)
	for range 5 {
		_, err := w.c.Me(t.Context())
		check(t, err)
	}
	if diff := cmp.Diff([]time.Duration{121 * time.Second}, w.clock.sleeps()); diff != "" {
		t.Errorf("pauses (-want +got):\n%s", diff)
	}
}

// The library makes a limit of 60 in the first answer into a request every one and a half seconds.
func TestNoBrakeOfTheLibrary(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	w.Inject(gitlabtest.Fault{Kind: gitlabtest.Lowering, Times: -1})
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second) // with the brake it takes two minutes
	defer cancel()
	for range 100 {
		_, err := w.c.Me(ctx)
		check(t, err)
	}
}

// The answer to creating is lost, or a gateway gives up on it: afterwards there is exactly one merge request.
func TestProposeWhoseAnswerIsLost(t *testing.T) {
	for name, kind := range map[string]gitlabtest.FaultKind{
		"lost": gitlabtest.LostAnswer, "a gateway": gitlabtest.BadGatewayAfter, "half": gitlabtest.HalfAnswer,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, gitlabtest.Options{})
			w.push("hr", "b", "a.cue", "package org\n")
			w.Inject(gitlabtest.Fault{Kind: kind, Method: "POST", Route: many})
			m, created, err := w.c.Propose(t.Context(), gitlab.Proposal{Source: "b", Target: "main", Title: "t"})
			check(t, err)
			if !created || m.IID != 1 || w.Count("POST", many) != 1 {
				t.Errorf("created %t, !%d, asked %d times", created, m.IID, w.Count("POST", many))
			}
		})
	}
	t.Run("before it was done", func(t *testing.T) {
		w := newWorld(t, gitlabtest.Options{})
		w.push("hr", "b", "a.cue", "package org\n")
		p := gitlab.Proposal{Source: "b", Target: "main", Title: "t"}
		w.Inject(gitlabtest.Fault{Kind: gitlabtest.BadGateway, Method: "POST", Route: many})
		_, _, err := w.c.Propose(t.Context(), p)
		wantError(t, err, gitlab.ErrUnreachable)
		m, created, err := w.c.Propose(t.Context(), p)
		check(t, err)
		if !created || m.IID != 1 {
			t.Errorf("created %t, !%d", created, m.IID)
		}
	})
}

// Somebody else opens one between looking and creating: Propose takes that one.
func TestProposeAtTheSameTime(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	w.push("hr", "b", "a.cue", "package org\n")
	p := gitlab.Proposal{Source: "b", Target: "main", Title: "Fra web"}
	inBetween := &between{when: "POST", do: func() {
		_, err := w.client("hr").Create(t.Context(), gitlab.Proposal{Source: "b", Target: "main", Title: "Fra en anden"})
		check(t, err)
	}}
	c, err := gitlab.Open(gitlab.Config{
		URL: w.URL(), Project: w.Project(), Token: w.Token("lone"), HTTPClient: &http.Client{Transport: inBetween}, Now: w.clock.Now, Sleep: w.clock.Sleep,
	})
	check(t, err)
	m, created, err := c.Propose(t.Context(), p)
	check(t, err)
	if created || m.IID != 1 || m.Title != "Fra web" || m.Author.Username != "hr" {
		t.Errorf("created %t, %+v", created, m)
	}
}

// between does something once before a request of a method is sent.
type between struct {
	when string
	do   func()
}

func (b *between) RoundTrip(r *http.Request) (*http.Response, error) {
	if do := b.do; do != nil && r.Method == b.when {
		b.do = nil
		do()
	}
	return http.DefaultTransport.RoundTrip(r)
}

func TestMergeWhoseAnswerIsLost(t *testing.T) {
	for name, kind := range map[string]gitlabtest.FaultKind{"lost": gitlabtest.LostAnswer, "a gateway": gitlabtest.BadGatewayAfter} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, gitlabtest.Options{})
			m := w.propose("b")
			w.Inject(gitlabtest.Fault{Kind: kind, Method: "PUT", Route: one + "/merge"})
			got, err := w.c.Merge(t.Context(), m.IID, m.Head, "Fletning")
			check(t, err)
			if got.State != gitlab.Merged || got.MergeCommit == "" {
				t.Errorf("merged: %+v", got)
			}
		})
	}
}

// What an answer lacks is never read as "nothing stands against it".
func TestMissingFields(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	m := w.propose("b")
	check(t, w.Approve("lone", m.IID))
	check(t, w.Comment("lone", m.IID, "Hej"))
	check(t, w.OpenThread("lone", m.IID, "Hvorfor?"))
	ctx := t.Context()
	read := func() error { _, err := w.c.MergeRequest(ctx, m.IID); return err }
	approvals := func() error { _, err := w.c.Approvals(ctx, m.IID); return err }
	for _, tt := range []struct {
		field string
		do    func() error
	}{
		{"iid", read}, {"state", read}, {"labels", read}, {"target_project_id", read}, {"source_branch", read}, {"target_branch", read}, {"author", read},
		{"username", read},
		{"iid", func() error { _, err := w.c.MergeRequests(ctx, gitlab.Filter{}); return err }},
		{"approved_by", approvals}, {"user", approvals}, {"username", approvals}, {"id", approvals},
		{"created_at", func() error { _, err := w.c.Versions(ctx, m.IID); return err }},
		{"head_commit_sha", func() error { _, err := w.c.Versions(ctx, m.IID); return err }},
		{"id", func() error { _, err := w.c.Commits(ctx, m.IID); return err }},
		{"author", func() error { _, err := w.c.Notes(ctx, m.IID); return err }},
		{"id", func() error { _, err := w.c.Notes(ctx, m.IID); return err }},
		{"username", func() error { _, err := w.c.Me(ctx); return err }},
		{"id", func() error { _, err := w.c.Project(ctx); return err }},
		{"push_access_levels", func() error { _, err := w.c.Protection(ctx, "main"); return err }},
		{"name", func() error { _, err := w.c.Protection(ctx, "main"); return err }},
	} {
		t.Run(tt.field, func(t *testing.T) {
			w.Inject(gitlabtest.Fault{Kind: gitlabtest.Without, Fields: []string{tt.field}, Times: 10})
			wantError(t, tt.do(), gitlab.ErrUnreachable)
			w.Heal()
		})
	}
	for field, check := range map[string]func(gitlab.MergeRequest) bool{
		"blocking_discussions_resolved": func(m gitlab.MergeRequest) bool { return !m.ThreadsResolved },
		"source_project_id":             func(m gitlab.MergeRequest) bool { return m.SourceProject != m.TargetProject },
		"sha":                           func(m gitlab.MergeRequest) bool { return m.Head == "" },
		"detailed_merge_status":         func(m gitlab.MergeRequest) bool { return m.Status == "" },
	} {
		w.Inject(gitlabtest.Fault{Kind: gitlabtest.Without, Fields: []string{field}})
		got, err := w.c.MergeRequest(ctx, m.IID)
		if err != nil || !check(got) {
			t.Errorf("without %s: %v, %+v", field, err, got)
		}
	}
	// Without the commit that it is at, nothing is merged.
	w.Inject(gitlabtest.Fault{Kind: gitlabtest.Without, Fields: []string{"sha"}, Times: 10})
	_, err := w.c.Merge(ctx, m.IID, m.Head, "Fletning")
	wantError(t, err, gitlab.ErrMoved)
	// A draft is one by its title too.
	w.Heal()
	_, err = w.c.Update(ctx, m.IID, gitlab.Changes{Title: new("Draft: vent")})
	check(t, err)
	w.Inject(gitlabtest.Fault{Kind: gitlabtest.Without, Fields: []string{"draft", "work_in_progress"}})
	got, err := w.c.MergeRequest(ctx, m.IID)
	if err != nil || !got.Draft {
		t.Errorf("without draft: %v, %+v", err, got)
	}
}

// The token goes nowhere but to the address that is configured.
func TestRedirectsAreNotFollowed(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	elsewhere := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere = true }))
	defer other.Close()
	here := httptest.NewServer(http.RedirectHandler(other.URL+"/api/v4/user", http.StatusMovedPermanently))
	defer here.Close()
	c, err := gitlab.Open(gitlab.Config{URL: here.URL, Project: "1", Token: "t", Now: w.clock.Now, Sleep: w.clock.Sleep})
	check(t, err)
	_, err = c.Me(t.Context())
	wantError(t, err, gitlab.ErrUnreachable, "sends elsewhere, to "+other.URL, "ORGIT_GITLAB_URL")
	if elsewhere {
		t.Error("the redirect was followed")
	}
}

// A null in a list, and a header that the library cannot read, must not end the program.
func TestStrangeAnswers(t *testing.T) {
	for name, answer := range map[string]func(http.ResponseWriter){
		"null in a list":   func(w http.ResponseWriter) { _, _ = w.Write([]byte("[null]")) },
		"null":             func(w http.ResponseWriter) { _, _ = w.Write([]byte("null")) },
		"nothing":          func(http.ResponseWriter) {},
		"another shape":    func(w http.ResponseWriter) { _, _ = w.Write([]byte(`{"iid":"seven"}`)) },
		"a malformed Link": func(w http.ResponseWriter) { w.Header().Set("Link", "<x>; rel"); _, _ = w.Write([]byte("{}")) },
		"no such page":     func(w http.ResponseWriter) { w.Header().Set("X-Next-Page", "1"); _, _ = w.Write([]byte("[]")) },
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w) }))
			defer s.Close()
			c, err := gitlab.Open(gitlab.Config{URL: s.URL, Project: "1", Token: "t", Sleep: func(context.Context, time.Duration) error { return nil }})
			check(t, err)
			if _, err := c.MergeRequest(t.Context(), 1); !errors.Is(err, gitlab.ErrUnreachable) {
				t.Errorf("one: %v", err)
			}
			if all, err := c.Notes(t.Context(), 1); !errors.Is(err, gitlab.ErrUnreachable) && name != "null" {
				t.Errorf("a list: %v, %v", all, err)
			}
			if _, err := c.Approvals(t.Context(), 1); !errors.Is(err, gitlab.ErrUnreachable) {
				t.Errorf("approvals: %v", err)
			}
		})
	}
}

func TestCertificates(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"id":1,"username":"lone"}`)) }))
	defer s.Close()
	asked := 0
	open := func(file string) *gitlab.Client {
		t.Helper()
		c, err := gitlab.Open(gitlab.Config{URL: s.URL, Project: "1", Token: "t", CAFile: file, Sleep: func(context.Context, time.Duration) error { asked++; return nil }})
		check(t, err)
		return c
	}
	_, err := open("").Me(t.Context())
	wantError(t, err, gitlab.ErrUnreachable, "ORGIT_GITLAB_CA_FILE")
	if asked != 0 {
		t.Errorf("it was tried again %d times; the certificate is the same next time", asked)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	check(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600))
	me, err := open(file).Me(t.Context())
	check(t, err)
	if me.Username != "lone" {
		t.Errorf("me: %+v", me)
	}
	check(t, os.WriteFile(file, []byte("none"), 0o600))
	if _, err := gitlab.Open(gitlab.Config{URL: s.URL, Project: "1", Token: "t", CAFile: file}); err == nil || !strings.Contains(err.Error(), "no certificate in PEM") {
		t.Errorf("a file without certificates: %v", err)
	}
}

func TestNoServer(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	address := s.URL
	s.Close()
	c, err := gitlab.Open(gitlab.Config{URL: address, Project: "1", Token: "secret-token", Sleep: func(context.Context, time.Duration) error { return nil }})
	check(t, err)
	_, err = c.Me(t.Context())
	wantError(t, err, gitlab.ErrUnreachable, "connection refused", "ORGIT_GITLAB_URL")
	if strings.Contains(err.Error(), "secret-token") {
		t.Errorf("the error shows the token: %v", err)
	}
}

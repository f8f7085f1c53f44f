package gitlab

import (
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

func TestParseApprovals(t *testing.T) {
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	lone := User{ID: 7, Username: "lone", Name: "Lone L"}
	for _, tt := range []struct {
		name, answer string
		want         []Approval // nil is an error
	}{
		{"none", `{"approved_by":[]}`, []Approval{}},
		{"one", `{"approved":false,"approved_by":[{"user":{"id":7,"username":"lone","name":"Lone L"},"approved_at":"2026-11-24T10:00:00.000+01:00"}]}`, []Approval{{User: lone, At: at}}},
		{"without a time", `{"approved_by":[{"user":{"id":7,"username":"lone","name":"Lone L"}}]}`, []Approval{{User: lone}}},
		{"null for a time", `{"approved_by":[{"user":{"id":7,"username":"lone","name":"Lone L"},"approved_at":null}]}`, []Approval{{User: lone}}},
		{"a time that is none", `{"approved_by":[{"user":{"id":7,"username":"lone"},"approved_at":"yesterday"}]}`, nil},
		{"approved, and not by whom", `{"approved":true,"approvals_left":0}`, nil},
		{"null", `{"approved_by":null}`, nil},
		{"nobody", `{"approved_by":[{"approved_at":"2026-11-24T09:00:00Z"}]}`, nil},
		{"null for one", `{"approved_by":[null]}`, nil},
		{"no number", `{"approved_by":[{"user":{"username":"lone"}}]}`, nil},
		{"two answers", `{"approved_by":[]}{"approved_by":[]}`, nil},
		{"no JSON", `<html>`, nil},
		{"nothing", ``, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseApprovals([]byte(tt.answer))
			if (err != nil) != (tt.want == nil) {
				t.Fatalf("error %v", err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzParseApprovals(f *testing.F) {
	f.Add([]byte(`{"approved_by":[{"user":{"id":7,"username":"lone"},"approved_at":"2026-11-24T10:00:00.000+01:00"}]}`))
	f.Add([]byte(`{"approved_by":[{"user":null}]}`))
	f.Add([]byte(`{"Approved_By":[{"USER":{"ID":1,"username":"x"}}],"approved_by":[]}`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		approvals, err := parseApprovals(answer)
		if err != nil && approvals != nil {
			t.Fatalf("approvals beside an error: %v", approvals)
		}
		for _, a := range approvals {
			if a.User.ID <= 0 || a.User.Username == "" {
				t.Fatalf("an approval by nobody: %+v", a)
			}
		}
	})
}

func TestIIDIn(t *testing.T) {
	for body, want := range map[string]int{
		`{"message":["Another open merge request already exists for this source branch: !7"]}`:  7,
		`{"message":"Another open merge request already exists for this source branch: !1234"}`: 1234,
		`{"message":["!7 and again !7"]}`:       7,
		`{"message":["!7 or !8"]}`:              0,
		`{"message":["!0"]}`:                    0,
		`{"message":["!99999999999999999999"]}`: 0,
		`{"message":["!7a"]}`:                   0,
		`{"message":"Hurra!"}`:                  0,
		`<!7>`:                                  0,
		``:                                      0,
		`{"message":{"source_branch":["taken: !9"]}}`: 9,
	} {
		got, ok := iidIn(body)
		if got != want || ok != (want != 0) {
			t.Errorf("%s: %d, %t; want %d", body, got, ok, want)
		}
	}
}

func FuzzIIDIn(f *testing.F) {
	f.Add(`{"message":["Another open merge request already exists for this source branch: !7"]}`)
	f.Add(`{"error":{"a":["!1",{"b":"!1"}]}}`)
	f.Add("!18446744073709551617")
	f.Fuzz(func(t *testing.T, body string) {
		if iid, ok := iidIn(body); ok != (iid > 0) {
			t.Fatalf("%d, %t", iid, ok)
		}
	})
}

func TestSaid(t *testing.T) {
	for body, want := range map[string]string{
		`{"message":"404 Project Not Found"}`:                                      "404 Project Not Found",
		`{"message":["a","b"]}`:                                                    "a; b",
		`{"message":{"title":["can't be blank"],"base":["x","y"]}}`:                "base: x; base: y; title: can't be blank",
		`{"error":"title is missing"}`:                                             "title is missing",
		`{"error":"insufficient_scope","error_description":"More.","scope":"api"}`: "insufficient_scope; More.",
		`{"message":{"error":"Too many times."}}`:                                  "error: Too many times.",
		"Retry later\n":                          "Retry later",
		"<html><script>alert(1)</script></html>": "an HTML page",
		"\x1b[31mred\x1b[0m \u202eback":          "[31mred [0m back",
		"":                                       "",
		`{"message":null}`:                       "",
	} {
		if got := said(body); got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
	if got := said(strings.Repeat("æ", 1000)); len([]rune(got)) != wordsKept+1 {
		t.Errorf("%d characters are shown", len([]rune(got)))
	}
}

func FuzzSaid(f *testing.F) {
	f.Add(`{"message":{"title":["can't be blank"]}}`)
	f.Add("\x1b]0;x\x07")
	f.Add(`{"message":[[[["a"]]],1,true]}`)
	f.Fuzz(func(t *testing.T, body string) {
		got := said(body)
		if strings.ContainsFunc(got, unicode.IsControl) {
			t.Fatalf("control characters are shown: %q", got)
		}
		if len([]rune(got)) > wordsKept+1 {
			t.Fatalf("%d characters", len([]rune(got)))
		}
	})
}

func TestNextPage(t *testing.T) {
	link := func(text string) http.Header { return http.Header{linkHeader: {text}} }
	for _, tt := range []struct {
		name string
		h    http.Header
		n    int
		want int // -1 is an error
	}{
		{"a next one", http.Header{"X-Next-Page": {"3"}}, 100, 3},
		{"the last", http.Header{"X-Next-Page": {""}}, 100, 0},
		{"the same again", http.Header{"X-Next-Page": {"2"}}, 100, -1},
		{"no number", http.Header{"X-Next-Page": {"x"}}, 100, -1},
		{"a link", link(`<https://h/x?page=1&per_page=100>; rel="prev", <https://h/x?page=3&per_page=100>; rel="next"`), 100, 3},
		{"a link to no next", link(`<https://h/x?page=1>; rel="first"`), 100, 0},
		{"a link without page", link(`<https://h/x?cursor=a>; rel="next"`), 100, -1},
		{"nothing said", http.Header{}, 100, 3},
		{"nothing said, and a short page", http.Header{}, 20, 3},
		{"nothing said, and nothing there", http.Header{}, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := nextPage(tt.h, 2, tt.n)
			if err != nil {
				got = -1
			}
			if got != tt.want {
				t.Errorf("%d (%v), want %d", got, err, tt.want)
			}
		})
	}
}

func TestBotNames(t *testing.T) {
	for name, want := range map[string]bool{
		"project_42_bot_0123456789abcdef0123456789abcdef": true, "group_7_bot": true, "project_42_bot2": true,
		"lone": false, "project_x_bot_1": false, "my_project_42_bot_1": false, "project_42_bot_lone": false,
	} {
		if got := user(1, name, "").Bot; got != want {
			t.Errorf("%s: %t, want %t", name, got, want)
		}
	}
}

func TestPause(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	tr := &transport{now: func() time.Time { return now }}
	answer := func(status int, h ...string) *http.Response {
		r := &http.Response{StatusCode: status, Header: http.Header{}}
		for i := 0; i < len(h); i += 2 {
			r.Header.Set(h[i], h[i+1])
		}
		return r
	}
	for _, tt := range []struct {
		name    string
		attempt int
		resp    *http.Response
		want    time.Duration
	}{
		{"no answer", 1, nil, 500 * time.Millisecond},
		{"no answer the third time", 3, nil, 2 * time.Second},
		{"seconds", 1, answer(429, "Retry-After", "3"), 3 * time.Second},
		{"seconds of a 503", 1, answer(503, "Retry-After", "3"), 3 * time.Second},
		{"a time", 1, answer(429, "Retry-After", "Tue, 24 Nov 2026 09:00:40 GMT"), 40 * time.Second},
		{"a time that is past", 1, answer(429, "Retry-After", "Tue, 24 Nov 2026 08:00:00 GMT"), time.Second},
		{"a reset", 1, answer(429, "RateLimit-Reset", "1795510802"), 3 * time.Second},
		{"nothing", 2, answer(429), 30 * time.Second},
		{"nonsense", 1, answer(429, "Retry-After", "-5"), 15 * time.Second},
		{"a broken server", 2, answer(500, "RateLimit-Reset", "1795510802"), time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tr.pause(tt.attempt, tt.resp); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

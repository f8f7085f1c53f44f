package gitlab_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/gitlab/gitlabtest"
)

// A note that is taken away while pages are read moves the others across the border of two pages; none may be missed.
func TestListThatShifts(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	m := w.propose("b")
	first, err := w.c.CreateNote(t.Context(), m.IID, "Den første")
	check(t, err)
	for i := range 150 {
		check(t, w.Comment("lone", m.IID, fmt.Sprintf("Bemærkning %d", i)))
	}
	pages := 0
	shifting := &onAnswer{do: func(r *http.Request) {
		if r.URL.Query().Get("page") == "1" && r.Method == http.MethodGet {
			if pages++; pages == 1 {
				check(t, w.c.DeleteNote(t.Context(), m.IID, first.ID))
			}
		}
	}}
	c, err := gitlab.Open(gitlab.Config{
		URL: w.URL(), Project: "42", Token: w.Token("lone"), HTTPClient: &http.Client{Transport: shifting}, Now: w.clock.Now, Sleep: w.clock.Sleep,
	})
	check(t, err)
	notes, err := c.Notes(t.Context(), m.IID)
	check(t, err)
	if len(notes) != 150 || pages != 2 {
		t.Errorf("%d notes after %d readings, want 150 after 2", len(notes), pages)
	}
}

// onAnswer does something after each answer.
type onAnswer struct{ do func(*http.Request) }

func (o *onAnswer) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	o.do(r)
	return resp, err
}

// Above 10,000 rows GitLab gives no totals, and a proxy may take all headers of paging away: the end is found all the same.
func TestListWithoutTotals(t *testing.T) {
	for _, tt := range []struct {
		name string
		next func(page int) http.Header
	}{
		{"X-Next-Page", func(page int) http.Header {
			if page == 3 {
				return http.Header{"X-Next-Page": {""}}
			}
			return http.Header{"X-Next-Page": {fmt.Sprint(page + 1)}}
		}},
		{"Link", func(page int) http.Header {
			if page == 3 {
				return http.Header{"Link": {`<http://h/notes?page=1>; rel="first"`}}
			}
			return http.Header{"Link": {fmt.Sprintf(`<http://h/notes?page=1>; rel="first", <http://h/notes?page=%d&per_page=100>; rel="next"`, page+1)}}
		}},
		{"nothing", func(int) http.Header { return nil }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				var page int
				if _, err := fmt.Sscan(r.URL.Query().Get("page"), &page); err != nil {
					t.Error(err)
				}
				for k, v := range tt.next(page) {
					w.Header()[k] = v
				}
				body := "["
				// The last of a page is the first of the next one too: something was added before it.
				for i := (page-1)*2 + 1; page <= 3 && i <= page*2+1; i++ {
					if body != "[" {
						body += ","
					}
					body += fmt.Sprintf(`{"id":%d,"author":{"id":1,"username":"lone"}}`, i)
				}
				_, _ = fmt.Fprint(w, body+"]")
			}))
			defer s.Close()
			c, err := gitlab.Open(gitlab.Config{URL: s.URL, Project: "1", Token: "t", Sleep: func(context.Context, time.Duration) error { return nil }})
			check(t, err)
			notes, err := c.Notes(t.Context(), 1)
			check(t, err)
			if len(notes) != 7 {
				t.Errorf("%d notes, want 7: %+v", len(notes), notes)
			}
		})
	}
}

// A list that never holds still is no list.
func TestListThatNeverHoldsStill(t *testing.T) {
	total := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		total++
		w.Header().Set("X-Next-Page", "")
		w.Header().Set("X-Total", fmt.Sprint(total+1))
		_, _ = fmt.Fprint(w, `[{"id":1,"author":{"id":1,"username":"lone"}}]`)
	}))
	defer s.Close()
	c, err := gitlab.Open(gitlab.Config{URL: s.URL, Project: "1", Token: "t", Sleep: func(context.Context, time.Duration) error { return nil }})
	check(t, err)
	_, err = c.Notes(t.Context(), 1)
	wantError(t, err, gitlab.ErrUnreachable, "changed while it was read")
	if total != 3 {
		t.Errorf("it was read %d times, want 3", total)
	}
}

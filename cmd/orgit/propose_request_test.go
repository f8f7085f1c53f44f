package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
)

// requestTown is a unit with a leader below one without.
func requestTown() *org.Organisation {
	day := org.Period{From: "2019-01-01"}
	leader := &org.Person{Key: "p1", Name: org.Name{Given: "Lone", Surname: "Leder"}}
	leader.Engagements = org.Keyed[*org.Engagement]{{Key: "a", Person: leader, Unit: "skole", Period: day}}
	worker := &org.Person{Key: "p2", Name: org.Name{Given: "Bo", Surname: "Ek"}}
	worker.Engagements = org.Keyed[*org.Engagement]{{Key: "a", Person: worker, Unit: "skole", Period: day}}
	skole := &org.Unit{Key: "skole", Name: "Skole <script>", Period: day}
	skole.Managers = org.Keyed[*org.Manager]{{Key: "a", Unit: skole, Person: "p1", Period: day}}
	return org.New(org.Organisation{
		Settings: org.Settings{Review: org.Review{Group: []string{"per", "ida"}}},
		Units:    []*org.Unit{skole}, People: []*org.Person{leader, worker},
	}, nil)
}

func bo(kind change.Kind) change.Change {
	return change.Change{Kind: kind, Unit: "skole", Effect: "2027-01-01", Subject: change.Subject{Kind: change.SubjectPerson, Key: "p2", Name: "Bo Ek"}}
}

// TestReviewers: the leaders of those units that the changes are about, where the server knows them; nobody reviews what is
// about themselves; else the group.
func TestReviewers(t *testing.T) {
	name := func(p *org.Person) string { return strings.ToLower(p.Name.Given) }
	own := bo(change.Leave)
	own.Subject.Key = "p1"
	for what, c := range map[string]struct {
		changes  []change.Change
		username func(*org.Person) string
		want     []string
	}{
		"leaders":           {[]change.Change{bo(change.Leave), bo(change.Move)}, name, []string{"lone"}},
		"no usernames":      {[]change.Change{bo(change.Leave)}, nil, []string{"per", "ida"}},
		"not on the server": {[]change.Change{bo(change.Leave)}, func(*org.Person) string { return "" }, []string{"per", "ida"}},
		"about themselves":  {[]change.Change{own}, name, []string{"per", "ida"}},
		"no unit":           {[]change.Change{{Kind: change.Settings}}, name, []string{"per", "ida"}},
	} {
		w := requestWriter{day: "2026-12-01", o: requestTown(), changes: c.changes}
		if diff := cmp.Diff(c.want, w.reviewers(c.username)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", what, diff)
		}
	}
}

// TestRequestText: names are text and nothing else, no line begins a command of GitLab's, and the title is one line that
// GitLab takes.
func TestRequestText(t *testing.T) {
	long := bo(change.Leave)
	long.Subject.Name = "/close\n@all " + strings.Repeat("Ø", 300)
	w := requestWriter{day: "2026-12-01", o: requestTown(), changes: []change.Change{long}}
	if title := w.title(); utf8.RuneCountInString(title) > 255 || strings.Contains(title, "\n") {
		t.Errorf("the title is %q", title)
	}
	w.changes = append(w.changes, bo(change.Hire))
	if got := w.title(); got != "2 ændringer i Skole <script>" {
		t.Errorf("the title is %q", got)
	}
	text := w.description()
	if strings.Contains(text, "<script>") || strings.Contains(text, " @all") {
		t.Errorf("not escaped: %s", text)
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "/") {
			t.Errorf("%q is a command", line)
		}
	}
	if diff := cmp.Diff([]string{"forslag", "ansættelse", "fratrædelse"}, w.labels()); diff != "" {
		t.Error(diff)
	}
}

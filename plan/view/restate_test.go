package view_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/plan/view"
)

const judgedHead = "3f1c0a526d0e4c559d7e0f4b3c1f9a11aabbccdd"

func standings(lang string) map[string]view.Standing {
	list := map[string]view.Standing{
		"missing":  {Class: "Godkendes af arbejdsgruppen (2).", Missing: "Ikke godkendt: der mangler 1 af 2 godkendelser fra arbejdsgruppen (per)."},
		"counted":  {Class: "Klasse *navne*.", Missing: "Ikke godkendt.", Given: "Tæller ikke: <!-- orgit:standing end --> (har selv stillet forslaget)."},
		"approved": {Class: "Godkendes af arbejdsgruppen (2).", Given: "Godkendt af lone og per."},
		"held":     {Class: "Godkendes af arbejdsgruppen (2).", Given: "Godkendt af lone og per.", Held: "Det holdes tilbage: der er en åben tråd."},
		"empty":    {},
	}
	for name, s := range list {
		s.Mark = view.StandingMark{Head: judgedHead, Language: lang, Files: s.Digest(), ByPlan: name == "held"}
		list[name] = s
	}
	return list
}

// TestRestate: a note in which it is said anew how it stands with approval is the very note that would be written now.
func TestRestate(t *testing.T) {
	english := mixed()
	english.Language = "en"
	for name, p := range map[string]*plan.Plan{"mixed": mixed(), "refused": refused(), "later": later(), "english": english} {
		for was, before := range standings(p.Language) {
			for is, after := range standings(p.Language) {
				body := note(t, p, view.NoteOptions{Standing: &before})
				if mark, ok := view.MarkOf(body); !ok || mark != before.Mark {
					t.Errorf("%s: the mark of the note is %+v, want %+v", name, mark, before.Mark)
				}
				got, ok := view.Restate(strings.TrimSpace(body), after)
				if !ok {
					t.Fatalf("%s: the note is not said anew", name)
				}
				if diff := cmp.Diff(strings.TrimSpace(note(t, p, view.NoteOptions{Standing: &after})), got); diff != "" {
					t.Errorf("%s, %s becomes %s (-want +got)\n%s", name, was, is, diff)
				}
			}
		}
	}
}

// TestNothingToRestate: a text that is no note of orgit's, or says nothing of approval, or is cut, stays as it is.
func TestNothingToRestate(t *testing.T) {
	s := standings("da")["missing"]
	whole := note(t, mixed(), view.NoteOptions{Standing: &s})
	unmarked := s
	unmarked.Mark = view.StandingMark{}
	begin := strings.Index(whole, "<!-- orgit:standing v1")
	for name, body := range map[string]string{
		"nothing":      "",
		"no standing":  note(t, mixed(), view.NoteOptions{}),
		"no mark":      note(t, mixed(), view.NoteOptions{Standing: &unmarked}),
		"no end":       strings.ReplaceAll(whole, "<!-- orgit:standing end -->", ""),
		"no beginning": whole[:begin] + whole[begin+1:],
		"a bad mark":   strings.ReplaceAll(whole, "by=files", "by=hand"),
		"somebody's":   "Hej\n" + whole,
		"faults":       faultsNote(t, view.Faults{Commit: judgedHead, Findings: brokenFiles()}),
	} {
		if got, ok := view.Restate(body, s); ok {
			t.Errorf("%s was said anew: %s", name, got)
		}
		if _, ok := view.MarkOf(body); ok {
			t.Errorf("%s has a mark", name)
		}
	}
	english := s
	english.Mark.Language = "en"
	if _, ok := view.Restate(whole, english); ok {
		t.Error("a standing in another language was said")
	}
	if _, ok := view.Restate(whole, unmarked); ok {
		t.Error("a standing without a mark was said")
	}
}

func FuzzRestate(f *testing.F) {
	s := standings("da")["held"]
	f.Add("")
	f.Add("<!-- orgit:plan v1 digest=00 -->\n###\n\n****\n<!-- orgit:standing v1 head=00ff language=da files=0000000000000000 by=plan -->\n<!-- orgit:standing end -->")
	f.Fuzz(func(t *testing.T, body string) {
		got, ok := view.Restate(body, s)
		if !ok {
			return
		}
		if mark, ok := view.MarkOf(got); !ok || mark != s.Mark || !view.IsNote(got) {
			t.Errorf("what was said anew is no note of its own: %q", got)
		}
		if again, ok := view.Restate(got, s); !ok || again != got {
			t.Errorf("said again it is another: %q and %q", got, again)
		}
	})
}

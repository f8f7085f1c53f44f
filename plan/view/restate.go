package view

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// StandingMark tells what a note says of approval is about. It stands in the note as a comment; whoever may change the note may
// change it too, so nothing is decided by it but what the note says.
type StandingMark struct {
	Head string // the commit that is judged; empty: there is no mark
	// Language is that of the note, and of what is said anew in it: da or en.
	Language string
	// Files identifies how the merge request stands by what its files alone do (Standing.Digest). While it is the same,
	// nothing has changed.
	Files string
	// ByPlan: its plan asks for other approval than its files alone, so that nobody can say how it stands without the plan.
	ByPlan bool
}

const (
	standingBegin = "<!-- orgit:standing v1 "
	standingEnd   = "<!-- orgit:standing end -->"
)

var standingComment = regexp.MustCompile(`^<!-- orgit:standing v1 head=([0-9a-f]{4,64}) language=(da|en) files=([0-9a-f]{16}) by=(files|plan) -->$`)

// comment is the mark as it stands in a note.
func (m StandingMark) comment() string {
	by := "files"
	if m.ByPlan {
		by = "plan"
	}
	text := fmt.Sprintf("%shead=%s language=%s files=%s by=%s -->", standingBegin, m.Head, m.Language, m.Files, by)
	if !standingComment.MatchString(text) {
		return ""
	}
	return text
}

// Digest identifies what a standing says.
func (s *Standing) Digest() string {
	sum := sha256.Sum256([]byte(strings.Join(s.lines(), "\n")))
	return hex.EncodeToString(sum[:8])
}

// verdicts are what the first line of a note is, or how it goes on, as it stands with approval. There is nothing in them that
// Markdown would have to be kept from.
var verdicts = []struct{ held, missing, approved phrase }{
	{
		phrase{"Planen kan ikke udføres endnu: Forslaget holdes tilbage.", "The plan cannot be carried out yet: the proposal is held back."},
		planApproves,
		phrase{"Planen kan udføres. Forslaget er godkendt.", "The plan can be carried out. The proposal is approved."},
	},
	{
		phrase{" Forslaget holdes tilbage.", " The proposal is held back."},
		phrase{" Forslaget mangler godkendelse.", " The proposal is not approved."},
		phrase{" Forslaget er godkendt.", " The proposal is approved."},
	},
}

// planApproves is the verdict about a plan that can be carried out once it is approved.
var planApproves = phrase{"Planen kan udføres, når den er godkendt.", "The plan can be carried out when it is approved."}

// gates says with a verdict how it stands with approval. can says that approval is all that the plan waits for: then the
// verdict is about that alone.
func (s *Standing) gates(verdict string, can bool, lang string) string {
	words := verdicts[1]
	if can {
		words, verdict = verdicts[0], ""
	}
	switch {
	case s.Held != "":
		return verdict + words.held.in(lang)
	case s.Missing != "":
		return verdict + words.missing.in(lang)
	}
	return verdict + words.approved.in(lang)
}

// ungated takes from a verdict what it says of approval.
func ungated(verdict, lang string) (rest string, can bool) {
	for i, words := range verdicts {
		for _, p := range []phrase{words.held, words.missing, words.approved} {
			switch text := p.in(lang); {
			case i == 0 && verdict == text:
				return "", true
			case i == 1 && strings.HasSuffix(verdict, text):
				return strings.TrimSuffix(verdict, text), false
			}
		}
	}
	return verdict, false
}

// noteLines are a note by lines, with the places in it that say how it stands with approval.
type noteLines struct {
	lines               []string
	verdict, begin, end int
	mark                StandingMark
}

func readNote(body string) (*noteLines, bool) {
	n := &noteLines{lines: strings.Split(strings.ReplaceAll(body, "\r\n", "\n"), "\n"), verdict: 3}
	n.begin = slices.IndexFunc(n.lines, func(l string) bool { return strings.HasPrefix(l, standingBegin) })
	n.end = slices.Index(n.lines, standingEnd)
	if n.begin <= n.verdict || n.end < n.begin || !IsNote(body) {
		return nil, false
	}
	found := standingComment.FindStringSubmatch(n.lines[n.begin])
	verdict := n.lines[n.verdict]
	if found == nil || len(verdict) < 4 || !strings.HasPrefix(verdict, "**") || !strings.HasSuffix(verdict, "**") {
		return nil, false
	}
	n.mark = StandingMark{Head: found[1], Language: found[2], Files: found[3], ByPlan: found[4] == "plan"}
	return n, true
}

// MarkOf reads the mark of a note; false where it has none.
func MarkOf(body string) (StandingMark, bool) {
	n, ok := readNote(body)
	if !ok {
		return StandingMark{}, false
	}
	return n.mark, true
}

// Restate gives a note that says the same but for how it stands with approval: the very note that Note would have written with
// that standing. False where the note has no mark of its own, or is in another language.
func Restate(body string, s Standing) (string, bool) {
	n, ok := readNote(body)
	if !ok || s.Mark.comment() == "" || s.Mark.Language != n.mark.Language {
		return "", false
	}
	lang := n.mark.Language
	var b strings.Builder
	m := markdownWriter{out: bufio.NewWriter(&b)}
	m.standing(document{standing: s.lines(), standingTitle: standingTitle.in(lang), standingMark: s.Mark})
	if err := m.out.Flush(); err != nil {
		return "", false // a strings.Builder takes everything
	}
	verdict := strings.TrimSuffix(strings.TrimPrefix(n.lines[n.verdict], "**"), "**")
	rest, can := ungated(verdict, lang)
	said := strings.Split(strings.Trim(b.String(), "\n"), "\n")
	lines := slices.Concat(n.lines[:n.verdict], []string{"**" + s.gates(rest, can, lang) + "**"}, n.lines[n.verdict+1:n.begin], said, n.lines[n.end+1:])
	return strings.Join(lines, "\n"), true
}

package view

import (
	"fmt"
	"strings"
	"unicode"
)

// document is what a plan says, before it is known how it is shown.
type document struct {
	title    string
	verdict  line
	standing []string // what the review rules say, where that is known
	// standingMark is what that is about.
	standingMark StandingMark
	counts       []string
	// Headings of the two lists above, where both are there.
	standingTitle, countsTitle string

	sections []section
	last     []string // what the plan was made of
}

// section is a part of the document under a heading.
type section struct {
	title     string
	intro     string
	technical bool // for those who run the systems: folded away where that is possible
	groups    []group
	diagrams  []diagram // only where pictures can be shown
}

// diagram is the source of one drawing, in the language of Mermaid, under a heading.
type diagram struct{ title, source string }

// group is a list, with a heading of its own when it has one.
type group struct {
	title string
	lines []line
	more  string // says how many lines were left out
}

// line is one thing that is said, with what belongs to it.
type line struct {
	mark  mark
	text  string
	under []string
}

// mark says in one character what the words say too.
type mark string

const (
	markNone   mark = ""
	markAdd    mark = "+"
	markChange mark = "~"
	markRemove mark = "-"
	markWarn   mark = "!"
)

func (s section) empty() bool {
	for _, g := range s.groups {
		if len(g.lines) > 0 || g.more != "" {
			return false
		}
	}
	return len(s.diagrams) == 0
}

// phrase is something in both languages of the plan.
type phrase struct{ da, en string }

func (p phrase) in(lang string) string {
	if lang == "en" {
		return p.en
	}
	return p.da
}

// format fills the phrase like fmt.Sprintf.
func (p phrase) format(lang string, args ...any) string { return fmt.Sprintf(p.in(lang), args...) }

// counted names a number of things: 1 ændring, 2 ændringer.
type counted struct{ one, many phrase }

func (c counted) of(n int, lang string) string {
	if n == 1 {
		return "1 " + c.one.in(lang)
	}
	return fmt.Sprintf("%d %s", n, c.many.in(lang))
}

// clean takes out what would move the cursor, colour the terminal or break a line: names
// come from files and systems that others write.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
}

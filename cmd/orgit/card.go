package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"orgit.dk/orgit/org"
)

// card is what is shown of one thing: a heading and labelled lines.
type card struct {
	Kind  string     `json:"kind"` // unit, person or robot
	Key   string     `json:"key"`
	Name  string     `json:"name"`
	Day   org.Day    `json:"day"`
	Lines []cardLine `json:"facts"`
}

// cardLine is one fact. Its name is for programs and the same in every language; label and
// text are for people.
type cardLine struct {
	Fact  string `json:"fact"`
	Label string `json:"label"`
	Text  string `json:"text"`
}

func (c *card) add(fact, label, text string) {
	if text != "" {
		c.Lines = append(c.Lines, cardLine{fact, label, text})
	}
}

// print writes the card; a label that several lines share stands at the first of them.
func (c *card) print(w io.Writer, day string) {
	width := 0
	for _, l := range c.Lines {
		width = max(width, utf8.RuneCountInString(l.Label))
	}
	fmt.Fprintf(w, "%s, %s\n", c.Name, day)
	before := ""
	for _, l := range c.Lines {
		label := l.Label
		if label == before {
			label = ""
		}
		before = l.Label
		fmt.Fprintf(w, "  %s%s  %s\n", label, strings.Repeat(" ", width-utf8.RuneCountInString(label)), l.Text)
	}
}

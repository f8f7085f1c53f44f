package view

import (
	"bufio"
	"io"
	"strings"
	"unicode/utf8"

	"orgit.dk/orgit/plan"
)

// defaultWidth is how many characters a line has where the terminal does not say.
const defaultWidth = 80

// mostText is how many lines a list has at a terminal unless all is asked for.
const mostText = 25

// Text writes a plan for a terminal.
func Text(w io.Writer, p *plan.Plan, look Lookup, opts TextOptions) error {
	c := composer{
		plan: shielded(p, look), look: look, lang: p.Language, most: mostText, first: true, brief: true,
		rest: phrase{"… og %d flere; se hele planen med --verbose", "… and %d more; see the whole plan with --verbose"},
	}
	if opts.Verbose {
		c.most, c.first, c.brief = 0, false, false
	}
	t := textWriter{out: bufio.NewWriter(w), width: opts.Width, colour: opts.Colour}
	if t.width == 0 {
		t.width = defaultWidth
	}
	t.document(c.document())
	if at := readAt(p, opts.Now); at != "" {
		t.line("", "", at)
	}
	return t.out.Flush()
}

// textWriter writes a document in lines of a width. Errors stay in the buffered writer
// until it is flushed.
type textWriter struct {
	out    *bufio.Writer
	width  int
	colour bool
}

// Escape sequences of terminals.
const (
	bold   = "\x1b[1m"
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	plain  = "\x1b[0m"
)

var markColours = map[mark]string{markAdd: green, markChange: yellow, markRemove: red, markWarn: red + bold}

func (t *textWriter) document(d document) {
	t.heading(d.title)
	t.item("", d.verdict)
	for _, count := range d.counts {
		t.line("  ", "  ", count)
	}
	for _, s := range d.sections {
		t.line("", "", "")
		t.section(s)
	}
	t.line("", "", "")
	for _, l := range d.last {
		t.line("", "", l)
	}
}

func (t *textWriter) section(s section) {
	t.heading(s.title)
	if s.intro != "" {
		t.line("  ", "  ", s.intro)
	}
	for _, g := range s.groups {
		indent := "  "
		if g.title != "" {
			t.line(indent, indent, g.title)
			indent += "  "
		}
		for _, l := range g.lines {
			t.item(indent, l)
		}
		if g.more != "" {
			t.line(indent, indent, g.more)
		}
	}
}

func (t *textWriter) heading(title string) {
	t.write(t.in(bold, clean(title)))
	t.write("\n")
}

func (t *textWriter) item(indent string, l line) {
	first, rest := indent, indent
	if l.mark != markNone {
		first = indent + t.in(markColours[l.mark], string(l.mark)) + " "
		rest = indent + "  "
	}
	t.wrapped(first, rest, len(rest), l.text)
	for _, under := range l.under {
		t.line(rest+"  ", rest+"    ", under)
	}
}

func (t *textWriter) line(first, rest, text string) { t.wrapped(first, rest, len(rest), text) }

// wrapped writes text in as many lines as it takes; indent is the width of what stands
// before it. A word that is longer than a line has one of its own.
func (t *textWriter) wrapped(first, rest string, indent int, text string) {
	used := indent
	t.write(first)
	for i, word := range words(clean(text)) {
		length := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case used+1+length > t.width:
			t.write("\n" + rest)
			used = indent
		default:
			t.write(" ")
			used++
		}
		t.write(word)
		used += length
	}
	t.write("\n")
}

// words splits text where a line may end: at blanks, but not after the number of a day.
func words(text string) []string {
	var list []string
	joined := false
	for _, word := range strings.Fields(text) {
		if joined {
			list[len(list)-1] += " " + word
		} else {
			list = append(list, word)
		}
		number, ordinal := strings.CutSuffix(strings.TrimLeft(word, "("), ".")
		joined = ordinal && number != "" && strings.Trim(number, "0123456789") == ""
	}
	return list
}

func (t *textWriter) in(colour, s string) string {
	if !t.colour || colour == "" {
		return s
	}
	return colour + s + plain
}

func (t *textWriter) write(s string) {
	t.out.WriteString(s) //nolint:errcheck // a bufio.Writer keeps its error for Flush
}

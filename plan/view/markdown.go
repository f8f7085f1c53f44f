package view

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"net/url"
	"strings"
	"time"
	"unicode"

	"orgit.dk/orgit/plan"
)

// mostMarkdown is how many lines a list has in a note. GitLab takes notes of up to a
// million characters; this stays well below.
const mostMarkdown = 75

// Markdown writes a plan as the note of a merge request. The operations are folded away.
// Only its last line depends on when the systems were read.
func Markdown(w io.Writer, p *plan.Plan, look Lookup) error {
	c := composer{
		plan: shielded(p, look), look: look, lang: p.Language, most: mostMarkdown, first: true,
		rest: phrase{"… og %d flere; orgit plan --verbose viser dem alle", "… and %d more; orgit plan --verbose shows all of them"},
	}
	m := markdownWriter{out: bufio.NewWriter(w)}
	m.document(c.document())
	if at := readAt(p, time.Time{}); at != "" {
		m.put("%s\n", escape(at))
	}
	return m.out.Flush()
}

// markdownWriter writes a document as GitLab's Markdown. Errors stay in the buffered
// writer until it is flushed.
type markdownWriter struct {
	out   *bufio.Writer
	whole link // where all of it can be read
}

// link is where something can be read, as Markdown takes it; empty when it is nowhere.
type link struct{ text, address string }

// newLink takes only what a browser opens and what cannot end the link that it stands in.
func newLink(text, address string) link {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.ContainsAny(address, " \t\r\n()<>[]\\\"'`") {
		return link{}
	}
	return link{text, address}
}

func (l link) markdown() string { return "[" + escape(l.text) + "](<" + l.address + ">)" }

func (m *markdownWriter) put(format string, args ...any) { fmt.Fprintf(m.out, format, args...) }

func (m *markdownWriter) document(d document) {
	m.put("### %s\n\n", escape(d.title))
	m.put("**%s**\n", escape(d.verdict.text))
	m.standing(d)
	m.list(d.countsTitle, d.counts)
	for _, s := range d.sections {
		m.put("\n")
		m.section(s)
	}
	m.put("\n---\n\n")
	for _, l := range d.last {
		m.put("%s\n\n", escape(l))
	}
}

// standing writes how it stands with approval, between two comments that no reader sees where it may be said anew.
func (m *markdownWriter) standing(d document) {
	mark := d.standingMark.comment()
	if mark == "" {
		m.list(d.standingTitle, d.standing)
		return
	}
	m.put("\n%s\n", mark)
	m.list(d.standingTitle, d.standing)
	m.put("\n%s\n", standingEnd)
}

// list writes plain lines, under a heading where there is one.
func (m *markdownWriter) list(title string, texts []string) {
	if len(texts) == 0 {
		return
	}
	m.put("\n")
	if title != "" {
		m.put("**%s**\n\n", escape(title))
	}
	for _, text := range texts {
		m.put("- %s\n", escape(text))
	}
}

func (m *markdownWriter) section(s section) {
	if s.technical {
		// A summary is HTML, in which no backslash keeps GitLab from finding references: it
		// holds words of the program's own and numbers only.
		m.put("<details><summary>%s: %s</summary>\n\n", html.EscapeString(clean(s.title)), html.EscapeString(clean(s.intro)))
		m.groups(s.groups)
		m.put("\n</details>\n")
		return
	}
	m.put("#### %s\n\n", escape(s.title))
	if s.intro != "" {
		m.put("%s\n\n", escape(s.intro))
	}
	for i, d := range s.diagrams {
		if i > 0 {
			m.put("\n")
		}
		m.put("**%s**\n\n```mermaid\n%s```\n", escape(d.title), d.source)
	}
	m.groups(s.groups)
}

func (m *markdownWriter) groups(groups []group) {
	for i, g := range groups {
		if i > 0 {
			m.put("\n")
		}
		if g.title != "" {
			m.put("**%s**\n\n", escape(g.title))
		}
		for _, l := range g.lines {
			m.item(l)
		}
		switch {
		case g.more != "" && m.whole != link{}:
			m.put("- %s: %s\n", escape(g.more), m.whole.markdown())
		case g.more != "":
			m.put("- %s\n", escape(g.more))
		}
	}
}

func (m *markdownWriter) item(l line) {
	m.put("- ")
	if l.mark != markNone {
		m.put("`%s` ", string(l.mark))
	}
	m.put("%s\n", escape(l.text))
	for _, under := range l.under {
		m.put("  - %s\n", escape(under))
	}
}

// escape writes text so that Markdown, HTML and GitLab's references (@somebody, #1, ~label)
// read it as it stands: names come from files and systems that others write.
func escape(s string) string {
	var b strings.Builder
	start := true // at the beginning of a line, where a number or dash makes a list
	for _, r := range clean(s) {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case strings.ContainsRune("\\`*_{}[]#|~@!$%^&", r),
			start && strings.ContainsRune("-+.)=", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
		start = start && (unicode.IsDigit(r) || r == ' ')
	}
	return b.String()
}

package view

import (
	"bufio"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// A merge request has one note of orgit's, which each pipeline writes anew. Its first line is a comment that no reader
// sees; what stands after noteRead tells only when the systems were read.
const (
	noteMarker = "<!-- orgit:plan v1 "
	noteRead   = "<!-- orgit:read -->"
)

// mostNote is how many characters a note has at most. GitLab takes a million; nobody reads that many.
const mostNote = 150_000

// NoteOptions are what a note says beside its plan. Whatever is zero is left out.
type NoteOptions struct {
	Standing *Standing
	Rights   Rights
	// Approved and Planned are drawn as before and after, where units change. Planned also tells people of the same name
	// apart.
	Approved, Planned *org.Organisation
	Warnings          []schema.Diagnostic // what the proposal brings into the files that somebody should look at
	Whole             string              // address of the whole plan, for what the note has no room for
	Now               time.Time           // to say how old the read of the systems is
}

// Standing is what the review rules say of the merge request, as sentences in the plan's language; an empty one is left
// out. Names in them are usernames or names, without @: a note must not call anybody.
type Standing struct {
	Class     string // which class the proposal has, and why
	Approvers string // who must approve
	Given     string // who has
	Missing   string // who or how many are missing; empty when it is approved
	Held      string // what holds it back; empty when nothing does
	// Mark lets Restate say anew how it stands; without one the note stays as it is.
	Mark StandingMark
}

// Rights are what people may do in IT systems and gain or lose with the proposal, as sentences in the plan's language.
type Rights struct{ Gained, Lost []string }

// Note writes the note of a merge request. It is the same text for the same plan and options, but for what stands last:
// see SameNote.
func Note(w io.Writer, p *plan.Plan, look Lookup, opts NoteOptions) error {
	c := composer{
		plan: toldApart(shielded(p, look), opts.Planned), look: look, lang: p.Language, first: true,
		rest: phrase{"… og %d flere", "… and %d more"},
	}
	if newLink("", opts.Whole) == (link{}) {
		c.rest = phrase{"… og %d flere; orgit plan --verbose viser dem alle", "… and %d more; orgit plan --verbose shows all of them"}
	}
	text := ""
	for _, most := range []int{mostMarkdown, 25, 8, 3} {
		c.most = most
		text = c.note(c.noteDocument(opts), opts)
		if utf8.RuneCountInString(text) <= mostNote {
			break
		}
	}
	if utf8.RuneCountInString(text) > mostNote {
		doc := c.withoutSections(opts)
		doc.sections = []section{{
			title:  phrase{"Planen er for lang til en note", "The plan is too long for a note"}.in(c.lang),
			groups: []group{{more: phrase{"Ingen af dens linjer er vist her", "None of its lines are shown here"}.in(c.lang)}},
		}}
		text = c.note(doc, opts)
	}
	_, err := io.WriteString(w, text)
	return err
}

// note writes a document between the marker and the age of the read.
func (c *composer) note(doc document, opts NoteOptions) string {
	var b strings.Builder
	m := markdownWriter{
		out:   bufio.NewWriter(&b),
		whole: newLink(phrase{"se hele planen", "see the whole plan"}.in(c.lang), opts.Whole),
	}
	m.put("%sdigest=%s -->\n", noteMarker, digestOf(c.plan.Digest))
	m.document(doc)
	if at := readAt(c.plan, time.Time{}); at != "" {
		m.put("%s\n%s\n", noteRead, escape(at+c.oldRead(opts.Now)))
	}
	if err := m.out.Flush(); err != nil {
		return "" // a strings.Builder takes everything
	}
	return b.String()
}

// digestOf keeps what belongs into a digest, so that nothing can end the comment that it stands in.
func digestOf(digest string) string {
	kept := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'f' {
			return r
		}
		return -1
	}, digest)
	if kept == "" {
		return "none"
	}
	return kept
}

// oldRead says how old the read of the systems was when the note was written, from an hour on.
func (c *composer) oldRead(now time.Time) string {
	at, err := time.Parse(time.RFC3339, c.plan.Provenance.Read)
	if err != nil || now.Sub(at) < time.Hour {
		return ""
	}
	return phrase{" Det var %s, før denne plan blev lavet.", " That was %s before this plan was made."}.format(c.lang, age(now.Sub(at), c.lang))
}

// noteDocument is what the note says, in the order in which a working group decides: may it be done and who has to say
// yes; what stands in the way; what cannot be taken back; what happens to the organisation; and last, for those who run
// the systems, how.
func (c *composer) noteDocument(opts NoteOptions) document {
	doc := c.withoutSections(opts)
	add := func(sections ...section) {
		for _, s := range sections {
			if !s.empty() {
				doc.sections = append(doc.sections, s)
			}
		}
	}
	add(c.refusals(), c.lossesNowAndLater(), c.human(), c.warnings(opts), c.waiting(), c.changesByDay(), c.rights(opts.Rights),
		c.chart(opts.Approved, opts.Planned), c.comingFolded())
	for i := range c.plan.Targets {
		add(c.operations(&c.plan.Targets[i]))
	}
	drift := c.drift()
	drift.intro += phrase{" Hvem der har gjort det, ved orgit ikke.", " Who did it, orgit does not know."}.in(c.lang)
	add(drift, c.foreign())
	return doc
}

// withoutSections is the head of the note: the verdict, how it stands with approval, the counts.
func (c *composer) withoutSections(opts NoteOptions) document {
	doc := document{title: c.title(), verdict: c.verdict(), counts: c.counts(), last: c.provenance()}
	if s := opts.Standing; s != nil {
		doc.verdict.text = c.gated(doc.verdict.text, s)
		doc.standing, doc.standingMark = s.lines(), s.Mark
		doc.standingTitle, doc.countsTitle = standingTitle.in(c.lang), phrase{"Omfang", "How much"}.in(c.lang)
	}
	return doc
}

var standingTitle = phrase{"Godkendelse", "Approval"}

// lines are what is said under the heading.
func (s *Standing) lines() []string {
	var lines []string
	for _, says := range []string{s.Class, s.Approvers, s.Given, s.Missing, s.Held} {
		if says != "" {
			lines = append(lines, says)
		}
	}
	return lines
}

// gated says with the verdict how it stands with approval.
func (c *composer) gated(verdict string, s *Standing) string {
	can := !c.plan.Empty() && len(c.plan.Refusals) == 0 && c.proposes()
	return s.gates(verdict, can, c.lang)
}

// rights lists what people may do and may no longer do.
func (c *composer) rights(r Rights) section {
	s := section{title: phrase{"Rettigheder", "Rights"}.in(c.lang)}
	for _, part := range []struct {
		title phrase
		mark  mark
		texts []string
	}{
		{phrase{"Mistes", "Lost"}, markRemove, r.Lost},
		{phrase{"Nye", "Gained"}, markAdd, r.Gained},
	} {
		if len(part.texts) == 0 {
			continue
		}
		var lines []line
		for _, text := range part.texts {
			lines = append(lines, line{mark: part.mark, text: text})
		}
		g := c.cut(lines, c.most)
		g.title = part.title.in(c.lang)
		s.groups = append(s.groups, g)
	}
	return s
}

// IsNote reports whether a text begins as a note of orgit's does. Anybody can write such a text: whose it is matters.
func IsNote(body string) bool { return strings.HasPrefix(body, noteMarker) }

// SameNote reports whether two notes say the same, whenever the systems were read for each. GitLab stores a note without
// the blanks at its end.
func SameNote(a, b string) bool { return essence(a) == essence(b) }

func essence(body string) string {
	body, _, _ = strings.Cut(strings.ReplaceAll(body, "\r\n", "\n"), noteRead)
	return strings.TrimSpace(body)
}

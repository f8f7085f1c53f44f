package view

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/agenda"
)

// phrase is something in both languages.
type phrase struct{ da, en string }

func (p phrase) in(lang string) string {
	if lang == "en" {
		return p.en
	}
	return p.da
}

func (p phrase) format(lang string, args ...any) string { return fmt.Sprintf(p.in(lang), args...) }

// counted writes a number of things.
func counted(n int, one, many phrase, lang string) string {
	if n == 1 {
		return "1 " + one.in(lang)
	}
	return fmt.Sprintf("%d %s", n, many.in(lang))
}

func units(n int, lang string) string {
	return counted(n, phrase{"enhed", "unit"}, phrase{"enheder", "units"}, lang)
}

func people(n int, lang string) string {
	return counted(n, phrase{"person", "person"}, phrase{"personer", "people"}, lang)
}

// TextOptions say how much of an agenda the terminal shows.
type TextOptions struct {
	Most int // items of each kind; 0: all
}

// Text writes the registers, how many items there are of each kind, and the first of each.
func Text(to io.Writer, a *agenda.Agenda, opts TextOptions) error {
	w := &textWriter{out: bufio.NewWriter(to), a: a, lang: a.Language, most: opts.Most}
	w.registers()
	w.counts()
	for _, kind := range agenda.Kinds() {
		w.kind(kind)
	}
	if w.most == 0 {
		w.notes()
	}
	if err := w.out.Flush(); err != nil {
		return fmt.Errorf("write the comparison: %w", err)
	}
	return nil
}

type textWriter struct {
	out  *bufio.Writer
	a    *agenda.Agenda
	lang string
	most int
}

func (w *textWriter) line(format string, args ...any) { fmt.Fprintf(w.out, format+"\n", args...) }

func (w *textWriter) registers() {
	w.line("%s", title(w.a))
	for i, r := range w.a.Registers {
		text := fmt.Sprintf("%s, %s: %s, %s", r.Name, change.Day(r.Day, w.lang), units(r.Units, w.lang), people(r.People, w.lang))
		if i > 0 {
			found := w.a.Found[i-1]
			text += phrase{"; %s og %s er fundet i %s", "; %s and %s were found in %s"}.format(w.lang, units(found.Units, w.lang), people(found.People, w.lang), w.a.Registers[0].Name)
		}
		if len(r.Notes) > 0 {
			text += phrase{"; %s fra læsningen", "; %s of reading"}.format(w.lang, counted(len(r.Notes), phrase{"bemærkning", "note"}, phrase{"bemærkninger", "notes"}, w.lang))
		}
		w.line("  %s", text)
	}
}

// title names the registers, the leading one first.
func title(a *agenda.Agenda) string {
	var others []string
	for _, r := range a.Registers[1:] {
		others = append(others, r.Name)
	}
	return phrase{"Sammenhold af %s (førende) og %s", "Comparison of %s (leading) and %s"}.format(a.Language, a.Registers[0].Name, joined(others, a.Language))
}

// joined makes one phrase of names: A, B og C.
func joined(names []string, lang string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + phrase{" og ", " and "}.in(lang) + names[last]
}

func (w *textWriter) counts() {
	w.line("")
	if len(w.a.Items) == 0 {
		w.line("%s", phrase{"Registrene siger det samme. Der er ikke noget at afklare.", "The registers say the same. There is nothing to agree about."}.in(w.lang))
		return
	}
	w.line("%s", phrase{"Skal afklares: %d", "To agree about: %d"}.format(w.lang, len(w.a.Items)))
	for _, kind := range agenda.Kinds() {
		if n := w.a.Count(kind); n > 0 {
			w.line("%6d  %s", n, agenda.Heading(kind, w.lang))
		}
	}
}

func (w *textWriter) kind(kind compare.Kind) {
	items := w.a.Of(kind)
	if len(items) == 0 {
		return
	}
	w.line("")
	w.line("%s (%d)", agenda.Heading(kind, w.lang), len(items))
	for i, item := range items {
		if w.most > 0 && i == w.most {
			w.line("  %s", phrase{"… og %d til (-v viser alle)", "… and %d more (-v shows all)"}.format(w.lang, len(items)-i))
			break
		}
		w.item(item)
	}
}

// notes are those of the readers.
func (w *textWriter) notes() {
	for _, r := range w.a.Registers {
		if len(r.Notes) == 0 {
			continue
		}
		w.line("")
		w.line("%s", phrase{"Bemærkninger fra læsningen af %s", "Notes of reading %s"}.format(w.lang, r.Name))
		for _, n := range r.Notes {
			w.line("  %s: %s", n.Origin, n.Text)
		}
	}
}

func (w *textWriter) item(item agenda.Item) {
	head := item.Name
	if unit := item.Unit(); unit != "" && !agenda.OfUnits(item.Kind) {
		head += " (" + strings.Join(item.Units, ", ") + ")"
	}
	w.line("  %s  [%s]", head, item.ID)
	for _, s := range []agenda.Side{item.Lead, item.Other} {
		w.line("    %s: %s", s.Register, s.Text)
	}
	for _, why := range item.Why {
		w.line("    - %s", why)
	}
}

package change

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"orgit.dk/orgit/org"
)

// Languages of sentences; anything else is Danish.
const (
	Danish  = "da"
	English = "en"
)

// text is something in both languages.
type text struct{ da, en string }

func (t text) in(lang string) string {
	if lang == English {
		return t.en
	}
	return t.da
}

// Sentence says a change in one sentence for people who know the organisation and not the
// program: in Danish, or in English when lang is "en".
func Sentence(c Change, lang string) string {
	pattern, ok := sentences[form{c.Kind, variant(c)}]
	if !ok {
		pattern = edits[edit(c)]
	}
	return fill(pattern.in(lang), c, lang)
}

// Day writes a day as people do: 1. december 2026, 1 December 2026.
func Day(d org.Day, lang string) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	if lang == English {
		return t.Format("2 January 2006")
	}
	return fmt.Sprintf("%d. %s %d", t.Day(), danishMonths[t.Month()-1], t.Year())
}

var danishMonths = [12]string{
	"januar", "februar", "marts", "april", "maj", "juni",
	"juli", "august", "september", "oktober", "november", "december",
}

// fill puts the change into a pattern. Names in braces stand for its parts; those that
// may be missing bring the blank and the word before them along.
func fill(pattern string, c Change, lang string) string {
	label := fieldLabel(c, lang)
	return strings.NewReplacer(
		"{who}", who(c.Subject, lang),
		"{name}", c.Subject.Name,
		"{about}", parens(c.Subject.About),
		"{label}", label,
		"{Label}", capital(label),
		"{old}", say(c, c.From, lang),
		"{new}", say(c, c.To, lang),
		"{day}", Day(c.Effect, lang),
		"{daybefore}", Day(c.Effect.Add(-1), lang),
		"{wasday}", Day(c.Was, lang),
		"{role}", role(c, lang),
		"{post}", role(c, lang)+post(c, lang),
		"{others}", listed(c.Others, lang),
		"{from}", dated(text{" fra ", " from "}, c.Effect, lang),
		"{until}", dated(text{" til og med ", " until "}, c.Until, lang),
		"{was}", after(dated(text{" (før: ", " (before: "}, c.Was, lang), ")"),
		"{before}", after(worded(text{" (før: ", " (before: "}, say(c, c.From, lang), lang), ")"),
		"{succeeds}", after(worded(text{" (afløser ", " (after "}, c.From, lang), ")"),
		"{under}", worded(text{" under ", " below "}, c.To, lang),
		"{goes}", after(worded(text{" Medarbejderne fortsætter i ", " Those who work there go on in "}, c.To, lang), "."),
		"{answers}", after(worded(text{" (ansvarlig: ", " (responsible: "}, c.To, lang), ")"),
	).Replace(pattern)
}

// role is what a leader leads as, in the middle of a sentence.
func role(c Change, lang string) string {
	switch c.Role {
	case "":
		return text{"leder", "leader"}.in(lang)
	case ActingRole:
		return text{"konstitueret leder", "acting leader"}.in(lang)
	}
	first, size := utf8.DecodeRuneInString(c.Role)
	if next, _ := utf8.DecodeRuneInString(c.Role[size:]); unicode.IsUpper(next) {
		return c.Role // an abbreviation
	}
	return string(unicode.ToLower(first)) + c.Role[size:]
}

// post ties a role to the unit: leder af, souschef i.
func post(c Change, lang string) string {
	if c.Role == "" || c.Role == ActingRole {
		return text{" af", " of"}.in(lang)
	}
	return text{" i", " of"}.in(lang)
}

func who(s Subject, lang string) string {
	number := worded(text{"nr. ", "no. "}, s.Number, lang)
	return s.Name + parens(about(s.About, number))
}

func parens(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

func dated(word text, d org.Day, lang string) string {
	if d == "" {
		return ""
	}
	return word.in(lang) + Day(d, lang)
}

func worded(word text, s, lang string) string {
	if s == "" {
		return ""
	}
	return word.in(lang) + s
}

func after(s, end string) string {
	if s == "" {
		return ""
	}
	return s + end
}

func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// listed writes names as people list them: a, b og c.
func listed(subjects []Subject, lang string) string {
	var b strings.Builder
	for i, s := range subjects {
		switch {
		case i > 0 && i == len(subjects)-1:
			b.WriteString(text{" og ", " and "}.in(lang))
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(s.Name)
	}
	return b.String()
}

// say writes a value of the change's field: days as days, parts as per cent, yes and no
// and the schema's own words as words.
func say(c Change, v, lang string) string {
	name, _, _ := strings.Cut(c.Field, ".")
	switch {
	case c.Kind == Settings:
		return v
	case flags[name] && v == "":
		return text{"nej", "no"}.in(lang)
	case name == "fraction":
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			percent := strconv.FormatFloat(math.Round(f*1e8)/1e6, 'f', -1, 64) // 0.07 times 100 is not quite 7
			return strings.Replace(percent, ".", text{",", "."}.in(lang), 1) + " %"
		}
	case name == "from" || name == "to" || name == "annulled" || c.Field == FieldRemoved:
		return Day(org.Day(v), lang)
	case name == "internal":
		roles := strings.Split(v, ", ")
		for i, role := range roles {
			roles[i] = labelOf(labels["addresses."+role], role, lang)
		}
		return strings.Join(roles, ", ")
	}
	return labelOf(words[v], v, lang)
}

func labelOf(t text, otherwise, lang string) string {
	if t == (text{}) {
		return otherwise
	}
	return t.in(lang)
}

// fieldLabel is what people call the change's field.
func fieldLabel(c Change, lang string) string {
	if c.Kind == Settings {
		return settingLabel(c.Field, lang)
	}
	if t, ok := labels[string(c.Kind)+":"+c.Field]; ok {
		return t.in(lang)
	}
	if t, ok := labels[c.Field]; ok {
		return t.in(lang)
	}
	name, part, _ := strings.Cut(c.Field, ".")
	if t, ok := labels[name]; ok {
		return t.in(lang) + parens(part)
	}
	return c.Field
}

// settingLabel names a section of the settings, with the rest of the way as it stands.
func settingLabel(field, lang string) string {
	if rest, ok := strings.CutPrefix(field, "targets.domains."); ok {
		key, below, _ := strings.Cut(rest, ".")
		return text{"AD-domænet ", "the AD domain "}.in(lang) + key + parens(below)
	}
	for at := field; ; {
		if t, ok := sections[at]; ok {
			return t.in(lang) + parens(strings.TrimPrefix(strings.TrimPrefix(field, at), "."))
		}
		i := strings.LastIndexByte(at, '.')
		if i < 0 {
			return field
		}
		at = at[:i]
	}
}

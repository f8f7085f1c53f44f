package repository

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"orgit.dk/orgit/org/edit"
)

// way writes one thing of an entry in another way, where it fits: it reports whether it did.
type way func(*entry) (fits bool, err error)

// feature makes the entry use more of CUE than plain data, without a change of what it says: one of the ways that fit it,
// drawn at random. Those that fit few entries stand there more than once.
func (e *entry) feature(random *rand.Rand) error {
	ways := []way{(*entry).byUnitTemplate, (*entry).byUnitTemplate, (*entry).byUnitTemplate, (*entry).byTownHall, (*entry).byTownHall,
		(*entry).byInterpolation, (*entry).byStreet, (*entry).byTaskLoop, (*entry).byTypeDefault}
	if e.kind == "people" {
		ways = []way{(*entry).byJobTemplate, (*entry).byLogin, (*entry).byReference, (*entry).byGuard, (*entry).byJobLoop, (*entry).byTypeDefault}
	}
	random.Shuffle(len(ways), func(i, j int) { ways[i], ways[j] = ways[j], ways[i] })
	for _, way := range ways {
		if fits, err := way(e); fits || err != nil {
			return err
		}
	}
	return nil
}

// field gives a field of a struct to be written, nil where there is none.
func field(s edit.Struct, name string) *edit.Field {
	for i := range s {
		if s[i].Name == name {
			return &s[i]
		}
	}
	return nil
}

// inner gives the fields of a struct that is a field of another one.
func inner(s edit.Struct, name string) edit.Struct {
	if f := field(s, name); f != nil {
		in, _ := f.Value.(edit.Struct)
		return in
	}
	return nil
}

// without leaves fields out.
func without(s edit.Struct, names ...string) edit.Struct {
	return slices.DeleteFunc(slices.Clone(s), func(f edit.Field) bool { return slices.Contains(names, f.Name) })
}

// on builds a struct on a template: _template & {…}.
func on(template, parent string, s edit.Struct) (edit.Expression, error) {
	text, err := edit.Spell(parent, s)
	return edit.Expression(template + " & " + text), err
}

// byUnitTemplate: units: {"key": _institution & {…}}.
func (e *entry) byUnitTemplate() (bool, error) {
	if f := field(e.fields, "type"); f.Value != "institution" {
		return false, nil
	}
	e.base, e.fields = "_institution", without(e.fields, "type")
	addresses := field(e.fields, "addresses")
	addresses.Value = without(addresses.Value.(edit.Struct), "visitHours")
	return true, nil
}

// byTownHall: addresses: _raadhuset & {…}.
func (e *entry) byTownHall() (fits bool, err error) {
	f := field(e.fields, "addresses")
	if visit := field(f.Value.(edit.Struct), "visit"); visit == nil || visit.Value != townHall()[0].Value {
		return false, nil
	}
	f.Value, err = on("_raadhuset", "addresses", without(f.Value.(edit.Struct), "visit", "post"))
	return true, err
}

// places gives the addresses of a unit of which the one for mail is its name and the one for visits; nil otherwise.
func (e *entry) places() (visit, post *edit.Field) {
	addresses := inner(e.fields, "addresses")
	visit, post = field(addresses, "visit"), field(addresses, "post")
	if visit == nil || post == nil || post.Value != fmt.Sprint(field(e.fields, "name").Value, ", ", visit.Value) {
		return nil, nil
	}
	return visit, post
}

// byInterpolation: post: "\(name), \(visit)".
func (e *entry) byInterpolation() (bool, error) {
	_, post := e.places()
	if post == nil {
		return false, nil
	}
	post.Value = edit.Expression(`"\(name), \(visit)"`)
	return true, nil
}

// byStreet: let street = "…", which both addresses have.
func (e *entry) byStreet() (bool, error) {
	visit, post := e.places()
	if visit == nil {
		return false, nil
	}
	text, err := edit.Spell("", visit.Value)
	e.lets = append(e.lets, "let street = "+text)
	visit.Value, post.Value = edit.Expression("street"), edit.Expression(`"\(name), \(street)"`)
	return true, err
}

// byTaskLoop: kle: {for aspect in ["responsible"] {…}}, and of units without tasks their code in the same way.
func (e *entry) byTaskLoop() (bool, error) {
	for _, name := range []string{"kle", "sources"} {
		f := field(e.fields, name)
		if f == nil {
			continue
		}
		in := f.Value.(edit.Struct)[0]
		text, err := edit.Spell(in.Name, in.Value)
		f.Value = edit.Expression(fmt.Sprintf("{for key in [%q] {(key): %s}}", in.Name, text))
		return true, err
	}
	return false, nil
}

// byTypeDefault: type: *"team" | "afdeling", and the same of jobs.
func (e *entry) byTypeDefault() (bool, error) {
	f, other := field(e.fields, "type"), "afdeling"
	if e.kind == "people" {
		f, other = field(inner(e.fields, "engagements")[0].Value.(edit.Struct), "type"), "fleksjob"
	}
	if f.Value == other {
		return false, nil
	}
	f.Value = edit.Expression(fmt.Sprintf("*%q | %q", f.Value, other))
	return true, nil
}

// byJobTemplate: "a": _fuldtid & {…}, or _vikar of those who are paid by the hour.
func (e *entry) byJobTemplate() (fits bool, err error) {
	for i, f := range inner(e.fields, "engagements") {
		job := f.Value.(edit.Struct)
		template, given := "_vikar", []string{"type"}
		if field(job, "type").Value != "timeloen" {
			template, given = "_fuldtid", []string{"type", "fraction"}
			if field(job, "fraction").Value != 1.0 {
				continue
			}
		}
		inner(e.fields, "engagements")[i].Value, err = on(template, f.Name, without(job, given...))
		return true, err
	}
	return false, nil
}

// byLogin: let login = "…", which is the account and the beginning of the mail address.
func (e *entry) byLogin() (bool, error) {
	name, mail := field(inner(inner(e.fields, "accounts"), "ad"), "name"), field(inner(e.fields, "addresses"), "email")
	if name == nil || mail == nil {
		return false, nil
	}
	text, err := edit.Spell("", name.Value)
	e.lets = append(e.lets, "let login = "+text)
	mail.Value = edit.Expression(`"\(login)` + strings.TrimPrefix(mail.Value.(string), name.Value.(string)) + `"`)
	name.Value = edit.Expression("login")
	return true, err
}

// byReference: email: "\(accounts.ad.name)@…", and the second job from the day of the first.
func (e *entry) byReference() (bool, error) {
	if jobs := inner(e.fields, "engagements"); len(jobs) > 1 {
		first, second := field(jobs[0].Value.(edit.Struct), "from"), field(jobs[1].Value.(edit.Struct), "from")
		if first.Value == second.Value {
			second.Value = edit.Expression("engagements.a.from")
			return true, nil
		}
	}
	name, mail := field(inner(inner(e.fields, "accounts"), "ad"), "name"), field(inner(e.fields, "addresses"), "email")
	if name == nil || mail == nil {
		return false, nil
	}
	mail.Value = edit.Expression(`"\(accounts.ad.name)` + strings.TrimPrefix(mail.Value.(string), name.Value.(string)) + `"`)
	return true, nil
}

// byGuard: addresses: {if !shielded {phone: "…"}}.
func (e *entry) byGuard() (bool, error) {
	f := field(e.fields, "addresses")
	if f == nil || field(e.fields, "shielded") != nil {
		return false, nil
	}
	phone := field(f.Value.(edit.Struct), "phone")
	if phone == nil {
		return false, nil
	}
	guarded, err := edit.Spell("", edit.Struct{*phone})
	if err != nil {
		return false, err
	}
	text, err := edit.Spell("addresses", without(f.Value.(edit.Struct), "phone"))
	text = strings.TrimSuffix(text, "}")
	if text != "{" {
		text += ", "
	}
	f.Value = edit.Expression(text + "if !shielded " + guarded + "}")
	e.fields = slices.Insert(e.fields, 2, edit.Field{Name: "shielded", Value: false})
	return true, err
}

// byJobLoop: leaves: {for key, part in {…} {(key): part}}, and what changes of a job in the same way.
func (e *entry) byJobLoop() (bool, error) {
	for _, job := range inner(e.fields, "engagements") {
		for _, name := range []string{"leaves", "on"} {
			f := field(job.Value.(edit.Struct), name)
			if f == nil {
				continue
			}
			each, err := edit.Spell(name, f.Value)
			f.Value = edit.Expression("{for key, part in " + each + " {(key): part}}")
			return true, err
		}
	}
	return false, nil
}

package change

import (
	"maps"
	"slices"
	"strconv"

	"orgit.dk/orgit/org"
)

// value is what a field states: nothing when it is not stated, one empty text when it is
// cleared (null), else one text or several.
type value []string

func (v value) cleared() bool { return len(v) == 1 && v[0] == "" }

// fields are the values of one state of a thing by name; parts of a field follow a dot:
// addresses.phone.
type fields map[string]value

func (f fields) text(name, v string) {
	if v != "" {
		f[name] = value{v}
	}
}

func (f fields) day(name string, d org.Day) { f.text(name, string(d)) }

// flag states what is true; false is the same as not stated.
func (f fields) flag(name string, v bool) {
	if v {
		f[name] = value{"true"}
	}
}

func (f fields) number(name string, v float64) {
	if v != 0 {
		f[name] = value{strconv.FormatFloat(v, 'f', -1, 64)}
	}
}

func (f fields) list(name string, v []string) {
	if len(v) > 0 {
		f[name] = v
	}
}

// keys states a list, or that there is none.
func (f fields) keys(name string, v org.Keys) {
	f.list(name, v)
	if v != nil && len(v) == 0 {
		f[name] = value{""}
	}
}

// ref states a key, or that there is none.
func (f fields) ref(name string, r org.Ref) {
	if r.Stated {
		f[name] = value{r.Key}
	}
}

func (f fields) values(name string, v org.Values) {
	for key, text := range v {
		f[name+"."+key] = value{text}
	}
}

func (f fields) lists(name string, v map[string][]string) {
	for key, list := range v {
		f.list(name+"."+key, list)
	}
}

func (f fields) period(p org.Period) {
	f.day("from", p.From)
	f.day("to", p.To)
}

// moment is what a thing states from a day on; the first of a timeline has no day.
type moment struct {
	day    org.Day
	fields fields
}

type timeline []moment

// timelineOf gives what a thing states from the beginning and from each amendment on.
func timelineOf[T any](base *T, versions []org.Version[T], read func(*T) fields) timeline {
	t := timeline{{fields: read(base)}}
	for _, v := range versions {
		t = append(t, moment{v.From, read(v.State)})
	}
	return t
}

// always is the timeline of a thing that is never amended.
func always(f fields) timeline { return timeline{{fields: f}} }

// step is a day from which a field has another value than before.
type step struct {
	day   org.Day
	value value
}

type steps []step

// of gives the first value of the field and every later one that differs from the one
// before it.
func (t timeline) of(field string) steps {
	s := steps{{value: t[0].fields[field]}}
	for _, m := range t[1:] {
		if v := m.fields[field]; !slices.Equal(v, s[len(s)-1].value) {
			s = append(s, step{m.day, v})
		}
	}
	return s
}

// on gives the value that holds on the day.
func (s steps) on(day org.Day) value {
	var v value
	for _, x := range s {
		if x.day > day {
			break
		}
		v = x.value
	}
	return v
}

// without gives the later steps on days on which other has none.
func (s steps) without(other steps) steps {
	var rest steps
	for _, x := range s[1:] {
		if !slices.ContainsFunc(other[1:], func(y step) bool { return y.day == x.day }) {
			rest = append(rest, x)
		}
	}
	return rest
}

// difference is one thing that is not the same in two timelines.
type difference struct {
	field     string
	from, to  value
	effect    org.Day
	was       org.Day
	correct   bool
	withdrawn bool
}

// text gives the new value where the field holds one text.
func (d difference) text() string {
	if len(d.to) == 0 {
		return ""
	}
	return d.to[0]
}

// old gives the old value where the field holds one text.
func (d difference) old() string {
	if len(d.from) == 0 {
		return ""
	}
	return d.from[0]
}

// differences gives, in order of field, what differs between two timelines of one thing.
// It is empty when every field has the same value on every day.
func differences(base, head timeline) []difference {
	names := map[string]bool{}
	for _, t := range []timeline{base, head} {
		for _, m := range t {
			for name := range m.fields {
				names[name] = true
			}
		}
	}
	var all []difference
	for _, name := range slices.Sorted(maps.Keys(names)) {
		for _, d := range between(base.of(name), head.of(name)) {
			d.field = name
			all = append(all, d)
		}
	}
	if len(all) == 0 && !slices.EqualFunc(base, head, func(a, b moment) bool { return a.day == b.day }) {
		all = append(all, difference{field: FieldOn, correct: true})
	}
	return all
}

// turned reports whether a yes became a no: like the other way round, that is no correction.
func turned(was, is value) bool { return len(is) == 0 && slices.Equal(was, value{"true"}) }

// between gives what differs in one field.
func between(base, head steps) []difference {
	var all []difference
	if was, is := base[0].value, head[0].value; !slices.Equal(was, is) {
		all = append(all, difference{from: was, to: is, correct: len(was) > 0 && !turned(was, is)})
	}
	for _, h := range head[1:] {
		for _, b := range base[1:] {
			if h.day == b.day && !slices.Equal(h.value, b.value) {
				all = append(all, difference{from: b.value, to: h.value, effect: h.day, correct: true})
			}
		}
	}
	gone := base.without(head)
	for _, h := range head.without(base) {
		d := difference{from: head.on(h.day.Add(-1)), to: h.value, effect: h.day}
		same := func(b step) bool { return slices.Equal(b.value, h.value) }
		if i := slices.IndexFunc(gone, same); i >= 0 {
			d.was, d.correct = gone[i].day, true
			gone = slices.Delete(gone, i, i+1)
		} else if slices.Equal(base.on(h.day), h.value) {
			continue // it was so on that day before, too: what differs lies earlier
		}
		all = append(all, d)
	}
	for _, b := range gone {
		if stays := head.on(b.day); !slices.Equal(stays, b.value) {
			all = append(all, difference{from: b.value, to: stays, effect: b.day, correct: true, withdrawn: true})
		}
	}
	return all
}

package shortcut

import (
	"regexp"
	"strconv"
	"unicode/utf8"

	"orgit.dk/orgit/schema/plain"
)

// Rules are the definitions in a form in which plain data can be held against them. They
// do not change, so several goroutines may use them.
type Rules struct {
	kinds map[string]rule
}

// rule is one definition.
type rule interface {
	// accept gives the value with the defaults filled in; ok is false where it is not
	// certain that CUE accepts it and gives just that.
	accept(v plain.Value) (filled plain.Value, ok bool)
	// takes says which kinds of values the rule may accept.
	takes() kinds
}

// kinds is a set of kinds.
type kinds uint8

func only(k plain.Kind) kinds { return 1 << k }

func (s kinds) has(k plain.Kind) bool { return s&only(k) != 0 }

const scalars = kinds(1<<plain.Null | 1<<plain.Bool | 1<<plain.Number | 1<<plain.Text)

// opaque is a definition that is not understood. It may take anything, so whatever stands
// beside it in a disjunction is in doubt too.
type opaque struct{}

func (opaque) accept(plain.Value) (plain.Value, bool) { return plain.Value{}, false }
func (opaque) takes() kinds                           { return 0xff }

// bottom is a definition that nothing fits, such as an error(…) that says what is wrong
// where no other arm fits.
type bottom struct{}

func (bottom) accept(plain.Value) (plain.Value, bool) { return plain.Value{}, false }
func (bottom) takes() kinds                           { return 0 }

// anyOf accepts every value of one kind of scalars, such as string or bool.
type anyOf plain.Kind

func (k anyOf) accept(v plain.Value) (plain.Value, bool) { return v, v.Kind == plain.Kind(k) }
func (k anyOf) takes() kinds                             { return only(plain.Kind(k)) }

// whole accepts whole numbers. CUE tells 37 from 37.0.
type whole struct{}

func (whole) accept(v plain.Value) (plain.Value, bool) {
	if v.Kind != plain.Number {
		return v, false
	}
	_, err := strconv.ParseInt(v.Text, 10, 64)
	return v, err == nil
}
func (whole) takes() kinds { return only(plain.Number) }

// constant accepts one text or truth value.
type constant plain.Value

func (c constant) accept(v plain.Value) (plain.Value, bool) {
	return v, v.Kind == c.Kind && v.Text == c.Text
}
func (c constant) takes() kinds { return only(c.Kind) }

// bound accepts numbers on one side of a limit. That a number has few digits makes the
// comparison exact.
type bound struct {
	than   float64
	admits func(number, than float64) bool
}

func (b bound) accept(v plain.Value) (plain.Value, bool) {
	if v.Kind != plain.Number {
		return v, false
	}
	n, err := strconv.ParseFloat(v.Text, 64)
	return v, err == nil && b.admits(n, b.than)
}
func (b bound) takes() kinds { return only(plain.Number) }

// pattern accepts texts in which a regular expression matches: CUE's =~ is Go's
// [regexp.Regexp.MatchString].
type pattern struct{ *regexp.Regexp }

func (p pattern) accept(v plain.Value) (plain.Value, bool) {
	return v, v.Kind == plain.Text && p.MatchString(v.Text)
}
func (p pattern) takes() kinds { return only(plain.Text) }

// length accepts texts of at most so many characters.
type length int

func (l length) accept(v plain.Value) (plain.Value, bool) {
	return v, v.Kind == plain.Text && utf8.RuneCountInString(v.Text) <= int(l)
}
func (l length) takes() kinds { return only(plain.Text) }

// both accepts scalars that two rules accept.
type both struct{ a, b rule }

func (r both) accept(v plain.Value) (plain.Value, bool) {
	if _, ok := r.a.accept(v); !ok {
		return v, false
	}
	_, ok := r.b.accept(v)
	return v, ok
}
func (r both) takes() kinds { return r.a.takes() & r.b.takes() }

// oneOf is a disjunction of which at most one arm takes lists and at most one structs. What
// a scalar fits in several arms it is in each of them the same.
type oneOf struct {
	arms  []rule
	known kinds
	// preferred is the arm marked as the default; nil when there is none.
	preferred *plain.Value
}

func (r oneOf) accept(v plain.Value) (plain.Value, bool) {
	for _, arm := range r.arms {
		if !arm.takes().has(v.Kind) {
			continue
		}
		if filled, ok := arm.accept(v); ok {
			return filled, true
		}
	}
	return plain.Value{}, false
}
func (r oneOf) takes() kinds { return r.known }

// list accepts lists of any length whose elements one rule accepts.
type list struct{ of rule }

func (r list) accept(v plain.Value) (plain.Value, bool) {
	if v.Kind != plain.List {
		return v, false
	}
	for i := range v.Parts {
		filled, ok := r.of.accept(v.Parts[i].Value)
		if !ok {
			return v, false
		}
		v.Parts[i].Value = filled
	}
	return v, true
}
func (r list) takes() kinds { return only(plain.List) }

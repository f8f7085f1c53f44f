package org

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"orgit.dk/orgit/schema/plain"
)

// Version is what a thing states from a day on, after its amendments (`on`) up to and
// including that day have been applied.
type Version[T any] struct {
	From  Day
	State *T
}

// versionAt returns the state that holds on the day: the last version that has begun,
// or base when none has.
func versionAt[T any](base *T, versions []Version[T], day Day) *T {
	state := base
	for _, v := range versions {
		if v.From > day {
			break
		}
		state = v.State
	}
	return state
}

// decodeDated reads a thing and its amendments. base receives what the entry states
// without `on`; for each amendment, in date order, the fields it names replace those of
// the state before it, except that maps of values merge by key and null takes away. A
// null stays in the fields, because for some (Ref, Keys, Tasks) it says more than nothing.
func decodeDated[T any](d *plain.Decoder, v plain.Value, base *T) ([]Version[T], error) {
	if err := d.Decode(v, base); err != nil {
		return nil, err
	}
	on, _ := v.Field("on")
	if len(on.Parts) == 0 {
		return nil, nil
	}
	days := slices.Clone(on.Parts)
	slices.SortFunc(days, func(a, b plain.Part) int { return cmp.Compare(a.Name, b.Name) })
	var versions []Version[T]
	fields := slices.Clone(v.Parts)
	for _, day := range days {
		for _, part := range day.Value.Parts {
			fields = amend(fields, part)
		}
		state := new(T)
		if err := d.Decode(plain.Value{Kind: plain.Struct, Parts: fields}, state); err != nil {
			return nil, fmt.Errorf("amend on %s: %w", day.Name, err)
		}
		versions = append(versions, Version[T]{From: Day(day.Name), State: state})
	}
	return versions, nil
}

// mergedFields are the maps of values that an amendment merges by key; every other
// field is replaced whole.
func mergedFields(field string) bool {
	return field == "sources" || field == "parents" || clearedByKey(field)
}

// clearedByKey are the maps whose values targets hold: taking the whole map away clears
// each value that it stated, as null for that value would.
func clearedByKey(field string) bool {
	return field == "addresses" || field == "numbers" || field == "ids"
}

// amend gives the fields with one of them amended. A null in a map of values stays: for
// addresses and numbers it says that the value is cleared in the targets, which is more
// than not being stated.
func amend(fields []plain.Part, with plain.Part) []plain.Part {
	i := slices.IndexFunc(fields, func(f plain.Part) bool { return f.Name == with.Name })
	null := with.Value.Kind == plain.Null
	switch {
	case i < 0 && null && mergedFields(with.Name):
		return fields
	case i < 0:
		return append(fields, with)
	case null && clearedByKey(with.Name):
		fields[i].Value = cleared(fields[i].Value)
	case null && mergedFields(with.Name):
		return slices.Delete(fields, i, i+1)
	case mergedFields(with.Name):
		fields[i].Value = merged(fields[i].Value, with.Value)
	default:
		fields[i] = with
	}
	return fields
}

func cleared(base plain.Value) plain.Value {
	values := plain.Value{Kind: plain.Struct}
	for _, part := range base.Parts {
		values.Parts = append(values.Parts, plain.Part{Name: part.Name})
	}
	return values
}

func merged(base, with plain.Value) plain.Value {
	parts := slices.Clone(base.Parts)
	for _, part := range with.Parts {
		if i := slices.IndexFunc(parts, func(p plain.Part) bool { return p.Name == part.Name }); i >= 0 {
			parts[i] = part
		} else {
			parts = append(parts, part)
		}
	}
	return plain.Value{Kind: plain.Struct, Parts: parts}
}

// keyed is a thing in a map of an entry, which knows its key there.
type keyed interface{ setKey(key string) }

// Keyed holds the values of a CUE struct whose field names are keys, in the order of
// those keys, so that whoever walks through it does so in the same order every time.
type Keyed[T keyed] []T

// UnmarshalPlain reads fields whose names are keys.
func (k *Keyed[T]) UnmarshalPlain(d *plain.Decoder, v plain.Value) error {
	if v.Kind != plain.Struct && v.Kind != plain.Null {
		return fmt.Errorf("it is %s", v.Kind)
	}
	parts := v.Parts
	byName := func(a, b plain.Part) int { return cmp.Compare(a.Name, b.Name) }
	if !slices.IsSortedFunc(parts, byName) {
		parts = slices.Clone(parts)
		slices.SortFunc(parts, byName)
	}
	*k = make(Keyed[T], len(parts))
	for i, part := range parts {
		if err := d.Decode(part.Value, &(*k)[i]); err != nil {
			return fmt.Errorf("%s: %w", part.Name, err)
		}
		(*k)[i].setKey(part.Name)
	}
	return nil
}

// Values are texts by name, such as addresses by role. A name that is missing is not
// managed by orgit; the empty text says that the value is to be cleared (null in CUE).
type Values map[string]string

// UnmarshalPlain reads fields that are texts or null.
func (v *Values) UnmarshalPlain(_ *plain.Decoder, from plain.Value) error {
	*v = make(Values, len(from.Parts))
	for _, part := range from.Parts {
		if k := part.Value.Kind; k != plain.Text && k != plain.Null {
			return fmt.Errorf("%s is %s", part.Name, k)
		}
		(*v)[part.Name] = part.Value.Text
	}
	return nil
}

// Names returns the names in alphabetical order.
func (v Values) Names() []string { return slices.Sorted(maps.Keys(v)) }

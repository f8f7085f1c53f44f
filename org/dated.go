package org

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
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
func decodeDated[T any](data []byte, base *T) ([]Version[T], error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return nil, err
	}
	rawOn, amended := fields["on"]
	delete(fields, "on")
	if err := decodeFields(fields, base); err != nil {
		return nil, err
	}
	if !amended {
		return nil, nil
	}
	var on map[Day]map[string]json.RawMessage
	if err := json.Unmarshal(rawOn, &on); err != nil {
		return nil, fmt.Errorf("read the amendments: %w", err)
	}
	var versions []Version[T]
	for _, day := range slices.Sorted(maps.Keys(on)) {
		if err := amend(fields, on[day]); err != nil {
			return nil, fmt.Errorf("amend on %s: %w", day, err)
		}
		state := new(T)
		if err := decodeFields(fields, state); err != nil {
			return nil, fmt.Errorf("amend on %s: %w", day, err)
		}
		versions = append(versions, Version[T]{From: day, State: state})
	}
	return versions, nil
}

func decodeFields[T any](fields map[string]json.RawMessage, into *T) error {
	whole, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	return json.Unmarshal(whole, into)
}

// mergedFields are the maps of values that an amendment merges by key; every other
// field is replaced whole.
func mergedFields(field string) bool {
	return field == "sources" || field == "parents" || clearedByKey(field)
}

func amend(fields, patch map[string]json.RawMessage) error {
	for name, value := range patch {
		switch {
		case mergedFields(name) && !isNull(value) && fields[name] != nil:
			merged, err := mergeByKey(fields[name], value)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			fields[name] = merged
		case isNull(value) && clearedByKey(name) && fields[name] != nil:
			cleared, err := clearValues(fields[name])
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			fields[name] = cleared
		case isNull(value) && mergedFields(name):
			delete(fields, name)
		default:
			fields[name] = value
		}
	}
	return nil
}

// clearedByKey are the maps whose values targets hold: taking the whole map away clears
// each value that it stated, as null for that value would.
func clearedByKey(field string) bool {
	return field == "addresses" || field == "numbers" || field == "ids"
}

func clearValues(base json.RawMessage) (json.RawMessage, error) {
	var values map[string]json.RawMessage
	if err := json.Unmarshal(base, &values); err != nil {
		return nil, err
	}
	for name := range values {
		values[name] = json.RawMessage("null")
	}
	return json.Marshal(values)
}

// mergeByKey keeps a null: for addresses and numbers it says that the value is cleared
// in the targets, which is more than not being stated.
func mergeByKey(base, patch json.RawMessage) (json.RawMessage, error) {
	var into, from map[string]json.RawMessage
	if err := json.Unmarshal(base, &into); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(patch, &from); err != nil {
		return nil, err
	}
	maps.Copy(into, from)
	return json.Marshal(into)
}

func isNull(v json.RawMessage) bool { return bytes.Equal(bytes.TrimSpace(v), []byte("null")) }

// keyed is a thing in a map of an entry, which knows its key there.
type keyed interface{ setKey(key string) }

// Keyed holds the values of a CUE struct whose field names are keys, in the order of
// those keys, so that whoever walks through it does so in the same order every time.
type Keyed[T keyed] []T

// UnmarshalJSON reads an object of values.
func (k *Keyed[T]) UnmarshalJSON(data []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	*k = make(Keyed[T], 0, len(raw))
	for _, key := range slices.Sorted(maps.Keys(raw)) {
		var v T
		if err := json.Unmarshal(raw[key], &v); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		v.setKey(key)
		*k = append(*k, v)
	}
	return nil
}

// Values are texts by name, such as addresses by role. A name that is missing is not
// managed by orgit; the empty text says that the value is to be cleared (null in CUE).
type Values map[string]string

// UnmarshalJSON reads an object of texts and nulls.
func (v *Values) UnmarshalJSON(data []byte) error {
	var raw map[string]*string
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	*v = make(Values, len(raw))
	for name, text := range raw {
		(*v)[name] = ""
		if text != nil {
			(*v)[name] = *text
		}
	}
	return nil
}

// Names returns the names in alphabetical order.
func (v Values) Names() []string { return slices.Sorted(maps.Keys(v)) }

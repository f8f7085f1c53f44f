package org

import "orgit.dk/orgit/schema/plain"

// The types here tell "nothing is stated" (not managed, the zero value) from "stated as
// none" (null in CUE, or an empty list): the second is taken away in the targets.

// Ref is the key of another entry.
type Ref struct {
	Key    string // empty when none
	Stated bool
}

// UnmarshalPlain reads a key or null.
func (r *Ref) UnmarshalPlain(d *plain.Decoder, v plain.Value) error {
	*r = Ref{Stated: true}
	return d.Decode(v, &r.Key) // null leaves it empty
}

// Keys are keys, or numbers of a classification: nil when nothing is stated, empty when
// none.
type Keys []string

// UnmarshalPlain reads a list of texts or null.
func (k *Keys) UnmarshalPlain(d *plain.Decoder, v plain.Value) error {
	var list []string
	if err := d.Decode(v, &list); err != nil {
		return err
	}
	if list == nil {
		list = []string{}
	}
	*k = list
	return nil
}

// Aspects of tasks: what a unit has to do with them.
const (
	TaskResponsible = "responsible"
	TaskPerforming  = "performing"
	TaskInformed    = "informed"
)

// TaskAspects are all of them, in the order in which people name them.
func TaskAspects() []string { return []string{TaskResponsible, TaskPerforming, TaskInformed} }

// Tasks are KLE numbers by aspect. An aspect that is missing is not stated.
type Tasks map[string]Keys

// UnmarshalPlain reads lists by aspect, or null for none in any.
func (t *Tasks) UnmarshalPlain(d *plain.Decoder, v plain.Value) error {
	if v.Kind != plain.Null {
		return d.Decode(v, (*map[string]Keys)(t))
	}
	*t = Tasks{}
	for _, aspect := range TaskAspects() {
		(*t)[aspect] = Keys{}
	}
	return nil
}

package org

import (
	"bytes"
	"encoding/json"
)

// The types here tell "nothing is stated" (not managed, the zero value) from "stated as
// none" (null in CUE, or an empty list): the second is taken away in the targets.

// Ref is the key of another entry.
type Ref struct {
	Key    string // empty when none
	Stated bool
}

// UnmarshalJSON reads a key or null.
func (r *Ref) UnmarshalJSON(data []byte) error {
	*r = Ref{Stated: true}
	return json.Unmarshal(data, &r.Key) // null leaves it empty
}

// Keys are keys, or numbers of a classification: nil when nothing is stated, empty when
// none.
type Keys []string

// UnmarshalJSON reads a list of texts or null.
func (k *Keys) UnmarshalJSON(data []byte) error {
	list := []string{}
	if !bytes.Equal(data, []byte("null")) {
		if err := json.Unmarshal(data, &list); err != nil {
			return err
		}
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

// UnmarshalJSON reads lists by aspect, or null for none in any.
func (t *Tasks) UnmarshalJSON(data []byte) error {
	if bytes.Equal(data, []byte("null")) {
		*t = Tasks{}
		for _, aspect := range TaskAspects() {
			(*t)[aspect] = Keys{}
		}
		return nil
	}
	return json.Unmarshal(data, (*map[string]Keys)(t))
}

package propose

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"orgit.dk/orgit/org"
)

// Trailer is the name under which a commit's message carries each of its typed changes, as JSON on one line.
const Trailer = "Org-Change"

// ErrTrailer: a commit says that it has a typed change which cannot be read. Trailers come from branches, which anybody may
// write to.
var ErrTrailer = errors.New("the change in the commit's message cannot be read")

// Message is the text of a commit: a subject, and the changes as trailers. Nobody's name is in it.
func Message(subject string, changes []Change) (string, error) {
	var b strings.Builder
	b.WriteString(subject + "\n\n")
	for _, c := range changes {
		text, err := c.line()
		if err != nil {
			return "", err
		}
		b.WriteString(Trailer + ": " + text + "\n")
	}
	return b.String(), nil
}

func (c Change) line() (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(c); err != nil {
		return "", fmt.Errorf("write the change %s: %w", c.Do, err)
	}
	return strings.TrimSpace(b.String()), nil
}

// ReadMessage gives the typed changes of a commit's message, without their texts. A message without any gives none.
func ReadMessage(message string) ([]Change, error) {
	var changes []Change
	for line := range strings.Lines(message) {
		text, ok := strings.CutPrefix(strings.TrimRight(line, "\r\n"), Trailer+": ")
		if !ok {
			continue
		}
		c, err := parse(text)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrTrailer, err)
		}
		changes = append(changes, c)
	}
	return changes, nil
}

func parse(text string) (c Change, err error) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&c); err != nil {
		return c, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return c, errors.New("more than one value")
	}
	if c.V != 1 {
		return c, fmt.Errorf("it has the version %d, and this program reads version 1", c.V)
	}
	return c, c.shape()
}

var (
	keyShape  = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
	uuidShape = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
)

// shape refuses what is no key, UUID or day where one must stand.
func (c Change) shape() error {
	keys := append([]string{c.Person, c.Engagement, c.Unit, c.Key, c.Parent, c.Successor}, c.Units...)
	for _, of := range c.People {
		keys = append(keys, of.Person, of.Engagement)
	}
	for _, key := range keys {
		if key != "" && !keyShape.MatchString(key) {
			return fmt.Errorf("%q is no key", key)
		}
	}
	if c.New != "" && !uuidShape.MatchString(string(c.New)) {
		return fmt.Errorf("%q is no UUID", c.New)
	}
	for _, day := range []org.Day{c.From, c.Until, c.Last} {
		if _, err := org.ParseDay(string(day)); day != "" && err != nil {
			return err
		}
	}
	return nil
}

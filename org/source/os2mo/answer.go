package os2mo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"orgit.dk/orgit/schema"
)

// item is an object of a collection as it stands in an answer.
type item interface {
	identifier() id
	whole() error
}

// page is a part of a collection.
type page[O item] struct {
	objects []O
	next    string // the cursor; empty on the last page
}

// parseAnswer reads an answer of the GraphQL endpoint: {"data": {collection: {objects, page_info}}}.
// An answer with errors is an error, whatever data it has besides: what is missing there
// would look as if it had ended.
func parseAnswer[O item](text []byte, collection string) (page[O], error) {
	var answer struct {
		Data   map[string]*json.RawMessage `json:"data"`
		Errors []trouble                   `json:"errors"`
	}
	if err := decode(text, &answer); err != nil {
		return page[O]{}, err
	}
	if len(answer.Errors) > 0 {
		return page[O]{}, answer.Errors[0].error(len(answer.Errors))
	}
	part := answer.Data[collection]
	if part == nil {
		return page[O]{}, fmt.Errorf("the answer holds no %s", collection)
	}
	var list listing[O]
	if err := decode(*part, &list); err != nil {
		return page[O]{}, err
	}
	if list.Objects == nil || list.Info == nil || !list.Info.Next.said {
		return page[O]{}, errors.New("the answer lacks its objects, or does not say whether there are more")
	}
	for i, o := range *list.Objects {
		if err := o.whole(); err != nil {
			return page[O]{}, fmt.Errorf("object %d of the page: %w", i+1, err)
		}
	}
	return page[O]{*list.Objects, list.Info.Next.text}, nil
}

// decode reads one JSON value and refuses anything after it. Its error never quotes the
// text, which holds CPR numbers.
func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("the answer is not the JSON that was asked for (byte %d: %s)", d.InputOffset(), plain(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more after the end of the answer")
	}
	return nil
}

// plain says what is wrong with JSON, without its text.
func plain(err error) string {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &kind):
		return "a " + kind.Value + " where another kind of value belongs"
	case errors.As(err, &syntax):
		return "not well-formed"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "it breaks off"
	case errors.Is(err, errShape):
		return err.Error()
	}
	return "unreadable"
}

// trouble is an error in a GraphQL answer.
type trouble struct {
	Message    string `json:"message"`
	Extensions struct {
		Context struct {
			Key string `json:"error_key"`
		} `json:"error_context"`
	} `json:"extensions"`
}

const messageMax = 300

func (t trouble) error(count int) error {
	text := strings.Join(strings.Fields(t.Message), " ")
	if runes := []rune(text); len(runes) > messageMax {
		text = string(runes[:messageMax]) + "…"
	}
	if key := t.Extensions.Context.Key; key != "" && len(key) < 100 {
		text += " (" + key + ")"
	}
	text = schema.MaskCPR(text)
	class := ErrUnreachable
	if strings.Contains(t.Message, "No policy approved the access") {
		class = ErrDenied
	}
	if count > 1 {
		return fmt.Errorf("%w: %s, and %d more errors", class, text, count-1)
	}
	return fmt.Errorf("%w: %s", class, text)
}

type listing[O any] struct {
	Objects *[]O      `json:"objects"`
	Info    *pageInfo `json:"page_info"`
}

type pageInfo struct {
	Next nullable `json:"next_cursor"`
}

// nullable is a text that may be null, but has to be there.
type nullable struct {
	text string
	said bool
}

func (n *nullable) UnmarshalJSON(text []byte) error {
	n.said = true
	if string(text) == "null" {
		return nil
	}
	if err := json.Unmarshal(text, &n.text); err != nil || n.text == "" {
		return fmt.Errorf("%w: a text is missing", errShape)
	}
	return nil
}

var (
	errShape  = errors.New("an unexpected value")
	uuidShape = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
)

// id is a UUID in small letters.
type id string

func (i *id) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return fmt.Errorf("%w: an identifier is no text", errShape)
	}
	if s = strings.ToLower(s); !uuidShape.MatchString(s) {
		return fmt.Errorf("%w: an identifier is no UUID", errShape)
	}
	*i = id(s)
	return nil
}

// ref is a reference. A nil *ref says that there is none.
type ref struct {
	UUID id `json:"uuid"`
}

func (r *ref) id() id {
	if r == nil {
		return ""
	}
	return r.UUID
}

// refs is a list of references within an object.
type refs struct{ ids []id }

func (r *refs) UnmarshalJSON(text []byte) error {
	var list listing[ref]
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	if list.Objects == nil || list.Info == nil || !list.Info.Next.said || list.Info.Next.text != "" {
		return fmt.Errorf("%w: a list of references is not whole", errShape)
	}
	for _, o := range *list.Objects {
		if o.UUID == "" {
			return fmt.Errorf("%w: a reference without an identifier", errShape)
		}
		r.ids = append(r.ids, o.UUID)
	}
	return nil
}

// instant is an end of a validity; the zero time stands for open.
type instant struct {
	time.Time
	said bool
}

func (i *instant) UnmarshalJSON(text []byte) error {
	i.said = true
	if string(text) == "null" {
		return nil
	}
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return fmt.Errorf("%w: a time is no text", errShape)
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return fmt.Errorf("%w: a time is not written as 2026-01-01T00:00:00+01:00", errShape)
	}
	i.Time = t
	return nil
}

// validity is when something is in force: from From until, but not including, To.
type validity struct {
	From instant `json:"from"`
	To   instant `json:"to"`
}

// object is an object with its validities.
type object[T dated] struct {
	UUID       id   `json:"uuid"`
	Validities *[]T `json:"validities"`
}

// dated is what an object says in a period.
type dated interface{ period() *validity }

// term is the field that all validities have.
type term struct {
	Validity *validity `json:"validity"`
}

func (t term) period() *validity { return t.Validity }

func (o object[T]) identifier() id { return o.UUID }

func (o object[T]) whole() error {
	if o.UUID == "" || o.Validities == nil {
		return errors.New("its identifier or its validities are missing")
	}
	for _, v := range *o.Validities {
		if p := v.period(); p == nil || !p.From.said || !p.To.said {
			return fmt.Errorf("%s has a validity without a period", o.UUID)
		}
	}
	return nil
}

// bare is an object of which only the identifier was asked for.
type bare struct {
	UUID id `json:"uuid"`
}

func (o bare) identifier() id { return o.UUID }

func (o bare) whole() error {
	if o.UUID == "" {
		return errors.New("its identifier is missing")
	}
	return nil
}

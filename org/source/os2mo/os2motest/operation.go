package os2motest

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// operation is a query that is being carried out.
type operation struct {
	server    *Server
	now       time.Time
	selection ast.SelectionSet
	variables map[string]any
}

// operation reads a query and checks it against the schema, if there is one.
func (s *Server) operation(q Query) (*operation, error) {
	var doc *ast.QueryDocument
	if s.opts.Schema != nil {
		checked, faults := gqlparser.LoadQueryWithRules(s.opts.Schema.parsed, q.Text, rules.NewDefaultRules())
		if len(faults) > 0 {
			return nil, faults
		}
		doc = checked
	} else {
		parsed, err := parser.ParseQuery(&ast.Source{Input: q.Text})
		if err != nil {
			return nil, err
		}
		doc = parsed
	}
	def := doc.Operations.ForName(q.Operation)
	switch {
	case def == nil:
		return nil, errors.New("unknown operation named " + q.Operation)
	case def.Operation != ast.Query:
		return nil, errors.New("the stand-in only reads")
	}
	variables := q.Variables
	if s.opts.Schema != nil {
		known, err := validator.VariableValues(s.opts.Schema.parsed, def, q.Variables)
		if err != nil {
			return nil, err
		}
		variables = known
	}
	return &operation{s, s.opts.Clock(), def.SelectionSet, variables}, nil
}

// place gives which collection the operation is about (the first, if there are more), and
// which page of it.
func (o *operation) place() (collection string, page int) {
	list := fields(o.selection)
	if len(list) == 0 {
		return "", 0
	}
	args, err := o.arguments(list[0])
	if err != nil {
		return list[0].Name, 0
	}
	c, err := readCursor(args["cursor"])
	if err != nil {
		return list[0].Name, 0
	}
	return list[0].Name, c.Page
}

func (o *operation) run() (map[string]any, error) {
	out := map[string]any{}
	for _, f := range fields(o.selection) {
		if err := undeprecated(f); err != nil {
			return nil, err
		}
		if _, ok := o.server.data[f.Name]; !ok && !isCollection(f.Name) {
			return nil, fmt.Errorf("the stand-in has no %s", f.Name)
		}
		list, err := o.collection(f)
		if err != nil {
			return nil, err
		}
		out[f.Alias] = list
	}
	return out, nil
}

func isCollection(name string) bool {
	switch name {
	case "facets", "classes", "itsystems", "org_units", "persons", "engagements", "managers", "associations", "itusers",
		"rolebindings", "addresses", "kles", "related_units", "leaves", "owners":
		return true
	}
	return false
}

// fields gives the fields of a selection, those of fragments included.
func fields(set ast.SelectionSet) []*ast.Field {
	var list []*ast.Field
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			list = append(list, s)
		case *ast.InlineFragment:
			list = append(list, fields(s.SelectionSet)...)
		case *ast.FragmentSpread:
			if s.Definition != nil {
				list = append(list, fields(s.Definition.SelectionSet)...)
			}
		}
	}
	return list
}

// undeprecated refuses what will be taken away in a coming version.
func undeprecated(f *ast.Field) error {
	if f.Definition != nil && f.Definition.Directives.ForName("deprecated") != nil {
		return fmt.Errorf("%w: %s", errDeprecated, f.Name)
	}
	return nil
}

// arguments gives the arguments of a field that were given; null is a value that was given.
func (o *operation) arguments(f *ast.Field) (map[string]any, error) {
	out := map[string]any{}
	for _, arg := range f.Arguments {
		v, err := arg.Value.Value(o.variables)
		if err != nil {
			return nil, err
		}
		out[arg.Name] = v
	}
	return out, nil
}

// asked reads a window out of arguments: what was not given is now, null is open.
func (o *operation) asked(args map[string]any, from, to string) (window, error) {
	w := at(o.now)
	for name, into := range map[string]*time.Time{from: &w.from, to: &w.to} {
		value, given := args[name]
		if !given {
			continue
		}
		t, err := moment(value)
		if err != nil {
			return window{}, err
		}
		*into = t
	}
	return w, nil
}

// moment reads a time; null is the zero time.
func moment(value any) (time.Time, error) {
	if value == nil {
		return time.Time{}, nil
	}
	text, ok := value.(string)
	if !ok {
		return time.Time{}, errors.New("a time is no text")
	}
	return time.Parse(time.RFC3339Nano, text)
}

// cursor is where a walk stands.
type cursor struct {
	Page   int       `json:"page"`
	Offset int       `json:"offset"`
	Known  time.Time `json:"known"`
}

func readCursor(value any) (cursor, error) {
	c := cursor{Page: 1}
	if value == nil {
		return c, nil
	}
	text, ok := value.(string)
	if !ok {
		return c, errors.New("a cursor is no text")
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return c, errors.New("unknown cursor")
	}
	if err := json.Unmarshal(raw, &c); err != nil || c.Offset < 0 || c.Page < 1 {
		return c, errors.New("unknown cursor")
	}
	return c, nil
}

func (c cursor) text() (string, error) {
	raw, err := json.Marshal(c)
	return base64.StdEncoding.EncodeToString(raw), err
}

package os2motest

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// object answers the selection of an object: its UUID, validities, or the one in force now.
func (o *operation) object(set ast.SelectionSet, object Object) (map[string]any, error) {
	out := map[string]any{}
	for _, f := range fields(set) {
		if err := undeprecated(f); err != nil {
			return nil, err
		}
		args, err := o.arguments(f)
		if err != nil {
			return nil, err
		}
		switch f.Name {
		case "uuid":
			out[f.Alias] = object.UUID
		case "validities":
			w, err := o.asked(args, "start", "end")
			if err != nil {
				return nil, err
			}
			list, err := o.validities(f.SelectionSet, object, w)
			if err != nil {
				return nil, err
			}
			out[f.Alias] = list
		case "current":
			list, err := o.validities(f.SelectionSet, object, at(o.now))
			if err != nil {
				return nil, err
			}
			out[f.Alias] = nil
			if len(list) > 0 {
				out[f.Alias] = list[0]
			}
		default:
			return nil, fmt.Errorf("cannot query field %s on an object", f.Name)
		}
	}
	return out, nil
}

func (o *operation) validities(set ast.SelectionSet, object Object, w window) ([]any, error) {
	list := []any{}
	for _, v := range object.Validities {
		if !v.overlaps(w) {
			continue
		}
		shown, err := o.validity(set, object, v)
		if err != nil {
			return nil, err
		}
		list = append(list, shown)
	}
	return list, nil
}

// validity answers the selection of a validity's fields.
func (o *operation) validity(set ast.SelectionSet, object Object, v Validity) (map[string]any, error) {
	out := map[string]any{}
	for _, f := range fields(set) {
		if err := undeprecated(f); err != nil {
			return nil, err
		}
		value, err := o.field(f, object, v)
		if err != nil {
			return nil, err
		}
		if value == nil && f.Definition != nil && f.Definition.Type.NonNull {
			return nil, fmt.Errorf("cannot return null for non-nullable field %s of %s", f.Name, object.UUID)
		}
		out[f.Alias] = value
	}
	return out, nil
}

func (o *operation) field(f *ast.Field, object Object, v Validity) (any, error) {
	value := v.Fields[f.Name]
	switch {
	case f.Name == "uuid":
		return object.UUID, nil
	case f.Name == "validity":
		return bounds(f, v), nil
	case f.Name == "name" && value == nil:
		// What an address is called is what it says, where nobody said otherwise.
		return v.Fields["value"], nil
	case f.Name == "user_key" && value == nil:
		return object.UUID, nil
	case strings.HasSuffix(f.Name, "_response") || strings.HasSuffix(f.Name, "_responses"):
		return o.reference(f, value)
	}
	return number(value), nil
}

func bounds(f *ast.Field, v Validity) map[string]any {
	out := map[string]any{}
	for _, g := range fields(f.SelectionSet) {
		text := map[string]string{"from": v.From, "to": v.To}[g.Name]
		out[g.Alias] = nil
		if text != "" {
			out[g.Alias] = text
		}
	}
	return out
}

// reference answers a field that refers to objects. A single reference is given as it
// stands, whether there is such an object or not. A list is looked up with a filter of its own.
func (o *operation) reference(f *ast.Field, value any) (any, error) {
	isList := false
	for _, g := range fields(f.SelectionSet) {
		isList = isList || g.Name == "objects"
	}
	if isList {
		ids, _ := value.([]string)
		return o.references(f, ids)
	}
	uuid, _ := value.(string)
	if uuid == "" {
		return nil, nil
	}
	object, ok := o.server.index[uuid]
	if !ok {
		object = Object{UUID: uuid}
	}
	return o.object(f.SelectionSet, object)
}

func (o *operation) references(f *ast.Field, ids []string) (any, error) {
	args, err := o.arguments(f)
	if err != nil {
		return nil, err
	}
	filter, _ := args["filter"].(map[string]any)
	w, err := o.asked(filter, "from_date", "to_date")
	if err != nil {
		return nil, err
	}
	known, err := o.known(filter)
	if err != nil {
		return nil, err
	}
	var part []Object
	for _, uuid := range ids {
		object, ok := o.server.index[uuid]
		if ok && (object.Known.After(known) || !inForce(object, w)) {
			continue
		}
		if !ok {
			object = Object{UUID: uuid}
		}
		part = append(part, object)
	}
	return o.listing(f.SelectionSet, part, nil)
}

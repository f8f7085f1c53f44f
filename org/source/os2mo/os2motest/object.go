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
			if out[f.Alias], err = o.validities(f.SelectionSet, object, w, args); err != nil {
				return nil, err
			}
		case "current":
			list, err := o.validities(f.SelectionSet, object, at(o.now), args)
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

// validities answers with what an object says in a window, as it was known at a registration
// time of its own: that of the list it stands in is not handed on.
func (o *operation) validities(set ast.SelectionSet, object Object, w window, args map[string]any) ([]any, error) {
	known, err := o.known(args)
	if err != nil {
		return nil, err
	}
	list := []any{}
	version, _ := o.server.registered(object.UUID, known)
	for _, v := range version.Validities {
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
	return o.object(f.SelectionSet, Object{UUID: uuid})
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
		object, ok := o.server.registered(uuid, known)
		if ok && !inForce(object, w) || !ok && len(o.server.index[uuid]) > 0 {
			continue
		}
		part = append(part, Object{UUID: uuid})
	}
	return o.listing(f.SelectionSet, part, nil)
}

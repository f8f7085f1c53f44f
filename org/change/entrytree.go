package change

import (
	"reflect"
	"strings"
)

// entryTree gives the entries of a kind (an org.Keyed) as they stand in the files: maps by
// key and by name of field, lists, texts, numbers. Amendments stand below `on`, each with
// the fields in which it differs from what held before.
func entryTree(entries any) any { return valueTree(reflect.ValueOf(entries)) }

func valueTree(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return valueTree(v.Elem())
	case reflect.Struct:
		return structTree(v)
	case reflect.Slice:
		return listTree(v)
	case reflect.Map:
		t := map[string]any{}
		for names := v.MapRange(); names.Next(); {
			t[names.Key().String()] = valueTree(names.Value())
		}
		return t
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Int:
		return float64(v.Int())
	case reflect.Float64:
		return v.Float()
	}
	return nil // unreachable: entries hold nothing else
}

// listTree gives things with a key as a map, and other lists as lists.
func listTree(v reflect.Value) any {
	if of := v.Type().Elem(); of.Kind() == reflect.Pointer && of.Elem().Kind() == reflect.Struct {
		t := map[string]any{}
		for i := range v.Len() {
			t[v.Index(i).Elem().FieldByName("Key").String()] = valueTree(v.Index(i))
		}
		return t
	}
	t := make([]any, v.Len())
	for i := range t {
		t[i] = valueTree(v.Index(i))
	}
	return t
}

func structTree(v reflect.Value) map[string]any {
	t := map[string]any{}
	for _, f := range reflect.VisibleFields(v.Type()) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.Anonymous && name != "" && name != "-" {
			t[name] = valueTree(v.FieldByIndex(f.Index))
		}
	}
	if versions := v.FieldByName("Versions"); versions.IsValid() && versions.Len() > 0 {
		t["on"] = amendmentTree(t, versions)
	}
	return t
}

// amendmentTree gives what each version states otherwise than the one before it.
func amendmentTree(base map[string]any, versions reflect.Value) map[string]any {
	on, before := map[string]any{}, base
	for i := range versions.Len() {
		state := structTree(versions.Index(i).FieldByName("State").Elem())
		differs := map[string]any{}
		for name, value := range state {
			if !reflect.DeepEqual(value, before[name]) && name != "on" {
				differs[name] = value
			}
		}
		on[versions.Index(i).FieldByName("From").String()] = differs
		before = state
	}
	return on
}

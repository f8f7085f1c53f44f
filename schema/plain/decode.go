package plain

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// Decoder fills Go values with plain data. The fields of a struct have the names of their
// json tags; those of an embedded struct stand beside them; what has no field is passed
// over. Null leaves a value as it is, except that a pointer, list or map becomes nil.
//
// The zero Decoder is ready. It remembers the types that it has seen, and several
// goroutines may use it.
type Decoder struct{ fillers sync.Map } // reflect.Type → filler

// Unmarshaler is a type that fills itself, null included.
type Unmarshaler interface {
	UnmarshalPlain(d *Decoder, v Value) error
}

// filler fills a value that can be set.
type filler func(v Value, into reflect.Value) error

// Decode fills what into points to.
func (d *Decoder) Decode(v Value, into any) error {
	p := reflect.ValueOf(into)
	if p.Kind() != reflect.Pointer || p.IsNil() {
		return fmt.Errorf("a %T cannot be filled", into)
	}
	if u, ok := into.(Unmarshaler); ok {
		return u.UnmarshalPlain(d, v)
	}
	return d.filler(p.Type().Elem())(v, p.Elem())
}

// filler gives what fills values of the type.
func (d *Decoder) filler(t reflect.Type) filler {
	if f, ok := d.fillers.Load(t); ok {
		return f.(filler)
	}
	f := d.make(t)
	d.fillers.Store(t, f)
	return f
}

var unmarshaler = reflect.TypeFor[Unmarshaler]()

func (d *Decoder) make(t reflect.Type) filler {
	if reflect.PointerTo(t).Implements(unmarshaler) {
		return func(v Value, into reflect.Value) error {
			return into.Addr().Interface().(Unmarshaler).UnmarshalPlain(d, v)
		}
	}
	switch t.Kind() {
	case reflect.String:
		return scalar(Text, func(text string, into reflect.Value) error {
			into.SetString(text)
			return nil
		})
	case reflect.Bool:
		return scalar(Bool, func(text string, into reflect.Value) error {
			into.SetBool(text == "true")
			return nil
		})
	case reflect.Int:
		return scalar(Number, func(text string, into reflect.Value) error {
			n, err := strconv.Atoi(text)
			if err != nil {
				return fmt.Errorf("%s is no whole number that fits", text)
			}
			into.SetInt(int64(n))
			return nil
		})
	case reflect.Float64:
		return scalar(Number, func(text string, into reflect.Value) error {
			n, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return fmt.Errorf("%s is no number that fits", text)
			}
			into.SetFloat(n)
			return nil
		})
	case reflect.Pointer:
		return d.pointer(t)
	case reflect.Slice:
		return d.list(t)
	case reflect.Map:
		return d.texts(t)
	case reflect.Struct:
		return d.fields(t)
	}
	return func(Value, reflect.Value) error { return fmt.Errorf("a %s cannot be filled", t) }
}

func scalar(kind Kind, set func(text string, into reflect.Value) error) filler {
	return func(v Value, into reflect.Value) error {
		switch v.Kind {
		case kind:
			return set(v.Text, into)
		case Null:
			return nil
		}
		return misfit(v, kind)
	}
}

func misfit(v Value, wanted Kind) error { return fmt.Errorf("it is %s and not %s", v.Kind, wanted) }

func (d *Decoder) pointer(t reflect.Type) filler {
	var fill filler
	var once sync.Once // a type may hold pointers to itself
	return func(v Value, into reflect.Value) error {
		if v.Kind == Null {
			into.SetZero()
			return nil
		}
		once.Do(func() { fill = d.filler(t.Elem()) })
		p := reflect.New(t.Elem())
		into.Set(p)
		return fill(v, p.Elem())
	}
}

func (d *Decoder) list(t reflect.Type) filler {
	fill := d.filler(t.Elem())
	return func(v Value, into reflect.Value) error {
		switch v.Kind {
		case Null:
			into.SetZero()
			return nil
		case List:
		default:
			return misfit(v, List)
		}
		into.Set(reflect.MakeSlice(t, len(v.Parts), len(v.Parts)))
		for i := range v.Parts {
			if err := fill(v.Parts[i].Value, into.Index(i)); err != nil {
				return fmt.Errorf("element %d: %w", i, err)
			}
		}
		return nil
	}
}

// texts fills a map whose keys are texts.
func (d *Decoder) texts(t reflect.Type) filler {
	fill := d.filler(t.Elem())
	return func(v Value, into reflect.Value) error {
		switch v.Kind {
		case Null:
			into.SetZero()
			return nil
		case Struct:
		default:
			return misfit(v, Struct)
		}
		m := reflect.MakeMapWithSize(t, len(v.Parts))
		for _, part := range v.Parts {
			element := reflect.New(t.Elem()).Elem()
			if err := fill(part.Value, element); err != nil {
				return fmt.Errorf("%s: %w", part.Name, err)
			}
			m.SetMapIndex(reflect.ValueOf(part.Name).Convert(t.Key()), element)
		}
		into.Set(m)
		return nil
	}
}

// field is where a name of the data goes.
type field struct {
	index []int
	fill  filler
}

func (d *Decoder) fields(t reflect.Type) filler {
	known := map[string]field{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || !f.IsExported() || name == "-" || name == "" {
			continue
		}
		known[name] = field{f.Index, d.filler(f.Type)}
	}
	return func(v Value, into reflect.Value) error {
		switch v.Kind {
		case Null:
			return nil
		case Struct:
		default:
			return misfit(v, Struct)
		}
		for i := range v.Parts {
			f, ok := known[v.Parts[i].Name]
			if !ok {
				continue
			}
			if err := f.fill(v.Parts[i].Value, into.FieldByIndex(f.index)); err != nil {
				return fmt.Errorf("%s: %w", v.Parts[i].Name, err)
			}
		}
		return nil
	}
}

// DecodeJSON fills what into points to with a value that is written as JSON.
func DecodeJSON(text []byte, into any) error {
	v, err := FromJSON(text)
	if err != nil {
		return err
	}
	return new(Decoder).Decode(v, into)
}

package shortcut

import "orgit.dk/orgit/schema/plain"

// fields is a struct with named fields and no others.
type fields struct {
	list  []namedField
	named map[string]int // places in list
}

type namedField struct {
	name string
	rule rule
	need need
	// absent is what the field is where nothing states it.
	absent plain.Value
}

// need says what becomes of a field that is not stated.
type need uint8

const (
	optional  need = iota // it is not there
	required              // that is an error
	defaulted             // it has a value all the same
)

// most is how many fields a struct may name.
const most = 64

func (r *fields) accept(v plain.Value) (plain.Value, bool) {
	if v.Kind != plain.Struct {
		return v, false
	}
	var stated uint64
	for i := range v.Parts {
		at, ok := r.named[v.Parts[i].Name]
		if !ok {
			return v, false
		}
		stated |= 1 << at
		filled, ok := r.list[at].rule.accept(v.Parts[i].Value)
		if !ok {
			return v, false
		}
		v.Parts[i].Value = filled
	}
	for at := range r.list {
		f := &r.list[at]
		switch {
		case stated&(1<<at) != 0 || f.need == optional:
		case f.need == required:
			return v, false
		default:
			v.Parts = append(v.Parts, plain.Part{Name: f.name, Value: f.absent})
		}
	}
	return v, true
}
func (r *fields) takes() kinds { return only(plain.Struct) }

// table is a struct whose names all fit one rule and whose values another.
type table struct{ names, values rule }

func (r table) accept(v plain.Value) (plain.Value, bool) {
	if v.Kind != plain.Struct {
		return v, false
	}
	for i := range v.Parts {
		if _, ok := r.names.accept(plain.Value{Kind: plain.Text, Text: v.Parts[i].Name}); !ok {
			return v, false
		}
		filled, ok := r.values.accept(v.Parts[i].Value)
		if !ok {
			return v, false
		}
		v.Parts[i].Value = filled
	}
	return v, true
}
func (r table) takes() kinds { return only(plain.Struct) }

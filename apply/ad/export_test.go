package ad

// Known is an attribute of the catalogue, for the test that holds it against a schema.
type Known struct {
	Name string
	Max  int
	Set  bool
}

// Catalogue gives the attributes that orgit may write.
func Catalogue() []Known {
	var list []Known
	for _, a := range catalogue() {
		list = append(list, Known{a.name, a.max, a.set})
	}
	return list
}

// FieldNames are the fields of templates.
func FieldNames() []string { return fieldNames() }

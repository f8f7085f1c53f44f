package schema

// Guarded is the diagnostic without the value that it is about, where that is a person's phone, room or mail: it goes to notes
// and reports, where nothing of the kind may stand of somebody who is shielded, and files with faults do not tell who is.
func (d Diagnostic) Guarded() Diagnostic {
	names := SplitPath(d.Path)
	if len(names) > 2 && names[0] == "people" && (names[2] == "addresses" || len(names) > 4 && names[2] == "on" && names[4] == "addresses") {
		d.Message, d.Hint = "the contact data here cannot be so; orgit check says more", ""
	}
	return d
}

package plan

import "orgit.dk/orgit/schema"

// Masked gives the object as it may be planned, shown and stored: without anything that
// looks like a CPR number, which people do write into the systems. What the organisation
// asks for never looks like one, so a masked value still is another value. typed exempts
// values whose digits are known to be something else, such as a P-number.
func (f Found) Masked(typed func(attribute, value string) bool) Found {
	f.Name, f.Ref, f.Pinned = schema.MaskCPR(f.Name), schema.MaskCPR(f.Ref), schema.MaskCPR(f.Pinned)
	for name, values := range f.Attrs {
		for i, value := range values {
			if masked := schema.MaskCPR(value); masked != value && !typed(name, value) {
				kept := append([]string{}, values...) // what was read may share the list
				kept[i] = masked
				values, f.Attrs[name] = kept, kept
			}
		}
	}
	for name, show := range f.Shows {
		f.Shows[name] = schema.MaskCPR(show)
	}
	return f
}

// Masked gives the object without anything that looks like a CPR number.
func (f Foreign) Masked() Foreign {
	f.Ref, f.Name, f.Note = schema.MaskCPR(f.Ref), schema.MaskCPR(f.Name), schema.MaskCPR(f.Note)
	if c := f.Candidate; c != nil {
		c.Owner = schema.MaskCPR(c.Owner)
		for name, show := range c.Shows {
			c.Shows[name] = schema.MaskCPR(show)
		}
	}
	return f
}

package fkorg

import (
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// Bare makes the reader read for a snapshot: what it gives does not depend on what the organisation says about single
// objects, so that Seen can give what a reader of another version of it would have given.
func (r *Reader) Bare() *Reader {
	r.raa = true
	return r
}

// Attributes are those that are read only where the settings ask for them, each with the role by which it is read.
func Attributes(s *org.Settings) map[string]string {
	read := map[string]string{}
	for aspekt, rolle := range opgaveroller(s) {
		read[attrAspekt(aspekt)] = rolle
	}
	return read
}

// Seen gives what a bare reader found as this one would have read it. then is how the bare one looked: what only this one
// knows was not looked for one by one, and an object of it that other systems have made was read in part. r and then
// need no connection.
func (r *Reader) Seen(a plan.Actual, then *Reader) plan.Actual {
	l := &laesning{personAf: r.personAf, personer: r.personer, kendte: r.kendte}
	persons := map[string]string{}
	for _, f := range a.Objects {
		if f.Kind == KindPerson {
			persons[string(f.UUID)] = f.Name
		}
	}
	for i := range a.Objects {
		f := &a.Objects[i]
		switch f.Kind {
		case KindEnhed, KindHenvendelse:
			r.seenLists(l, f)
		case KindBruger:
			seenPerson(l, f, persons)
		}
	}
	a.Unread = r.unread(&a, then)
	return a
}

// seenLists leaves the entries out of lists that are somebody else's, and names the others.
func (r *Reader) seenLists(l *laesning, f *plan.Found) {
	for _, attr := range slices.Sorted(maps.Keys(f.Attrs)) {
		refs := slices.Clone(f.Attrs[attr])
		switch {
		case attr == attrItSystemer:
			refs = l.egne(string(f.UUID), attr, refs)
		case strings.HasPrefix(attr, attrOpgaver):
			refs = l.kendteNaarDelvis(string(f.UUID), attr, refs)
		default:
			continue
		}
		if len(refs) == 0 {
			delete(f.Attrs, attr)
			delete(f.Shows, attr)
			continue
		}
		f.Attrs[attr] = refs
		f.Shows[attr] = shownRefs(refs, r.navn)
	}
}

// shownRefs is how people read a set of references.
func shownRefs(refs []string, name func(string) string) string {
	var all []string
	for _, ref := range refs {
		all = append(all, schema.MaskCPR(name(ref)))
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", ")
}

// seenPerson gives a user's persons orgit's identities.
func seenPerson(l *laesning, f *plan.Found, names map[string]string) {
	refs := f.Attrs[attrPerson]
	if len(refs) == 0 {
		return
	}
	refs = l.orgits(string(f.UUID), refs)
	f.Attrs[attrPerson] = refs
	f.Uses = []plan.ID{{Kind: KindPerson, UUID: org.UUID(refs[0])}}
	delete(f.Shows, attrPerson)
	if name, ok := names[refs[0]]; ok && len(refs) == 1 {
		f.Shows[attrPerson] = name
	}
}

// unread is what the reader would have read otherwise; nil when it is nothing.
func (r *Reader) unread(a *plan.Actual, then *Reader) *plan.Unread {
	u := plan.Unread{Objects: map[plan.ID]bool{}}
	if a.Unread != nil {
		u.Attributes = a.Unread.Attributes
	}
	for id := range r.kendte {
		switch {
		case then.kendte[id] || slagsAf(id.Kind) == nil:
		case a.Object(id) != nil, id.Kind == KindOrganisation:
			u.Objects[id] = true
		default:
			u.Unseen++
		}
	}
	// The persons of an account that has moved were looked for behind other users.
	for bruger, person := range r.personAf {
		if was, ok := then.personAf[bruger]; ok && was != person {
			u.Objects[plan.ID{Kind: KindPerson, UUID: was}], u.Objects[plan.ID{Kind: KindPerson, UUID: person}] = true, true
		}
	}
	if len(u.Objects)+len(u.Attributes)+u.Unseen == 0 {
		return nil
	}
	return &u
}

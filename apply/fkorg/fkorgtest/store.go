package fkorgtest

import (
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// Lists are the three lists of a registration, as elements.
type Lists struct{ Attributes, States, Relations *xmltree.Node }

func (l Lists) all() []*xmltree.Node { return []*xmltree.Node{l.Attributes, l.States, l.Relations} }

func (l Lists) clone() Lists {
	return Lists{l.Attributes.Clone(), l.States.Clone(), l.Relations.Clone()}
}

// registration is one entry on the axis of registration time.
type registration struct {
	at   time.Time
	code string // LivscyklusKode
	Lists
}

// object is everything that was ever registered under a UUID.
type object struct {
	registrations []registration // oldest first
	read          int            // how many there were when somebody last read the object
}

func (o *object) newest() *registration { return &o.registrations[len(o.registrations)-1] }

func (o *object) alive() bool {
	code := o.newest().code
	return code != "Passiveret" && code != "Slettet"
}

// id is the identity of an object.
type id struct{ service, uuid string }

// store keeps the objects of one municipality. The server's lock guards it.
type store struct {
	objects map[id]*object
	lost    int // changes that were overwritten by somebody who had not read them
}

// add appends a registration. Lists are kept as the service would give them back.
func (st *store) add(at id, r registration) {
	for _, list := range r.all() {
		for _, e := range list.Elements() {
			keep(e)
		}
	}
	o := st.objects[at]
	if o == nil {
		o = &object{}
		st.objects[at] = o
	}
	o.registrations = append(o.registrations, r)
}

// keep makes of an entry what the service answers: an end that is not stated is spelled out, and roles get a label.
func keep(e *xmltree.Node) {
	if v := e.Child(sd, "Virkning"); v != nil && v.Child(sd, "TilTidspunkt") == nil {
		open := xmltree.Element(sd, "TilTidspunkt", xmltree.Leaf(sd, "GraenseIndikator", "true"))
		at := slices.IndexFunc(v.Children, func(c *xmltree.Node) bool { return c.Is(sd, "FraTidspunkt") })
		v.Children = slices.Insert(v.Children, at+1, open)
	}
	if role := e.Child(sd, "Rolle"); role != nil && role.Child(sd, "Label") == nil {
		role.Add(xmltree.Leaf(sd, "Label", "Rolle "+reference(role)[:4]))
	}
}

// window says which entries and registrations a read is about. The zero value is what is valid now, as known now.
type window struct {
	valid, registered *interval
	now               time.Time
}

func (w window) shows(e *xmltree.Node) bool {
	if w.valid == nil {
		return validityOf(e).covers(w.now)
	}
	return validityOf(e).overlaps(*w.valid)
}

// registrations are those that the read is about: the newest; with a window of validity all of them, as the service
// does not say which; with a window of registration those in it.
func (w window) of(o *object) []registration {
	switch {
	case w.registered != nil:
		var out []registration
		for _, r := range o.registrations {
			if w.registered.covers(r.at) {
				out = append(out, r)
			}
		}
		return out
	case w.valid != nil:
		return o.registrations
	}
	return o.registrations[len(o.registrations)-1:]
}

// snapshot writes an object as FiltreretOejebliksbillede.
func (st *store) snapshot(s *service, space, uuid string, o *object, w window) *xmltree.Node {
	out := xmltree.Element(space, "FiltreretOejebliksbillede",
		xmltree.Element(s.ns(), "ObjektType", xmltree.Leaf(sd, "UUIDIdentifikator", uuid)))
	for _, r := range w.of(o) {
		reg := xmltree.Element(s.ns(), "Registrering",
			xmltree.Leaf(sd, "Tidspunkt", r.at.Format("2006-01-02T15:04:05.000-07:00")), xmltree.Leaf(sd, "LivscyklusKode", r.code))
		for _, list := range r.all() {
			shown := xmltree.Element(list.Name.Space, list.Name.Local)
			for _, e := range list.Elements() {
				if e.Name.Local == "LokalUdvidelse" || w.shows(e) {
					shown.Add(e)
				}
			}
			reg.Add(shown)
		}
		out.Add(reg)
	}
	return out
}

// uuids gives the objects of a service in an order that stays the same and is no order anybody could rely on.
func (st *store) uuids(s *service) []string {
	var out []string
	for k := range st.objects {
		if k.service == s.name {
			out = append(out, k.uuid)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		if ha, hb := scatter(a), scatter(b); ha != hb {
			return int(int64(ha) - int64(hb))
		}
		return strings.Compare(a, b)
	})
	return out
}

func scatter(s string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(s))
	return h.Sum32()
}

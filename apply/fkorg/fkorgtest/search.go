package fkorgtest

import (
	"path"
	"strconv"
	"strings"
	"time"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// Largest pages that the service gives.
const (
	maxSearchPage    = 1000
	maxHierarchyPage = 500
)

// search answers soeg: the UUIDs of living objects that meet every condition, a page of them, or 44.
func (st *store) search(s *service, in *xmltree.Node, now time.Time, repaired bool) result {
	q := query{service: s, now: now, window: &interval{now, now.Add(1)}, endedToo: s.name == "organisationfunktion" && !repaired}
	if v := in.Child(sd, "SoegVirkning"); v != nil {
		q.window = &interval{instant(v.Child(sd, "FraTidspunkt")), instant(v.Child(sd, "TilTidspunkt"))}
	}
	var hits []string
	for _, uuid := range st.uuids(s) {
		if o := st.objects[id{s.name, uuid}]; o.alive() && q.matches(o.newest().Lists, in) {
			hits = append(hits, uuid)
		}
	}
	hits = page(hits, in, maxSearchPage)
	if len(hits) == 0 {
		return refuse(statusNotFound, "nothing found")
	}
	list := xmltree.Element(sd, "IdListe")
	for _, uuid := range hits {
		list.Add(xmltree.Leaf(sd, "UUIDIdentifikator", uuid))
	}
	return result{status: statusOK, content: []*xmltree.Node{list}}
}

// page cuts the part that a message asks for out of all hits.
func page[T any](all []T, in *xmltree.Node, max int) []T {
	first, err := strconv.Atoi(in.Child(sd, "FoersteResultatReference").Content())
	if err != nil || first < 0 {
		first = 0 // not stated
	}
	size, err := strconv.Atoi(in.Child(sd, "MaksimalAntalKvantitet").Content())
	if err != nil || size < 0 || size > max {
		size = max // not stated, or more than there is in one answer
	}
	if first >= len(all) {
		return nil
	}
	return all[first:min(first+size, len(all))]
}

// query is how conditions are held against objects.
type query struct {
	service  *service
	now      time.Time
	window   *interval
	endedToo bool // relations that have ended match too
}

func (q query) matches(l Lists, in *xmltree.Node) bool {
	ns := q.service.ns()
	for _, c := range in.Child(ns, "AttributListe").All(ns, "Egenskab") {
		if !q.anyProperty(l, c) {
			return false
		}
	}
	for _, c := range in.Child(ns, "TilstandListe").All(faelles, "Gyldighed") {
		if !q.anyState(l, c) {
			return false
		}
	}
	for _, c := range in.Child(ns, "RelationListe").Elements() {
		if !q.anyRelation(l, c) {
			return false
		}
	}
	return true
}

// anyProperty: one of the attributes has every text of the condition; * stands for anything.
func (q query) anyProperty(l Lists, condition *xmltree.Node) bool {
	for _, p := range l.Attributes.All(q.service.ns(), "Egenskab") {
		if q.windowFor(condition).overlaps(validityOf(p)) && sameTexts(p, condition) {
			return true
		}
	}
	return false
}

func sameTexts(p, condition *xmltree.Node) bool {
	for _, c := range condition.Elements() {
		if c.Is(sd, "Virkning") {
			continue
		}
		have := p.Child(c.Name.Space, c.Name.Local).Content()
		ok, err := path.Match(strings.ToLower(c.Content()), strings.ToLower(have))
		if err != nil || !ok {
			return false // a pattern that is none matches nothing
		}
	}
	return true
}

func (q query) anyState(l Lists, condition *xmltree.Node) bool {
	want := condition.Child(faelles, "GyldighedStatusKode").Content()
	for _, g := range l.States.All(faelles, "Gyldighed") {
		if g.Child(faelles, "GyldighedStatusKode").Content() == want && q.windowFor(condition).overlaps(validityOf(g)) {
			return true
		}
	}
	return false
}

func (q query) anyRelation(l Lists, condition *xmltree.Node) bool {
	w := q.windowFor(condition)
	if q.endedToo {
		w.from = time.Time{}
	}
	for _, r := range l.Relations.All(condition.Name.Space, condition.Name.Local) {
		if w.overlaps(validityOf(r)) && sameReference(r, condition, "ReferenceID") && sameReference(r, condition, "Rolle") {
			return true
		}
	}
	return false
}

// windowFor is the condition's own window, or the search's.
func (q query) windowFor(condition *xmltree.Node) interval {
	if condition.Child(sd, "Virkning") == nil {
		return *q.window
	}
	return validityOf(condition)
}

func sameReference(r, condition *xmltree.Node, local string) bool {
	want := condition.Child(sd, local)
	return want == nil || reference(want) == reference(r.Child(sd, local))
}

// hierarchy answers fremsoegobjekthierarki: a page of each section, with six wrappers whether or not there is anything
// in them.
func (st *store) hierarchy(in *xmltree.Node, now time.Time) result {
	ns := namespace(hierarchy)
	sections := []struct{ wrapper, condition, service string }{
		{"Organisationer", "", ""},
		{"OrganisationEnheder", "OrganisationEnhedSoegEgenskab", "organisationenhed"},
		{"OrganisationFunktioner", "OrganisationFunktionSoegEgenskab", "organisationfunktion"},
		{"Brugere", "BrugerSoegEgenskab", "bruger"},
		{"Interessefaellesskaber", "", ""},
		{"ItSystemer", "", ""},
	}
	out := result{status: statusOK}
	for _, sec := range sections {
		wrapper := xmltree.Element(ns, sec.wrapper)
		if s := serviceNamed(sec.service); s != nil {
			for _, uuid := range page(st.section(s, in.Child(ns, sec.condition), now), in, maxHierarchyPage) {
				wrapper.Add(st.snapshot(s, ns, uuid, st.objects[id{s.name, uuid}], window{now: now}))
			}
		}
		out.content = append(out.content, wrapper)
	}
	return out
}

func (st *store) section(s *service, condition *xmltree.Node, now time.Time) []string {
	q := query{service: s, now: now, window: &interval{now, now.Add(1)}}
	var out []string
	for _, uuid := range st.uuids(s) {
		o := st.objects[id{s.name, uuid}]
		if o.alive() && (condition == nil || q.anyProperty(o.newest().Lists, condition)) {
			out = append(out, uuid)
		}
	}
	return out
}

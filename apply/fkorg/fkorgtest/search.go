package fkorgtest

import (
	"bytes"
	"slices"
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

// fewObjects is how many objects are looked at without keeping what was found.
const fewObjects = 500

// search answers soeg: the UUIDs of objects that meet every condition, a page of them, or 44.
func (c *call) search() result {
	q := newQuery(c.in, c.now)
	q.ended = c.ended && c.service.name == "organisationfunktion"
	ns := c.service.ns()
	q.properties = c.in.Child(ns, "AttributListe").All(ns, "Egenskab")
	q.states = c.in.Child(ns, "TilstandListe").All(faelles, "Gyldighed")
	for _, r := range c.in.Child(ns, "RelationListe").Elements() {
		if !r.Is(sd, "LokalUdvidelse") {
			q.relations = append(q.relations, r)
		}
	}
	hits := page(c.shelf.hits(q, c.pool), c.in, maxSearchPage)
	if len(hits) == 0 {
		return refuse(statusNotFound, "nothing found")
	}
	list := xmltree.Element(sd, "IdListe")
	for _, o := range hits {
		list.Add(xmltree.Leaf(sd, "UUIDIdentifikator", o.uuid))
	}
	return result{status: statusOK, content: written(inner(list))}
}

// hierarchy answers fremsoegobjekthierarki: a page of each section, with six wrappers whether or not there is anything
// in them. What it shows counts as read.
func (r *register) hierarchy(in *xmltree.Node, w window) result {
	ns := namespace(hierarchy)
	var found sections
	for _, kind := range []struct{ wrapper, condition, service string }{
		{"Organisationer", "OrganisationSoegEgenskab", "organisation"},
		{"OrganisationEnheder", "OrganisationEnhedSoegEgenskab", "organisationenhed"},
		{"OrganisationFunktioner", "OrganisationFunktionSoegEgenskab", "organisationfunktion"},
		{"Brugere", "BrugerSoegEgenskab", "bruger"},
		{"Interessefaellesskaber", "", ""},
		{"ItSystemer", "ItSystemSoegEgenskab", "itsystem"},
	} {
		part := section{wrapper: tag(ns, kind.wrapper), sights: sights{space: ns, window: w}}
		if sh := r.shelves[kind.service]; sh != nil {
			q := newQuery(in, w.now)
			q.properties = in.All(ns, kind.condition)
			for _, o := range page(sh.hits(q, r.pool), in, maxHierarchyPage) {
				part.objects = append(part.objects, sh.see(o, w))
			}
		}
		found = append(found, part)
	}
	return result{status: statusOK, content: found}
}

// section is the part of a hierarchy that is about one kind of object.
type section struct {
	wrapper string
	sights
}

type sections []section

func (s sections) size() int {
	n := 0
	for _, part := range s {
		n += part.size() + 100
	}
	return n
}

func (s sections) write(b *bytes.Buffer) {
	for _, part := range s {
		b.WriteString("<" + part.wrapper + ">")
		part.sights.write(b)
		b.WriteString("</" + part.wrapper + ">")
	}
}

// page cuts the part that a message asks for out of all hits.
func page[T any](all []T, in *xmltree.Node, most int) []T {
	first, err := strconv.Atoi(in.Child(sd, "FoersteResultatReference").Content())
	if err != nil || first < 0 {
		first = 0 // not stated
	}
	size, err := strconv.Atoi(in.Child(sd, "MaksimalAntalKvantitet").Content())
	if err != nil || size < 0 || size > most {
		size = most // not stated, or more than there is in one answer
	}
	if first >= len(all) {
		return nil
	}
	return all[first:min(first+size, len(all))]
}

// query is the conditions of a search. An object must meet all of them.
type query struct {
	now                           time.Time
	window                        interval // in which a condition without one of its own must hold
	registered                    *xmltree.Node
	properties, states, relations []*xmltree.Node
	ended                         bool // relations that have ended match too
}

// newQuery reads the part that all searches share.
func newQuery(in *xmltree.Node, now time.Time) query {
	q := query{now: now, window: interval{now, now.Add(1)}, registered: in.Child(sd, "SoegRegistrering")}
	if v := in.Child(sd, "SoegVirkning"); v != nil {
		q.window = interval{instant(v.Child(sd, "FraTidspunkt")), instant(v.Child(sd, "TilTidspunkt"))}
	}
	return q
}

// key is the same for searches that find the same within a constant time.
func (q query) key() string {
	var b strings.Builder
	if q.window != (interval{q.now, q.now.Add(1)}) {
		b.WriteString(q.window.from.Format(time.RFC3339Nano) + " " + q.window.to.Format(time.RFC3339Nano))
	}
	b.WriteString(strconv.FormatBool(q.ended))
	for _, conditions := range [][]*xmltree.Node{{q.registered}, q.properties, q.states, q.relations} {
		b.WriteByte(0)
		for _, n := range conditions {
			if n != nil {
				b.WriteString(inner(n))
			}
		}
	}
	return b.String()
}

// hits gives the objects that a query finds, in order.
func (sh *shelf) hits(q query, p pool) []*object {
	key := q.key()
	if h, ok := sh.remembered(key, q.now); ok {
		return h.objects
	}
	wanted := q.wanted()
	var refs []string
	for _, w := range wanted {
		if w.ref != "" {
			refs = append(refs, w.ref)
		}
	}
	var found []*object
	candidates := sh.among(refs)
	for _, o := range candidates {
		if q.matches(o, wanted) {
			found = append(found, o)
		}
	}
	if len(candidates) > fewObjects { // a few are looked at again as quickly
		sh.remember(key, found, p.constant(q.now))
	}
	return found
}

func (q query) matches(o *object, relationsWanted []wanted) bool {
	if !q.inRegistration(o) {
		return false
	}
	l := o.newest().lists
	every := func(conditions []*xmltree.Node, list []entry, holds func(entry, *xmltree.Node) bool) bool {
		for _, c := range conditions {
			if !slices.ContainsFunc(list, func(e entry) bool { return !e.extension() && holds(e, c) }) {
				return false
			}
		}
		return true
	}
	if !every(q.properties, l[attributes], q.property) || !every(q.states, l[states], q.state) {
		return false
	}
	for _, w := range relationsWanted {
		if !slices.ContainsFunc(l[relations], w.met) {
			return false
		}
	}
	return true
}

// inRegistration: passive and deleted objects are found only by who asks for their LivscyklusKode.
func (q query) inRegistration(o *object) bool {
	code := q.registered.Child(sd, "LivscyklusKode").Content()
	if code == "" && !o.alive() || code != "" && code != o.newest().code {
		return false
	}
	from, to := q.registered.Child(sd, "FraTidspunkt"), q.registered.Child(sd, "TilTidspunkt")
	if from == nil && to == nil {
		return true
	}
	w := interval{instant(from), instant(to)}
	return slices.ContainsFunc(o.registrations, func(r registration) bool { return w.covers(r.at) })
}

// property: the entry has every text of the condition; * stands for anything.
func (q query) property(e entry, condition *xmltree.Node) bool {
	for _, c := range condition.Elements() {
		if c.Is(sd, "Virkning") {
			continue
		}
		if !wild(strings.ToLower(c.Content()), strings.ToLower(e.text(tag(c.Name.Space, c.Name.Local)))) {
			return false
		}
	}
	return q.windowFor(condition).overlaps(e.period.interval)
}

// wild reports whether a text is as the pattern, in which * stands for anything.
func wild(pattern, text string) bool {
	pieces := strings.Split(pattern, "*")
	if len(pieces) == 1 {
		return pattern == text
	}
	first, last := pieces[0], pieces[len(pieces)-1]
	if len(text) < len(first)+len(last) || !strings.HasPrefix(text, first) || !strings.HasSuffix(text, last) {
		return false
	}
	text = text[len(first) : len(text)-len(last)]
	for _, piece := range pieces[1 : len(pieces)-1] {
		_, rest, found := strings.Cut(text, piece)
		if !found {
			return false
		}
		text = rest
	}
	return true
}

func (q query) state(e entry, condition *xmltree.Node) bool {
	return e.text("ns3:GyldighedStatusKode") == condition.Child(faelles, "GyldighedStatusKode").Content() &&
		q.windowFor(condition).overlaps(e.period.interval)
}

// wanted is a condition about relations, read once: a search holds tens of thousands of objects against it.
type wanted struct {
	tag, ref, role  string
	anyRef, anyRole bool
	window          interval
}

func (q query) wanted() []wanted {
	var out []wanted
	for _, condition := range q.relations {
		ref, role := condition.Child(sd, "ReferenceID"), condition.Child(sd, "Rolle")
		w := wanted{tag: tag(condition.Name.Space, condition.Name.Local), ref: normal(referenceText(ref)), role: normal(referenceText(role)),
			anyRef: ref == nil, anyRole: role == nil, window: q.windowFor(condition)}
		if q.ended {
			w.window.from = time.Time{}
		}
		out = append(out, w)
	}
	return out
}

// met reports whether an entry is such a relation.
func (w wanted) met(e entry) bool {
	return !e.extension() && e.tag == w.tag && (w.anyRef || w.ref == e.refersTo()) && (w.anyRole || e.kind != nil && w.role == e.kind.role) &&
		w.window.overlaps(e.period.interval)
}

// windowFor is the condition's own window, or the search's.
func (q query) windowFor(condition *xmltree.Node) interval {
	v := condition.Child(sd, "Virkning")
	if v == nil {
		return q.window
	}
	return interval{instant(v.Child(sd, "FraTidspunkt")), instant(v.Child(sd, "TilTidspunkt"))}
}

package fkorgtest

import (
	"bytes"
	"strings"
	"time"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// window says which entries and registrations a read is about. The zero value is what is valid now, as known now.
type window struct {
	valid, registered *interval
	now               time.Time
	double            bool // relations to IT systems come twice
}

func windowOf(in *xmltree.Node, now time.Time) window {
	w := window{now: now}
	between := func(from, to string) *interval {
		a, b := in.Child(sd, from), in.Child(sd, to)
		if a == nil && b == nil {
			return nil
		}
		return &interval{instant(a), instant(b)}
	}
	w.valid = between("VirkningFraFilter", "VirkningTilFilter")
	w.registered = between("RegistreringFraFilter", "RegistreringTilFilter")
	return w
}

func (w window) shows(e entry) bool {
	switch {
	case e.extension():
		return true
	case w.valid == nil:
		return e.period.covers(w.now)
	}
	return e.period.overlaps(*w.valid)
}

// of gives the registrations that the read is about: the newest; with a window of registration those made in it; with a
// window of validity alone all of them, of which the reader has to take the latest.
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

// About how many bytes an object takes in an answer, and each of its entries.
const (
	usualSnapshot = 1 << 10
	usualEntry    = 512
)

// sight is an object as a read has found it. What is registered is never changed, so that it can be written out when
// others go on registering.
type sight struct {
	service       *service
	uuid          string
	registrations []registration
}

// see reads an object.
func (sh *shelf) see(o *object, w window) sight {
	o.read = len(o.registrations)
	return sight{sh.service, o.uuid, w.of(o)}
}

// sights are objects that were read, as elements of a namespace.
type sights struct {
	space   string
	window  window
	objects []sight
}

func (s sights) size() int {
	n := len(s.objects) * usualSnapshot
	for _, o := range s.objects {
		for _, r := range o.registrations {
			n += (len(r.lists[attributes]) + len(r.lists[states]) + len(r.lists[relations])) * usualEntry
		}
	}
	return n
}

func (s sights) write(b *bytes.Buffer) {
	for _, o := range s.objects {
		o.write(b, s.space, s.window)
	}
}

// show answers laes and list. Objects that do not exist are left out; when none is left, the answer is 44.
func (sh *shelf) show(in *xmltree.Node, w window) result {
	found := sights{space: sh.service.ns(), window: w}
	for _, u := range in.All(sd, "UUIDIdentifikator") {
		if o := sh.objects[strings.ToLower(u.Content())]; o != nil {
			found.objects = append(found.objects, sh.see(o, w))
		}
	}
	if len(found.objects) == 0 {
		return refuse(statusNotFound, "there is no such object")
	}
	return result{status: statusOK, content: found}
}

// write writes an object as FiltreretOejebliksbillede, an element of space.
func (o sight) write(b *bytes.Buffer, space string, w window) {
	own := prefixes[o.service.ns()]
	outer := tag(space, "FiltreretOejebliksbillede")
	b.WriteString("<" + outer + "><" + own + ":ObjektType><ns2:UUIDIdentifikator>" + o.uuid + "</ns2:UUIDIdentifikator></" + own + ":ObjektType>")
	for _, r := range o.registrations {
		b.WriteString("<" + own + ":Registrering><ns2:Tidspunkt>")
		b.WriteString(r.at.Format("2006-01-02T15:04:05.000-07:00"))
		b.WriteString("</ns2:Tidspunkt><ns2:LivscyklusKode>" + r.code + "</ns2:LivscyklusKode>")
		for i, list := range r.lists {
			b.WriteString("<" + own + ":" + listNames[i] + ">")
			for _, e := range list {
				if !w.shows(e) {
					continue
				}
				e.write(b)
				if w.double && e.tag == "ns2:TilknyttedeItSystemer" {
					e.write(b)
				}
			}
			b.WriteString("</" + own + ":" + listNames[i] + ">")
		}
		b.WriteString("</" + own + ":Registrering>")
	}
	b.WriteString("</" + outer + ">")
}

package fkorgtest

import (
	"fmt"
	"strings"
	"time"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// Status codes of StandardRetur.
const (
	statusOK         = 20
	statusBadInput   = 40
	statusNotFound   = 44
	statusTooEarly   = 45
	statusWrongState = 49
)

// result is what an operation answers.
type result struct {
	status  int
	message string
	content []*xmltree.Node
}

func refuse(status int, format string, args ...any) result {
	return result{status: status, message: fmt.Sprintf(format, args...)}
}

// do carries out one operation on a message that is as the schema wants it. The server's lock is held.
func (st *store) do(s *service, operation string, in *xmltree.Node, now time.Time, repaired bool) result {
	uuid := strings.ToLower(in.Child(sd, "UUIDIdentifikator").Content())
	switch operation {
	case "importer":
		return st.importer(s, in.Child(s.ns(), s.element), now)
	case "ret":
		return st.ret(s, uuid, in, now)
	case "passiver":
		return st.end(s, uuid, "Passiveret", now)
	case "slet":
		return st.end(s, uuid, "Slettet", now)
	case "laes", "list":
		return st.show(s, in, now)
	default:
		return st.search(s, in, now, repaired)
	}
}

func (st *store) importer(s *service, in *xmltree.Node, now time.Time) result {
	uuid := strings.ToLower(in.Child(sd, "UUIDIdentifikator").Content())
	regs := in.All(s.ns(), "Registrering")
	if len(regs) != 1 {
		return refuse(statusBadInput, "%d registrations, there must be one", len(regs))
	}
	if t, err := parseTime(regs[0].Child(sd, "Tidspunkt").Content()); err == nil && t.After(now) {
		return refuse(statusTooEarly, "the registration is later than the server's clock")
	}
	at := id{s.name, uuid}
	if o := st.objects[at]; o != nil && o.alive() {
		return refuse(statusWrongState, "the object is there already")
	}
	lists := Lists{regs[0].Child(s.ns(), "AttributListe"), regs[0].Child(s.ns(), "TilstandListe"), regs[0].Child(s.ns(), "RelationListe")}
	if err := s.breaks(lists); err != nil {
		return refuse(statusBadInput, "%v", err)
	}
	st.add(at, registration{at: now, code: "Importeret", Lists: lists.clone()})
	return result{status: statusOK}
}

func (st *store) ret(s *service, uuid string, in *xmltree.Node, now time.Time) result {
	at := id{s.name, uuid}
	o := st.objects[at]
	switch {
	case o == nil:
		return refuse(statusNotFound, "there is no such object")
	case !o.alive():
		return refuse(statusWrongState, "the object is %s", o.newest().code)
	}
	lists := o.newest().clone()
	for _, l := range []struct {
		local string
		list  **xmltree.Node
	}{{"AttributListe", &lists.Attributes}, {"TilstandListe", &lists.States}, {"RelationListe", &lists.Relations}} {
		if sent := in.Child(s.ns(), l.local); sent != nil {
			*l.list = sent.Clone()
		}
	}
	if err := s.breaks(lists); err != nil {
		return refuse(statusBadInput, "%v", err)
	}
	if o.read < len(o.registrations) {
		st.lost++
	}
	st.add(at, registration{at: now, code: o.newest().code, Lists: lists})
	return result{status: statusOK}
}

func (st *store) end(s *service, uuid, code string, now time.Time) result {
	at := id{s.name, uuid}
	o := st.objects[at]
	switch {
	case o == nil:
		return refuse(statusNotFound, "there is no such object")
	case !o.alive():
		return refuse(statusWrongState, "the object is %s", o.newest().code)
	}
	st.add(at, registration{at: now, code: code, Lists: o.newest().clone()})
	return result{status: statusOK}
}

// show answers laes and list. Objects that do not exist are left out; when none is left, the answer is 44.
func (st *store) show(s *service, in *xmltree.Node, now time.Time) result {
	w := windowOf(in, now)
	out := result{status: statusOK}
	for _, u := range in.All(sd, "UUIDIdentifikator") {
		uuid := strings.ToLower(u.Content())
		if o := st.objects[id{s.name, uuid}]; o != nil {
			o.read = len(o.registrations)
			out.content = append(out.content, st.snapshot(s, s.ns(), uuid, o, w))
		}
	}
	if len(out.content) == 0 {
		return refuse(statusNotFound, "there is no such object")
	}
	return out
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

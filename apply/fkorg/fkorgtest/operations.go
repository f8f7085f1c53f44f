package fkorgtest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// Status codes of StandardRetur.
const (
	statusOK         = 20
	statusBadInput   = 40
	statusForbidden  = 41
	statusNotFound   = 44
	statusTooEarly   = 45
	statusOutOfOrder = 47 // only as trouble: what the real service calls so is not known
	statusWrongState = 49
)

// result is what an operation answers.
type result struct {
	status  int
	message string
	content content
}

// content writes the elements after StandardRetur, with the prefixes of answers; nil when there are none. It is written
// when the server's lock is free again: others need not wait until megabytes are put together.
type content interface {
	size() int // about how many bytes it is, too many rather than too few
	write(*bytes.Buffer)
}

// written is content that is there already.
type written string

func (t written) size() int             { return len(t) }
func (t written) write(b *bytes.Buffer) { b.WriteString(string(t)) }

func refuse(status int, format string, args ...any) result {
	return result{status: status, message: fmt.Sprintf(format, args...)}
}

// writes reports whether an operation changes anything.
func writes(operation string) bool {
	switch operation {
	case "opret", "importer", "ret", "passiver", "slet", "anonymiser":
		return true
	}
	return false
}

// call is one operation under way. The server's lock is held.
type call struct {
	*register
	*shelf
	in     *xmltree.Node // as the schema wants it
	now    time.Time
	made   *int // UUIDs that opret has given out
	double bool // relations to IT systems come twice
	ended  bool // searches for functions find ended relations too
}

// do carries out one operation of a service on an object type.
func (c *call) do(operation string) result {
	if c.service.owned && writes(operation) && (operation != "ret" || c.service.name != "organisation") {
		return refuse(statusForbidden, "KOMBIT keeps %s", c.service.element)
	}
	uuid := strings.ToLower(c.in.Child(sd, "UUIDIdentifikator").Content())
	switch operation {
	case "opret":
		return c.create()
	case "importer":
		return c.importer(c.in.Child(c.service.ns(), c.service.element))
	case "ret":
		return c.ret(uuid)
	case "passiver":
		return c.end(uuid, codePassivated)
	case "slet":
		return c.end(uuid, codeDeleted)
	case "laes", "list":
		w := windowOf(c.in, c.now)
		w.double = c.double
		return c.show(c.in, w)
	default:
		return c.search()
	}
}

// create chooses the UUID itself.
func (c *call) create() result {
	l := c.keep(c.service, c.in, lists{})
	if err := c.service.breaks(l, lists{}); err != nil {
		return refuse(statusBadInput, "%v", err)
	}
	*c.made++
	uuid := fmt.Sprintf("0b3e7000-0000-4000-8000-%012x", *c.made)
	c.add(uuid, registration{at: c.now, code: codeCreated, lists: l})
	return result{status: statusOK, content: written(inner(xmltree.Leaf(sd, "UUIDIdentifikator", uuid)))}
}

func (c *call) importer(in *xmltree.Node) result {
	uuid := strings.ToLower(in.Child(sd, "UUIDIdentifikator").Content())
	regs := in.All(c.service.ns(), "Registrering")
	if len(regs) != 1 {
		return refuse(statusBadInput, "%d registrations, there must be one", len(regs))
	}
	if t, err := parseTime(regs[0].Child(sd, "Tidspunkt").Content()); err == nil && t.After(c.now) {
		return refuse(statusTooEarly, "the registration is later than the server's clock")
	}
	if o := c.objects[uuid]; o != nil && o.alive() {
		return refuse(statusWrongState, "the object is there already")
	}
	l := c.keep(c.service, regs[0], lists{})
	if err := c.service.breaks(l, lists{}); err != nil {
		return refuse(statusBadInput, "%v", err)
	}
	c.add(uuid, registration{at: c.now, code: codeImported, lists: l})
	return result{status: statusOK}
}

// living finds an object that can be changed.
func (c *call) living(uuid string) (*object, result) {
	o := c.objects[uuid]
	switch {
	case o == nil:
		return nil, refuse(statusNotFound, "there is no such object")
	case !o.alive():
		return nil, refuse(statusWrongState, "the object is %s", o.newest().code)
	}
	return o, result{}
}

func (c *call) ret(uuid string) result {
	o, no := c.living(uuid)
	if o == nil {
		return no
	}
	before := o.newest().lists
	after := c.keep(c.service, c.in, before)
	var kept lists
	if c.service.owned {
		if kept = before; c.touches(before, after) {
			return refuse(statusForbidden, "KOMBIT keeps all of Organisation but Overordnet")
		}
	}
	if err := c.service.breaks(after, kept); err != nil {
		return refuse(statusBadInput, "%v", err)
	}
	if o.read < len(o.registrations) {
		c.lost++
	}
	c.dropped += c.drops(before, after)
	c.add(uuid, registration{at: c.now, code: o.newest().code, lists: after})
	return result{status: statusOK}
}

// touches reports whether a ret sends anything but Overordnet that was not there, or leaves out anything that is valid
// now.
func (c *call) touches(before, after lists) bool {
	missing := func(from, in []entry, counts func(entry) bool) bool {
		return slices.ContainsFunc(from, func(e entry) bool { return e.tag != "ns2:Overordnet" && counts(e) && !holds(in, e) })
	}
	all := func(entry) bool { return true }
	now := func(e entry) bool { return e.period.covers(c.now) }
	for i := range before {
		if missing(after[i], before[i], all) || missing(before[i], after[i], now) {
			return true
		}
	}
	return false
}

// drops counts the entries valid now or later that are gone after a ret. Whoever wants to end one sends it with an end:
// then it is there with the same beginning. Relations that occur once are overwritten, and attributes replaced.
func (c *call) drops(before, after lists) int {
	count := 0
	for _, i := range []int{states, relations} {
		for _, e := range before[i] {
			if e.extension() || !e.period.overlaps(interval{from: c.now}) || c.service.once(e.local()) {
				continue
			}
			if !slices.ContainsFunc(after[i], func(a entry) bool {
				return a.tag == e.tag && a.refersTo() == e.refersTo() && a.kind == e.kind && a.body == e.body && a.period.from.Equal(e.period.from)
			}) {
				count++
			}
		}
	}
	return count
}

func (c *call) end(uuid, code string) result {
	o, no := c.living(uuid)
	if o == nil {
		return no
	}
	c.add(uuid, registration{at: c.now, code: code, lists: o.newest().lists})
	return result{status: statusOK}
}

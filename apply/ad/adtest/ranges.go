package adtest

import (
	"fmt"
	"strconv"
	"strings"
)

// wanted is an attribute that a search asks for, with the part of its values.
type wanted struct {
	name   string // in lower case, without options
	ranged bool
	from   int
	to     int // -1: to the end
}

// parseWanted reads an attribute description, such as member;range=1500-* ([MS-ADTS]
// 3.1.1.3.1.3.3). An option that is not understood makes it an attribute that nothing has.
func parseWanted(asked string) wanted {
	name, option, has := strings.Cut(strings.ToLower(asked), ";")
	w := wanted{name: name, to: -1}
	if !has {
		return w
	}
	limits, ok := strings.CutPrefix(option, "range=")
	low, high, two := strings.Cut(limits, "-")
	from, err := strconv.Atoi(low)
	if !ok || !two || err != nil || from < 0 {
		return wanted{}
	}
	w.ranged, w.from = true, from
	if high == "*" {
		return w
	}
	if w.to, err = strconv.Atoi(high); err != nil || w.to < w.from {
		return wanted{}
	}
	return w
}

// part cuts an attribute's values to what is asked for and to what the server gives at a
// time, and names what it gives.
func (d *directory) part(name string, values []string, w wanted) attributeValues {
	limit := len(values)
	if d.rules.has(Ranges) {
		limit = windowsRangeLimit
	}
	if !w.ranged && len(values) <= limit {
		return attributeValues{name, values}
	}
	end := len(values)
	if w.to >= 0 {
		end = min(end, w.to+1)
	}
	end = min(end, w.from+limit)
	if w.from >= len(values) {
		return attributeValues{fmt.Sprintf("%s;range=%d-*", name, w.from), nil}
	}
	last := strconv.Itoa(end - 1)
	if end == len(values) {
		last = "*"
	}
	return attributeValues{fmt.Sprintf("%s;range=%d-%s", name, w.from, last), values[w.from:end]}
}

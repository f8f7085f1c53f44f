package gitlabtest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// totals and noTotals say whether a list tells how long it is; commits never do, and nothing above maxCounted.
const (
	totals   = true
	noTotals = false
)

const maxCounted = 10_000

// page cuts the page that was asked for out of a list.
func (r *request) page(all []any, counted bool) answer {
	number, size := r.number("page", 1), min(r.number("per_page", 20), 100)
	first := min((number-1)*size, len(all))
	last := min(first+size, len(all))
	pages := max((len(all)+size-1)/size, 1)
	next, previous := 0, number-1
	if last < len(all) {
		next = number + 1
	}
	counted = counted && len(all) <= maxCounted

	h := http.Header{}
	for name, value := range map[string]int{"X-Page": number, "X-Per-Page": size, "X-Next-Page": next, "X-Prev-Page": previous} {
		h[name] = []string{""}
		if value > 0 {
			h[name] = []string{strconv.Itoa(value)}
		}
	}
	links := r.links(size, link{"prev", previous}, link{"next", next}, link{"first", 1})
	if counted {
		h["X-Total"] = []string{strconv.Itoa(len(all))}
		h["X-Total-Pages"] = []string{strconv.Itoa(pages)}
		links = append(links, r.links(size, link{"last", pages})...)
	}
	h["Link"] = []string{strings.Join(links, ", ")}
	return answer{body: append([]any{}, all[first:last]...), header: h}
}

// link is one of the header Link, to a page; page 0 is none.
type link struct {
	rel  string
	page int
}

func (r *request) links(size int, to ...link) []string {
	var all []string
	for _, l := range to {
		if l.page == 0 {
			continue
		}
		q := r.URL.Query()
		q.Set("page", strconv.Itoa(l.page))
		q.Set("per_page", strconv.Itoa(size))
		all = append(all, fmt.Sprintf(`<http://%s%s?%s>; rel="%s"`, r.Host, r.URL.EscapedPath(), q.Encode(), l.rel))
	}
	return all
}

// number gives a positive number of the query.
func (r *request) number(name string, otherwise int) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil || n < 1 {
		return otherwise
	}
	return min(n, 1_000_000)
}

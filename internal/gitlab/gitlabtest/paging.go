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
	number := r.number("page", 1)
	size := min(r.number("per_page", 20), 100)
	first := min((number-1)*size, len(all))
	last := min(first+size, len(all))
	pages := max((len(all)+size-1)/size, 1)

	h := http.Header{}
	set := func(name string, value int) {
		text := ""
		if value > 0 {
			text = strconv.Itoa(value)
		}
		h[name] = []string{text}
	}
	set("X-Page", number)
	set("X-Per-Page", size)
	next, previous := 0, 0
	if last < len(all) {
		next = number + 1
	}
	if number > 1 {
		previous = number - 1
	}
	set("X-Next-Page", next)
	set("X-Prev-Page", previous)
	links := []string{}
	link := func(rel string, page int) {
		q := r.URL.Query()
		q.Set("page", strconv.Itoa(page))
		q.Set("per_page", strconv.Itoa(size))
		links = append(links, fmt.Sprintf(`<http://%s%s?%s>; rel="%s"`, r.Host, r.URL.EscapedPath(), q.Encode(), rel))
	}
	if previous > 0 {
		link("prev", previous)
	}
	if next > 0 {
		link("next", next)
	}
	link("first", 1)
	if counted && len(all) <= maxCounted {
		h["X-Total"] = []string{strconv.Itoa(len(all))}
		h["X-Total-Pages"] = []string{strconv.Itoa(pages)}
		link("last", pages)
	}
	h["Link"] = []string{strings.Join(links, ", ")}
	return answer{body: append([]any{}, all[first:last]...), header: h}
}

// number gives a positive number of the query.
func (r *request) number(name string, otherwise int) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil || n < 1 {
		return otherwise
	}
	return n
}

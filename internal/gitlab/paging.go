package gitlab

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/hashicorp/go-retryablehttp"
	gl "github.com/xanzy/go-gitlab"
)

const (
	perPage   = 100 // the most that GitLab gives
	pagesMax  = 10_000
	listTries = 3
)

// errShifted: the list changed while its pages were read.
var errShifted = errors.New("the list changed while it was read")

// list is one question that is answered in pages.
type list[T any] struct {
	did string
	id  func(*T) string
	ask func(page gl.RequestOptionFunc) ([]*T, *gl.Response, error)
}

// all reads every page. What is added or taken away while pages are read moves the others across the border of two pages,
// where they would be seen twice or never; so a list whose total changed is read again. (GitLab gives no total of commits,
// nor above 10,000; there only what is seen twice is left out.)
func (l list[T]) all(ctx context.Context, c *Client) ([]*T, error) {
	for range listTries {
		items, err := l.once(ctx, c)
		if !errors.Is(err, errShifted) {
			return items, err
		}
	}
	return nil, incomplete(l.did, "%w, %d times", errShifted, listTries)
}

func (l list[T]) once(ctx context.Context, c *Client) ([]*T, error) {
	var items []*T
	seen := map[string]bool{}
	total := ""
	for page := 1; page <= pagesMax; {
		part, resp, err := l.ask(pageOption(page))
		if err != nil {
			return nil, c.explain(l.did, resp, err)
		}
		if page > 1 && resp.Header.Get("X-Total") != total {
			return nil, errShifted
		}
		total = resp.Header.Get("X-Total")
		for _, item := range part {
			if item == nil {
				return nil, incomplete(l.did, "page %d has nothing where something should be", page)
			}
			if id := l.id(item); !seen[id] {
				seen[id] = true
				items = append(items, item)
			}
		}
		next, err := nextPage(resp.Header, page, len(part))
		if err != nil {
			return nil, incomplete(l.did, "read page %d: %w", page, err)
		}
		if next == 0 {
			if total != "" && total != strconv.Itoa(len(items)) {
				return nil, errShifted
			}
			return items, ctx.Err()
		}
		page = next
	}
	return nil, incomplete(l.did, "more than %d pages", pagesMax)
}

func pageOption(page int) gl.RequestOptionFunc {
	return func(req *retryablehttp.Request) error {
		q := req.URL.Query()
		q.Set("page", strconv.Itoa(page))
		q.Set("per_page", strconv.Itoa(perPage))
		req.URL.RawQuery = q.Encode()
		return nil
	}
}

// nextPage says which page comes after one with n items; 0 when it was the last. X-Next-Page decides where it is given, then
// Link. Without either, a proxy has taken them away, and only an empty page is surely the last.
func nextPage(h http.Header, page, n int) (int, error) {
	text, given := "", false
	switch {
	case len(h.Values("X-Next-Page")) > 0:
		text, given = h.Get("X-Next-Page"), true
	case h.Get(linkHeader) != "":
		text, given = nextOfLink(h.Get(linkHeader)), true
	}
	switch {
	case !given && n == 0, given && text == "":
		return 0, nil
	case !given:
		return page + 1, nil
	}
	next, err := strconv.Atoi(text)
	if err != nil || next <= page {
		return 0, errors.New("GitLab names no page after it that could be one")
	}
	return next, nil
}

// nextOfLink gives the parameter page of the link with rel="next"; empty where there is none.
func nextOfLink(link string) string {
	for part := range strings.SplitSeq(link, ",") {
		address, rel, _ := strings.Cut(part, ";")
		if !strings.Contains(rel, `rel="next"`) {
			continue
		}
		u, err := url.Parse(strings.Trim(strings.TrimSpace(address), "<>"))
		if err != nil {
			return "?"
		}
		if page := u.Query().Get("page"); page != "" {
			return page
		}
		return "?"
	}
	return ""
}

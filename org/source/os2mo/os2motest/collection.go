package os2motest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// collection answers a field that is a collection: a page of its objects.
func (o *operation) collection(f *ast.Field) (map[string]any, error) {
	args, err := o.arguments(f)
	if err != nil {
		return nil, err
	}
	filter, _ := args["filter"].(map[string]any)
	c, err := readCursor(args["cursor"])
	if err != nil {
		return nil, err
	}
	if c.Known.IsZero() {
		if c.Known, err = o.known(filter); err != nil {
			return nil, err
		}
	}
	asked, err := o.asked(filter, "from_date", "to_date")
	if err != nil {
		return nil, err
	}
	var matching []Object
	for _, stored := range o.server.data[f.Name] {
		if object, ok := o.server.registered(stored.UUID, c.Known); ok && inForce(object, asked) {
			matching = append(matching, object)
		}
	}
	limit, err := limitOf(args["limit"], len(matching))
	if err != nil {
		return nil, err
	}
	part, next := o.cut(f.Name, c, matching, limit)
	return o.listing(f.SelectionSet, part, next)
}

// known is the registration time that a filter asks for; now where it asks for none.
func (o *operation) known(filter map[string]any) (time.Time, error) {
	t, err := moment(filter["registration_time"])
	if t.IsZero() {
		t = o.now
	}
	return t, err
}

// inForce reports whether an object says something in a window. One without validities is
// what a broken write left behind; it is in every list.
func inForce(object Object, w window) bool {
	for _, v := range object.Validities {
		if v.overlaps(w) {
			return true
		}
	}
	return len(object.Validities) == 0
}

func limitOf(value any, all int) (int, error) {
	if value == nil {
		return all, nil
	}
	n, err := strconv.Atoi(fmt.Sprint(value))
	if err != nil || n < 0 {
		return 0, errors.New("the limit is no number")
	}
	return n, nil
}

// cut gives a page and the cursor of the next. The second page is empty: clients have to go on.
func (o *operation) cut(collection string, c cursor, all []Object, limit int) (part []Object, next *cursor) {
	from := min(c.Offset, len(all))
	to := min(from+limit, len(all))
	if c.Page == 2 {
		to = from
	}
	part = all[from:to]
	if to < len(all) {
		next = &cursor{c.Page + 1, to, c.Known}
	}
	switch o.server.strike(collection, c.Page, MissingPage, RepeatedPage, RepeatedCursor, NoPageInfo) {
	case MissingPage:
		part = nil
	case RepeatedPage:
		part = append(part[:len(part):len(part)], part...)
	case RepeatedCursor:
		if c.Page > 1 {
			next = &c
		}
	case NoPageInfo:
		next = &cursor{}
	}
	return part, next
}

// listing answers the selection {objects, page_info} of a page.
func (o *operation) listing(set ast.SelectionSet, part []Object, next *cursor) (map[string]any, error) {
	out := map[string]any{}
	for _, f := range fields(set) {
		switch f.Name {
		case "objects":
			list := []any{}
			for _, object := range part {
				shown, err := o.object(f.SelectionSet, object)
				if err != nil {
					return nil, err
				}
				list = append(list, shown)
			}
			out[f.Alias] = list
		case "page_info":
			info, err := pageInfo(f, next)
			if err != nil {
				return nil, err
			}
			out[f.Alias] = info
		default:
			return nil, fmt.Errorf("cannot query field %s on a page", f.Name)
		}
	}
	return out, nil
}

func pageInfo(f *ast.Field, next *cursor) (map[string]any, error) {
	if next != nil && next.Page == 0 {
		return map[string]any{}, nil
	}
	info := map[string]any{}
	for _, g := range fields(f.SelectionSet) {
		if g.Name != "next_cursor" {
			return nil, fmt.Errorf("cannot query field %s on PageInfo", g.Name)
		}
		info[g.Alias] = nil
		if next != nil {
			text, err := next.text()
			if err != nil {
				return nil, err
			}
			info[g.Alias] = text
		}
	}
	return info, nil
}

// number makes a number of JSON one that is written the same way again.
func number(value any) any {
	if n, ok := value.(int); ok {
		return json.Number(strconv.Itoa(n))
	}
	return value
}

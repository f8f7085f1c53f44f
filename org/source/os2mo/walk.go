package os2mo

import (
	"context"
	"errors"
	"fmt"
)

// emptyMax is how many pages without objects may follow each other. OS2mo gives such pages
// in the middle of a walk; a walk of nothing else never ends.
const emptyMax = 1000

// collect reads a collection whole, and then reads its identifiers once more in other pages:
// OS2mo says nowhere how many objects there are, and a page that was left out would look as
// if all on it had left.
func collect[T dated](ctx context.Context, c *connection, q query, at string) ([]object[T], error) {
	var list []object[T]
	seen := map[id]bool{}
	err := walk(ctx, c, q, c.opts.PageSize, at, func(o object[T]) error {
		if seen[o.UUID] {
			return fmt.Errorf("%w: %s comes twice", ErrUnreachable, o.UUID)
		}
		seen[o.UUID] = true
		list = append(list, o)
		return nil
	})
	if err != nil {
		return nil, err
	}
	again := 0
	err = walk(ctx, c, q.identifiers(), max(pageSizeID, 2*c.opts.PageSize), at, func(o bare) error {
		if !seen[o.UUID] {
			return fmt.Errorf("%w: %s is missing in the pages, though it is in the collection", ErrUnreachable, o.UUID)
		}
		again++
		return nil
	})
	if err == nil && again != len(list) {
		err = fmt.Errorf("read %s: %w: %d objects the first time, %d the second", q.collection, ErrUnreachable, len(list), again)
	}
	return list, err
}

// walk follows a collection's cursors to the end and gives each object to take. The end is
// where there is no cursor, not an empty page.
func walk[O item](ctx context.Context, c *connection, q query, size int, at string, take func(O) error) error {
	cursors := map[string]bool{}
	asked := question{Query: q.text(), Operation: q.operation, Variables: variables{Limit: size, At: at}}
	for number, empty := 1, 0; ; number++ {
		text, err := c.ask(ctx, asked)
		if err != nil {
			return fmt.Errorf("read %s, page %d: %w", q.collection, number, err)
		}
		p, err := parseAnswer[O](text, q.collection)
		if err != nil {
			if !errors.Is(err, ErrDenied) && !errors.Is(err, ErrUnreachable) {
				err = fmt.Errorf("%w: %w", ErrUnreachable, err)
			}
			return fmt.Errorf("read %s, page %d: %w", q.collection, number, err)
		}
		for _, o := range p.objects {
			if err := take(o); err != nil {
				return fmt.Errorf("read %s, page %d: %w", q.collection, number, err)
			}
		}
		empty++
		if len(p.objects) > 0 {
			empty = 0
		}
		switch {
		case p.next == "":
			return nil
		case cursors[p.next]:
			return fmt.Errorf("read %s, page %d: %w: a cursor comes twice", q.collection, number, ErrUnreachable)
		case empty == emptyMax:
			return fmt.Errorf("read %s: %w: %d pages without objects", q.collection, ErrUnreachable, empty)
		}
		cursors[p.next] = true
		asked.Variables.Cursor = &p.next
	}
}

package os2mo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
)

// behind is how long before the clock's time OS2mo is read as it was known then. What is
// written while the read goes on must not be seen, also where the clocks differ a little.
const behind = time.Minute

// Read reads the whole of an OS2mo: all that it knows, past and future, as it was known a
// minute before it begins. A nil client is http.DefaultClient. The error is an
// [ErrDenied] or [ErrUnreachable] where OS2mo is the reason.
func Read(ctx context.Context, client *http.Client, opts Options) (*source.Extract, error) {
	c, err := connect(client, opts)
	if err != nil {
		return nil, err
	}
	zone, err := org.Copenhagen()
	if err != nil {
		return nil, err
	}
	now := c.opts.Clock()
	r, err := c.read(ctx, now.Add(-behind).UTC().Format(time.RFC3339))
	if err != nil {
		return nil, err
	}
	if err := r.plausible(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	x := assemble(r, c.opts, zone, org.Day(now.In(zone).Format(time.DateOnly)))
	if err := x.Check(); err != nil {
		return nil, fmt.Errorf("read OS2mo: %w", err)
	}
	return x, nil
}

// plausible refuses an OS2mo without units, people or classes: that is one that was not
// loaded, or a login that sees nothing, and not a municipality that everybody left.
func (r *register) plausible() error {
	for _, part := range []struct {
		name string
		size int
	}{{"facets", len(r.facets)}, {"classes", len(r.classes)}, {"org_units", len(r.units)}, {"persons", len(r.persons)}} {
		if part.size == 0 {
			return errors.New("the collection " + part.name + " is empty")
		}
	}
	return nil
}

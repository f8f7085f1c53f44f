package source

// WithoutUnits leaves units out of an extract with all that is below them, and with the jobs, ties and leaderships in them.
// Somebody with nothing else goes too.
func WithoutUnits(x *Extract, out func(Unit) bool) {
	gone := map[string]bool{}
	for _, u := range x.Units {
		if out(u) {
			gone[u.ID] = true
		}
	}
	for more := len(gone) > 0; more; {
		more = false
		for _, u := range x.Units {
			if s, ok := Near(u.States, x.Day); ok && !gone[u.ID] && gone[s.Parent] {
				gone[u.ID], more = true, true
			}
		}
	}
	x.Units = kept(x.Units, func(u Unit) bool { return !gone[u.ID] })
	x.Leaders = kept(x.Leaders, func(l Leadership) bool { s, ok := Near(l.States, x.Day); return !ok || !gone[s.Unit] })
	var people []Person
	for _, p := range x.People {
		before := len(p.Engagements) + len(p.Associations)
		p.Engagements = kept(p.Engagements, func(e Engagement) bool { s, ok := Near(e.States, x.Day); return !ok || !gone[s.Unit] })
		p.Associations = kept(p.Associations, func(a Association) bool { s, ok := Near(a.States, x.Day); return !ok || !gone[s.Unit] })
		if before == 0 || len(p.Engagements)+len(p.Associations) > 0 || len(p.Accounts) > 0 {
			people = append(people, p)
		}
	}
	x.People = people
}

func kept[T any](list []T, keep func(T) bool) []T {
	var out []T
	for _, v := range list {
		if keep(v) {
			out = append(out, v)
		}
	}
	return out
}

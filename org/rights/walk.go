package rights

import (
	"fmt"
	"slices"

	"orgit.dk/orgit/internal/parallel"
	"orgit.dk/orgit/org"
)

// On works out everybody's rights on the day of the view.
func On(view *org.View) *Rights {
	w := newWalk(view)
	for _, root := range view.Roots() {
		w.visit(root)
	}
	for _, r := range w.rules {
		w.person(r)
	}
	holders := make([]*Holder, len(w.staff))
	parallel.Chunks(len(w.staff), 256, func(from, to int) {
		for i := from; i < to; i++ {
			if len(w.hits[i]) > 0 {
				holders[i] = w.resolve(w.staff[i], w.hits[i])
			}
		}
	})
	rights := &Rights{Day: view.Day, of: map[string]*Holder{}}
	for _, h := range holders {
		if h != nil {
			rights.Holders = append(rights.Holders, h)
			rights.of[h.Person.Key] = h
		}
	}
	return rights
}

// rule is an assignment of the day with what it gives.
type rule struct {
	*org.Assignment
	place        int // in the order of assignments
	group        *org.RoleGroup
	jobs         []*job
	people       map[string]int // those who are excepted, with their place in the list
	titles       map[string]int
	outside      []int    // the excepted units that the walk is in, by their place in the list
	narrow       []string // the titles that it is narrowed to, each once
	narrowByType []string
}

// hit is one way in which a rule reaches somebody.
type hit struct {
	*rule
	unit    *org.UnitView
	post    *org.Post
	manager *org.Manager
	except  []string // below Except: what keeps it from them; nil when nothing does
}

// walk goes through the tree from the top down and knows which rules hold where it is.
type walk struct {
	view  *org.View
	rules []*rule
	staff []*org.StaffView
	hits  [][]hit        // of the staff
	place map[string]int // of a person in staff

	byUnit map[string][]*rule
	except map[string][]*rule // rules by the units that they except

	everyone   []*rule
	byTitle    map[string][]*rule
	byFunction map[string][]*rule
	leaders    []*rule

	// order is the units in the order of the walk, so that those of a unit with everything
	// below it stand together: from first up to next.
	order       []*org.UnitView
	first, next map[*org.UnitView]int
	itself      map[*org.UnitView][]string // its key as a list, made once for everybody who inherits it
}

func newWalk(view *org.View) *walk {
	w := &walk{
		view: view, staff: view.Staff(), place: map[string]int{},
		byUnit: map[string][]*rule{}, except: map[string][]*rule{}, byTitle: map[string][]*rule{}, byFunction: map[string][]*rule{},
		first: map[*org.UnitView]int{}, next: map[*org.UnitView]int{}, itself: map[*org.UnitView][]string{},
	}
	w.hits = make([][]hit, len(w.staff))
	for i, s := range w.staff {
		w.place[s.Key] = i
	}
	known := jobsOf(view.Organisation(), view.Day)
	for i, a := range view.Organisation().Assignments {
		if a.Contains(view.Day) {
			w.add(a, i, known)
		}
	}
	return w
}

func (w *walk) add(a *org.Assignment, place int, known map[*org.Job]*job) {
	r := &rule{
		Assignment: a, place: place, people: placesOf(a.Except.People), titles: placesOf(a.Except.Titles),
		narrow: once(a.Titles), narrowByType: once(a.Functions),
	}
	for _, j := range w.view.Organisation().JobsOn(a, w.view.Day) {
		r.jobs = append(r.jobs, known[j])
	}
	if len(r.jobs) == 0 {
		return
	}
	if g := w.view.Organisation().RoleGroup(a.Group); g != nil {
		r.group = g.At(w.view.Day)
	}
	w.rules = append(w.rules, r)
	if a.Person != "" {
		return
	}
	w.byUnit[a.Unit] = append(w.byUnit[a.Unit], r)
	for _, key := range once(a.Except.Units) {
		w.except[key] = append(w.except[key], r)
	}
}

func placesOf(keys []string) map[string]int {
	places := make(map[string]int, len(keys))
	for i, key := range keys {
		if _, known := places[key]; !known {
			places[key] = i
		}
	}
	return places
}

func once(keys []string) []string { return slices.Compact(slices.Sorted(slices.Values(keys))) }

// visit applies the rules that hold in a unit, and in those below.
func (w *walk) visit(u *org.UnitView) {
	w.first[u] = len(w.order)
	w.order = append(w.order, u)
	w.itself[u] = []string{u.Key}
	for _, r := range w.except[u.Key] {
		r.outside = append(r.outside, slices.Index(r.Except.Units, u.Key))
	}
	for _, below := range []bool{true, false} {
		for _, r := range w.byUnit[u.Key] {
			if r.Below == below {
				w.enter(r)
			}
		}
	}
	w.apply(u)
	w.leave(u, false)
	for _, below := range u.Below() {
		w.visit(below)
	}
	w.leave(u, true)
	for _, r := range w.except[u.Key] {
		r.outside = r.outside[:len(r.outside)-1]
	}
	w.next[u] = len(w.order)
}

func (w *walk) enter(r *rule) {
	switch {
	case r.Leaders:
		w.leaders = append(w.leaders, r)
	case len(r.narrow) == 0 && len(r.narrowByType) == 0:
		w.everyone = append(w.everyone, r)
	}
	if r.Leaders {
		return
	}
	for _, title := range r.narrow {
		w.byTitle[title] = append(w.byTitle[title], r)
	}
	for _, function := range r.narrowByType {
		w.byFunction[function] = append(w.byFunction[function], r)
	}
}

// leave takes the rules of a unit back that hold only there, or those that hold below too.
// What was entered last is taken back first.
func (w *walk) leave(u *org.UnitView, below bool) {
	for _, r := range w.byUnit[u.Key] {
		switch {
		case r.Below != below:
		case r.Leaders:
			w.leaders = w.leaders[:len(w.leaders)-1]
		case len(r.narrow) == 0 && len(r.narrowByType) == 0:
			w.everyone = w.everyone[:len(w.everyone)-1]
		default:
			for _, title := range r.narrow {
				w.byTitle[title] = w.byTitle[title][:len(w.byTitle[title])-1]
			}
			for _, function := range r.narrowByType {
				w.byFunction[function] = w.byFunction[function][:len(w.byFunction[function])-1]
			}
		}
	}
}

// apply lets the rules that hold here reach those who work here and those who lead.
func (w *walk) apply(u *org.UnitView) {
	posts := u.Posts()
	for i := range posts {
		post := &posts[i]
		if a := post.Association; a != nil {
			for _, r := range w.byFunction[a.Type] {
				w.reach(post.Person.Key, "", hit{rule: r, unit: u, post: post})
			}
			continue
		}
		for _, r := range w.everyone {
			w.reach(post.Person.Key, post.Engagement.Title, hit{rule: r, unit: u, post: post})
		}
		for _, r := range w.byTitle[post.Engagement.Title] {
			w.reach(post.Person.Key, post.Engagement.Title, hit{rule: r, unit: u, post: post})
		}
	}
	if len(w.leaders) == 0 {
		return
	}
	for _, m := range u.Managers {
		if _, here := w.place[m.Person]; m.Vacant || !here {
			continue
		}
		for _, r := range w.leaders {
			w.reach(m.Person, "", hit{rule: r, unit: u, manager: m})
		}
	}
}

// reach notes that a rule reaches somebody, or excepts them.
func (w *walk) reach(person, title string, h hit) {
	if i, ok := h.people[person]; ok {
		h.except = []string{"people", fmt.Sprint(i)}
	} else if i, ok := h.titles[title]; ok {
		h.except = []string{"titles", fmt.Sprint(i)}
	} else if n := len(h.outside); n > 0 {
		h.except = []string{"units", fmt.Sprint(h.outside[n-1])}
	}
	i := w.place[person]
	w.hits[i] = append(w.hits[i], h)
}

// person lets a rule reach the person whom it names.
func (w *walk) person(r *rule) {
	i, here := w.place[r.Person]
	if !here {
		return // also where it is for a unit
	}
	posts := w.staff[i].Posts
	for k := range posts {
		if r.Post == "" || posts[k].Key() == r.Post {
			w.hits[i] = append(w.hits[i], hit{rule: r, post: &posts[k]})
		}
	}
}

package plan

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
)

// defaultLimit holds where the settings say nothing about a target and kind.
func defaultLimit() org.Limit { return org.Limit{Percent: 5, Floor: 5} }

// refuseLosses refuses a plan that takes away more than the limits and the allowances
// give, or anything that is safeguarded.
func (p *Plan) refuseLosses(rules *org.Organisation, targets []TargetInput) {
	safe := safeguardsOf(rules)
	for i := range targets {
		name := targets[i].Desired.Target
		losses := map[Kind][]*Operation{}
		for j := range p.Operations {
			op := &p.Operations[j]
			if op.Target != name || len(op.Loss) == 0 {
				continue
			}
			losses[op.Object.Kind] = append(losses[op.Object.Kind], op)
			if takesAway(op) && safe.holds(op.Object, foundFor(op, &targets[i].Actual)) {
				object := op.Object
				p.Refusals = append(p.Refusals, Refusal{
					Code: RefusedSafeguard, Target: name, Kind: object.Kind, Object: &object, Name: op.Name, Path: op.Entry,
				})
			}
		}
		for _, kind := range slices.Sorted(maps.Keys(losses)) {
			p.refuseOverLimit(rules, &p.Targets[i], kind, losses[kind])
		}
	}
}

// foundFor is the object of an operation as it is in the target: what is adopted is still foreign there.
func foundFor(op *Operation, actual *Actual) *Found {
	if op.Action != ActionAdopt {
		return actual.Object(op.Object)
	}
	for i := range actual.Foreign {
		if c := actual.Foreign[i].Candidate; c != nil && c.Handle == op.Handle {
			return c.Found
		}
	}
	return nil
}

func (p *Plan) refuseOverLimit(rules *org.Organisation, t *Target, kind Kind, losses []*Operation) {
	limit := limitFor(rules.Settings.Limits, t.Name, kind)
	population := t.Found[kind] + p.adopts(t.Name, kind)
	allowed := allowedBy(limit, population)
	for _, a := range rules.Allowances {
		if a.Target == t.Name && a.Kind == string(kind) {
			allowed += min(a.Number, countObjects(losses, func(op *Operation) bool { return op.Effect == a.Day }))
		}
	}
	if n := countObjects(losses, func(*Operation) bool { return true }); n > allowed {
		p.Refusals = append(p.Refusals, Refusal{
			Code: RefusedLimit, Target: t.Name, Kind: kind, Count: n, Allowed: allowed, Of: population,
		})
	}
}

func limitFor(limits map[string]map[string]org.Limit, target string, kind Kind) org.Limit {
	if l, ok := limits[target][string(kind)]; ok {
		return l
	}
	if l, ok := limits[target]["*"]; ok {
		return l
	}
	return defaultLimit()
}

// allowedBy is how many objects of a population a limit lets one plan take from.
func allowedBy(l org.Limit, population int) int {
	allowed := max(l.Floor, int(l.Percent*float64(population)/100))
	if l.Count > 0 {
		allowed = min(allowed, l.Count)
	}
	return allowed
}

// countObjects counts the objects of some of the operations of a kind: one that loses in
// two operations counts once.
func countObjects(losses []*Operation, which func(*Operation) bool) int {
	objects := map[ID]bool{}
	for _, op := range losses {
		if which(op) {
			objects[op.Object] = true
		}
	}
	return len(objects)
}

// takesAway reports whether the operation deletes or closes its object, which is more
// than a cleared value or another login name.
func takesAway(op *Operation) bool {
	return slices.ContainsFunc(op.Loss, func(l Loss) bool {
		return l == LossDelete || l == LossDisable || l == LossInactivate || l == LossQuarantine
	})
}

// safeguards are what no plan may remove or close: what the settings name, and every
// root of the main hierarchy.
type safeguards struct {
	ids    map[org.UUID]bool
	logins []string
}

func safeguardsOf(o *org.Organisation) safeguards {
	s := o.Settings.Safeguarded
	safe := safeguards{ids: map[org.UUID]bool{}, logins: s.Accounts}
	for _, id := range s.UUIDs {
		safe.ids[id] = true
	}
	for _, u := range o.Units {
		if u.Parent == "" || slices.Contains(s.Units, u.Key) {
			safe.ids[u.UUID] = true
		}
	}
	for _, key := range s.People {
		if p := o.Person(key); p != nil {
			safe.ids[p.UUID] = true
		}
	}
	for h, a := range o.Accounts {
		if safe.names(a) || h.Person != nil && slices.Contains(s.People, h.Person.Key) {
			safe.ids[a.UUID()] = true
		}
	}
	return safe
}

// names reports whether the account has a safeguarded login name on any day.
func (s safeguards) names(a *org.Account) bool {
	return s.isLogin(a.Name) ||
		slices.ContainsFunc(a.Versions, func(v org.Version[org.Account]) bool { return s.isLogin(v.State.Name) })
}

// isLogin compares as systems do: capitals do not matter.
func (s safeguards) isLogin(name string) bool {
	return slices.ContainsFunc(s.logins, func(login string) bool { return strings.EqualFold(login, name) })
}

// holds reports whether the object is safeguarded: by its identity, or by a login name
// that it has in the target, whatever the target calls the attribute. An account that is
// taken out of the files has no other sign than that.
func (s safeguards) holds(id ID, found *Found) bool {
	if s.ids[id.UUID] || found == nil {
		return s.ids[id.UUID]
	}
	for _, values := range found.Attrs {
		if slices.ContainsFunc(values, s.isLogin) {
			return true
		}
	}
	return false
}

// refuseEmpty refuses to take an empty side for the truth: nothing asked for where
// objects are in use, or nothing found where orgit has written before. Nor does it believe
// that most of what it has written is gone: rather the settings name only a part of the
// target, or orgit may see only a part.
func (p *Plan) refuseEmpty(t *TargetInput, info Target) bool {
	asked, lost := liveKinds(&t.Desired, nil), t.lost()
	var written map[Kind]int
	if t.Applied != nil {
		written = liveKinds(t.Applied, t.Open)
	}
	refused := false
	for _, kind := range t.Desired.Kinds {
		switch {
		case asked[kind.Kind] == 0 && info.Found[kind.Kind] > 0 && !kind.Few:
			p.Refusals = append(p.Refusals, Refusal{
				Code: RefusedEmpty, Target: info.Name, Kind: kind.Kind, Of: info.Found[kind.Kind], Detail: "desired",
			})
			refused = true
		case written[kind.Kind] > 0 && asked[kind.Kind] > 1 && !foundAny(t.Actual.Objects, kind.Kind):
			p.Refusals = append(p.Refusals, Refusal{
				Code: RefusedEmpty, Target: info.Name, Kind: kind.Kind, Of: asked[kind.Kind], Detail: "actual",
			})
			refused = true
		case lost[kind.Kind] > defaultLimit().Floor && 2*lost[kind.Kind] > asked[kind.Kind]:
			p.Refusals = append(p.Refusals, Refusal{
				Code: RefusedEmpty, Target: info.Name, Kind: kind.Kind,
				Count: asked[kind.Kind] - lost[kind.Kind], Of: asked[kind.Kind], Detail: "actual",
			})
			refused = true
		}
	}
	return refused
}

// lost counts the objects that orgit has written, that are still asked for, and that are
// not found.
func (t *TargetInput) lost() map[Kind]int {
	n := map[Kind]int{}
	if t.Applied == nil {
		return n
	}
	for i := range t.Applied.Objects {
		o := &t.Applied.Objects[i]
		want := t.Desired.Object(o.ID)
		if o.Gone == nil && !t.Open[o.ID] && want != nil && want.Gone == nil && t.Actual.Object(o.ID) == nil {
			n[o.Kind]++
		}
	}
	return n
}

// liveKinds counts the objects that a state asks to be in use, but for some.
func liveKinds(s *State, but map[ID]bool) map[Kind]int {
	n := map[Kind]int{}
	for i := range s.Objects {
		if s.Objects[i].Gone == nil && !but[s.Objects[i].ID] {
			n[s.Objects[i].Kind]++
		}
	}
	return n
}

func foundAny(objects []Found, kind Kind) bool {
	return slices.ContainsFunc(objects, func(f Found) bool { return f.Kind == kind })
}

// refuseVanished refuses files from which a person, unit or robot was simply removed:
// leaving is stated with a date, and entries stay until their time of retention is over.
func (p *Plan) refuseVanished(head, approved *org.Organisation) {
	if approved == nil {
		return
	}
	refuse := func(path org.Path, name string) {
		p.Refusals = append(p.Refusals, Refusal{Code: RefusedVanished, Name: name, Path: path})
	}
	for _, u := range approved.Units {
		if head.Unit(u.Key) == nil {
			refuse(org.PathOf("units", u.Key), u.Name)
		}
	}
	for _, person := range approved.People {
		if head.Person(person.Key) == nil {
			refuse(person.Path(), person.Name.Full())
		}
	}
	for _, r := range approved.Robots {
		if !slices.ContainsFunc(head.Robots, func(other *org.Robot) bool { return other.Key == r.Key }) {
			refuse(r.Path(), r.Name)
		}
	}
}

// sortFindings puts what is not an operation in order, each finding once.
func (p *Plan) sortFindings() {
	slices.SortFunc(p.Refusals, func(a, b Refusal) int {
		return cmp.Or(cmp.Compare(a.Target, b.Target), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Path, b.Path), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Detail, b.Detail))
	})
	slices.SortFunc(p.Attention, func(a, b Attention) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Target, b.Target), a.Object.Compare(b.Object),
			cmp.Compare(a.Detail, b.Detail))
	})
	p.Attention = slices.CompactFunc(p.Attention, func(a, b Attention) bool { return reflect.DeepEqual(a, b) })
	slices.SortStableFunc(p.Coming, func(a, b Coming) int { return cmp.Compare(a.Day, b.Day) })
	slices.SortFunc(p.Drift, func(a, b Drift) int {
		return cmp.Or(cmp.Compare(a.Target, b.Target), a.Object.Compare(b.Object))
	})
}

package ad

import (
	"cmp"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// outcome is what a template comes to for one account.
type outcome int

const (
	// unmanaged: the files do not say enough, so the attribute is left as it is.
	unmanaged outcome = iota
	// emptied: everything it reads is stated, and there is nothing to write.
	emptied
	valued
)

// rendered is a template filled in for one account.
type rendered struct {
	outcome outcome
	value   string
	inputs  []plan.FieldInput // in the order of the template's fields
	why     []org.Fact        // of what is stated
	guarded bool              // it reads what is hidden of a protected address
	wrong   string            // why the value cannot be written, as the end of a sentence
}

// render fills a template in.
//
//   - None of its fields is stated: it manages nothing.
//   - None of them has a value: there is none to write, whatever text stands around them.
//   - What it gives is empty, or there is nothing to write: that clears only where every
//     field is stated; else it manages nothing.
//   - Anything else is the value.
func (u *userAttributes) render(m *managed, t *valueTemplate) rendered {
	r := rendered{}
	values := map[string]string{}
	stated, filled := 0, 0
	for _, name := range t.fields {
		in := u.input(name)
		values[name] = in.value
		r.inputs = append(r.inputs, plan.FieldInput{Field: name, Value: in.value, Stated: in.stated, Why: in.why})
		r.guarded = r.guarded || in.guarded
		if in.stated {
			stated++
			r.why = append(r.why, in.why...)
		}
		if in.value != "" {
			filled++
		}
	}
	all := stated == len(t.fields)
	if len(t.fields) == 0 || filled > 0 {
		var err error
		if r.value, err = t.fill(values); err != nil {
			r.wrong = "cannot be made: " + templateError(err)
			return r
		}
	}
	switch {
	case r.value != "":
		r.outcome, r.wrong = valued, m.wrong(r.value)
	case all:
		r.outcome = emptied
	}
	return r
}

// input is a field for the account. What follows from a post is not stated without one.
func (u *userAttributes) input(name string) input {
	part, _, _ := strings.Cut(name, ".")
	if needsPost := part != "Person" && part != "Account" && part != "Municipality"; needsPost && !u.a.hasPost {
		return input{}
	}
	return fields()[name](u)
}

// templated states the attributes whose value the settings make.
func (u *userAttributes) templated() {
	for _, m := range u.d.set.made {
		if m.personal && u.a.at.Kind == org.AccountAdmin {
			continue
		}
		u.make(m)
	}
}

// make states an attribute whose value the settings make. Where it holds several values
// and one of them is not managed, the others are written beside whatever is there.
func (u *userAttributes) make(m *managed) {
	a := plan.Attr{Name: m.name, Rule: m.rule, Set: m.set}
	var inputs []plan.FieldInput
	complete, guarded, wrong := true, false, false
	for _, t := range m.templates {
		r := u.render(m, t)
		inputs, guarded = append(inputs, r.inputs...), guarded || r.guarded
		for _, f := range r.why {
			if !slices.Contains(a.Why, f) {
				a.Why = append(a.Why, f)
			}
		}
		switch {
		case r.wrong != "":
			wrong = true
			u.templateProblem(m, t, r)
		case r.outcome == valued:
			a.Value = append(a.Value, r.value)
		case r.outcome == unmanaged:
			complete = false
		}
	}
	managed := !wrong && (len(a.Value) > 0 || complete)
	u.explain(m, inputs, managed)
	if !managed {
		return
	}
	if m.set {
		a.Value = canonicalSet(a.Value)
	}
	switch {
	case guarded && u.a.person.Shielded:
		a.Rule = plan.Force // nothing protected stays, whatever the rule
	case m.set && !complete && a.Rule == plan.Force:
		a.Rule = plan.Keep
	}
	if m.name == attrUPN {
		a.Loss = plan.LossRename
	}
	a.Why = append(a.Why, org.Fact{Path: m.path, Value: strings.Join(m.texts(), " | ")})
	u.attrs = append(u.attrs, a)
}

// texts are the templates as they stand in the settings.
func (m *managed) texts() []string {
	var list []string
	for _, t := range m.templates {
		list = append(list, t.text)
	}
	return list
}

// templateProblem notes that a template's value cannot be written for the account. It
// stands at the fact of the files that the value is made of.
func (u *userAttributes) templateProblem(m *managed, t *valueTemplate, r rendered) {
	path := u.a.base.Path()
	if i := slices.IndexFunc(r.why, func(f org.Fact) bool { return entryPath(f.Path) }); i >= 0 {
		path = r.why[i].Path
	}
	u.d.addProblem(plan.Problem{
		Object: u.a.id, Path: path, Setting: t.path, Message: m.name + " " + r.wrong,
		Hint: "correct it, or the template " + t.text + " (" + string(t.path) + "); the function short cuts a text",
	})
}

// entryPath reports whether a path lies in an entry and not in the settings.
func entryPath(p org.Path) bool {
	return strings.HasPrefix(string(p), "people.") || strings.HasPrefix(string(p), "units.")
}

// canonicalSet puts values in order, each once. The directory compares without regard to
// case, so of smtp: and SMTP: with one address only the one that says more stays.
func canonicalSet(values []string) []string {
	sorted := slices.Clone(values)
	slices.SortFunc(sorted, func(a, b string) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a), strings.ToLower(b)), cmp.Compare(a, b)) // capitals first
	})
	sorted = slices.CompactFunc(sorted, strings.EqualFold)
	slices.Sort(sorted)
	return sorted
}

// primaryPrefix begins the one address of proxyAddresses that an account sends from.
const primaryPrefix = "SMTP:"

// beside puts orgit's values of an attribute that holds several beside those of others. An
// account has one address that it sends from: where somebody else has given it one, orgit's
// becomes a further one.
func beside(name string, others, ours []string) []string {
	ours = slices.Clone(ours)
	isPrimary := func(v string) bool { return strings.HasPrefix(v, primaryPrefix) }
	foreign := slices.ContainsFunc(others, func(v string) bool { return isPrimary(v) && !containsFold(ours, v) })
	if name == "proxyAddresses" && foreign {
		for i, v := range ours {
			if isPrimary(v) {
				ours[i] = strings.ToLower(primaryPrefix) + v[len(primaryPrefix):]
			}
		}
	}
	values := ours
	for _, v := range others {
		if !containsFold(ours, v) {
			values = append(values, v)
		}
	}
	return canonicalSet(values)
}

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(x string) bool { return strings.EqualFold(x, s) })
}

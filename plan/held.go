package plan

import "orgit.dk/orgit/org"

// Hold says more about an entry of Found.Held: what it is called, since when it holds,
// and whether the files may overrule it.
type Hold struct {
	Code AttentionCode // how the plan says it
	Day  org.Day       // the day since which it holds
	// FilesDecide says that a decision of the files of that day or a later one goes before
	// it (Attr.Decided). Without it only a person in the target, or orgit lock, does.
	FilesDecide bool
}

// held gives the reason for which an attribute must stay as it is, and the reason that the
// files overrule. Neither is there for an attribute that nobody has decided about.
func held(a *Attr, have *Found) (stays, overruled string) {
	reason := have.Held[a.Name]
	hold := have.Holds[a.Name]
	if reason != "" && hold.FilesDecide && a.Decided != "" && a.Decided >= hold.Day {
		return "", reason
	}
	return reason, ""
}

// ownOrigin is the origin of a difference that is nobody's drift: a note of orgit's own,
// what orgit itself left to be written, or what the files decide against a hold.
func (c *comparison) ownOrigin(id ID, a *Attr, have *Found, overruled string, origin Origin) Origin {
	switch {
	case origin != FromDrift:
		return origin
	case overruled != "":
		if base := attrIn(c.in.Base, id, a.Name); base == nil || base.Decided != a.Decided {
			return FromChange
		}
		return FromPending
	case a.Own || have.Unfinished[a.Name]:
		return FromPending
	}
	return origin
}

// holdAttention says in the plan that an attribute stays as somebody decided.
func (c *comparison) holdAttention(want *Object, name string, have *Found) {
	hold := have.Holds[name]
	a := Attention{
		Code: AttentionHeld, Target: c.in.Desired.Target, Object: want.ID, Name: want.Name,
		Detail: have.Held[name], Path: want.Entry, Day: hold.Day,
	}
	if hold.Code != "" {
		a.Code = hold.Code
	}
	c.plan.Attention = append(c.plan.Attention, a)
}

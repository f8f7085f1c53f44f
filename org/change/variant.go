package change

import "strings"

// variant chooses among the sentences of a kind; "edit" stands for none of them.
func variant(c Change) string {
	const none = "edit"
	switch c.Kind {
	case Hire, Person, Robot:
		return c.Field
	case Extend:
		return either(c.Effect == "", variantOpen, "")
	case Move, Title, Fraction, UnitMove, AccountRename:
		return valueVariant(c)
	case Rename, UnitRename:
		return nameVariant(c)
	case Absence:
		return absenceVariant(c)
	case Association:
		return endVariant(c)
	case Protect, Suspend:
		return either(c.Correction || c.Withdrawn, none, either(c.To == "", variantOff, ""))
	case Account:
		if c.Field == "suspended" && !c.Correction {
			return either(c.To == "", variantOff, "suspended")
		}
		return c.Field
	case Vacate:
		return c.Field
	case LeaderChange, Appoint, AppointActing, Rehire, Leave, Annul, Associate, Dissociate,
		UnitCreate, UnitClose, UnitMerge, UnitRemoved, PersonRemoved:
		return ""
	case LeaderCorrect:
		return leaderVariant(c)
	case Engagement:
		return c.Field
	case Unit:
		return either(c.Field == "to" && c.To == "" && c.Was != "", variantOpen, none)
	case Settings:
		return settingVariant(c)
	}
	return none
}

func either(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

func valueVariant(c Change) string {
	switch {
	case c.Correction || c.Withdrawn:
		return "edit"
	case strings.HasPrefix(c.Field, "parents."):
		return either(c.To == "", "edit", "hierarchy")
	case c.From == "":
		return variantFirst
	case c.To == "":
		return variantGone
	}
	return ""
}

func nameVariant(c Change) string {
	switch {
	case c.Withdrawn || c.Was != "":
		return "edit"
	case c.Correction:
		return "correction"
	}
	return ""
}

func absenceVariant(c Change) string {
	switch {
	case c.Field == FieldNew && c.To != "":
		return "closed"
	case c.Field == "to" && c.To == "":
		return variantOpen
	case c.Field == "closesAccounts":
		return either(c.To == "", variantOff, "on")
	}
	return c.Field
}

func endVariant(c Change) string {
	switch {
	case c.Field == "to" && c.Effect == "":
		return variantOpen
	case c.Field == "annulled" && (c.To == "" && c.From != "" || c.Correction):
		return "edit"
	}
	return c.Field
}

func leaderVariant(c Change) string {
	switch {
	case c.Field == "to" && c.Effect == "":
		return variantOpen
	case c.Field == "to" && c.From == "":
		return "end"
	case c.Field == FieldRemoved && c.From == "":
		return "edit"
	}
	return c.Field
}

func settingVariant(c Change) string {
	switch {
	case c.Field == FieldNew:
		return FieldNew
	case c.From == "":
		return variantFirst
	case c.To == "":
		return variantGone
	}
	return ""
}

// edit chooses the way of saying that a field has another value.
func edit(c Change) string {
	name, _, _ := strings.Cut(c.Field, ".")
	stated := func(v string) bool { return v != "" || flags[name] }
	switch {
	case c.Field == FieldOn:
		return editNothing
	case c.Hidden:
		return editHidden
	case c.Withdrawn && c.From == "" && !flags[name]:
		return editNotClear
	case c.Withdrawn:
		return either(stated(c.To), editNot, editNotGone)
	case c.Correction && c.Was != "":
		return editCorrected
	case c.Clears:
		return editClear
	case c.Correction:
		return either(stated(c.To), editCorrect, editUnstated)
	case !stated(c.To):
		return editGone
	case !stated(c.From):
		return editFirst
	}
	return editChange
}

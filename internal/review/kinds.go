package review

import (
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
)

// This file is the one place that says which kind of the rules (org.ReviewKinds) a change or a consequence is of.

// kindsOfChanges are the kinds that follow from the kind of the change alone.
var kindsOfChanges = map[change.Kind]string{
	change.Hire:          org.KindHire,
	change.Rehire:        org.KindHire,
	change.Leave:         org.KindLeave,
	change.Extend:        org.KindExtend,
	change.Annul:         org.KindAnnul,
	change.Move:          org.KindMove,
	change.Title:         org.KindTitle,
	change.Fraction:      org.KindFraction,
	change.Engagement:    org.KindEngagement,
	change.Absence:       org.KindAbsence,
	change.Associate:     org.KindAssociation,
	change.Dissociate:    org.KindAssociation,
	change.Association:   org.KindAssociation,
	change.Rename:        org.KindName,
	change.Contact:       org.KindContact,
	change.Protect:       org.KindShielded,
	change.Suspend:       org.KindSuspended,
	change.Person:        org.KindPerson,
	change.PersonRemoved: org.KindRemoved,
	change.Account:       org.KindAccount,
	change.AccountRename: org.KindAccountName,
	change.UnitCreate:    org.KindUnit,
	change.UnitClose:     org.KindUnit,
	change.UnitMerge:     org.KindUnit,
	change.UnitMove:      org.KindUnit,
	change.UnitRename:    org.KindUnit,
	change.Unit:          org.KindUnit,
	change.UnitRemoved:   org.KindRemoved,
	change.Appoint:       org.KindManager,
	change.AppointActing: org.KindManager,
	change.Vacate:        org.KindManager,
	change.LeaderChange:  org.KindManager,
	change.LeaderCorrect: org.KindManager,
	change.Robot:         org.KindRobot,
	change.Settings:      org.KindSettings,
}

// kindsOfSettings are the parts of the root files, and of what counts as such, that have a kind of their own.
var kindsOfSettings = map[string]string{
	"review": org.KindReviewRules, "safeguarded": org.KindSafeguarded, "allowances": org.KindAllowance, "systems": org.KindSystem,
	"roleGroups": org.KindRights, "assignments": org.KindRights, "conflicts": org.KindRights,
}

// kindOf gives the kind of a change.
func (c *classifier) kindOf(ch change.Change) string {
	kind := kindsOfChanges[ch.Kind]
	switch {
	case kind == "":
		return org.KindUnknown
	case ch.Subject.Kind == change.SubjectRobot:
		return org.KindRobot // also its accounts
	case kind == org.KindSettings:
		section, _, _ := strings.Cut(ch.Field, ".")
		if of := kindsOfSettings[section]; of != "" {
			return of
		}
	case kind == org.KindAccount, kind == org.KindAccountName:
		return c.kindOfAccount(ch, kind)
	}
	return kind
}

// kindOfAccount looks at which account it is. A person's own first account in a proposal that hires them is part of hiring,
// unless it takes over something that is there already.
func (c *classifier) kindOfAccount(ch change.Change, kind string) string {
	states := c.accountStates(ch)
	first, own := ch.Field == change.FieldNew && c.hired[ch.Subject.Key], len(states) > 0
	for _, a := range states {
		switch {
		case c.rules.Login != "" && a.System == c.rules.Login && tellsWho(ch.Field) && !(first && isFresh(a)):
			return org.KindReviewLogin
		case a.Kind == org.AccountAdmin || a.Kind == org.AccountService:
			return org.KindSensitiveRole
		}
		own = own && isFresh(a)
	}
	switch {
	case first && own:
		return org.KindHire
	case ch.Field == "suspended":
		return org.KindSuspended
	}
	return kind
}

// tellsWho reports whether a field of an account decides which user in GitLab its holder is, and when.
func tellsWho(field string) bool {
	switch field {
	case change.FieldNew, "name", "system", "kind", "from", "to":
		return true
	}
	return false
}

// isFresh reports whether an account is somebody's personal one that is made for them.
func isFresh(a *org.Account) bool {
	return (a.Kind == org.AccountPersonal || a.Kind == "") && a.StatedUUID == "" && (a.Existing == "" || a.Existing == org.NotExisting)
}

// kindsOfLosses are the kinds of what an operation takes away, where nothing in the proposal says it already. What is
// closed or cleared of a unit or robot is of the unit's or robot's own kind.
var kindsOfLosses = map[plan.Loss]string{
	plan.LossDisable:    org.KindAccountClosed,
	plan.LossQuarantine: org.KindAccountClosed,
	plan.LossInactivate: org.KindAccountClosed,
	plan.LossClear:      org.KindCleared,
	plan.LossDelete:     org.KindDeletion,
	plan.LossRename:     org.KindAccountName,
}

// causes are the kinds of changes of a person or unit that say a consequence for the same person or unit: approving the
// change approves it. A deletion is never said by anything else.
var causes = map[string][]string{
	org.KindAccountClosed: {
		org.KindLeave, org.KindAnnul, org.KindAbsence, org.KindSuspended, org.KindAssociation, org.KindAccount, org.KindSensitiveRole,
		org.KindReviewLogin, org.KindRemoved,
	},
	org.KindCleared: {
		org.KindContact, org.KindLeave, org.KindAnnul, org.KindAbsence, org.KindSuspended, org.KindAssociation, org.KindTitle, org.KindMove,
		org.KindShielded, org.KindEngagement, org.KindAccount, org.KindSensitiveRole, org.KindReviewLogin, org.KindRemoved,
	},
	org.KindAccountName: {org.KindAccountName, org.KindReviewLogin},
	org.KindUnit:        {org.KindUnit, org.KindManager, org.KindContact, org.KindRemoved},
	org.KindRobot:       {org.KindRobot},
}

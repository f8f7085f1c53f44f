package org

// Review is who may approve what. It is taken from main as it stands before a merge, never from the branch that is judged.
type Review struct {
	Group       []string     `json:"group"` // usernames in GitLab
	Approvals   int          `json:"approvals"`
	Substitutes []Substitute `json:"substitutes"`
	// Login is the system (see Account.System) whose account names are people's usernames in GitLab. Without it nobody can
	// be recognised as a leader, and the group decides what leaders would have.
	Login string `json:"login"`
	// HoldLabel is the label that keeps a merge request from being merged and carried out.
	HoldLabel string                 `json:"holdLabel"`
	Classes   map[string]ReviewClass `json:"classes"`
	Emergency *Emergency             `json:"emergency"`
}

// Substitute approves in somebody else's place for a time.
type Substitute struct {
	For string `json:"for"`
	Is  string `json:"is"`
	Period
}

// Approvers of a class of changes.
const (
	ByRule   = "rule"       // nobody is asked: the source that the class names is believed
	ByLeader = "areaLeader" // the leader of those whom it is about
	ByGroup  = "group"      // members of the working group
)

// ReviewClass is a class of changes with approvers of its own.
type ReviewClass struct {
	Kinds           []string `json:"kinds"` // see ReviewKinds
	Source          string   `json:"source"`
	Approvers       string   `json:"approvers"`
	Approvals       int      `json:"approvals"` // 0: those of Review for the group, one for a leader
	PerRun          int      `json:"perRun"`
	MaxBackdateDays int      `json:"maxBackdateDays"`
	Never           []string `json:"never"` // kinds that take a change out of the class
}

// Emergency is who may close accounts at once (straksnedlæggelse).
type Emergency struct {
	People       []string `json:"people"`
	PerHour      int      `json:"perHour"`
	ExpiresHours int      `json:"expiresHours"`
}

// ReviewKind is a kind of what a proposal holds, by the name that review.classes has for it.
type ReviewKind struct {
	Name            string
	Danish, English string
	// GroupOnly says that the working group decides whatever a class says: the kind bears on who may approve, on what is
	// safe, or on more than one can see from the change.
	GroupOnly bool
}

// The kinds that proposals are sorted into. What each of them covers is written in package review.
const (
	KindHire          = "hire"
	KindLeave         = "leave"
	KindExtend        = "extend"
	KindAnnul         = "annul"
	KindMove          = "move"
	KindTitle         = "title"
	KindFraction      = "fraction"
	KindEngagement    = "engagement"
	KindAbsence       = "absence"
	KindAssociation   = "association"
	KindName          = "name"
	KindContact       = "contact"
	KindShielded      = "shielded"
	KindSuspended     = "suspended"
	KindPerson        = "person"
	KindAccount       = "account"
	KindAccountName   = "accountName"
	KindUnit          = "unit"
	KindManager       = "manager"
	KindAccountClosed = "accountClosed"
	KindCleared       = "cleared"
	KindDeletion      = "deletion"
	KindText          = "text"
	KindSensitiveRole = "sensitiveRole"
	KindRemoved       = "removed"
	KindRobot         = "robot"
	KindSystem        = "system"
	KindAllowance     = "allowance"
	KindRights        = "rights"
	KindSafeguarded   = "safeguarded"
	KindReviewRules   = "reviewRules"
	KindReviewLogin   = "reviewLogin"
	KindSettings      = "settings"
	KindFiles         = "files"
	KindUnknown       = "unknown"
)

// ReviewKinds are the kinds in the order in which they are explained to people.
func ReviewKinds() []ReviewKind {
	return []ReviewKind{
		{KindHire, "ansættelse, også af en, der har været her før", "somebody is hired, also again", false},
		{KindLeave, "fratrædelse", "an engagement ends", false},
		{KindExtend, "en ansættelse slutter senere eller slet ikke", "an engagement ends later, or no longer ends", false},
		{KindAnnul, "en ansættelse blev ikke til noget", "an engagement never happened", false},
		{KindMove, "flytning til en anden enhed", "an engagement moves to another unit", false},
		{KindTitle, "titel", "title", false},
		{KindFraction, "beskæftigelsesgrad", "part of full time", false},
		{KindEngagement, "andet om en ansættelse", "something else about an engagement", false},
		{KindAbsence, "orlov", "leave of absence", false},
		{KindAssociation, "tilknytning", "association", false},
		{KindName, "navn på en person", "a person's name", false},
		{KindContact, "telefon, mail, lokale og andre adresser", "phone, mail, room and other addresses", false},
		{KindShielded, "adressebeskyttelse; også alt om en, der er beskyttet", "protected address; also everything about somebody who is shielded", false},
		{KindSuspended, "lukning eller genåbning af en persons eller en kontos adgang", "closing or opening the access of a person or an account", false},
		{KindPerson, "andet om en person", "something else about a person", false},
		{KindAccount, "konto, også en, der overtages", "an account, also one that is taken over", false},
		{KindAccountName, "brugernavn", "a login name", false},
		{KindUnit, "enheder; ved never også flytning til en anden enhed", "units; in never also a move to another unit", false},
		{KindManager, "ledere; ved never også alt om en, der er leder", "leaders; in never also everything about somebody who leads", false},
		{KindAccountClosed, "en konto lukkes, uden at forslaget selv siger det om personen", "an account closes without the proposal saying so of the person", false},
		{KindCleared, "en værdi ryddes i et system, uden at forslaget selv siger det", "a value is cleared in a system without the proposal saying so", false},
		{KindDeletion, "noget slettes i et system", "something is deleted in a system", false},
		{KindText, "kun kommentarer eller opstilling", "comments or layout only", false},
		{KindSensitiveRole, "administrator- og tjenestekonti", "accounts of administrators and services", true},
		{KindRemoved, "en person eller enhed tages ud af filerne", "a person or unit is taken out of the files", true},
		{KindRobot, "robotter og fælles konti", "robots and shared accounts", true},
		{KindSystem, "it-systemer", "IT systems", true},
		{KindRights, "rollebuketter, tildelinger af roller og funktionsadskillelse", "role groups, assignments of roles and segregation of duties", true},
		{KindAllowance, "undtagelser fra grænser", "allowances beyond limits", true},
		{KindSafeguarded, "listen over det beskyttede; ved never også alt om en, der står på den", "the list of what is safeguarded; in never also everything about those on it", true},
		{KindReviewRules, "regler for godkendelse", "the rules of approval", true},
		{KindReviewLogin, "konti, som ledere genkendes på", "accounts by which leaders are recognised", true},
		{KindSettings, "andre indstillinger", "other settings", true},
		{KindFiles, "filer, der ikke er personer og enheder", "files that are no entries", true},
		{KindUnknown, "det, orgit ikke kan sætte navn på", "what orgit has no name for", true},
	}
}

// ReviewKindNamed returns the kind with the name; ok is false where there is none.
func ReviewKindNamed(name string) (k ReviewKind, ok bool) {
	for _, k := range ReviewKinds() {
		if k.Name == name {
			return k, true
		}
	}
	return ReviewKind{}, false
}

package view

import (
	"slices"
	"strings"

	"orgit.dk/orgit/plan"
)

// This file is about what was in a system before orgit: what is taken over, what it is
// known by, and what a person has to decide about it.

// signs are what people call the signs by which something is recognised: a login name, and
// the login name of one that is spoken of.
var signs = map[string]struct{ a, the phrase }{
	"employeeNumber":  {phrase{"medarbejdernummer", "employee number"}, phrase{"medarbejdernummeret", "the employee number"}},
	"cpr":             {phrase{"CPR-nummer", "CPR number"}, phrase{"CPR-nummeret", "the CPR number"}},
	"login":           {phrase{"brugernavn", "login name"}, phrase{"brugernavnet", "the login name"}},
	"upn":             {phrase{"login-adresse", "login address"}, phrase{"login-adressen", "the login address"}},
	"mail":            {phrase{"e-mail", "e-mail"}, phrase{"e-mailen", "the e-mail"}},
	"name":            {phrase{"navn", "name"}, phrase{"navnet", "the name"}},
	"givenName":       {phrase{"fornavn", "given name"}, phrase{"fornavnet", "the given name"}},
	"place":           {phrase{"navn på samme sted", "name in the same place"}, phrase{"navnet", "the name"}},
	plan.SignExisting: {phrase{"objectGUID i filerne", "objectGUID in the files"}, phrase{"objectGUID", "the objectGUID"}},
}

func (c *composer) sign(name string) string {
	if s, ok := signs[name]; ok {
		return s.a.in(c.lang)
	}
	return name
}

func (c *composer) theSign(name string) string {
	if s, ok := signs[name]; ok {
		return s.the.in(c.lang)
	}
	return name
}

// takenOver lists what a first load takes over, without what changes in each: it is not new,
// so somebody has to see that it is the right one.
func (c *composer) takenOver(t *plan.Target) []line {
	var lines []line
	for i := range c.plan.Operations {
		if op := &c.plan.Operations[i]; op.Target == t.Name && op.Action == plan.ActionAdopt {
			lines = append(lines, line{
				mark: markChange, text: c.object(op.Target, op.Object, op.Name) + " " + verbAdopt.say(1, c.lang) + ": " + c.knownBy(op),
			})
		}
	}
	return lines
}

// knownBy says what is taken over, and how it is known to be that.
func (c *composer) knownBy(op *plan.Operation) string {
	return op.Ref + phrase{", kendt på ", ", known by "}.in(c.lang) + c.matched(op.Signs)
}

func (c *composer) matched(list []plan.SignMatch) string {
	var words []string
	for _, s := range list {
		word := c.sign(s.Name)
		if s.Value != "" {
			word += " " + s.Value
		}
		words = append(words, word)
	}
	return joined(words, c.lang)
}

// possible says of one object what speaks for it and what against.
func (c *composer) possible(target string, p plan.Possible) string {
	text := p.Ref + ": " + phrase{"samme ", "the same "}.in(c.lang) + c.matched(p.Signs)
	var against []string
	for i, o := range p.Against {
		if i > 0 && o.Name == "givenName" && p.Against[i-1].Name == "name" {
			continue // whose whole name is another has another given name too
		}
		against = append(against, c.objection(target, o))
	}
	if len(against) > 0 {
		text += phrase{"; men ", "; but "}.in(c.lang) + joined(against, c.lang)
	}
	if p.Handle != "" {
		text += " (objectGUID " + p.Handle + ")"
	}
	return text
}

func (c *composer) objection(target string, o plan.Objection) string {
	switch o.Code {
	case plan.ObjectionDiffers:
		if o.Theirs == "" || o.Ours == "" {
			return phrase{"%s er en andens", "%s is somebody else's"}.format(c.lang, c.theSign(o.Name))
		}
		return phrase{"%s er %s, og filerne siger %s", "%s is %s, and the files say %s"}.format(c.lang, c.theSign(o.Name), o.Theirs, o.Ours)
	case plan.ObjectionLacks:
		return phrase{"den har intet %s, der viser, hvem den er til", "it has no %s that shows whose it is"}.format(c.lang, c.sign(o.Name))
	case plan.ObjectionUnsure:
		return phrase{"flere har det samme %s i filerne", "several have the same %s in the files"}.format(c.lang, c.sign(o.Name))
	case plan.ObjectionClaimed:
		return phrase{"den kan lige så godt høre til %s", "it may just as well belong to %s"}.format(c.lang, o.Ours)
	case plan.ObjectionKind:
		return phrase{"det er noget andet (%s)", "it is something else (%s)"}.format(c.lang, o.Theirs)
	case plan.ObjectionProtected:
		return phrase{"den rører orgit ikke: %s", "orgit does not touch it: %s"}.format(c.lang, c.protection(target, o.Name))
	case plan.ObjectionOwner:
		return phrase{"der står noget andet (%s), hvor orgits mærke skal stå", "something else (%s) stands where orgit's mark goes"}.format(c.lang, o.Theirs)
	}
	return strings.TrimSpace(string(o.Code) + " " + o.Name)
}

// decideHint says how a person decides.
func (c *composer) decideHint(a plan.Attention) string {
	if a.Object.Kind != "user" {
		return phrase{
			"Er det den samme, så skriv %s på den. Ellers flyt eller omdøb den.",
			"If it is the same, write %s on it. Else move or rename it.",
		}.format(c.lang, a.Hint)
	}
	if !slices.ContainsFunc(a.Possible, isUsable) {
		return phrase{
			`Så længe det er sådan, kan den ikke overtages. Er det en anden konto, så skriv ved kontoen i filerne: existing: "none". Kontoen står i %s.`,
			`As long as that is so it cannot be taken over. If it is another account, write with the account in the files: existing: "none". The account is in %s.`,
		}.format(c.lang, c.where(a.Path))
	}
	if len(a.Possible) == 1 {
		return phrase{
			`Er det den, så skriv ved kontoen i filerne: existing: "%s". Er det en anden, så skriv existing: "none". Kontoen står i %s.`,
			`If it is, write with the account in the files: existing: "%s". If it is another one, write existing: "none". The account is in %s.`,
		}.format(c.lang, a.Possible[0].Handle, c.where(a.Path))
	}
	return phrase{
		`Er det en af dem, så skriv ved kontoen i filerne, hvilken: existing: "OBJECTGUID". Er det ingen af dem, så skriv existing: "none". Kontoen står i %s.`,
		`If it is one of them, write which with the account in the files: existing: "OBJECTGUID". If it is none of them, write existing: "none". The account is in %s.`,
	}.format(c.lang, c.where(a.Path))
}

// isUsable reports whether an object can be taken over, if a person says that it is the one.
func isUsable(p plan.Possible) bool {
	return !slices.ContainsFunc(p.Against, func(o plan.Objection) bool {
		return o.Code == plan.ObjectionProtected || o.Code == plan.ObjectionKind || o.Code == plan.ObjectionOwner
	})
}

// existing says what is wrong with what the files say about which object something is.
func (c *composer) existing(system, object string, problem plan.ExistingProblem) string {
	what := map[plan.ExistingProblem]phrase{
		plan.ExistingMissing:   {"den findes ikke i orgits del af %s", "it is not in orgit's part of %s"},
		plan.ExistingOwned:     {"den hører til en anden konto, som orgit har i %s", "it belongs to another account that orgit has in %s"},
		plan.ExistingTwice:     {"det siger filerne om to konti i %s", "the files say so of two accounts in %s"},
		plan.ExistingKind:      {"den er ikke en brugerkonto i %s", "it is no user account in %s"},
		plan.ExistingProtected: {"den er beskyttet i %s, og orgit rører den ikke", "it is protected in %s, and orgit does not touch it"},
		plan.ExistingOwner:     {"der står noget andet i %s, hvor orgits mærke skal stå", "something else stands in %s where orgit's mark goes"},
		plan.ExistingOther:     {"orgit har en anden konto som den i %s", "orgit has another account as it in %s"},
	}[problem].format(c.lang, system)
	return phrase{
		"Filerne siger, hvilken konto %s er (existing), men %s.", "The files say which account %s is (existing), but %s.",
	}.format(c.lang, object, what)
}

func (c *composer) protection(target, why string) string {
	words := map[plan.Protection]phrase{
		plan.ProtectedAdmin:   {"AD beskytter den som en administrators (adminCount=1)", "AD protects it as an administrator's (adminCount=1)"},
		plan.ProtectedSystem:  {"AD skal selv bruge den (isCriticalSystemObject)", "AD itself needs it (isCriticalSystemObject)"},
		plan.ProtectedName:    {"brugernavnet er et, som AD har til sig selv", "the login name is one that AD has for itself"},
		plan.ProtectedSetting: {"brugernavnet er beskyttet i indstillingerne (%s.protected)", "the login name is protected by the settings (%s.protected)"},
		plan.ProtectedRobot:   {"brugernavnet er en robots eller en servicekontos i filerne", "the login name is a robot's or a service account's in the files"},
		plan.ProtectedService: {"programmer kører som den (servicePrincipalName)", "programs run as it (servicePrincipalName)"},
		plan.ProtectedSelf:    {"det er orgits egen", "it is orgit's own"},
	}
	switch p, ok := words[plan.Protection(why)]; {
	case ok && plan.Protection(why) == plan.ProtectedSetting:
		return p.format(c.lang, settingOf(target))
	case ok:
		return p.in(c.lang)
	}
	return why
}

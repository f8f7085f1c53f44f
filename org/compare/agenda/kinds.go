package agenda

import (
	"slices"
	"strings"

	"orgit.dk/orgit/org/compare"
)

// kindWords are the heading of a kind, and what it means for who has to decide.
type kindWords struct{ heading, help phrase }

func wordsOf(kind compare.Kind) kindWords {
	switch kind {
	case AskUnit:
		return kindWords{phrase{"Er det samme enhed?", "Is it the same unit?"},
			phrase{"Sammenholdet kan ikke selv afgøre det.", "The comparison cannot tell by itself."}}
	case AskPerson:
		return kindWords{phrase{"Er det samme person?", "Is it the same person?"},
			phrase{"Sammenholdet kan ikke selv afgøre det.", "The comparison cannot tell by itself."}}
	case compare.Doubled:
		return kindWords{phrase{"Personer, der ser ud til at være oprettet to gange", "People who seem to be there twice"},
			phrase{"To poster i samme register ligner den samme person.", "Two records of one register look like the same person."}}
	case compare.UnitOnly:
		return kindWords{phrase{"Enheder, som kun det ene register har", "Units that only one register has"}, phrase{}}
	case compare.UnitName:
		return kindWords{phrase{"Enheder med forskelligt navn", "Units with different names"}, phrase{}}
	case compare.UnitPlace:
		return kindWords{phrase{"Enheder, der er placeret forskelligt", "Units in different places"},
			phrase{"Værdien er den enhed, som enheden ligger under.", "The value is the unit above."}}
	case compare.UnitLeader:
		return kindWords{phrase{"Enheder med forskellige ledere", "Units with different leaders"}, phrase{}}
	case compare.LeaderOnly:
		return kindWords{phrase{"Ledere, som kun det ene register kender", "Leaders whom only one register knows"}, phrase{}}
	case compare.PersonOnly:
		return kindWords{phrase{"Personer, som kun det ene register har", "People whom only one register has"}, phrase{}}
	case compare.AccountOpen:
		return kindWords{phrase{"Åbne konti hos fratrådte", "Open accounts of people who have left"},
			phrase{"Personens sidste ansættelse er ophørt, men der kan stadig logges på med kontoen.", "The person's last engagement has ended, and the account can still log in."}}
	case compare.AccountClosed:
		return kindWords{phrase{"Lukkede konti hos ansatte", "Closed accounts of people who work here"},
			phrase{"Personen er ansat i dag, men der kan ikke logges på med kontoen. Det kan være en orlov, som registret ikke oplyser.", "The person works here today, and the account cannot log in. It may be a leave of which the register does not tell."}}
	case compare.AccountWithoutPerson:
		return kindWords{phrase{"Konti uden en person", "Accounts without a person"},
			phrase{"Der er en brugerkonto, men ingen ansættelse.", "There is an account and no engagement."}}
	case compare.PersonWithoutAccount:
		return kindWords{phrase{"Personer uden en konto", "People without an account"}, phrase{}}
	case compare.PersonName:
		return kindWords{phrase{"Personer med forskelligt navn", "People with different names"}, phrase{}}
	case compare.PersonUnit:
		return kindWords{phrase{"Personer i forskellige enheder", "People in different units"}, phrase{}}
	case compare.PersonTitle:
		return kindWords{phrase{"Personer med forskellig titel", "People with different titles"}, phrase{}}
	case compare.PersonManager:
		return kindWords{phrase{"Personer med forskellig leder", "People with different managers"}, phrase{}}
	case compare.PersonPhone:
		return kindWords{phrase{"Personer med forskelligt telefonnummer", "People with different phone numbers"}, phrase{}}
	}
	return kindWords{phrase{string(kind), string(kind)}, phrase{}}
}

// Heading is what a kind is called in a language.
func Heading(kind compare.Kind, lang string) string { return wordsOf(kind).heading.in(lang) }

// Help says what a kind means where its heading does not say enough; else it is empty.
func Help(kind compare.Kind, lang string) string { return wordsOf(kind).help.in(lang) }

// text is what a side says, as a cell of a table.
func text(item Item, s Side, lang string) string {
	switch {
	case s.Name == "" && s.Key.ID == "":
		return phrase{"findes ikke", "not there"}.in(lang)
	case item.Hidden && valued(item.Kind) && len(s.Values) == 0:
		return phrase{"vises ikke (adressebeskyttelse)", "not shown (protected address)"}.in(lang)
	case !valued(item.Kind):
		return strings.Join(slices.Concat([]string{s.Name}, s.About), ", ")
	case len(given(s.Values)) > 0:
		return strings.Join(given(s.Values), ", ")
	case item.Kind == compare.LeaderOnly:
		return phrase{"ingen leder", "no leader"}.in(lang)
	case item.Kind == compare.AccountClosed:
		return phrase{"ansat", "works here"}.in(lang)
	case item.Kind == compare.UnitPlace:
		return phrase{"øverst", "at the top"}.in(lang)
	}
	return "–"
}

// differenceWords say what is not plain from what the registers say.
func differenceWords(d compare.Difference, lang string, registers [2]string) []string {
	switch d.Kind {
	case compare.Doubled:
		return []string{phrase{"står to gange i %s; %d %% sandsynligt, at det er den samme", "twice in %s; %d %% likely to be one person"}.format(lang, registers[0], min(int(d.Chance*100), 99))}
	case compare.UnitOnly, compare.PersonOnly, compare.LeaderOnly:
		in := registers[0]
		if d.Kind == compare.LeaderOnly && len(d.Lead.Values) == 0 || d.Kind != compare.LeaderOnly && d.Lead.ID == "" {
			in = registers[1]
		}
		return []string{phrase{"kun i %s", "only in %s"}.format(lang, in)}
	case compare.AccountOpen:
		return []string{phrase{"åben konto i %s, fratrådt i %s", "open account in %s, has left in %s"}.format(lang, accountRegister(d, registers), otherRegister(d, registers))}
	case compare.AccountClosed:
		return []string{phrase{"lukket konto i %s, ansat i %s", "closed account in %s, works here in %s"}.format(lang, accountRegister(d, registers), otherRegister(d, registers))}
	case compare.AccountWithoutPerson:
		return []string{phrase{"konto i %s, ingen person i %s", "account in %s, no person in %s"}.format(lang, accountRegister(d, registers), otherRegister(d, registers))}
	case compare.PersonWithoutAccount:
		return []string{phrase{"person i %s, ingen konto i %s", "person in %s, no account in %s"}.format(lang, accountRegister(d, registers), otherRegister(d, registers))}
	case compare.UnitName, compare.PersonName:
		if words := levelWords(d.Level, lang); words != "" {
			return []string{words}
		}
	}
	return nil
}

// accountRegister is the register that has the record, and otherRegister the one that lacks it.
func accountRegister(d compare.Difference, registers [2]string) string {
	if d.Lead.ID == "" || d.Other.ID != "" && len(d.Lead.Values) == 0 {
		return registers[1]
	}
	return registers[0]
}

func otherRegister(d compare.Difference, registers [2]string) string {
	if accountRegister(d, registers) == registers[0] {
		return registers[1]
	}
	return registers[0]
}

// levelWords say how near two names are; nothing where they simply differ.
func levelWords(l compare.Level, lang string) string {
	switch l {
	case compare.Equal:
		return phrase{"kun skrivemåden er forskellig (store bogstaver, æ/ae, ø/oe, å/aa)", "only the spelling differs (capitals, æ/ae, ø/oe, å/aa)"}.in(lang)
	case compare.Spelling:
		return phrase{"navnene lyder ens", "the names sound alike"}.in(lang)
	case compare.Nickname:
		return phrase{"det ene er et kaldenavn", "one is a nickname"}.in(lang)
	case compare.Initial:
		return phrase{"det ene har kun et forbogstav", "one has only an initial"}.in(lang)
	case compare.Part:
		return phrase{"en del af navnet er ens", "a part of the name is equal"}.in(lang)
	case compare.Typo:
		return phrase{"kun et par bogstaver er forskellige", "only a letter or two differ"}.in(lang)
	case compare.Swapped:
		return phrase{"for- og efternavn er byttet om", "given name and surname are exchanged"}.in(lang)
	}
	return ""
}

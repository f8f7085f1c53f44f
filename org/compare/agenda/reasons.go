package agenda

import (
	"strings"

	"orgit.dk/orgit/org/compare"
)

// reasonWords are what a reason says: without its values where they are not to be shown.
func reasonWords(r compare.Reason, lang string, hidden bool) string {
	lead, other := oneLine(r.Lead), oneLine(r.Other)
	if hidden && !openField(r.Field) || r.Field == compare.CPR || r.Field == compare.Identity {
		lead, other = "", ""
	}
	words := fieldWords(r.Field, r.Level).in(lang)
	switch {
	case words == "" || lead == "" && other == "":
		return words
	case r.Level == compare.Equal && (lead == other || strings.EqualFold(lead, other)):
		return words + " " + lead
	case r.Level == compare.Equal && shared(lead, other) != "":
		return words + " " + shared(lead, other)
	case lead == "" || other == "":
		return words
	}
	return words + ": " + lead + " / " + other
}

// shared are the parts of two lists that both have.
func shared(a, b string) string {
	var both []string
	for _, x := range strings.Split(a, ", ") {
		for _, y := range strings.Split(b, ", ") {
			if x != "" && strings.EqualFold(x, y) {
				both = append(both, x)
				break
			}
		}
	}
	return strings.Join(both, ", ")
}

// openField reports whether a field may be shown of people with a protected address.
func openField(f compare.Field) bool {
	switch f {
	case wholeName, compare.Given, compare.Surname, compare.Middle, compare.Unit:
		return true
	}
	return false
}

// fieldWords are what it means that a field agrees on a level. Not empty for every field and level that occur.
func fieldWords(f compare.Field, l compare.Level) phrase {
	if l == compare.Differs {
		return differing(f)
	}
	if l != compare.Equal {
		return nearly(f, l)
	}
	switch f {
	case wholeName:
		return phrase{"samme navn", "same name"}
	case compare.CPR:
		return phrase{"samme CPR-nummer", "same CPR number"}
	case compare.Identity:
		return phrase{"samme UUID", "same UUID"}
	case compare.Number:
		return phrase{"samme medarbejdernummer", "same employee number"}
	case compare.Account:
		return phrase{"samme brugernavn", "same login name"}
	case compare.Mail:
		return phrase{"samme e-mail", "same e-mail"}
	case compare.Given:
		return phrase{"samme fornavn", "same given name"}
	case compare.Surname:
		return phrase{"samme efternavn", "same surname"}
	case compare.Middle:
		return phrase{"samme mellemnavn", "same middle name"}
	case compare.Unit:
		return phrase{"samme enhed", "same unit"}
	case compare.Manager:
		return phrase{"samme leder", "same manager"}
	case compare.SharedPhone:
		return phrase{"samme telefon, som flere deler", "same phone, which several share"}
	case compare.Phone:
		return phrase{"samme telefon", "same phone"}
	case compare.Title:
		return phrase{"samme titel", "same title"}
	case compare.Code:
		return phrase{"samme kode", "same code"}
	case compare.Name:
		return phrase{"samme navn", "same name"}
	case compare.Parent:
		return phrase{"samme overenhed", "same unit above"}
	case compare.People:
		return phrase{"de samme medarbejdere", "the same people"}
	case compare.Decided:
		return phrase{"det er besluttet", "it has been decided"}
	}
	return phrase{}
}

// differing are the words of what speaks against.
func differing(f compare.Field) phrase {
	switch f {
	case compare.CPR:
		return phrase{"forskellige CPR-numre", "different CPR numbers"}
	case compare.Number:
		return phrase{"forskellige medarbejdernumre", "different employee numbers"}
	case compare.Account:
		return phrase{"forskellige brugernavne", "different login names"}
	case compare.Mail:
		return phrase{"forskellig e-mail", "different e-mail"}
	case compare.Given:
		return phrase{"forskellige fornavne", "different given names"}
	case compare.Surname:
		return phrase{"forskellige efternavne", "different surnames"}
	case compare.Middle:
		return phrase{"forskellige mellemnavne", "different middle names"}
	case compare.Unit:
		return phrase{"forskellige enheder", "different units"}
	case compare.Phone:
		return phrase{"forskellige telefonnumre", "different phone numbers"}
	case compare.Title:
		return phrase{"forskellige titler", "different titles"}
	case compare.Code:
		return phrase{"forskellige koder", "different codes"}
	case compare.Name:
		return phrase{"forskellige navne", "different names"}
	case compare.Parent:
		return phrase{"forskellige overenheder", "different units above"}
	case compare.People:
		return phrase{"andre medarbejdere", "other people"}
	}
	return phrase{}
}

// nearly are the words of what agrees to a part.
func nearly(f compare.Field, l compare.Level) phrase {
	switch {
	case l == compare.Near && f == compare.Unit:
		return phrase{"enhederne ligger lige ved hinanden", "the units are next to each other"}
	case l == compare.Near:
		return phrase{"de ligger lige ved hinanden", "they are next to each other"}
	case l == compare.Swapped:
		return phrase{"for- og efternavn er byttet om", "given name and surname are exchanged"}
	case l == compare.Nickname:
		return phrase{"det ene fornavn er et kaldenavn", "one given name is a nickname"}
	case l == compare.Initial:
		return phrase{"forbogstavet passer", "the initial fits"}
	}
	what := phrase{"navnet", "the name"}
	switch f {
	case compare.Given:
		what = phrase{"fornavnet", "the given name"}
	case compare.Surname:
		what = phrase{"efternavnet", "the surname"}
	}
	switch l {
	case compare.Spelling:
		return phrase{what.da + " lyder ens", what.en + " sounds alike"}
	case compare.Part:
		return phrase{"en del af " + what.da + " er ens", "a part of " + what.en + " is equal"}
	}
	return phrase{what.da + " ligner", what.en + " is nearly the same"}
}

// doubtWords say why the comparison does not answer itself.
func doubtWords(d compare.Doubt, lang string) string {
	switch d {
	case compare.TooLittle:
		return phrase{"der er for lidt, der taler for det", "too little speaks for it"}.in(lang)
	case compare.Several:
		return phrase{"der er flere, som det kunne være", "there are several whom it could be"}.in(lang)
	case compare.OtherCPR:
		return phrase{"CPR-numrene er forskellige, selv om andet passer", "the CPR numbers differ, though other things agree"}.in(lang)
	case compare.OtherName:
		return phrase{"navnene passer ikke, selv om andet gør", "the names do not agree, though other things do"}.in(lang)
	case compare.NotPersonal:
		return phrase{"den ene har kun en administrator- eller servicekonto", "one has only an administrator's or a service's account"}.in(lang)
	case compare.MatchedBetter:
		return phrase{"den ene af de to passer bedre med en anden", "one of the two fits somebody else better"}.in(lang)
	}
	return ""
}

package comparetest

import (
	"strings"

	"orgit.dk/orgit/org/source"
)

// name plants what is wrong with a name; d is the directory's.
func (g *gardener) name(p *source.Person, d *source.PersonState) {
	if g.plant(p.ID, "middle name left out", g.rates.Middle) {
		d.Given = strings.Fields(d.Given)[0]
		words := strings.Fields(d.Surname)
		d.Surname = words[len(words)-1]
	}
	if g.plant(p.ID, "æ written ae", g.rates.Letters) {
		danish := strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa", "Æ", "Ae", "Ø", "Oe", "Å", "Aa")
		d.Given, d.Surname = danish.Replace(d.Given), danish.Replace(d.Surname)
	}
	if g.plant(p.ID, "sound", g.rates.Sound) {
		alike := strings.NewReplacer("ch", "k", "Ch", "K", "ss", "s", "tt", "t", "nn", "n", "ph", "f", "th", "t", "c", "k", "C", "K", "w", "v")
		d.Given, d.Surname = alike.Replace(d.Given), alike.Replace(d.Surname)
	}
	switch {
	case g.plant(p.ID, "typo", g.rates.Typo):
		if g.chance(50) {
			d.Given = g.slip(d.Given)
		} else {
			d.Surname = g.slip(d.Surname)
		}
	case g.plant(p.ID, "nickname", g.rates.Nickname):
		if short, ok := nicknames[strings.Fields(d.Given)[0]]; ok {
			d.Given = short
		}
	case g.plant(p.ID, "initial", g.rates.Initial):
		d.Given = string([]rune(d.Given)[0]) + "."
	case g.plant(p.ID, "marriage", g.rates.Marriage):
		p.States[0].Surname = pick(g.r, "Nielsen", "Holst", "Bruun", "Søndergaard", "Vestergaard", "Kjær", "Lyngdal", "Jensen")
	}
	if g.plant(p.ID, "swapped", g.rates.Swapped) {
		d.Given, d.Surname = d.Surname, d.Given
	}
}

// slip is one slip of the fingers: a letter left out, doubled, exchanged with the next, or another one.
func (g *gardener) slip(text string) string {
	runes := []rune(text)
	if len(runes) < 4 {
		return text
	}
	at := 1 + g.r.IntN(len(runes)-2)
	switch g.r.IntN(4) {
	case 0:
		return string(runes[:at]) + string(runes[at+1:])
	case 1:
		return string(runes[:at]) + string(runes[at]) + string(runes[at:])
	case 2:
		runes[at], runes[at+1] = runes[at+1], runes[at]
	default:
		runes[at] = rune('a' + g.r.IntN(26))
	}
	return string(runes)
}

var nicknames = map[string]string{"Pernille": "Nille", "Susanne": "Sanne", "Charlotte": "Lotte", "Birgitte": "Gitte", "Hans": "Hasse", "Elisabeth": "Lis",
	"Kristoffer": "Stoffer", "Frederik": "Fred", "Henriette": "Jette", "Mathilde": "Tilde", "Cecilie": "Cille", "Thomas": "Tom", "Christina": "Tina",
	"Kirstine": "Stine", "Dorthe": "Dorte", "Nicolai": "Nico", "Alexander": "Alex", "Camilla": "Milla", "Caroline": "Line", "Johanne": "Hanne"}

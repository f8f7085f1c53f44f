package synthetic

import (
	"math"
	"slices"
	"sort"
	"strings"
)

// given are common Danish given names, the most frequent first.
const (
	women = `Anne Mette Kirsten Hanne Anna Helle Susanne Lene Maria Marianne Inge Karen Lone Bente Camilla Pia Jette Louise Charlotte Inger
		Gitte Tina Julie Ida Emma Birgit Rikke Sofie Mathilde Laura Christina Ulla Annette Birthe Cecilie Lis Ellen Caroline Maja Lise Tove
		Heidi Nanna Line Freja Pernille Anja Bodil Sara Dorthe Katrine Anita Trine Josefine Amalie Signe Sanne Vibeke Malene Emilie Stine
		Lærke Lisbeth Kirstine Merete Nina Jytte Eva Maj Johanne Elisabeth Mia Karin Lotte Ditte Else Ane Marie Clara Rita Astrid Kathrine
		Margit Simone Majbritt Winnie Ingrid Isabella Conny Henriette Sarah Victoria Britta Joan Anne-Marie Anne-Mette Dorte Tanja Janne
		Karina Lena Michelle Naja Olivia Alberte Ann Berit Betina Bettina Britt Connie Dagny Diana Elin Esther Frederikke Gerda Grethe Gry
		Gunhild Gudrun Helene Hedvig Irene Iben Iris Jane Jeanette Jonna Kamilla Kristina Kirsa Liv Lykke Mona Marlene Mai-Britt Nadia Oda
		Rebecca Rosa Ruth Sabrina Selma Sigrid Solvej Susan Tea Thea Tilde Ulrikke Vera Vigdis Yvonne Zenia Aïcha Chloé Renée Zoë Fatima
		Aisha Amina Leyla Yasmin Zeynep Hatice Svetlana Agnieszka Katarzyna Małgorzata Jürate Øydis Åse Ågot Ærø Ylva Guðrún Þóra Siobhán`
	men = `Peter Michael Jens Lars Thomas Henrik Søren Christian Martin Jan Morten Niels Anders Mads Jesper Hans Rasmus Per Jørgen Ole Mikkel
		Kim Erik Daniel Poul Frederik Jakob Mathias Kristian Emil Brian Carsten Bent Jacob Flemming Simon Nikolaj Torben Claus Alexander
		Kenneth Oliver William John Allan Magnus Steen Andreas Bo Finn Sebastian Tobias Nicolai Philip Ib Kurt Stefan Knud Johannes Victor
		Oscar Mark Svend Karsten Tommy Lasse Bjarne Uffe Leif Johnny Jonas Dennis René Klaus Preben Casper Kasper Benjamin Robert Gert
		Christoffer Kristoffer Anton Mogens Marcus Tim Noah Lucas Arne Palle Henning Jeppe David Ulrik Troels Keld Kjeld Asger Axel Aksel
		August Birger Bjørn Børge Carl Karl Dan Ebbe Egon Ejnar Elias Esben Felix Frank Freddy Gorm Gunnar Gustav Hasse Heine Helge Holger
		Ivan Jimmy Joachim Johan Jon Kaj Kai Laurits Ludvig Malthe Max Nils Otto Pelle Regnar Robin Ronni Rune Sigurd Sten Storm Stig Thor
		Thorkild Tom Tonny Valdemar Verner Viggo Villy Åge Aage Øjvind Ørnulf André José Jörg Günther Mohammed Ahmed Ali Hassan Mustafa Omar
		Yusuf Mehmet Piotr Krzysztof Łukasz Andrzej Vladimir Nguyen Þorsteinn Séan Ramón`
	// surnames are the common ones, the most frequent first.
	surnames = `Nielsen Jensen Hansen Andersen Pedersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen Madsen Kristensen Olsen Thomsen
		Christiansen Poulsen Johansen Møller Mortensen Knudsen Jakobsen Jacobsen Mikkelsen Frederiksen Olesen Henriksen Laursen Lund Schmidt
		Eriksen Holm Kristiansen Clausen Simonsen Svendsen Andreasen Iversen Jeppesen Mogensen Jespersen Nissen Lauridsen Frandsen Østergaard
		Jepsen Kjær Carlsen Vestergaard Jessen Nørgaard Dahl Christoffersen Skov Søndergaard Bertelsen Bruun Lassen Bach Gregersen Friis
		Johnsen Steffensen Kjeldsen Bech Krogh Lauritsen Danielsen Mathiesen Toft Ravn Dam Brandt Andresen Winther Berg Bak Hermansen Kruse
		Paulsen Bang Schultz Mathiasen Bæk Hedegaard Villadsen Enevoldsen Juhl Koch Thygesen Lorentzen Berthelsen Bonde Lind Karlsen Krog
		Ali Ahmed Nguyen Hussein Khan Yilmaz Kaya Mohamed Novak Kowalski Müller Schäfer García Åkær Øst Ågård Kjærgaard Kjærgård Ibsen Holst`
	// fronts and backs make the long tail: names of places, of which hundreds are in use.
	fronts = `Skov Bæk Lund Nør Vester Øster Sønder Kirke Dam Holm Birke Bøge Ege Elle Aske Linde Møl Mølle Sand Strand Å Vester Høj Lyng
		Torn Rose Krage Ravn Ulve Horne Brand Hede Eng Kær Kilde Sten Storm Staun Sej Thor Grøn Blå Hvid Hav Fisker Smede Bro Vad Over Neder`
	backs = `gaard gård lund bjerg bæk holm strup dal toft mark kjær skov borg vang høj by sted sen rup feldt`
)

// drawer draws words with the skew of names: the one of rank r in proportion to
// 1/(r+shift) to the power of steep.
type drawer struct {
	words []string
	sums  []float64
}

func newDrawer(words []string, shift, steep float64) *drawer {
	d := &drawer{words: words, sums: make([]float64, len(words))}
	total := 0.0
	for r := range words {
		total += 1 / math.Pow(float64(r)+shift, steep)
		d.sums[r] = total
	}
	return d
}

func (m *maker) draw(d *drawer) string { return d.words[m.place(d.sums)] }

// place draws an index in proportion to what running sums grow by.
func (m *maker) place(sums []float64) int {
	x := m.r.Float64() * sums[len(sums)-1]
	return min(sort.Search(len(sums), func(i int) bool { return sums[i] > x }), len(sums)-1)
}

// namer draws whole names.
type namer struct{ women, men, common, tail, rareGiven, rareSurnames *drawer }

func newNamer() *namer {
	var tail []string
	for _, back := range strings.Fields(backs) {
		for _, front := range strings.Fields(fronts) {
			tail = append(tail, front+back)
		}
	}
	slices.Sort(tail)
	female, rareGiven := apart(strings.Fields(women))
	male, others := apart(strings.Fields(men))
	common, rareSurnames := apart(strings.Fields(surnames))
	return &namer{
		women: newDrawer(female, 15, 1), men: newDrawer(male, 15, 1),
		common: newDrawer(common, 3, 0.9), tail: newDrawer(slices.Compact(tail), 60, 1),
		rareGiven: newDrawer(append(rareGiven, others...), 20, 1), rareSurnames: newDrawer(rareSurnames, 20, 1),
	}
}

// apart keeps names with a letter that is in neither a-z nor æøå for themselves: in Denmark not
// one in a hundred people has one.
func apart(names []string) (usual, rare []string) {
	for _, name := range names {
		if strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyzæøå-") == "" {
			usual = append(usual, name)
		} else {
			rare = append(rare, name)
		}
	}
	return usual, rare
}

func (m *maker) surname(n *namer) string {
	switch x := m.r.Float64(); {
	case x < 0.003:
		return m.draw(n.rareSurnames)
	case x < 0.38:
		return m.draw(n.tail)
	}
	return m.draw(n.common)
}

// name draws a full name: three in four employees of a municipality are women; half of
// the people have a middle name, which is a surname or a second given name, and one in fifty a double surname.
func (m *maker) name(n *namer) (given, surname string) {
	first := n.women
	if m.chance(25) {
		first = n.men
	}
	given, surname = m.draw(first), m.surname(n)
	if m.chance(0.4) {
		given = m.draw(n.rareGiven)
	}
	switch x := m.r.Float64(); {
	case x < 0.36:
		surname = m.surname(n) + " " + surname
	case x < 0.50:
		given += " " + m.draw(first)
	case x < 0.52:
		surname = m.surname(n) + "-" + surname
	}
	return given, surname
}

package synthetic

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// sector is a part of what a municipality does: what its units are called and who works there.
type sector struct {
	area     string   // the department's name
	share    float64  // of the units
	houses   []string // an institution's name; %s is one of the words
	parts    []string // what an institution is divided into; the same in each
	titles   []string // the most frequent one first
	leader   string
	outdoors bool     // few of them work at a desk
	tasks    []string // main groups of KLE
}

// sectors are the departments of a town.
func sectors() []*sector {
	return []*sector{
		{area: "Børn og Skole", share: 0.30, leader: "Skoleleder", tasks: []string{"17"},
			houses: []string{"%s Skole", "%sskolen", "Specialskolen %s"},
			parts:  []string{"Administration", "Indskoling", "Mellemtrin", "Udskoling", "SFO", "Teknisk Service", "Ledelse", "Pædagogisk Læringscenter", "Vikarer"},
			titles: []string{"Lærer", "Pædagog", "Pædagogmedhjælper", "Børnehaveklasseleder", "Skolesekretær", "Teknisk servicemedarbejder", "Skolekonsulent"}},
		{area: "Dagtilbud", share: 0.20, leader: "Daglig leder", tasks: []string{"28"},
			houses: []string{"Børnehuset %s", "Børnehaven %s", "Vuggestuen %s", "Den integrerede institution %s"},
			parts:  []string{"Køkken", "Børnehave", "Vuggestue", "Rød Stue", "Blå Stue", "Gul Stue", "Vikarer"},
			titles: []string{"Pædagog", "Pædagogmedhjælper", "Pædagogisk assistent", "Kok", "Dagplejer", "Køkkenassistent"}},
		{area: "Sundhed og Ældre", share: 0.25, leader: "Områdeleder", tasks: []string{"27", "29"}, outdoors: true,
			houses: []string{"Plejecenter %s", "Plejehjemmet %s", "Hjemmeplejen %s", "Aktivitetscentret %s", "Sygeplejen %s"},
			parts:  []string{"Dagvagt", "Aftenvagt", "Nathold", "Køkken", "Team A", "Team B", "Administration", "Rehabilitering", "Vikarer"},
			titles: []string{"Social- og sundhedshjælper", "Social- og sundhedsassistent", "Sygeplejerske", "Ergoterapeut", "Fysioterapeut", "Rengøringsassistent", "Husassistent"}},
		{area: "Social og Beskæftigelse", share: 0.10, leader: "Afdelingsleder", tasks: []string{"15", "32", "27"},
			houses: []string{"Bostedet %s", "Jobcenter %s", "Værkstedet %s", "Rådgivningen %s"},
			parts:  []string{"Modtagelsen", "Team A", "Team B", "Sekretariat", "Sygedagpenge", "Nathold"},
			titles: []string{"Socialrådgiver", "Socialpædagog", "Sagsbehandler", "Omsorgsmedhjælper", "Jobkonsulent", "Administrativ medarbejder"}},
		{area: "Teknik og Miljø", share: 0.08, leader: "Driftsleder", tasks: []string{"01", "02", "05", "09"}, outdoors: true,
			houses: []string{"Materielgården %s", "Vej og Park %s", "Genbrugspladsen %s", "Ejendomme %s"},
			parts:  []string{"Drift", "Plan", "Byggesag", "Grøn Drift", "Værksted", "Natur"},
			titles: []string{"Specialarbejder", "Gartner", "Ingeniør", "Byggesagsbehandler", "Chauffør", "Landinspektør", "Biolog"}},
		{area: "Stab og Kultur", share: 0.07, leader: "Chef", tasks: []string{"00", "81", "85", "19"},
			houses: []string{"Biblioteket %s", "Musikskolen %s", "Borgerservice %s", "Svømmehallen %s"},
			parts:  []string{"Løn", "Økonomi", "It", "Kommunikation", "Udlån", "Undervisning"},
			titles: []string{"Administrativ medarbejder", "Specialkonsulent", "Bibliotekar", "Lønkonsulent", "Musikskolelærer", "It-medarbejder", "Økonomikonsulent"}},
	}
}

// byDepth is how many of 676 units stand at each depth in the published tree, the roots first.
var byDepth = [...]int{3, 18, 10, 73, 221, 302, 49}

// units makes the tree, depth by depth.
func (m *maker) units(n int) {
	all := sectors()
	above := []int{-1}
	for depth := 1; len(m.town.Units) < n; depth++ {
		count := n - len(m.town.Units)
		if depth < len(byDepth) {
			count = min(count, max(1, (n*byDepth[depth-1]+338)/676))
		}
		var here []int
		for range count {
			here = append(here, len(m.town.Units))
			m.unit(depth, m.above(above), all)
		}
		above = here
	}
}

// above chooses a unit to stand below: a third of them have most of the others, and some many.
func (m *maker) above(list []int) int {
	x := m.r.Float64()
	return list[int(x*x*float64(len(list)))]
}

func (m *maker) unit(depth, parent int, all []*sector) {
	i := len(m.town.Units)
	u := Unit{UUID: m.uuid(), Code: code(i), Parent: parent, Depth: depth, Phone: m.phone(), Leader: -1, From: m.town.Day.Add(-400 - m.r.IntN(5000))}
	if parent >= 0 {
		u.sector = m.town.Units[parent].sector
	}
	if depth == 2 || u.sector == nil {
		u.sector = m.sector(all)
	}
	u.Name = m.unitName(&u, i)
	m.town.Units = append(m.town.Units, u)
}

func (m *maker) sector(all []*sector) *sector {
	x := m.r.Float64()
	for _, s := range all {
		if x -= s.share; x < 0 {
			return s
		}
	}
	return all[0]
}

// code is four characters, another for each i below 36⁴.
func code(i int) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	i = (i*7919 + 500_000) % (36 * 36 * 36 * 36) // 7919 is prime to 36: no two are alike
	b := [4]byte{}
	for k := range b {
		b[3-k], i = digits[i%36], i/36
	}
	return string(b[:])
}

func (m *maker) unitName(u *Unit, i int) string {
	switch {
	case i == 0:
		return "Synteby Kommune"
	case u.Depth == 1:
		return fmt.Sprintf("Synteby Kommune, selvejende %d", i)
	case u.Depth <= 3:
		return m.alone(func() string {
			return u.sector.area + m.one([]string{"", " Nord", " Syd", " Øst", " Vest", " Midt", ", sekretariat"})
		})
	case u.Depth == 4 || u.Depth == 5 && m.chance(55):
		return m.alone(func() string { return strings.Replace(m.one(u.sector.houses), "%s", m.one(places), 1) })
	}
	if m.chance(35) {
		return m.alone(func() string { return m.one(u.sector.parts) + ", " + m.one(places) })
	}
	return m.among(u.Parent, m.one(u.sector.parts))
}

// among gives a name that no unit beside it has: the second one gets a number.
func (m *maker) among(parent int, name string) string {
	for base, k := name, 2; m.used[fmt.Sprint(parent, " ", name)]; k++ {
		name = fmt.Sprintf("%s %d", base, k)
	}
	m.used[fmt.Sprint(parent, " ", name)] = true
	return name
}

// alone draws names until one is new, and gives the last a number when none is.
func (m *maker) alone(draw func() string) string {
	name := draw()
	for range 20 {
		if !m.used[name] {
			break
		}
		name = draw()
	}
	for base, k := name, 2; m.used[name]; k++ {
		name = fmt.Sprintf("%s %d", base, k)
	}
	m.used[name] = true
	return name
}

// staffing is how likely somebody works in each unit, as running sums: log-normal, and one
// payroll unit in eight has nobody.
func (m *maker) staffing() []float64 {
	sums := make([]float64, len(m.town.Units))
	total := 0.0
	for i, u := range m.town.Units {
		if weight := math.Exp(1.1 * m.r.NormFloat64()); u.Depth > 3 && !m.chance(12) {
			total += weight
		} else if u.Depth <= 3 {
			total += weight / 2
		}
		sums[i] = total
	}
	return sums
}

// places are words that institutions are called after.
var places = []string{"Solgården", "Møllen", "Bøgelund", "Østerbo", "Vestervang", "Mælkebøtten", "Bakken", "Skovly", "Åhaven", "Søbred",
	"Kløvermarken", "Regnbuen", "Fyrtårnet", "Nørremarken", "Søndervang", "Lindehøj", "Egebjerg", "Birkelunden", "Engen", "Strandby",
	"Havblik", "Kastanjen", "Troldehøj", "Valmuen", "Stjernen", "Kornblomsten", "Rosengård", "Abildgård", "Hyldebo", "Tjørnely",
	"Ådalen", "Overbyen", "Damgården", "Kirkebakken", "Toften", "Lyngen", "Humlehaven", "Sneglehuset", "Myretuen", "Spiren"}

// Tasks are the main groups of KLE that the unit's department deals with. The caller must not change them.
func (u *Unit) Tasks() []string { return u.sector.tasks }

// Titles are all that anybody in a town may be called, in alphabetical order.
func Titles() []string {
	var titles []string
	for _, s := range sectors() {
		titles = append(append(titles, s.titles...), s.leader)
	}
	slices.Sort(titles)
	return slices.Compact(titles)
}

// TaskGroups are the main groups of KLE that any department deals with, in order.
func TaskGroups() []string {
	var groups []string
	for _, s := range sectors() {
		groups = append(groups, s.tasks...)
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

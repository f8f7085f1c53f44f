package compare_test

import (
	"strings"

	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/synthetic"
)

// plant is something that a register says otherwise than the others, with what has to be reported of it.
type plant struct {
	name  string
	plant func(*garden)
}

func plants() []plant {
	return []plant{
		{"unit renamed in AD", func(g *garden) {
			u := g.unit(g.busy)
			g.in(ad).Units[u].Name = "Hejmdal"
			g.expects(ad, compare.UnitName, side(g.code(u), g.truth.Units[u].Name), side(g.ou(u), "Hejmdal"), compare.Differs)
		}},
		{"unit's name with a slip in AD", func(g *garden) {
			u := g.unit(g.busy, func(u int) bool {
				return len(lastWord(g.truth.Units[u].Name)) > 8 && isPlain(lastWord(g.truth.Units[u].Name))
			})
			at := len(g.truth.Units[u].Name) - 4
			slip := g.truth.Units[u].Name[:at] + "x" + g.truth.Units[u].Name[at:]
			g.in(ad).Units[u].Name = slip
			g.expects(ad, compare.UnitName, side(g.code(u), g.truth.Units[u].Name), side(g.ou(u), slip), compare.Typo)
		}},
		{"unit renamed in OS2mo", func(g *garden) {
			u := g.unit(g.busy)
			g.in(mo).Units[u].Name = "Kvarterhuset"
			g.expects(mo, compare.UnitName, side(g.code(u), g.truth.Units[u].Name), side(g.ou(u), "Kvarterhuset"), compare.Differs)
		}},
		{"unit in which nobody works renamed in AD", func(g *garden) {
			// Nothing but its place speaks for it: where few stand there, that is a question and no difference.
			u := g.unit(g.empty, g.leaf, func(u int) bool { return g.siblings(u) < 3 })
			g.in(ad).Units[u].Name = "Fællesfunktioner"
			g.asks(ad, g.code(u), g.ou(u))
		}},
		{"unit in which nobody works renamed in OS2mo", func(g *garden) {
			// Nothing but its number says which unit it is.
			u := g.unit(g.empty, g.leaf, func(u int) bool { return g.siblings(u) > 0 })
			g.in(mo).Units[u].Name = "Sekretærpuljen"
			g.expects(mo, compare.UnitName, side(g.code(u), g.truth.Units[u].Name), side(g.ou(u), "Sekretærpuljen"), compare.Differs)
		}},
		{"unit moved in OS2mo", func(g *garden) { g.move(mo) }},
		{"unit moved in AD", func(g *garden) { g.move(ad); g.managers = true }},
		{"unit only in AD", func(g *garden) {
			town := g.in(ad)
			town.Units = append(town.Units, synthetic.Unit{UUID: "aaaaaaaa-0000-4000-8000-000000000001", Name: "Computere uden ejer", Parent: 0, Leader: -1})
			g.expects(ad, compare.UnitOnly, "", "aaaaaaaa-0000-4000-8000-000000000001")
		}},
		{"unit only in OPUS", func(g *garden) {
			town := g.in(payroll)
			town.Units = append(town.Units, synthetic.Unit{UUID: "aaaaaaaa-0000-4000-8000-000000000002", Code: "NY001", Name: "Valgsekretariatet", Parent: 1, Leader: -1, From: "2026-01-01"})
			g.expects(ad, compare.UnitOnly, "NY001", "")
			g.expects(mo, compare.UnitOnly, "NY001", "")
		}},
		{"person only in OPUS", func(g *garden) {
			town := g.in(payroll)
			town.People = append(town.People, newcomer(town, 1, "Hassan", "Brøndum", 3))
			g.expects(ad, compare.PersonWithoutAccount, side("990001", "990001"), "") // nobody there is anybody without an account
			g.expects(mo, compare.PersonOnly, "990001", "")
		}},
		{"account without a person", func(g *garden) {
			town := g.in(ad)
			who := newcomer(town, 2, "Xenia", "Vikarbureau", 3)
			who.Jobs[0].Number = ""
			town.People = append(town.People, who)
			g.expects(ad, compare.AccountWithoutPerson, "", side(string(who.Account.UUID), who.Account.Name))
		}},
		{"person without an account", func(g *garden) {
			i := g.person()
			g.in(ad).People[i].Account = nil
			g.expects(ad, compare.PersonWithoutAccount, side(g.number(i), g.number(i)), "")
		}},
		{"person only in OS2mo", func(g *garden) {
			town := g.in(mo)
			who := newcomer(town, 3, "Zenia", "Glemtsen", 3)
			town.People = append(town.People, who)
			g.expects(mo, compare.PersonOnly, "", string(who.UUID))
		}},
		{"person missing in OS2mo", func(g *garden) {
			i := g.person()
			g.in(mo).People[i].Jobs = nil
			g.expects(mo, compare.PersonOnly, g.number(i), "")
		}},
		{"other surname in AD (marriage)", func(g *garden) { g.rename(ad, "", "Brandtbjerg", compare.Differs) }},
		{"other surname in OS2mo (marriage)", func(g *garden) { g.rename(mo, "", "Rosenvinge", compare.Differs) }},
		{"typo in AD", func(g *garden) {
			i := g.person(func(p *synthetic.Person) bool {
				return len(lastWord(p.Surname)) > 8 && isPlain(p.Surname) && !strings.Contains(p.Surname, " ")
			})
			surname := g.truth.People[i].Surname
			g.renames(ad, i, "", surname[:4]+"x"+surname[5:], compare.Typo)
		}},
		{"a matter of letters in AD (æ, ae)", func(g *garden) {
			i := g.person(func(p *synthetic.Person) bool { return strings.ContainsAny(p.Surname, "æøå") })
			g.renames(ad, i, "", strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa").Replace(g.truth.People[i].Surname), compare.Equal)
		}},
		{"given name and surname exchanged in AD", func(g *garden) {
			i := g.person(func(p *synthetic.Person) bool { return !strings.Contains(p.Given+p.Surname, " ") })
			g.renames(ad, i, g.truth.People[i].Surname, g.truth.People[i].Given, compare.Swapped)
		}},
		{"middle name left out in AD", func(g *garden) {
			i := g.person(func(p *synthetic.Person) bool { return strings.Count(p.Surname, " ") == 1 })
			g.renames(ad, i, "", lastWord(g.truth.People[i].Surname), compare.Part)
		}},
		{"other title in AD", func(g *garden) { g.retitle(ad) }},
		{"other title in OS2mo", func(g *garden) { g.retitle(mo) }},
		{"other unit in AD", func(g *garden) { g.transfer(ad) }},
		{"other unit in OS2mo", func(g *garden) { g.transfer(mo) }},
		{"other phone in AD", func(g *garden) { g.rephone(ad, "+4518000001") }},
		{"other phone in OS2mo", func(g *garden) { g.rephone(mo, "+4518000002") }},
		{"other leader in OS2mo", func(g *garden) {
			u := g.unit(g.led)
			successor := g.person()
			g.in(mo).Units[u].Leader = successor
			g.expects(mo, compare.UnitLeader, side(g.code(u), name(g.truth.People[g.truth.Units[u].Leader])), side(g.ou(u), name(g.truth.People[successor])))
		}},
		{"leader only in OPUS", func(g *garden) {
			u := g.unit(g.led)
			g.in(mo).Units[u].Leader = -1
			g.expects(mo, compare.LeaderOnly, side(g.code(u), name(g.truth.People[g.truth.Units[u].Leader])), g.ou(u))
		}},
		{"leader only in OS2mo", func(g *garden) {
			u := g.unit(g.unled)
			i := g.person()
			g.in(mo).Units[u].Leader = i
			g.expects(mo, compare.LeaderOnly, g.code(u), side(g.ou(u), name(g.truth.People[i])))
		}},
		{"other manager in AD", func(g *garden) {
			u := g.unit(g.led, g.busy)
			g.in(ad).Units[u].Leader = g.person()
			g.managers = true
		}},
		{"doubled person in AD", func(g *garden) {
			i := g.person()
			town := g.in(ad)
			twin := newcomer(town, 4, g.truth.People[i].Given, g.truth.People[i].Surname, g.truth.People[i].Jobs[0].Unit)
			twin.Jobs[0].Number, twin.Jobs[0].Title, twin.Phone = "", g.truth.People[i].Jobs[0].Title, g.truth.People[i].Phone
			town.People = append(town.People, twin)
			g.expects(ad, compare.Doubled, g.account(i), string(twin.Account.UUID))
			g.expects(ad, compare.AccountWithoutPerson, "", side(string(twin.Account.UUID), twin.Account.Name))
		}},
		{"two people of one name", func(g *garden) {
			i, j := g.namesakes()
			for _, register := range []string{payroll, ad, mo} {
				p := &g.in(register).People[j]
				p.Given, p.Surname = g.truth.People[i].Given, g.truth.People[i].Surname
			}
		}},
		{"shared phone", func(g *garden) {
			for range 5 {
				i := g.person()
				for _, register := range []string{payroll, ad, mo} {
					g.in(register).People[i].Phone = "+4517000000"
				}
			}
		}},
		{"protected address", func(g *garden) {
			i := g.person()
			g.in(payroll).People[i].Shielded = true
			g.in(ad).People[i].Phone, g.in(mo).People[i].Phone = "+4516000001", "+4516000002" // nobody is told
		}},
		{"account without its number", func(g *garden) { g.in(ad).People[g.person()].Jobs[0].Number = "" }},
		{"leaver with an open account", func(g *garden) {
			i := g.person()
			for _, register := range []string{payroll, mo} {
				g.in(register).People[i].Jobs[0].To = g.truth.Day.Add(-90)
			}
			g.expects(ad, compare.AccountOpen, "", side(g.account(i), g.truth.People[i].Account.Name))
		}},
		{"employed with a closed account", func(g *garden) {
			i := g.person()
			g.in(ad).People[i].Account.Disabled = true
			g.expects(ad, compare.AccountClosed, g.number(i), side(g.account(i), g.truth.People[i].Account.Name))
		}},
		{"closed account of somebody who has left", func(g *garden) {
			i := g.person()
			for _, register := range []string{payroll, mo} {
				g.in(register).People[i].Jobs[0].To = g.truth.Day.Add(-1)
			}
			g.in(ad).People[i].Account.Disabled = true
		}},
		{"still employed in OS2mo", func(g *garden) {
			i := g.person()
			g.in(payroll).People[i].Jobs[0].To = g.truth.Day.Add(-10)
			g.in(ad).People[i].Account.Disabled = true
			g.expects(mo, compare.PersonOnly, "", g.uuid(i))
		}},
		{"other CPR number in OS2mo", func(g *garden) {
			i := g.person()
			g.in(mo).People[i].CPR = invented("60000")
			g.asks(mo, g.number(i), g.uuid(i))
		}},
		{"another's number on an account", func(g *garden) {
			i, j := g.person(), g.person()
			g.in(ad).People[i].Jobs[0].Number = g.number(j)
		}},
		{"leader of two units", func(g *garden) {
			// OPUS has one unit for a leader, so only OS2mo knows the other one, and in the directory they are the manager there.
			u := g.unit(g.unled)
			i := g.truth.Units[g.unit(g.led)].Leader
			for _, register := range []string{payroll, ad, mo} {
				g.in(register).Units[u].Leader = i
			}
			g.managers = true
			g.expects(mo, compare.LeaderOnly, g.code(u), side(g.ou(u), name(g.truth.People[i])))
		}},
	}
}

// move puts a unit below another one.
func (g *garden) move(register string) {
	u := g.unit(g.leaf, g.busy)
	from := g.truth.Units[u].Parent
	to := g.unit(func(other int) bool {
		return other != from && g.truth.Units[other].Parent != from && g.truth.Units[from].Parent != other
	})
	g.in(register).Units[u].Parent = to
	g.expects(register, compare.UnitPlace, side(g.code(u), g.truth.Units[from].Name), side(g.ou(u), g.truth.Units[to].Name))
}

// other is somebody's identifier in a register that does not lead.
func (g *garden) other(register string, i int) string {
	if register == ad {
		return g.account(i)
	}
	return g.uuid(i)
}

func (g *garden) rename(register, given, surname string, level compare.Level) {
	alone := func(p *synthetic.Person) bool { return !strings.ContainsAny(p.Given+p.Surname, " -") } // else a part of the name stays
	g.renames(register, g.person(alone), given, surname, level)
}

// renames gives somebody another name; an empty given name stays as it is.
func (g *garden) renames(register string, i int, given, surname string, level compare.Level) {
	p := &g.in(register).People[i]
	if p.Surname = surname; given != "" {
		p.Given = given
	}
	g.expects(register, compare.PersonName, side(g.number(i), name(g.truth.People[i])), side(g.other(register, i), name(*p)), level)
}

func isPlain(text string) bool {
	return strings.Trim(strings.ToLower(text), "abcdefghijklmnopqrstuvwxyz ") == ""
}

func (g *garden) retitle(register string) {
	i := g.person()
	g.in(register).People[i].Jobs[0].Title = "Fuldmægtig"
	g.expects(register, compare.PersonTitle, side(g.number(i), g.truth.People[i].Jobs[0].Title), side(g.other(register, i), "Fuldmægtig"))
}

func (g *garden) transfer(register string) {
	i := g.person()
	from := g.truth.People[i].Jobs[0].Unit
	to := (from + 7) % len(g.truth.Units)
	g.in(register).People[i].Jobs[0].Unit = to
	g.expects(register, compare.PersonUnit, side(g.number(i), g.truth.Units[from].Name), side(g.other(register, i), g.truth.Units[to].Name))
}

func (g *garden) rephone(register, phone string) {
	i := g.person()
	g.in(register).People[i].Phone = phone
	g.expects(register, compare.PersonPhone, side(g.number(i), g.truth.People[i].Phone), side(g.other(register, i), phone))
}

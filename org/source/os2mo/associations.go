package os2mo

import (
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
)

func associationPeriod(s *source.AssociationState) *org.Period { return &s.Period }

// readAssociations adds associations to people. One with an IT user (IT-tilknytning) places
// that account in a unit.
func (a *assembly) readAssociations(r *register) {
	for _, o := range r.associations {
		at := origin("associations", "association", o.UUID)
		list := take(a, at, o)
		if len(list) == 0 {
			continue
		}
		if now, _ := near(list, a.day); now.Person == nil {
			a.notes.count("associations", noVacancy, "Antal tilknytninger uden en person (vakante), som orgit ikke har plads til: %d.")
			continue
		}
		person, ok := belongsTo(a, at, list, func(v association) *ref { return v.Person })
		if !ok {
			a.dangling(at, "Tilknytningens person findes ikke i OS2mo. Tilknytningen er udeladt.")
			continue
		}
		made := source.Association{ID: string(o.UUID), UUID: org.UUID(o.UUID), Origin: at}
		for _, s := range list {
			made.States = append(made.States, a.associationState(at, s))
		}
		made.States = join(made.States, associationPeriod)
		p := a.people[person]
		p.Associations = append(p.Associations, made)
		a.tieAccount(at, list, made.ID, person)
	}
}

func (a *assembly) associationState(at source.Origin, s span[association]) source.AssociationState {
	v := s.Value
	state := source.AssociationState{Period: s.Period, Unit: a.unitID(at, v.Unit), Type: a.classID(at, v.Type, facetAssociation)}
	if v.Job != nil {
		state.Title = a.className(at, v.Job, facetJob)
	}
	if v.Substitute != nil {
		a.notes.count("associations", noSubstitute, "Antal perioder, hvor en tilknytning har en stedfortræder, som orgit ikke har plads til: %d.")
	}
	if v.TradeUnion != nil {
		a.notes.count("associations", noTradeUnion, "Antal perioder, hvor en tilknytning har en faglig organisation: %d. Den hører ikke hjemme i orgit og er ikke taget med.")
	}
	if v.Primary != nil {
		a.notes.count("associations", noPrimary, "Antal perioder, hvor en tilknytning er markeret som primær eller ikke: %d. orgit har ikke plads til det.")
	}
	return state
}

// tieAccount ties the account of an IT association to the association.
func (a *assembly) tieAccount(at source.Origin, list []span[association], made string, person id) {
	now, _ := near(list, a.day)
	if now.ITUser == nil {
		return
	}
	d := a.accounts[now.ITUser.UUID]
	if d == nil || d.person != person {
		a.dangling(at, "IT-tilknytningens IT-konto findes ikke hos personen i OS2mo. Tilknytningen er taget med uden konto.")
		return
	}
	d.Associations = with(d.Associations, made)
}

package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/fkorg"
	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
)

// openCPRJoin opens the CPR store where the approved settings say that persons are made
// with their CPR number; nil where they do not. It comes before anything is written, so that
// a store that is not there does not leave persons without their number.
func openCPRJoin(env environment, approved *org.Organisation) (*fkorg.CPRJoin, error) {
	if !joinsCPR(approved) {
		return nil, nil
	}
	store, err := openCPRStore(env)
	if err != nil {
		return nil, fmt.Errorf("nothing was written: targets.fkOrganisation.cpr is \"join\": %w", err)
	}
	return fkorg.NewCPRJoin(store), nil
}

func openCPRStore(env environment) (*cpr.Store, error) {
	place, err := cprPlace(env)
	if err != nil {
		return nil, err
	}
	store, err := cpr.Open(place)
	return store, cprFault(err)
}

// printCPR says what became of the CPR numbers of the persons that a run wrote: how many,
// and the keys of those whom somebody has to look at.
func printCPR(w io.Writer, p *planning, r *apply.Report) {
	if p.cpr == nil {
		return
	}
	known := peopleOf(p.planned)
	of := map[fkorg.CPROutcome][]string{}
	for _, res := range r.Results {
		if op := res.Operation; op.Target == fkorg.Target && op.Object.Kind == fkorg.KindPerson && res.Good() {
			outcome := p.cpr.Outcome(op.Object.UUID)
			of[outcome] = append(of[outcome], known.name(op.Object.UUID))
		}
	}
	for _, group := range []struct {
		outcome   fkorg.CPROutcome
		one, many string
		keys      bool
	}{
		{fkorg.CPRJoined, "person got the CPR number", "persons got their CPR numbers", false},
		{fkorg.CPRMissing, "person has no CPR number, here or in FK Organisation", "persons have no CPR number, here or in FK Organisation", true},
		{fkorg.CPRDiffers, "person has another CPR number in FK Organisation than in the CPR store, and keeps it", "persons have another CPR number in FK Organisation than in the CPR store, and keep it", true},
	} {
		keys := of[group.outcome]
		if len(keys) == 0 {
			continue
		}
		text := count(len(keys), group.one, group.many)
		if group.keys {
			text += ": " + someOf(keys)
		}
		fmt.Fprintf(w, "  CPR: %s\n", text)
	}
}

// mostKeys is how many persons are named in one line of a report.
const mostKeys = 20

func someOf(keys []string) string {
	slices.Sort(keys)
	if more := len(keys) - mostKeys; more > 0 {
		return strings.Join(keys[:mostKeys], ", ") + fmt.Sprintf(" … and %d more (orgit cpr status)", more)
	}
	return strings.Join(keys, ", ")
}

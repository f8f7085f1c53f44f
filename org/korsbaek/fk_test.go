package korsbaek

import (
	"slices"
	"testing"
)

// TestFKOrganisationPatterns: the sample has each of the things that only FK Organisation is told of.
func TestFKOrganisationPatterns(t *testing.T) {
	o, v := sample(t), on(t, Today)
	paid := v.Unit(PaidUnit)
	if paid.PayoutUnit.Key != PayoutUnit || v.Unit(PayoutUnit).Numbers["losShortName"] == "" {
		t.Errorf("payout unit %+v", paid.PayoutUnit)
	}
	var asks, uses []string
	for _, u := range v.Units() {
		if slices.Contains(u.ContactUnits, ContactPlace) {
			asks = append(asks, u.Key)
		}
		if slices.Contains(u.Systems, "omsorg") {
			uses = append(uses, u.Key)
		}
		numbers := slices.Clone([]string(u.ContactTasks))
		for _, list := range u.KLE {
			numbers = append(numbers, list...)
		}
		for _, n := range numbers {
			if o.Settings.Classes.KLE[n] == "" {
				t.Errorf("%s states KLE %s, which kle.cue has no class for", u.Key, n)
			}
		}
	}
	if len(asks) != 2 || len(uses) != 2 || len(v.Unit(ContactPlace).ContactTasks) == 0 {
		t.Errorf("%v ask %s, %v use omsorg", asks, ContactPlace, uses)
	}
	s := v.Person(ExternalUser)
	a := s.Posts[0].Association
	if len(s.Posts) != 1 || a == nil || !o.Settings.Classes.AssociationTypes[a.Type].External || !s.Accounts[0].FK {
		t.Errorf("external user %+v", s.Posts)
	}
}

package fkorg

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// TestSeen: what only the planned organisation knows is noted as unread, each as what it
// is; lists hold what orgit states, and users their persons by orgit's identities.
func TestSeen(t *testing.T) {
	id := func(kind plan.Kind, uuid org.UUID) plan.ID { return plan.ID{Kind: kind, UUID: uuid} }
	const unit, mine, others, user, own, theirs = "aa", "bb", "cc", "dd", "ee", "ff"
	bare := func() plan.Actual {
		return plan.Actual{Objects: []plan.Found{
			{ID: id(KindBruger, user), Attrs: map[string][]string{attrPerson: {theirs}}, Shows: map[string]string{}},
			{ID: id(KindEnhed, unit), Attrs: map[string][]string{attrItSystemer: {mine, others}, attrAspekt("udfoerende"): {others}}, Shows: map[string]string{attrItSystemer: "x"}},
			{ID: id(KindPerson, own), Name: "Anna"},
		}}
	}
	reader := func(person org.UUID, known ...plan.ID) *Reader {
		r := &Reader{kendte: map[plan.ID]bool{}, personAf: map[string]org.UUID{user: person}, personer: map[org.UUID]bool{person: true}, navne: map[string]string{mine: "Mit"}}
		for _, k := range known {
			r.kendte[k] = true
		}
		return r
	}
	then := []plan.ID{id(KindEnhed, unit), id(KindPerson, own), indslag(unit, attrItSystemer, mine)}

	same := reader(own, then...).Seen(bare(), reader(own, then...))
	want := bare()
	want.Objects[0].Attrs[attrPerson], want.Objects[0].Shows[attrPerson] = []string{own}, "Anna"
	want.Objects[0].Uses = []plan.ID{id(KindPerson, own)}
	want.Objects[1].Attrs[attrItSystemer], want.Objects[1].Shows[attrItSystemer] = []string{mine}, "Mit"
	want.Objects[1].Shows[attrAspekt("udfoerende")] = others
	if diff := cmp.Diff(want, same); diff != "" {
		t.Errorf("the same organisation: -want +got:\n%s", diff)
	}

	now := append(then, id(KindBruger, user), id(KindEnhed, "new"), id(KindOrganisation, "o"), delvis(unit, attrAspekt("udfoerende")))
	more := reader("gg", now...).Seen(bare(), reader(own, then...))
	unread := &plan.Unread{Unseen: 1, Objects: map[plan.ID]bool{
		id(KindBruger, user): true, id(KindOrganisation, "o"): true, id(KindPerson, own): true, id(KindPerson, "gg"): true,
	}}
	if diff := cmp.Diff(unread, more.Unread); diff != "" {
		t.Errorf("another organisation: -want +got:\n%s", diff)
	}
	if tasks := more.Objects[1].Attrs[attrAspekt("udfoerende")]; tasks != nil {
		t.Errorf("tasks of which orgit knows a part only: %v are somebody else's", tasks)
	}
}

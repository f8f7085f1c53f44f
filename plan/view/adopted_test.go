package view_test

import (
	"fmt"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// takenOver is the first load beside accounts that people made: one of each thing that a
// plan can say about what is there already.
func takenOver() *plan.Plan {
	ad := adTarget()
	ad.First, ad.Found = true, map[plan.Kind]int{}
	p := base(ad)
	for i := range 14 {
		p.Operations = append(p.Operations, operation("ad", "user", fmt.Sprintf("n%02d", i), fmt.Sprintf("Ny %02d", i), plan.ActionCreate))
	}
	adopt := func(id, name, ref string, signs ...plan.SignMatch) plan.Operation {
		op := operation("ad", "user", id, name, plan.ActionAdopt)
		op.Ref, op.Signs, op.Handle, op.Claim = ref, signs, "9173ba83-dc79-422b-bdd4-58a9800ab33a", "adminDescription"
		op.Attrs = []plan.AttrChange{attr("adminDescription", "", "orgit:"+id), attr("title", "Vikar", "Lærer")}
		return op
	}
	renamed := adopt("a-dina", "Dina Lund", "CN=Dina Lund,OU=K", plan.SignMatch{Name: plan.SignExisting, Value: "9173ba83-dc79-422b-bdd4-58a9800ab33a"})
	renamed.Attrs = append(renamed.Attrs, losing(attr("sAMAccountName", "dlund", "dinal"), plan.LossRename))
	renamed.Loss = []plan.Loss{plan.LossRename}
	p.Operations = append(p.Operations,
		adopt("a-anna", "Anna Jensen", "CN=Anna Jensen,OU=K", plan.SignMatch{Name: "employeeNumber", Value: "11003"}, plan.SignMatch{Name: "login", Value: "annj"}),
		adopt("a-bo", "Bo Kjær", "CN=Bo,OU=K", plan.SignMatch{Name: "cpr"}, plan.SignMatch{Name: "place"}), renamed)

	user := func(id string) plan.ID { return plan.ID{Kind: "user", UUID: org.UUID(id)} }
	possible := func(ref string, against ...plan.Objection) plan.Possible {
		return plan.Possible{Ref: ref, Handle: "49c20946-069c-4b2a-950e-0d7f60981892", Signs: []plan.SignMatch{{Name: "login", Value: "aasn"}}, Against: against}
	}
	match := func(id, name string, list ...plan.Possible) plan.Attention {
		return plan.Attention{Code: plan.AttentionMatch, Target: "ad", Object: user(id), Name: name, Path: `people."p-aase"`, Possible: list}
	}
	aase := user("a-aase")
	unit := match("u-vej", "Vejafdelingen", possible("OU=Vejafdelingen,OU=K", plan.Objection{Code: plan.ObjectionOwner, Theirs: "spørg Bo"}))
	unit.Object.Kind, unit.Hint = "ou", "adminDescription = orgit:u-vej"
	p.Attention = []plan.Attention{
		match("a-1", "Åse Ny-Bæk", possible("CN=a", plan.Objection{Code: plan.ObjectionDiffers, Name: "name", Theirs: "Carla Hansen", Ours: "Åse Ny-Bæk"},
			plan.Objection{Code: plan.ObjectionDiffers, Name: "givenName", Theirs: "Carla", Ours: "Åse"})),
		match("a-2", "Lis Holm", possible("CN=b"), possible("CN=c", plan.Objection{Code: plan.ObjectionDiffers, Name: "cpr"}, plan.Objection{Code: plan.ObjectionClaimed, Ours: "Lars Holm"})),
		match("a-3", "Ib Sørensen", possible("CN=d", plan.Objection{Code: plan.ObjectionProtected, Name: string(plan.ProtectedAdmin)})),
		match("a-4", "Else Aagaard", possible("CN=e", plan.Objection{Code: plan.ObjectionKind, Theirs: "group"}),
			possible("CN=g", plan.Objection{Code: plan.ObjectionLacks, Name: "givenName"})),
		match("a-5", "Kim Østergård", possible("CN=f", plan.Objection{Code: plan.ObjectionUnsure, Name: "employeeNumber"})), unit,
		{Code: plan.AttentionExisting, Target: "ad", Object: aase, Name: "Åse Ny-Bæk", Detail: string(plan.ExistingMissing), Path: `people."p-aase"`},
	}
	for _, why := range []plan.Protection{plan.ProtectedAdmin, plan.ProtectedSystem, plan.ProtectedName, plan.ProtectedSetting, plan.ProtectedRobot, plan.ProtectedService, plan.ProtectedSelf} {
		p.Attention = append(p.Attention, plan.Attention{Code: plan.AttentionProtected, Target: "ad", Object: aase, Name: "Åse Ny-Bæk", Detail: string(why), Hint: "CN=Åse,OU=K"})
	}
	for _, wrong := range []plan.ExistingProblem{plan.ExistingOwned, plan.ExistingTwice, plan.ExistingKind, plan.ExistingProtected, plan.ExistingOwner, plan.ExistingOther} {
		p.Refusals = append(p.Refusals, plan.Refusal{Code: plan.RefusedExisting, Target: "ad", Kind: "user", Object: &aase, Name: "Åse Ny-Bæk", Detail: string(wrong), Path: `people."p-aase"`})
	}
	p.Drift = []plan.Drift{{Target: "ad", Object: user("a-bo"), Name: "Bo Kjær", Ref: "CN=Bo,OU=K", Unmarked: true}}
	return p
}

package view_test

import (
	"fmt"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// lookup is an organisation of three units and two people, one of them shielded.
type lookup struct{}

func (lookup) Position(path org.Path) schema.Position {
	return map[org.Path]schema.Position{
		`people."p-anna".engagements."a".on."2026-12-01".unit`: {File: "people/p-/p-anna.cue", Line: 14, Column: 21},
		`people."p-ib".engagements."a".to`:                     {File: "people/p-/p-ib.cue", Line: 9, Column: 4},
		`people."p-aase".engagements."a".from`:                 {File: "people/p-/p-aase.cue", Line: 7, Column: 4},
		`units."vejafdelingen".on."2026-12-01".parent`:         {File: "units/vejafdelingen.cue", Line: 11, Column: 24},
		`people."p-aase"`:                                      {File: "people/p-/p-aase.cue", Line: 3, Column: 10},
		`people."p-lang"`:                                      {File: "people/p-/p-lang.cue", Line: 3},
	}[path]
}

func (lookup) Trail(unit string) []string {
	return map[string][]string{
		"vejafdelingen": {"Drift og Service", "Vejafdelingen"},
		"oestre-skole":  {"Børn og Unge", "Østre Skole"},
		"kommune":       {"Korsbæk Kommune"},
	}[unit]
}

func (lookup) Shielded(path org.Path) bool {
	return len(path) > 15 && path[:15] == `people."p-kim".`
}

func adTarget() plan.Target {
	return plan.Target{
		Name: "ad", Mode: org.ModeFull,
		Kinds: []plan.KindInfo{
			{Kind: "ou", Singular: "AD-enhed", Plural: "AD-enheder", English: "AD unit", Englishs: "AD units"},
			{Kind: "user", Singular: "AD-bruger", Plural: "AD-brugere", English: "AD user", Englishs: "AD users"},
		},
		Found: map[plan.Kind]int{"ou": 64, "user": 402},
	}
}

func fkTarget() plan.Target {
	return plan.Target{
		Name: "fkOrganisation", Mode: org.ModeFull,
		Kinds: []plan.KindInfo{
			{Kind: "enhed", Singular: "FK-enhed", Plural: "FK-enheder", English: "FK unit", Englishs: "FK units"},
			{Kind: "bruger", Singular: "FK-bruger", Plural: "FK-brugere", English: "FK user", Englishs: "FK users"},
			{Kind: "position", Singular: "FK-stilling", Plural: "FK-stillinger", English: "FK position", Englishs: "FK positions"},
		},
		Found: map[plan.Kind]int{"enhed": 64, "bruger": 398, "position": 431},
	}
}

func base(targets ...plan.Target) *plan.Plan {
	return &plan.Plan{
		Version: plan.FileVersion, Municipality: "Korsbæk Kommune", CVR: "29189999", Language: "da", Day: "2026-12-01",
		Provenance: plan.Provenance{
			Commit: "4d1f0c2b9a8e7d6c5b4a39281706f5e4d3c2b1a0", Base: "77aa0c2b9a8e7d6c5b4a39281706f5e4d3c2b1a0",
			Tool: "0.1.0", Schema: "sha256c0ffee0123456789", Read: "2026-12-01T05:31:00Z",
		},
		Targets: targets,
		Digest:  "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
	}
}

func operation(target string, kind plan.Kind, uuid, name string, action plan.Action) plan.Operation {
	id := plan.ID{Kind: kind, UUID: org.UUID(uuid)}
	return plan.Operation{
		ID: target + "/" + string(kind) + "/" + uuid, Target: target, Object: id, Name: name,
		Action: action, Origin: plan.FromChange, Effect: "2026-12-01",
	}
}

func attr(name, was, is string, why ...org.Fact) plan.AttrChange {
	a := plan.AttrChange{Name: name, Origin: plan.FromChange, Why: why}
	if was != "" {
		a.Old = []string{was}
	}
	if is != "" {
		a.New = []string{is}
	}
	return a
}

func shown(a plan.AttrChange, was, is string) plan.AttrChange {
	a.ShowOld, a.ShowNew = was, is
	return a
}

func losing(a plan.AttrChange, l plan.Loss) plan.AttrChange { a.Loss = l; return a }

func person(key, name, about string) change.Subject {
	return change.Subject{Kind: change.SubjectPerson, Key: key, Name: name, About: about}
}

func unit(key, name string) change.Subject {
	return change.Subject{Kind: change.SubjectUnit, Key: key, Name: name}
}

var (
	annaMoves = org.Fact{Path: `people."p-anna".engagements."a".on."2026-12-01".unit`, Value: "vejafdelingen", Day: "2026-12-01"}
	ibLeaves  = org.Fact{Path: `people."p-ib".engagements."a".to`, Value: "2026-11-30", Day: "2026-11-30"}
	aaseComes = org.Fact{Path: `people."p-aase".engagements."a".from`, Value: "2026-12-01", Day: "2026-12-01"}
	vejMoves  = org.Fact{Path: `units."vejafdelingen".on."2026-12-01".parent`, Value: "drift-og-service", Day: "2026-12-01"}
)

// mixed is a day on which a bit of everything happens.
func mixed() *plan.Plan {
	ad, fk := adTarget(), fkTarget()
	ad.Foreign = []plan.Foreign{
		{Kind: "user", Ref: "CN=Tina Test,OU=Organisation,DC=korsbaek,DC=example", Name: "Tina Test"},
		{Ref: "OU=Gamle ting,OU=Organisation,DC=korsbaek,DC=example"},
	}
	fk.Waiting = []plan.Waiting{{Object: plan.ID{Kind: "bruger", UUID: "b-aase"}, Name: "Åse Ny-Bæk", Reason: "UUID gives af AD"}}
	p := base(ad, fk)
	p.Changes = []change.Change{
		{Kind: change.Settings, Subject: change.Subject{Kind: change.SubjectSettings}, Field: "review.approvals", From: "1", To: "2"},
		{Kind: change.UnitMove, Effect: "2026-12-01", Subject: unit("vejafdelingen", "Vejafdelingen"), Unit: "vejafdelingen", Field: "parent", From: "Teknik og Miljø", To: "Drift og Service"},
		{Kind: change.LeaderChange, Effect: "2026-12-01", Subject: unit("vejafdelingen", "Vejafdelingen"), Unit: "vejafdelingen", From: "Lis Holm", To: "Bo Kjær"},
		{Kind: change.Move, Effect: "2026-12-01", Subject: person("p-anna", "Anna Jensen", "lærer"), Unit: "vejafdelingen", Field: "unit", From: "Østre Skole", To: "Vejafdelingen"},
		{Kind: change.Leave, Effect: "2026-11-30", Subject: person("p-ib", "Ib Sørensen", "pedel, Østre Skole"), Unit: "oestre-skole", Field: "to"},
		{Kind: change.Hire, Effect: "2026-12-01", Subject: person("p-aase", "Åse Ny-Bæk", "lærer, Østre Skole"), Unit: "oestre-skole"},
		{Kind: change.Contact, Correction: true, Subject: person("p-anna", "Anna Jensen", "lærer, Østre Skole"), Unit: "oestre-skole", Field: "addresses.phone", From: "+4511111111", To: "+4511111112"},
	}

	ou := operation("ad", "ou", "u-vej", "Vejafdelingen", plan.ActionUpdate)
	ou.Attrs = []plan.AttrChange{shown(attr("container", "ou:u-teknik", "ou:u-drift", vejMoves), "Teknik og Miljø", "Drift og Service")}
	aase := operation("ad", "user", "a-aase", "Åse Ny-Bæk", plan.ActionCreate)
	aase.Entry = `people."p-aase"`
	aase.Attrs = []plan.AttrChange{
		shown(attr("accountExpires", "", "never", aaseComes), "", ""),
		attr("displayName", "", "Åse Ny-Bæk"), attr("enabled", "", "true", aaseComes), attr("sAMAccountName", "", "asen"),
	}
	anna := operation("ad", "user", "a-anna", "Anna Jensen", plan.ActionUpdate)
	anna.Entry = `people."p-anna"`
	anna.Attrs = []plan.AttrChange{
		shown(attr("container", "ou:u-skole", "ou:u-vej", annaMoves), "Østre Skole", "Vejafdelingen"),
		attr("department", "Østre Skole", "Vejafdelingen", annaMoves),
		losing(attr("physicalDeliveryOfficeName", "12", "", org.Fact{Path: `people."p-anna".addresses.room`}), plan.LossClear),
	}
	anna.Loss = []plan.Loss{plan.LossClear}
	anna.Effect = "2026-11-15"
	link := operation("ad", "user", "a-aase", "Åse Ny-Bæk", plan.ActionUpdate)
	link.ID += "/link"
	link.Attrs = []plan.AttrChange{shown(attr("manager", "", "user:a-lis", aaseComes), "", "Lis Holm")}
	rename := operation("ad", "user", "a-else", "Else Aagaard", plan.ActionUpdate)
	rename.Origin = plan.FromPending
	rename.Attrs = []plan.AttrChange{losing(attr("sAMAccountName", "elsh", "elsa"), plan.LossRename)}
	rename.Loss = []plan.Loss{plan.LossRename}
	ib := operation("ad", "user", "a-ib", "Ib Sørensen", plan.ActionRetire)
	ib.Why = []org.Fact{ibLeaves}
	ib.Attrs = []plan.AttrChange{
		shown(attr("container", "ou:u-skole", "ou:u-karantaene"), "Østre Skole", "Karantæne"),
		losing(attr("enabled", "true", "false", ibLeaves), plan.LossDisable),
	}
	ib.Loss = []plan.Loss{plan.LossDisable, plan.LossQuarantine}
	ib.Effect = "2026-12-01"
	enhed := operation("fkOrganisation", "enhed", "u-vej", "Vejafdelingen", plan.ActionUpdate)
	enhed.Attrs = []plan.AttrChange{shown(attr("overordnet", "u-teknik", "u-drift", vejMoves), "Teknik og Miljø", "Drift og Service")}
	stilling := operation("fkOrganisation", "position", "e-ib", "pedel, Østre Skole (Ib Sørensen)", plan.ActionRetire)
	stilling.LastResort = "afviser FK Organisation ændringen som forkert (status 40), gøres objektet passivt"
	stilling.Why = []org.Fact{ibLeaves}
	stilling.Attrs = []plan.AttrChange{attr("gyldighed", "Aktiv", "Inaktiv", ibLeaves), attr("til", "uendelig", "2026-11-30", ibLeaves)}
	stilling.Loss = []plan.Loss{plan.LossInactivate}
	old := operation("ad", "user", "a-old", "Per Gammel", plan.ActionDelete)
	old.Origin, old.Loss = plan.FromPending, []plan.Loss{plan.LossDelete}
	old.Why = []org.Fact{{Path: `people."p-per".engagements."a".to`, Value: "2026-08-31", Day: "2026-08-31"}}
	p.Operations = []plan.Operation{ou, enhed, aase, anna, rename, link, ib, stilling, old}

	p.Coming = []plan.Coming{
		{Day: "2026-12-05", Target: "ad", Object: plan.ID{Kind: "user", UUID: "a-anna"}, Name: "Anna Holm", Action: plan.ActionUpdate, Origin: plan.FromPending,
			Attrs: []plan.AttrChange{attr("displayName", "Anna Jensen", "Anna Holm"), attr("sn", "Jensen", "Holm")}},
		{Day: "2027-01-01", Target: "ad", Object: plan.ID{Kind: "user", UUID: "a-ny"}, Name: "Ny Nielsen", Action: plan.ActionCreate, Origin: plan.FromChange},
		{Day: "2027-01-01", Target: "fkOrganisation", Object: plan.ID{Kind: "bruger", UUID: "b-ny"}, Name: "Ny Nielsen", Action: plan.ActionRetire, Origin: plan.FromChange},
	}
	p.Drift = []plan.Drift{
		{Target: "ad", Object: plan.ID{Kind: "user", UUID: "a-bo"}, Name: "Bo Kjær", Attrs: []plan.AttrChange{attr("telephoneNumber", "+4599999999", "+4588888888"), attr("title", "Rektor", "Skoleleder")}},
		{Target: "fkOrganisation", Object: plan.ID{Kind: "bruger", UUID: "b-bo"}, Name: "Bo Kjær", Missing: true, Repair: true},
	}
	p.Attention = []plan.Attention{
		{Code: plan.AttentionHeld, Target: "ad", Object: plan.ID{Kind: "user", UUID: "a-kim"}, Name: "Kim Østergård", Detail: "the account was disabled outside orgit"},
		{Code: plan.AttentionPinned, Target: "ad", Object: plan.ID{Kind: "ou", UUID: "u-gl"}, Name: "Gammelt Team", Detail: "it holds what is not orgit's: CN=Printer and 1 more"},
	}
	return p
}

// firstLoad is the plan of an organisation that no system knows yet.
func firstLoad() *plan.Plan {
	ad, fk := adTarget(), fkTarget()
	ad.First, fk.First = true, true
	ad.Found, fk.Found = map[plan.Kind]int{}, map[plan.Kind]int{}
	p := base(ad, fk)
	p.Provenance.Base = ""
	p.Changes = append(p.Changes, change.Change{Kind: change.Settings, Field: change.FieldNew, Subject: change.Subject{Kind: change.SubjectSettings, Name: "Korsbæk Kommune"}})
	for i := range 64 {
		name := fmt.Sprintf("Enhed %02d", i)
		p.Changes = append(p.Changes, change.Change{Kind: change.UnitCreate, Effect: "2019-01-01", Subject: unit(fmt.Sprintf("e%02d", i), name), Unit: fmt.Sprintf("e%02d", i)})
		p.Operations = append(p.Operations, operation("ad", "ou", fmt.Sprintf("u%02d", i), name, plan.ActionCreate),
			operation("fkOrganisation", "enhed", fmt.Sprintf("u%02d", i), name, plan.ActionCreate))
	}
	for i := range 400 {
		name, key := fmt.Sprintf("Person %03d", i), fmt.Sprintf("p%03d", i)
		p.Changes = append(p.Changes, change.Change{Kind: change.Hire, Effect: "2024-08-01", Subject: person(key, name, "lærer"), Unit: "e01"})
		p.Operations = append(p.Operations, operation("ad", "user", key, name, plan.ActionCreate))
	}
	return p
}

// empty is the plan of a day on which everything is as it should be.
func empty() *plan.Plan { return base(adTarget(), fkTarget()) }

// later is a proposal that does nothing before a later day.
func later() *plan.Plan {
	p := base(adTarget(), fkTarget())
	p.Changes = []change.Change{{Kind: change.Leave, Effect: "2026-12-31", Subject: person("p-ib", "Ib Sørensen", "pedel, Østre Skole"), Unit: "oestre-skole", Field: "to"}}
	p.Coming = []plan.Coming{{Day: "2027-01-01", Target: "ad", Object: plan.ID{Kind: "user", UUID: "a-ib"}, Name: "Ib Sørensen", Action: plan.ActionRetire, Origin: plan.FromChange}}
	return p
}

// approved is the nightly plan: nothing is proposed, and a day has come.
func approved() *plan.Plan {
	p := base(adTarget(), fkTarget())
	ib := operation("ad", "user", "a-ib", "Ib Sørensen", plan.ActionRetire)
	ib.Origin, ib.Loss, ib.Why = plan.FromPending, []plan.Loss{plan.LossDisable}, []org.Fact{ibLeaves}
	phone := operation("ad", "user", "a-bo", "Bo Kjær", plan.ActionUpdate)
	phone.Origin, phone.Attrs = plan.FromDrift, []plan.AttrChange{attr("telephoneNumber", "+4599999999", "+4588888888")}
	rest := operation("ad", "user", "a-ib", "Ib Sørensen", plan.ActionRetire)
	rest.ID, rest.Origin, rest.Why = rest.ID+"/rest", plan.FromPending, ib.Why
	rest.Attrs = []plan.AttrChange{shown(attr("container", "ou:u-skole", "ou:u-karantaene"), "Østre Skole", "Karantæne")}
	p.Operations = []plan.Operation{ib, phone, rest}
	for i := range 80 {
		c := plan.Coming{Day: "2027-01-01", Target: "ad", Object: plan.ID{Kind: "user", UUID: org.UUID(fmt.Sprint(i))}, Name: fmt.Sprintf("Person %02d", i), Action: plan.ActionRetire, Origin: plan.FromPending}
		if i >= 40 {
			c.Day, c.Origin = "2027-02-01", plan.FromChange
		}
		p.Coming = append(p.Coming, c)
	}
	return p
}

// refused has one refusal of each kind, and more closed accounts than a list shows.
func refused() *plan.Plan {
	p := base(adTarget(), fkTarget())
	for i := range 60 {
		op := operation("ad", "user", fmt.Sprintf("x%02d", i), fmt.Sprintf("Person %02d", i), plan.ActionRetire)
		op.Loss, op.Why = []plan.Loss{plan.LossDisable}, []org.Fact{ibLeaves}
		p.Operations = append(p.Operations, op)
	}
	rektor := plan.ID{Kind: "user", UUID: "a-rektor"}
	p.Refusals = []plan.Refusal{
		{Code: plan.RefusedLimit, Target: "ad", Kind: "user", Count: 60, Allowed: 20, Of: 402},
		{Code: plan.RefusedSafeguard, Target: "ad", Kind: "user", Object: &rektor, Name: "Kommunaldirektøren"},
		{Code: plan.RefusedEmpty, Target: "fkOrganisation", Kind: "enhed", Of: 64, Detail: "actual"},
		{Code: plan.RefusedEmpty, Target: "fkOrganisation", Kind: "bruger", Of: 398, Detail: "desired"},
		{Code: plan.RefusedVanished, Name: "Ib Sørensen", Path: `people."p-ib"`},
		{Code: plan.RefusedProblem, Target: "ad", Object: &plan.ID{Kind: "user", UUID: "a-lang"}, Name: "Lang Langesen", Path: `people."p-lang"`,
			Detail: "sAMAccountName has 24 characters, Active Directory takes 20"},
	}
	return p
}

// shielded is a plan about somebody whose address is protected, and in whose account a
// system still holds a phone number.
func shielded() *plan.Plan {
	p := base(adTarget())
	kim := operation("ad", "user", "a-kim", "Kim Østergård", plan.ActionUpdate)
	kim.Entry = `people."p-kim".accounts."ad"`
	kim.Attrs = []plan.AttrChange{losing(attr("telephoneNumber", "+4533333333", "", org.Fact{Path: `people."p-kim".shielded`, Value: "true"}), plan.LossClear)}
	kim.Loss = []plan.Loss{plan.LossClear}
	p.Operations = []plan.Operation{kim}
	p.Drift = []plan.Drift{{Target: "ad", Object: kim.Object, Name: kim.Name, Entry: kim.Entry, Attrs: []plan.AttrChange{
		attr("mobile", "+4533334444", "", org.Fact{Path: `people."p-kim".addresses.mobile`, Value: "+4533335555"}),
	}}}
	p.Coming = []plan.Coming{{Day: "2027-01-01", Target: "ad", Object: kim.Object, Name: kim.Name, Entry: kim.Entry, Action: plan.ActionUpdate,
		Attrs: []plan.AttrChange{attr("physicalDeliveryOfficeName", "+4533336666", "+4533337777")}}}
	return p
}

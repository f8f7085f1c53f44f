package org

import "orgit.dk/orgit/schema"

// Check finds what is wrong between the entries of an organisation. today is the day
// that tells errors from warnings: what is wrong now stops a plan; what will be wrong on
// a later day is a warning that names the day, because a town must be able to commit it.
// The findings are in order of file and line.
//
// References to entries that stand in the files but could not be read give no finding:
// [Load] has said what is wrong with those.
func (o *Organisation) Check(today Day) []schema.Diagnostic {
	var findings []schema.Diagnostic
	for _, check := range []func() []schema.Diagnostic{
		o.checkPeriods,
		o.checkReferences,
		o.checkIdentities,
		o.checkLogins,
		o.checkNumbers,
		o.checkSuccessors,
		o.checkHierarchies,
		o.checkReview,
		o.checkUsernames,
		o.checkSources,
		o.checkSystems,
		func() []schema.Diagnostic { return o.checkAssignments(today) },
		func() []schema.Diagnostic { return o.checkConflicts(today) },
		func() []schema.Diagnostic { return o.checkPosts(today) },
		func() []schema.Diagnostic { return o.checkLeaders(today) },
		func() []schema.Diagnostic { return o.checkLinks(today) },
	} {
		findings = append(findings, check()...)
	}
	for i, d := range findings {
		findings[i] = d.Masked()
	}
	schema.SortDiagnostics(findings)
	return findings
}

// finding makes a finding that points at a path.
func (o *Organisation) finding(severity schema.Severity, code string, path Path, message, hint string) schema.Diagnostic {
	return schema.Diagnostic{
		Severity: severity, Code: code, Position: o.Position(path), Path: string(path), Message: message, Hint: hint,
	}
}

// label names a unit for a reader: its name and key.
func (u *Unit) label() string { return u.Name + " (" + u.Key + ")" }

// label names a person for a reader: name and key.
func (p *Person) label() string { return p.Name.Full() + " (" + p.Key + ")" }

// Codes of findings about the rights that people hold on a day (package rights).
const (
	CodeConflictHeld     = "conflict-held"
	CodeRequirementUnmet = "requirement-unmet"
	CodeTooManyHolders   = "too-many-holders"
)

// ByTime reports whether a finding may have come about by the passing of days alone, in
// files that were in order when they were approved: a leader whose last job ended, a post
// that its unit's end left behind, an exception from a conflict that ran out.
func ByTime(d schema.Diagnostic) bool {
	return AboutHolders(d) || d.Code == "leader-gone" || (d.Code == "outside-unit" || d.Code == "link-away") && d.From != ""
}

// AboutHolders reports whether a finding is about what people hold, in files that are in
// order otherwise.
func AboutHolders(d schema.Diagnostic) bool {
	switch d.Code {
	case CodeConflictHeld, CodeRequirementUnmet, CodeTooManyHolders:
		return true
	}
	return false
}

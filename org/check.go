package org

import "orgit.dk/orgit/schema"

// Check finds what is wrong between the entries of an organisation. today is the day
// from which leaders and warnings are judged. The findings are in order of file and line.
func (o *Organisation) Check(today Day) []schema.Diagnostic {
	var findings []schema.Diagnostic
	findings = append(findings, o.checkPeriods()...)
	for i, d := range findings {
		findings[i] = d.Masked()
	}
	schema.SortDiagnostics(findings)
	return findings
}

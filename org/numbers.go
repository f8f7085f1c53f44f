package org

import (
	"fmt"
	"strings"

	"orgit.dk/orgit/schema"
)

// checkNumbers finds EAN numbers whose last digit does not follow from the others.
func (o *Organisation) checkNumbers() []schema.Diagnostic {
	var findings []schema.Diagnostic
	for _, u := range o.Units {
		before := u.Numbers["ean"]
		findings = o.appendEAN(findings, u, before, u.Path("numbers", "ean"))
		for _, v := range u.Versions {
			if ean := v.State.Numbers["ean"]; ean != before {
				before = ean
				findings = o.appendEAN(findings, u, ean, u.Path("on", string(v.From), "numbers", "ean"))
			}
		}
	}
	return findings
}

func (o *Organisation) appendEAN(findings []schema.Diagnostic, u *Unit, ean string, path Path) []schema.Diagnostic {
	if len(ean) != 13 {
		return findings
	}
	if want := eanCheckDigit(ean[:12]); want != ean[12] {
		return append(findings, o.finding(schema.Error, "ean-check-digit", path,
			fmt.Sprintf("the EAN number %s of %s is mistyped: its last digit would be %c", ean, u.label(), want),
			"compare it with the number on an invoice or in NemHandelsregisteret"))
	}
	return findings
}

// IsEAN reports whether a text is an EAN number (GLN) whose last digit follows from the others.
func IsEAN(text string) bool {
	return len(text) == 13 && strings.Trim(text, "0123456789") == "" && eanCheckDigit(text[:12]) == text[12]
}

// eanCheckDigit gives the last digit of a GLN (GS1 General Specifications 7.9: weights 3
// and 1 from the right, up to the next ten).
func eanCheckDigit(digits string) byte {
	sum := 0
	for i := range len(digits) {
		weight := 1
		if (len(digits)-i)%2 == 1 {
			weight = 3
		}
		sum += weight * int(digits[i]-'0')
	}
	return '0' + byte((10-sum%10)%10)
}

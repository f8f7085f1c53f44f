package ad_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/org"
)

// BenchmarkDesired is what 10,000 people in 500 units cost.
func BenchmarkDesired(b *testing.B) {
	var units, people []string
	for i := range 500 {
		parent := ""
		if i > 0 {
			parent = fmt.Sprintf(`"parent": "u%d", `, (i-1)/8)
		}
		units = append(units, fmt.Sprintf(`"u%d": {"uuid": "00000000-0000-4000-8000-%012d", "name": "Enhed %d", %s"type": "x", "from": "2010-01-01",
			"managers": {"a": {"person": "p%d", "role": "leder", "from": "2020-01-01"}}}`, i, i, i, parent, i))
	}
	for i := range 10000 {
		people = append(people, fmt.Sprintf(`"p%d": {"uuid": "00000000-0000-4000-9000-%012d", "name": {"given": "Anna", "surname": "Jensen"},
			"engagements": {"a": {"unit": "u%d", "title": "laerer", "type": "m", "from": "2020-01-01"}},
			"accounts": {"ad": {"system": "ad", "name": "user%d", "kind": "personal"}}}`, i, i, i%500, i))
	}
	var parts org.Organisation
	text := `{"units": {` + strings.Join(units, ",") + `}, "people": {` + strings.Join(people, ",") + `}}`
	if err := json.Unmarshal([]byte(text), &parts); err != nil {
		b.Fatal(err)
	}
	parts.Settings.Targets.AD = &org.ADSettings{Anchor: "adminDescription", QuarantineOU: "Karantæne", PrepareDays: 7, GraceHours: 12}
	o := org.New(parts, nil)
	for name, attributes := range map[string]map[string]org.ADAttribute{"own": nil, "templates": {
		"displayName":    {Value: []string{"{{.Person.Name}} ({{.Unit.ShortName}})"}},
		"info":           {Value: []string{"{{.Post.Title}}, {{.Area.Name}}, {{.Leader.Name}}"}},
		"proxyAddresses": {Value: []string{"SMTP:{{.Account.Name}}@korsbaek.example", "smtp:{{.Account.Name | ascii}}@alias.example"}},
	}} {
		b.Run(name, func(b *testing.B) {
			o.Settings.Targets.AD.Attributes = attributes
			for b.Loop() {
				if _, err := ad.Desired(o, "2026-11-23"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

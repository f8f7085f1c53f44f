package ad

import (
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
)

// Domain is one of the directories that the settings connect. The zero Domain is that of targets.ad; the others, such as a
// domain for the schools, are in targets.domains. Each is a target of its own, with its own connection, base DN, limits and
// mark of what was applied. A plan needs all of them; in a run, one that goes away stops its own operations only.
type Domain struct {
	Key string // in targets.domains, and the system of the accounts in it; empty for targets.ad
}

// Domains gives the directories that the settings connect, targets.ad first.
func Domains(s *org.Settings) []Domain {
	var list []Domain
	if s.Targets.AD != nil {
		list = append(list, Domain{})
	}
	for _, key := range slices.Sorted(maps.Keys(s.Targets.Domains)) {
		list = append(list, Domain{key})
	}
	return list
}

// Target is the domain's name in plans, limits and operations: ad, or ad:KEY.
func (x Domain) Target() string {
	if x.Key == "" {
		return Target
	}
	return Target + ":" + x.Key
}

// Settings are those of the domain; nil when it is not connected.
func (x Domain) Settings(o *org.Organisation) *org.ADSettings {
	if x.Key == "" {
		return o.Settings.Targets.AD
	}
	return o.Settings.Targets.Domains[x.Key]
}

// System is what accounts in the domain name as their system.
func (x Domain) System() string {
	if x.Key == "" {
		return Target
	}
	return x.Key
}

// setting is where the domain's settings stand, for messages.
func (x Domain) setting() string {
	if x.Key == "" {
		return "targets.ad"
	}
	return "targets.domains." + x.Key
}

// path is where a field of the domain's settings stands.
func (x Domain) path(fields ...string) org.Path {
	if x.Key == "" {
		return org.PathOf("targets", "ad", fields...)
	}
	return org.PathOf("targets", "domains", append([]string{x.Key}, fields...)...)
}

// variable is the domain's name of an environment variable: ORGIT_AD_URL is ORGIT_AD_SKOLE_URL for skole.
func (x Domain) variable(name string) string {
	if x.Key == "" {
		return name
	}
	return strings.Replace(name, "ORGIT_AD_", "ORGIT_AD_"+strings.ToUpper(strings.ReplaceAll(x.Key, "-", "_"))+"_", 1)
}

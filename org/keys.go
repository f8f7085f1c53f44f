package org

import (
	"strings"

	"orgit.dk/orgit/schema"
)

// kindWord says in words what a key of a kind names.
func kindWord(kind string) string {
	return map[string]string{
		"units": "unit", "people": "person", "systems": "system", "jobs": "job role", "roleGroups": "role group", "itSystems": "IT system", "hierarchies": "hierarchy",
		"classes.unitTypes": "unit type", "classes.titles": "title", "classes.engagementTypes": "engagement type",
		"classes.associationTypes": "association type", "classes.managerRoles": "manager role",
	}[kind]
}

// keysOf gives the keys that exist of a kind.
func (o *Organisation) keysOf(kind string) []string {
	switch kind {
	case "units":
		return sortedKeys(o.units)
	case "people":
		return sortedKeys(o.people)
	case "systems":
		return append([]string{activeDirectory}, o.keysOf("itSystems")...)
	case "itSystems": // those that have an entry, and so an identity in outside systems
		var keys []string
		for _, s := range o.Systems {
			keys = append(keys, s.Key)
		}
		return keys
	case "jobs":
		var refs []string
		for _, s := range o.Systems {
			for _, j := range s.Jobs {
				refs = append(refs, string(j.Ref()))
			}
		}
		return refs
	case "roleGroups":
		return sortedKeys(o.groups)
	case "hierarchies":
		return sortedKeys(o.Settings.Hierarchies)
	}
	return sortedKeys(o.classesOf(kind))
}

func (o *Organisation) classesOf(kind string) map[string]Class {
	c := o.Settings.Classes
	switch kind {
	case "classes.unitTypes":
		return c.UnitTypes
	case "classes.titles":
		return c.Titles
	case "classes.engagementTypes":
		return c.EngagementTypes
	case "classes.associationTypes":
		return c.AssociationTypes
	case "classes.managerRoles":
		return c.ManagerRoles
	}
	return nil
}

// activeDirectory is the system of accounts that needs no entry of its own, and
// defaultRole the leader's role that needs no class.
const (
	activeDirectory = "ad"
	defaultRole     = "leder"
)

func (o *Organisation) exists(kind, key string) bool {
	if kind == "jobs" {
		system := JobRef(key).System()
		return o.Job(JobRef(key)) != nil || o.System(system) == nil && o.mayExist != nil && o.mayExist("systems", system)
	}
	if o.mayExist != nil && o.mayExist(kind, key) {
		return true
	}
	switch kind {
	case "units":
		return o.units[key] != nil
	case "people":
		return o.people[key] != nil
	case "systems":
		return key == activeDirectory || o.System(key) != nil
	case "itSystems":
		return o.System(key) != nil || o.mayExist != nil && o.mayExist("systems", key)
	case "roleGroups":
		return o.RoleGroup(key) != nil
	case "hierarchies":
		_, ok := o.Settings.Hierarchies[key]
		return ok
	case "classes.managerRoles":
		if key == defaultRole {
			return true
		}
	}
	_, ok := o.classesOf(kind)[key]
	return ok
}

func (o *Organisation) unknownHint(kind, key string) string {
	if near := schema.Nearest(key, o.keysOf(kind)); near != "" {
		return "did you mean " + near + "?"
	}
	switch {
	case strings.HasPrefix(kind, "classes."):
		return "add it to " + kind + " in classes.cue, or use one of those that are there"
	case kind == "jobs":
		return "write system/job, and state the job in the jobs of its system"
	case kind == "hierarchies":
		return "add it to hierarchies in organisation.cue"
	}
	return "write an entry for it, or name another " + kindWord(kind)
}

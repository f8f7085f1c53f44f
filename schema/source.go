package schema

import (
	"embed"
	"io/fs"
	"strings"
)

// ImportPath is how a repository's files import the definitions.
const ImportPath = "orgit.dk/schema"

// VendorDir is where a repository keeps its copy of the definitions, so that a stock
// `cue vet` works offline. It is relative to the repository's root.
const VendorDir = "cue.mod/pkg/" + ImportPath

// LanguageVersion is the version of CUE that a repository's module.cue states. It is the
// lowest that knows everything the definitions use.
const LanguageVersion = "v0.14.0"

//go:embed *.cue
var definitions embed.FS

// Source returns the definitions as files, as they are laid into VendorDir.
func Source() fs.FS { return definitions }

// Binding is what organisation.cue states so that CUE holds the repository against the
// definitions, one line for each top-level name. It stands below the import of
// ImportPath.
const Binding = `name: schema.#Name
cvr: schema.#CVR
language: schema.#Language
hierarchies: [schema.#Key]: schema.#Class
classes: schema.#Classes
review: schema.#Review
targets: schema.#Targets
limits: schema.#Limits
safeguarded: schema.#Safeguarded
sources: [schema.#Key]: schema.#Source
usernames: schema.#Usernames
units: [string]: schema.#Unit
people: [string]: schema.#Person
robots: [string]: schema.#Robot
systems: [string]: schema.#System
roleGroups: [string]: schema.#RoleGroup
assignments: [string]: schema.#Assignment
conflicts: [string]: schema.#Conflict
allowances: [string]: schema.#Allowance
`

// EntryKinds are the top-level names that hold entries, in the order in which they are
// evaluated and reported.
func EntryKinds() []string {
	return []string{"units", "people", "robots", "systems", "roleGroups", "assignments", "conflicts", "allowances"}
}

// SettingNames are the top-level names that hold the municipality's settings.
func SettingNames() []string {
	return []string{"name", "cvr", "language", "hierarchies", "classes", "review", "targets", "limits", "safeguarded", "sources", "usernames"}
}

// BindingLine returns the line of Binding that binds a top-level name, without its line
// end; empty when there is no such name.
func BindingLine(name string) string {
	for line := range strings.Lines(Binding) {
		if strings.HasPrefix(line, name+":") {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

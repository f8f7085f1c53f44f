// Package schema is the language of an organisation repository: the CUE definitions of
// units, people, engagements and settings, embedded so that a repository is checked
// against the definitions of the program that reads it, never against a copy that a
// branch could change.
//
// Source gives the definitions as files; orgit init lays them in the repository
// (cue.mod/pkg), so that a stock `cue vet -c ./...` works offline.
package schema

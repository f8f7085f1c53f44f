// Package ad is the target Active Directory: organisational units (OU) for the units
// of the organisation and user accounts for its people, over LDAPS.
//
// # What is orgit's
//
// An object is orgit's when its anchor (adminDescription, unless the settings name
// another attribute) holds "orgit:" and the UUID of the unit or account. Everything
// else below the base DN is foreign. What is surely the same as something in the files is
// adopted: match.go says what an account is recognised by, candidate.go what is known of an
// object that is there, package plan decides, adopt.go writes. The rest is reported and
// never touched, nor is what protected.go names, whoever owns it. A second attribute,
// the mark (adminDisplayName), says that it was orgit that closed an account, and since
// when: an account that is disabled without that mark was closed by somebody else, and
// orgit does not open it.
//
// # How it is kept
//
// Desired gives what the organisation asks of the directory on a day: desired_units.go
// the OUs (areas.go which units have one), desired_accounts.go the accounts and their life
// from prepared to deleted, desired_attributes.go what orgit fills in by itself.
// catalogue.go is every attribute that orgit may write; rules.go reads what the settings say
// of them; template.go, template_fields.go and template_render.go make values of the
// municipality's own. Check finds what the directory cannot hold before a plan is made.
// Reader reads all of orgit's part at once for the plan. Writer carries out one
// operation at a time for package apply, or the creation of an account together with what sets
// its leader (links are in a pass of their own where the leader is not there yet): it finds the object by its identity, never by
// its name, changes a value only while it still is the one that was read, and can be
// killed between any two requests. Source reads everything below the base DN, whoever's it
// is, as an extract (package org/source).
//
// # What decides
//
// Result codes decide, never texts: those differ between Windows and Samba. Limits that
// Windows has and Samba has not (20 characters of a user name, 64 of a name, names that
// differ only in a diacritic) are checked in Desired, before anything is written.
// contract_test.go is the list of behaviour that is relied on; it runs against package
// adtest and against a real directory.
package ad

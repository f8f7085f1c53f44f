// Package fkorg is the target FK Organisation (Fælleskommunalt Organisationssystem, STS Organisation, SF1500 version 6):
// the national register of municipal organisations that other public systems ask who works where.
//
// # What lies there
//
// An object is a UUID and a list of registrations; a registration is three lists: attributes (Egenskab), states
// (Gyldighed) and relations. Every entry of a list has its own period of validity (Virkning). FK Organisation's own
// Danish names are kept here, because they stand in the schemas, in the documentation and in the messages.
//
//	orgit                    FK Organisation
//	the municipality         Organisation, which is KOMBIT's: only its pointer to the root unit is written
//	unit                     OrganisationEnhed
//	account with fk          Bruger, with a Person behind it
//	engagement, association  OrganisationFunktion of the type "position"
//	manager                  OrganisationFunktion of the type "manager"
//	payout unit              OrganisationFunktion of the type "payout unit": of the unit that pays out; others refer to it
//	contact place            OrganisationFunktion of the type "contact place": of the unit that citizens turn to, with its tasks
//	KLE task                 an entry of a unit's Opgaver, with the task's class and the role of the aspect
//	IT system of a unit      an entry of its TilknyttedeItSystemer
//	external, robot          an entry of a user's BrugerTyper
//	phone, e-mail, EAN …     an Adresse each, referred to with a role
//
// # Reading this package
//
// slags.go names the types of objects. virkning.go, relation.go and registrering.go are their parts as Go values, read
// from and written as XML. besked.go is the messages around them, klient.go the calls. desired.go turns an organisation
// into what FK Organisation should hold, actual.go reads what it holds and fundet.go shows it as the plan sees it;
// write.go carries one operation out, tur.go one object of it until it is done, and aendring.go says what that changes in
// the object. status.go and retry.go are what becomes of a call. cpr.go joins persons with their CPR numbers while they
// are written. source.go reads all that is in the register, whoever wrote it, as an extract (package org/source). configuration.go, connect.go and security.go make the connection, with tokens from package sts; examine.go
// is what orgit doctor asks.
//
// # What must hold
//
// The protocol has no version token and a list that is sent replaces the list that was there. So a change is always:
// read, change the copy, send all of it back. Whatever another system wrote stays in the copy untouched. Entries are
// ended, never dropped. A failed write may have happened; the object is read again before anything is repeated.
//
// # Choices
//
//   - What has ended is made Inaktiv by the first run on or after its day; positions and leaderships carry their last day
//     in advance, and begin in advance where their user is there.
//   - A user has one phone in FK Organisation: the stated phone, or the mobile of somebody who states no other.
//   - Addresses that are not for the public (internal) are taken out; of a shielded person there are none.
//   - What other systems have written into a list that orgit writes too stays: tasks in other roles, functions of other
//     types, other user types, and IT systems that orgit did not state now or when it was last applied. A unit whose
//     payout unit, contact places or tasks in an aspect are stated has those, and no others.
//   - A KLE number without a class in classes.kle is said in the plan and left out. While one is missing, tasks that orgit
//     did not state itself are not ended: they may be what is missing.
//   - A payout unit or contact place that closes is followed by its successor, as everything in a unit is.
//   - RACF and FMK ids are the account's, not the person's, so a protected address does not take them away.
//   - A leave does not close a user here, also where it closes the account in AD: the person is still employed.
//   - A user's person object stays the one that the register has, whoever made it: it may hold a CPR number.
//   - A CPR number that the register has is never replaced, whatever the CPR store says. No plan knows any number.
//   - An address object that orgit did not make is never rewritten; a new text becomes an object of orgit's own.
//   - An object that somebody made passive counts as removed: the plan says so, and only importer brings it back.
//
// The clock decides what is valid now and from which day a change holds, so the clock that is given must agree with the
// planning day.
package fkorg
